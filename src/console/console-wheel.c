/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-wheel.h"

#include <math.h>

/* As far as GTK goes with one click of the wheel. */
static double
get_step (GtkAdjustment *adjustment)
{
  return pow (gtk_adjustment_get_page_size (adjustment), 2.0 / 3.0);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, gpointer user_data)
{
  GtkWidget *inside = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  GtkWidget *window = gtk_widget_get_ancestor (inside, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *across = NULL;
  double way = dy;

  if (window == NULL)
    return GDK_EVENT_PROPAGATE;

  across = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (window));
  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL)
    way *= get_step (across);
  gtk_adjustment_set_value (across, gtk_adjustment_get_value (across) + way);
  return GDK_EVENT_STOP;
}

/**
 * console_wheel_scroll_sideways:
 * @inside: what a scrolled window holds that goes sideways only
 *
 * Makes a plain wheel, which goes up and down, move it.
 */
void
console_wheel_scroll_sideways (GtkWidget *inside)
{
  GtkEventController *wheel = NULL;

  g_return_if_fail (GTK_IS_WIDGET (inside));

  wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  g_signal_connect (wheel, "scroll", G_CALLBACK (scroll_cb), NULL);
  gtk_widget_add_controller (inside, wheel);
}
