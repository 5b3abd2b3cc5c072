/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-tags.h"

#define MAX_TAG_BYTES 640 /* what Bluesky allows */

struct _PostsTags {
  GStrv all;
  GStrv folded;
  GStrv needles; /* what one of them looks like on the wire; ASCII capitals do not count */
};

/**
 * posts_tags_fold:
 * @tag: valid UTF-8, without `#`
 *
 * Any thread.
 *
 * Returns: (transfer full): what is the same for all ways to write the tag
 */
char *
posts_tags_fold (const char *tag)
{
  g_autofree char *folded = g_utf8_casefold (tag, -1);
  g_autofree char *decomposed = g_utf8_normalize (folded, -1, G_NORMALIZE_NFKD);
  GString *bare = g_string_new (NULL);

  for (const char *p = decomposed; p != NULL && *p != '\0'; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);

    if (g_unichar_isalnum (c) || c == '_' || c == 0xB7)
      g_string_append_unichar (bare, g_unichar_tolower (c));
  }
  return g_string_free (bare, FALSE);
}

static void
add_needle (GStrvBuilder *needles, const char *needle)
{
  g_autofree char *lower = g_ascii_strdown (needle, -1);

  if (*lower != '\0')
    g_strv_builder_add (needles, lower);
}

/**
 * posts_tags_new:
 * @tags: (nullable) (array zero-terminated=1): tags without `#`
 *
 * Returns: (transfer full): all of them
 */
PostsTags *
posts_tags_new (const char *const *tags)
{
  PostsTags *self = g_atomic_rc_box_new0 (PostsTags);
  g_autoptr (GStrvBuilder) folded = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) needles = g_strv_builder_new ();

  self->all = tags != NULL ? g_strdupv ((char **) tags) : g_new0 (char *, 1);
  for (gsize i = 0; self->all[i] != NULL; i++) {
    g_autofree char *bare = posts_tags_fold (self->all[i]);
    g_autofree char *lower = g_utf8_strdown (self->all[i], -1);
    g_autofree char *upper = g_utf8_strup (self->all[i], -1);

    g_strv_builder_add (folded, bare);
    add_needle (needles, bare);
    add_needle (needles, self->all[i]);
    add_needle (needles, lower);
    add_needle (needles, upper);
  }
  self->folded = g_strv_builder_end (folded);
  self->needles = g_strv_builder_end (needles);
  return self;
}

PostsTags *
posts_tags_ref (PostsTags *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  PostsTags *self = data;

  g_strfreev (self->all);
  g_strfreev (self->folded);
  g_strfreev (self->needles);
}

void
posts_tags_unref (PostsTags *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

const char *const *
posts_tags_get_all (PostsTags *self)
{
  return (const char *const *) self->all;
}

const char *const *
posts_tags_get_folded (PostsTags *self)
{
  return (const char *const *) self->folded;
}

/**
 * posts_tags_has:
 * @self: tags
 * @tag: (nullable): valid UTF-8, without `#`
 *
 * Returns: whether @tag is one of them
 */
gboolean
posts_tags_has (PostsTags *self, const char *tag)
{
  if (tag == NULL || strlen (tag) > MAX_TAG_BYTES)
    return FALSE;

  g_autofree char *bare = posts_tags_fold (tag);
  return *bare != '\0' && g_strv_contains ((const char *const *) self->folded, bare);
}

static gboolean
is_in_tag (gunichar c)
{
  return g_unichar_isalnum (c) || g_unichar_ismark (c) || c == '_' || c == 0xB7 || c == 0x200C;
}

/* "a#b" is a word, and "/#b" a part of an address. */
static gboolean
may_precede (gunichar c)
{
  return !is_in_tag (c) && (c >= 0x80 || strchr ("/&=?@#", (int) c) == NULL);
}

/**
 * posts_tags_is_in_text:
 * @self: tags
 * @text: valid UTF-8
 *
 * Returns: whether one of them is in it, with `#` before and the end of a word behind
 */
gboolean
posts_tags_is_in_text (PostsTags *self, const char *text)
{
  gunichar before = ' ';

  for (const char *p = text; *p != '\0';) {
    const gunichar c = g_utf8_get_char (p);
    const char *end = g_utf8_next_char (p);

    if ((c == '#' || c == 0xFF03) && may_precede (before)) {
      const char *start = end;

      while (is_in_tag (g_utf8_get_char (end)))
        end = g_utf8_next_char (end);
      g_autofree char *tag = g_strndup (start, (gsize) (end - start));
      if (posts_tags_has (self, tag))
        return TRUE;
    }
    before = c;
    p = end;
  }
  return FALSE;
}

static gboolean
contains (const char *data, gsize length, const char *needle)
{
  const gsize needle_length = strlen (needle);
  const char first = needle[0];
  const char other = g_ascii_toupper (first);

  for (gsize i = 0; i + needle_length <= length; i++)
    if ((data[i] == first || data[i] == other) &&
        g_ascii_strncasecmp (data + i, needle, needle_length) == 0)
      return TRUE;
  return FALSE;
}

/**
 * posts_tags_may_be_in:
 * @self: tags
 * @data: any bytes
 * @length: how many
 *
 * A cheap look, before anything is parsed.
 *
 * Returns: whether the bytes of one of them, or of an escaped character, are in it
 */
gboolean
posts_tags_may_be_in (PostsTags *self, const char *data, gsize length)
{
  for (gsize i = 0; self->needles[i] != NULL; i++)
    if (contains (data, length, self->needles[i]))
      return TRUE;
  return FALSE;
}
