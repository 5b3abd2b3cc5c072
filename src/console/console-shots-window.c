/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-shots-window.h"

#include "console-entry-list.h"
#include "console-error.h"
#include "console-patch.h"
#include "console-shot-editor.h"

#include <glib/gi18n.h>

#define N_KEYS 9

/**
 * ConsoleShotsWindow:
 *
 * Where shots are made: all of them on the left, the chosen one on the right. It stands beside the
 * show: the show's own window stays usable.
 */
struct _ConsoleShotsWindow {
  AdwWindow parent_instance;

  ShowSession *session; /* construct-only */
  AdwToastOverlay *toasts;
  ConsoleEntryList *list;
  AdwBin *editor;
};

G_DEFINE_FINAL_TYPE (ConsoleShotsWindow, console_shots_window, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static ShowShot *
find_shot (ConsoleShotsWindow *self, const char *id)
{
  GListModel *shots = show_session_get_shots (self->session);

  for (guint i = 0; id != NULL && i < g_list_model_get_n_items (shots); i++) {
    g_autoptr (ShowShot) shot = g_list_model_get_item (shots, i);

    if (g_str_equal (show_shot_get_id (shot), id))
      return shot; /* the list keeps it */
  }
  return NULL;
}

/* The lowest digit that takes no shot yet; 0 when all do. */
static guint
find_free_key (ConsoleShotsWindow *self)
{
  GListModel *shots = show_session_get_shots (self->session);
  gboolean used[N_KEYS + 1] = { FALSE };

  for (guint i = 0; i < g_list_model_get_n_items (shots); i++) {
    g_autoptr (ShowShot) shot = g_list_model_get_item (shots, i);

    if (show_shot_get_number (shot) <= N_KEYS)
      used[show_shot_get_number (shot)] = TRUE;
  }
  for (guint key = 1; key <= N_KEYS; key++) {
    if (!used[key])
      return key;
  }
  return 0;
}

static void
selected_cb (ConsoleShotsWindow *self)
{
  ShowShot *shot = find_shot (self, console_entry_list_get_selected (self->list));

  adw_bin_set_child (self->editor,
                     shot != NULL ? console_shot_editor_new (self->session, shot) : NULL);
}

static void
action_failed_cb (ConsoleShotsWindow *self, const GError *error)
{
  g_autofree char *sentence = console_error_describe (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
console_shots_window_set_property (GObject *object, guint property_id, const GValue *value,
                                   GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    CONSOLE_SHOTS_WINDOW (object)->session = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_shots_window_constructed (GObject *object)
{
  ConsoleShotsWindow *self = CONSOLE_SHOTS_WINDOW (object);

  G_OBJECT_CLASS (console_shots_window_parent_class)->constructed (object);

  g_signal_connect_object (self->session, "action-failed", G_CALLBACK (action_failed_cb), self,
                           G_CONNECT_SWAPPED);
  console_entry_list_fill (self->list, self->session, CONSOLE_ENTRY_SHOT);
}

static void
console_shots_window_dispose (GObject *object)
{
  ConsoleShotsWindow *self = CONSOLE_SHOTS_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_SHOTS_WINDOW);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_shots_window_parent_class)->dispose (object);
}

static void
console_shots_window_class_init (ConsoleShotsWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = console_shots_window_set_property;
  object_class->constructed = console_shots_window_constructed;
  object_class->dispose = console_shots_window_dispose;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_ENTRY_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-shots-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleShotsWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ConsoleShotsWindow, list);
  gtk_widget_class_bind_template_child (widget_class, ConsoleShotsWindow, editor);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, console_shots_window_add);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
console_shots_window_init (ConsoleShotsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
console_shots_window_new (GtkWindow *parent, ShowSession *session)
{
  return g_object_new (CONSOLE_TYPE_SHOTS_WINDOW, "transient-for", parent, "application",
                       gtk_window_get_application (parent), "destroy-with-parent", TRUE, "session",
                       session, NULL);
}

/**
 * console_shots_window_edit:
 * @self: a window
 * @id: (nullable): the shot to show; `NULL` for the one that was shown, or the first
 */
void
console_shots_window_edit (ConsoleShotsWindow *self, const char *id)
{
  g_autoptr (ShowShot) first = NULL;

  g_return_if_fail (CONSOLE_IS_SHOTS_WINDOW (self));

  first = g_list_model_get_item (show_session_get_shots (self->session), 0);
  if (id == NULL && console_entry_list_get_selected (self->list) == NULL && first != NULL)
    id = show_shot_get_id (first);
  if (id != NULL)
    console_entry_list_select (self->list, id);
}

/**
 * console_shots_window_add:
 * @self: a window
 *
 * Adds a shot of the first source, with the first free key, and shows it.
 */
void
console_shots_window_add (ConsoleShotsWindow *self)
{
  const char *title = _ ("New shot");
  g_autoptr (EngineSource) source = NULL;
  g_autofree char *id = NULL;
  g_autofree char *json = NULL;

  g_return_if_fail (CONSOLE_IS_SHOTS_WINDOW (self));

  source = g_list_model_get_item (show_session_get_sources (self->session), 0);
  if (source == NULL)
    return;

  id = console_patch_make_id (title, show_session_get_shots (self->session));
  json = console_patch_new_shot (id, title, engine_source_get_id (source), find_free_key (self));
  console_entry_list_select (self->list, id);
  g_action_group_activate_action (show_session_get_actions (self->session), "add-shot",
                                  g_variant_new_string (json));
}
