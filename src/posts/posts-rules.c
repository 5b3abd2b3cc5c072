/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-fold.h"
#include "posts-links.h"
#include "posts-memory.h"
#include "posts-rules-private.h"
#include "posts-rules.h"
#include "posts-text.h"

#define MAX_TAGS              6
#define MAX_MENTIONS          4
#define MIN_CAPITALS_LETTERS  20
#define MAX_CAPITALS_PERCENT  70
#define NEW_ACCOUNT_DAYS      7
#define YOUNG_ACCOUNT_DAYS    30
#define FEW_FOLLOWERS         10
#define MANY_SUGGESTIVE_EMOJI 3

/* Two people may both write "Bravo !"; a long sentence twice is a campaign. */
#define MIN_REPEATED_BYTES 24
#define N_REMEMBERED_TEXTS 20000

/**
 * PostsRules:
 *
 * Says what is doubtful about a post, so that a human looks at it twice.
 *
 * The rules never throw a post away. Main thread only.
 */
struct _PostsRules {
  GObject parent_instance;
  char **allowed_hosts;
  PostsMemory *texts; /* folded text → hash of its first author */
};

G_DEFINE_FINAL_TYPE (PostsRules, posts_rules, G_TYPE_OBJECT)

typedef enum {
  LIST_PERMITTED,
  LIST_ADULT,
  LIST_WEAK,
  LIST_HINTS,
  LIST_CONTACTS,
  LIST_INSULTS,
  LIST_MONEY,
  LIST_APPEALS,
  N_LISTS
} List;

static GRegex *lists[N_LISTS];
static GRegex *wallets;
static GRegex *accounts;

/* What is looked at more than once while a post is checked. */
typedef struct {
  PostsPost *post;
  char *folded; /* text and name, every reading, without permitted phrases */
  PostsLinks links;
} Check;

static void
posts_rules_finalize (GObject *object)
{
  PostsRules *self = POSTS_RULES (object);

  g_strfreev (self->allowed_hosts);
  g_clear_pointer (&self->texts, posts_memory_free);
  G_OBJECT_CLASS (posts_rules_parent_class)->finalize (object);
}

static GRegex *
compile (const char *pattern)
{
  g_autoptr (GError) error = NULL;
  GRegex *regex = g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, &error);

  g_assert_no_error (error);
  return regex;
}

static GRegex *
compile_words (const char *const *words)
{
  g_autoptr (GString) pattern = g_string_new ("(?<= )(?:");

  for (gsize i = 0; words[i] != NULL; i++)
    g_string_append_printf (pattern, "%s%s", i > 0 ? "|" : "", words[i]);
  g_string_replace (pattern, "*", "\\w*", 0);
  g_string_append (pattern, ")(?= )");
  return compile (pattern->str);
}

static void
posts_rules_class_init (PostsRulesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = posts_rules_finalize;

  lists[LIST_PERMITTED] = compile_words (_posts_rules_permitted);
  lists[LIST_ADULT] = compile_words (_posts_rules_adult);
  lists[LIST_WEAK] = compile_words (_posts_rules_weak);
  lists[LIST_HINTS] = compile_words (_posts_rules_hints);
  lists[LIST_CONTACTS] = compile_words (_posts_rules_contacts);
  lists[LIST_INSULTS] = compile_words (_posts_rules_insults);
  lists[LIST_MONEY] = compile_words (_posts_rules_money);
  lists[LIST_APPEALS] = compile_words (_posts_rules_appeals);
  wallets =
    compile ("\\b(?:bc1[a-z0-9]{20,80}|0x[0-9a-fA-F]{40}|[13][1-9A-HJ-NP-Za-km-z]{25,34})\\b");
  accounts = compile ("\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\\b");
}

static void
posts_rules_init (PostsRules *self)
{
  self->texts = posts_memory_new (N_REMEMBERED_TEXTS);
}

PostsRules *
posts_rules_new (void)
{
  return g_object_new (POSTS_TYPE_RULES, NULL);
}

static gboolean
matches (const Check *check, List list)
{
  return g_regex_match (lists[list], check->folded, 0, NULL);
}

static gboolean
is_younger_than (const Check *check, int days)
{
  GDateTime *born = posts_post_get_author_created (check->post);

  return born != NULL && g_date_time_difference (posts_post_get_created (check->post), born) <
                           days * G_TIME_SPAN_DAY;
}

static gboolean
has_suggestive_emoji (const char *text)
{
  /* underage sign, splash, peach, aubergine, lips, kiss, smiling devil, fire */
  static const gunichar suggestive[] = { 0x1F51E, 0x1F4A6, 0x1F351, 0x1F346,
                                         0x1F445, 0x1F48B, 0x1F608, 0x1F525 };
  guint n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    for (gsize i = 0; i < G_N_ELEMENTS (suggestive); i++)
      n += g_utf8_get_char (p) == suggestive[i] ? 1 : 0;
  return n >= MANY_SUGGESTIVE_EMOJI;
}

static gboolean
is_adult (const Check *check)
{
  const gint64 n_followers = posts_post_get_n_followers (check->post);

  if (matches (check, LIST_ADULT) || matches (check, LIST_WEAK))
    return TRUE;
  if (!matches (check, LIST_HINTS))
    return FALSE;
  return check->links == POSTS_LINKS_UNKNOWN || matches (check, LIST_CONTACTS) ||
         is_younger_than (check, YOUNG_ACCOUNT_DAYS) ||
         (n_followers >= 0 && n_followers < FEW_FOLLOWERS) ||
         has_suggestive_emoji (posts_post_get_text (check->post));
}

/* The check digits of ISO 13616, so that a reference or a room number is no bank account. */
static gboolean
is_iban (const char *candidate)
{
  g_autoptr (GString) compact = g_string_new (NULL);
  guint rest = 0;

  for (const char *p = candidate; *p != '\0'; p++)
    if (*p != ' ')
      g_string_append_c (compact, *p);
  if (compact->len < 15 || compact->len > 34)
    return FALSE;
  for (gsize i = 0; i < compact->len; i++) {
    const char c = compact->str[(i + 4) % compact->len];

    if (g_ascii_isdigit (c))
      rest = (rest * 10 + (guint) (c - '0')) % 97;
    else
      rest = (rest * 100 + (guint) (c - 'A') + 10) % 97;
  }
  return rest == 1;
}

static gboolean
has_account_number (const char *text)
{
  g_autoptr (GMatchInfo) match = NULL;

  if (g_regex_match (wallets, text, 0, NULL))
    return TRUE;
  g_regex_match (accounts, text, 0, &match);
  while (g_match_info_matches (match)) {
    g_autofree char *candidate = g_match_info_fetch (match, 0);

    if (is_iban (candidate))
      return TRUE;
    if (!g_match_info_next (match, NULL))
      break;
  }
  return FALSE;
}

static gboolean
is_about_money (const Check *check)
{
  return matches (check, LIST_MONEY) || has_account_number (posts_post_get_text (check->post)) ||
         (check->links == POSTS_LINKS_UNKNOWN && matches (check, LIST_APPEALS));
}

/* "раypal" with a Russian а, or 𝐬𝐭𝐲𝐥𝐞𝐝 letters: nobody types that by accident. */
static gboolean
is_disguised (const char *text)
{
  gboolean latin = FALSE;
  gboolean other = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);

    if (c >= 0x1D400 && c <= 0x1D7FF)
      return TRUE;
    if (!g_unichar_isalpha (c)) {
      latin = other = FALSE;
      continue;
    }
    const GUnicodeScript script = g_unichar_get_script (c);
    latin |= script == G_UNICODE_SCRIPT_LATIN;
    other |= script == G_UNICODE_SCRIPT_CYRILLIC || script == G_UNICODE_SCRIPT_GREEK;
    if (latin && other)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_noisy (const Check *check)
{
  const char *text = posts_post_get_text (check->post);
  guint n_tags = 0;
  guint n_mentions = 0;
  guint n_capitals = 0;
  guint n_small = 0;
  gunichar before = ' ';

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);

    if (!g_unichar_isalnum (before)) {
      n_tags += c == '#' ? 1 : 0;
      n_mentions += c == '@' ? 1 : 0;
    }
    n_capitals += g_unichar_isupper (c) ? 1 : 0;
    n_small += g_unichar_islower (c) ? 1 : 0;
    before = c;
  }
  return n_tags > MAX_TAGS || n_mentions > MAX_MENTIONS ||
         (n_capitals + n_small > MIN_CAPITALS_LETTERS &&
          n_capitals * 100 > (n_capitals + n_small) * MAX_CAPITALS_PERCENT) ||
         is_disguised (text) || is_disguised (posts_post_get_author_name (check->post)) ||
         (posts_post_get_text_flags (check->post) & (POSTS_TEXT_OVERRIDE | POSTS_TEXT_STACKED)) !=
           0;
}

/* Whether someone else wrote the same before; remembers it. */
static gboolean
is_repeated (PostsRules *self, PostsPost *post)
{
  g_autofree char *rest = posts_links_remove (posts_post_get_text (post));
  g_autofree char *words = posts_fold (rest);
  const guint64 author = posts_memory_hash (posts_post_get_author_id (post));
  guint64 first_author = 0;

  if (strlen (words) < MIN_REPEATED_BYTES)
    return FALSE;
  if (posts_memory_lookup (self->texts, words, &first_author))
    return first_author != author;
  posts_memory_remember (self->texts, words, author);
  return FALSE;
}

static char *
fold_for_lists (PostsPost *post)
{
  g_autofree char *text = posts_fold_variants (posts_post_get_text (post));
  g_autofree char *name = posts_fold_variants (posts_post_get_author_name (post));
  g_autofree char *handle = posts_fold (posts_post_get_author_handle (post));
  g_autofree char *all = g_strjoin ("\n", text, name, handle, NULL);
  char *kept =
    g_regex_replace_literal (lists[LIST_PERMITTED], all, -1, 0, "\n", G_REGEX_MATCH_DEFAULT, NULL);

  return kept != NULL ? kept : g_steal_pointer (&all);
}

/**
 * posts_rules_set_allowed_hosts:
 * @self: the rules
 * @hosts: (nullable) (array zero-terminated=1): hosts that posts may link, with those below them
 *
 * Counts for posts checked from now on.
 */
void
posts_rules_set_allowed_hosts (PostsRules *self, const char *const *hosts)
{
  g_return_if_fail (POSTS_IS_RULES (self));

  char **copy = g_strdupv ((char **) hosts);
  g_strfreev (self->allowed_hosts);
  self->allowed_hosts = copy;
}

/**
 * posts_rules_check:
 * @self: the rules
 * @post: a post not checked before: a second one with the same words counts as repeated
 *
 * Returns: every reason to hold @post back; `POSTS_REASON_NONE` if there is none
 */
PostsReason
posts_rules_check (PostsRules *self, PostsPost *post)
{
  g_return_val_if_fail (POSTS_IS_RULES (self), POSTS_REASON_NONE);
  g_return_val_if_fail (POSTS_IS_POST (post), POSTS_REASON_NONE);

  g_autofree char *folded = fold_for_lists (post);
  const Check check = {
    .post = post,
    .folded = folded,
    .links =
      posts_links_check (posts_post_get_text (post), (const char *const *) self->allowed_hosts),
  };
  PostsReason reasons = POSTS_REASON_NONE;

  if (posts_post_is_sensitive (post))
    reasons |= POSTS_REASON_SENSITIVE;
  if (check.links == POSTS_LINKS_UNKNOWN)
    reasons |= POSTS_REASON_UNKNOWN_LINK;
  if (is_younger_than (&check, NEW_ACCOUNT_DAYS))
    reasons |= POSTS_REASON_NEW_ACCOUNT;
  if (is_adult (&check))
    reasons |= POSTS_REASON_ADULT_WORDS;
  if (matches (&check, LIST_INSULTS))
    reasons |= POSTS_REASON_INSULT;
  if (is_about_money (&check))
    reasons |= POSTS_REASON_MONEY;
  if (is_noisy (&check))
    reasons |= POSTS_REASON_NOISE;
  if (is_repeated (self, post))
    reasons |= POSTS_REASON_REPEATED;
  return reasons;
}
