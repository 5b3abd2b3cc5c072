/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-removal.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define RESPONSE_CANCEL "cancel"
#define RESPONSE_REMOVE "remove"

/* What one question is about. */
typedef struct {
  ShowSession *session;
  ConsoleEntryKind kind;
  char *id;
} Removal;

static void
removal_free (Removal *removal)
{
  g_object_unref (removal->session);
  g_free (removal->id);
  g_free (removal);
}

static GObject *
find (ShowSession *session, ConsoleEntryKind kind, const char *id)
{
  GListModel *items = kind == CONSOLE_ENTRY_SOURCE ? show_session_get_sources (session)
                                                   : show_session_get_shots (session);

  for (guint i = 0; i < g_list_model_get_n_items (items); i++) {
    g_autoptr (GObject) item = g_list_model_get_item (items, i);
    g_autofree char *other = NULL;

    g_object_get (item, "id", &other, NULL);
    if (g_strcmp0 (id, other) == 0)
      return g_steal_pointer (&item);
  }
  return NULL;
}

/* The shots that show a source, as people read them. */
static char *
list_shots_with (ShowSession *session, const char *source_id)
{
  GPtrArray *shots = event_file_get_shots (show_session_get_event (session));
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < shots->len; i++) {
    const EventShot *shot = shots->pdata[i];

    if (!g_strv_contains ((const char *const *) shot->sources, source_id))
      continue;
    if (text->len > 0)
      g_string_append (text, ", ");
    /* Translators: a shot’s title in a list, such as “Camera”, “Side by side” */
    g_string_append_printf (text, _ ("“%s”"), shot->title);
  }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

/**
 * console_removal_describe:
 * @session: a show
 * @kind: a source or a shot
 * @id: which one
 *
 * Returns: (transfer full) (nullable): what would be lost with it, in words; `NULL` when nothing is,
 *   so that nobody needs to be asked
 */
char *
console_removal_describe (ShowSession *session, ConsoleEntryKind kind, const char *id)
{
  g_autoptr (GObject) item = find (session, kind, id);
  g_autofree char *shots = NULL;
  gboolean on_air = FALSE;

  if (item == NULL)
    return NULL;

  g_object_get (item, "on-air", &on_air, NULL);
  if (kind == CONSOLE_ENTRY_SOURCE)
    shots = list_shots_with (session, id);
  if (on_air && shots == NULL)
    return g_strdup (_ ("It is in the program now."));
  if (shots == NULL)
    return NULL;
  if (on_air)
    /* Translators: %s is a list of shots */
    return g_strdup_printf (_ ("It is in the program now, and these shots use it: %s."), shots);
  /* Translators: %s is a list of shots */
  return g_strdup_printf (_ ("These shots use it: %s."), shots);
}

static void
remove_now (ShowSession *session, ConsoleEntryKind kind, const char *id)
{
  g_action_group_activate_action (show_session_get_actions (session),
                                  kind == CONSOLE_ENTRY_SOURCE ? "remove-source" : "remove-shot",
                                  g_variant_new_string (id));
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Removal *removal)
{
  if (g_str_equal (response, RESPONSE_REMOVE))
    remove_now (removal->session, removal->kind, removal->id);
}

static void
removal_gone_cb (gpointer user_data, GClosure *closure)
{
  removal_free (user_data);
}

/**
 * console_removal_ask:
 * @parent: the window above which it asks
 * @session: a show
 * @kind: a source or a shot
 * @id: which one
 *
 * Takes it out of the event; asks first when something else would be lost with it.
 */
void
console_removal_ask (GtkWindow *parent, ShowSession *session, ConsoleEntryKind kind, const char *id)
{
  g_autoptr (GObject) item = find (session, kind, id);
  g_autofree char *body = console_removal_describe (session, kind, id);
  g_autofree char *title = NULL;
  g_autofree char *heading = NULL;
  GtkWidget *dialog = NULL;
  Removal *removal = NULL;

  if (item == NULL)
    return;
  if (body == NULL) {
    remove_now (session, kind, id);
    return;
  }

  g_object_get (item, "title", &title, NULL);
  /* Translators: %s is a source or a shot */
  heading = g_strdup_printf (_ ("Remove “%s”?"), title);
  dialog = adw_message_dialog_new (parent, heading, body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL, _ ("_Cancel"),
                                    RESPONSE_REMOVE, _ ("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_REMOVE,
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL);

  removal = g_new0 (Removal, 1);
  removal->session = g_object_ref (session);
  removal->kind = kind;
  removal->id = g_strdup (id);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), removal, removal_gone_cb, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
