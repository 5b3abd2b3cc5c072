/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-menu.h"

static gboolean
destroy_cb (gpointer user_data)
{
  gtk_widget_unparent (user_data);
  return G_SOURCE_REMOVE;
}

/* Not at once: the action that was chosen comes after the menu has closed. */
static void
closed_cb (GtkWidget *popover)
{
  g_object_set_data (G_OBJECT (gtk_widget_get_parent (popover)), "console-menu", NULL);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, destroy_cb, g_object_ref (popover), g_object_unref);
}

/* The menu is a child that the widget's own template does not know. */
static void
widget_gone_cb (GtkWidget *widget)
{
  GtkWidget *popover = g_object_get_data (G_OBJECT (widget), "console-menu");

  if (popover != NULL)
    gtk_widget_unparent (popover);
}

static void
pop_up (GtkWidget *widget, const GdkRectangle *at)
{
  ConsoleMenuFunc create = g_object_get_data (G_OBJECT (widget), "console-menu-create");
  g_autoptr (GMenuModel) menu = create (widget);
  GtkWidget *popover = gtk_popover_menu_new_from_model (menu);

  gtk_widget_set_parent (popover, widget);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  if (at != NULL)
    gtk_popover_set_pointing_to (GTK_POPOVER (popover), at);
  g_object_set_data (G_OBJECT (widget), "console-menu", popover);
  g_signal_connect (popover, "closed", G_CALLBACK (closed_cb), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static void
pressed_cb (GtkWidget *widget, int n_press, double x, double y, GtkGesture *gesture)
{
  const GdkRectangle at = { (int) x, (int) y, 1, 1 };

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  pop_up (widget, &at);
}

static gboolean
key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  pop_up (widget, NULL);
  return GDK_EVENT_STOP;
}

/**
 * console_menu_attach:
 * @widget: a widget
 * @create: makes its menu each time it opens
 *
 * Gives @widget a menu: with the secondary button of the mouse, and with Shift+F10 or the menu key
 * while it or something in it has the keys.
 */
void
console_menu_attach (GtkWidget *widget, ConsoleMenuFunc create)
{
  GtkGesture *gesture = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkShortcutTrigger *trigger = gtk_shortcut_trigger_parse_string ("<Shift>F10|Menu");

  g_object_set_data (G_OBJECT (widget), "console-menu-create", create);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (gesture, "pressed", G_CALLBACK (pressed_cb), widget, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (gesture));
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (trigger, gtk_callback_action_new (key_cb, NULL, NULL)));
  gtk_widget_add_controller (widget, keys);
  g_signal_connect (widget, "destroy", G_CALLBACK (widget_gone_cb), NULL);
}

/**
 * console_menu_append:
 * @menu: a menu
 * @label: what the line says
 * @action: a detailed action's name without its target
 * @target: (nullable): the target, a text; `NULL` for an action that takes none
 */
void
console_menu_append (GMenu *menu, const char *label, const char *action, const char *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action,
                                           target != NULL ? g_variant_new_string (target) : NULL);
  g_menu_append_item (menu, item);
}
