/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-turn-form.h"

#include "console-error.h"
#include "console-field.h"
#include "console-list.h"
#include "console-reach-text.h"

#include <glib/gi18n.h>

/**
 * ConsoleTurnForm:
 *
 * The TURN servers of an event. An address and its password belong together: nothing applies before
 * it is saved. The password goes into the keyring, and is not shown again.
 */
struct _ConsoleTurnForm {
  AdwBin parent_instance;

  ShowSession *session;
  ConsoleEntry *entry; /* how guests reach the event */
  GCancellable *cancellable;
  gboolean loading;
  ConsoleField *address;
  ConsoleField *user;
  GtkSwitch *shared;
  ConsoleField *password;
  GtkWidget *save;
  GtkLabel *news;
};

G_DEFINE_FINAL_TYPE (ConsoleTurnForm, console_turn_form, ADW_TYPE_BIN)

static JsonArray *
get_servers (ConsoleTurnForm *self)
{
  JsonNode *node = console_entry_get (self->entry, "turn");

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonObject *
get_server (JsonArray *servers, guint index)
{
  JsonNode *node = json_array_get_element (servers, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
update_save (ConsoleTurnForm *self)
{
  g_autofree char *address = console_field_get_text (self->address);
  g_autofree char *user = console_field_get_text (self->user);
  const gboolean complete =
    *address == '\0' || *user != '\0' || gtk_switch_get_active (self->shared);

  if (self->loading)
    return;
  gtk_widget_set_sensitive (self->save, complete && console_field_get_valid (self->address));
}

static void
changed_cb (ConsoleTurnForm *self)
{
  if (self->loading)
    return;
  gtk_label_set_text (self->news, "");
  gtk_widget_set_visible (GTK_WIDGET (self->user), !gtk_switch_get_active (self->shared));
  g_object_set (self->password, "title",
                gtk_switch_get_active (self->shared) ? _ ("_Shared secret") : _ ("_Password"),
                NULL);
  update_save (self);
}

static void
secret_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ConsoleTurnForm) self = user_data;
  g_autoptr (GError) error = NULL;
  const gboolean found =
    show_session_look_for_turn_secret_finish (SHOW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_object_set (self->password, "hint",
                found
                  ? _ ("✓ It is kept in this computer’s keyring. Type another one to replace it.")
                  : _ ("✕ It is missing. It is kept in this computer’s keyring, never in the "
                       "event file."),
                NULL);
}

static void
look_for_secret (ConsoleTurnForm *self)
{
  JsonArray *servers = get_servers (self);
  JsonObject *first =
    servers != NULL && json_array_get_length (servers) > 0 ? get_server (servers, 0) : NULL;
  const char *address =
    first != NULL ? json_object_get_string_member_with_default (first, "address", NULL) : NULL;

  if (address != NULL)
    show_session_look_for_turn_secret_async (self->session, address, self->cancellable,
                                             secret_found_cb, g_object_ref (self));
  else
    g_object_set (self->password, "hint",
                  _ ("Kept in this computer’s keyring, never in the event file."), NULL);
}

static void
load (ConsoleTurnForm *self)
{
  JsonArray *servers = get_servers (self);
  g_autoptr (GString) addresses = g_string_new (NULL);
  const char *user = "";
  gboolean shared = FALSE;

  for (guint i = 0; servers != NULL && i < json_array_get_length (servers); i++) {
    JsonObject *server = get_server (servers, i);

    if (server == NULL)
      continue;
    g_string_append_printf (addresses, "%s%s", addresses->len > 0 ? " " : "",
                            json_object_get_string_member_with_default (server, "address", ""));
    user = json_object_get_string_member_with_default (server, "user", user);
    shared = json_object_get_boolean_member_with_default (server, "shared-secret", shared);
  }
  self->loading = TRUE;
  console_field_set_text (self->address, addresses->str);
  console_field_set_text (self->user, user);
  gtk_switch_set_active (self->shared, shared);
  self->loading = FALSE;
  changed_cb (self);
  look_for_secret (self);
}

static JsonNode *
make_servers (char **addresses, const char *user, gboolean shared)
{
  JsonArray *servers = json_array_new ();
  JsonNode *node = json_node_init_array (json_node_alloc (), servers);

  for (guint i = 0; addresses[i] != NULL; i++) {
    JsonObject *server = json_object_new ();

    json_object_set_string_member (server, "address", addresses[i]);
    if (shared)
      json_object_set_boolean_member (server, "shared-secret", TRUE);
    else
      json_object_set_string_member (server, "user", user);
    json_array_add_object_element (servers, server);
  }
  json_array_unref (servers);
  return node;
}

static void
secret_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ConsoleTurnForm) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (!show_session_store_turn_secret_finish (SHOW_SESSION (source), result, &error))
    sentence = console_error_describe (error);
  if (self->entry == NULL)
    return;
  gtk_label_set_text (self->news, sentence != NULL ? sentence : _ ("Saved."));
  look_for_secret (self);
}

static void
save_cb (ConsoleTurnForm *self)
{
  g_autofree char *text = console_field_get_text (self->address);
  g_autofree char *user = console_field_get_text (self->user);
  char *password = console_field_get_text (self->password);
  g_auto (GStrv) addresses = console_reach_text_split (text);

  console_entry_set (self->entry, "turn",
                     addresses[0] != NULL
                       ? make_servers (addresses, user, gtk_switch_get_active (self->shared))
                       : NULL);
  console_entry_flush (self->entry);
  for (guint i = 0; *password != '\0' && addresses[i] != NULL; i++)
    show_session_store_turn_secret_async (self->session, addresses[i], password, NULL,
                                          secret_stored_cb, g_object_ref (self));
  if (*password == '\0') {
    gtk_label_set_text (self->news, _ ("Saved."));
    look_for_secret (self);
  }
  console_field_set_text (self->password, "");
  console_field_forget (password);
}

static char *
check_turn (const char *text, gpointer user_data)
{
  return console_reach_text_check_turn (text);
}

static void
console_turn_form_dispose (GObject *object)
{
  ConsoleTurnForm *self = CONSOLE_TURN_FORM (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_TURN_FORM);
  g_clear_object (&self->entry);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_turn_form_parent_class)->dispose (object);
}

static void
console_turn_form_finalize (GObject *object)
{
  g_object_unref (CONSOLE_TURN_FORM (object)->cancellable);

  G_OBJECT_CLASS (console_turn_form_parent_class)->finalize (object);
}

static void
console_turn_form_class_init (ConsoleTurnFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = console_turn_form_dispose;
  object_class->finalize = console_turn_form_finalize;

  g_type_ensure (CONSOLE_TYPE_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-turn-form.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleTurnForm, address);
  gtk_widget_class_bind_template_child (widget_class, ConsoleTurnForm, user);
  gtk_widget_class_bind_template_child (widget_class, ConsoleTurnForm, shared);
  gtk_widget_class_bind_template_child (widget_class, ConsoleTurnForm, password);
  gtk_widget_class_bind_template_child (widget_class, ConsoleTurnForm, save);
  gtk_widget_class_bind_template_child (widget_class, ConsoleTurnForm, news);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
console_turn_form_init (ConsoleTurnForm *self)
{
  self->loading = TRUE;
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  console_field_set_check (self->address, check_turn, NULL);
  console_list_set_name (adw_bin_get_child (ADW_BIN (self)), _ ("TURN servers"));
}

/**
 * console_turn_form_new:
 * @session: a show
 * @entry: how guests reach its event
 *
 * Returns: (transfer floating): the form
 */
GtkWidget *
console_turn_form_new (ShowSession *session, ConsoleEntry *entry)
{
  ConsoleTurnForm *self = g_object_new (CONSOLE_TYPE_TURN_FORM, NULL);

  self->session = g_object_ref (session);
  self->entry = g_object_ref (entry);
  load (self);
  return GTK_WIDGET (self);
}
