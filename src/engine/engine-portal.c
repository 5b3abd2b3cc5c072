/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#include "engine-portal.h"
#include "engine-request.h"

#define SCREEN_CAST "org.freedesktop.portal.ScreenCast"
#define SESSION     "org.freedesktop.portal.Session"

/* As the portal numbers them. */
#define MONITORS_AND_WINDOWS 3
#define CURSOR_EMBEDDED      2
#define UNTIL_REVOKED        2

/* The desktop answers soon; who is asked which screen may take a while. */
#define ANSWER_TIMEOUT_S 10
#define CHOICE_TIMEOUT_S 120

/**
 * EnginePortal:
 *
 * Asks the desktop for a screen or a window of this machine, through its ScreenCast portal: a session
 * is made, somebody chooses what it shows, and a connection to PipeWire comes of it. Nothing of this
 * waits. One asks once.
 */
struct _EnginePortal {
  GObject parent_instance;

  GDBusConnection *bus; /* nullable: not asked yet */
  char *session;        /* nullable: path of the session */
  char *restore_token;  /* nullable: to be allowed the same again without a question */
  guint closed_id;
  int fd;
  guint node;
  GCancellable *cancellable; /* of what is being asked */
  GTask *task;               /* nullable: nobody waits */
};

G_DEFINE_FINAL_TYPE (EnginePortal, engine_portal, G_TYPE_OBJECT)

static guint closed_signal;

/* Takes @error; `NULL`: it has worked. */
static void
finish (EnginePortal *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (error == NULL && task != NULL) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  engine_portal_close (self);
  if (task != NULL)
    g_task_return_error (task, error);
  else
    g_clear_error (&error);
}

static GError *
describe_failure (const GError *cause)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (cause);
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_SCREEN_REFUSED,
                        "nobody has chosen a screen or a window to be shown");
  if (g_error_matches (cause, ENGINE_ERROR, ENGINE_ERROR_REFUSED))
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_SCREEN_REFUSED,
                        "it was not allowed to show a screen or a window");
  if (cause->domain == ENGINE_ERROR ||
      g_error_matches (cause, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED) ||
      g_error_matches (cause, G_DBUS_ERROR, G_DBUS_ERROR_FAILED))
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_SCREEN_REFUSED,
                        "the desktop refused to show a screen: %s", cause->message);
  return g_error_new (ENGINE_ERROR, ENGINE_ERROR_SCREEN_UNSUPPORTED,
                      "this desktop does not let programs show its screen: install its desktop "
                      "portal, or connect the screen's output with a grabber");
}

static void
ask (EnginePortal *self, const char *method, GVariant *arguments, GVariantBuilder *options,
     guint timeout_s, GAsyncReadyCallback callback)
{
  engine_request_async (self->bus, SCREEN_CAST, method, arguments, options, timeout_s,
                        self->cancellable, callback, g_object_ref (self));
}

/* Returns: (transfer full) (nullable): what was answered, or `NULL` if it goes no further */
static GVariant *
get_answer (EnginePortal *self, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = engine_request_finish (result, &error);

  if (self->task == NULL)
    return NULL;
  if (answer == NULL)
    finish (self, describe_failure (error));
  return g_steal_pointer (&answer);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EnginePortal) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (object), &fds, result,
                                                     &error);
  gint32 index = 0;

  if (self->task == NULL)
    return;
  if (reply == NULL) {
    finish (self, describe_failure (error));
    return;
  }
  g_variant_get (reply, "(h)", &index);
  self->fd = fds != NULL ? g_unix_fd_list_get (fds, index, &error) : -1;
  if (self->fd < 0)
    finish (self, g_error_new (ENGINE_ERROR, ENGINE_ERROR_SCREEN_REFUSED,
                               "the desktop gave no way to read the screen"));
  else
    finish (self, NULL);
}

static void
started_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EnginePortal) self = user_data;
  g_autoptr (GVariant) results = get_answer (self, result);
  g_autoptr (GVariant) streams = NULL;
  g_autofree char *token = NULL;

  if (results == NULL)
    return;
  streams = g_variant_lookup_value (results, "streams", G_VARIANT_TYPE ("a(ua{sv})"));
  if (streams == NULL || g_variant_n_children (streams) == 0) {
    finish (self, g_error_new (ENGINE_ERROR, ENGINE_ERROR_SCREEN_REFUSED,
                               "nobody has chosen a screen or a window to be shown"));
    return;
  }
  g_variant_get_child (streams, 0, "(u@a{sv})", &self->node, NULL);
  if (g_variant_lookup (results, "restore_token", "s", &token)) {
    g_free (self->restore_token);
    self->restore_token = g_steal_pointer (&token);
  }
  g_dbus_connection_call_with_unix_fd_list (
    self->bus, ENGINE_PORTAL_NAME, ENGINE_PORTAL_PATH, SCREEN_CAST, "OpenPipeWireRemote",
    g_variant_new ("(oa{sv})", self->session, NULL), G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NONE,
    ANSWER_TIMEOUT_S * 1000, NULL, self->cancellable, opened_cb, g_object_ref (self));
}

static void
selected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EnginePortal) self = user_data;
  g_autoptr (GVariant) results = get_answer (self, result);
  g_auto (GVariantBuilder) options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (results != NULL)
    ask (self, "Start", g_variant_new ("(os)", self->session, ""), &options, CHOICE_TIMEOUT_S,
         started_cb);
}

static void
session_closed_cb (GDBusConnection *bus, const char *sender, const char *path,
                   const char *interface, const char *signal, GVariant *parameters,
                   gpointer user_data)
{
  g_signal_emit (user_data, closed_signal, 0);
}

static void
created_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EnginePortal) self = user_data;
  g_autoptr (GVariant) results = get_answer (self, result);
  g_auto (GVariantBuilder) options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *session = NULL;

  if (results == NULL)
    return;
  if (!g_variant_lookup (results, "session_handle", "s", &session) ||
      !g_variant_is_object_path (session)) {
    finish (self, g_error_new (ENGINE_ERROR, ENGINE_ERROR_SCREEN_UNSUPPORTED,
                               "the desktop's portal gave an answer that makes no sense"));
    return;
  }
  self->session = g_steal_pointer (&session);
  self->closed_id =
    g_dbus_connection_signal_subscribe (self->bus, ENGINE_PORTAL_NAME, SESSION, "Closed",
                                        self->session, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                        session_closed_cb, self, NULL);
  g_variant_builder_add (&options, "{sv}", "types", g_variant_new_uint32 (MONITORS_AND_WINDOWS));
  g_variant_builder_add (&options, "{sv}", "cursor_mode", g_variant_new_uint32 (CURSOR_EMBEDDED));
  g_variant_builder_add (&options, "{sv}", "persist_mode", g_variant_new_uint32 (UNTIL_REVOKED));
  if (self->restore_token != NULL)
    g_variant_builder_add (&options, "{sv}", "restore_token",
                           g_variant_new_string (self->restore_token));
  ask (self, "SelectSources", g_variant_new ("(o)", self->session), &options, ANSWER_TIMEOUT_S,
       selected_cb);
}

static void
got_bus_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EnginePortal) self = user_data;
  g_auto (GVariantBuilder) options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr (GError) error = NULL;

  self->bus = g_bus_get_finish (result, &error);
  if (self->task == NULL)
    return;
  if (self->bus == NULL) {
    finish (self, describe_failure (error));
    return;
  }
  g_variant_builder_add (&options, "{sv}", "session_handle_token", g_variant_new_string ("regie"));
  ask (self, "CreateSession", NULL, &options, ANSWER_TIMEOUT_S, created_cb);
}

static void
engine_portal_dispose (GObject *object)
{
  engine_portal_close (ENGINE_PORTAL (object));
  g_clear_object (&ENGINE_PORTAL (object)->bus);
  G_OBJECT_CLASS (engine_portal_parent_class)->dispose (object);
}

static void
engine_portal_finalize (GObject *object)
{
  g_free (ENGINE_PORTAL (object)->restore_token);
  g_object_unref (ENGINE_PORTAL (object)->cancellable);
  G_OBJECT_CLASS (engine_portal_parent_class)->finalize (object);
}

static void
engine_portal_class_init (EnginePortalClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_portal_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_portal_finalize;
  closed_signal = g_signal_new ("closed", ENGINE_TYPE_PORTAL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
engine_portal_init (EnginePortal *self)
{
  self->fd = -1;
  self->cancellable = g_cancellable_new ();
}

EnginePortal *
engine_portal_new (void)
{
  return g_object_new (ENGINE_TYPE_PORTAL, NULL);
}

/**
 * engine_portal_ask_async:
 * @self: a portal that was not asked yet
 * @restore_token: (nullable): from an earlier time: the same screen, without a question
 * @callback: called on the main thread
 * @user_data: for @callback
 *
 * Asks for a screen or a window. Who is asked has two minutes. [method@Engine.Portal.close] ends it.
 */
void
engine_portal_ask_async (EnginePortal *self, const char *restore_token,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (ENGINE_IS_PORTAL (self));
  g_return_if_fail (self->task == NULL && self->bus == NULL);

  self->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->task, engine_portal_ask_async);
  self->restore_token = g_strdup (restore_token);
  /* The connection is everybody's: cancelled while it is made, it fails for whoever asks next. */
  g_bus_get (G_BUS_TYPE_SESSION, NULL, got_bus_cb, g_object_ref (self));
}

/**
 * engine_portal_ask_finish:
 * @self: a portal
 * @result: what the callback got
 *
 * Fails with %ENGINE_ERROR_SCREEN_UNSUPPORTED where there is no such portal, with
 * %ENGINE_ERROR_SCREEN_REFUSED where somebody said no, or with %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether a screen is shared now
 */
gboolean
engine_portal_ask_finish (EnginePortal *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * engine_portal_get_fd:
 * @self: a portal that shares a screen
 *
 * Returns: the connection to PipeWire; it belongs to the portal
 */
int
engine_portal_get_fd (EnginePortal *self)
{
  g_return_val_if_fail (ENGINE_IS_PORTAL (self), -1);

  return self->fd;
}

guint
engine_portal_get_node (EnginePortal *self)
{
  g_return_val_if_fail (ENGINE_IS_PORTAL (self), 0);

  return self->node;
}

const char *
engine_portal_get_restore_token (EnginePortal *self)
{
  g_return_val_if_fail (ENGINE_IS_PORTAL (self), NULL);

  return self->restore_token;
}

/**
 * engine_portal_close:
 * @self: a portal
 *
 * Ends the sharing, or the asking for it, which fails with %G_IO_ERROR_CANCELLED. May run twice.
 */
void
engine_portal_close (EnginePortal *self)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ENGINE_IS_PORTAL (self));

  task = g_steal_pointer (&self->task);
  if (task != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the asking was ended");
  g_cancellable_cancel (self->cancellable);
  if (self->closed_id != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->closed_id);
  self->closed_id = 0;
  if (self->session != NULL)
    g_dbus_connection_call (self->bus, ENGINE_PORTAL_NAME, self->session, SESSION, "Close", NULL,
                            NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
  g_clear_pointer (&self->session, g_free);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}
