/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "common-util.h"
#include "posts-feed-private.h"
#include "posts-memory.h"
#include "posts-news.h"

#define N_REMEMBERED_IDS 20000
#define MAX_QUEUE        500
#define FLUSH_MS         50 /* at most twenty times in a second */
#define MAX_TURN_US      (5 * 1000)
#define STEADY_US        (60 * G_USEC_PER_SEC)
#define N_SECONDS        60

/**
 * PostsFeed:
 *
 * A network over the internet: its state, how long nothing came, what it counts, when it tries again.
 *
 * A network that derives from it opens connections and tells what happens to them. Main thread only.
 */
typedef struct {
  char *title;
  PostsNetworkState state;
  GError *error;        /* nullable */
  char *token;          /* nullable */
  PostsAccount account; /* its id is NULL: it takes none */
  double pace;
  PostsFeedWeb web;
  const char *way;
  guint silent_ms;
  guint dead_ms;
  gint64 heard_us; /* 0: nothing came yet */
  gint64 live_us;  /* since when it is live; 0: it is not */
  gint64 retry_us; /* when it tries again; 0: it does not wait */
  guint timer_id;  /* of the next try */
  guint watch_id;  /* of the silence */
  guint flush_id;
  guint n_tries; /* since it worked */
  GQueue *queue; /* of PostsNews */
  PostsMemory *known;
  guint64 n_posts;
  guint n_malformed;
  guint n_dropped;
  double cost_usd; /* -1: it costs nothing */
  guint per_second[N_SECONDS];
  gint64 second;
} PostsFeedPrivate;

static void network_init (PostsNetworkInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (PostsFeed, posts_feed, G_TYPE_OBJECT,
                                  G_ADD_PRIVATE (PostsFeed)
                                    G_IMPLEMENT_INTERFACE (POSTS_TYPE_NETWORK, network_init))

enum {
  PROP_0,
  PROP_TITLE,
  PROP_STATE,
  PROP_ERROR,
  N_PROPS
};

static PostsFeedPrivate *
get_private (PostsFeed *self)
{
  return posts_feed_get_instance_private (self);
}

static void
news_free (gpointer data)
{
  PostsNews *news = data;

  g_clear_object (&news->post);
  g_free (news->gone_id);
  g_free (news->gone_author);
  g_free (news);
}

static void
set_state (PostsFeed *self, PostsNetworkState state)
{
  PostsFeedPrivate *priv = get_private (self);

  if (priv->state == state)
    return;
  priv->state = state;
  g_object_notify (G_OBJECT (self), "state");
}

static void
set_error (PostsFeed *self, const GError *error)
{
  if (common_set_error (&get_private (self)->error, error))
    g_object_notify (G_OBJECT (self), "error");
}

static void
close_all (PostsFeed *self)
{
  PostsFeedPrivate *priv = get_private (self);

  g_clear_handle_id (&priv->timer_id, g_source_remove);
  g_clear_handle_id (&priv->watch_id, g_source_remove);
  priv->retry_us = 0;
  priv->live_us = 0;
  _posts_feed_halt_web (self);
  if (POSTS_FEED_GET_CLASS (self)->reset != NULL)
    POSTS_FEED_GET_CLASS (self)->reset (self);
}

static void
posts_feed_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostsFeedPrivate *priv = get_private (POSTS_FEED (object));

  switch (id) {
  case PROP_TITLE:
    g_value_set_string (value, priv->title);
    break;
  case PROP_STATE:
    g_value_set_enum (value, (int) priv->state);
    break;
  case PROP_ERROR:
    g_value_set_boxed (value, priv->error);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
posts_feed_dispose (GObject *object)
{
  PostsFeed *self = POSTS_FEED (object);
  PostsFeedPrivate *priv = get_private (self);

  close_all (self);
  g_clear_handle_id (&priv->flush_id, g_source_remove);
  g_clear_object (&priv->web.session);
  G_OBJECT_CLASS (posts_feed_parent_class)->dispose (object);
}

static void
posts_feed_finalize (GObject *object)
{
  PostsFeedPrivate *priv = get_private (POSTS_FEED (object));

  g_free (priv->title);
  g_clear_error (&priv->error);
  g_free (priv->token);
  g_free (priv->account.secret_id);
  g_free (priv->account.url);
  g_ptr_array_unref (priv->web.ops);
  g_queue_free_full (priv->queue, news_free);
  posts_memory_free (priv->known);
  G_OBJECT_CLASS (posts_feed_parent_class)->finalize (object);
}

static void
posts_feed_class_init (PostsFeedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = posts_feed_get_property;
  object_class->dispose = posts_feed_dispose;
  object_class->finalize = posts_feed_finalize;
  g_object_class_override_property (object_class, PROP_TITLE, "title");
  g_object_class_override_property (object_class, PROP_STATE, "state");
  g_object_class_override_property (object_class, PROP_ERROR, "error");
}

static void
posts_feed_init (PostsFeed *self)
{
  PostsFeedPrivate *priv = get_private (self);

  priv->title = g_strdup ("");
  priv->pace = 1;
  priv->cost_usd = -1;
  priv->queue = g_queue_new ();
  priv->known = posts_memory_new (N_REMEMBERED_IDS);
  priv->web.ops = g_ptr_array_new ();
}

static void
start (PostsNetwork *network)
{
  PostsFeed *self = POSTS_FEED (network);
  PostsFeedPrivate *priv = get_private (self);

  if (priv->state != POSTS_NETWORK_STATE_OFF && priv->state != POSTS_NETWORK_STATE_FAILED &&
      priv->state != POSTS_NETWORK_STATE_ENDED)
    return;
  priv->n_tries = 0;
  set_error (self, NULL);
  _posts_feed_reopen (self);
}

static void
stop (PostsNetwork *network)
{
  PostsFeed *self = POSTS_FEED (network);
  PostsFeedPrivate *priv = get_private (self);

  close_all (self);
  g_clear_handle_id (&priv->flush_id, g_source_remove);
  g_queue_clear_full (priv->queue, news_free);
  set_error (self, NULL);
  set_state (self, POSTS_NETWORK_STATE_OFF);
}

static guint
count_minute (PostsFeedPrivate *priv)
{
  const gint64 now = g_get_monotonic_time () / G_USEC_PER_SEC;
  guint n = 0;

  for (guint i = 0; i < N_SECONDS; i++)
    if (now - priv->second + i < N_SECONDS)
      n += priv->per_second[(priv->second - i + N_SECONDS) % N_SECONDS];
  return n;
}

static void
get_stats (PostsNetwork *network, PostsNetworkStats *stats)
{
  PostsFeedPrivate *priv = get_private (POSTS_FEED (network));
  const gint64 now_us = g_get_monotonic_time ();

  stats->way = priv->way;
  stats->n_posts = priv->n_posts;
  stats->n_malformed = priv->n_malformed;
  stats->n_dropped = priv->n_dropped;
  stats->per_minute = count_minute (priv);
  stats->silent_ms = priv->heard_us != 0 ? (now_us - priv->heard_us) / 1000 : -1;
  stats->wait_ms = priv->retry_us != 0 ? MAX ((priv->retry_us - now_us) / 1000, 0) : -1;
  stats->cost_usd = priv->cost_usd;
}

static void
set_token (PostsNetwork *network, const char *token)
{
  common_set_string (&get_private (POSTS_FEED (network))->token, token);
}

static const PostsAccount *
get_account (PostsNetwork *network)
{
  const PostsFeedPrivate *priv = get_private (POSTS_FEED (network));

  return priv->account.secret_id != NULL ? &priv->account : NULL;
}

static void
test_account (PostsNetwork *network, const char *token, GTask *task)
{
  _posts_feed_test_account (POSTS_FEED (network), token, task);
}

/* While it is made: what its token is called, and the only address it may go to. */
void
_posts_feed_set_account (PostsFeed *self, gboolean is_needed, const char *secret_id,
                         const char *url)
{
  PostsFeedPrivate *priv = get_private (self);

  priv->account.is_needed = is_needed;
  common_set_string (&priv->account.secret_id, secret_id);
  common_set_string (&priv->account.url, url);
}

static void
network_init (PostsNetworkInterface *iface)
{
  iface->get_account = get_account;
  iface->test_account = test_account;
  iface->start = start;
  iface->stop = stop;
  iface->get_stats = get_stats;
  iface->set_token = set_token;
}

void
posts_feed_set_pace (PostsFeed *self, double pace)
{
  g_return_if_fail (POSTS_IS_FEED (self));
  g_return_if_fail (isfinite (pace) && pace > 0);

  get_private (self)->pace = pace;
}

/* As many milliseconds as @ms are at the pace of the feed. */
guint
_posts_feed_pace (PostsFeed *self, guint ms)
{
  return (guint) MAX (ms / get_private (self)->pace, ms > 0 ? 1 : 0);
}

PostsFeedWeb *
_posts_feed_get_web (PostsFeed *self)
{
  return &get_private (self)->web;
}

const char *
_posts_feed_get_token (PostsFeed *self)
{
  return get_private (self)->token;
}

void
_posts_feed_set_title (PostsFeed *self, const char *title)
{
  if (common_set_string (&get_private (self)->title, title))
    g_object_notify (G_OBJECT (self), "title");
}

void
_posts_feed_set_way (PostsFeed *self, const char *way)
{
  get_private (self)->way = way;
}

void
_posts_feed_set_cost (PostsFeed *self, double cost_usd)
{
  get_private (self)->cost_usd = cost_usd;
}

void
_posts_feed_count_malformed (PostsFeed *self, guint n)
{
  get_private (self)->n_malformed += n;
}

static gboolean
open_cb (gpointer user_data)
{
  get_private (user_data)->timer_id = 0;
  _posts_feed_reopen (user_data);
  return G_SOURCE_REMOVE;
}

/* Closes whatever is open and connects at once. */
void
_posts_feed_reopen (PostsFeed *self)
{
  g_autoptr (PostsFeed) kept = g_object_ref (self);

  close_all (self);
  set_state (self, POSTS_NETWORK_STATE_CONNECTING);
  POSTS_FEED_GET_CLASS (self)->open (self);
}

/* Closes whatever is open and connects again after a while. */
void
_posts_feed_retry (PostsFeed *self, guint wait_ms, const GError *error)
{
  PostsFeedPrivate *priv = get_private (self);
  const guint paced_ms = _posts_feed_pace (self, wait_ms);

  if (priv->live_us != 0 && g_get_monotonic_time () - priv->live_us > STEADY_US)
    priv->n_tries = 0;
  close_all (self);
  priv->n_tries++;
  priv->retry_us = g_get_monotonic_time () + (gint64) paced_ms * 1000;
  priv->timer_id = g_timeout_add (paced_ms, open_cb, self);
  set_error (self, error);
  set_state (self, POSTS_NETWORK_STATE_WAITING);
}

/* The same; each time in a row it waits for the next of the steps, and a bit less, so that not
 * everyone comes back at once. */
void
_posts_feed_retry_steps (PostsFeed *self, const guint *steps_ms, guint n_steps, const GError *error)
{
  PostsFeedPrivate *priv = get_private (self);

  if (priv->live_us != 0 && g_get_monotonic_time () - priv->live_us > STEADY_US)
    priv->n_tries = 0;
  _posts_feed_retry (
    self, (guint) (steps_ms[MIN (priv->n_tries, n_steps - 1)] * g_random_double_range (0.5, 1.0)),
    error);
}

/* A human has to do something first. */
void
_posts_feed_refuse (PostsFeed *self, const GError *error)
{
  close_all (self);
  set_error (self, error);
  set_state (self, POSTS_NETWORK_STATE_FAILED);
}

/* There is nothing more to come. */
void
_posts_feed_end (PostsFeed *self)
{
  close_all (self);
  set_error (self, NULL);
  set_state (self, POSTS_NETWORK_STATE_ENDED);
}

/* It goes on, but not as well as it could. */
void
_posts_feed_warn (PostsFeed *self, const GError *error)
{
  set_error (self, error);
}

/* For how long nothing may come until it counts as silent, and until it counts as dead; 0: for ever. */
void
_posts_feed_set_limits (PostsFeed *self, guint silent_ms, guint dead_ms)
{
  PostsFeedPrivate *priv = get_private (self);

  priv->silent_ms = _posts_feed_pace (self, silent_ms);
  priv->dead_ms = _posts_feed_pace (self, dead_ms);
}

static void watch (PostsFeed *self);

static gboolean
watch_cb (gpointer user_data)
{
  PostsFeed *self = user_data;
  PostsFeedPrivate *priv = get_private (self);
  const gint64 age_ms = (g_get_monotonic_time () - priv->heard_us) / 1000;

  priv->watch_id = 0;
  if (age_ms >= priv->dead_ms) {
    g_autoptr (GError) error =
      g_error_new (POSTS_ERROR, POSTS_ERROR_SILENT, "nothing came for %u s", priv->dead_ms / 1000);

    _posts_feed_retry (self, 0, error);
    return G_SOURCE_REMOVE;
  }
  if (age_ms >= priv->silent_ms)
    set_state (self, POSTS_NETWORK_STATE_SILENT);
  watch (self);
  return G_SOURCE_REMOVE;
}

static void
watch (PostsFeed *self)
{
  PostsFeedPrivate *priv = get_private (self);
  const gint64 age_ms = (g_get_monotonic_time () - priv->heard_us) / 1000;
  const gint64 until_ms = age_ms < priv->silent_ms ? priv->silent_ms : priv->dead_ms;

  if (priv->dead_ms > 0)
    priv->watch_id = g_timeout_add ((guint) MAX (until_ms - age_ms, 1), watch_cb, self);
}

/* Something came, if only a sign of life. */
void
_posts_feed_heard (PostsFeed *self)
{
  PostsFeedPrivate *priv = get_private (self);

  priv->heard_us = g_get_monotonic_time ();
  if (priv->state == POSTS_NETWORK_STATE_SILENT)
    set_state (self, POSTS_NETWORK_STATE_LIVE);
}

/* It works now. */
void
_posts_feed_live (PostsFeed *self)
{
  PostsFeedPrivate *priv = get_private (self);

  _posts_feed_heard (self);
  if (priv->live_us == 0) {
    priv->live_us = g_get_monotonic_time ();
    watch (self);
  }
  set_error (self, NULL);
  set_state (self, POSTS_NETWORK_STATE_LIVE);
}

static void
count_post (PostsFeedPrivate *priv, const char *id)
{
  const gint64 second = g_get_monotonic_time () / G_USEC_PER_SEC;

  if (posts_memory_lookup (priv->known, id, NULL))
    return;
  posts_memory_remember (priv->known, id, 1);
  priv->n_posts++;
  if (second - priv->second >= N_SECONDS)
    priv->second = second - N_SECONDS;
  while (priv->second < second)
    priv->per_second[++priv->second % N_SECONDS] = 0;
  priv->per_second[second % N_SECONDS]++;
}

/* Whether a post of that id came before, as far as it is remembered. */
gboolean
_posts_feed_knows (PostsFeed *self, const char *id)
{
  return posts_memory_lookup (get_private (self)->known, id, NULL);
}

static gboolean
flush_cb (gpointer user_data)
{
  g_autoptr (PostsFeed) self = g_object_ref (user_data);
  PostsFeedPrivate *priv = get_private (self);
  const gint64 start_us = g_get_monotonic_time ();

  /* Whoever gets the signal may stop the feed, which empties the queue. */
  while (!g_queue_is_empty (priv->queue) && g_get_monotonic_time () - start_us < MAX_TURN_US) {
    PostsNews *news = g_queue_pop_head (priv->queue);

    if (news->post != NULL)
      g_signal_emit_by_name (self, "post", news->post);
    else if (news->gone_id != NULL)
      g_signal_emit_by_name (self, "taken-down", news->gone_id);
    else
      g_signal_emit_by_name (self, "author-gone", news->gone_author);
    news_free (news);
  }
  if (!g_queue_is_empty (priv->queue))
    return G_SOURCE_CONTINUE;
  priv->flush_id = 0;
  return G_SOURCE_REMOVE;
}

/* In a flood the oldest posts that wait go; what is taken down is never lost. */
static void
drop_oldest (PostsFeedPrivate *priv)
{
  for (GList *l = priv->queue->head; l != NULL; l = l->next) {
    PostsNews *news = l->data;

    if (news->post != NULL) {
      g_queue_delete_link (priv->queue, l);
      news_free (news);
      priv->n_dropped++;
      return;
    }
  }
}

/* What came, in its order: it is told soon, a bit at a time. */
void
_posts_feed_take (PostsFeed *self, GPtrArray *news)
{
  PostsFeedPrivate *priv = get_private (self);

  for (guint i = 0; i < news->len; i++) {
    PostsNews *each = news->pdata[i];

    if (each->post != NULL) {
      priv->n_tries = 0;
      count_post (priv, posts_post_get_id (each->post));
    }
    if (g_queue_get_length (priv->queue) >= MAX_QUEUE)
      drop_oldest (priv);
    g_queue_push_tail (priv->queue, g_memdup2 (each, sizeof *each));
    *each = (PostsNews){ 0 };
  }
  g_ptr_array_set_size (news, 0);
  if (!g_queue_is_empty (priv->queue) && priv->flush_id == 0)
    priv->flush_id = g_timeout_add (FLUSH_MS, flush_cb, self);
}
