/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-fold.h"
#include "posts-links.h"
#include "posts-memory.h"
#include "posts-rules-private.h"
#include "posts-rules.h"
#include "posts-text.h"

#define NEW_ACCOUNT_DAYS   7
#define YOUNG_ACCOUNT_DAYS 30
#define FEW_FOLLOWERS      10

/* Two people may both write "Bravo !"; a long sentence twice is a campaign. */
#define MIN_REPEATED_BYTES 24
#define N_REMEMBERED_TEXTS 20000

/* More posts than this in so many seconds are a flood. */
#define FEW_POSTS_IN_A_ROW 2
#define IN_A_ROW_S         120
#define EMPTY_FOLLOWERS    3
#define EMPTY_POSTS        5

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
  char **languages;                       /* nullable: any */
  PostsReason off;                        /* rules that are switched off */
  GRegex *words[POSTS_WORDS_ALLOWED + 1]; /* nullable: the event's own */
  PostsMemory *texts;                     /* folded text → hash of its first author */
  PostsMemory *authors; /* author id → when the last two posts were written, two times 32 bits */
  GHashTable *trusted;  /* author id → folded name */
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

/* What is looked at more than once while a post is checked. */
typedef struct {
  PostsPost *post;
  char *folded; /* text, name and bio, every reading, without permitted phrases */
  PostsLinks links;
  gboolean adult;    /* words that nobody writes about a talk */
  gboolean weak;     /* words that are rare about a talk */
  gboolean hints;    /* everyday words that may mean something else */
  gboolean unwanted; /* words that the event wants nobody to see */
  guint n_signs;     /* what makes weak words and hints worse */
} Check;

static void
posts_rules_finalize (GObject *object)
{
  PostsRules *self = POSTS_RULES (object);

  g_strfreev (self->allowed_hosts);
  g_strfreev (self->languages);
  for (guint i = 0; i < G_N_ELEMENTS (self->words); i++)
    g_clear_pointer (&self->words[i], g_regex_unref);
  g_clear_pointer (&self->texts, posts_memory_free);
  g_clear_pointer (&self->authors, posts_memory_free);
  g_clear_pointer (&self->trusted, g_hash_table_unref);
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

/* With @loose, letters may be written one by one, which brings the words of a phrase together. */
static GRegex *
compile_words (const char *const *words, gboolean loose)
{
  g_autoptr (GString) pattern = g_string_new (NULL);

  for (gsize i = 0; words[i] != NULL; i++)
    g_string_append_printf (pattern, "%s%s", i > 0 ? "|" : "", words[i]);
  g_string_replace (pattern, "*", "\\w*", 0);
  if (loose)
    g_string_replace (pattern, " ", " ?", 0);
  g_string_prepend (pattern, "(?<= )(?:");
  g_string_append (pattern, ")(?= )");
  return compile (pattern->str);
}

static void
posts_rules_class_init (PostsRulesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = posts_rules_finalize;

  lists[LIST_PERMITTED] = compile_words (_posts_rules_permitted, FALSE);
  lists[LIST_ADULT] = compile_words (_posts_rules_adult, TRUE);
  lists[LIST_WEAK] = compile_words (_posts_rules_weak, FALSE);
  lists[LIST_HINTS] = compile_words (_posts_rules_hints, FALSE);
  lists[LIST_CONTACTS] = compile_words (_posts_rules_contacts, FALSE);
  lists[LIST_INSULTS] = compile_words (_posts_rules_insults, FALSE);
  lists[LIST_MONEY] = compile_words (_posts_rules_money, FALSE);
  lists[LIST_APPEALS] = compile_words (_posts_rules_appeals, FALSE);
}

static void
posts_rules_init (PostsRules *self)
{
  self->texts = posts_memory_new (N_REMEMBERED_TEXTS);
  self->authors = posts_memory_new (N_REMEMBERED_TEXTS);
  self->trusted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
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
has_own (PostsRules *self, const Check *check, PostsWords list)
{
  return self->words[list] != NULL && g_regex_match (self->words[list], check->folded, 0, NULL);
}

static gboolean
is_younger_than (const Check *check, int days)
{
  GDateTime *born = posts_post_get_author_created (check->post);

  return born != NULL && g_date_time_difference (posts_post_get_created (check->post), born) <
                           days * G_TIME_SPAN_DAY;
}

static guint
count_signs (const Check *check)
{
  const gint64 n_followers = posts_post_get_n_followers (check->post);
  guint n = 0;

  n += check->links == POSTS_LINKS_UNKNOWN ? 1 : 0;
  n += matches (check, LIST_CONTACTS) ? 1 : 0;
  n += is_younger_than (check, YOUNG_ACCOUNT_DAYS) ? 1 : 0;
  n += n_followers >= 0 && n_followers < FEW_FOLLOWERS ? 1 : 0;
  n += _posts_rules_has_suggestive_emoji (posts_post_get_text (check->post)) ? 1 : 0;
  return n;
}

static gboolean
is_adult (const Check *check)
{
  return check->adult || check->weak || (check->hints && check->n_signs > 0);
}

static gboolean
is_about_money (const Check *check)
{
  return matches (check, LIST_MONEY) ||
         _posts_rules_has_account_number (posts_post_get_text (check->post)) ||
         (check->links == POSTS_LINKS_UNKNOWN && matches (check, LIST_APPEALS));
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

/* Whether the author wrote several times just before; remembers when this was. */
static gboolean
is_frequent (PostsRules *self, PostsPost *post)
{
  const char *author = posts_post_get_author_id (post);
  const guint64 now = (guint64) g_date_time_to_unix (posts_post_get_created (post)) & G_MAXUINT32;
  guint64 times = 0;

  G_STATIC_ASSERT (FEW_POSTS_IN_A_ROW == 2); /* as many as fit in one number */
  posts_memory_lookup (self->authors, author, &times);
  posts_memory_remember (self->authors, author, times << 32 | now);
  return times >> 32 != 0 && now - (times >> 32) <= IN_A_ROW_S;
}

/* A trusted author's name under another account. */
static gboolean
is_imitation (PostsRules *self, PostsPost *post)
{
  g_autofree char *name = posts_fold (posts_post_get_author_name (post));
  GHashTableIter iter;
  gpointer id = NULL;
  gpointer trusted = NULL;

  g_hash_table_iter_init (&iter, self->trusted);
  while (g_hash_table_iter_next (&iter, &id, &trusted))
    if (strlen (name) > 2 && g_str_equal (name, trusted))
      return !posts_rules_trusts_author (self, posts_post_get_author_id (post));
  return FALSE;
}

static gboolean
is_other_language (PostsRules *self, PostsPost *post)
{
  const char *language = posts_post_get_language (post);

  if (self->languages == NULL || language == NULL || strlen (language) < 2)
    return FALSE;
  g_autofree char *main_part = g_ascii_strdown (language, (gssize) strcspn (language, "-_"));
  /* "und", "zxx", "qme" and the like are no languages. */
  return strlen (main_part) == 2 &&
         !g_strv_contains ((const char *const *) self->languages, main_part);
}

static PostsLinks
check_links (PostsRules *self, PostsPost *post)
{
  const char *const *links = posts_post_get_links (post);
  const char *const *hosts = (const char *const *) self->allowed_hosts;
  PostsLinks found = posts_links_check (posts_post_get_text (post), hosts);

  for (gsize i = 0; links[i] != NULL; i++)
    found = MAX (found, posts_links_check (links[i], hosts));
  return found;
}

static PostsReason
check_traits (PostsRules *self, PostsPost *post)
{
  static const struct {
    PostsTraits trait;
    PostsReason reason;
  } traits[] = {
    { POSTS_TRAIT_BOT, POSTS_REASON_BOT },
    { POSTS_TRAIT_WITHHELD, POSTS_REASON_WITHHELD },
    { POSTS_TRAIT_LABELLED, POSTS_REASON_LABELLED },
    { POSTS_TRAIT_RESERVED, POSTS_REASON_RESERVED },
    { POSTS_TRAIT_UNKNOWN_AUTHOR, POSTS_REASON_UNKNOWN_AUTHOR },
    { POSTS_TRAIT_REPLY, POSTS_REASON_REPLY },
    { POSTS_TRAIT_REPOST, POSTS_REASON_REPOST },
  };
  PostsReason reasons = POSTS_REASON_NONE;

  for (gsize i = 0; i < G_N_ELEMENTS (traits); i++)
    if ((posts_post_get_traits (post) & traits[i].trait) != 0)
      reasons |= traits[i].reason;
  if (posts_post_is_sensitive (post) || posts_post_get_warning (post) != NULL)
    reasons |= POSTS_REASON_SENSITIVE;
  return reasons;
}

/* Whether it says of everyone since when they are there: whoever it says nothing of is doubtful. */
static gboolean
tells_ages (PostsNetworkKind network)
{
  switch (network) {
  case POSTS_NETWORK_KIND_X:
  case POSTS_NETWORK_KIND_MASTODON:
  case POSTS_NETWORK_KIND_BLUESKY:
  case POSTS_NETWORK_KIND_OWNCAST:
    return TRUE;
  case POSTS_NETWORK_KIND_YOUTUBE:
  case POSTS_NETWORK_KIND_TWITCH:
  case POSTS_NETWORK_KIND_OTHER:
    break;
  }
  return FALSE;
}

static PostsReason
check_author (const Check *check)
{
  PostsPost *post = check->post;
  const gint64 n_followers = posts_post_get_n_followers (post);
  const gint64 n_posts = posts_post_get_n_author_posts (post);
  PostsReason reasons = POSTS_REASON_NONE;

  if (is_younger_than (check, NEW_ACCOUNT_DAYS))
    reasons |= POSTS_REASON_NEW_ACCOUNT;
  if (tells_ages (posts_post_get_network (post)) && posts_post_get_author_created (post) == NULL)
    reasons |= POSTS_REASON_UNKNOWN_AUTHOR;
  if (n_followers >= 0 && n_followers < EMPTY_FOLLOWERS && n_posts > 0 && n_posts < EMPTY_POSTS)
    reasons |= POSTS_REASON_EMPTY_ACCOUNT;
  return reasons;
}

static gboolean
is_disguised (PostsPost *post)
{
  return _posts_rules_is_disguised (posts_post_get_text (post)) ||
         _posts_rules_is_disguised (posts_post_get_author_name (post)) ||
         (posts_post_get_text_flags (post) & (POSTS_TEXT_OVERRIDE | POSTS_TEXT_STACKED)) != 0;
}

static PostsReason
check_words (const Check *check)
{
  PostsPost *post = check->post;
  PostsReason reasons = POSTS_REASON_NONE;

  if (is_adult (check))
    reasons |= POSTS_REASON_ADULT_WORDS;
  if (matches (check, LIST_INSULTS))
    reasons |= POSTS_REASON_INSULT;
  if (check->links == POSTS_LINKS_UNKNOWN)
    reasons |= POSTS_REASON_UNKNOWN_LINK;
  if (is_about_money (check))
    reasons |= POSTS_REASON_MONEY;
  if (_posts_rules_is_noisy (posts_post_get_text (post)))
    reasons |= POSTS_REASON_NOISE;
  if (is_disguised (post))
    reasons |= POSTS_REASON_DISGUISED;
  return reasons;
}

/* What nobody needs to see is hidden; any other doubt is for a human. */
static PostsVerdict
judge (const Check *check, PostsReason reasons)
{
  const PostsReason hide =
    POSTS_REASON_BOT | POSTS_REASON_WITHHELD | POSTS_REASON_REPOST | POSTS_REASON_BLOCKED_AUTHOR;
  const gboolean adult = (reasons & POSTS_REASON_ADULT_WORDS) != 0;

  if ((reasons & hide) != 0 || (adult && check->adult) ||
      ((reasons & POSTS_REASON_EVENT_WORDS) != 0 && check->unwanted) ||
      (adult && check->weak && check->n_signs > 0) || (adult && check->n_signs > 1) ||
      ((reasons & POSTS_REASON_SENSITIVE) != 0 && (reasons & POSTS_REASON_NEW_ACCOUNT) != 0))
    return POSTS_VERDICT_HIDE;
  return reasons != POSTS_REASON_NONE ? POSTS_VERDICT_HOLD : POSTS_VERDICT_PASS;
}

/* Takes what @permitted matches out of @all; frees it. */
static char *
leave_out (GRegex *permitted, char *all)
{
  char *kept = NULL;

  if (permitted != NULL)
    kept = g_regex_replace_literal (permitted, all, -1, 0, "\n", G_REGEX_MATCH_DEFAULT, NULL);
  if (kept == NULL)
    return all;
  g_free (all);
  return kept;
}

static char *
fold_for_lists (PostsRules *self, PostsPost *post)
{
  g_autofree char *text = posts_fold_variants (posts_post_get_text (post));
  g_autofree char *name = posts_fold_variants (posts_post_get_author_name (post));
  g_autofree char *handle = posts_fold (posts_post_get_author_handle (post));
  const char *written = posts_post_get_author_bio (post);
  const char *warned = posts_post_get_warning (post);
  g_autofree char *bio = posts_fold_variants (written != NULL ? written : "");
  g_autofree char *warning = posts_fold_variants (warned != NULL ? warned : "");
  char *all = g_strjoin ("\n", text, name, handle, bio, warning, NULL);

  all = leave_out (lists[LIST_PERMITTED], all);
  return leave_out (self->words[POSTS_WORDS_ALLOWED], all);
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
 * posts_rules_set_languages:
 * @self: the rules
 * @languages: (nullable) (array zero-terminated=1): codes of two letters; `NULL` for any
 *
 * Posts in other languages are held from now on.
 */
void
posts_rules_set_languages (PostsRules *self, const char *const *languages)
{
  g_return_if_fail (POSTS_IS_RULES (self));

  char **copy = g_strdupv ((char **) languages);
  g_strfreev (self->languages);
  self->languages = copy;
}

/**
 * posts_rules_set_words:
 * @self: the rules
 * @list: which list
 * @words: (nullable) (array zero-terminated=1): words or phrases as anybody writes them; `*` stands for any
 *   end of a word
 *
 * The event's own words, besides those that every event has. Counts for posts checked from now on.
 */
void
posts_rules_set_words (PostsRules *self, PostsWords list, const char *const *words)
{
  g_return_if_fail (POSTS_IS_RULES (self));

  g_clear_pointer (&self->words[list], g_regex_unref);
  self->words[list] = _posts_rules_compile (words);
}

/**
 * posts_rules_switch_off:
 * @self: the rules
 * @rules: those that hold nothing back from now on, and no others
 */
void
posts_rules_switch_off (PostsRules *self, PostsReason rules)
{
  g_return_if_fail (POSTS_IS_RULES (self));

  self->off = rules;
}

/**
 * posts_rules_trust_author:
 * @self: the rules
 * @author_id: an author
 * @name: the author's name, that nobody else may have
 *
 * From now on the age, size and speed of this account are no reason.
 */
void
posts_rules_trust_author (PostsRules *self, const char *author_id, const char *name)
{
  g_return_if_fail (POSTS_IS_RULES (self));
  g_return_if_fail (author_id != NULL && name != NULL);

  g_hash_table_replace (self->trusted, g_strdup (author_id), posts_fold (name));
}

void
posts_rules_distrust_author (PostsRules *self, const char *author_id)
{
  g_return_if_fail (POSTS_IS_RULES (self));
  g_return_if_fail (author_id != NULL);

  g_hash_table_remove (self->trusted, author_id);
}

gboolean
posts_rules_trusts_author (PostsRules *self, const char *author_id)
{
  g_return_val_if_fail (POSTS_IS_RULES (self), FALSE);
  g_return_val_if_fail (author_id != NULL, FALSE);

  return g_hash_table_contains (self->trusted, author_id);
}

/**
 * posts_rules_check:
 * @self: the rules
 * @post: a post not checked before: a second one with the same words counts as repeated
 * @verdict: (out) (optional): what to do with it
 *
 * Returns: every reason to hold @post back; `POSTS_REASON_NONE` if there is none
 */
PostsReason
posts_rules_check (PostsRules *self, PostsPost *post, PostsVerdict *verdict)
{
  const PostsReason of_strangers = POSTS_REASON_NEW_ACCOUNT | POSTS_REASON_UNKNOWN_AUTHOR |
                                   POSTS_REASON_EMPTY_ACCOUNT | POSTS_REASON_FREQUENT |
                                   POSTS_REASON_BOT;
  PostsReason reasons = POSTS_REASON_NONE;

  g_return_val_if_fail (POSTS_IS_RULES (self), POSTS_REASON_NONE);
  g_return_val_if_fail (POSTS_IS_POST (post), POSTS_REASON_NONE);

  g_autofree char *folded = fold_for_lists (self, post);
  Check check = { .post = post, .folded = folded, .links = check_links (self, post) };

  check.adult = matches (&check, LIST_ADULT);
  check.weak = matches (&check, LIST_WEAK);
  check.hints = matches (&check, LIST_HINTS);
  check.n_signs = count_signs (&check);
  reasons = check_traits (self, post) | check_author (&check) | check_words (&check);
  check.unwanted = has_own (self, &check, POSTS_WORDS_HIDDEN);
  if (check.unwanted || has_own (self, &check, POSTS_WORDS_HELD))
    reasons |= POSTS_REASON_EVENT_WORDS;
  if (is_repeated (self, post))
    reasons |= POSTS_REASON_REPEATED;
  if (is_frequent (self, post))
    reasons |= POSTS_REASON_FREQUENT;
  if (is_imitation (self, post))
    reasons |= POSTS_REASON_IMITATION;
  if (is_other_language (self, post))
    reasons |= POSTS_REASON_LANGUAGE;
  if (posts_rules_trusts_author (self, posts_post_get_author_id (post)))
    reasons &= ~of_strangers;
  reasons &= ~self->off;
  if (verdict != NULL)
    *verdict = judge (&check, reasons);
  return reasons;
}
