/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web-stream.h"

/* So long we try to say goodbye properly. */
#define CLOSE_MS 2000

/* What both directions share. */
typedef struct {
  gint64 n_read;
  gint64 n_written;
  gint64 n_allowed; /* of n_read; then reading fails */
} Count;

/**
 * WebStream:
 *
 * A stranger's connection, counted: no more is read than was allowed, however it is cut into
 * pieces, and what was written is known. libsoup by itself puts the pieces of a message together
 * without end, and queues answers without end for who does not read them.
 */
struct _WebStream {
  GIOStream parent_instance;

  GIOStream *base;
  GSocket *socket;
  GSocketAddress *remote;
  GInputStream *input;
  GOutputStream *output;
  Count *count; /* shared with input and output */
  gint64 deadline_us;
};

/* ---- what is read ---- */

#define WEB_TYPE_INPUT (web_input_get_type ())
G_DECLARE_FINAL_TYPE (WebInput, web_input, WEB, INPUT, GFilterInputStream)

struct _WebInput {
  GFilterInputStream parent_instance;
  Count *count;
};

static GPollableInputStream *
get_base_input (gpointer self)
{
  return G_POLLABLE_INPUT_STREAM (
    g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (self)));
}

static gssize
read_counted (WebInput *self, void *buffer, gsize size, gboolean blocking,
              GCancellable *cancellable, GError **error)
{
  const gint64 left = self->count->n_allowed - self->count->n_read;

  if (left <= 0) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                         "More was sent than is allowed");
    return -1;
  }
  const gssize n = g_pollable_stream_read (G_INPUT_STREAM (get_base_input (self)), buffer,
                                           MIN (size, (gsize) left), blocking, cancellable, error);
  if (n > 0)
    self->count->n_read += n;
  return n;
}

static gssize
web_input_read (GInputStream *stream, void *buffer, gsize size, GCancellable *cancellable,
                GError **error)
{
  return read_counted (WEB_INPUT (stream), buffer, size, TRUE, cancellable, error);
}

static gssize
web_input_read_nonblocking (GPollableInputStream *stream, void *buffer, gsize size, GError **error)
{
  return read_counted (WEB_INPUT (stream), buffer, size, FALSE, NULL, error);
}

static gboolean
web_input_can_poll (GPollableInputStream *stream)
{
  return g_pollable_input_stream_can_poll (get_base_input (stream));
}

static gboolean
web_input_is_readable (GPollableInputStream *stream)
{
  return g_pollable_input_stream_is_readable (get_base_input (stream));
}

static GSource *
web_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  g_autoptr (GSource) child =
    g_pollable_input_stream_create_source (get_base_input (stream), cancellable);

  return g_pollable_source_new_full (stream, child, NULL);
}

static void
pollable_input_init (GPollableInputStreamInterface *interface)
{
  interface->can_poll = web_input_can_poll;
  interface->is_readable = web_input_is_readable;
  interface->create_source = web_input_create_source;
  interface->read_nonblocking = web_input_read_nonblocking;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (WebInput, web_input, G_TYPE_FILTER_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      pollable_input_init))

static void
web_input_finalize (GObject *object)
{
  g_atomic_rc_box_release (WEB_INPUT (object)->count);
  G_OBJECT_CLASS (web_input_parent_class)->finalize (object);
}

static void
web_input_class_init (WebInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = web_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = web_input_read;
  /* Not past the count: by reading, as streams without a base do. */
  G_INPUT_STREAM_CLASS (klass)->skip =
    G_INPUT_STREAM_CLASS (g_type_class_peek (G_TYPE_INPUT_STREAM))->skip;
}

static void
web_input_init (WebInput *self)
{
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (self), FALSE);
}

/* ---- what is written ---- */

#define WEB_TYPE_OUTPUT (web_output_get_type ())
G_DECLARE_FINAL_TYPE (WebOutput, web_output, WEB, OUTPUT, GFilterOutputStream)

struct _WebOutput {
  GFilterOutputStream parent_instance;
  Count *count;
};

static GPollableOutputStream *
get_base_output (gpointer self)
{
  return G_POLLABLE_OUTPUT_STREAM (
    g_filter_output_stream_get_base_stream (G_FILTER_OUTPUT_STREAM (self)));
}

static gssize
write_counted (WebOutput *self, const void *buffer, gsize size, gboolean blocking,
               GCancellable *cancellable, GError **error)
{
  const gssize n = g_pollable_stream_write (G_OUTPUT_STREAM (get_base_output (self)), buffer, size,
                                            blocking, cancellable, error);

  if (n > 0)
    self->count->n_written += n;
  return n;
}

static gssize
web_output_write (GOutputStream *stream, const void *buffer, gsize size, GCancellable *cancellable,
                  GError **error)
{
  return write_counted (WEB_OUTPUT (stream), buffer, size, TRUE, cancellable, error);
}

static gssize
web_output_write_nonblocking (GPollableOutputStream *stream, const void *buffer, gsize size,
                              GError **error)
{
  return write_counted (WEB_OUTPUT (stream), buffer, size, FALSE, NULL, error);
}

static gboolean
web_output_can_poll (GPollableOutputStream *stream)
{
  return g_pollable_output_stream_can_poll (get_base_output (stream));
}

static gboolean
web_output_is_writable (GPollableOutputStream *stream)
{
  return g_pollable_output_stream_is_writable (get_base_output (stream));
}

static GSource *
web_output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  g_autoptr (GSource) child =
    g_pollable_output_stream_create_source (get_base_output (stream), cancellable);

  return g_pollable_source_new_full (stream, child, NULL);
}

static void
pollable_output_init (GPollableOutputStreamInterface *interface)
{
  interface->can_poll = web_output_can_poll;
  interface->is_writable = web_output_is_writable;
  interface->create_source = web_output_create_source;
  interface->write_nonblocking = web_output_write_nonblocking;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (WebOutput, web_output, G_TYPE_FILTER_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                      pollable_output_init))

static void
web_output_finalize (GObject *object)
{
  g_atomic_rc_box_release (WEB_OUTPUT (object)->count);
  G_OBJECT_CLASS (web_output_parent_class)->finalize (object);
}

static void
web_output_class_init (WebOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = web_output_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = web_output_write;
}

static void
web_output_init (WebOutput *self)
{
  g_filter_output_stream_set_close_base_stream (G_FILTER_OUTPUT_STREAM (self), FALSE);
}

/* ---- the connection ---- */

G_DEFINE_FINAL_TYPE (WebStream, web_stream, G_TYPE_IO_STREAM)

static GInputStream *
web_stream_get_input_stream (GIOStream *stream)
{
  return WEB_STREAM (stream)->input;
}

static GOutputStream *
web_stream_get_output_stream (GIOStream *stream)
{
  return WEB_STREAM (stream)->output;
}

static gboolean
give_up_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  /* He is gone, whatever he answered. */
  g_io_stream_close_finish (G_IO_STREAM (object), result, NULL);
}

/* libsoup closes in the main thread. TLS would say goodbye first, and wait for who does not read. */
static gboolean
web_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  WebStream *self = WEB_STREAM (stream);

  if (!G_IS_TLS_CONNECTION (self->base))
    return g_io_stream_close (self->base, cancellable, error);

  g_autoptr (GCancellable) patience = g_cancellable_new ();
  g_timeout_add_full (G_PRIORITY_DEFAULT, CLOSE_MS, give_up_cb, g_object_ref (patience),
                      g_object_unref);
  g_io_stream_close_async (self->base, G_PRIORITY_DEFAULT, patience, closed_cb, NULL);
  return TRUE;
}

static void
web_stream_close_async (GIOStream *stream, int priority, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;

  if (web_stream_close (stream, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
web_stream_close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
web_stream_finalize (GObject *object)
{
  WebStream *self = WEB_STREAM (object);

  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_object (&self->base);
  g_clear_object (&self->socket);
  g_clear_object (&self->remote);
  g_atomic_rc_box_release (self->count);
  G_OBJECT_CLASS (web_stream_parent_class)->finalize (object);
}

static void
web_stream_class_init (WebStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = web_stream_finalize;
  stream_class->get_input_stream = web_stream_get_input_stream;
  stream_class->get_output_stream = web_stream_get_output_stream;
  stream_class->close_fn = web_stream_close;
  stream_class->close_async = web_stream_close_async;
  stream_class->close_finish = web_stream_close_finish;
}

static void
web_stream_init (WebStream *self)
{
  self->count = g_atomic_rc_box_new0 (Count);
}

/**
 * web_stream_new:
 * @base: what is read and written: a connection, or TLS over it
 * @socket: below it
 * @remote: who is there
 *
 * Returns: (transfer full): the same, counted; nothing may be read before web_stream_allow ()
 */
WebStream *
web_stream_new (GIOStream *base, GSocket *socket, GSocketAddress *remote)
{
  WebStream *self = g_object_new (WEB_TYPE_STREAM, NULL);

  self->base = g_object_ref (base);
  self->socket = g_object_ref (socket);
  self->remote = g_object_ref (remote);
  self->input =
    g_object_new (WEB_TYPE_INPUT, "base-stream", g_io_stream_get_input_stream (base), NULL);
  self->output =
    g_object_new (WEB_TYPE_OUTPUT, "base-stream", g_io_stream_get_output_stream (base), NULL);
  WEB_INPUT (self->input)->count = g_atomic_rc_box_acquire (self->count);
  WEB_OUTPUT (self->output)->count = g_atomic_rc_box_acquire (self->count);
  return self;
}

GSocketAddress *
web_stream_get_remote (WebStream *self)
{
  return self->remote;
}

/**
 * web_stream_allow:
 * @self: a stream
 * @n_bytes: how many may be read from now on
 */
void
web_stream_allow (WebStream *self, gsize n_bytes)
{
  self->count->n_allowed = self->count->n_read + (gint64) n_bytes;
}

guint64
web_stream_get_n_read (WebStream *self)
{
  return (guint64) self->count->n_read;
}

guint64
web_stream_get_n_written (WebStream *self)
{
  return (guint64) self->count->n_written;
}

/**
 * web_stream_set_deadline:
 * @self: a stream
 * @deadline_us: the monotonic time at which the door cuts it
 */
void
web_stream_set_deadline (WebStream *self, gint64 deadline_us)
{
  self->deadline_us = deadline_us;
}

gint64
web_stream_get_deadline (WebStream *self)
{
  return self->deadline_us;
}

/**
 * web_stream_cut:
 * @self: a stream
 *
 * Ends it without a word. Who reads from it is told at once.
 */
void
web_stream_cut (WebStream *self)
{
  g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
}
