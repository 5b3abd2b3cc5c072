/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-key-hint.h"

#include "console-destinations.h"

#include <glib/gi18n.h>

static void
key_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ConsoleField) field = user_data;
  g_autoptr (GError) error = NULL;
  const gboolean found = show_session_look_for_key_finish (SHOW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_object_set (field, "hint",
                found ? _ ("✓ A key is kept in this computer’s keyring. Type another one to "
                           "replace it.")
                      : _ ("✕ The key is missing. Paste it here: it is kept in this computer’s "
                           "keyring, never in the event file."),
                NULL);
}

/**
 * console_key_hint_show:
 * @field: where a key is entered
 * @session: a show
 * @id: (nullable): a destination of its event; `NULL` for one that is not in it yet
 * @cancellable: cancels asking the keyring
 *
 * Says under the field whether there is a key already.
 */
void
console_key_hint_show (ConsoleField *field, ShowSession *session, const char *id,
                       GCancellable *cancellable)
{
  const EventDestination *record = console_destinations_find (session, id);

  if (record == NULL || !record->has_key) {
    g_object_set (field, "hint",
                  _ ("Kept in this computer’s keyring, never in the event file. It is not shown "
                     "again."),
                  NULL);
    return;
  }
  g_object_set (field, "hint", _ ("Looking for its key…"), NULL);
  show_session_look_for_key_async (session, id, cancellable, key_found_cb, g_object_ref (field));
}
