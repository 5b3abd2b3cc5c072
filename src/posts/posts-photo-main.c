/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "posts-photo-decode.h"
#include "posts-photo-jail.h"

/* regie-photo LARGEST-SIDE
 *
 * Reads one picture that a stranger sent, locked in: whatever the picture makes of this process, all that
 * it can do is not to be seen. See posts-photo-words.h for what goes in and comes out. */

#ifdef __SANITIZE_ADDRESS__
/* Looking for leaks needs what the lock forbids. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "detect_leaks=0";
}
#endif

static int
write_all (const void *data, size_t length)
{
  const char *next = data;

  while (length > 0) {
    const ssize_t n = write (STDOUT_FILENO, next, length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return 1;
    next += n;
    length -= (size_t) n;
  }
  return 0;
}

static int
answer (PostsPhotoAnswer what, const PostsPhotoPixels *pixels)
{
  const PostsPhotoHead head = {
    .magic = POSTS_PHOTO_MAGIC,
    .answer = what,
    .width_px = pixels->width_px,
    .height_px = pixels->height_px,
  };

  return write_all (&head, sizeof head) ||
         write_all (pixels->pixels, (size_t) pixels->width_px * pixels->height_px * 4);
}

/* Returns how many bytes came, one more than may be at most. */
static size_t
read_all (uint8_t *data)
{
  size_t length = 0;

  while (length <= POSTS_PHOTO_MAX_BYTES) {
    const ssize_t n = read (STDIN_FILENO, data + length, POSTS_PHOTO_MAX_BYTES + 1 - length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      break;
    length += (size_t) n;
  }
  return length;
}

int
main (int argc, char **argv)
{
  const int wanted = argc == 2 ? atoi (argv[1]) : 0;
  const unsigned largest_px =
    wanted > 0 && wanted < POSTS_PHOTO_LARGEST_PX ? (unsigned) wanted : POSTS_PHOTO_LARGEST_PX;
  PostsPhotoPixels pixels = { 0 };
  PostsPhotoAnswer what = POSTS_PHOTO_ANSWER_TOO_LARGE;
  uint8_t *data = NULL;
  size_t length = 0;

  if (posts_photo_lock_in () != 0)
    _exit (answer (POSTS_PHOTO_ANSWER_UNLOCKED, &pixels));
  data = malloc (POSTS_PHOTO_MAX_BYTES + 1);
  if (data == NULL)
    _exit (answer (POSTS_PHOTO_ANSWER_MEMORY, &pixels));
  length = read_all (data);
  if (length <= POSTS_PHOTO_MAX_BYTES)
    what = posts_photo_decode (data, length, largest_px, &pixels);
  _exit (answer (what, &pixels));
}
