/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-trim-strip.h"

#include <glib/gi18n.h>

/* The chosen picture is in the middle. */
#define N_SHOWN             7
#define MIDDLE              (N_SHOWN / 2)

#define THUMBNAIL_WIDTH_PX  136
#define THUMBNAIL_HEIGHT_PX 77

/**
 * ConsoleTrimStrip:
 *
 * A row of pictures of a recording, one for each keyframe; the one in the middle is chosen. Arrow keys
 * move by one keyframe, Page Up and Page Down by as many as are shown; a click chooses a picture.
 */
struct _ConsoleTrimStrip {
  GtkBox parent_instance;

  char *title;
  GtkWidget *label;
  GtkWidget *row;
  GtkWidget *pictures[N_SHOWN];
  GtkWidget *captions[N_SHOWN];

  GArray *times_ms;       /* nullable (element-type gint64) */
  GHashTable *thumbnails; /* time in ms → GdkTexture */
  guint index;
};

G_DEFINE_FINAL_TYPE (ConsoleTrimStrip, console_trim_strip, GTK_TYPE_BOX)

enum {
  PROP_0,
  PROP_TITLE,
  PROP_INDEX,
  N_PROPS
};

enum {
  SIGNAL_WANTED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* Hours, minutes, seconds and tenths: keyframes are not always whole seconds apart. */
char *
console_trim_format_time (gint64 time_ms)
{
  const gint64 s = time_ms / 1000;

  return g_strdup_printf ("%d:%02d:%02d.%d", (int) (s / 3600), (int) (s / 60 % 60), (int) (s % 60),
                          (int) (time_ms / 100 % 10));
}

/* Which keyframe is shown at a place; G_MAXUINT for none. */
static guint
get_shown (ConsoleTrimStrip *self, guint place)
{
  const gint64 index = (gint64) self->index + place - MIDDLE;

  return self->times_ms != NULL && index >= 0 && index < self->times_ms->len ? (guint) index
                                                                             : G_MAXUINT;
}

static void
show_place (ConsoleTrimStrip *self, guint place)
{
  const guint index = get_shown (self, place);
  const gint64 time_ms = index != G_MAXUINT ? g_array_index (self->times_ms, gint64, index) : -1;
  GdkPaintable *thumbnail =
    index != G_MAXUINT ? g_hash_table_lookup (self->thumbnails, &time_ms) : NULL;
  g_autofree char *caption =
    index != G_MAXUINT ? console_trim_format_time (time_ms) : g_strdup ("");

  gtk_picture_set_paintable (GTK_PICTURE (self->pictures[place]), thumbnail);
  gtk_picture_set_alternative_text (GTK_PICTURE (self->pictures[place]), caption);
  gtk_label_set_text (GTK_LABEL (self->captions[place]), caption);
}

static void
update (ConsoleTrimStrip *self)
{
  g_autofree char *time = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < N_SHOWN; i++)
    show_place (self, i);
  if (self->times_ms == NULL)
    return;
  time = console_trim_format_time (g_array_index (self->times_ms, gint64, self->index));
  text = g_strdup_printf (_ ("%s: %s"), self->title, time);
  gtk_label_set_text (GTK_LABEL (self->label), text);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
    (double) self->index, GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0, GTK_ACCESSIBLE_PROPERTY_VALUE_MAX,
    (double) self->times_ms->len - 1, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, time, -1);
  g_signal_emit (self, signals[SIGNAL_WANTED], 0);
}

static void
move_to (ConsoleTrimStrip *self, gint64 index)
{
  if (self->times_ms == NULL)
    return;
  index = CLAMP (index, 0, (gint64) self->times_ms->len - 1);
  if (self->index == index)
    return;
  self->index = (guint) index;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INDEX]);
}

static gboolean
key_pressed_cb (ConsoleTrimStrip *self, guint key)
{
  const gint64 index = self->index;

  switch (key) {
  case GDK_KEY_Left:
    move_to (self, index - 1);
    return TRUE;
  case GDK_KEY_Right:
    move_to (self, index + 1);
    return TRUE;
  case GDK_KEY_Page_Up:
    move_to (self, index - N_SHOWN);
    return TRUE;
  case GDK_KEY_Page_Down:
    move_to (self, index + N_SHOWN);
    return TRUE;
  default:
    return FALSE;
  }
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, ConsoleTrimStrip *self)
{
  GtkWidget *picture = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));

  gtk_widget_grab_focus (GTK_WIDGET (self));
  for (guint i = 0; i < N_SHOWN; i++) {
    if (self->pictures[i] == picture && get_shown (self, i) != G_MAXUINT)
      move_to (self, get_shown (self, i));
  }
}

static void
add_place (ConsoleTrimStrip *self, guint place)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkGesture *click = gtk_gesture_click_new ();

  self->pictures[place] = gtk_picture_new ();
  self->captions[place] = gtk_label_new ("");
  gtk_widget_set_size_request (self->pictures[place], THUMBNAIL_WIDTH_PX, THUMBNAIL_HEIGHT_PX);
  gtk_widget_add_css_class (self->pictures[place], "thumbnail");
  gtk_widget_add_css_class (self->captions[place], "caption");
  gtk_widget_add_css_class (self->captions[place], "numeric");
  if (place == MIDDLE) {
    gtk_widget_add_css_class (box, "chosen");
    gtk_widget_add_css_class (self->captions[place], "heading");
  }
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (self->pictures[place], GTK_EVENT_CONTROLLER (click));
  gtk_box_append (GTK_BOX (box), self->pictures[place]);
  gtk_box_append (GTK_BOX (box), self->captions[place]);
  gtk_box_append (GTK_BOX (self->row), box);
}

static void
console_trim_strip_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
  case PROP_TITLE:
    g_value_set_string (value, CONSOLE_TRIM_STRIP (object)->title);
    break;
  case PROP_INDEX:
    g_value_set_uint (value, CONSOLE_TRIM_STRIP (object)->index);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
console_trim_strip_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ConsoleTrimStrip *self = CONSOLE_TRIM_STRIP (object);

  switch (id) {
  case PROP_TITLE:
    g_free (self->title);
    self->title = g_value_dup_string (value);
    gtk_label_set_text (GTK_LABEL (self->label), self->title);
    break;
  case PROP_INDEX:
    move_to (self, g_value_get_uint (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
console_trim_strip_finalize (GObject *object)
{
  ConsoleTrimStrip *self = CONSOLE_TRIM_STRIP (object);

  g_free (self->title);
  g_clear_pointer (&self->times_ms, g_array_unref);
  g_hash_table_unref (self->thumbnails);
  G_OBJECT_CLASS (console_trim_strip_parent_class)->finalize (object);
}

static void
console_trim_strip_class_init (ConsoleTrimStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkWidgetClass *plain = g_type_class_peek (GTK_TYPE_WIDGET);
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_trim_strip_get_property;
  object_class->set_property = console_trim_strip_set_property;
  object_class->finalize = console_trim_strip_finalize;

  /* A box hands the focus on to its children; this one takes it itself. */
  widget_class->focus = plain->focus;
  widget_class->grab_focus = plain->grab_focus;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, rw);
  properties[PROP_INDEX] = g_param_spec_uint ("index", NULL, NULL, 0, G_MAXUINT, 0, rw);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_WANTED] = g_signal_new ("wanted", CONSOLE_TYPE_TRIM_STRIP, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
console_trim_strip_init (ConsoleTrimStrip *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->thumbnails = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "trim-strip");
  self->label = gtk_label_new ("");
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_add_css_class (self->label, "heading");
  gtk_box_append (GTK_BOX (self), self->label);
  self->row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_halign (self->row, GTK_ALIGN_CENTER);
  for (guint i = 0; i < N_SHOWN; i++)
    add_place (self, i);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_box_append (GTK_BOX (self), self->row);
}

/**
 * console_trim_strip_set_times:
 * @self: a strip
 * @times_ms: (element-type gint64): of all keyframes, at least one
 * @index: which is chosen
 */
void
console_trim_strip_set_times (ConsoleTrimStrip *self, GArray *times_ms, guint index)
{
  g_return_if_fail (CONSOLE_IS_TRIM_STRIP (self) && times_ms->len > 0);

  g_clear_pointer (&self->times_ms, g_array_unref);
  self->times_ms = g_array_ref (times_ms);
  self->index = MIN (index, times_ms->len - 1);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INDEX]);
}

guint
console_trim_strip_get_index (ConsoleTrimStrip *self)
{
  g_return_val_if_fail (CONSOLE_IS_TRIM_STRIP (self), 0);

  return self->index;
}

/**
 * console_trim_strip_get_wanted:
 * @self: a strip
 *
 * Returns: (transfer full) (element-type gint64): the times of the pictures that it shows and does not
 *   have
 */
GArray *
console_trim_strip_get_wanted (ConsoleTrimStrip *self)
{
  GArray *wanted = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_return_val_if_fail (CONSOLE_IS_TRIM_STRIP (self), wanted);

  for (guint i = 0; i < N_SHOWN; i++) {
    const guint index = get_shown (self, i);

    if (index == G_MAXUINT)
      continue;
    const gint64 time_ms = g_array_index (self->times_ms, gint64, index);
    if (!g_hash_table_contains (self->thumbnails, &time_ms))
      g_array_append_val (wanted, time_ms);
  }
  return wanted;
}

void
console_trim_strip_take_pictures (ConsoleTrimStrip *self, GArray *times_ms, GPtrArray *frames)
{
  g_return_if_fail (CONSOLE_IS_TRIM_STRIP (self));

  for (guint i = 0; i < times_ms->len && i < frames->len; i++) {
    EngineFrame *frame = frames->pdata[i];

    if (frame == NULL)
      continue;
    g_hash_table_replace (self->thumbnails,
                          g_memdup2 (&g_array_index (times_ms, gint64, i), sizeof (gint64)),
                          gdk_memory_texture_new (frame->width_px, frame->height_px,
                                                  GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, frame->pixels,
                                                  (gsize) frame->stride_bytes));
  }
  for (guint i = 0; i < N_SHOWN; i++)
    show_place (self, i);
}
