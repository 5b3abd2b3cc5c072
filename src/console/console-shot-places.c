/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-shot-places.h"

#include "common-util.h"
#include "console-layouts.h"

#include <glib/gi18n.h>

/**
 * ConsoleShotPlaces:
 *
 * Which source is in which place of a shot, as a list to choose from with the keys: one line for each
 * place or, for everyone, a switch for each source.
 */
struct _ConsoleShotPlaces {
  AdwBin parent_instance;

  ConsoleEntry *entry; /* nullable */
  char *shown;         /* nullable: the layout whose rows are there */
  GPtrArray *rows; /* (element-type GtkWidget): AdwComboRow, or GtkSwitch for everyone; borrowed */
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (ConsoleShotPlaces, console_shot_places, ADW_TYPE_BIN)

static GListModel *
get_sources (ConsoleShotPlaces *self)
{
  return show_session_get_sources (console_entry_get_session (self->entry));
}

static char *
get_nth_id (ConsoleShotPlaces *self, guint n)
{
  g_autoptr (EngineSource) source = g_list_model_get_item (get_sources (self), n);

  return source != NULL ? g_strdup (engine_source_get_id (source)) : NULL;
}

static void
row_selected_cb (ConsoleShotPlaces *self, GParamSpec *pspec, AdwComboRow *row)
{
  g_autofree char *id = NULL;
  g_auto (GStrv) chosen = NULL;
  g_auto (GStrv) ids = NULL;
  guint place = 0;

  if (self->updating || !g_ptr_array_find (self->rows, row, &place))
    return;

  id = get_nth_id (self, adw_combo_row_get_selected (row));
  if (id == NULL)
    return;
  chosen = console_entry_get_strings (self->entry, "sources");
  ids = console_layouts_place_source ((const char *const *) chosen, place, id);
  console_entry_set_strings (self->entry, "sources", (const char *const *) ids);
}

static void
switched_cb (ConsoleShotPlaces *self, GParamSpec *pspec, GtkSwitch *widget)
{
  g_autofree char *id = NULL;
  g_auto (GStrv) chosen = NULL;
  g_auto (GStrv) ids = NULL;
  guint n = 0;

  if (self->updating || !g_ptr_array_find (self->rows, widget, &n))
    return;

  id = get_nth_id (self, n);
  if (id == NULL)
    return;
  chosen = console_entry_get_strings (self->entry, "sources");
  ids = console_layouts_include_source ((const char *const *) chosen, id,
                                        gtk_switch_get_active (widget));
  console_entry_set_strings (self->entry, "sources", (const char *const *) ids);
}

static GtkWidget *
create_combo (ConsoleShotPlaces *self, const char *title)
{
  GtkWidget *row = adw_combo_row_new ();
  GtkExpression *expression = gtk_property_expression_new (ENGINE_TYPE_SOURCE, NULL, "title");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_combo_row_set_expression (ADW_COMBO_ROW (row), expression);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), get_sources (self));
  gtk_expression_unref (expression);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (row_selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_ptr_array_add (self->rows, row);
  return row;
}

static GtkWidget *
create_switch (ConsoleShotPlaces *self, EngineSource *source)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *widget = gtk_switch_new ();
  g_autofree char *title = g_markup_escape_text (engine_source_get_title (source), -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  engine_source_get_title (source), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), widget);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), widget);
  g_signal_connect_object (widget, "notify::active", G_CALLBACK (switched_cb), self,
                           G_CONNECT_SWAPPED);
  g_ptr_array_add (self->rows, widget);
  return row;
}

static void
rebuild (ConsoleShotPlaces *self, const ConsoleLayout *layout)
{
  GtkWidget *group = adw_preferences_group_new ();
  GListModel *sources = get_sources (self);

  g_ptr_array_set_size (self->rows, 0);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("Places"));
  if (layout->layout == ENGINE_LAYOUT_EVERYONE) {
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group),
                                           _ ("The first four of these that are there are shown."));
    for (guint i = 0; i < g_list_model_get_n_items (sources); i++) {
      g_autoptr (EngineSource) source = g_list_model_get_item (sources, i);

      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), create_switch (self, source));
    }
  }
  for (guint i = 0; i < layout->n_places; i++)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                               create_combo (self, gettext (layout->places[i])));
  adw_bin_set_child (ADW_BIN (self), group);
}

static void
select_source (ConsoleShotPlaces *self, AdwComboRow *row, const char *wanted)
{
  for (guint i = 0; i < g_list_model_get_n_items (get_sources (self)); i++) {
    g_autofree char *id = get_nth_id (self, i);

    if (g_strcmp0 (id, wanted) == 0)
      adw_combo_row_set_selected (row, i);
  }
}

static void
update (ConsoleShotPlaces *self)
{
  const ConsoleLayout *layout = NULL;
  g_auto (GStrv) chosen = NULL;

  if (!console_entry_exists (self->entry))
    return;

  layout = console_layouts_find (console_entry_get_string (self->entry, "layout", NULL));
  chosen = console_entry_get_strings (self->entry, "sources");
  self->updating = TRUE;
  if (common_set_string (&self->shown, layout->nick))
    rebuild (self, layout);
  for (guint i = 0; i < self->rows->len; i++) {
    if (layout->layout == ENGINE_LAYOUT_EVERYONE) {
      g_autofree char *id = get_nth_id (self, i);

      gtk_switch_set_active (self->rows->pdata[i],
                             id != NULL && g_strv_contains ((const char *const *) chosen, id));
    } else if (i < g_strv_length (chosen)) {
      select_source (self, self->rows->pdata[i], chosen[i]);
    }
  }
  self->updating = FALSE;
}

/* A source came, went or moved: the switches of everyone are made for those that were there. */
static void
sources_changed_cb (ConsoleShotPlaces *self)
{
  g_clear_pointer (&self->shown, g_free);
  update (self);
}

static void
console_shot_places_dispose (GObject *object)
{
  ConsoleShotPlaces *self = CONSOLE_SHOT_PLACES (object);

  g_ptr_array_set_size (self->rows, 0);
  g_clear_object (&self->entry);

  G_OBJECT_CLASS (console_shot_places_parent_class)->dispose (object);
}

static void
console_shot_places_finalize (GObject *object)
{
  ConsoleShotPlaces *self = CONSOLE_SHOT_PLACES (object);

  g_ptr_array_unref (self->rows);
  g_free (self->shown);

  G_OBJECT_CLASS (console_shot_places_parent_class)->finalize (object);
}

static void
console_shot_places_class_init (ConsoleShotPlacesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = console_shot_places_dispose;
  object_class->finalize = console_shot_places_finalize;
}

static void
console_shot_places_init (ConsoleShotPlaces *self)
{
  self->rows = g_ptr_array_new ();
}

/**
 * console_shot_places_set_entry:
 * @self: places without an entry
 * @entry: the shot as the event file says it
 */
void
console_shot_places_set_entry (ConsoleShotPlaces *self, ConsoleEntry *entry)
{
  g_return_if_fail (CONSOLE_IS_SHOT_PLACES (self));
  g_return_if_fail (self->entry == NULL);

  self->entry = g_object_ref (entry);
  g_signal_connect_object (entry, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (get_sources (self), "items-changed", G_CALLBACK (sources_changed_cb),
                           self, G_CONNECT_SWAPPED);
  update (self);
}
