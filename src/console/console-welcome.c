/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-welcome.h"

#include "console-error.h"

/**
 * ConsoleWelcome:
 *
 * The window instead of a show: an event could not be opened. It says why, and what to open.
 */
struct _ConsoleWelcome {
  AdwApplicationWindow parent_instance;

  GError *error; /* construct-only */
};

G_DEFINE_FINAL_TYPE (ConsoleWelcome, console_welcome, ADW_TYPE_APPLICATION_WINDOW)

enum {
  PROP_0,
  PROP_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
error_sentence (ConsoleWelcome *self, const GError *error)
{
  return console_error_describe (error);
}

/* English, but it names the file, the line and what was expected: what the crew lead needs. */
static char *
error_details (ConsoleWelcome *self, const GError *error)
{
  return g_strdup (error != NULL ? error->message : "");
}

static void
console_welcome_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsoleWelcome *self = CONSOLE_WELCOME (object);

  switch (property_id) {
  case PROP_ERROR:
    g_value_set_boxed (value, self->error);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_welcome_set_property (GObject *object, guint property_id, const GValue *value,
                              GParamSpec *pspec)
{
  ConsoleWelcome *self = CONSOLE_WELCOME (object);

  switch (property_id) {
  case PROP_ERROR:
    self->error = g_value_dup_boxed (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_welcome_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CONSOLE_TYPE_WELCOME);

  G_OBJECT_CLASS (console_welcome_parent_class)->dispose (object);
}

static void
console_welcome_finalize (GObject *object)
{
  g_clear_error (&CONSOLE_WELCOME (object)->error);

  G_OBJECT_CLASS (console_welcome_parent_class)->finalize (object);
}

static void
console_welcome_class_init (ConsoleWelcomeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_welcome_get_property;
  object_class->set_property = console_welcome_set_property;
  object_class->dispose = console_welcome_dispose;
  object_class->finalize = console_welcome_finalize;

  properties[PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR,
                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-welcome.ui");
  gtk_widget_class_bind_template_callback (widget_class, error_sentence);
  gtk_widget_class_bind_template_callback (widget_class, error_details);
}

static void
console_welcome_init (ConsoleWelcome *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
console_welcome_new (GtkApplication *application, const GError *error)
{
  return g_object_new (CONSOLE_TYPE_WELCOME, "application", application, "error", error, NULL);
}
