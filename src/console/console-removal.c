/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-removal.h"

#include "show-nearest.h"

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

static const char *
get_action (ConsoleEntryKind kind)
{
  switch (kind) {
  case CONSOLE_ENTRY_SOURCE:
    return "remove-source";
  case CONSOLE_ENTRY_SHOT:
    return "remove-shot";
  case CONSOLE_ENTRY_DESTINATION:
    return "remove-destination";
  case CONSOLE_ENTRY_RECORDING:
  case CONSOLE_ENTRY_GUESTS:
    break;
  }
  g_return_val_if_reached (NULL);
}

static GObject *
find (ShowSession *session, ConsoleEntryKind kind, const char *id)
{
  g_autoptr (GListModel) items = console_entry_get_list (session, kind);

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

static const EventShot *
find_shot (EventFile *event, const char *id)
{
  GPtrArray *shots = event_file_get_shots (event);

  for (guint i = 0; i < shots->len; i++) {
    const EventShot *shot = shots->pdata[i];

    if (g_str_equal (shot->id, id))
      return shot;
  }
  return NULL;
}

/* What the show does when the shot on air goes: the nearest of those that are left. */
static const EventShot *
find_heir (EventFile *event, const EventShot *gone)
{
  static const char *const nothing[] = { NULL };
  const ShowArrangement current = { gone->layout, (const char *const *) gone->sources };
  GPtrArray *shots = event_file_get_shots (event);
  g_autofree ShowArrangement *arrangements = g_new0 (ShowArrangement, shots->len);
  int index = 0;

  for (guint i = 0; i < shots->len; i++) {
    const EventShot *shot = shots->pdata[i];

    arrangements[i] = (ShowArrangement){ shot->layout, (const char *const *) shot->sources };
  }
  index = show_nearest_find (arrangements, shots->len, &current, nothing);
  return index >= 0 ? shots->pdata[index] : NULL;
}

static char *
list_sources_of (EventFile *event, const EventShot *shot)
{
  GPtrArray *sources = event_file_get_sources (event);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint place = 0; shot->sources[place] != NULL; place++) {
    for (guint i = 0; i < sources->len; i++) {
      const EventSource *source = sources->pdata[i];

      if (g_str_equal (source->id, shot->sources[place]))
        /* Translators: a source’s title in a list, such as “Camera”, “Slides” */
        g_string_append_printf (g_string_append (text, text->len > 0 ? ", " : ""), _ ("“%s”"),
                                source->title);
    }
  }
  return g_strdup (text->str);
}

/* What the audience sees once it is gone, found by trying it on a copy of the event. */
static char *
describe_audience (ShowSession *session, ConsoleEntryKind kind, const char *id)
{
  EventFile *event = show_session_get_event (session);
  ShowShot *on_air = show_session_get_on_air_shot (session);
  const EventShot *before = on_air != NULL ? find_shot (event, show_shot_get_id (on_air)) : NULL;
  g_autofree char *json = event_file_to_json (event);
  g_autoptr (EventFile) copy = event_file_parse (json, -1, event_file_get_path (event), NULL);
  const EventShot *after = NULL;
  g_autofree char *sources = NULL;

  if (before == NULL || copy == NULL ||
      !event_file_remove (
        copy, kind == CONSOLE_ENTRY_SOURCE ? EVENT_ENTRIES_SOURCES : EVENT_ENTRIES_SHOTS, id, NULL))
    return NULL; /* it is the last one, and the show says that it cannot be removed */

  after = find_shot (copy, before->id);
  if (after == NULL) {
    after = find_heir (copy, before);
    /* Translators: %s is a shot */
    return after != NULL ? g_strdup_printf (_ ("The program then shows “%s”."), after->title)
                         : NULL;
  }
  sources = list_sources_of (copy, after);
  /* Translators: %s is a list of sources */
  return *sources != '\0' ? g_strdup_printf (_ ("The program then shows only %s."), sources) : NULL;
}

static char *
describe_loss (gboolean on_air, const char *shots)
{
  if (on_air && shots == NULL)
    return g_strdup (_ ("It is in the program now."));
  if (on_air)
    /* Translators: %s is a list of shots */
    return g_strdup_printf (_ ("It is in the program now, and these shots use it: %s."), shots);
  /* Translators: %s is a list of shots */
  return g_strdup_printf (_ ("These shots use it: %s."), shots);
}

/**
 * console_removal_describe:
 * @session: a show
 * @kind: a source, shot or destination
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
  g_autofree char *loss = NULL;
  g_autofree char *audience = NULL;
  gboolean on_air = FALSE;

  if (item == NULL)
    return NULL;
  if (kind == CONSOLE_ENTRY_DESTINATION)
    return g_strdup (
      _ ("Its address is forgotten, and the show is not sent there any more. Its key "
         "stays in this computer’s keyring."));

  g_object_get (item, "on-air", &on_air, NULL);
  if (kind == CONSOLE_ENTRY_SOURCE)
    shots = list_shots_with (session, id);
  if (!on_air && shots == NULL)
    return NULL;

  loss = describe_loss (on_air, shots);
  audience = on_air ? describe_audience (session, kind, id) : NULL;
  return audience != NULL ? g_strdup_printf ("%s\n\n%s", loss, audience) : g_steal_pointer (&loss);
}

static void
remove_now (ShowSession *session, ConsoleEntryKind kind, const char *id)
{
  g_action_group_activate_action (show_session_get_actions (session), get_action (kind),
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
