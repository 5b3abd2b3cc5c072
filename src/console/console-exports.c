/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-exports.h"

#include "common-util.h"
#include "console-error.h"

#include <glib/gi18n.h>

/* What became of talks and recordings, in words. */

static char *
describe_done (ShowExport *item)
{
  g_autofree char *length =
    common_format_elapsed ((guint64) show_export_get_duration_ms (item) / 1000);
  const char *path = show_export_get_path (item);
  g_autofree char *name = path != NULL ? g_path_get_basename (path) : g_strdup ("");

  if (show_export_get_repaired (item))
    return g_strdup_printf (_ ("The recording of “%s” was cut off, and is repaired: %s"),
                            show_export_get_title (item), length);
  return g_strdup_printf (_ ("%s, %s"), length, name);
}

static char *
describe_failure (ShowExport *item)
{
  const GError *error = show_export_get_error (item);
  const gboolean talk = show_export_get_kind (item) == SHOW_EXPORT_TALK;

  if (talk && g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND))
    return g_strdup (_ ("Nothing was recorded of this talk."));
  if (!talk && g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED))
    return g_strdup (_ ("The recording stays in several files: they were not recorded in the same "
                        "way, or the disk takes no larger file. Each can be played."));
  if (!talk && g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_DISK_FULL))
    return g_strdup (_ ("The recording stays in several files: there is no room to make one of "
                        "them. Each can be played."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_strdup (_ ("This is done when Régie is started again."));
  return console_error_describe (error);
}

/**
 * console_exports_describe:
 * @item: a talk or a recording
 *
 * Returns: (transfer full): what became of it
 */
char *
console_exports_describe (ShowExport *item)
{
  switch (show_export_get_state (item)) {
  case SHOW_EXPORT_STATE_OFF:
    return g_strdup (show_export_get_end_ms (item) < 0 ? _ ("It goes on")
                                                       : _ ("No file was made of it"));
  case SHOW_EXPORT_STATE_WAITING:
    return g_strdup (_ ("Its file is made in a moment"));
  case SHOW_EXPORT_STATE_WORKING:
    return g_strdup_printf (_ ("Its file is being made: %d %%"),
                            (int) (show_export_get_progress (item) * 100));
  case SHOW_EXPORT_STATE_DONE:
    return describe_done (item);
  case SHOW_EXPORT_STATE_FAILED:
    return describe_failure (item);
  }
  g_return_val_if_reached (NULL);
}

/* What went as it should is in its window; this is what nobody expects. */
static void
finished_cb (GListModel *exports, ShowExport *item, AdwToastOverlay *toasts)
{
  g_autofree char *sentence = NULL;
  g_autofree char *escaped = NULL;
  AdwToast *toast = NULL;

  if (show_export_get_state (item) == SHOW_EXPORT_STATE_DONE && !show_export_get_repaired (item))
    return;
  sentence = console_exports_describe (item);
  escaped = g_markup_escape_text (sentence, -1);
  toast = adw_toast_new (escaped);
  adw_toast_set_button_label (toast, _ ("Show it"));
  adw_toast_set_action_name (toast, "win.show-talks");
  adw_toast_set_timeout (toast, 0);
  adw_toast_overlay_add_toast (toasts, toast);
}

/**
 * console_exports_follow:
 * @session: a session
 * @toasts: where it is said that a recording was repaired, or that a file could not be made
 */
void
console_exports_follow (ShowSession *session, AdwToastOverlay *toasts)
{
  g_signal_connect_object (show_session_get_exports (session), "finished", G_CALLBACK (finished_cb),
                           toasts, 0);
}
