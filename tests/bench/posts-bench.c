/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "posts-bluesky.h"
#include "posts-desk-store.h"
#include "posts-desk.h"
#include "posts-mastodon-parser.h"
#include "posts-mastodon.h"

/* What bench-posts.py measures: posts from a network to the desk, a day of posts on the disk, and what
 * parsing costs. It says what it found as one JSON object.
 *   posts-bench mastodon|bluesky SERVER PROFILES SECONDS
 *   posts-bench day STORE N · posts-bench open STORE · posts-bench parse FILE */

#define TAG          "NuitSolidaire26"
#define MAX_LATENCY  100000
#define N_AUTHORS    5000
#define TIME_IN_TEXT "at="

static GMainLoop *loop;
static GPollFunc real_poll;
static gint64 woke_us; /* when the main loop began to do something; 0: it waits */
static gint64 longest_us;
static gint64 woke_cpu_us; /* the same in time of the processor, which others do not take away */
static gint64 longest_cpu_us;
static GArray *latencies_us;
static guint n_on_desk;
static guint n_gone;

static gint64
get_thread_cpu_us (void)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* Times what the main loop does between two waits. */
static gint
timed_poll (GPollFD *fds, guint n_fds, gint timeout_ms)
{
  const gint64 now_us = g_get_monotonic_time ();
  gint result = 0;

  if (woke_us != 0) {
    longest_us = MAX (longest_us, now_us - woke_us);
    longest_cpu_us = MAX (longest_cpu_us, get_thread_cpu_us () - woke_cpu_us);
  }
  result = real_poll (fds, n_fds, timeout_ms);
  woke_us = g_get_monotonic_time ();
  woke_cpu_us = get_thread_cpu_us ();
  return result;
}

static double
get_cpu_s (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double
get_memory_mb (void)
{
  g_autofree char *text = NULL;
  const char *line = NULL;

  g_file_get_contents ("/proc/self/status", &text, NULL, NULL);
  line = text != NULL ? strstr (text, "VmRSS:") : NULL;
  return line != NULL ? (double) g_ascii_strtoll (line + 6, NULL, 10) / 1024 : -1;
}

/* The text says when it was written to the wire, on the same clock. */
static void
note_latency (PostsPost *post)
{
  const char *text = strstr (posts_post_get_text (post), TIME_IN_TEXT);
  gint64 spent_us = 0;

  if (text == NULL || latencies_us->len >= MAX_LATENCY)
    return;
  spent_us = g_get_monotonic_time () - g_ascii_strtoll (text + strlen (TIME_IN_TEXT), NULL, 10);
  g_array_append_val (latencies_us, spent_us);
}

static void
items_changed_cb (GListModel *list, guint position, guint n_removed, guint n_added)
{
  n_gone += n_removed;
  n_on_desk += n_added;
  for (guint i = 0; i < n_added; i++) {
    g_autoptr (PostsItem) item = g_list_model_get_item (list, position + i);

    note_latency (posts_item_get_post (item));
  }
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const gint64 first = *(const gint64 *) a;
  const gint64 second = *(const gint64 *) b;

  return first < second ? -1 : first > second;
}

static double
get_latency_ms (double part)
{
  if (latencies_us->len == 0)
    return -1;
  return (double) g_array_index (latencies_us, gint64, (guint) ((latencies_us->len - 1) * part)) /
         1000;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
say_network (PostsNetwork *network, double cpu_s, double seconds, double before_mb)
{
  PostsNetworkStats stats = { 0 };

  posts_network_get_stats (network, &stats);
  g_array_sort (latencies_us, compare);
  printf ("{\"posts\": %" G_GUINT64_FORMAT ", \"dropped\": %u, \"malformed\": %u, \"on-desk\": %u, "
          "\"seconds\": %.2f, \"cores\": %.4f, \"longest-turn-ms\": %.1f, "
          "\"longest-turn-cpu-ms\": %.1f, \"memory-mb\": %.1f, "
          "\"more-mb\": %.1f, \"latency-ms\": [%.1f, %.1f, %.1f]}\n",
          stats.n_posts, stats.n_dropped, stats.n_malformed, n_on_desk, seconds, cpu_s / seconds,
          (double) longest_us / 1000, (double) longest_cpu_us / 1000, get_memory_mb (),
          get_memory_mb () - before_mb, get_latency_ms (0.5), get_latency_ms (0.99),
          get_latency_ms (1));
}

static void
listen_to (PostsNetwork *network, guint seconds)
{
  static const PostsState states[] = { POSTS_STATE_INCOMING, POSTS_STATE_HELD, POSTS_STATE_HIDDEN };
  PostsDesk *desk = posts_desk_new ();
  const double before_mb = get_memory_mb ();
  const double cpu_s = get_cpu_s ();
  const gint64 start_us = g_get_monotonic_time ();

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    g_signal_connect (posts_desk_get_list (desk, states[i]), "items-changed",
                      G_CALLBACK (items_changed_cb), NULL);
  g_signal_connect_object (network, "post", G_CALLBACK (posts_desk_add), desk, G_CONNECT_SWAPPED);
  loop = g_main_loop_new (NULL, FALSE);
  real_poll = g_main_context_get_poll_func (NULL);
  g_main_context_set_poll_func (NULL, timed_poll);
  g_timeout_add_seconds (seconds, quit_cb, NULL);
  posts_network_start (network);
  g_main_loop_run (loop);
  say_network (network, get_cpu_s () - cpu_s,
               (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC, before_mb);
  posts_network_stop (network);
  g_object_unref (network);
  g_object_unref (desk);
}

static PostsPost *
make_post (guint nth)
{
  g_autofree char *id = g_strdup_printf ("mastodon:a.example:%u", 1000000 + nth);
  g_autofree char *author_id = g_strdup_printf ("mastodon:author%u@a.example", nth % N_AUTHORS);
  g_autofree char *text =
    g_strdup_printf ("Message %u de la salle, où il fait chaud et où l'on rit. #" TAG, nth);
  g_autofree char *url = g_strdup_printf ("https://a.example/@author/%u", nth);
  g_autoptr (GDateTime) born = g_date_time_new_utc (2019, 3, 4, 0, 0, 0);
  const PostsPostFields fields = { .id = id,
                                   .network = POSTS_NETWORK_KIND_MASTODON,
                                   .uri = url,
                                   .author_id = author_id,
                                   .author_name = "Léa Marchand",
                                   .author_handle = author_id + strlen ("mastodon"),
                                   .author_created = born,
                                   .n_followers = 120,
                                   .n_author_posts = 40,
                                   .text = text,
                                   .url = url,
                                   .language = "fr" };

  return posts_post_new (&fields);
}

/* A yes counts when the disk has it, and with it everything before: a day's posts do not come at once. */
static void
wait_for_disk (PostsDesk *desk, guint nth)
{
  g_autofree char *id = g_strdup_printf ("mastodon:a.example:%u", 1000000 + nth);
  g_autoptr (GError) error = NULL;

  if (!posts_desk_approve (desk, id, &error))
    return;
  while (posts_item_get_state (posts_desk_find (desk, id)) != POSTS_STATE_APPROVED)
    g_main_context_iteration (NULL, TRUE);
}

static void
fill_day (const char *path, guint n)
{
  PostsDesk *desk = posts_desk_new ();
  const double before_mb = get_memory_mb ();
  const gint64 start_us = g_get_monotonic_time ();
  gint64 filled_us = 0;
  double filled_mb = 0;

  posts_desk_open_store (desk, path);
  for (guint i = 0; i < n; i++) {
    g_autoptr (PostsPost) post = make_post (i);

    posts_desk_add (desk, post);
    if (i % 500 == 499)
      wait_for_disk (desk, i);
  }
  filled_us = g_get_monotonic_time ();
  posts_desk_close_store (desk);
  malloc_trim (0);
  filled_mb = get_memory_mb ();
  printf (
    "{\"more-mb\": %.1f, \"memory-mb\": %.1f, \"us-each\": %.1f, \"on-disk-after-ms\": %.0f}\n",
    filled_mb - before_mb, filled_mb, (double) (filled_us - start_us) / n,
    (double) (g_get_monotonic_time () - filled_us) / 1000);
  g_object_unref (desk);
}

static guint
count (PostsDesk *desk)
{
  return posts_desk_get_count (desk, POSTS_STATE_INCOMING) +
         posts_desk_get_count (desk, POSTS_STATE_APPROVED) +
         posts_desk_get_count (desk, POSTS_STATE_HELD) +
         posts_desk_get_count (desk, POSTS_STATE_HIDDEN);
}

static void
open_day (const char *path, guint n)
{
  PostsDesk *desk = posts_desk_new ();
  const double before_mb = get_memory_mb ();
  const double cpu_s = get_cpu_s ();
  const gint64 start_us = g_get_monotonic_time ();

  real_poll = g_main_context_get_poll_func (NULL);
  g_main_context_set_poll_func (NULL, timed_poll);
  posts_desk_open_store (desk, path);
  while (count (desk) < n && g_get_monotonic_time () - start_us < 120 * G_USEC_PER_SEC)
    g_main_context_iteration (NULL, TRUE);
  g_main_context_iteration (NULL, FALSE);
  printf ("{\"posts\": %u, \"open-ms\": %.0f, \"cpu-s\": %.2f, \"longest-turn-ms\": %.1f, "
          "\"longest-turn-cpu-ms\": %.1f, \"more-mb\": %.1f, \"memory-mb\": %.1f}\n",
          count (desk), (double) (g_get_monotonic_time () - start_us) / 1000, get_cpu_s () - cpu_s,
          (double) longest_us / 1000, (double) longest_cpu_us / 1000, get_memory_mb () - before_mb,
          get_memory_mb ());
  posts_desk_close_store (desk);
  g_object_unref (desk);
}

/* Posts as they come, one a line: read, cleaned, made. */
static void
parse (const char *path)
{
  g_autofree char *data = NULL;
  gsize length = 0;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  double cpu_s = 0;
  guint n = 0;

  if (!g_file_get_contents (path, &data, &length, NULL))
    return;
  cpu_s = get_cpu_s ();
  for (char *line = data; line < data + length;) {
    char *end = strchr (line, '\n');
    g_autoptr (GPtrArray) news = posts_news_new ();

    if (end == NULL)
      break;
    *end = '\0';
    posts_mastodon_read_event ("update", line, (gsize) (end - line), "a.example", now, news);
    n += news->len;
    line = end + 1;
  }
  printf ("{\"posts\": %u, \"cpu-s\": %.3f}\n", n, get_cpu_s () - cpu_s);
}

int
main (int argc, char *argv[])
{
  static const char *const tags[] = { TAG, NULL };

  latencies_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (argc == 5 && g_str_equal (argv[1], "mastodon"))
    listen_to (POSTS_NETWORK (posts_mastodon_new (argv[2], tags)), (guint) atoi (argv[4]));
  else if (argc == 5 && g_str_equal (argv[1], "bluesky"))
    listen_to (POSTS_NETWORK (posts_bluesky_new (argv[2], argv[3], tags)), (guint) atoi (argv[4]));
  else if (argc == 4 && g_str_equal (argv[1], "day"))
    fill_day (argv[2], (guint) atoi (argv[3]));
  else if (argc == 4 && g_str_equal (argv[1], "open"))
    open_day (argv[2], (guint) atoi (argv[3]));
  else if (argc == 3 && g_str_equal (argv[1], "parse"))
    parse (argv[2]);
  else
    return 2;
  g_array_unref (latencies_us);
  return 0;
}
