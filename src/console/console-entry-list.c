/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-entry-list.h"

#include "common-util.h"
#include "console-removal.h"

#include <glib/gi18n.h>

/**
 * ConsoleEntryList:
 *
 * The sources, shots or destinations of an event, one under the other: choose one, drag it to another place,
 * or move and remove it with its menu or keys.
 */
struct _ConsoleEntryList {
  AdwBin parent_instance;

  ShowSession *session; /* nullable: until it is filled */
  ConsoleEntryKind kind;
  GListModel *items; /* nullable: until it is filled */
  char *wanted;      /* nullable: an id that is chosen as soon as it is there */
  char *selected;    /* nullable */
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (ConsoleEntryList, console_entry_list, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SELECTED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *
get_move_action (ConsoleEntryKind kind)
{
  switch (kind) {
  case CONSOLE_ENTRY_SOURCE:
    return "move-source";
  case CONSOLE_ENTRY_SHOT:
    return "move-shot";
  case CONSOLE_ENTRY_DESTINATION:
    return "move-destination";
  case CONSOLE_ENTRY_RECORDING:
  case CONSOLE_ENTRY_GUESTS:
    break;
  }
  g_return_val_if_reached (NULL);
}

static const char *
get_name (ConsoleEntryKind kind)
{
  switch (kind) {
  case CONSOLE_ENTRY_SOURCE:
    return _ ("Sources");
  case CONSOLE_ENTRY_SHOT:
    return _ ("Shots");
  case CONSOLE_ENTRY_DESTINATION:
    return _ ("Destinations");
  case CONSOLE_ENTRY_RECORDING:
  case CONSOLE_ENTRY_GUESTS:
    break;
  }
  g_return_val_if_reached (NULL);
}

static char *
get_id (GObject *item)
{
  char *id = NULL;

  g_object_get (item, "id", &id, NULL);
  return id;
}

static int
find_index (ConsoleEntryList *self, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->items); i++) {
    g_autoptr (GObject) item = g_list_model_get_item (self->items, i);
    g_autofree char *other = get_id (item);

    if (g_strcmp0 (id, other) == 0)
      return (int) i;
  }
  return -1;
}

static void
move (ConsoleEntryList *self, const char *id, int index)
{
  const int last = (int) g_list_model_get_n_items (self->items) - 1;

  if (index < 0 || index > last || index == find_index (self, id))
    return;

  common_set_string (&self->wanted, id);
  g_action_group_activate_action (show_session_get_actions (self->session),
                                  get_move_action (self->kind), g_variant_new ("(si)", id, index));
}

static void
move_up_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ConsoleEntryList *self = CONSOLE_ENTRY_LIST (widget);

  if (self->selected != NULL)
    move (self, self->selected, find_index (self, self->selected) - 1);
}

static void
move_down_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ConsoleEntryList *self = CONSOLE_ENTRY_LIST (widget);

  if (self->selected != NULL)
    move (self, self->selected, find_index (self, self->selected) + 1);
}

static void
remove_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ConsoleEntryList *self = CONSOLE_ENTRY_LIST (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  if (self->selected != NULL && GTK_IS_WINDOW (root))
    console_removal_ask (GTK_WINDOW (root), self->session, self->kind, self->selected);
}

static GdkContentProvider *
drag_prepare_cb (GtkDragSource *source, double x, double y, GtkListBoxRow *row)
{
  g_autofree char *id = get_id (g_object_get_data (G_OBJECT (row), "item"));
  GdkPaintable *paintable = gtk_widget_paintable_new (GTK_WIDGET (row));

  gtk_drag_source_set_icon (source, paintable, (int) x, (int) y);
  g_object_unref (paintable);
  return gdk_content_provider_new_typed (G_TYPE_STRING, id);
}

static gboolean
drop_cb (GtkListBoxRow *row, const GValue *value, double x, double y, GtkDropTarget *target)
{
  GtkWidget *self = gtk_widget_get_ancestor (GTK_WIDGET (row), CONSOLE_TYPE_ENTRY_LIST);

  if (self != NULL && find_index (CONSOLE_ENTRY_LIST (self), g_value_get_string (value)) >= 0)
    move (CONSOLE_ENTRY_LIST (self), g_value_get_string (value), gtk_list_box_row_get_index (row));
  return TRUE;
}

static void
add_dragging (GtkListBoxRow *row)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_STRING, GDK_ACTION_MOVE | GDK_ACTION_COPY);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE | GDK_ACTION_COPY);
  g_signal_connect_object (source, "prepare", G_CALLBACK (drag_prepare_cb), row, 0);
  gtk_widget_add_controller (GTK_WIDGET (row), GTK_EVENT_CONTROLLER (source));
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), row, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (row), GTK_EVENT_CONTROLLER (target));
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("list-drag-handle-symbolic"));
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_add_css_class (box, "entry-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_bind_property (item, "title", label, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (item, "title", row, "tooltip-text", G_BINDING_SYNC_CREATE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label,
                                  NULL, -1);
  g_object_set_data_full (G_OBJECT (row), "item", g_object_ref (item), g_object_unref);
  add_dragging (GTK_LIST_BOX_ROW (row));
  return row;
}

/* There must be something to be moved. */
static void
update_actions (ConsoleEntryList *self, gboolean chosen)
{
  static const char *const actions[] = { "entries.move-up", "entries.move-down", "entries.remove" };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i], chosen);
}

static void
row_selected_cb (ConsoleEntryList *self, GtkListBoxRow *row)
{
  g_autofree char *id = NULL;

  if (row != NULL)
    id = get_id (g_object_get_data (G_OBJECT (row), "item"));
  update_actions (self, id != NULL);
  if (common_set_string (&self->selected, id))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

/* After the list has its new rows: one that was moved is a new row in GTK's eyes. */
static void
items_changed_cb (ConsoleEntryList *self)
{
  const int index = self->wanted != NULL ? find_index (self, self->wanted) : -1;
  GtkListBoxRow *row = index >= 0 ? gtk_list_box_get_row_at_index (self->list, index) : NULL;

  if (row == NULL)
    return;

  gtk_list_box_select_row (self->list, row);
  gtk_widget_grab_focus (GTK_WIDGET (row));
  g_clear_pointer (&self->wanted, g_free);
}

static void
console_entry_list_get_property (GObject *object, guint property_id, GValue *value,
                                 GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SELECTED:
    g_value_set_string (value, CONSOLE_ENTRY_LIST (object)->selected);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_entry_list_dispose (GObject *object)
{
  ConsoleEntryList *self = CONSOLE_ENTRY_LIST (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_ENTRY_LIST);
  g_clear_object (&self->items);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_entry_list_parent_class)->dispose (object);
}

static void
console_entry_list_finalize (GObject *object)
{
  ConsoleEntryList *self = CONSOLE_ENTRY_LIST (object);

  g_free (self->wanted);
  g_free (self->selected);

  G_OBJECT_CLASS (console_entry_list_parent_class)->finalize (object);
}

static void
console_entry_list_class_init (ConsoleEntryListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_entry_list_get_property;
  object_class->dispose = console_entry_list_dispose;
  object_class->finalize = console_entry_list_finalize;

  properties[PROP_SELECTED] =
    g_param_spec_string ("selected", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "entries.move-up", NULL, move_up_activated);
  gtk_widget_class_install_action (widget_class, "entries.move-down", NULL, move_down_activated);
  gtk_widget_class_install_action (widget_class, "entries.remove", NULL, remove_activated);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-entry-list.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleEntryList, list);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
}

static void
console_entry_list_init (ConsoleEntryList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update_actions (self, FALSE);
}

/**
 * console_entry_list_fill:
 * @self: an empty list
 * @session: the show
 * @kind: whether to list its sources, its shots or its destinations
 */
void
console_entry_list_fill (ConsoleEntryList *self, ShowSession *session, ConsoleEntryKind kind)
{
  g_return_if_fail (CONSOLE_IS_ENTRY_LIST (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->kind = kind;
  self->items = console_entry_get_list (session, kind);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  get_name (kind), -1);
  gtk_list_box_bind_model (self->list, self->items, create_row, NULL, NULL);
  g_signal_connect_object (self->items, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

/**
 * console_entry_list_select:
 * @self: a list
 * @id: which entry to choose, now or as soon as it is there
 */
void
console_entry_list_select (ConsoleEntryList *self, const char *id)
{
  g_return_if_fail (CONSOLE_IS_ENTRY_LIST (self));

  common_set_string (&self->wanted, id);
  items_changed_cb (self);
}

void
console_entry_list_select_none (ConsoleEntryList *self)
{
  g_return_if_fail (CONSOLE_IS_ENTRY_LIST (self));

  gtk_list_box_select_row (self->list, NULL);
}

const char *
console_entry_list_get_selected (ConsoleEntryList *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY_LIST (self), NULL);

  return self->selected;
}
