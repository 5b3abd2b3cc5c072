/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "event-address.h"
#include "event-list.h"
#include "event-network.h"

/* Whose posts arrive, and what holds them back: the section “posts”. */

#define MAX_TAGS       50
#define MAX_TAG_CHARS  100
#define MAX_NETWORKS   16
#define MAX_HOSTS      500
#define MAX_HOST_CHARS 253
#define MAX_WORDS      500
#define MAX_WORD_CHARS 100
#define MAX_LANGUAGES  20
#define MAX_ROTATION_S 3600
#define ROTATION_S     10

/* In the order of their enum. */
static const char *const approvals[] = { "manual", "trusted", NULL };

/* What a post can be held back for, as the room of posts calls it; what is decided about an author cannot
 * be switched off. */
static const char *const rules[] = {
  "adult-words", "unknown-link",   "new-account",   "money",       "insult",   "repeated",
  "sensitive",   "noise",          "bot",           "withheld",    "labelled", "reserved",
  "frequent",    "unknown-author", "empty-account", "imitation",   "reply",    "repost",
  "language",    "disguised",      "edited",        "event-words", NULL,
};

void
event_posts_clear (EventPosts *self)
{
  g_clear_pointer (&self->tags, g_strfreev);
  g_clear_pointer (&self->allowed_hosts, g_strfreev);
  g_clear_pointer (&self->networks, g_ptr_array_unref);
  g_clear_pointer (&self->rules.off, g_strfreev);
  g_clear_pointer (&self->rules.languages, g_strfreev);
  g_clear_pointer (&self->rules.hidden_words, g_strfreev);
  g_clear_pointer (&self->rules.held_words, g_strfreev);
  g_clear_pointer (&self->rules.allowed_words, g_strfreev);
}

static void
read_tags (EventReader *reader, JsonObject *object, EventPosts *self)
{
  self->tags = event_reader_strings (reader, object, "tags", MAX_TAGS, MAX_TAG_CHARS);
  for (guint i = 0; self->tags[i] != NULL; i++) {
    char *tag = self->tags[i];
    g_autofree char *key = g_strdup_printf ("tags[%u]", i);

    if (*tag == '#')
      memmove (tag, tag + 1, strlen (tag));
    if (*tag == '\0' || strpbrk (tag, " #") != NULL)
      event_reader_fail (reader, key, "is “%s”, expected one word such as #amphi", tag);
  }
}

static void
check_off (EventReader *reader, GStrv off)
{
  for (guint i = 0; off[i] != NULL; i++) {
    g_autofree char *key = g_strdup_printf ("off[%u]", i);
    g_autofree char *known = NULL;

    if (g_strv_contains (rules, off[i]))
      continue;
    known = g_strjoinv (", ", (char **) rules);
    event_reader_fail (reader, key, "is “%s”, expected a rule: %s", off[i], known);
  }
}

/* Codes as networks give them: of two letters. */
static void
check_languages (EventReader *reader, GStrv languages)
{
  for (guint i = 0; languages[i] != NULL; i++) {
    g_autofree char *key = g_strdup_printf ("languages[%u]", i);

    if (strlen (languages[i]) != 2 || !g_ascii_islower (languages[i][0]) ||
        !g_ascii_islower (languages[i][1]))
      event_reader_fail (reader, key,
                         "is “%s”, expected a language's code of two letters such as fr",
                         languages[i]);
  }
}

/* A word without a letter would be in every post, or in none. */
static GStrv
read_words (EventReader *reader, JsonObject *object, const char *name)
{
  GStrv words = event_reader_strings (reader, object, name, MAX_WORDS, MAX_WORD_CHARS);

  for (guint i = 0; words[i] != NULL; i++) {
    g_autofree char *key = g_strdup_printf ("%s[%u]", name, i);
    gboolean letters = FALSE;

    for (const char *p = words[i]; *p != '\0'; p = g_utf8_next_char (p))
      letters |= g_unichar_isalnum (g_utf8_get_char (p));
    if (!letters)
      event_reader_fail (reader, key, "is “%s”, expected words such as “free money” or “casino*”",
                         words[i]);
  }
  return words;
}

static void
read_rules (EventReader *reader, JsonObject *object, EventRules *self)
{
  self->off = event_reader_strings (reader, object, "off", G_N_ELEMENTS (rules), MAX_WORD_CHARS);
  check_off (reader, self->off);
  self->languages =
    event_reader_strings (reader, object, "languages", MAX_LANGUAGES, MAX_TAG_CHARS);
  check_languages (reader, self->languages);
  self->hidden_words = read_words (reader, object, "hidden-words");
  self->held_words = read_words (reader, object, "held-words");
  self->allowed_words = read_words (reader, object, "allowed-words");
}

void
event_posts_read (EventReader *reader, JsonObject *object, EventPosts *self)
{
  read_tags (reader, object, self);
  self->networks =
    event_reader_records (reader, object, "networks", 0, MAX_NETWORKS, event_network_read,
                          (GDestroyNotify) event_network_free, NULL);
  self->allowed_hosts =
    event_reader_strings (reader, object, "allowed-hosts", MAX_HOSTS, MAX_HOST_CHARS);
  for (guint i = 0; self->allowed_hosts[i] != NULL; i++) {
    g_autofree char *key = g_strdup_printf ("allowed-hosts[%u]", i);

    event_address_check_host (reader, key, self->allowed_hosts[i]);
  }
  self->approval = (EventApproval) event_reader_choice (reader, object, "approval", approvals,
                                                        EVENT_APPROVAL_MANUAL);
  self->rotation_s = event_reader_int (reader, object, "rotation-s", 0, MAX_ROTATION_S, ROTATION_S);
  EVENT_READER_SECTION (reader, object, "rules", read_rules, &self->rules);
  for (guint i = 0; self->networks != NULL && i < self->networks->len; i++)
    if (event_network_needs_tags (self->networks->pdata[i]) && self->tags[0] == NULL) {
      event_reader_fail (reader, "tags",
                         "are missing, expected at least one: the networks are searched for them");
      break;
    }
}
