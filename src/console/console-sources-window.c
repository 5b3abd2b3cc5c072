/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-sources-window.h"

#include "console-address.h"
#include "console-entry-list.h"
#include "console-error.h"
#include "console-field.h"
#include "console-files.h"
#include "console-invitation.h"
#include "console-patch.h"
#include "console-source-editor.h"
#include "console-text.h"
#include "show-files.h"

#include <glib/gi18n.h>

#define RESPONSE_CANCEL "cancel"
#define RESPONSE_ADD    "add"

/**
 * ConsoleSourcesWindow:
 *
 * Where sources are prepared: all of them on the left, the chosen one, or the kinds of a new one, on
 * the right. It stands beside the show: the show's own window stays usable.
 */
struct _ConsoleSourcesWindow {
  AdwWindow parent_instance;

  ShowSession *session; /* construct-only */
  AdwToastOverlay *toasts;
  ConsoleEntryList *list;
  GtkStack *pages;
  AdwBin *editor;
  GtkWidget *kinds;
};

G_DEFINE_FINAL_TYPE (ConsoleSourcesWindow, console_sources_window, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
add (ConsoleSourcesWindow *self, const char *kind, const char *title, const char *value)
{
  g_autofree char *id = console_patch_make_id (title, show_session_get_sources (self->session));
  g_autofree char *json = console_patch_new_source (kind, id, title, value);

  console_entry_list_select (self->list, id);
  g_action_group_activate_action (show_session_get_actions (self->session), "add-source",
                                  g_variant_new_string (json));
}

/* One question about a new source. */
typedef struct {
  ConsoleSourcesWindow *window;
  const char *kind;    /* static */
  ConsoleField *field; /* nullable: GTK 4.8 needs it longer than the dialog holds it */
} Question;

static Question *
question_new (ConsoleSourcesWindow *window, const char *kind, GtkWidget *field)
{
  Question *question = g_new0 (Question, 1);

  question->window = g_object_ref (window);
  question->kind = kind;
  question->field = field != NULL ? g_object_ref (CONSOLE_FIELD (field)) : NULL;
  return question;
}

static void
question_free (gpointer user_data)
{
  Question *question = user_data;

  g_object_unref (question->window);
  g_clear_object (&question->field);
  g_free (question);
}

static void
file_chosen_cb (const char *path, gpointer user_data)
{
  Question *question = user_data;
  g_autofree char *name = g_filename_display_basename (path);
  char *dot = strrchr (name, '.');
  g_autofree char *file = NULL;

  if (question->window->session == NULL)
    return; /* closed meanwhile */
  if (dot != NULL && dot != name)
    *dot = '\0';
  file = show_files_make_name (show_session_get_event (question->window->session), path);
  add (question->window, question->kind, name, file);
}

static void
address_response_cb (Question *question, const char *response)
{
  g_autofree char *address = console_field_get_text (question->field);

  if (g_str_equal (response, RESPONSE_ADD) && console_field_get_valid (question->field) &&
      question->window->session != NULL)
    add (question->window, question->kind,
         g_str_equal (question->kind, "whep") ? _ ("Relay") : _ ("Network stream"), address);
}

static void
question_gone_cb (gpointer user_data, GClosure *closure)
{
  question_free (user_data);
}

static char *
check_address (const char *text, gpointer user_data)
{
  return console_address_check_stream (text);
}

static void
address_changed_cb (AdwMessageDialog *dialog, GParamSpec *pspec, ConsoleField *field)
{
  adw_message_dialog_set_response_enabled (dialog, RESPONSE_ADD, console_field_get_valid (field));
}

static char *
check_whep (const char *text, gpointer user_data)
{
  return console_address_check_whep (text);
}

static void
ask_address (ConsoleSourcesWindow *self, const char *kind, const char *heading, const char *body,
             const char *example, ConsoleFieldCheck check)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, NULL);
  GtkWidget *field = console_field_new (_ ("Address"), example);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), body);
  console_field_set_check (CONSOLE_FIELD (field), check, NULL);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), field);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL, _ ("_Cancel"),
                                    RESPONSE_ADD, _ ("_Add"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_ADD,
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_ADD);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), RESPONSE_ADD, FALSE);
  g_signal_connect_object (field, "notify::valid", G_CALLBACK (address_changed_cb), dialog,
                           G_CONNECT_SWAPPED);
  g_signal_connect (field, "activated", G_CALLBACK (gtk_widget_activate_default), NULL);
  g_signal_connect_data (dialog, "response", G_CALLBACK (address_response_cb),
                         question_new (self, kind, field), question_gone_cb, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (field);
}

static void
add_camera_cb (ConsoleSourcesWindow *self)
{
  add (self, "camera", _ ("Camera"), NULL);
}

static void
add_slides_cb (ConsoleSourcesWindow *self)
{
  console_files_choose (GTK_WINDOW (self), CONSOLE_FILES_SLIDES, file_chosen_cb,
                        question_new (self, "slides", NULL), question_free);
}

static void
add_screen_cb (ConsoleSourcesWindow *self)
{
  add (self, "screen", _ ("Screen"), NULL);
}

static void
add_uri_cb (ConsoleSourcesWindow *self)
{
  ask_address (
    self, "uri", _ ("Network stream"),
    _ ("Its address begins with rtsp://, srt://, rtmp:// or http://. Whoever sends it can tell."),
    "srt://192.0.2.10:9000", check_address);
}

static void
invited_cb (ConsoleSourcesWindow *self, GParamSpec *pspec, ConsoleInvitation *invitation)
{
  g_autoptr (GuestGuest) guest = NULL;

  g_object_get (invitation, "guest", &guest, NULL);
  if (self->session != NULL && guest != NULL)
    console_entry_list_select (self->list, guest_guest_get_id (guest));
}

static void
add_guest_cb (ConsoleSourcesWindow *self)
{
  GtkWindow *invitation = console_invitation_new (GTK_WINDOW (self), self->session, NULL);

  g_signal_connect_object (invitation, "notify::guest", G_CALLBACK (invited_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (invitation);
}

static void
add_screen_of (ConsoleSourcesWindow *self, GuestGuest *guest)
{
  g_autofree char *title =
    /* Translators: %s is a guest */
    console_text_format (_ ("Screen of %s"), guest_guest_get_name (guest));

  add (self, "guest", title, guest_guest_get_id (guest));
}

static void
screen_response_cb (Question *question, const char *response)
{
  GuestGuest *guest = question->window->session != NULL
                        ? show_session_find_guest (question->window->session, response)
                        : NULL;

  if (guest != NULL)
    add_screen_of (question->window, guest);
}

/* Those whose screen is no source yet. Their ids are the answers. */
static void
ask_whose_screen (ConsoleSourcesWindow *self, GPtrArray *guests)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("Whose screen?"), NULL);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "", _ ("_Cancel"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "");
  for (guint i = 0; i < guests->len; i++) {
    GuestGuest *guest = guests->pdata[i];

    adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), guest_guest_get_id (guest),
                                     guest_guest_get_name (guest));
  }
  g_signal_connect_data (dialog, "response", G_CALLBACK (screen_response_cb),
                         question_new (self, "guest", NULL), question_gone_cb, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
add_guest_screen_cb (ConsoleSourcesWindow *self)
{
  GListModel *all = show_session_get_guests (self->session);
  g_autoptr (GPtrArray) guests = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (all); i++) {
    g_autoptr (GuestGuest) guest = g_list_model_get_item (all, i);

    if (guest_guest_get_screen (guest) == NULL)
      g_ptr_array_add (guests, g_steal_pointer (&guest));
  }
  if (guests->len == 0)
    adw_toast_overlay_add_toast (
      self->toasts,
      adw_toast_new (_ ("Every guest’s screen is there already: invite a guest first.")));
  else if (guests->len == 1)
    add_screen_of (self, guests->pdata[0]);
  else
    ask_whose_screen (self, guests);
}

static void
add_whip_cb (ConsoleSourcesWindow *self)
{
  add (self, "whip", _ ("OBS or an app"), NULL);
}

static void
add_whep_cb (ConsoleSourcesWindow *self)
{
  ask_address (
    self, "whep", _ ("From a relay"),
    _ ("A relay server offers the stream by WHEP. Its address begins with https://. If it "
       "asks for a token, enter that afterwards."),
    "https://relay.example.org/whep/stage", check_whep);
}

static void
add_film_cb (ConsoleSourcesWindow *self)
{
  console_files_choose (GTK_WINDOW (self), CONSOLE_FILES_FILM, file_chosen_cb,
                        question_new (self, "film", NULL), question_free);
}

static void
add_still_cb (ConsoleSourcesWindow *self)
{
  console_files_choose (GTK_WINDOW (self), CONSOLE_FILES_PICTURE, file_chosen_cb,
                        question_new (self, "still", NULL), question_free);
}

static void
add_card_cb (ConsoleSourcesWindow *self)
{
  add (self, "card", _ ("Card"), _ ("We begin soon"));
}

static EngineSource *
find_source (ConsoleSourcesWindow *self, const char *id)
{
  GListModel *sources = show_session_get_sources (self->session);

  for (guint i = 0; id != NULL && i < g_list_model_get_n_items (sources); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (sources, i);

    if (g_str_equal (engine_source_get_id (source), id))
      return source; /* the list keeps it */
  }
  return NULL;
}

static void
show_source (ConsoleSourcesWindow *self, const char *id)
{
  EngineSource *source = find_source (self, id);

  if (source != NULL) {
    adw_bin_set_child (self->editor, console_source_editor_new (self->session, source));
    gtk_stack_set_visible_child (self->pages, GTK_WIDGET (self->editor));
  } else {
    adw_bin_set_child (self->editor, NULL);
    gtk_stack_set_visible_child (self->pages, self->kinds);
  }
}

static void
selected_cb (ConsoleSourcesWindow *self)
{
  show_source (self, console_entry_list_get_selected (self->list));
}

static void
action_failed_cb (ConsoleSourcesWindow *self, const GError *error)
{
  g_autofree char *sentence = console_error_describe (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
console_sources_window_set_property (GObject *object, guint property_id, const GValue *value,
                                     GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    CONSOLE_SOURCES_WINDOW (object)->session = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_sources_window_constructed (GObject *object)
{
  ConsoleSourcesWindow *self = CONSOLE_SOURCES_WINDOW (object);

  G_OBJECT_CLASS (console_sources_window_parent_class)->constructed (object);

  g_signal_connect_object (self->session, "action-failed", G_CALLBACK (action_failed_cb), self,
                           G_CONNECT_SWAPPED);
  console_entry_list_fill (self->list, self->session, CONSOLE_ENTRY_SOURCE);
}

static void
console_sources_window_dispose (GObject *object)
{
  ConsoleSourcesWindow *self = CONSOLE_SOURCES_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_SOURCES_WINDOW);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_sources_window_parent_class)->dispose (object);
}

static void
console_sources_window_class_init (ConsoleSourcesWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = console_sources_window_set_property;
  object_class->constructed = console_sources_window_constructed;
  object_class->dispose = console_sources_window_dispose;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_ENTRY_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-sources-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleSourcesWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ConsoleSourcesWindow, list);
  gtk_widget_class_bind_template_child (widget_class, ConsoleSourcesWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, ConsoleSourcesWindow, editor);
  gtk_widget_class_bind_template_child (widget_class, ConsoleSourcesWindow, kinds);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, console_sources_window_add);
  gtk_widget_class_bind_template_callback (widget_class, add_camera_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_slides_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_screen_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_guest_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_guest_screen_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_whip_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_whep_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_uri_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_film_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_still_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_card_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
console_sources_window_init (ConsoleSourcesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
console_sources_window_new (GtkWindow *parent, ShowSession *session)
{
  return g_object_new (CONSOLE_TYPE_SOURCES_WINDOW, "transient-for", parent, "application",
                       gtk_window_get_application (parent), "destroy-with-parent", TRUE, "session",
                       session, NULL);
}

/**
 * console_sources_window_edit:
 * @self: a window
 * @id: (nullable): the source to show; `NULL` for the one that was shown, or the first
 */
void
console_sources_window_edit (ConsoleSourcesWindow *self, const char *id)
{
  g_return_if_fail (CONSOLE_IS_SOURCES_WINDOW (self));

  if (id != NULL)
    console_entry_list_select (self->list, id);
  selected_cb (self);
}

/**
 * console_sources_window_add:
 * @self: a window
 *
 * Shows the kinds of sources that can be added.
 */
void
console_sources_window_add (ConsoleSourcesWindow *self)
{
  g_return_if_fail (CONSOLE_IS_SOURCES_WINDOW (self));

  gtk_stack_set_visible_child (self->pages, self->kinds);
  gtk_widget_child_focus (self->kinds, GTK_DIR_TAB_FORWARD);
}
