/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>

#include "posts-html.h"
#include "posts-text.h"

/* Any bytes as HTML, then through the normaliser, like the text of a post. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *html = g_strndup ((const char *) data, size);
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = posts_html_to_text (html, size % 2, links);
  g_autofree char *clean = posts_text_clean (text, POSTS_TEXT_MAX_CHARS, NULL);
  g_autofree char *again = posts_text_clean (clean, POSTS_TEXT_MAX_CHARS, NULL);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, POSTS_HTML_MAX_CHARS);
  g_assert_true (g_utf8_validate (clean, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (again, -1), <=, POSTS_TEXT_MAX_CHARS);
  return 0;
}
