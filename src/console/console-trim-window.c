/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-trim-window.h"

#include "console-error.h"
#include "console-trim-strip.h"

#include <glib/gi18n.h>

/* Twice as large as they are shown, for fine screens. */
#define DRAWN_WIDTH_PX 272

/**
 * ConsoleTrimWindow:
 *
 * Moves the begin and the end of a talk from one keyframe to another, by what is seen there. The
 * recording is read and its pictures are drawn in a thread, one thing after the other.
 */
struct _ConsoleTrimWindow {
  AdwWindow parent_instance;

  ShowSession *session;
  ShowExport *item;
  EngineMovie *movie; /* nullable: not read yet */
  GArray *times_ms;   /* nullable (element-type gint64): of its keyframes, and its end */
  GCancellable *cancellable;
  gboolean drawing;

  GtkWidget *export;
  GtkLabel *words;
  GtkLabel *length;
  ConsoleTrimStrip *begin;
  ConsoleTrimStrip *end;
};

G_DEFINE_FINAL_TYPE (ConsoleTrimWindow, console_trim_window, ADW_TYPE_WINDOW)

typedef struct {
  EngineMovie *movie;
  ConsoleTrimStrip *strip;
  GArray *times_ms;
} Drawing;

static void
drawing_free (gpointer data)
{
  Drawing *drawing = data;

  g_object_unref (drawing->movie);
  g_object_unref (drawing->strip);
  g_array_unref (drawing->times_ms);
  g_free (drawing);
}

typedef struct {
  GStrv parts;
  GArray *starts_ns;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_strfreev (reading->parts);
  g_array_unref (reading->starts_ns);
  g_free (reading);
}

static void draw_next (ConsoleTrimWindow *self);

static void
say_failure (ConsoleTrimWindow *self, const GError *error)
{
  g_autofree char *sentence = console_error_describe (error);

  gtk_label_set_text (self->words, sentence);
}

static void
draw_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Drawing *drawing = task_data;
  GError *error = NULL;
  GPtrArray *frames =
    engine_movie_draw (drawing->movie, (const gint64 *) (gpointer) drawing->times_ms->data,
                       drawing->times_ms->len, DRAWN_WIDTH_PX, cancellable, &error);

  if (frames != NULL)
    g_task_return_pointer (task, frames, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
drawn_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  ConsoleTrimWindow *self = CONSOLE_TRIM_WINDOW (object);
  Drawing *drawing = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) frames = g_task_propagate_pointer (G_TASK (result), &error);

  self->drawing = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->movie == NULL)
    return; /* closed meanwhile */
  if (frames == NULL) {
    say_failure (self, error);
    return;
  }
  console_trim_strip_take_pictures (drawing->strip, drawing->times_ms, frames);
  draw_next (self);
}

static void
draw_next (ConsoleTrimWindow *self)
{
  ConsoleTrimStrip *const strips[] = { self->begin, self->end };

  for (guint i = 0; i < G_N_ELEMENTS (strips) && !self->drawing && self->movie != NULL; i++) {
    g_autoptr (GArray) wanted = console_trim_strip_get_wanted (strips[i]);
    g_autoptr (GTask) task = NULL;
    Drawing *drawing = NULL;

    if (wanted->len == 0)
      continue;
    drawing = g_new0 (Drawing, 1);
    drawing->movie = g_object_ref (self->movie);
    drawing->strip = g_object_ref (strips[i]);
    drawing->times_ms = g_array_ref (wanted);
    self->drawing = TRUE;
    task = g_task_new (self, self->cancellable, drawn_cb, NULL);
    g_task_set_task_data (task, drawing, drawing_free);
    g_task_run_in_thread (task, draw_thread);
  }
}

static gint64
get_time (ConsoleTrimWindow *self, ConsoleTrimStrip *strip)
{
  return g_array_index (self->times_ms, gint64, console_trim_strip_get_index (strip));
}

static void
moved_cb (ConsoleTrimWindow *self)
{
  g_autofree char *length = NULL;
  g_autofree char *text = NULL;
  gint64 length_ms = 0;

  if (self->times_ms == NULL)
    return;
  length_ms = get_time (self, self->end) - get_time (self, self->begin);
  gtk_widget_set_sensitive (self->export, length_ms > 0);
  if (length_ms > 0) {
    length = console_trim_format_time (length_ms);
    text = g_strdup_printf (_ ("The talk lasts %s."), length);
  } else {
    text = g_strdup (_ ("A talk begins before it ends."));
  }
  gtk_label_set_text (self->length, text);
}

static guint
find_nearest (GArray *times_ms, gint64 time_ms)
{
  guint nearest = 0;

  for (guint i = 1; i < times_ms->len; i++) {
    if (ABS (g_array_index (times_ms, gint64, i) - time_ms) <
        ABS (g_array_index (times_ms, gint64, nearest) - time_ms))
      nearest = i;
  }
  return nearest;
}

static void
read_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Reading *reading = task_data;
  GError *error = NULL;
  EngineMovie *movie =
    engine_movie_open ((const char *const *) reading->parts,
                       (const gint64 *) (gpointer) reading->starts_ns->data, cancellable, &error);

  if (movie != NULL)
    g_task_return_pointer (task, movie, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  ConsoleTrimWindow *self = CONSOLE_TRIM_WINDOW (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (EngineMovie) movie = g_task_propagate_pointer (G_TASK (result), &error);
  gint64 end_ms = 0;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (movie == NULL) {
    say_failure (self, error);
    return;
  }
  self->movie = g_steal_pointer (&movie);
  self->times_ms = engine_movie_get_keyframes (self->movie);
  end_ms = engine_movie_get_duration_ms (self->movie);
  g_array_append_val (self->times_ms, end_ms);
  console_trim_strip_set_times (
    self->begin, self->times_ms,
    find_nearest (self->times_ms, engine_movie_from_recording_ms (
                                    self->movie, show_export_get_start_ms (self->item))));
  console_trim_strip_set_times (
    self->end, self->times_ms,
    show_export_get_end_ms (self->item) < 0
      ? self->times_ms->len - 1
      : find_nearest (self->times_ms, engine_movie_from_recording_ms (
                                        self->movie, show_export_get_end_ms (self->item))));
  gtk_widget_grab_focus (GTK_WIDGET (self->begin));
  draw_next (self);
}

static guint
find_item (ConsoleTrimWindow *self)
{
  GListModel *exports = show_session_get_exports (self->session);

  for (guint i = 0; i < g_list_model_get_n_items (exports); i++) {
    g_autoptr (ShowExport) item = g_list_model_get_item (exports, i);

    if (item == self->item)
      return i;
  }
  return G_MAXINT32; /* which the action refuses in words */
}

static void
export_clicked_cb (ConsoleTrimWindow *self)
{
  g_action_group_activate_action (
    show_session_get_actions (self->session), "trim-talk",
    g_variant_new ("(ixx)", (gint32) find_item (self),
                   engine_movie_to_recording_ms (self->movie, get_time (self, self->begin)),
                   engine_movie_to_recording_ms (self->movie, get_time (self, self->end))));
  gtk_window_close (GTK_WINDOW (self));
}

static void
console_trim_window_dispose (GObject *object)
{
  ConsoleTrimWindow *self = CONSOLE_TRIM_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_TRIM_WINDOW);
  g_clear_object (&self->movie);
  g_clear_object (&self->item);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (console_trim_window_parent_class)->dispose (object);
}

static void
console_trim_window_finalize (GObject *object)
{
  ConsoleTrimWindow *self = CONSOLE_TRIM_WINDOW (object);

  g_clear_pointer (&self->times_ms, g_array_unref);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (console_trim_window_parent_class)->finalize (object);
}

static void
console_trim_window_class_init (ConsoleTrimWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = console_trim_window_dispose;
  object_class->finalize = console_trim_window_finalize;

  g_type_ensure (CONSOLE_TYPE_TRIM_STRIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-trim-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleTrimWindow, export);
  gtk_widget_class_bind_template_child (widget_class, ConsoleTrimWindow, words);
  gtk_widget_class_bind_template_child (widget_class, ConsoleTrimWindow, length);
  gtk_widget_class_bind_template_child (widget_class, ConsoleTrimWindow, begin);
  gtk_widget_class_bind_template_child (widget_class, ConsoleTrimWindow, end);
  gtk_widget_class_bind_template_callback (widget_class, moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_clicked_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
console_trim_window_init (ConsoleTrimWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->begin, "wanted", G_CALLBACK (draw_next), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->end, "wanted", G_CALLBACK (draw_next), self, G_CONNECT_SWAPPED);
}

/**
 * console_trim_window_new:
 * @parent: the window over which it is shown
 * @session: the session
 * @item: a talk of it that has ended
 *
 * Returns: (transfer none): a window that reads the recording
 */
GtkWindow *
console_trim_window_new (GtkWindow *parent, ShowSession *session, ShowExport *item)
{
  ConsoleTrimWindow *self =
    g_object_new (CONSOLE_TYPE_TRIM_WINDOW, "transient-for", parent, "application",
                  gtk_window_get_application (parent), "destroy-with-parent", TRUE, NULL);
  g_autofree char *title = g_strdup_printf (_ ("Trim “%s”"), show_export_get_title (item));
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, read_cb, NULL);
  Reading *reading = g_new0 (Reading, 1);

  self->session = g_object_ref (session);
  self->item = g_object_ref (item);
  gtk_window_set_title (GTK_WINDOW (self), title);
  reading->parts = show_export_dup_parts (item, &reading->starts_ns);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_thread);
  return GTK_WINDOW (self);
}
