/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-shot-editor.h"

#include "console-diagram.h"
#include "console-file-row.h"
#include "console-layouts.h"
#include "console-list.h"
#include "console-scale-row.h"
#include "console-setting.h"
#include "console-shot-canvas.h"
#include "console-shot-keys.h"
#include "console-shot-places.h"
#include "console-text-row.h"

#include <glib/gi18n.h>

#define N_KEYS 9

/**
 * ConsoleShotEditor:
 *
 * All that can be set at one shot, under its living picture. Everything applies at once.
 */
struct _ConsoleShotEditor {
  AdwBin parent_instance;

  ShowSession *session; /* construct-only */
  ShowShot *shot;       /* construct-only */
  ConsoleEntry *entry;
  ConsoleShotCanvas *canvas;
  ConsoleShotPlaces *places;
  GtkBox *layouts;
  GtkBox *sources;
  GtkToggleButton *buttons[CONSOLE_LAYOUTS_N]; /* borrowed */
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (ConsoleShotEditor, console_shot_editor, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_SHOT,
  PROP_ENTRY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *const settings[] = { "layout", "corner", "logo", "logo_position" };

static gboolean
has_corner (ConsoleShotEditor *self, const char *layout)
{
  return console_layouts_find (layout)->layout == ENGINE_LAYOUT_PICTURE_IN_PICTURE;
}

static gboolean
has_sources (ConsoleShotEditor *self, const char *layout)
{
  return console_layouts_find (layout)->layout != ENGINE_LAYOUT_PAUSE;
}

static void
key_selected_cb (ConsoleShotEditor *self, GParamSpec *pspec, AdwComboRow *row)
{
  const guint key = adw_combo_row_get_selected (row);
  g_autofree char *loser = NULL;
  g_autofree char *text = NULL;

  if (self->entry == NULL || key > N_KEYS || key == show_shot_get_number (self->shot))
    return;

  loser = console_shot_keys_give (self->session, self->shot, key);
  if (loser != NULL)
    /* Translators: a digit, and the title of the shot that had it. */
    text = g_strdup_printf (_ ("Key %u was “%s”’s"), key, loser);
  /* A shot's title is no markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                               text != NULL ? text : _ ("The digit that takes it"));
}

static void
layout_toggled_cb (ConsoleShotEditor *self, GtkToggleButton *button)
{
  const ConsoleLayout *layout = g_object_get_data (G_OBJECT (button), "layout");
  g_auto (GStrv) chosen = NULL;
  g_auto (GStrv) ids = NULL;

  if (self->updating || !gtk_toggle_button_get_active (button))
    return;

  chosen = console_entry_get_strings (self->entry, "sources");
  ids = console_layouts_fit_sources (layout, (const char *const *) chosen,
                                     show_session_get_sources (self->session));
  if (ids == NULL)
    return;
  console_entry_set_string (self->entry, "layout", layout->nick);
  console_entry_set_strings (self->entry, "sources", (const char *const *) ids);
}

static void
update_layouts (ConsoleShotEditor *self)
{
  const ConsoleLayout *layout =
    console_layouts_find (console_entry_get_string (self->entry, "layout", NULL));
  const guint n_sources = g_list_model_get_n_items (show_session_get_sources (self->session));

  self->updating = TRUE;
  for (guint i = 0; i < CONSOLE_LAYOUTS_N; i++) {
    const ConsoleLayout *other = console_layouts_get_nth (i);

    gtk_toggle_button_set_active (self->buttons[i], other == layout);
    gtk_widget_set_sensitive (GTK_WIDGET (self->buttons[i]), other->n_places <= n_sources);
  }
  self->updating = FALSE;
}

static void
add_layouts (ConsoleShotEditor *self)
{
  for (guint i = 0; i < CONSOLE_LAYOUTS_N; i++) {
    const ConsoleLayout *layout = console_layouts_get_nth (i);
    GtkWidget *button = gtk_toggle_button_new ();

    gtk_button_set_child (GTK_BUTTON (button), console_diagram_new (layout->nick));
    gtk_widget_set_tooltip_text (button, gettext (layout->title));
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    gettext (layout->title), -1);
    gtk_widget_add_css_class (button, "layout-button");
    if (i > 0)
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), self->buttons[0]);
    self->buttons[i] = GTK_TOGGLE_BUTTON (button);
    g_object_set_data (G_OBJECT (button), "layout", (gpointer) layout);
    gtk_box_append (self->layouts, button);
  }
  update_layouts (self);
  for (guint i = 0; i < CONSOLE_LAYOUTS_N; i++)
    g_signal_connect_object (self->buttons[i], "toggled", G_CALLBACK (layout_toggled_cb), self,
                             G_CONNECT_SWAPPED);
}

static GdkContentProvider *
drag_prepare_cb (GtkDragSource *drag, double x, double y, EngineSource *source)
{
  return gdk_content_provider_new_typed (G_TYPE_STRING, engine_source_get_id (source));
}

static GtkWidget *
create_source (gpointer item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);
  GtkDragSource *drag = gtk_drag_source_new ();

  g_object_bind_property (item, "title", label, "label", G_BINDING_SYNC_CREATE);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "source-chip");
  gtk_drag_source_set_actions (drag, GDK_ACTION_COPY);
  g_signal_connect_object (drag, "prepare", G_CALLBACK (drag_prepare_cb), item, 0);
  gtk_widget_add_controller (label, GTK_EVENT_CONTROLLER (drag));
  return label;
}

static void
console_shot_editor_get_property (GObject *object, guint property_id, GValue *value,
                                  GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SHOT:
    g_value_set_object (value, CONSOLE_SHOT_EDITOR (object)->shot);
    break;
  case PROP_ENTRY:
    g_value_set_object (value, CONSOLE_SHOT_EDITOR (object)->entry);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_shot_editor_set_property (GObject *object, guint property_id, const GValue *value,
                                  GParamSpec *pspec)
{
  ConsoleShotEditor *self = CONSOLE_SHOT_EDITOR (object);

  switch (property_id) {
  case PROP_SESSION:
    self->session = g_value_dup_object (value);
    break;
  case PROP_SHOT:
    self->shot = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_shot_editor_constructed (GObject *object)
{
  ConsoleShotEditor *self = CONSOLE_SHOT_EDITOR (object);
  g_autoptr (EnginePreview) preview = NULL;

  G_OBJECT_CLASS (console_shot_editor_parent_class)->constructed (object);

  self->entry =
    console_entry_new (self->session, CONSOLE_ENTRY_SHOT, show_shot_get_id (self->shot));
  g_object_notify_by_pspec (object, properties[PROP_ENTRY]);
  preview = show_session_create_shot_preview (self->session, self->shot);
  console_shot_canvas_set_shot (self->canvas, self->entry, preview);
  console_shot_places_set_entry (self->places, self->entry);
  console_list_fill_box (self->sources, show_session_get_sources (self->session), create_source,
                         NULL);
  add_layouts (self);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (update_layouts), self,
                           G_CONNECT_SWAPPED);
}

static void
console_shot_editor_dispose (GObject *object)
{
  ConsoleShotEditor *self = CONSOLE_SHOT_EDITOR (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_SHOT_EDITOR);
  g_clear_object (&self->entry);
  g_clear_object (&self->session);
  g_clear_object (&self->shot);

  G_OBJECT_CLASS (console_shot_editor_parent_class)->dispose (object);
}

static void
console_shot_editor_class_init (ConsoleShotEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags once = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_shot_editor_get_property;
  object_class->set_property = console_shot_editor_set_property;
  object_class->constructed = console_shot_editor_constructed;
  object_class->dispose = console_shot_editor_dispose;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION, once);
  properties[PROP_SHOT] =
    g_param_spec_object ("shot", NULL, NULL, SHOW_TYPE_SHOT, once | G_PARAM_READABLE);
  properties[PROP_ENTRY] = g_param_spec_object ("entry", NULL, NULL, CONSOLE_TYPE_ENTRY,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_FILE_ROW);
  g_type_ensure (CONSOLE_TYPE_SCALE_ROW);
  g_type_ensure (CONSOLE_TYPE_SETTING);
  g_type_ensure (CONSOLE_TYPE_SHOT_CANVAS);
  g_type_ensure (CONSOLE_TYPE_SHOT_PLACES);
  g_type_ensure (CONSOLE_TYPE_TEXT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-shot-editor.ui");
  /* Bindings do not keep what they bind. */
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    gtk_widget_class_bind_template_child_full (widget_class, settings[i], FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, ConsoleShotEditor, canvas);
  gtk_widget_class_bind_template_child (widget_class, ConsoleShotEditor, places);
  gtk_widget_class_bind_template_child (widget_class, ConsoleShotEditor, layouts);
  gtk_widget_class_bind_template_child (widget_class, ConsoleShotEditor, sources);
  gtk_widget_class_bind_template_callback (widget_class, has_corner);
  gtk_widget_class_bind_template_callback (widget_class, key_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, has_sources);
}

static void
console_shot_editor_init (ConsoleShotEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
console_shot_editor_new (ShowSession *session, ShowShot *shot)
{
  return g_object_new (CONSOLE_TYPE_SHOT_EDITOR, "session", session, "shot", shot, NULL);
}
