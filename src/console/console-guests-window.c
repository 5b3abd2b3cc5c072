/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-guests-window.h"

#include "console-error.h"
#include "console-guest-panel.h"
#include "console-guest-row.h"
#include "console-guest-text.h"
#include "console-invitation.h"
#include "console-reach-page.h"
#include "console-talkback.h"

#include <glib/gi18n.h>

/**
 * ConsoleGuestsWindow:
 *
 * All guests on the left, the chosen one on the right; and, on a page of its own, how guests reach
 * this computer. It stands beside the show: the show's own window stays usable.
 */
struct _ConsoleGuestsWindow {
  AdwWindow parent_instance;

  ShowSession *session; /* construct-only */
  AdwToastOverlay *toasts;
  AdwViewStack *views;
  GtkWidget *nobody;
  GtkWidget *somebody;
  GtkListBox *list;
  GtkBox *everybody;
  AdwBin *panel;
  AdwBin *reach;
};

G_DEFINE_FINAL_TYPE (ConsoleGuestsWindow, console_guests_window, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static ConsoleGuestPanel *
get_panel (ConsoleGuestsWindow *self)
{
  GtkWidget *panel = adw_bin_get_child (self->panel);

  return panel != NULL ? CONSOLE_GUEST_PANEL (panel) : NULL;
}

static void
show_guest (ConsoleGuestsWindow *self, GuestGuest *guest)
{
  ConsoleGuestPanel *panel = get_panel (self);

  if (guest == NULL)
    adw_bin_set_child (self->panel, NULL);
  else if (panel == NULL || console_guest_panel_get_guest (panel) != guest)
    adw_bin_set_child (self->panel, console_guest_panel_new (self->session, guest));
}

static void
row_selected_cb (ConsoleGuestsWindow *self, GtkListBoxRow *row)
{
  g_autoptr (GuestGuest) guest = NULL;

  if (self->session == NULL)
    return;
  if (row != NULL)
    guest = g_list_model_get_item (show_session_get_guests (self->session),
                                   (guint) gtk_list_box_row_get_index (row));
  show_guest (self, guest);
}

/* What is inside of a row does not name it. */
static void
name_row (GtkWidget *row, GParamSpec *pspec, GuestGuest *guest)
{
  g_autofree char *sentence =
    console_guest_text_sentence (guest_guest_get_state (guest), guest_guest_get_name (guest));

  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                  -1);
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), console_guest_row_new (item));
  g_signal_connect_object (item, "notify::name", G_CALLBACK (name_row), row, G_CONNECT_SWAPPED);
  g_signal_connect_object (item, "notify::state", G_CALLBACK (name_row), row, G_CONNECT_SWAPPED);
  name_row (row, NULL, item);
  return row;
}

/* Somebody is always chosen while there is anybody. */
static void
guests_changed_cb (ConsoleGuestsWindow *self)
{
  const guint n_guests = g_list_model_get_n_items (show_session_get_guests (self->session));

  /* Not a stack: assistive tools would find what it hides. */
  gtk_widget_set_visible (self->nobody, n_guests == 0);
  gtk_widget_set_visible (self->somebody, n_guests > 0);
  if (n_guests > 0 && gtk_list_box_get_selected_row (self->list) == NULL)
    gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
}

static void
select_guest (ConsoleGuestsWindow *self, const char *id)
{
  GListModel *guests = show_session_get_guests (self->session);

  for (guint i = 0; i < g_list_model_get_n_items (guests); i++) {
    g_autoptr (GuestGuest) guest = g_list_model_get_item (guests, i);

    if (g_strcmp0 (guest_guest_get_id (guest), id) == 0)
      gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, (int) i));
  }
}

static void
invited_cb (ConsoleGuestsWindow *self, GParamSpec *pspec, ConsoleInvitation *invitation)
{
  g_autoptr (GuestGuest) guest = NULL;

  g_object_get (invitation, "guest", &guest, NULL);
  if (self->session != NULL && guest != NULL)
    select_guest (self, guest_guest_get_id (guest));
}

static void
invite_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ConsoleGuestsWindow *self = CONSOLE_GUESTS_WINDOW (widget);
  GtkWindow *invitation = console_invitation_new (GTK_WINDOW (self), self->session, NULL);

  g_signal_connect_object (invitation, "notify::guest", G_CALLBACK (invited_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (invitation);
}

static void
show_invitation_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ConsoleGuestsWindow *self = CONSOLE_GUESTS_WINDOW (widget);
  const char *id = NULL, *page = NULL;
  GuestGuest *guest = NULL;
  GtkWindow *invitation = NULL;

  g_variant_get (parameter, "(&s&s)", &id, &page);
  guest = show_session_find_guest (self->session, id);
  if (guest == NULL)
    return;
  invitation = console_invitation_new (GTK_WINDOW (self), self->session, guest);
  console_invitation_show_page (CONSOLE_INVITATION (invitation), page);
  gtk_window_present (invitation);
}

static void
tell (ConsoleGuestsWindow *self, const char *sentence)
{
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
copy_link_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ConsoleGuestsWindow *self = CONSOLE_GUESTS_WINDOW (widget);
  GuestGuest *guest =
    show_session_find_guest (self->session, g_variant_get_string (parameter, NULL));

  if (guest == NULL || guest_guest_get_link (guest) == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), guest_guest_get_link (guest));
  tell (self, _ ("The link was copied."));
}

static void
action_failed_cb (ConsoleGuestsWindow *self, const GError *error)
{
  g_autofree char *sentence = console_error_describe (error);

  tell (self, sentence);
}

static void
console_guests_window_get_property (GObject *object, guint property_id, GValue *value,
                                    GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, CONSOLE_GUESTS_WINDOW (object)->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_guests_window_set_property (GObject *object, guint property_id, const GValue *value,
                                    GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    CONSOLE_GUESTS_WINDOW (object)->session = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_guests_window_constructed (GObject *object)
{
  ConsoleGuestsWindow *self = CONSOLE_GUESTS_WINDOW (object);
  GListModel *guests = show_session_get_guests (self->session);

  G_OBJECT_CLASS (console_guests_window_parent_class)->constructed (object);

  g_signal_connect_object (self->session, "action-failed", G_CALLBACK (action_failed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_bind_model (self->list, guests, create_row, NULL, NULL);
  g_signal_connect_object (guests, "items-changed", G_CALLBACK (guests_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  gtk_box_append (self->everybody,
                  g_object_new (CONSOLE_TYPE_TALKBACK, "session", self->session, NULL));
  adw_bin_set_child (self->reach, console_reach_page_new (self->session));
  guests_changed_cb (self);
}

static void
console_guests_window_dispose (GObject *object)
{
  ConsoleGuestsWindow *self = CONSOLE_GUESTS_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_GUESTS_WINDOW);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_guests_window_parent_class)->dispose (object);
}

static void
console_guests_window_class_init (ConsoleGuestsWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_guests_window_get_property;
  object_class->set_property = console_guests_window_set_property;
  object_class->constructed = console_guests_window_constructed;
  object_class->dispose = console_guests_window_dispose;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "guests.invite", NULL, invite_activated);
  gtk_widget_class_install_action (widget_class, "guests.copy-link", "s", copy_link_activated);
  gtk_widget_class_install_action (widget_class, "guests.show-invitation", "(ss)",
                                   show_invitation_activated);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-guests-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleGuestsWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ConsoleGuestsWindow, views);
  gtk_widget_class_bind_template_child (widget_class, ConsoleGuestsWindow, nobody);
  gtk_widget_class_bind_template_child (widget_class, ConsoleGuestsWindow, somebody);
  gtk_widget_class_bind_template_child (widget_class, ConsoleGuestsWindow, list);
  gtk_widget_class_bind_template_child (widget_class, ConsoleGuestsWindow, everybody);
  gtk_widget_class_bind_template_child (widget_class, ConsoleGuestsWindow, panel);
  gtk_widget_class_bind_template_child (widget_class, ConsoleGuestsWindow, reach);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
console_guests_window_init (ConsoleGuestsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
console_guests_window_new (GtkWindow *parent, ShowSession *session)
{
  return g_object_new (CONSOLE_TYPE_GUESTS_WINDOW, "transient-for", parent, "application",
                       gtk_window_get_application (parent), "destroy-with-parent", TRUE, "session",
                       session, NULL);
}

/**
 * console_guests_window_show:
 * @self: a window
 * @id: the guest to show; empty for the one that was shown
 */
void
console_guests_window_show (ConsoleGuestsWindow *self, const char *id)
{
  g_return_if_fail (CONSOLE_IS_GUESTS_WINDOW (self));

  adw_view_stack_set_visible_child_name (self->views, "guests");
  select_guest (self, id);
}

/**
 * console_guests_window_cue:
 * @self: a window
 * @id: the guest to whom a sentence is to be written
 */
void
console_guests_window_cue (ConsoleGuestsWindow *self, const char *id)
{
  g_return_if_fail (CONSOLE_IS_GUESTS_WINDOW (self));

  console_guests_window_show (self, id);
  if (get_panel (self) != NULL)
    console_guest_panel_start_cue (get_panel (self));
}

/**
 * console_guests_window_invite:
 * @self: a window
 *
 * Asks for the name of a new guest.
 */
void
console_guests_window_invite (ConsoleGuestsWindow *self)
{
  g_return_if_fail (CONSOLE_IS_GUESTS_WINDOW (self));

  gtk_widget_activate_action (GTK_WIDGET (self), "guests.invite", NULL);
}
