/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "guest-sdp.h"

#define MAX_CHARS      512
#define MAX_NAME_CHARS 255

/* The parts of a candidate that are there in every one (RFC 8839). */
enum {
  FOUNDATION,
  COMPONENT,
  TRANSPORT,
  PRIORITY,
  ADDRESS,
  PORT,
  TYP,
  TYPE,
  N_WORDS
};

static gboolean
consists_of (const char *text, const char *more, gsize max_chars)
{
  const gsize length = strlen (text);

  if (length == 0 || length > max_chars)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && strchr (more, text[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
is_number (const char *text, guint64 min, guint64 max)
{
  guint64 number = 0;

  return g_ascii_isdigit (*text) && g_ascii_string_to_unsigned (text, 10, min, max, &number, NULL);
}

static gboolean
is_one_of (const char *text, const char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (g_ascii_strcasecmp (text, words[i]) == 0)
      return TRUE;
  return FALSE;
}

/* What hides a browser's address in its own network, and nothing else that would have to be asked
 * for: a stranger is not to choose what is looked up. */
static gboolean
is_hidden_name (const char *address)
{
  return g_str_has_suffix (address, ".local") && strlen (address) > strlen (".local") &&
         strchr (address, '.') == address + strlen (address) - strlen (".local") &&
         consists_of (address, "-.", MAX_NAME_CHARS);
}

static gboolean
is_host_name (const char *address)
{
  return consists_of (address, "-._", MAX_NAME_CHARS);
}

/* Whether packets could get anywhere that they ought to. */
static gboolean
is_useful_address (const char *address)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);

  if (inet == NULL)
    return is_hidden_name (address);
  return !g_inet_address_get_is_any (inet) && !g_inet_address_get_is_loopback (inet) &&
         !g_inet_address_get_is_multicast (inet) && g_strcmp0 (address, "255.255.255.255") != 0;
}

static gboolean
is_address (const char *address)
{
  return g_hostname_is_ip_address (address) || is_host_name (address);
}

static gboolean
has_grammar (char **words, guint n_words)
{
  static const char *const transports[] = { "udp", "tcp", "ssltcp", NULL };
  static const char *const types[] = { "host", "srflx", "prflx", "relay", NULL };

  if (n_words < N_WORDS || n_words % 2 != 0)
    return FALSE;
  if (!consists_of (words[FOUNDATION], "+/", 32) || !is_number (words[COMPONENT], 1, 256) ||
      !is_one_of (words[TRANSPORT], transports) || !is_number (words[PRIORITY], 0, G_MAXUINT32) ||
      !is_address (words[ADDRESS]) || !is_number (words[PORT], 0, G_MAXUINT16) ||
      !g_str_equal (words[TYP], "typ") || !is_one_of (words[TYPE], types))
    return FALSE;
  for (guint i = N_WORDS; i < n_words; i += 2) {
    if (!consists_of (words[i], "-", 32) || !consists_of (words[i + 1], "+/-.:_", 256))
      return FALSE;
    if (g_str_equal (words[i], "raddr") && !is_address (words[i + 1]))
      return FALSE;
    if (g_str_equal (words[i], "rport") && !is_number (words[i + 1], 0, G_MAXUINT16))
      return FALSE;
  }
  return TRUE;
}

/* Returns: (nullable): the value of an attribute behind the words that are always there */
static const char *
find (char **words, guint n_words, const char *name)
{
  for (guint i = N_WORDS; i + 1 < n_words; i += 2)
    if (g_str_equal (words[i], name))
      return words[i + 1];
  return NULL;
}

static char *
write_candidate (char **words, guint n_words)
{
  static const char *const kinds[] = { "active", "passive", "so", NULL };
  const gboolean is_tcp = g_ascii_strcasecmp (words[TRANSPORT], "tcp") == 0;
  const char *related = find (words, n_words, "raddr");
  const char *related_port = find (words, n_words, "rport");
  const char *kind = find (words, n_words, "tcptype");
  GString *text = g_string_new ("candidate:");

  g_string_append_printf (text, "%s %s %s %s %s %s typ %s", words[FOUNDATION], words[COMPONENT],
                          is_tcp ? "TCP" : "UDP", words[PRIORITY], words[ADDRESS], words[PORT],
                          words[TYPE]);
  if (related != NULL && related_port != NULL && g_hostname_is_ip_address (related))
    g_string_append_printf (text, " raddr %s rport %s", related, related_port);
  if (is_tcp && kind != NULL && is_one_of (kind, kinds))
    g_string_append_printf (text, " tcptype %s", kind);
  return g_string_free (text, FALSE);
}

/**
 * guest_sdp_check_candidate:
 * @candidate: where somebody says that they can be found; may be anything, also empty, which says
 *   that there are no more
 * @checked: (out) (nullable): the same, with only what is known in it; `NULL` if it leads nowhere
 *
 * Returns: FALSE with %GUEST_ERROR_INVALID if it is no candidate at all
 */
gboolean
guest_sdp_check_candidate (const char *candidate, char **checked, GError **error)
{
  const char *text = candidate;
  g_auto (GStrv) words = NULL;
  guint n_words = 0;

  *checked = NULL;
  if (strlen (text) <= MAX_CHARS) {
    if (g_str_has_prefix (text, "a="))
      text += strlen ("a=");
    if (*text == '\0' || g_str_equal (text, "end-of-candidates"))
      return TRUE;
    if (g_str_has_prefix (text, "candidate:"))
      words = g_strsplit (text + strlen ("candidate:"), " ", MAX_CHARS);
  }
  n_words = words != NULL ? g_strv_length (words) : 0;
  if (words == NULL || !has_grammar (words, n_words)) {
    g_set_error_literal (error, GUEST_ERROR, GUEST_ERROR_INVALID, "a candidate cannot be read");
    return FALSE;
  }
  if (g_ascii_strcasecmp (words[TRANSPORT], "ssltcp") != 0 && is_useful_address (words[ADDRESS]) &&
      is_number (words[COMPONENT], 1, 1) && !g_str_equal (words[PORT], "0"))
    *checked = write_candidate (words, n_words);
  return TRUE;
}
