/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-network-text.h"

#include <glib/gi18n.h>

#include "console-error.h"

/* Where posts come from, in the operator's language. */

#define S_PER_MINUTE 60

/**
 * console_text_network:
 * @network: a network
 *
 * Returns: (transfer full): its name, and its state unless all is well
 */
char *
console_text_network (PostsNetwork *network)
{
  g_autofree char *title = posts_network_get_title (network);

  switch (posts_network_get_state (network)) {
  case POSTS_NETWORK_STATE_CONNECTING:
    /* Translators: %s is a social network */
    return g_strdup_printf (_ ("%s: connecting…"), title);
  case POSTS_NETWORK_STATE_WAITING:
    return g_strdup_printf (_ ("%s: trying again"), title);
  case POSTS_NETWORK_STATE_SILENT:
    return g_strdup_printf (_ ("%s: silent"), title);
  case POSTS_NETWORK_STATE_FAILED:
    return g_strdup_printf (_ ("%s: does not work"), title);
  case POSTS_NETWORK_STATE_ENDED:
    return g_strdup_printf (_ ("%s: ended"), title);
  case POSTS_NETWORK_STATE_OFF:
  case POSTS_NETWORK_STATE_LIVE:
    break;
  }
  return g_steal_pointer (&title);
}

/* Below zero nothing came yet. */
static char *
describe_silence (gint64 silent_ms)
{
  const guint silent_s = (guint) (silent_ms / 1000);

  if (silent_ms < 0)
    return g_strdup (_ ("nothing came yet"));
  if (silent_s < S_PER_MINUTE)
    return g_strdup_printf (
      ngettext ("last byte %u second ago", "last byte %u seconds ago", silent_s), silent_s);
  return g_strdup_printf (ngettext ("last byte %u minute ago", "last byte %u minutes ago",
                                    silent_s / S_PER_MINUTE),
                          silent_s / S_PER_MINUTE);
}

/**
 * console_text_network_numbers:
 * @network: a network
 *
 * Returns: (transfer full): its name and state, posts per minute, since when it is silent, what it cost,
 *   and what is wrong
 */
char *
console_text_network_numbers (PostsNetwork *network)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *title = console_text_network (network);
  g_autoptr (GError) error = posts_network_get_error (network);
  g_autofree char *sentence = error != NULL ? console_error_describe (error) : NULL;
  PostsNetworkStats stats = { 0 };

  posts_network_get_stats (network, &stats);
  g_autofree char *silence = describe_silence (stats.silent_ms);
  g_autofree char *posts =
    g_strdup_printf (ngettext ("%u post in the last minute", "%u posts in the last minute",
                               stats.per_minute),
                     stats.per_minute);
  g_string_append_printf (text, "%s · %s · %s", title, posts, silence);
  if (stats.cost_usd >= 0) {
    g_autofree char *cost = g_strdup_printf (_ ("%.2f US dollars spent"), stats.cost_usd);

    g_string_append_printf (text, " · %s", cost);
  }
  if (stats.wait_ms >= 0) {
    const guint wait_s = (guint) ((stats.wait_ms + 999) / 1000);
    g_autofree char *wait =
      g_strdup_printf (ngettext ("tries again in %u second", "tries again in %u seconds", wait_s),
                       wait_s);

    g_string_append_printf (text, " · %s", wait);
  }
  if (sentence != NULL)
    g_string_append_printf (text, "\n%s", sentence);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
