/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-guest-row.h"

#include "console-guest-text.h"

/**
 * ConsoleGuestRow:
 *
 * One guest in the list of them: who, and how they are.
 */
struct _ConsoleGuestRow {
  AdwBin parent_instance;

  GuestGuest *guest; /* construct-only */
};

G_DEFINE_FINAL_TYPE (ConsoleGuestRow, console_guest_row, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_GUEST,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
state_text (ConsoleGuestRow *self, GuestState state)
{
  return console_guest_text_state (state);
}

static char **
state_classes (ConsoleGuestRow *self, GuestState state)
{
  const char *classes[] = { "guest-state", console_guest_text_class (state), NULL };

  return g_strdupv ((char **) classes);
}

static void
console_guest_row_get_property (GObject *object, guint property_id, GValue *value,
                                GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_GUEST:
    g_value_set_object (value, CONSOLE_GUEST_ROW (object)->guest);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_guest_row_set_property (GObject *object, guint property_id, const GValue *value,
                                GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_GUEST:
    CONSOLE_GUEST_ROW (object)->guest = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_guest_row_dispose (GObject *object)
{
  ConsoleGuestRow *self = CONSOLE_GUEST_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_GUEST_ROW);
  g_clear_object (&self->guest);

  G_OBJECT_CLASS (console_guest_row_parent_class)->dispose (object);
}

static void
console_guest_row_class_init (ConsoleGuestRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_guest_row_get_property;
  object_class->set_property = console_guest_row_set_property;
  object_class->dispose = console_guest_row_dispose;

  properties[PROP_GUEST] =
    g_param_spec_object ("guest", NULL, NULL, GUEST_TYPE_GUEST,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-guest-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, state_text);
  gtk_widget_class_bind_template_callback (widget_class, state_classes);
}

static void
console_guest_row_init (ConsoleGuestRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
console_guest_row_new (GuestGuest *guest)
{
  return g_object_new (CONSOLE_TYPE_GUEST_ROW, "guest", guest, NULL);
}
