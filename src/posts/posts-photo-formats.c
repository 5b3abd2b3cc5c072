/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <webp/decode.h>
#include <webp/demux.h>

#include "posts-photo-formats.h"

/* What the formats have in common, PNG and WebP. */

PostsPhotoAnswer
posts_photo_check_size (unsigned width_px, unsigned height_px)
{
  if (width_px == 0 || height_px == 0)
    return POSTS_PHOTO_ANSWER_BROKEN;
  if (width_px > POSTS_PHOTO_MAX_SIDE_PX || height_px > POSTS_PHOTO_MAX_SIDE_PX ||
      (uint64_t) width_px * height_px > POSTS_PHOTO_MAX_PIXELS_PX)
    return POSTS_PHOTO_ANSWER_TOO_LARGE;
  return POSTS_PHOTO_ANSWER_OK;
}

PostsPhotoAnswer
posts_photo_make_room (PostsPhotoRaw *raw, unsigned width_px, unsigned height_px)
{
  const PostsPhotoAnswer answer = posts_photo_check_size (width_px, height_px);

  if (answer != POSTS_PHOTO_ANSWER_OK)
    return answer;
  raw->width_px = width_px;
  raw->height_px = height_px;
  raw->rgba = calloc ((size_t) width_px * height_px, 4);
  return raw->rgba != NULL ? POSTS_PHOTO_ANSWER_OK : POSTS_PHOTO_ANSWER_MEMORY;
}

static unsigned
get_number (const uint8_t *data, int little, unsigned n)
{
  unsigned number = 0;

  for (unsigned i = 0; i < n; i++)
    number = number << 8 | data[little ? n - 1 - i : i];
  return number;
}

/**
 * posts_photo_read_orientation:
 * @exif: anything
 * @length: how many bytes
 *
 * Returns: how the picture lies, 1 to 8; 1, upright, if it does not say
 */
unsigned
posts_photo_read_orientation (const uint8_t *exif, size_t length)
{
  size_t at = 0;
  unsigned n = 0;
  int little = 0;

  if (length >= 6 && memcmp (exif, "Exif\0", 6) == 0) {
    exif += 6;
    length -= 6;
  }
  if (length < 14 || (memcmp (exif, "II*\0", 4) != 0 && memcmp (exif, "MM\0*", 4) != 0))
    return 1;
  little = exif[0] == 'I';
  at = get_number (exif + 4, little, 4);
  if (at > length - 2)
    return 1;
  n = get_number (exif + at, little, 2);
  at += 2;
  for (unsigned i = 0; i < n && length - at >= 12; i++, at += 12) {
    if (get_number (exif + at, little, 2) == 0x0112) {
      const unsigned orientation = get_number (exif + at + 8, little, 2);

      return orientation >= 1 && orientation <= 8 ? orientation : 1;
    }
  }
  return 1;
}

/* Chunk after chunk. */
static unsigned
find_png_orientation (const uint8_t *data, size_t length)
{
  size_t at = 8;

  while (length - at >= 12) {
    const size_t size = get_number (data + at, 0, 4);

    if (size > length - at - 12)
      break;
    if (memcmp (data + at + 4, "eXIf", 4) == 0)
      return posts_photo_read_orientation (data + at + 8, size);
    at += size + 12;
  }
  return 1;
}

PostsPhotoAnswer
posts_photo_read_png (const uint8_t *data, size_t length, unsigned largest_px, PostsPhotoRaw *raw)
{
  png_image image = { .version = PNG_IMAGE_VERSION };
  PostsPhotoAnswer answer = POSTS_PHOTO_ANSWER_BROKEN;

  /* Its size stands in its first chunk, before anything that could want memory. */
  if (length < 33 || memcmp (data + 12, "IHDR", 4) != 0)
    return answer;
  answer = posts_photo_check_size (get_number (data + 16, 0, 4), get_number (data + 20, 0, 4));
  if (answer != POSTS_PHOTO_ANSWER_OK)
    return answer;
  if (!png_image_begin_read_from_memory (&image, data, length))
    return POSTS_PHOTO_ANSWER_BROKEN;
  image.format = PNG_FORMAT_RGBA;
  answer = posts_photo_make_room (raw, image.width, image.height);
  if (answer == POSTS_PHOTO_ANSWER_OK && !png_image_finish_read (&image, NULL, raw->rgba, 0, NULL))
    answer = POSTS_PHOTO_ANSWER_BROKEN;
  png_image_free (&image);
  raw->orientation = find_png_orientation (data, length);
  return answer;
}

static PostsPhotoAnswer
decode_webp (const uint8_t *data, size_t length, unsigned largest_px, PostsPhotoRaw *raw)
{
  WebPDecoderConfig config;
  PostsPhotoAnswer answer = POSTS_PHOTO_ANSWER_BROKEN;
  VP8StatusCode status = VP8_STATUS_OK;
  unsigned width = 0, height = 0, longer = 0;

  if (!WebPInitDecoderConfig (&config) ||
      WebPGetFeatures (data, length, &config.input) != VP8_STATUS_OK)
    return answer;
  width = (unsigned) config.input.width;
  height = (unsigned) config.input.height;
  answer = posts_photo_check_size (width, height);
  if (answer != POSTS_PHOTO_ANSWER_OK)
    return answer;
  longer = width > height ? width : height;
  if (longer > largest_px) {
    width = width * largest_px / longer > 0 ? width * largest_px / longer : 1;
    height = height * largest_px / longer > 0 ? height * largest_px / longer : 1;
    config.options.use_scaling = 1;
    config.options.scaled_width = (int) width;
    config.options.scaled_height = (int) height;
  }
  answer = posts_photo_make_room (raw, width, height);
  if (answer != POSTS_PHOTO_ANSWER_OK)
    return answer;
  config.output.colorspace = MODE_RGBA;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = raw->rgba;
  config.output.u.RGBA.stride = (int) width * 4;
  config.output.u.RGBA.size = (size_t) width * height * 4;
  status = WebPDecode (data, length, &config);
  WebPFreeDecBuffer (&config.output);
  if (status == VP8_STATUS_OUT_OF_MEMORY)
    return POSTS_PHOTO_ANSWER_MEMORY;
  return status == VP8_STATUS_OK ? POSTS_PHOTO_ANSWER_OK : POSTS_PHOTO_ANSWER_BROKEN;
}

/* Of a film the first picture. */
PostsPhotoAnswer
posts_photo_read_webp (const uint8_t *data, size_t length, unsigned largest_px, PostsPhotoRaw *raw)
{
  const WebPData all = { data, length };
  WebPDemuxer *demuxer = WebPDemux (&all);
  WebPIterator frame = { 0 };
  WebPChunkIterator exif = { 0 };
  PostsPhotoAnswer answer = POSTS_PHOTO_ANSWER_BROKEN;

  if (demuxer == NULL)
    return answer;
  answer = posts_photo_check_size (WebPDemuxGetI (demuxer, WEBP_FF_CANVAS_WIDTH),
                                   WebPDemuxGetI (demuxer, WEBP_FF_CANVAS_HEIGHT));
  if (answer == POSTS_PHOTO_ANSWER_OK) {
    answer = POSTS_PHOTO_ANSWER_BROKEN;
    if (WebPDemuxGetFrame (demuxer, 1, &frame))
      answer = decode_webp (frame.fragment.bytes, frame.fragment.size, largest_px, raw);
    WebPDemuxReleaseIterator (&frame);
  }
  if (WebPDemuxGetChunk (demuxer, "EXIF", 1, &exif))
    raw->orientation = posts_photo_read_orientation (exif.chunk.bytes, exif.chunk.size);
  WebPDemuxReleaseChunkIterator (&exif);
  WebPDemuxDelete (demuxer);
  return answer;
}
