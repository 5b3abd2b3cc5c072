/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-rtp.h"
#include "guest-sdp-private.h"

/* Descriptions come from strangers. They are read here, and written anew with only what Régie knows
 * and uses: nothing else reaches GStreamer. */

#define MAX_LINES       1500
#define MAX_LINE_CHARS  4096
#define MAX_SSRCS       16u
#define MAX_VALUE_CHARS 1024

static void
description_clear (GuestDescription *self)
{
  for (guint i = 0; i < self->n_parts; i++)
    g_string_free (self->parts[i].lines, TRUE);
}

typedef GuestDescription Description;
typedef GuestSdpPart Part;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Description, description_clear)

static gboolean
refuse (GError **error, int code, const char *what)
{
  g_set_error_literal (error, GUEST_ERROR, code, what);
  return FALSE;
}

static gboolean
consists_of (const char *text, const char *more, gsize min_chars, gsize max_chars)
{
  const gsize length = strlen (text);

  if (length < min_chars || length > max_chars)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && strchr (more, text[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* Reads digits up to one of @ends, which are passed as well unless it is the text's end. */
static gboolean
read_number (const char **text, guint64 max, const char *ends, guint64 *number)
{
  const char *p = *text;
  guint64 n = 0;

  if (!g_ascii_isdigit (*p))
    return FALSE;
  for (; g_ascii_isdigit (*p); p++) {
    n = n * 10 + (guint64) (*p - '0');
    if (n > max)
      return FALSE;
  }
  if (*p != '\0' && strchr (ends, *p) == NULL)
    return FALSE;
  *text = *p != '\0' ? p + 1 : p;
  *number = n;
  return TRUE;
}

/* `sha-256` and 32 bytes as "AB:CD:…" */
static gboolean
is_fingerprint (const char *text)
{
  const char *p = text + strlen ("sha-256 ");

  if (g_ascii_strncasecmp (text, "sha-256 ", strlen ("sha-256 ")) != 0 || strlen (p) != 32 * 3 - 1)
    return FALSE;
  for (guint i = 0; p[i] != '\0'; i++)
    if (i % 3 == 2 ? p[i] != ':' : !g_ascii_isxdigit (p[i]))
      return FALSE;
  return TRUE;
}

static gboolean
has_type (const Part *part, guint64 type)
{
  return memchr (part->types, (int) type, part->n_types) != NULL;
}

/* "96 VP8/90000": what nobody here can decode is left out. */
static gboolean
read_rtpmap (Part *part, const char *value)
{
  guint64 type = 0;
  gboolean is_picture = g_str_equal (part->kind, "video");

  if (!read_number (&value, GUEST_SDP_MAX_TYPES - 1, " ", &type) ||
      !consists_of (value, "/-_.+", 1, 64))
    return FALSE;
  if (!has_type (part, type))
    return TRUE;
  if (part->encodings[type] != NULL)
    return FALSE;
  part->encodings[type] = value;
  if (is_picture && (g_ascii_strcasecmp (value, "VP8/90000") == 0 ||
                     g_ascii_strcasecmp (value, "H264/90000") == 0))
    part->codecs[type] = GUEST_CODEC_KNOWN;
  else if (!is_picture && g_ascii_strcasecmp (value, "opus/48000/2") == 0)
    part->codecs[type] = GUEST_CODEC_KNOWN;
  else if (is_picture && g_ascii_strcasecmp (value, "rtx/90000") == 0)
    part->codecs[type] = GUEST_CODEC_UNBOUND;
  return TRUE;
}

/* "97 apt=96;…", with the parameters that are known. */
static gboolean
read_fmtp (Part *part, const char *value)
{
  static const char *const known[] = { "apt",
                                       "useinbandfec",
                                       "stereo",
                                       "sprop-stereo",
                                       "maxaveragebitrate",
                                       "maxplaybackrate",
                                       "minptime",
                                       "usedtx",
                                       "cbr",
                                       "profile-level-id",
                                       "packetization-mode",
                                       "level-asymmetry-allowed",
                                       "sprop-parameter-sets",
                                       "max-fs",
                                       "max-fr",
                                       NULL };
  guint64 type = 0;
  g_auto (GStrv) parameters = NULL;
  g_autoptr (GString) kept = g_string_new (NULL);

  if (!read_number (&value, GUEST_SDP_MAX_TYPES - 1, " ", &type) || strlen (value) > MAX_LINE_CHARS)
    return FALSE;
  if (!has_type (part, type) || part->codecs[type] == GUEST_CODEC_NONE)
    return TRUE;
  parameters = g_strsplit (value, ";", 64);
  for (guint i = 0; parameters[i] != NULL; i++) {
    guint64 other = 0;
    const char *digits = NULL;
    char *name = g_strstrip (parameters[i]);
    char *equals = strchr (name, '=');

    if (equals == NULL || !consists_of (equals + 1, "+/=,.-", 1, MAX_VALUE_CHARS))
      continue;
    *equals = '\0';
    digits = equals + 1;
    if (part->codecs[type] == GUEST_CODEC_UNBOUND && g_str_equal (name, "apt") &&
        read_number (&digits, GUEST_SDP_MAX_TYPES - 1, "", &other) &&
        part->codecs[other] == GUEST_CODEC_KNOWN)
      part->codecs[type] = GUEST_CODEC_REPAIR;
    if (g_strv_contains (known, name))
      g_string_append_printf (kept, "%s%s=%s", kept->len > 0 ? ";" : "", name, equals + 1);
  }
  if (kept->len > 0 && part->codecs[type] != GUEST_CODEC_UNBOUND)
    g_string_append_printf (part->lines, "a=fmtp:%u %s\r\n", (guint) type, kept->str);
  return TRUE;
}

static gboolean
read_feedback (Part *part, const char *value)
{
  static const char *const known[] = { "nack",         "nack pli",  "ccm fir",
                                       "transport-cc", "goog-remb", NULL };
  guint64 type = 0;

  if (*value == '*')
    return TRUE;
  if (!read_number (&value, GUEST_SDP_MAX_TYPES - 1, " ", &type))
    return FALSE;
  if (has_type (part, type) && part->codecs[type] == GUEST_CODEC_KNOWN &&
      g_strv_contains (known, value))
    g_string_append_printf (part->lines, "a=rtcp-fb:%u %s\r\n", (guint) type, value);
  return TRUE;
}

static gboolean
read_extension (Part *part, const char *value)
{
  guint64 id = 0;
  const char *uri = NULL;

  if (!read_number (&value, 255, " /", &id) || id == 0)
    return FALSE;
  uri = strrchr (value, ' ');
  if (g_str_equal (uri != NULL ? uri + 1 : value, GUEST_RTP_TWCC_URI))
    g_string_append_printf (part->lines, "a=extmap:%u " GUEST_RTP_TWCC_URI "\r\n", (guint) id);
  return TRUE;
}

static gboolean
read_ssrc (Part *part, const char *value)
{
  guint64 ssrc = 0;

  if (!read_number (&value, G_MAXUINT32, " ", &ssrc))
    return FALSE;
  if (!g_str_has_prefix (value, "cname:"))
    return TRUE;
  if (++part->n_ssrcs > MAX_SSRCS)
    return FALSE;
  /* A name that is odd does no harm as another one. */
  g_string_append_printf (part->lines, "a=ssrc:%u %s\r\n", (guint) ssrc,
                          consists_of (value, "+/=-_.:@{}", 7, 256) ? value : "cname:guest");
  return TRUE;
}

static gboolean
read_candidate (Description *self, Part *part, const char *value)
{
  g_autofree char *text = g_strconcat ("candidate:", value, NULL);
  g_autofree char *checked = NULL;

  if (++self->n_candidates > GUEST_SDP_MAX_CANDIDATES ||
      !guest_sdp_check_candidate (text, &checked, NULL))
    return FALSE;
  /* In one bundle all packets take the first part's way. */
  if (checked != NULL && part == self->parts)
    g_string_append_printf (part->lines, "a=%s\r\n", checked);
  return TRUE;
}

/* Keeps a value that may be said once. */
static gboolean
keep (const char **place, const char *value, gboolean good)
{
  if (!good || (*place != NULL && !g_str_equal (*place, value)))
    return FALSE;
  *place = value;
  return TRUE;
}

/* What may be said of one part, or of all. */
static gboolean
read_common (Part *part, const char *name, const char *value)
{
  if (g_str_equal (name, "ice-ufrag"))
    return keep (&part->ufrag, value, consists_of (value, "+/", 4, 256));
  if (g_str_equal (name, "ice-pwd"))
    return keep (&part->password, value, consists_of (value, "+/", 22, 256));
  if (g_str_equal (name, "setup"))
    return keep (&part->setup, value, consists_of (value, "", 1, 16));
  /* Fingerprints by other means may stand beside the one that all have. */
  if (g_str_equal (name, "fingerprint") && g_ascii_strncasecmp (value, "sha-256", 7) == 0)
    return keep (&part->fingerprint, value, is_fingerprint (value));
  return TRUE;
}

static gboolean
read_attribute (Description *self, Part *part, const char *name, const char *value)
{
  static const char *const directions[] = { "sendrecv", "sendonly", "recvonly", "inactive", NULL };

  if (g_strv_contains (directions, name))
    return keep (&part->direction, name, TRUE);
  if (g_str_equal (name, "mid"))
    return keep (&part->mid, value, consists_of (value, "-_.", 1, 32));
  if (g_str_equal (name, "rtpmap"))
    return read_rtpmap (part, value);
  if (g_str_equal (name, "rtcp-fb"))
    return read_feedback (part, value);
  if (g_str_equal (name, "extmap"))
    return read_extension (part, value);
  if (g_str_equal (name, "ssrc"))
    return read_ssrc (part, value);
  if (g_str_equal (name, "candidate"))
    return read_candidate (self, part, value);
  if (g_str_equal (name, "fmtp"))
    return FALSE;
  part->has_mux |= g_str_equal (name, "rtcp-mux");
  part->has_reduced_size |= g_str_equal (name, "rtcp-rsize");
  part->is_bundle_only |= g_str_equal (name, "bundle-only");
  return read_common (part, name, value);
}

/* "video 9 UDP/TLS/RTP/SAVPF 96 97" */
static gboolean
read_media (Description *self, char *value, GError **error)
{
  g_auto (GStrv) words = g_strsplit (value, " ", GUEST_SDP_MAX_TYPES + 4);
  const guint n_words = g_strv_length (words);
  Part *part = NULL;
  guint64 number = 0;
  const char *text = n_words > 3 ? words[1] : "";

  if (self->n_parts == GUEST_SDP_MAX_MEDIA)
    return refuse (error, GUEST_ERROR_INVALID, "a description has too many parts");
  if (n_words < 4 || n_words > GUEST_SDP_MAX_TYPES + 3 ||
      !read_number (&text, G_MAXUINT16, "", &number))
    return refuse (error, GUEST_ERROR_INVALID, "a part of a description cannot be read");
  part = &self->parts[self->n_parts++];
  part->lines = g_string_new (NULL);
  part->port = (guint) number;
  if (g_str_equal (words[0], "video"))
    part->kind = "video";
  else if (g_str_equal (words[0], "audio"))
    part->kind = "audio";
  if (part->kind == NULL || !g_str_equal (words[2], "UDP/TLS/RTP/SAVPF"))
    return refuse (error, GUEST_ERROR_NOT_TAKEN,
                   "a part of a description is neither picture nor sound over DTLS");
  for (guint i = 3; i < n_words; i++) {
    text = words[i];
    if (!read_number (&text, GUEST_SDP_MAX_TYPES - 1, "", &number) || has_type (part, number))
      return refuse (error, GUEST_ERROR_INVALID, "a part of a description cannot be read");
    part->types[part->n_types++] = (guint8) number;
  }
  return TRUE;
}

static gboolean
read_session_attribute (Description *self, const char *name, const char *value)
{
  if (g_str_equal (name, "group") && g_str_has_prefix (value, "BUNDLE "))
    return keep (&self->bundle, value, TRUE);
  self->is_lite |= g_str_equal (name, "ice-lite");
  return read_common (&self->session, name, value);
}

static gboolean
read_line (Description *self, char *line, GError **error)
{
  Part *part = self->n_parts > 0 ? &self->parts[self->n_parts - 1] : NULL;
  char *value = line + 2;
  char *colon = NULL;

  if (!g_ascii_islower (line[0]) || line[1] != '=')
    return refuse (error, GUEST_ERROR_INVALID, "a description has a line that is none");
  if (line[0] == 'm')
    return read_media (self, value, error);
  if (part == NULL) {
    self->has_origin |= line[0] == 'o';
    self->has_name |= line[0] == 's';
    self->has_time |= line[0] == 't';
  }
  if (line[0] != 'a')
    return TRUE;
  colon = strchr (value, ':');
  if (colon != NULL)
    *colon = '\0';
  if (part != NULL && colon != NULL && g_str_equal (value, "fmtp"))
    return TRUE; /* read when all types are known */
  if (part != NULL ? read_attribute (self, part, value, colon != NULL ? colon + 1 : "")
                   : read_session_attribute (self, value, colon != NULL ? colon + 1 : ""))
    return TRUE;
  g_set_error (error, GUEST_ERROR, GUEST_ERROR_INVALID,
               "a description says something impossible of “%.32s”", value);
  return FALSE;
}

/* A type is known by its other line, wherever that is. The lines were cut at their first colon. */
static gboolean
read_formats (Description *self, char **lines, GError **error)
{
  int i_part = -1;

  for (guint i = 0; lines[i] != NULL; i++) {
    if (g_str_has_prefix (lines[i], "m="))
      i_part++;
    if (i_part >= 0 && g_str_equal (lines[i], "a=fmtp") &&
        !read_fmtp (&self->parts[i_part], lines[i] + strlen ("a=fmtp") + 1))
      return refuse (error, GUEST_ERROR_INVALID,
                     "a description says something impossible of “fmtp”");
  }
  return TRUE;
}

/* What all parts share is said once, or in each. */
static void
inherit (Description *self)
{
  for (guint i = 0; i < self->n_parts; i++) {
    Part *part = &self->parts[i];
    const Part *first = &self->parts[0];
    const Part *session = &self->session;

    /* All are in one bundle, where only what the first says counts (RFC 9143). */
    if (i > 0) {
      part->ufrag = first->ufrag;
      part->password = first->password;
      part->setup = first->setup;
    } else {
      part->ufrag = part->ufrag != NULL ? part->ufrag : session->ufrag;
      part->password = part->password != NULL ? part->password : session->password;
      part->setup = part->setup != NULL ? part->setup : session->setup;
    }
    if (part->fingerprint == NULL)
      part->fingerprint = session->fingerprint != NULL ? session->fingerprint : first->fingerprint;
    if (part->direction == NULL)
      part->direction = "sendrecv";
  }
}

static gboolean
is_bundled (const Description *self, const Part *part)
{
  g_auto (GStrv) mids = self->bundle != NULL ? g_strsplit (self->bundle, " ", 16) : NULL;

  return mids != NULL && g_strv_contains ((const char *const *) mids + 1, part->mid);
}

static gboolean
knows_a_codec (const Part *part)
{
  for (guint i = 0; i < part->n_types; i++)
    if (part->codecs[part->types[i]] == GUEST_CODEC_KNOWN)
      return TRUE;
  return FALSE;
}

static gboolean
check_part (const Description *self, const Part *part, gboolean is_offer, GError **error)
{
  static const char *const setups[] = { "active", "passive", "actpass", NULL };

  if (part->port == 0 && !(is_offer && part->is_bundle_only))
    return refuse (error, GUEST_ERROR_NOT_TAKEN,
                   g_str_equal (part->kind, "video") ? "the other side takes and gives no picture"
                                                     : "the other side takes and gives no sound");
  if (part->mid == NULL || part->ufrag == NULL || part->password == NULL ||
      part->fingerprint == NULL || part->setup == NULL || !part->has_mux)
    return refuse (error, GUEST_ERROR_INVALID, "a description lacks what a connection needs");
  if (!g_strv_contains (setups, part->setup) || (!is_offer && g_str_equal (part->setup, "actpass")))
    return refuse (error, GUEST_ERROR_INVALID, "a description does not say who begins");
  if (!g_str_equal (part->fingerprint, self->parts[0].fingerprint))
    return refuse (error, GUEST_ERROR_INVALID, "a description has more than one fingerprint");
  if (!is_bundled (self, part))
    return refuse (error, GUEST_ERROR_INVALID, "a description wants more than one connection");
  if (!knows_a_codec (part))
    return refuse (error, GUEST_ERROR_NOT_TAKEN,
                   g_str_equal (part->kind, "video") ? "the picture is neither VP8 nor H.264"
                                                     : "the sound is not Opus");
  for (const Part *other = self->parts; other < part; other++)
    if (g_str_equal (other->mid, part->mid))
      return refuse (error, GUEST_ERROR_INVALID, "two parts of a description have one name");
  return TRUE;
}

static char *
name_part (const char *kind, const char *mid)
{
  return g_strdup_printf ("%s %s", kind, mid);
}

static gboolean
check_whole (const Description *self, const char *const *media, GError **error)
{
  if (!self->has_origin || !self->has_name || !self->has_time || self->n_parts == 0)
    return refuse (error, GUEST_ERROR_INVALID, "a description is not whole");
  if (media != NULL && g_strv_length ((GStrv) media) != self->n_parts)
    return refuse (error, GUEST_ERROR_INVALID, "an answer has not as many parts as our offer");
  for (guint i = 0; i < self->n_parts; i++) {
    g_autofree char *name = NULL;

    if (!check_part (self, &self->parts[i], media == NULL, error))
      return FALSE;
    name = name_part (self->parts[i].kind, self->parts[i].mid);
    if (media != NULL && !g_str_equal (name, media[i]))
      return refuse (error, GUEST_ERROR_INVALID, "an answer has other parts than our offer");
  }
  return TRUE;
}

static gboolean
is_text (const char *sdp)
{
  const char *p = sdp;

  if (strlen (sdp) > GUEST_SDP_MAX_BYTES || !g_utf8_validate (sdp, -1, NULL))
    return FALSE;
  for (; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) && *p != '\r' && *p != '\n')
      return FALSE;
  return TRUE;
}

/* @media: `NULL` for an offer */
static char *
check (const char *sdp, const char *const *media, GError **error)
{
  g_auto (Description) self = { 0 };
  g_auto (GStrv) lines = NULL;

  if (!is_text (sdp) || !g_str_has_prefix (sdp, "v=0")) {
    refuse (error, GUEST_ERROR_INVALID, "a description is none");
    return NULL;
  }
  lines = g_strsplit (sdp, "\n", MAX_LINES + 1);
  if (g_strv_length (lines) > MAX_LINES) {
    refuse (error, GUEST_ERROR_INVALID, "a description is too long");
    return NULL;
  }
  for (guint i = 0; lines[i] != NULL; i++) {
    g_strchomp (lines[i]);
    if (strlen (lines[i]) > MAX_LINE_CHARS) {
      refuse (error, GUEST_ERROR_INVALID, "a description has a line that is too long");
      return NULL;
    }
    if (*lines[i] != '\0' && !read_line (&self, lines[i], error))
      return NULL;
  }
  inherit (&self);
  if (!read_formats (&self, lines, error) || !check_whole (&self, media, error))
    return NULL;
  return _guest_sdp_write (&self);
}

/**
 * guest_sdp_check_offer:
 * @sdp: what somebody offers; may be anything
 *
 * Returns: (transfer full) (nullable): the same, written anew with only what is known and used in it;
 *   fails with %GUEST_ERROR_INVALID or %GUEST_ERROR_NOT_TAKEN
 */
char *
guest_sdp_check_offer (const char *sdp, GError **error)
{
  return check (sdp, NULL, error);
}

/**
 * guest_sdp_check_answer:
 * @sdp: what somebody answered; may be anything
 * @media: what guest_sdp_list_media () says of our offer
 *
 * Returns: (transfer full) (nullable): as [func@guest_sdp_check_offer]
 */
char *
guest_sdp_check_answer (const char *sdp, const char *const *media, GError **error)
{
  g_return_val_if_fail (media != NULL, NULL);

  return check (sdp, media, error);
}

/**
 * guest_sdp_list_media:
 * @sdp: an offer of ours
 *
 * Returns: (transfer full): the kind and name of each part, such as `video video0`
 */
GStrv
guest_sdp_list_media (const char *sdp)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) lines = g_strsplit (sdp, "\r\n", -1);
  g_autofree char *kind = NULL;

  for (guint i = 0; lines[i] != NULL; i++) {
    if (g_str_has_prefix (lines[i], "m=")) {
      g_free (kind);
      kind = g_strndup (lines[i] + 2, strcspn (lines[i] + 2, " "));
    } else if (kind != NULL && g_str_has_prefix (lines[i], "a=mid:")) {
      g_autofree char *name = name_part (kind, lines[i] + strlen ("a=mid:"));

      g_strv_builder_add (builder, name);
    }
  }
  return g_strv_builder_end (builder);
}
