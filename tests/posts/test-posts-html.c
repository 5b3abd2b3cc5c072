/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-html.h"

static const struct {
  const char *html;
  const char *text;
} pairs[] = {
  { "<p>Un<br>deux<br />trois</p><p>quatre</p>", "Un\ndeux\ntrois\n\nquatre" },
  { "<ul><li>a</li><li>b</li></ul><p>c</p>", "\xE2\x80\xA2 a\n\xE2\x80\xA2 b\n\nc" },
  { "<ol><li>a</li><li>b<ul><li>x</li></ul></li></ol>", "1. a\n2. b\n\n\xE2\x80\xA2 x" },
  { "<p>a &amp; b &lt;c&gt; &quot;d&quot; &#39;e&#x27; &eacute;</p>",
    "a & b <c> \"d\" 'e' \xC3\xA9" },
  { "&amp;lt;b&amp;gt;", "&lt;b&gt;" },
  { "&#0;&#xD800;&#x110000;&#99999999999999999999;&#;&#x;",
    "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
  { "&unknown; &amp &", "&unknown; &amp &" },
  { "1 < 2 <3 a<b>c</b>", "1 < 2 <3 ac" },
  { "<script>alert(\"</b>\")</script>a<style>p{}</style >b<template><p>x</p></template>c", "abc" },
  { "a<!-- <p>x</p> -->b<![CDATA[ <c> ]]>d<?php e ?>f", "abdf" },
  { "a<!-- never closed", "a" },
  { "a<script>never closed", "a" },
  { "a<b never closed", "a" },
  { "a<img alt=\"<p>\" src='>'>b", "ab" },
  { "<a href=\"x\" class=\"mention hashtag\">#<span>Tag</span></a>", "#Tag" },
  { "<a href=\"https://x.example/long\"><span class=\"invisible\">https://</span><span "
    "class=\"ellipsis\">x.example/lo</span><span class=\"invisible\">ng</span></a>!",
    "x.example/lo\xE2\x80\xA6!" },
  { "<pre><code>x\n  y</code></pre>z", "x\n  y\n\nz" },
  { "  a \n\t b  ", "a b" },
  { "</p></p></span>a", "a" },
  { "<SPAN CLASS='invisible'>x</SPAN>a", "a" },
  { "\xFF\xC3", "\xEF\xBF\xBD\xEF\xBF\xBD" },
  { "", "" },
};

static void
test_text (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autofree char *text = posts_html_to_text (pairs[i].html, POSTS_HTML_PLAIN, NULL);

    g_assert_cmpstr (text, ==, pairs[i].text);
  }
}

static void
test_quote (void)
{
  const char *html =
    "<p class=\"quote-inline\">RE: <a href=\"https://q.example\">q</a></p><p>a</p>";
  g_autofree char *without = posts_html_to_text (html, POSTS_HTML_DROP_QUOTE, NULL);
  g_autofree char *with = posts_html_to_text (html, POSTS_HTML_PLAIN, NULL);

  g_assert_cmpstr (without, ==, "a");
  g_assert_cmpstr (with, ==, "RE: q\n\na");
}

static void
test_links (void)
{
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = posts_html_to_text (
    "<a href='https://a.example/?x=1&amp;y=2'>a</a><a href=https://b.example>b</a>"
    "<a href='javascript:alert(1)'>c</a><a class='u-url mention' href='https://m.example'>@m</a>"
    "<a href='https://b.example'>b</a><a href='HTTP://c.example'>c</a>",
    POSTS_HTML_PLAIN, links);

  g_assert_cmpstr (text, ==, "abc@mbc");
  g_assert_cmpuint (links->len, ==, 3);
  g_assert_cmpstr (links->pdata[0], ==, "https://a.example/?x=1&y=2");
  g_assert_cmpstr (links->pdata[1], ==, "https://b.example");
  g_assert_cmpstr (links->pdata[2], ==, "HTTP://c.example");
}

/* A hundred thousand elements in one another, and four MiB of any sign: neither stack nor patience
 * may end. */
static void
test_size (void)
{
  static const char *const units[] = { "<p>",        "<span class='invisible'>",
                                       "<",          "&",
                                       "<a href=\"", "<!--",
                                       "</p>",       "<li>",
                                       "&#x",        "<script>",
                                       "<ol><li>",   "\xC3" };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
    const gsize n = POSTS_HTML_MAX_BYTES / strlen (units[i]);
    g_autoptr (GString) html = g_string_sized_new (POSTS_HTML_MAX_BYTES + 16);
    const gint64 start_us = g_get_monotonic_time ();

    for (gsize j = 0; j < n; j++)
      g_string_append (html, units[i]);
    g_autofree char *text = posts_html_to_text (html->str, POSTS_HTML_PLAIN, NULL);
    const gint64 elapsed_us = g_get_monotonic_time () - start_us;

    g_test_message ("%s: %" G_GINT64_FORMAT " ms", units[i], elapsed_us / 1000);
    g_assert_cmpint (g_utf8_strlen (text, -1), <=, POSTS_HTML_MAX_CHARS);
    g_assert_cmpint (elapsed_us, <, 20 * G_USEC_PER_SEC);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/posts/html/text", test_text);
  g_test_add_func ("/posts/html/quote", test_quote);
  g_test_add_func ("/posts/html/links", test_links);
  g_test_add_func ("/posts/html/size", test_size);
  return g_test_run ();
}
