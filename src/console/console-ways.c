/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-ways.h"

#include "console-address.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

/* Shorter and longer ones are refused by SRT itself. */
#define MIN_PASSPHRASE_CHARS 10
#define MAX_PASSPHRASE_CHARS 79

/**
 * console_ways_new:
 * @service: a platform
 *
 * Returns: (transfer full) (element-type ConsoleWay): how a show can be sent there, the usual one
 *   first
 */
GArray *
console_ways_new (const ShowService *service)
{
  const EventDestinationKind all[] = { EVENT_DESTINATION_RTMP, EVENT_DESTINATION_SRT,
                                       EVENT_DESTINATION_WHIP, EVENT_DESTINATION_HLS };
  GArray *ways = g_array_new (FALSE, TRUE, sizeof (ConsoleWay));

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    const ConsoleWay way = { all[i], FALSE };

    if ((service->kinds & (1u << all[i])) == 0)
      continue;
    if (all[i] == service->kind)
      g_array_prepend_val (ways, way);
    else
      g_array_append_val (ways, way);
  }
  /* No platform comes to this computer to fetch files. */
  if ((service->kinds & (1u << EVENT_DESTINATION_HLS)) != 0 && g_str_equal (service->id, "own")) {
    const ConsoleWay folder = { EVENT_DESTINATION_HLS, TRUE };

    g_array_append_val (ways, folder);
  }
  return ways;
}

/**
 * console_ways_find:
 * @ways: (element-type ConsoleWay): some ways
 * @kind: a kind of destination
 * @folder: whether it is a folder
 *
 * Returns: which of them it is; the first one when it is none
 */
guint
console_ways_find (GArray *ways, EventDestinationKind kind, gboolean folder)
{
  for (guint i = 0; i < ways->len; i++) {
    const ConsoleWay *way = &g_array_index (ways, ConsoleWay, i);

    if (way->kind == kind && way->folder == folder)
      return i;
  }
  return 0;
}

/* Returns: (transfer full): what they are called, to choose from */
GListModel *
console_ways_create_titles (GArray *ways)
{
  GtkStringList *titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < ways->len; i++)
    gtk_string_list_append (titles, console_way_get_title (&g_array_index (ways, ConsoleWay, i)));
  return G_LIST_MODEL (titles);
}

const char *
console_way_get_title (const ConsoleWay *way)
{
  switch (way->kind) {
  case EVENT_DESTINATION_RTMP:
    return _ ("RTMP");
  case EVENT_DESTINATION_SRT:
    return _ ("SRT");
  case EVENT_DESTINATION_WHIP:
    return _ ("WHIP");
  case EVENT_DESTINATION_HLS:
    return way->folder ? _ ("HLS, a folder") : _ ("HLS, a web server");
  }
  g_return_val_if_reached (NULL);
}

/**
 * console_way_get_praise:
 * @way: a way
 *
 * Returns: (transfer none): what it is good for, in some words
 */
const char *
console_way_get_praise (const ConsoleWay *way)
{
  switch (way->kind) {
  case EVENT_DESTINATION_RTMP:
    return _ ("The usual way");
  case EVENT_DESTINATION_SRT:
    return _ ("For networks that lose packets");
  case EVENT_DESTINATION_WHIP:
    return _ ("WebRTC: less than a second of delay");
  case EVENT_DESTINATION_HLS:
    return way->folder ? _ ("Files on this computer, for a web server to hand out")
                       : _ ("Files are put onto a web host, which carries the audience");
  }
  g_return_val_if_reached (NULL);
}

/**
 * console_way_get_example:
 * @way: a way
 *
 * Returns: (transfer none): what an address of it looks like
 */
const char *
console_way_get_example (const ConsoleWay *way)
{
  switch (way->kind) {
  case EVENT_DESTINATION_RTMP:
    return "rtmps://stream.example.org/live";
  case EVENT_DESTINATION_SRT:
    return "srt://stream.example.org:9000";
  case EVENT_DESTINATION_WHIP:
    return "https://stream.example.org/whip";
  case EVENT_DESTINATION_HLS:
    return way->folder ? "/srv/www/live" : "https://www.example.org/live/";
  }
  g_return_val_if_reached (NULL);
}

/**
 * console_way_get_kind:
 * @way: a way
 *
 * Returns: what the event file calls it
 */
const char *
console_way_get_kind (const ConsoleWay *way)
{
  switch (way->kind) {
  case EVENT_DESTINATION_RTMP:
    return "rtmp";
  case EVENT_DESTINATION_SRT:
    return "srt";
  case EVENT_DESTINATION_WHIP:
    return "whip";
  case EVENT_DESTINATION_HLS:
    return "hls";
  }
  g_return_val_if_reached (NULL);
}

gboolean
console_way_has_key (const ConsoleWay *way)
{
  return !way->folder;
}

/**
 * console_way_needs_key:
 * @way: a way
 * @service: where it goes to
 *
 * Returns: whether nothing is taken there without a key
 */
gboolean
console_way_needs_key (const ConsoleWay *way, const ShowService *service)
{
  return way->kind == EVENT_DESTINATION_RTMP && !g_str_equal (service->id, "own");
}

gboolean
console_way_has_backup (const ConsoleWay *way)
{
  return way->kind == EVENT_DESTINATION_RTMP || way->kind == EVENT_DESTINATION_SRT;
}

/**
 * console_way_get_key_kinds:
 * @way: a way
 * @kinds: (out): what its key can be, the usual one first
 *
 * Returns: how many
 */
guint
console_way_get_key_kinds (const ConsoleWay *way, const EventKeyKind **kinds)
{
  static const EventKeyKind of_rtmp[] = { EVENT_KEY_STREAM_KEY };
  static const EventKeyKind of_srt[] = { EVENT_KEY_STREAM_KEY, EVENT_KEY_PASSPHRASE };
  static const EventKeyKind of_hls[] = { EVENT_KEY_STREAM_KEY, EVENT_KEY_PASSWORD };

  switch (way->kind) {
  case EVENT_DESTINATION_RTMP:
  case EVENT_DESTINATION_WHIP:
    *kinds = of_rtmp;
    return G_N_ELEMENTS (of_rtmp);
  case EVENT_DESTINATION_SRT:
    *kinds = of_srt;
    return G_N_ELEMENTS (of_srt);
  case EVENT_DESTINATION_HLS:
    *kinds = of_hls;
    return G_N_ELEMENTS (of_hls);
  }
  g_return_val_if_reached (0);
}

/* Returns: which of what its key can be @kind is; the usual one when it is none */
guint
console_way_find_key_kind (const ConsoleWay *way, EventKeyKind kind)
{
  const EventKeyKind *kinds = NULL;
  const guint n_kinds = console_way_get_key_kinds (way, &kinds);

  for (guint i = 0; i < n_kinds; i++) {
    if (kinds[i] == kind)
      return i;
  }
  return 0;
}

/* Returns: (transfer full): what its key can be called, as console_way_get_key_kinds () has them */
GListModel *
console_way_create_key_names (const ConsoleWay *way, const ShowService *service)
{
  const EventKeyKind *kinds = NULL;
  const guint n_kinds = console_way_get_key_kinds (way, &kinds);
  GtkStringList *names = gtk_string_list_new (NULL);

  for (guint i = 0; i < n_kinds; i++)
    gtk_string_list_append (names, show_service_get_key_name (service, way->kind, kinds[i]));
  return G_LIST_MODEL (names);
}

/**
 * console_way_check_address:
 * @way: a way
 * @service: where it goes to
 * @text: the address, as it was pasted
 *
 * Returns: (transfer full) (nullable): what is wrong with it, in a sentence
 */
char *
console_way_check_address (const ConsoleWay *way, const ShowService *service, const char *text)
{
  const ShowMistake mistake = show_service_check (service, way->kind, text, NULL);
  const gboolean is_uri = strstr (text, "://") != NULL;

  if (mistake != SHOW_MISTAKE_NONE)
    return g_strdup (show_mistake_describe (mistake));
  if (way->folder)
    return is_uri ? g_strdup (_ ("This is not a folder of this computer.")) : NULL;
  if (!is_uri)
    return g_strdup (show_mistake_describe (SHOW_MISTAKE_SCHEME));
  return console_address_check_destination (text);
}

/* One that is right, so that only the key is looked at. */
static const char *
get_some_address (EventDestinationKind kind)
{
  switch (kind) {
  case EVENT_DESTINATION_RTMP:
    return "rtmp://host/live";
  case EVENT_DESTINATION_SRT:
    return "srt://host:9000";
  case EVENT_DESTINATION_WHIP:
  case EVENT_DESTINATION_HLS:
    return "https://host/";
  }
  g_return_val_if_reached (NULL);
}

/**
 * console_way_check_key:
 * @way: a way
 * @service: where it goes to
 * @key_kind: what the key is
 * @text: the key, as it was pasted
 *
 * Returns: (transfer full) (nullable): what is wrong with it, in a sentence that does not quote it
 */
char *
console_way_check_key (const ConsoleWay *way, const ShowService *service, EventKeyKind key_kind,
                       const char *text)
{
  const glong n_chars = g_utf8_strlen (text, -1);

  switch (key_kind) {
  case EVENT_KEY_STREAM_KEY:
    return g_strdup (show_mistake_describe (
      show_service_check (service, way->kind, get_some_address (way->kind), text)));
  case EVENT_KEY_PASSPHRASE:
    return n_chars < MIN_PASSPHRASE_CHARS || n_chars > MAX_PASSPHRASE_CHARS
             ? g_strdup (_ ("A passphrase has 10 to 79 characters."))
             : NULL;
  case EVENT_KEY_PASSWORD:
    return strchr (text, ':') == NULL
             ? g_strdup (_ ("Write the name, a colon and the password: name:password"))
             : NULL;
  }
  g_return_val_if_reached (NULL);
}
