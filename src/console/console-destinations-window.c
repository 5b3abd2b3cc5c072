/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-destinations-window.h"

#include "common-util.h"
#include "console-air-text.h"
#include "console-destination-form.h"
#include "console-destinations.h"
#include "console-entry-list.h"
#include "console-error.h"

#include <glib/gi18n.h>

#define RESPONSE_STAY    "stay"
#define RESPONSE_DISCARD "discard"
#define RESPONSE_SAVE    "save"

/* Where the operator wants to go from what is being written. */
typedef enum {
  GO_TO_ENTRY,
  GO_TO_SERVICES,
  GO_AWAY,
} Going;

/**
 * ConsoleDestinationsWindow:
 *
 * Where it is prepared where the show goes: all destinations on the left, the chosen one, or the
 * platforms for a new one, on the right. It stands beside the show: the show's own window stays
 * usable. What is written and not saved is not left without a question.
 */
struct _ConsoleDestinationsWindow {
  AdwWindow parent_instance;

  ShowSession *session; /* construct-only */
  AdwToastOverlay *toasts;
  ConsoleEntryList *list;
  GtkStack *pages;
  AdwBin *form;
  GtkWidget *services;
  GtkListBox *service_list;
  Going going;  /* what the question is about */
  char *wanted; /* nullable: the destination to which GO_TO_ENTRY goes */
};

G_DEFINE_FINAL_TYPE (ConsoleDestinationsWindow, console_destinations_window, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Returns: (transfer none) (nullable): what is shown on the right, if it is no platforms */
static ConsoleDestinationForm *
get_form (ConsoleDestinationsWindow *self)
{
  GtkWidget *form = adw_bin_get_child (self->form);

  return form != NULL ? CONSOLE_DESTINATION_FORM (form) : NULL;
}

/* Its key may be stored only when the operator has gone on. */
static void
saved_cb (ConsoleDestinationsWindow *self, const char *id, ConsoleDestinationForm *form)
{
  if (self->session != NULL && form == get_form (self))
    console_entry_list_select (self->list, id);
}

static void
show_form (ConsoleDestinationsWindow *self, const ShowService *service, const char *id)
{
  GtkWidget *form = console_destination_form_new (self->session, service, id);

  g_signal_connect_object (form, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (self->form, form);
  gtk_stack_set_visible_child (self->pages, GTK_WIDGET (self->form));
}

static void
show_entry (ConsoleDestinationsWindow *self, const char *id)
{
  const EventDestination *record = console_destinations_find (self->session, id);

  if (record != NULL) {
    show_form (self, show_services_find (record->service), id);
  } else {
    adw_bin_set_child (self->form, NULL);
    gtk_stack_set_visible_child (self->pages, self->services);
  }
}

static void
go (ConsoleDestinationsWindow *self)
{
  g_autofree char *wanted = g_steal_pointer (&self->wanted);

  switch (self->going) {
  case GO_TO_ENTRY:
    if (g_strcmp0 (console_entry_list_get_selected (self->list), wanted) == 0)
      show_entry (self, wanted);
    else
      console_entry_list_select (self->list, wanted);
    break;
  case GO_TO_SERVICES:
    adw_bin_set_child (self->form, NULL);
    console_entry_list_select_none (self->list);
    gtk_stack_set_visible_child (self->pages, self->services);
    gtk_widget_child_focus (self->services, GTK_DIR_TAB_FORWARD);
    break;
  case GO_AWAY:
    gtk_window_close (GTK_WINDOW (self));
    break;
  }
}

/* The list has already gone to where the operator wanted to go. */
static void
stay (ConsoleDestinationsWindow *self)
{
  const char *id =
    get_form (self) != NULL ? console_destination_form_get_id (get_form (self)) : NULL;

  g_clear_pointer (&self->wanted, g_free);
  if (id != NULL)
    console_entry_list_select (self->list, id);
  else
    console_entry_list_select_none (self->list);
}

static void
leave_response_cb (ConsoleDestinationsWindow *self, const char *response, GtkWindow *dialog)
{
  if (self->session == NULL)
    return;

  if (g_str_equal (response, RESPONSE_DISCARD))
    adw_bin_set_child (self->form, NULL);
  else if (!g_str_equal (response, RESPONSE_SAVE) ||
           (get_form (self) != NULL && !console_destination_form_save (get_form (self)))) {
    stay (self);
    return;
  }
  /* GTK 4.8 lets the question outlive its window, and then touches that. */
  if (self->going == GO_AWAY)
    gtk_window_set_transient_for (dialog, NULL);
  go (self);
}

/* Takes the operator where @going says: at once, or after a question when something would be lost. */
static void
leave (ConsoleDestinationsWindow *self, Going going, const char *wanted)
{
  ConsoleDestinationForm *form = get_form (self);
  GtkWidget *dialog = NULL;

  self->going = going;
  common_set_string (&self->wanted, wanted);
  if (form == NULL || !console_destination_form_get_changed (form)) {
    go (self);
    return;
  }

  dialog =
    adw_message_dialog_new (GTK_WINDOW (self), _ ("Save what you wrote?"),
                            _ ("This destination was changed, and the changes are not saved yet."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), RESPONSE_STAY, _ ("_Back to it"),
                                    RESPONSE_DISCARD, _ ("_Discard"), RESPONSE_SAVE, _ ("_Save"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_DISCARD,
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_SAVE,
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), RESPONSE_SAVE,
                                           console_destination_form_can_save (form));
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_SAVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_STAY);
  g_signal_connect_object (dialog, "response", G_CALLBACK (leave_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
selected_cb (ConsoleDestinationsWindow *self)
{
  ConsoleDestinationForm *form = get_form (self);
  const char *id = console_entry_list_get_selected (self->list);

  if (form != NULL && console_destination_form_get_changed (form)) {
    const char *shown = console_destination_form_get_id (form);

    /* One that is moved is chosen by nobody for a moment. */
    if (g_strcmp0 (id, shown) == 0 ||
        (id == NULL && console_destinations_find (self->session, shown) != NULL))
      return;
    if (id != NULL) {
      leave (self, GO_TO_ENTRY, id);
      return;
    }
  }
  show_entry (self, id);
}

static gboolean
close_request_cb (ConsoleDestinationsWindow *self)
{
  ConsoleDestinationForm *form = get_form (self);

  if (form == NULL || !console_destination_form_get_changed (form))
    return GDK_EVENT_PROPAGATE;

  leave (self, GO_AWAY, NULL);
  return GDK_EVENT_STOP;
}

static void
service_activated_cb (ConsoleDestinationsWindow *self, GtkListBoxRow *row)
{
  guint n_services = 0;
  const ShowService *services = show_services_get (&n_services);
  const int index = gtk_list_box_row_get_index (row);

  if (index < 0 || (guint) index >= n_services)
    return;
  console_entry_list_select_none (self->list);
  show_form (self, &services[index], NULL);
  gtk_widget_child_focus (GTK_WIDGET (self->form), GTK_DIR_TAB_FORWARD);
}

static void
fill_services (ConsoleDestinationsWindow *self)
{
  guint n_services = 0;
  const ShowService *services = show_services_get (&n_services);

  for (guint i = 0; i < n_services; i++) {
    GtkWidget *row = adw_action_row_new ();

    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                   show_service_get_title (&services[i]));
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               gtk_image_new_from_icon_name ("go-next-symbolic"));
    gtk_list_box_append (self->service_list, row);
  }
}

static char *
plan_text (ConsoleDestinationsWindow *self, const char *const *sentences)
{
  return console_text_plan (sentences);
}

static void
action_failed_cb (ConsoleDestinationsWindow *self, const GError *error)
{
  g_autofree char *sentence = console_error_describe (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
console_destinations_window_get_property (GObject *object, guint property_id, GValue *value,
                                          GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, CONSOLE_DESTINATIONS_WINDOW (object)->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_destinations_window_set_property (GObject *object, guint property_id, const GValue *value,
                                          GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    CONSOLE_DESTINATIONS_WINDOW (object)->session = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_destinations_window_constructed (GObject *object)
{
  ConsoleDestinationsWindow *self = CONSOLE_DESTINATIONS_WINDOW (object);

  G_OBJECT_CLASS (console_destinations_window_parent_class)->constructed (object);

  g_signal_connect_object (self->session, "action-failed", G_CALLBACK (action_failed_cb), self,
                           G_CONNECT_SWAPPED);
  fill_services (self);
  console_entry_list_fill (self->list, self->session, CONSOLE_ENTRY_DESTINATION);
}

static void
console_destinations_window_dispose (GObject *object)
{
  ConsoleDestinationsWindow *self = CONSOLE_DESTINATIONS_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_DESTINATIONS_WINDOW);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_destinations_window_parent_class)->dispose (object);
}

static void
console_destinations_window_finalize (GObject *object)
{
  g_free (CONSOLE_DESTINATIONS_WINDOW (object)->wanted);

  G_OBJECT_CLASS (console_destinations_window_parent_class)->finalize (object);
}

static void
console_destinations_window_class_init (ConsoleDestinationsWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_destinations_window_get_property;
  object_class->set_property = console_destinations_window_set_property;
  object_class->constructed = console_destinations_window_constructed;
  object_class->dispose = console_destinations_window_dispose;
  object_class->finalize = console_destinations_window_finalize;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_ENTRY_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, APPLICATION_PATH
                                               "/ui/console-destinations-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleDestinationsWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ConsoleDestinationsWindow, list);
  gtk_widget_class_bind_template_child (widget_class, ConsoleDestinationsWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, ConsoleDestinationsWindow, form);
  gtk_widget_class_bind_template_child (widget_class, ConsoleDestinationsWindow, services);
  gtk_widget_class_bind_template_child (widget_class, ConsoleDestinationsWindow, service_list);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
  gtk_widget_class_bind_template_callback (widget_class, plan_text);
  gtk_widget_class_bind_template_callback (widget_class, service_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, console_destinations_window_add);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
console_destinations_window_init (ConsoleDestinationsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
console_destinations_window_new (GtkWindow *parent, ShowSession *session)
{
  return g_object_new (CONSOLE_TYPE_DESTINATIONS_WINDOW, "transient-for", parent, "application",
                       gtk_window_get_application (parent), "destroy-with-parent", TRUE, "session",
                       session, NULL);
}

/**
 * console_destinations_window_edit:
 * @self: a window
 * @id: (nullable): the destination to show; `NULL` for the one that was shown, or the first
 */
void
console_destinations_window_edit (ConsoleDestinationsWindow *self, const char *id)
{
  GPtrArray *records = NULL;

  g_return_if_fail (CONSOLE_IS_DESTINATIONS_WINDOW (self));

  records = event_file_get_destinations (show_session_get_event (self->session));
  if (id == NULL && console_entry_list_get_selected (self->list) == NULL && records->len > 0)
    id = ((const EventDestination *) records->pdata[0])->id;
  if (id != NULL)
    console_entry_list_select (self->list, id);
  else if (get_form (self) == NULL)
    show_entry (self, console_entry_list_get_selected (self->list));
}

/**
 * console_destinations_window_add:
 * @self: a window
 *
 * Shows the platforms to which a show can be sent.
 */
void
console_destinations_window_add (ConsoleDestinationsWindow *self)
{
  g_return_if_fail (CONSOLE_IS_DESTINATIONS_WINDOW (self));

  leave (self, GO_TO_SERVICES, NULL);
}
