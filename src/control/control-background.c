/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "control-background.h"

#include "common-util.h"
#include "engine-request.h"

#include <glib/gi18n.h>

#define BACKGROUND "org.freedesktop.portal.Background"

/* Somebody may be asked, and needs not hurry. */
#define CHOICE_TIMEOUT_S 300

/* The session's handler has it, and whatever is being asked. */
typedef struct {
  GWeakRef session;
  GCancellable *cancellable;
  gboolean asked;
} Background;

static void
background_clear (Background *self)
{
  g_weak_ref_clear (&self->session);
  g_object_unref (self->cancellable);
}

static void
background_unref (Background *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) background_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Background, background_unref)

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Background) self = user_data;
  g_autoptr (ShowSession) session = g_weak_ref_get (&self->session);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = engine_request_finish (result, &error);
  gboolean allowed = FALSE;

  /* A desktop that knows no such question ends nothing. */
  if (session == NULL ||
      (answer == NULL && !g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_REFUSED)))
    return;
  if (answer != NULL && (!g_variant_lookup (answer, "background", "b", &allowed) || allowed))
    return;
  show_session_note (session, "background",
                     "the desktop does not allow this show to go on without a window: allow Régie "
                     "to run in the background in its settings");
}

static void
got_bus_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Background) self = user_data;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, NULL); /* then nobody can be asked */
  g_auto (GVariantBuilder) options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (bus == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;
  g_variant_builder_add (&options, "{sv}", "reason",
                         g_variant_new_string (
                           _ ("A show is on air, or being rehearsed and recorded")));
  engine_request_async (bus, BACKGROUND, "RequestBackground", g_variant_new ("(s)", ""), &options,
                        CHOICE_TIMEOUT_S, self->cancellable, answered_cb, g_rc_box_acquire (self));
}

static void
state_cb (ShowSession *session, GParamSpec *pspec, gpointer user_data)
{
  Background *self = user_data;

  if (!show_session_get_active (session) || self->asked)
    return;
  self->asked = TRUE;
  /* The connection is everybody's: cancelled while it is made, it fails for whoever asks next. */
  g_bus_get (G_BUS_TYPE_SESSION, NULL, got_bus_cb, g_rc_box_acquire (self));
}

static void
session_gone_cb (gpointer data, GClosure *closure)
{
  Background *self = data;

  g_cancellable_cancel (self->cancellable);
  background_unref (self);
}

/**
 * control_background_follow:
 * @session: the show
 *
 * Inside a sandbox, has the desktop asked once, when the show goes on air or into rehearsal, whether it
 * may go on without a window; a no is noted. Outside nobody ends what has no window.
 */
void
control_background_follow (ShowSession *session)
{
  Background *self = NULL;

  if (!common_is_sandboxed ())
    return;
  self = g_rc_box_new0 (Background);
  g_weak_ref_init (&self->session, session);
  self->cancellable = g_cancellable_new ();
  g_signal_connect_data (session, "notify::state", G_CALLBACK (state_cb), self, session_gone_cb, 0);
}
