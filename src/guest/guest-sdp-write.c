/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-sdp-private.h"

static gboolean
is_kept (const GuestSdpPart *part, guint type)
{
  return part->codecs[type] == GUEST_CODEC_KNOWN || part->codecs[type] == GUEST_CODEC_REPAIR;
}

static void
write_part (const GuestSdpPart *part, GString *text)
{
  g_string_append_printf (text, "m=%s 9 UDP/TLS/RTP/SAVPF", part->kind);
  for (guint i = 0; i < part->n_types; i++)
    if (is_kept (part, part->types[i]))
      g_string_append_printf (text, " %u", part->types[i]);
  g_string_append_printf (text,
                          "\r\nc=IN IP4 0.0.0.0\r\na=mid:%s\r\na=%s\r\na=ice-ufrag:%s\r\n"
                          "a=ice-pwd:%s\r\na=fingerprint:%s\r\na=setup:%s\r\na=rtcp-mux\r\n",
                          part->mid, part->direction, part->ufrag, part->password,
                          part->fingerprint, part->setup);
  for (guint i = 0; i < part->n_types; i++)
    if (is_kept (part, part->types[i]))
      g_string_append_printf (text, "a=rtpmap:%u %s\r\n", part->types[i],
                              part->encodings[part->types[i]]);
  if (part->has_reduced_size)
    g_string_append (text, "a=rtcp-rsize\r\n");
  g_string_append (text, part->lines->str);
}

/* Returns: (transfer full): what is known and used of a description that was checked */
char *
_guest_sdp_write (const GuestDescription *description)
{
  GString *text = g_string_new ("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n");

  if (description->is_lite)
    g_string_append (text, "a=ice-lite\r\n");
  g_string_append (text, "a=group:BUNDLE");
  for (guint i = 0; i < description->n_parts; i++)
    g_string_append_printf (text, " %s", description->parts[i].mid);
  g_string_append (text, "\r\n");
  for (guint i = 0; i < description->n_parts; i++)
    write_part (&description->parts[i], text);
  return g_string_free (text, FALSE);
}
