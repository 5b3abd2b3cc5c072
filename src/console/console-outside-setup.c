/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-outside-setup.h"

#include "console-address.h"
#include "console-error.h"
#include "console-field.h"
#include "console-setting.h"

#include <glib/gi18n.h>

/**
 * ConsoleOutsideSetup:
 *
 * Where a source comes from that others send: guests and their screens, what is pushed here by
 * WHIP, and what is fetched by WHEP.
 */
struct _ConsoleOutsideSetup {
  AdwBin parent_instance;

  ConsoleEntry *entry; /* nullable */
  ConsoleField *relay;
  ConsoleField *token;
};

G_DEFINE_FINAL_TYPE (ConsoleOutsideSetup, console_outside_setup, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_ENTRY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Of the template, see its id. */
static const char *const settings[] = { "kind", "screen_of" };

static gboolean
is_guest (ConsoleOutsideSetup *self, const char *kind, const char *screen_of)
{
  return g_strcmp0 (kind, "guest") == 0 && *screen_of == '\0';
}

static gboolean
is_screen (ConsoleOutsideSetup *self, const char *kind, const char *screen_of)
{
  return g_strcmp0 (kind, "guest") == 0 && *screen_of != '\0';
}

static gboolean
is_whep (ConsoleOutsideSetup *self, const char *kind)
{
  return g_strcmp0 (kind, "whep") == 0;
}

static void
token_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ConsoleOutsideSetup) self = user_data;
  g_autoptr (GError) error = NULL;
  const gboolean found =
    show_session_look_for_whep_token_finish (SHOW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->entry == NULL)
    return;
  g_object_set (self->token, "hint",
                found
                  ? _ ("✓ It is kept in this computer’s keyring. Type another one to replace it.")
                  : _ ("Only if the relay asks for one. It is kept in this computer’s keyring, "
                       "never in the event file."),
                NULL);
}

static void
look_for_token (ConsoleOutsideSetup *self)
{
  if (is_whep (self, console_entry_get_string (self->entry, "kind", NULL)))
    show_session_look_for_whep_token_async (console_entry_get_session (self->entry),
                                            console_entry_get_id (self->entry), NULL,
                                            token_found_cb, g_object_ref (self));
}

static void
token_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ConsoleOutsideSetup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (self->entry == NULL)
    return;
  if (show_session_store_whep_token_finish (SHOW_SESSION (source), result, &error)) {
    look_for_token (self);
    return;
  }
  sentence = console_error_describe (error);
  g_object_set (self->token, "hint", sentence, NULL);
}

static void
token_cb (ConsoleOutsideSetup *self)
{
  char *token = NULL;

  if (self->entry == NULL)
    return;
  token = console_field_get_text (self->token);
  if (*token != '\0') {
    show_session_store_whep_token_async (console_entry_get_session (self->entry),
                                         console_entry_get_id (self->entry), token, NULL,
                                         token_stored_cb, g_object_ref (self));
    console_field_set_text (self->token, "");
  }
  console_field_forget (token);
}

static char *
check_relay (const char *text, gpointer user_data)
{
  return console_address_check_whep (text);
}

static void
set_entry (ConsoleOutsideSetup *self, ConsoleEntry *entry)
{
  if (self->entry == entry)
    return;

  g_set_object (&self->entry, entry);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENTRY]);
  if (entry == NULL)
    return;

  look_for_token (self);
}

static void
console_outside_setup_get_property (GObject *object, guint property_id, GValue *value,
                                    GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_ENTRY:
    g_value_set_object (value, CONSOLE_OUTSIDE_SETUP (object)->entry);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_outside_setup_set_property (GObject *object, guint property_id, const GValue *value,
                                    GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_ENTRY:
    set_entry (CONSOLE_OUTSIDE_SETUP (object), g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_outside_setup_dispose (GObject *object)
{
  ConsoleOutsideSetup *self = CONSOLE_OUTSIDE_SETUP (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_OUTSIDE_SETUP);
  g_clear_object (&self->entry);

  G_OBJECT_CLASS (console_outside_setup_parent_class)->dispose (object);
}

static void
console_outside_setup_class_init (ConsoleOutsideSetupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_outside_setup_get_property;
  object_class->set_property = console_outside_setup_set_property;
  object_class->dispose = console_outside_setup_dispose;

  properties[PROP_ENTRY] =
    g_param_spec_object ("entry", NULL, NULL, CONSOLE_TYPE_ENTRY,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_FIELD);
  g_type_ensure (CONSOLE_TYPE_SETTING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-outside-setup.ui");
  /* Bindings do not keep what they bind. */
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    gtk_widget_class_bind_template_child_full (widget_class, settings[i], FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, ConsoleOutsideSetup, relay);
  gtk_widget_class_bind_template_child (widget_class, ConsoleOutsideSetup, token);
  gtk_widget_class_bind_template_callback (widget_class, is_guest);
  gtk_widget_class_bind_template_callback (widget_class, is_screen);
  gtk_widget_class_bind_template_callback (widget_class, is_whep);
  gtk_widget_class_bind_template_callback (widget_class, token_cb);
}

static void
console_outside_setup_init (ConsoleOutsideSetup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  console_field_set_check (self->relay, check_relay, NULL);
}
