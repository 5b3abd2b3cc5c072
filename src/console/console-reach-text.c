/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-reach-text.h"

#include "console-text.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

/* What the operator reads of how guests reach this computer. */

static const char *
get_what (GuestReachWhat what)
{
  switch (what) {
  case GUEST_REACH_PAGE:
    return _ ("The guests’ page from far away");
  case GUEST_REACH_WEBSOCKET:
    return _ ("The page’s line to Régie (WebSocket)");
  case GUEST_REACH_STUN:
    return _ ("STUN server: finds a direct way");
  case GUEST_REACH_TURN:
    return _ ("TURN server: passes on what finds no direct way");
  }
  g_return_val_if_reached ("");
}

static const char *
get_mark (GuestReachCode code)
{
  switch (code) {
  case GUEST_REACH_OK:
    return "✓";
  case GUEST_REACH_NOT_SET:
    return "○";
  case GUEST_REACH_CLOSED:
  case GUEST_REACH_NAME:
  case GUEST_REACH_REFUSED:
  case GUEST_REACH_SILENT:
  case GUEST_REACH_CERTIFICATE:
  case GUEST_REACH_OTHER:
  case GUEST_REACH_NO_SOCKET:
  case GUEST_REACH_PASSWORD:
  case GUEST_REACH_FORBIDDEN:
  case GUEST_REACH_FULL:
  case GUEST_REACH_BAD_ADDRESS:
    return "✕";
  }
  g_return_val_if_reached ("");
}

/**
 * console_reach_text_title:
 * @reach: a result of the test
 *
 * Returns: (transfer full): what was tried, with a sign of what came of it
 */
char *
console_reach_text_title (const GuestReach *reach)
{
  return g_strdup_printf ("%s %s", get_mark (reach->code), get_what (reach->what));
}

static const char *
get_ok (GuestReachWhat what)
{
  switch (what) {
  case GUEST_REACH_PAGE:
    return _ ("Works: a guest sees the page.");
  case GUEST_REACH_WEBSOCKET:
    return _ ("Works: the page can talk to Régie.");
  case GUEST_REACH_STUN:
    return _ ("Works: it answers.");
  case GUEST_REACH_TURN:
    return _ ("Works: it takes the password and lends an address.");
  }
  g_return_val_if_reached ("");
}

static const char *
get_not_set (GuestReachWhat what)
{
  switch (what) {
  case GUEST_REACH_PAGE:
  case GUEST_REACH_WEBSOCKET:
    return _ ("No public address is set: guests come from this computer or this network only.");
  case GUEST_REACH_STUN:
    return _ ("None is set. Guests far away may find no direct way without one.");
  case GUEST_REACH_TURN:
    return _ ("None is set. Guests behind a strict firewall, such as a company’s, cannot come in "
              "without one.");
  }
  g_return_val_if_reached ("");
}

static const char *
get_silent (GuestReachWhat what)
{
  return what == GUEST_REACH_STUN || what == GUEST_REACH_TURN
           ? _ ("No answer. Is the port right, and does this network let it through? TURN over TCP "
                "(?transport=tcp) often passes where UDP does not.")
           : _ ("No answer came in time. Does the tunnel run, and does it lead to this computer?");
}

static const char *
get_refused (GuestReachWhat what)
{
  return what == GUEST_REACH_STUN || what == GUEST_REACH_TURN
           ? _ ("The computer answers, but no such server runs at this port.")
           : _ ("The server answers, but leads nowhere. Start the tunnel, or point it at the port "
                "of "
                "this page.");
}

/**
 * console_reach_text_sentence:
 * @reach: a result of the test
 *
 * Returns: (transfer full): what came of it, and what to do
 */
char *
console_reach_text_sentence (const GuestReach *reach)
{
  switch (reach->code) {
  case GUEST_REACH_OK:
    return g_strdup (get_ok (reach->what));
  case GUEST_REACH_NOT_SET:
    return g_strdup (get_not_set (reach->what));
  case GUEST_REACH_CLOSED:
    return g_strdup (
      _ ("The guests’ page is not open on this computer. Its port may be taken: choose another."));
  case GUEST_REACH_NAME:
    return g_strdup (
      _ ("Nobody knows a server of this name. Look for a typing mistake, and whether "
         "this computer is online."));
  case GUEST_REACH_REFUSED:
    return g_strdup (get_refused (reach->what));
  case GUEST_REACH_SILENT:
    return g_strdup (get_silent (reach->what));
  case GUEST_REACH_CERTIFICATE:
    return g_strdup (
      _ ("The certificate of this address is not good, so browsers refuse it. Whoever "
         "runs the server has to renew it."));
  case GUEST_REACH_OTHER:
    return g_strdup (
      _ ("Something else answers at this address, not this Régie. Does the tunnel lead "
         "to this computer and to the right port?"));
  case GUEST_REACH_NO_SOCKET:
    return g_strdup (
      _ ("The page comes through, its line does not. The server in between has to pass "
         "on WebSockets (“Upgrade”)."));
  case GUEST_REACH_PASSWORD:
    return g_strdup (_ ("It does not take this name and password. Enter them again."));
  case GUEST_REACH_FORBIDDEN:
    return g_strdup (
      _ ("It takes the password and passes nothing on all the same. Whoever runs it has "
         "to allow it."));
  case GUEST_REACH_FULL:
    return g_strdup (_ ("It has no address left to lend. Try another server, or later."));
  case GUEST_REACH_BAD_ADDRESS:
    return g_strdup (_ ("This is not an address of such a server. Enter it again."));
  }
  g_return_val_if_reached (NULL);
}

/**
 * console_reach_text_open:
 * @open: whether the guests' page is open
 * @address: (nullable): where on this computer
 * @lan_address: (nullable): where on this network
 * @public_address: (nullable): where for everybody
 *
 * Returns: (transfer full): how far the page reaches
 */
char *
console_reach_text_open (gboolean open, const char *address, const char *lan_address,
                         const char *public_address)
{
  if (!open || address == NULL)
    return g_strdup (_ ("✕ The guests’ page is not open."));
  if (public_address != NULL)
    /* Translators: %s is an address, here and below */
    return console_text_format (_ ("✓ Guests come from everywhere, by %s"), public_address);
  if (lan_address != NULL)
    return console_text_format (_ ("✓ Guests come from this network, by %s"), lan_address);
  return console_text_format (_ ("✓ Guests come from this computer only, by %s"), address);
}

/**
 * console_reach_text_tunnel:
 * @state: how the tunnel is
 *
 * Returns: (transfer full): it in words, with a sign; empty when there is none
 */
char *
console_reach_text_tunnel (GuestTunnelState state)
{
  switch (state) {
  case GUEST_TUNNEL_OFF:
    return g_strdup ("");
  case GUEST_TUNNEL_STARTING:
    return g_strdup (_ ("○ The tunnel starts…"));
  case GUEST_TUNNEL_RUNNING:
    return g_strdup (_ ("✓ The tunnel runs."));
  case GUEST_TUNNEL_RETRYING:
    return g_strdup (_ ("✕ The tunnel broke off, and is started again."));
  }
  g_return_val_if_reached (NULL);
}

/**
 * console_reach_text_split:
 * @text: addresses with spaces or commas between them
 *
 * Returns: (transfer full): the addresses, perhaps none
 */
char **
console_reach_text_split (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " ,;\t", -1);
  g_autoptr (GStrvBuilder) addresses = g_strv_builder_new ();

  for (guint i = 0; words[i] != NULL; i++) {
    if (*words[i] != '\0')
      g_strv_builder_add (addresses, words[i]);
  }
  return g_strv_builder_end (addresses);
}

static char *
check_all (const char *text, const char *pattern, const char *problem)
{
  g_auto (GStrv) words = console_reach_text_split (text);

  for (guint i = 0; words[i] != NULL; i++) {
    if (!g_regex_match_simple (pattern, words[i], G_REGEX_DOLLAR_ENDONLY, 0))
      return g_strdup (problem);
  }
  return NULL;
}

/* Each returns: (transfer full) (nullable): what is wrong with what somebody typed, in a sentence */

char *
console_reach_text_check_stun (const char *text)
{
  return check_all (text, "^stun:[A-Za-z0-9.\\[\\]:_-]+$",
                    _ ("A STUN address is such as stun:stun.example.org:3478. Several have a space "
                       "between them."));
}

char *
console_reach_text_check_turn (const char *text)
{
  return check_all (text, "^turn:[A-Za-z0-9.\\[\\]:_-]+(\\?transport=(udp|tcp))?$",
                    _ (
                      "A TURN address is such as turn:turn.example.org:3478?transport=udp. Several "
                      "have a space between them."));
}

char *
console_reach_text_check_command (const char *text)
{
  if (g_shell_parse_argv (text, NULL, NULL, NULL))
    return NULL;
  return g_strdup (_ ("This is not a whole command: a quotation mark is missing."));
}

char *
console_reach_text_check_public (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  if (host == NULL || *host == '\0' ||
      (g_strcmp0 (scheme, "https") != 0 && g_strcmp0 (scheme, "http") != 0))
    return g_strdup (_ ("This is not a whole address: it is such as https://guests.example.org."));
  if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    return g_strdup (_ ("There is no “?” and no “#” in it: every guest’s link adds its own."));
  if (g_str_equal (scheme, "http") && !g_str_equal (host, "localhost") &&
      !g_str_equal (host, "127.0.0.1"))
    return g_strdup (_ ("It has to begin with https://: without it, browsers give a page neither "
                        "camera nor microphone."));
  return NULL;
}
