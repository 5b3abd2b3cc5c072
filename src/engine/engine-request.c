/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-request.h"

#define REQUEST       "org.freedesktop.portal.Request"
#define REQUEST_PATHS ENGINE_PORTAL_PATH "/request/"

/* As the portal numbers them; what is above was ended by something else than an answer. */
#define RESPONSE_OK 0
#define RESPONSE_NO 1

/* One question to the desktop's portal. Its answer comes as a signal, at a path that is known before
 * the question, so that none is missed. The task has it until there is an answer. */
typedef struct {
  GDBusConnection *bus;
  char *path;
  guint response_id;
  guint watch_id;   /* 0: the question was not taken yet */
  guint timeout_id; /* 0: it was answered */
  GSource *cancel;  /* nullable */
} Request;

static void
stop_waiting (Request *request)
{
  g_clear_handle_id (&request->timeout_id, g_source_remove);
  g_clear_handle_id (&request->watch_id, g_bus_unwatch_name);
  if (request->response_id != 0)
    g_dbus_connection_signal_unsubscribe (request->bus, request->response_id);
  request->response_id = 0;
  if (request->cancel != NULL)
    g_source_destroy (request->cancel);
  g_clear_pointer (&request->cancel, g_source_unref);
}

static void
request_free (Request *request)
{
  stop_waiting (request);
  g_object_unref (request->bus);
  g_free (request->path);
  g_free (request);
}

/* Takes @error and the task, which is answered once. */
static void
fail (GTask *task, GError *error)
{
  stop_waiting (g_task_get_task_data (task));
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* A dialog that nobody waits for any more goes away. */
static void
withdraw (const Request *request)
{
  g_dbus_connection_call (request->bus, ENGINE_PORTAL_NAME, request->path, REQUEST, "Close", NULL,
                          NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}

static gboolean
timeout_cb (gpointer data)
{
  Request *request = g_task_get_task_data (data);

  request->timeout_id = 0;
  withdraw (request);
  fail (data, g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "nobody has answered"));
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  Request *request = g_task_get_task_data (user_data);

  withdraw (request);
  fail (user_data, g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "the asking was ended"));
  return G_SOURCE_REMOVE;
}

static void
response_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
             const char *signal, GVariant *parameters, gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr (GVariant) results = NULL;
  guint32 response = 0;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    return;
  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  if (response == RESPONSE_OK) {
    stop_waiting (g_task_get_task_data (task));
    g_task_return_pointer (task, g_steal_pointer (&results), (GDestroyNotify) g_variant_unref);
    g_object_unref (task);
  } else if (response == RESPONSE_NO) {
    fail (task, g_error_new (ENGINE_ERROR, ENGINE_ERROR_REFUSED, "somebody said no"));
  } else {
    fail (task, g_error_new (ENGINE_ERROR, ENGINE_ERROR_STREAM, "the desktop ended the question"));
  }
}

static void
vanished_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  fail (user_data, g_error_new (ENGINE_ERROR, ENGINE_ERROR_STREAM,
                                "the desktop's portal broke off before it answered"));
}

static void
called_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  /* Answered, or given up, before the call itself came back. */
  if (request->timeout_id == 0)
    g_clear_error (&error);
  else if (reply == NULL)
    fail (task, error);
  else
    request->watch_id =
      g_bus_watch_name_on_connection (request->bus, ENGINE_PORTAL_NAME,
                                      G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, vanished_cb, task, NULL);
}

/**
 * engine_request_async:
 * @bus: the session bus
 * @interface: of the portal
 * @method: one whose answer comes as a signal
 * @arguments: (nullable): a tuple: what comes before the options; taken if it floats
 * @options: of type a{sv}; is cleared
 * @timeout_s: how long somebody may think about it
 * @cancellable: (nullable): takes the question back
 * @callback: called on the main thread
 * @user_data: for @callback
 *
 * Asks the desktop's portal.
 */
void
engine_request_async (GDBusConnection *bus, const char *interface, const char *method,
                      GVariant *arguments, GVariantBuilder *options, guint timeout_s,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  g_autofree char *token = g_strdup_printf ("regie_%u", g_random_int ());
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (bus) + 1);
  g_autoptr (GVariant) before = arguments != NULL ? g_variant_ref_sink (arguments) : NULL;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  Request *request = g_new0 (Request, 1);

  g_task_set_source_tag (task, engine_request_async);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  request->bus = g_object_ref (bus);
  request->path = g_strdup_printf (REQUEST_PATHS "%s/%s", g_strdelimit (sender, ".", '_'), token);
  g_variant_builder_add (options, "{sv}", "handle_token", g_variant_new_string (token));
  for (gsize i = 0; before != NULL && i < g_variant_n_children (before); i++)
    g_ptr_array_add (all, g_variant_get_child_value (before, i));
  g_ptr_array_add (all, g_variant_ref_sink (g_variant_builder_end (options)));

  request->response_id =
    g_dbus_connection_signal_subscribe (bus, ENGINE_PORTAL_NAME, REQUEST, "Response", request->path,
                                        NULL, G_DBUS_SIGNAL_FLAGS_NONE, response_cb, task, NULL);
  request->timeout_id = g_timeout_add_seconds (timeout_s, timeout_cb, task);
  if (cancellable != NULL) {
    request->cancel = g_cancellable_source_new (cancellable);
    g_task_attach_source (task, request->cancel, G_SOURCE_FUNC (cancelled_cb));
  }
  g_dbus_connection_call (bus, ENGINE_PORTAL_NAME, ENGINE_PORTAL_PATH, interface, method,
                          g_variant_new_tuple ((GVariant *const *) all->pdata, all->len), NULL,
                          G_DBUS_CALL_FLAGS_NONE, (int) timeout_s * 1000, NULL, called_cb,
                          g_object_ref (task));
}

/**
 * engine_request_finish:
 * @result: what the callback got
 *
 * Fails with %ENGINE_ERROR_REFUSED where somebody said no, %ENGINE_ERROR_STREAM where the question
 * came to nothing, `G_IO_ERROR_TIMED_OUT`, `G_IO_ERROR_CANCELLED`, or an error of D-Bus.
 *
 * Returns: (transfer full) (nullable): what was answered, of type a{sv}, or `NULL` on error
 */
GVariant *
engine_request_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
