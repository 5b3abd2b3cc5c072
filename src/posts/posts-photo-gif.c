/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "posts-photo-formats.h"

/* The first picture of a GIF. */

#define MAX_CODES 4096
#define MAX_BITS  12

typedef struct {
  const uint8_t *data;
  size_t length;
  size_t at;
  int ended; /* asked for more than there is */
} Input;

static unsigned
read_byte (Input *input)
{
  if (input->at >= input->length) {
    input->ended = 1;
    return 0;
  }
  return input->data[input->at++];
}

static unsigned
read_word (Input *input)
{
  const unsigned low = read_byte (input);

  return low | read_byte (input) << 8;
}

static void
skip (Input *input, size_t n)
{
  if (n > input->length - input->at)
    input->ended = 1;
  else
    input->at += n;
}

/* Colours follow where a picture or the whole says so. */
static const uint8_t *
read_colours (Input *input, unsigned flags, unsigned *n_colours)
{
  const uint8_t *colours = input->data + input->at;

  *n_colours = 2U << (flags & 7);
  skip (input, *n_colours * 3);
  return colours;
}

/* Bits come in blocks that each say how long they are. */
typedef struct {
  Input *input;
  unsigned left; /* of the block */
  unsigned bits;
  unsigned n_bits;
} Bits;

static int
read_code (Bits *bits, unsigned n)
{
  unsigned code = 0;

  while (bits->n_bits < n) {
    if (bits->left == 0) {
      bits->left = read_byte (bits->input);
      if (bits->left == 0)
        return -1;
    }
    bits->bits |= read_byte (bits->input) << bits->n_bits;
    bits->n_bits += 8;
    bits->left--;
    if (bits->input->ended)
      return -1;
  }
  code = bits->bits & ((1U << n) - 1);
  bits->bits >>= n;
  bits->n_bits -= n;
  return (int) code;
}

/* Each code is a code that was there before, and one more pixel. */
typedef struct {
  uint16_t prefix[MAX_CODES];
  uint8_t last[MAX_CODES];
  uint8_t pixels[MAX_CODES]; /* of one code, from its last to its first */
} Codes;

/* Returns how many pixels @code stands for; @codes->pixels has them. */
static unsigned
spell (Codes *codes, unsigned code, unsigned n_plain)
{
  unsigned n = 0;

  while (code >= n_plain && n < MAX_CODES - 1) {
    codes->pixels[n++] = codes->last[code];
    code = codes->prefix[code];
  }
  codes->pixels[n++] = (uint8_t) code;
  return n;
}

/* Returns whether all @n_pixels came. */
static int
unpack (Input *input, Codes *codes, uint8_t *to, size_t n_pixels)
{
  const unsigned n_start = read_byte (input), n_plain = 1U << (n_start & 15);
  Bits bits = { .input = input };
  unsigned width = n_start + 1, next = n_plain + 2;
  int before = -1;
  uint8_t first = 0;
  size_t at = 0;

  if (n_start < 1 || n_start > 8)
    return 0;
  while (at < n_pixels) {
    const int code = read_code (&bits, width);
    unsigned n = 0;

    if (code < 0 || (unsigned) code == n_plain + 1 || (unsigned) code > next ||
        ((unsigned) code == next && before < 0))
      return 0;
    if ((unsigned) code == n_plain) {
      width = n_start + 1;
      next = n_plain + 2;
      before = -1;
      continue;
    }
    /* The one that is only just being made ends as it begins. */
    if ((unsigned) code == next && next < MAX_CODES) {
      codes->prefix[next] = (uint16_t) before;
      codes->last[next] = first;
    } else if ((unsigned) code >= next) {
      return 0;
    }
    n = spell (codes, (unsigned) code, n_plain);
    first = codes->pixels[n - 1];
    if (before >= 0 && next < MAX_CODES) {
      codes->prefix[next] = (uint16_t) before;
      codes->last[next] = first;
      next++;
      if (next == 1U << width && width < MAX_BITS)
        width++;
    }
    before = code;
    while (n > 0 && at < n_pixels)
      to[at++] = codes->pixels[--n];
  }
  return 1;
}

/* Every eighth line first, then those between. */
static unsigned
find_line (unsigned i, unsigned height, int interlaced)
{
  static const unsigned starts[] = { 0, 4, 2, 1 }, steps[] = { 8, 8, 4, 2 };

  for (unsigned pass = 0; interlaced && pass < 4; pass++) {
    const unsigned n =
      height > starts[pass] ? (height - starts[pass] + steps[pass] - 1) / steps[pass] : 0;

    if (i < n)
      return starts[pass] + i * steps[pass];
    i -= n;
  }
  return i;
}

typedef struct {
  unsigned left, top, width, height;
  int interlaced;
  int transparent; /* −1: none */
  const uint8_t *colours;
  unsigned n_colours;
} Frame;

static void
paint (const Frame *frame, const uint8_t *indices, PostsPhotoRaw *raw)
{
  for (unsigned i = 0; i < frame->height; i++) {
    const unsigned y = frame->top + find_line (i, frame->height, frame->interlaced);
    uint8_t *to = raw->rgba + ((size_t) y * raw->width_px + frame->left) * 4;

    for (unsigned x = 0; x < frame->width; x++, to += 4) {
      const unsigned index = indices[(size_t) i * frame->width + x];

      if ((int) index == frame->transparent || index >= frame->n_colours)
        continue;
      memcpy (to, frame->colours + index * 3, 3);
      to[3] = 255;
    }
  }
}

static PostsPhotoAnswer
read_frame (Input *input, Frame *frame, PostsPhotoRaw *raw)
{
  unsigned flags = 0;
  PostsPhotoAnswer answer = POSTS_PHOTO_ANSWER_BROKEN;
  Codes *codes = NULL;
  uint8_t *indices = NULL;

  frame->left = read_word (input);
  frame->top = read_word (input);
  frame->width = read_word (input);
  frame->height = read_word (input);
  flags = read_byte (input);
  frame->interlaced = (flags & 0x40) != 0;
  if (flags & 0x80)
    frame->colours = read_colours (input, flags, &frame->n_colours);
  if (input->ended || frame->colours == NULL || frame->width == 0 || frame->height == 0 ||
      frame->left + frame->width > raw->width_px || frame->top + frame->height > raw->height_px)
    return answer;
  codes = malloc (sizeof *codes);
  indices = malloc ((size_t) frame->width * frame->height);
  if (codes == NULL || indices == NULL)
    answer = POSTS_PHOTO_ANSWER_MEMORY;
  else if (unpack (input, codes, indices, (size_t) frame->width * frame->height))
    answer = POSTS_PHOTO_ANSWER_OK;
  if (answer == POSTS_PHOTO_ANSWER_OK)
    paint (frame, indices, raw);
  free (codes);
  free (indices);
  return answer;
}

static void
read_extension (Input *input, Frame *frame)
{
  const unsigned label = read_byte (input);
  size_t size = read_byte (input);

  if (label == 0xF9 && size >= 4 && input->length - input->at >= 4 && (input->data[input->at] & 1))
    frame->transparent = input->data[input->at + 3];
  while (size > 0 && !input->ended) {
    skip (input, size);
    size = read_byte (input);
  }
}

PostsPhotoAnswer
posts_photo_read_gif (const uint8_t *data, size_t length, unsigned largest_px, PostsPhotoRaw *raw)
{
  Input input = { .data = data, .length = length, .at = 6 };
  Frame frame = { .transparent = -1 };
  const unsigned width = read_word (&input), height = read_word (&input);
  const unsigned flags = read_byte (&input);
  PostsPhotoAnswer answer = POSTS_PHOTO_ANSWER_BROKEN;

  skip (&input, 2);
  if (flags & 0x80)
    frame.colours = read_colours (&input, flags, &frame.n_colours);
  if (input.ended)
    return answer;
  answer = posts_photo_make_room (raw, width, height);
  if (answer != POSTS_PHOTO_ANSWER_OK)
    return answer;
  for (;;) {
    const unsigned block = read_byte (&input);

    if (block == 0x2C)
      return read_frame (&input, &frame, raw);
    if (block != 0x21 || input.ended)
      return POSTS_PHOTO_ANSWER_BROKEN;
    read_extension (&input, &frame);
  }
}
