/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-window.h"

#include "console-air-actions.h"
#include "console-alarm-bar.h"
#include "console-channel.h"
#include "console-dialogs.h"
#include "console-edit-actions.h"
#include "console-error.h"
#include "console-exports.h"
#include "console-headphones.h"
#include "console-list.h"
#include "console-monitor.h"
#include "console-posts-panel.h"
#include "console-program-strip.h"
#include "console-shot-button.h"
#include "console-source-tile.h"
#include "console-status.h"
#include "console-take-bar.h"
#include "console-talkback-strip.h"
#include "console-wheel.h"

#include <glib/gi18n.h>

/* The digits' row by position, because on a French keyboard it gives “&é"'(-è_” without Shift. */
#define KEYCODE_DIGIT_1 10
#define N_SHOT_KEYS     9
#define SAVED_TOAST_S   20
/* A line of a message, in characters: what fits over the posts. */
#define MESSAGE_CHARS 32

/**
 * ConsoleWindow:
 *
 * The control room of one show.
 *
 * It adds eyes and hands to the show's actions, and asks before what cannot be taken back: going
 * live, ending it, closing while live.
 */
struct _ConsoleWindow {
  AdwApplicationWindow parent_instance;

  ConsoleOverview *overview; /* construct-only */
  gboolean may_close;        /* the operator has said so */
  gboolean may_discard;      /* and that changes which cannot be saved here may be lost */
  EngineRecordingState recording_state;

  AdwToastOverlay *toasts;
  GtkWidget *desk;
  GtkBox *shots;
  GtkBox *sources;
  GtkBox *channels;
  ConsolePostsPanel *posts;
};

G_DEFINE_FINAL_TYPE (ConsoleWindow, console_window, ADW_TYPE_APPLICATION_WINDOW)

enum {
  PROP_0,
  PROP_OVERVIEW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static ShowSession *
get_session (ConsoleWindow *self)
{
  return console_overview_get_session (self->overview);
}

static void
shot_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ShowSession *session = get_session (CONSOLE_WINDOW (widget));
  const char *command = show_session_get_preview_before_taking (session) ? "app.next" : "app.take";

  gtk_widget_activate_action (widget, command, "s", g_variant_get_string (parameter, NULL));
}

/* The show's own actions have a state, which a menu would show as a choice. */
static void
take_shot_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_widget_activate_action_variant (widget, "app.take", parameter);
}

static void
prepare_shot_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_widget_activate_action_variant (widget, "app.next", parameter);
}

static void
press_shot_key (ConsoleWindow *self, guint number)
{
  GListModel *shots = show_session_get_shots (get_session (self));

  for (guint i = 0; i < g_list_model_get_n_items (shots); i++) {
    g_autoptr (ShowShot) shot = g_list_model_get_item (shots, i);

    if (show_shot_get_number (shot) == number)
      gtk_widget_activate_action (GTK_WIDGET (self), "win.shot", "s", show_shot_get_id (shot));
  }
}

static void
toggle_name_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ShowSession *session = get_session (CONSOLE_WINDOW (widget));

  if (show_session_get_talk_shown (session))
    gtk_widget_activate_action (widget, "app.hide-talk", NULL);
  else
    gtk_widget_activate_action (widget, "app.show-talk", "i", -1);
}

/* Only the window can open a folder. */
static void
help_alarm_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GListModel *alarms = show_session_get_alarms (get_session (CONSOLE_WINDOW (widget)));
  const char *id = g_variant_get_string (parameter, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (alarms); i++) {
    g_autoptr (ShowAlarm) alarm = g_list_model_get_item (alarms, i);

    if (g_str_equal (show_alarm_get_id (alarm), id) &&
        show_alarm_get_help (alarm) == SHOW_HELP_OPEN_FOLDER)
      gtk_widget_activate_action (widget, "win.show-recording", NULL);
  }
  gtk_widget_activate_action_variant (widget, "app.help-alarm", parameter);
}

static void
focus_desk_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_widget_grab_focus (CONSOLE_WINDOW (widget)->desk);
}

static void
search_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  console_posts_panel_start_search (CONSOLE_WINDOW (widget)->posts);
}

static void
open_page_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const char *uri = show_session_get_live_page_uri (get_session (CONSOLE_WINDOW (widget)));

  if (uri != NULL)
    gtk_show_uri (GTK_WINDOW (widget), uri, GDK_CURRENT_TIME);
}

static void
copy_page_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ConsoleWindow *self = CONSOLE_WINDOW (widget);
  const char *uri = show_session_get_live_page_uri (get_session (self));

  if (uri == NULL)
    return;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), uri);
  console_window_show_message (self, _ ("The live page’s address was copied"));
}

/* What had stopped before the end was said then, and nothing is saved now. */
static void
recording_changed_cb (ConsoleWindow *self, GParamSpec *pspec, EngineRecording *recording)
{
  const EngineRecordingState before = self->recording_state;
  AdwToast *toast = NULL;

  self->recording_state = engine_recording_get_state (recording);
  if (self->recording_state != ENGINE_RECORDING_STATE_OFF ||
      before == ENGINE_RECORDING_STATE_STOPPED || engine_recording_get_path (recording) == NULL)
    return;

  toast = adw_toast_new (_ ("The recording is saved."));
  adw_toast_set_button_label (toast, _ ("Show it"));
  adw_toast_set_action_name (toast, "win.show-recording");
  adw_toast_set_timeout (toast, SAVED_TOAST_S);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static gboolean
key_pressed_cb (ConsoleWindow *self, guint keyval, guint keycode, GdkModifierType state)
{
  guint number = 0;

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  if (keyval >= GDK_KEY_KP_1 && keyval < GDK_KEY_KP_1 + N_SHOT_KEYS)
    number = keyval - GDK_KEY_KP_1 + 1;
  else if (keyval >= GDK_KEY_1 && keyval < GDK_KEY_1 + N_SHOT_KEYS)
    number = keyval - GDK_KEY_1 + 1;
  else if (keycode >= KEYCODE_DIGIT_1 && keycode < KEYCODE_DIGIT_1 + N_SHOT_KEYS)
    number = keycode - KEYCODE_DIGIT_1 + 1;
  else
    return GDK_EVENT_PROPAGATE;

  press_shot_key (self, number);
  return GDK_EVENT_STOP;
}

static void
desk_pressed_cb (ConsoleWindow *self)
{
  gtk_widget_grab_focus (self->desk);
}

/* When the part that had the keys goes away, they belong to the desk again. */
static void
focus_changed_cb (ConsoleWindow *self)
{
  if (gtk_window_get_focus (GTK_WINDOW (self)) == NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (self->desk);
}

/* What is saved by itself needs no mark. */
static char *
title_text (ConsoleWindow *self, const char *title, gboolean modified, gboolean savable)
{
  if (!modified || savable)
    return g_strdup (title);
  /* Translators: %s is an event that was changed and cannot be saved where it is */
  return g_strdup_printf (_ ("%s — not saved"), title);
}

static char *
live_label (ConsoleWindow *self, ShowState state)
{
  return g_strdup (state == SHOW_STATE_LIVE ? _ ("End live…") : _ ("Go live…"));
}

static char **
live_classes (ConsoleWindow *self, ShowState state)
{
  const char *classes[] = { state == SHOW_STATE_LIVE ? "end-live" : "go-live", NULL };

  return g_strdupv ((char **) classes);
}

static gboolean
can_rehearse (ConsoleWindow *self, ShowState state)
{
  return state != SHOW_STATE_LIVE;
}

static char *
rehearse_label (ConsoleWindow *self, ShowState state)
{
  return g_strdup (state == SHOW_STATE_REHEARSAL ? _ ("End rehearsal") : _ ("Rehearse"));
}

static GtkWidget *
create_shot (gpointer item, gpointer user_data)
{
  return console_shot_button_new (user_data, item);
}

static GtkWidget *
create_source (gpointer item, gpointer user_data)
{
  return console_source_tile_new (user_data, item);
}

static GtkWidget *
create_channel (gpointer item, gpointer user_data)
{
  return console_channel_new (item);
}

static void
action_failed_cb (ConsoleWindow *self, const GError *error)
{
  g_autofree char *sentence = console_error_describe (error);

  console_window_show_message (self, sentence);
}

static gboolean
destroy_cb (gpointer user_data)
{
  gtk_window_destroy (GTK_WINDOW (user_data));
  return G_SOURCE_REMOVE;
}

static gboolean
console_window_close_request (GtkWindow *window)
{
  ConsoleWindow *self = CONSOLE_WINDOW (window);
  ShowSession *session = get_session (self);

  if (!self->may_close && show_session_get_state (session) == SHOW_STATE_LIVE) {
    console_dialogs_ask_quit (window, &self->may_close);
  } else if (!self->may_discard && show_session_get_modified (session) &&
             !show_session_get_savable (session)) {
    /* Whoever stays may go live again, and is asked again then. */
    self->may_close = FALSE;
    console_dialogs_ask_unsaved (window, &self->may_discard);
  } else {
    /* Not inside the key or click that asked for it: GTK 4.8 still holds what it went through. */
    g_idle_add_full (G_PRIORITY_HIGH_IDLE, destroy_cb, g_object_ref (self), g_object_unref);
  }
  return GDK_EVENT_STOP;
}

static void
console_window_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsoleWindow *self = CONSOLE_WINDOW (object);

  switch (property_id) {
  case PROP_OVERVIEW:
    g_value_set_object (value, self->overview);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_window_set_property (GObject *object, guint property_id, const GValue *value,
                             GParamSpec *pspec)
{
  ConsoleWindow *self = CONSOLE_WINDOW (object);

  switch (property_id) {
  case PROP_OVERVIEW:
    self->overview = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

/* Found by name in the resources, GTK would show it untranslated. */
static void
add_help (ConsoleWindow *self)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new ();

  gtk_builder_set_translation_domain (builder, GETTEXT_PACKAGE);
  if (!gtk_builder_add_from_resource (builder, APPLICATION_PATH "/ui/help-overlay.ui", NULL))
    g_assert_not_reached ();
  gtk_application_window_set_help_overlay (GTK_APPLICATION_WINDOW (self),
                                           GTK_SHORTCUTS_WINDOW (
                                             gtk_builder_get_object (builder, "help_overlay")));
}

/* Missing when Régie is run from a folder that was never installed: then nothing is remembered. */
static void
bind_settings (ConsoleWindow *self, ShowSession *session)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettings) settings = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, APPLICATION_ID, TRUE);
  if (schema == NULL)
    return;

  settings = g_settings_new_full (schema, NULL, NULL);
  g_settings_bind (settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "preview-before-taking", session, "preview-before-taking",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "transition-ms", session, "transition-ms", G_SETTINGS_BIND_DEFAULT);
}

static void
console_window_constructed (GObject *object)
{
  ConsoleWindow *self = CONSOLE_WINDOW (object);
  ShowSession *session = get_session (self);

  G_OBJECT_CLASS (console_window_parent_class)->constructed (object);

  console_list_fill_box (self->shots, show_session_get_shots (session), create_shot, session);
  console_list_fill_box (self->sources, show_session_get_sources (session), create_source, session);
  console_list_fill_box (self->channels, show_session_get_sources (session), create_channel, NULL);
  console_wheel_scroll_sideways (GTK_WIDGET (self->shots));
  console_wheel_scroll_sideways (GTK_WIDGET (self->sources));
  console_wheel_scroll_sideways (GTK_WIDGET (self->channels));
  /* Not in the template: GTK 4.8 complains when a widget goes that binds its own property. */
  g_object_bind_property (session, "title", self, "title", G_BINDING_SYNC_CREATE);
  console_exports_follow (session, self->toasts);
  g_signal_connect_object (session, "action-failed", G_CALLBACK (action_failed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (show_session_get_recording (session), "notify::state",
                           G_CALLBACK (recording_changed_cb), self, G_CONNECT_SWAPPED);
  add_help (self);
  bind_settings (self, session);
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (focus_changed_cb), NULL);
  gtk_window_set_focus (GTK_WINDOW (self), self->desk);
}

static void
console_window_dispose (GObject *object)
{
  ConsoleWindow *self = CONSOLE_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_WINDOW);
  g_clear_object (&self->overview);

  G_OBJECT_CLASS (console_window_parent_class)->dispose (object);
}

static void
ensure_types (void)
{
  g_type_ensure (CONSOLE_TYPE_ALARM_BAR);
  g_type_ensure (CONSOLE_TYPE_HEADPHONES);
  g_type_ensure (CONSOLE_TYPE_MONITOR);
  g_type_ensure (CONSOLE_TYPE_POSTS_PANEL);
  g_type_ensure (CONSOLE_TYPE_PROGRAM_STRIP);
  g_type_ensure (CONSOLE_TYPE_STATUS);
  g_type_ensure (CONSOLE_TYPE_TAKE_BAR);
  g_type_ensure (CONSOLE_TYPE_TALKBACK_STRIP);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ConsoleWindow, desk);
  gtk_widget_class_bind_template_child (widget_class, ConsoleWindow, shots);
  gtk_widget_class_bind_template_child (widget_class, ConsoleWindow, sources);
  gtk_widget_class_bind_template_child (widget_class, ConsoleWindow, channels);
  gtk_widget_class_bind_template_child (widget_class, ConsoleWindow, posts);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, desk_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, title_text);
  gtk_widget_class_bind_template_callback (widget_class, live_label);
  gtk_widget_class_bind_template_callback (widget_class, live_classes);
  gtk_widget_class_bind_template_callback (widget_class, can_rehearse);
  gtk_widget_class_bind_template_callback (widget_class, rehearse_label);
}

static void
console_window_class_init (ConsoleWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_window_get_property;
  object_class->set_property = console_window_set_property;
  object_class->constructed = console_window_constructed;
  object_class->dispose = console_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = console_window_close_request;

  properties[PROP_OVERVIEW] =
    g_param_spec_object ("overview", NULL, NULL, CONSOLE_TYPE_OVERVIEW,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "win.shot", "s", shot_activated);
  gtk_widget_class_install_action (widget_class, "win.take-shot", "s", take_shot_activated);
  gtk_widget_class_install_action (widget_class, "win.prepare-shot", "s", prepare_shot_activated);
  gtk_widget_class_install_action (widget_class, "win.toggle-name", NULL, toggle_name_activated);
  console_air_actions_install (widget_class);
  gtk_widget_class_install_action (widget_class, "win.help-alarm", "s", help_alarm_activated);
  console_edit_actions_install (widget_class);
  gtk_widget_class_install_action (widget_class, "win.focus-desk", NULL, focus_desk_activated);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_activated);
  gtk_widget_class_install_action (widget_class, "win.open-page", NULL, open_page_activated);
  gtk_widget_class_install_action (widget_class, "win.copy-page", NULL, copy_page_activated);

  ensure_types ();
  bind_template (widget_class);
}

static void
console_window_init (ConsoleWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
console_window_new (GtkApplication *application, ConsoleOverview *overview)
{
  return g_object_new (CONSOLE_TYPE_WINDOW, "application", application, "overview", overview, NULL);
}

ShowSession *
console_window_get_session (ConsoleWindow *self)
{
  g_return_val_if_fail (CONSOLE_IS_WINDOW (self), NULL);

  return self->overview != NULL ? get_session (self) : NULL;
}

/**
 * console_window_show_message:
 * @self: a window
 * @message: a sentence for the operator, translated
 *
 * Shows @message for some seconds, without asking for anything.
 */
void
console_window_show_message (ConsoleWindow *self, const char *message)
{
  GtkWidget *title = NULL;
  AdwToast *toast = NULL;

  g_return_if_fail (CONSOLE_IS_WINDOW (self));

  /* A title of one line would be cut, and make what it lies over wider meanwhile. */
  title = gtk_label_new (message);
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (title), 1);
  gtk_label_set_max_width_chars (GTK_LABEL (title), MESSAGE_CHARS);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  toast = adw_toast_new ("");
  adw_toast_set_custom_title (toast, title);
  adw_toast_overlay_add_toast (self->toasts, toast);
}
