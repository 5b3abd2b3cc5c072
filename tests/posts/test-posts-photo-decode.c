/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <stdlib.h>
#include <string.h>
#include <webp/encode.h>

#include "posts-photo-decode.h"

/* What regie-photo does with the bytes, without its lock, so that sanitizers see all of it. */

#define WIDTH  300
#define HEIGHT 200

/* Red to the left, blue to the right, and a green corner at the top left. */
static GdkPixbuf *
draw (int width, int height, gboolean has_alpha)
{
  GdkPixbuf *pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, has_alpha, 8, width, height);
  const guint n = has_alpha ? 4 : 3;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      guint8 *pixel =
        gdk_pixbuf_get_pixels (pixbuf) + y * gdk_pixbuf_get_rowstride (pixbuf) + x * (int) n;
      const gboolean corner = x < width / 4 && y < height / 4;

      pixel[0] = !corner && x < width / 2 ? 255 : 0;
      pixel[1] = corner ? 255 : 0;
      pixel[2] = !corner && x >= width / 2 ? 255 : 0;
      if (has_alpha)
        pixel[3] = y < height / 2 ? 255 : 0;
    }
  return pixbuf;
}

static GByteArray *
save (GdkPixbuf *pixbuf, const char *format)
{
  char *data = NULL;
  gsize length = 0;
  GError *error = NULL;

  gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, format, &error, NULL);
  g_assert_no_error (error);
  return g_byte_array_new_take ((guint8 *) data, length);
}

static GByteArray *
save_webp (GdkPixbuf *pixbuf)
{
  uint8_t *data = NULL;
  GByteArray *bytes = g_byte_array_new ();
  const gsize length =
    WebPEncodeLosslessRGBA (gdk_pixbuf_get_pixels (pixbuf), gdk_pixbuf_get_width (pixbuf),
                            gdk_pixbuf_get_height (pixbuf), gdk_pixbuf_get_rowstride (pixbuf),
                            &data);

  g_assert_cmpuint (length, >, 0);
  g_byte_array_append (bytes, data, (guint) length);
  WebPFree (data);
  return bytes;
}

static guint32
get_pixel (const PostsPhotoPixels *pixels, double u, double v)
{
  const guint x = (guint) (u * pixels->width_px), y = (guint) (v * pixels->height_px);

  return pixels->pixels[y * pixels->width_px + x];
}

/* JPEG is a little off. */
static void
check_near (guint32 pixel, guint32 wanted)
{
  for (guint shift = 0; shift < 32; shift += 8) {
    const int off = (int) (pixel >> shift & 255) - (int) (wanted >> shift & 255);

    if (abs (off) > 12)
      g_error ("a pixel is %08x, not %08x", pixel, wanted);
  }
}

static void
decode (GByteArray *bytes, guint largest_px, PostsPhotoAnswer wanted, PostsPhotoPixels *pixels)
{
  /* Of its own, so that a byte read beyond its end is seen. */
  g_autofree guint8 *copy = g_memdup2 (bytes->data, bytes->len);

  g_assert_cmpint (posts_photo_decode (copy, bytes->len, largest_px, pixels), ==, wanted);
  g_assert_cmpint (pixels->pixels != NULL, ==, wanted == POSTS_PHOTO_ANSWER_OK);
}

static void
check_picture (GByteArray *bytes)
{
  PostsPhotoPixels pixels = { 0 };

  decode (bytes, 1280, POSTS_PHOTO_ANSWER_OK, &pixels);
  g_assert_cmpuint (pixels.width_px, ==, WIDTH);
  g_assert_cmpuint (pixels.height_px, ==, HEIGHT);
  free (pixels.pixels);
  decode (bytes, 100, POSTS_PHOTO_ANSWER_OK, &pixels);
  g_assert_cmpuint (pixels.width_px, ==, 100);
  g_assert_cmpuint (pixels.height_px, >=, 66);
  g_assert_cmpuint (pixels.height_px, <=, 67);
  check_near (get_pixel (&pixels, 0.1, 0.1), 0xff00ff00);
  check_near (get_pixel (&pixels, 0.4, 0.4), 0xffff0000);
  check_near (get_pixel (&pixels, 0.9, 0.1), 0xff0000ff);
  free (pixels.pixels);
}

static void
test_formats (void)
{
  g_autoptr (GdkPixbuf) opaque = draw (WIDTH, HEIGHT, FALSE),
                        seen_through = draw (WIDTH, HEIGHT, TRUE);
  g_autoptr (GByteArray) png = save (opaque, "png"), jpeg = save (opaque, "jpeg");
  g_autoptr (GByteArray) alpha = save (seen_through, "png"), webp = save_webp (seen_through);
  PostsPhotoPixels pixels = { 0 };

  check_picture (png);
  check_picture (jpeg);
  check_picture (alpha);
  check_picture (webp);
  /* Premultiplied: what cannot be seen has no colour. */
  decode (webp, 1280, POSTS_PHOTO_ANSWER_OK, &pixels);
  g_assert_cmphex (get_pixel (&pixels, 0.9, 0.9), ==, 0);
  free (pixels.pixels);
}

/* Two pixels by two: black, white; white, black. */
static const guint8 gif[] = {
  'G', 'I',  'F', '8', '9', 'a', 2, 0, 2, 0, 0x80, 0, 0, 0,    0,    0,    255, 255,
  255, 0x2C, 0,   0,   0,   0,   2, 0, 2, 0, 0,    2, 3, 0x44, 0x02, 0x05, 0,   0x3B,
};

static void
test_gif (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  PostsPhotoPixels pixels = { 0 };

  g_byte_array_append (bytes, gif, sizeof gif);
  decode (bytes, 1280, POSTS_PHOTO_ANSWER_OK, &pixels);
  g_assert_cmpuint (pixels.width_px, ==, 2);
  g_assert_cmphex (pixels.pixels[0], ==, 0xff000000);
  g_assert_cmphex (pixels.pixels[1], ==, 0xffffffff);
  g_assert_cmphex (pixels.pixels[2], ==, 0xffffffff);
  g_assert_cmphex (pixels.pixels[3], ==, 0xff000000);
  free (pixels.pixels);
  /* A picture that is larger than the whole. */
  bytes->data[24] = 200;
  decode (bytes, 1280, POSTS_PHOTO_ANSWER_BROKEN, &pixels);
}

/* As a phone writes it that was held in some way. */
static GByteArray *
add_exif (GByteArray *jpeg, guint8 orientation)
{
  const guint8 exif[] = {
    0xFF, 0xE1, 0,    34,   'E', 'x', 'i', 'f', 0, 0, 'M', 'M',         0, '*', 0, 0, 0, 8,
    0,    1,    0x01, 0x12, 0,   3,   0,   0,   0, 1, 0,   orientation, 0, 0,   0, 0, 0, 0,
  };
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, jpeg->data, 2);
  g_byte_array_append (bytes, exif, sizeof exif);
  g_byte_array_append (bytes, jpeg->data + 2, jpeg->len - 2);
  return bytes;
}

static void
test_orientation (void)
{
  /* Where the green corner comes to be. */
  static const double corners[9][2] = { { 0 },        { 0.1, 0.1 }, { 0.9, 0.1 },
                                        { 0.9, 0.9 }, { 0.1, 0.9 }, { 0.1, 0.1 },
                                        { 0.9, 0.1 }, { 0.9, 0.9 }, { 0.1, 0.9 } };
  g_autoptr (GdkPixbuf) pixbuf = draw (WIDTH, HEIGHT, FALSE);
  g_autoptr (GByteArray) jpeg = save (pixbuf, "jpeg");

  for (guint8 i = 1; i <= 8; i++) {
    g_autoptr (GByteArray) turned = add_exif (jpeg, i);
    PostsPhotoPixels pixels = { 0 };

    decode (turned, 150, POSTS_PHOTO_ANSWER_OK, &pixels);
    g_assert_cmpuint (pixels.width_px, ==, i < 5 ? 150 : 100);
    g_assert_cmpuint (pixels.height_px, ==, i < 5 ? 100 : 150);
    check_near (get_pixel (&pixels, corners[i][0], corners[i][1]), 0xff00ff00);
    free (pixels.pixels);
  }
}

static void
check_refused (const char *data, gsize length, PostsPhotoAnswer wanted)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  PostsPhotoPixels pixels = { 0 };

  g_byte_array_append (bytes, (const guint8 *) data, (guint) length);
  decode (bytes, 1280, wanted, &pixels);
}

#define CHECK_REFUSED(text, wanted) check_refused (text, sizeof (text) - 1, wanted)

static void
test_other_kinds (void)
{
  CHECK_REFUSED ("", POSTS_PHOTO_ANSWER_KIND);
  CHECK_REFUSED ("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", POSTS_PHOTO_ANSWER_KIND);
  CHECK_REFUSED ("<?xml version=\"1.0\"?><svg/>", POSTS_PHOTO_ANSWER_KIND);
  CHECK_REFUSED ("II*\0\x08\0\0\0", POSTS_PHOTO_ANSWER_KIND);
  CHECK_REFUSED ("BM\x36\0\0\0\0\0\0\0\x36\0\0\0", POSTS_PHOTO_ANSWER_KIND);
  CHECK_REFUSED ("\0\0\0\x20"
                 "ftypavif\0\0\0\0",
                 POSTS_PHOTO_ANSWER_KIND);
  CHECK_REFUSED ("%PDF-1.7", POSTS_PHOTO_ANSWER_KIND);
  CHECK_REFUSED ("/* XPM */", POSTS_PHOTO_ANSWER_KIND);
  CHECK_REFUSED ("\xFF\xD8\xFF", POSTS_PHOTO_ANSWER_BROKEN);
  CHECK_REFUSED ("\x89PNG\r\n\x1A\n", POSTS_PHOTO_ANSWER_BROKEN);
  CHECK_REFUSED ("RIFF\x10\0\0\0WEBPVP8 ", POSTS_PHOTO_ANSWER_BROKEN);
  CHECK_REFUSED ("GIF89a", POSTS_PHOTO_ANSWER_BROKEN);
}

static void
write_size (GByteArray *png, guint32 width, guint32 height)
{
  const guint32 size[] = { GUINT32_TO_BE (width), GUINT32_TO_BE (height) };

  memcpy (png->data + 16, size, sizeof size);
}

static void
test_sizes (void)
{
  g_autoptr (GdkPixbuf) pixbuf = draw (WIDTH, HEIGHT, FALSE);
  g_autoptr (GByteArray) png = save (pixbuf, "png");
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  PostsPhotoPixels pixels = { 0 };

  write_size (png, 8193, 1);
  decode (png, 1280, POSTS_PHOTO_ANSWER_TOO_LARGE, &pixels);
  write_size (png, 1, 0xffffffff);
  decode (png, 1280, POSTS_PHOTO_ANSWER_TOO_LARGE, &pixels);
  write_size (png, 8000, 8000);
  decode (png, 1280, POSTS_PHOTO_ANSWER_TOO_LARGE, &pixels);
  write_size (png, 0, 200);
  decode (png, 1280, POSTS_PHOTO_ANSWER_BROKEN, &pixels);
  /* Larger than what follows. */
  write_size (png, 6000, 6000);
  decode (png, 1280, POSTS_PHOTO_ANSWER_BROKEN, &pixels);
  g_byte_array_append (bytes, gif, sizeof gif);
  bytes->data[6] = bytes->data[7] = bytes->data[8] = bytes->data[9] = 0xff;
  decode (bytes, 1280, POSTS_PHOTO_ANSWER_TOO_LARGE, &pixels);
}

/* Cut anywhere, a picture is refused and nothing else happens; but for its last bytes, which some writers
 * forget. */
static void
test_cut (void)
{
  g_autoptr (GdkPixbuf) pixbuf = draw (WIDTH, HEIGHT, TRUE);
  g_autoptr (GdkPixbuf) opaque = draw (WIDTH, HEIGHT, FALSE);
  g_autoptr (GByteArray) png = save (pixbuf, "png"), jpeg = save (opaque, "jpeg");
  g_autoptr (GByteArray) webp = save_webp (pixbuf), small = g_byte_array_new ();
  GByteArray *all[] = { png, jpeg, webp, small };

  g_byte_array_append (small, gif, sizeof gif);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    const guint step = MAX (all[i]->len / 200, 1);

    for (guint length = 0; length + 30 < all[i]->len || length < 30; length += step) {
      g_autofree guint8 *copy = g_memdup2 (all[i]->data, length);
      PostsPhotoPixels pixels = { 0 };

      if (length >= all[i]->len)
        break;
      if (posts_photo_decode (copy, length, 1280, &pixels) == POSTS_PHOTO_ANSWER_OK)
        g_error ("picture %u is read from %u of %u bytes", i, length, all[i]->len);
    }
  }
}

/* Any byte may be any other. */
static void
test_garbled (void)
{
  g_autoptr (GdkPixbuf) pixbuf = draw (40, 30, TRUE);
  g_autoptr (GdkPixbuf) opaque = draw (40, 30, FALSE);
  g_autoptr (GByteArray) png = save (pixbuf, "png"), plain = save (opaque, "jpeg");
  g_autoptr (GByteArray) jpeg = add_exif (plain, 6);
  g_autoptr (GByteArray) webp = save_webp (pixbuf), small = g_byte_array_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  GByteArray *all[] = { png, jpeg, webp, small };

  g_byte_array_append (small, gif, sizeof gif);
  for (guint i = 0; i < 4000; i++) {
    const GByteArray *bytes = all[i % G_N_ELEMENTS (all)];
    g_autofree guint8 *copy = g_memdup2 (bytes->data, bytes->len);
    PostsPhotoPixels pixels = { 0 };

    for (int n = g_rand_int_range (rand, 1, 5); n > 0; n--)
      copy[g_rand_int_range (rand, 4, (gint32) bytes->len)] = (guint8) g_rand_int (rand);
    if (posts_photo_decode (copy, bytes->len, 64, &pixels) == POSTS_PHOTO_ANSWER_OK) {
      g_assert_cmpuint (pixels.width_px, <=, 64);
      g_assert_cmpuint (pixels.height_px, <=, 64);
    }
    free (pixels.pixels);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/posts/photo-decode/formats", test_formats);
  g_test_add_func ("/posts/photo-decode/gif", test_gif);
  g_test_add_func ("/posts/photo-decode/orientation", test_orientation);
  g_test_add_func ("/posts/photo-decode/other-kinds", test_other_kinds);
  g_test_add_func ("/posts/photo-decode/sizes", test_sizes);
  g_test_add_func ("/posts/photo-decode/cut", test_cut);
  g_test_add_func ("/posts/photo-decode/garbled", test_garbled);
  return g_test_run ();
}
