/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <gio/gio.h>

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

static void
relays_ended_cb (GObject *nice, GAsyncResult *result, gpointer ice)
{
  g_object_unref (ice);
}

/**
 * engine_webrtc_end_relays:
 * @webrtc: a `webrtcbin` that is about to be closed
 *
 * Has TURN servers told that what they keep for it is not needed any more, in the background; else they
 * keep it for ten minutes, and libnice warns. `webrtcbin` does not do it, and libnice has no property or
 * signal for it. Main thread.
 */
void
engine_webrtc_end_relays (GstElement *webrtc)
{
  void (*close_async) (GObject *, GAsyncReadyCallback, gpointer) = NULL;
  g_autoptr (GObject) ice = NULL;
  g_autoptr (GObject) nice = NULL;
  /* Only that which the element uses. */
  void *library = dlopen ("libnice.so.10", RTLD_LAZY | RTLD_NOLOAD);

  if (library == NULL)
    return;
  *(void **) &close_async = dlsym (library, "nice_agent_close_async");
  g_object_get (webrtc, "ice-agent", &ice, NULL);
  if (ice != NULL && g_object_class_find_property (G_OBJECT_GET_CLASS (ice), "agent") != NULL)
    g_object_get (ice, "agent", &nice, NULL);
  /* The thread that does it ends with the last reference to its owner. */
  if (nice != NULL && close_async != NULL)
    close_async (nice, relays_ended_cb, g_object_ref (ice));
  dlclose (library);
}

/**
 * engine_webrtc_add_servers:
 * @webrtc: a `webrtcbin`
 * @servers: (nullable): `stun://host:port` and `turn://user:password@host:port`, with `NULL` at the end
 *
 * Returns: whether there is a relay among them: then engine_webrtc_end_relays () is to be called
 */
gboolean
engine_webrtc_add_servers (GstElement *webrtc, const char *const *servers)
{
  gboolean added = FALSE, relays = FALSE;

  for (guint i = 0; servers != NULL && servers[i] != NULL; i++) {
    if (g_str_has_prefix (servers[i], "stun://"))
      g_object_set (webrtc, "stun-server", servers[i], NULL);
    else
      g_signal_emit_by_name (webrtc, "add-turn-server", servers[i], &added);
    relays |= added;
  }
  return relays;
}
