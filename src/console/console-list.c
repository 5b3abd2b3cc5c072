/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-list.h"

typedef struct {
  GtkBox *box; /* borrowed: a filling lives as long as its box */
  GListModel *model;
  gulong handler_id;
  ConsoleListCreateFunc create;
  gpointer user_data;
} Filling;

static GtkWidget *
get_nth_child (GtkBox *box, guint position)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (box));

  while (child != NULL && position-- > 0)
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static void
items_changed_cb (GListModel *model, guint position, guint n_removed, guint n_added,
                  Filling *filling)
{
  GtkWidget *sibling = position > 0 ? get_nth_child (filling->box, position - 1) : NULL;

  for (guint i = 0; i < n_removed; i++)
    gtk_box_remove (filling->box, get_nth_child (filling->box, position));

  for (guint i = 0; i < n_added; i++) {
    g_autoptr (GObject) item = g_list_model_get_item (model, position + i);
    GtkWidget *child = filling->create (item, filling->user_data);

    gtk_box_insert_child_after (filling->box, child, sibling);
    sibling = child;
  }
}

static void
box_gone_cb (gpointer user_data, GObject *box)
{
  Filling *filling = user_data;

  g_signal_handler_disconnect (filling->model, filling->handler_id);
  g_object_unref (filling->model);
  g_free (filling);
}

/**
 * console_list_fill_box:
 * @box: an empty box
 * @model: a list
 * @create: makes the widget of one item
 * @user_data: handed to @create, must live as long as @box
 *
 * Keeps one widget in @box for each item of @model, in the same order. It is what
 * [method@Gtk.ListBox.bind_model] does, for a box.
 */
void
console_list_fill_box (GtkBox *box, GListModel *model, ConsoleListCreateFunc create,
                       gpointer user_data)
{
  Filling *filling = g_new0 (Filling, 1);

  g_return_if_fail (GTK_IS_BOX (box));
  g_return_if_fail (G_IS_LIST_MODEL (model));

  filling->box = box;
  filling->model = g_object_ref (model);
  filling->create = create;
  filling->user_data = user_data;
  filling->handler_id =
    g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), filling);
  g_object_weak_ref (G_OBJECT (box), box_gone_cb, filling);
  items_changed_cb (model, 0, 0, g_list_model_get_n_items (model), filling);
}

/**
 * console_list_set_name:
 * @group: a part that has a list inside, such as a group of settings without a title
 * @name: what that list is, for those who cannot see it
 */
void
console_list_set_name (GtkWidget *group, const char *name)
{
  for (GtkWidget *child = gtk_widget_get_first_child (group); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (GTK_IS_LIST_BOX (child))
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);
    else
      console_list_set_name (child, name);
  }
}
