/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-outside-setup.h"

#include "common-util.h"
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
  gulong changed_id;
  char *address; /* nullable */
  ConsoleField *relay;
  ConsoleField *token;
};

G_DEFINE_FINAL_TYPE (ConsoleOutsideSetup, console_outside_setup, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_ENTRY,
  PROP_ADDRESS,
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
is_whip (ConsoleOutsideSetup *self, const char *kind)
{
  return g_strcmp0 (kind, "whip") == 0;
}

static gboolean
is_whep (ConsoleOutsideSetup *self, const char *kind)
{
  return g_strcmp0 (kind, "whep") == 0;
}

static char *
address_text (ConsoleOutsideSetup *self, const char *address)
{
  return g_strdup (address != NULL
                     ? address
                     : _ ("There is none now: it is revoked, or the guests’ page is not "
                          "open."));
}

static gboolean
has_address (ConsoleOutsideSetup *self, const char *address)
{
  return address != NULL;
}

static void
update_address (ConsoleOutsideSetup *self)
{
  g_autofree char *address = NULL;

  if (self->entry != NULL && is_whip (self, console_entry_get_string (self->entry, "kind", NULL)))
    address = show_session_get_whip_address (console_entry_get_session (self->entry),
                                             console_entry_get_id (self->entry));
  if (common_set_string (&self->address, address))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ADDRESS]);
}

static void
copy_cb (ConsoleOutsideSetup *self)
{
  if (self->address != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->address);
}

static void
renew_cb (ConsoleOutsideSetup *self)
{
  g_action_group_activate_action (
    show_session_get_actions (console_entry_get_session (self->entry)), "renew-guest",
    g_variant_new_string (console_entry_get_id (self->entry)));
  update_address (self);
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
  GuestRoom *room = NULL;

  if (self->entry == entry)
    return;

  if (self->entry != NULL)
    g_clear_signal_handler (&self->changed_id, self->entry);
  g_set_object (&self->entry, entry);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENTRY]);
  if (entry == NULL)
    return;

  self->changed_id = g_signal_connect_object (entry, "changed", G_CALLBACK (update_address), self,
                                              G_CONNECT_SWAPPED);
  g_signal_connect_object (console_entry_get_session (entry), "links-changed",
                           G_CALLBACK (update_address), self, G_CONNECT_SWAPPED);
  room = show_session_get_guest_room (console_entry_get_session (entry));
  if (room != NULL)
    g_signal_connect_object (room, "notify", G_CALLBACK (update_address), self, G_CONNECT_SWAPPED);
  update_address (self);
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
  case PROP_ADDRESS:
    g_value_set_string (value, CONSOLE_OUTSIDE_SETUP (object)->address);
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

  if (self->entry != NULL)
    g_clear_signal_handler (&self->changed_id, self->entry);
  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_OUTSIDE_SETUP);
  g_clear_object (&self->entry);

  G_OBJECT_CLASS (console_outside_setup_parent_class)->dispose (object);
}

static void
console_outside_setup_finalize (GObject *object)
{
  g_free (CONSOLE_OUTSIDE_SETUP (object)->address);

  G_OBJECT_CLASS (console_outside_setup_parent_class)->finalize (object);
}

static void
console_outside_setup_class_init (ConsoleOutsideSetupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_outside_setup_get_property;
  object_class->set_property = console_outside_setup_set_property;
  object_class->dispose = console_outside_setup_dispose;
  object_class->finalize = console_outside_setup_finalize;

  properties[PROP_ENTRY] =
    g_param_spec_object ("entry", NULL, NULL, CONSOLE_TYPE_ENTRY,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ADDRESS] =
    g_param_spec_string ("address", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
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
  gtk_widget_class_bind_template_callback (widget_class, is_whip);
  gtk_widget_class_bind_template_callback (widget_class, is_whep);
  gtk_widget_class_bind_template_callback (widget_class, address_text);
  gtk_widget_class_bind_template_callback (widget_class, has_address);
  gtk_widget_class_bind_template_callback (widget_class, token_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, renew_cb);
}

static void
console_outside_setup_init (ConsoleOutsideSetup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  console_field_set_check (self->relay, check_relay, NULL);
}
