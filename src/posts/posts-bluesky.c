/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-bluesky-parser.h"
#include "posts-bluesky.h"
#include "posts-feed-private.h"

#define REWIND_US    (5 * G_USEC_PER_SEC) /* the times of a stream are not in order */
#define BATCH_MS     1000
#define MAX_BATCH    25
#define AGAIN_MS     (10 * 1000) /* a profile that is not there may come */
#define MAX_AGE_US   (60 * G_TIME_SPAN_MINUTE)
#define MAX_PROFILES 20000
#define MAX_PENDING  5000
#define MAX_FAILURES 3
#define MAX_WAIT_S   300
#define SILENT_MS    (45 * 1000)
#define DEAD_MS      (65 * 1000)

static const guint steps_ms[] = { 1000, 2000, 5000, 10000, 30000, 60000 };

/* Any of them has the whole network. */
static const char *const hosts[] = {
  "wss://jetstream2.us-east.bsky.network",
  "wss://jetstream1.us-west.bsky.network",
  "wss://jetstream1.us-east.bsky.network",
  "wss://jetstream2.us-west.bsky.network",
};

#define HOST_V2 "wss://jetstream.us-east.bsky.network"
#define PATH_V1 "/subscribe?wantedCollections=app.bsky.feed.post"
#define PATH_V2                                                                            \
  "/xrpc/network.bsky.jetstream.subscribeEvents?kinds=commit&kinds=account&kinds=identity" \
  "&collections=app.bsky.feed.post"

/**
 * PostsBluesky:
 *
 * The posts with some tags on Bluesky.
 *
 * Every post of the network comes by on a Jetstream, without the names of the authors: those with a tag
 * are kept until their author's profile is there. After an outage the stream goes on where it was. Main
 * thread only.
 */
struct _PostsBluesky {
  PostsFeed parent_instance;
  char *stream; /* nullable: any host */
  char *profiles;
  guint host;
  PostsTags *tags;
  gboolean v2;         /* the server does not speak the first version any more */
  gint64 newest_us;    /* 0: nothing came yet */
  gint64 newest_seq;   /* the same in the second version, which counts */
  gboolean no_cursor;  /* the server did not like it */
  GHashTable *authors; /* DID → Known */
  GHashTable *pending; /* DID → Waiting */
  GQueue *wanted;      /* of DID: whose profiles are to be asked for */
  GStrv asked;         /* nullable: those that are asked for now */
  guint n_failures;
  gint64 next_batch_us;
  guint batch_id;
};

typedef struct {
  PostsBlueskyAuthor *author; /* borrowed from the list */
  GPtrArray *list;            /* of an answer */
  gint64 since_us;
} Known;

typedef struct {
  GPtrArray *posts; /* of PostsPost */
  guint n_asked;
  guint again_id;
  PostsBluesky *self;
  char *did;
} Waiting;

G_DEFINE_FINAL_TYPE (PostsBluesky, posts_bluesky, POSTS_TYPE_FEED)

static void ask_soon (PostsBluesky *self, guint wait_ms);

static void
known_free (gpointer data)
{
  Known *known = data;

  g_ptr_array_unref (known->list);
  g_free (known);
}

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;

  g_clear_handle_id (&waiting->again_id, g_source_remove);
  g_ptr_array_unref (waiting->posts);
  g_free (waiting->did);
  g_free (waiting);
}

static void
reset (PostsFeed *feed)
{
  PostsBluesky *self = POSTS_BLUESKY (feed);

  g_clear_handle_id (&self->batch_id, g_source_remove);
  if (self->asked == NULL)
    return;
  for (gsize i = 0; self->asked[i] != NULL; i++)
    g_queue_push_tail (self->wanted, g_strdup (self->asked[i]));
  g_clear_pointer (&self->asked, g_strfreev);
}

static void
posts_bluesky_finalize (GObject *object)
{
  PostsBluesky *self = POSTS_BLUESKY (object);

  g_free (self->stream);
  g_free (self->profiles);
  posts_tags_unref (self->tags);
  g_hash_table_unref (self->authors);
  g_hash_table_unref (self->pending);
  g_queue_free_full (self->wanted, g_free);
  G_OBJECT_CLASS (posts_bluesky_parent_class)->finalize (object);
}

static void
tell (PostsBluesky *self, PostsPost *post)
{
  g_autoptr (GPtrArray) news = posts_news_new ();

  posts_news_add_post (news, post);
  _posts_feed_take (POSTS_FEED (self), news);
}

/* The posts of an author come out: with a name, or so that they are held back. */
static void
release (PostsBluesky *self, const char *did, const PostsBlueskyAuthor *author)
{
  Waiting *waiting = g_hash_table_lookup (self->pending, did);

  if (waiting == NULL)
    return;
  for (guint i = 0; i < waiting->posts->len; i++)
    tell (self, author != NULL ? posts_bluesky_sign (waiting->posts->pdata[i], author)
                               : g_object_ref (waiting->posts->pdata[i]));
  g_hash_table_remove (self->pending, did);
}

static gboolean
again_cb (gpointer user_data)
{
  Waiting *waiting = user_data;

  waiting->again_id = 0;
  g_queue_push_tail (waiting->self->wanted, g_strdup (waiting->did));
  ask_soon (waiting->self, 0);
  return G_SOURCE_REMOVE;
}

/* The answer does not have the author: not known, or not known yet. */
static void
miss (PostsBluesky *self, const char *did)
{
  Waiting *waiting = g_hash_table_lookup (self->pending, did);

  if (waiting == NULL || waiting->again_id != 0)
    return;
  if (++waiting->n_asked > 1)
    release (self, did, NULL);
  else
    waiting->again_id =
      g_timeout_add (_posts_feed_pace (POSTS_FEED (self), AGAIN_MS), again_cb, waiting);
}

static void
learn (PostsBluesky *self, GPtrArray *authors)
{
  if (g_hash_table_size (self->authors) > MAX_PROFILES)
    g_hash_table_remove_all (self->authors);
  for (guint i = 0; i < authors->len; i++) {
    PostsBlueskyAuthor *author = authors->pdata[i];
    Known *known = g_new0 (Known, 1);

    known->author = author;
    known->list = g_ptr_array_ref (authors);
    known->since_us = g_get_monotonic_time ();
    g_hash_table_replace (self->authors, g_strdup (author->did), known);
    release (self, author->did, author);
  }
}

/* How long the profiles' server wants us to wait; less each time it does not say. */
static guint
get_wait_ms (PostsBluesky *self, SoupMessage *message)
{
  const char *reset_at =
    message != NULL ? soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                    "ratelimit-reset")
                    : NULL;
  const gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  guint64 then_s = 0;

  if (reset_at != NULL && g_ascii_string_to_unsigned (reset_at, 10, 0, G_MAXINT64, &then_s, NULL))
    return (guint) CLAMP ((gint64) then_s - now_s, 5, MAX_WAIT_S) * 1000;
  return steps_ms[MIN (self->n_failures, G_N_ELEMENTS (steps_ms) - 1)];
}

static void
profiles_failed (PostsBluesky *self, GStrv dids, SoupMessage *message, const GError *error)
{
  const guint wait_ms = get_wait_ms (self, message);
  const gboolean give_up = ++self->n_failures > MAX_FAILURES;

  g_message ("%s: no profiles: %s", self->profiles,
             error != NULL ? error->message : soup_message_get_reason_phrase (message));
  for (gsize i = 0; dids[i] != NULL; i++) {
    if (give_up)
      release (self, dids[i], NULL);
    else
      g_queue_push_tail (self->wanted, g_strdup (dids[i]));
  }
  ask_soon (self, wait_ms);
}

static void
profiles_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
             gpointer user_data)
{
  PostsBluesky *self = POSTS_BLUESKY (feed);
  g_auto (GStrv) dids = g_steal_pointer (&self->asked);
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;
  g_autoptr (GPtrArray) authors = NULL;

  if (error == NULL && soup_message_get_status (message) == 200 && data != NULL)
    authors = posts_bluesky_read_profiles (data, length);
  if (authors == NULL) {
    profiles_failed (self, dids, error == NULL ? message : NULL, error);
    return;
  }
  self->n_failures = 0;
  learn (self, authors);
  for (gsize i = 0; dids[i] != NULL; i++)
    miss (self, dids[i]);
  ask_soon (self, 0);
}

static gboolean
batch_cb (gpointer user_data)
{
  PostsBluesky *self = user_data;
  g_autoptr (GString) path = g_string_new ("/xrpc/app.bsky.actor.getProfiles");
  g_autoptr (GStrvBuilder) dids = g_strv_builder_new ();
  guint n = 0;

  self->batch_id = 0;
  while (n < MAX_BATCH && !g_queue_is_empty (self->wanted)) {
    g_autofree char *did = g_queue_pop_head (self->wanted);
    g_autofree char *escaped = g_uri_escape_string (did, ":", FALSE);

    if (!g_hash_table_contains (self->pending, did))
      continue;
    g_string_append_printf (path, "%cactors=%s", n++ == 0 ? '?' : '&', escaped);
    g_strv_builder_add (dids, did);
  }
  if (n == 0)
    return G_SOURCE_REMOVE;

  SoupMessage *message =
    _posts_feed_make_message (POSTS_FEED (self), "GET", self->profiles, path->str, FALSE);
  if (message == NULL)
    return G_SOURCE_REMOVE;
  self->asked = g_strv_builder_end (dids);
  self->next_batch_us =
    g_get_monotonic_time () + (gint64) _posts_feed_pace (POSTS_FEED (self), BATCH_MS) * 1000;
  _posts_feed_fetch (POSTS_FEED (self), message, profiles_cb, NULL);
  return G_SOURCE_REMOVE;
}

/* One question at a time, with many names in it. */
static void
ask_soon (PostsBluesky *self, guint wait_ms)
{
  const gint64 rest_ms = (self->next_batch_us - g_get_monotonic_time ()) / 1000;

  if (self->asked != NULL || self->batch_id != 0 || g_queue_is_empty (self->wanted))
    return;
  self->batch_id =
    g_timeout_add ((guint) MAX (_posts_feed_pace (POSTS_FEED (self), wait_ms), MAX (rest_ms, 0)),
                   batch_cb, self);
}

static void
take_post (PostsBluesky *self, const char *did, PostsPost *post)
{
  const Known *known = g_hash_table_lookup (self->authors, did);
  Waiting *waiting = g_hash_table_lookup (self->pending, did);

  if (known != NULL && g_get_monotonic_time () - known->since_us < MAX_AGE_US) {
    tell (self, posts_bluesky_sign (post, known->author));
    return;
  }
  if (waiting == NULL && g_hash_table_size (self->pending) >= MAX_PENDING) {
    tell (self, g_object_ref (post));
    return;
  }
  if (waiting == NULL) {
    waiting = g_new0 (Waiting, 1);
    waiting->posts = g_ptr_array_new_with_free_func (g_object_unref);
    waiting->self = self;
    waiting->did = g_strdup (did);
    g_hash_table_insert (self->pending, g_strdup (did), waiting);
    g_queue_push_tail (self->wanted, g_strdup (did));
  }
  g_ptr_array_add (waiting->posts, g_object_ref (post));
  ask_soon (self, 0);
}

/* Also while it waits for its author. */
static void
take_gone (PostsBluesky *self, const char *did, const char *id)
{
  Waiting *waiting = g_hash_table_lookup (self->pending, did);
  g_autoptr (GPtrArray) news = posts_news_new ();
  gboolean waited = FALSE;

  for (guint i = waiting != NULL ? waiting->posts->len : 0; i > 0; i--)
    if (g_str_equal (posts_post_get_id (waiting->posts->pdata[i - 1]), id)) {
      g_ptr_array_remove_index (waiting->posts, i - 1);
      waited = TRUE;
    }
  if (!waited && !_posts_feed_knows (POSTS_FEED (self), id))
    return;
  posts_news_add_gone (news, g_strdup (id));
  _posts_feed_take (POSTS_FEED (self), news);
}

static void
take_event (PostsBluesky *self, const PostsBlueskyEvent *event)
{
  g_autoptr (GPtrArray) news = posts_news_new ();

  if (event->post != NULL)
    take_post (self, event->did, event->post);
  if (event->gone_id != NULL)
    take_gone (self, event->did, event->gone_id);
  if (event->untagged_id != NULL)
    take_gone (self, event->did, event->untagged_id);
  if (event->handle != NULL)
    g_hash_table_remove (self->authors, event->did);
  if (event->gone) {
    g_hash_table_remove (self->authors, event->did);
    g_hash_table_remove (self->pending, event->did);
    posts_news_add_gone_author (news, g_strconcat ("bluesky:", event->did, NULL));
    _posts_feed_take (POSTS_FEED (self), news);
  }
}

/* Without parsing: most messages are not looked at any closer. */
static gint64
find_number (const char *data, gsize length, const char *key)
{
  const char *found = g_strstr_len (data, (gssize) MIN (length, 512), key);
  gint64 number = 0;

  if (found == NULL)
    return 0;
  for (const char *p = found + strlen (key); p < data + length && g_ascii_isdigit (*p); p++) {
    if (number > G_MAXINT64 / 100)
      return 0;
    number = number * 10 + g_ascii_digit_value (*p);
  }
  return number;
}

static void
note_place (PostsBluesky *self, const char *data, gsize length)
{
  const gint64 now_us = g_get_real_time ();
  gint64 time_us = 0;

  if (self->v2) {
    self->newest_seq = MAX (self->newest_seq, find_number (data, length, "\"seq\":"));
    return;
  }
  time_us = find_number (data, length, "\"time_us\":");
  /* A time to come would skip everything until then. */
  if (time_us <= now_us + G_USEC_PER_SEC * 60)
    self->newest_us = MAX (self->newest_us, time_us);
}

/* Where to go on: a bit before the newest, whose order is not kept. */
static gint64
get_cursor (PostsBluesky *self)
{
  return self->v2 ? self->newest_seq : MAX (self->newest_us - REWIND_US, 0);
}

static void
text_cb (PostsFeed *feed, const char *data, gsize length, gpointer user_data)
{
  PostsBluesky *self = POSTS_BLUESKY (feed);
  g_auto (PostsBlueskyEvent) event = { 0 };

  if (data != NULL)
    note_place (self, data, length);
  if (data == NULL || !posts_bluesky_matters (self->tags, data, length)) {
    if (data == NULL)
      _posts_feed_count_malformed (feed, 1);
    return;
  }
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  if (!posts_bluesky_read (data, length, self->tags, now, &event))
    _posts_feed_count_malformed (feed, 1);
  take_event (self, &event);
}

static void
opened_cb (PostsFeed *feed, SoupMessage *message, gpointer user_data)
{
  _posts_feed_live (feed);
  ask_soon (POSTS_BLUESKY (feed), 0);
}

static void
ended_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *cause,
          gpointer user_data)
{
  PostsBluesky *self = POSTS_BLUESKY (feed);
  const guint status = message != NULL ? soup_message_get_status (message) : 0;
  g_autoptr (GError) error = NULL;

  if ((status == 404 || status == 410) && !self->v2) {
    self->v2 = TRUE;
    _posts_feed_reopen (feed);
    return;
  }
  if (status == 400 && get_cursor (self) > 0 && !self->no_cursor) {
    self->no_cursor = TRUE;
    _posts_feed_reopen (feed);
    return;
  }
  self->host++;
  if (status >= 400 && status < 500 && status != 429 && self->stream != NULL) {
    error = g_error_new (POSTS_ERROR, POSTS_ERROR_REFUSED, "%s answers %u", self->stream, status);
    _posts_feed_refuse (feed, error);
    return;
  }
  error = g_error_new (POSTS_ERROR, status == 429 ? POSTS_ERROR_BUSY : POSTS_ERROR_SOURCE, "%s",
                       cause != NULL ? cause->message : "the server ended the stream");
  _posts_feed_retry_steps (feed, steps_ms, G_N_ELEMENTS (steps_ms), error);
}

static void
open_feed (PostsFeed *feed)
{
  PostsBluesky *self = POSTS_BLUESKY (feed);
  const char *host = self->v2 ? HOST_V2 : hosts[self->host % G_N_ELEMENTS (hosts)];
  const char *base = self->stream != NULL ? self->stream : host;
  g_autoptr (GString) path = g_string_new (self->v2 ? PATH_V2 : PATH_V1);
  SoupMessage *message = NULL;

  if (get_cursor (self) > 0 && !self->no_cursor)
    g_string_append_printf (path, "&cursor=%" G_GINT64_FORMAT, get_cursor (self));
  self->no_cursor = FALSE;
  message = _posts_feed_make_message (feed, "GET", base, path->str, FALSE);
  if (message == NULL) {
    g_autoptr (GError) error =
      g_error_new (POSTS_ERROR, POSTS_ERROR_REFUSED, "“%s” is no address of a server", base);

    _posts_feed_refuse (feed, error);
    return;
  }
  _posts_feed_set_way (feed, "websocket");
  _posts_feed_set_limits (feed, SILENT_MS, DEAD_MS);
  _posts_feed_websocket (feed, message, NULL, opened_cb, text_cb, ended_cb);
}

static void
posts_bluesky_class_init (PostsBlueskyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = posts_bluesky_finalize;
  POSTS_FEED_CLASS (klass)->open = open_feed;
  POSTS_FEED_CLASS (klass)->reset = reset;
}

static void
posts_bluesky_init (PostsBluesky *self)
{
  self->authors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_free);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, waiting_free);
  self->wanted = g_queue_new ();
}

/**
 * posts_bluesky_new:
 * @stream: (nullable): where the Jetstream is, `wss://…`; `NULL` for those of Bluesky, in turn
 * @profiles: (nullable): where profiles are, `https://…`; `NULL` for those of Bluesky
 * @tags: (array zero-terminated=1): the event's tags without `#`, at least one
 *
 * Returns: (transfer full): a network that has not been started
 */
PostsBluesky *
posts_bluesky_new (const char *stream, const char *profiles, const char *const *tags)
{
  g_return_val_if_fail (tags != NULL && tags[0] != NULL, NULL);

  PostsBluesky *self = g_object_new (POSTS_TYPE_BLUESKY, NULL);

  self->stream = g_strdup (stream);
  self->profiles = g_strdup (profiles != NULL ? profiles : POSTS_BLUESKY_PROFILES);
  self->tags = posts_tags_new (tags);
  _posts_feed_set_title (POSTS_FEED (self), "Bluesky");
  return self;
}
