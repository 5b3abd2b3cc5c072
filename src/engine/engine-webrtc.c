/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-webrtc.h"

/**
 * engine_webrtc_switch_upnp_off:
 * @webrtc: a `webrtcbin`
 *
 * No port is opened in anybody's router, and gathering candidates waits for none.
 */
void
engine_webrtc_switch_upnp_off (GstElement *webrtc)
{
  g_autoptr (GObject) ice = NULL;
  g_autoptr (GObject) nice = NULL;

  g_object_get (webrtc, "ice-agent", &ice, NULL);
  if (ice != NULL && g_object_class_find_property (G_OBJECT_GET_CLASS (ice), "agent") != NULL)
    g_object_get (ice, "agent", &nice, NULL);
  if (nice != NULL && g_object_class_find_property (G_OBJECT_GET_CLASS (nice), "upnp") != NULL)
    g_object_set (nice, "upnp", FALSE, NULL);
}

/**
 * engine_webrtc_add_servers:
 * @webrtc: a `webrtcbin`
 * @servers: (nullable): `stun://host:port` and `turn://user:password@host:port`, with `NULL` at the end
 */
void
engine_webrtc_add_servers (GstElement *webrtc, const char *const *servers)
{
  gboolean added = FALSE;

  for (guint i = 0; servers != NULL && servers[i] != NULL; i++) {
    if (g_str_has_prefix (servers[i], "stun://"))
      g_object_set (webrtc, "stun-server", servers[i], NULL);
    else
      g_signal_emit_by_name (webrtc, "add-turn-server", servers[i], &added);
  }
}
