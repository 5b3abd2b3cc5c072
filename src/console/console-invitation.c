/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-invitation.h"

#include "console-browser-warning.h"
#include "console-error.h"
#include "console-guest-mail.h"
#include "console-qr.h"
#include "console-text.h"

#include <glib/gi18n.h>

#define PAGE_NAME "name"

/**
 * ConsoleInvitation:
 *
 * How a guest gets a link: first the name, then the link, a QR code of it, and a mail in two
 * languages. It says how far the link reaches before somebody far away waits in vain.
 */
struct _ConsoleInvitation {
  AdwWindow parent_instance;

  ShowSession *session; /* construct-only */
  GuestGuest *guest;    /* nullable */
  char *name;           /* nullable: whom the operator invites now */
  GtkStack *pages;
  GtkWidget *switcher;
  GtkEditable *name_line;
  GtkLabel *problem;
  GtkLabel *link;
  GtkPicture *code;
  GtkLabel *reach;
  GtkWidget *warning;
  GtkLabel *mail_reach;
  GtkToggleButton *french;
  GtkLabel *subject;
  GtkTextBuffer *mail;
  GtkWidget *mail_program;
  AdwToastOverlay *toasts;
};

G_DEFINE_FINAL_TYPE (ConsoleInvitation, console_invitation, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_GUEST,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static ConsoleReach
get_reach (ConsoleInvitation *self)
{
  GuestRoom *room = show_session_get_guest_room (self->session);
  const char *link = guest_guest_get_link (self->guest);

  return console_guest_mail_get_reach (link != NULL ? link : "",
                                       room != NULL ? guest_room_get_public_address (room) : NULL);
}

static const char *
get_reach_sentence (ConsoleReach reach)
{
  switch (reach) {
  case CONSOLE_REACH_COMPUTER:
    return _ (
      "⚠ This link works on this computer only. For guests elsewhere, see “Reaching Régie” in "
      "the window of the guests.");
  case CONSOLE_REACH_NETWORK:
    return _ (
      "⚠ This link works on this network only, that is in this room or building. The guest’s "
      "browser warns the first time:");
  case CONSOLE_REACH_EVERYONE:
    return _ ("✓ This link works from everywhere.");
  }
  g_return_val_if_reached ("");
}

static ConsoleMailLanguage
get_language (ConsoleInvitation *self)
{
  return gtk_toggle_button_get_active (self->french) ? CONSOLE_MAIL_FRENCH : CONSOLE_MAIL_ENGLISH;
}

static char *
make_body (ConsoleInvitation *self)
{
  const char *link = guest_guest_get_link (self->guest);

  return console_guest_mail_make_body (get_language (self), guest_guest_get_name (self->guest),
                                       show_session_get_title (self->session),
                                       link != NULL ? link : "", get_reach (self));
}

static char *
make_subject (ConsoleInvitation *self)
{
  return console_guest_mail_make_subject (get_language (self),
                                          show_session_get_title (self->session));
}

static void
update_mail (ConsoleInvitation *self)
{
  g_autofree char *subject = NULL;
  g_autofree char *body = NULL;
  g_autofree char *uri = NULL;

  if (self->guest == NULL)
    return;

  subject = make_subject (self);
  body = make_body (self);
  uri = console_guest_mail_make_uri (subject, body);
  gtk_label_set_text (self->subject, subject);
  gtk_text_buffer_set_text (self->mail, body, -1);
  gtk_widget_set_sensitive (self->mail_program, uri != NULL);
  gtk_widget_set_tooltip_text (self->mail_program,
                               uri != NULL ? NULL
                                           : _ ("It is too long for that: copy the text instead."));
}

static void
update (ConsoleInvitation *self)
{
  const char *link = guest_guest_get_link (self->guest);
  const ConsoleReach reach = get_reach (self);
  g_autoptr (ConsoleQr) code = console_qr_new (link != NULL ? link : "");
  g_autofree char *heading =
    /* Translators: %s is a guest */
    console_text_format (_ ("Invitation for %s"), guest_guest_get_name (self->guest));

  gtk_window_set_title (GTK_WINDOW (self), heading);
  gtk_label_set_text (self->link, link != NULL ? link : _ ("There is no link now."));
  gtk_picture_set_paintable (self->code, GDK_PAINTABLE (code));
  gtk_widget_set_visible (GTK_WIDGET (self->code), console_qr_get_n_modules (code) > 0);
  gtk_label_set_text (self->reach, link != NULL ? get_reach_sentence (reach) : "");
  gtk_label_set_text (self->mail_reach, link != NULL ? get_reach_sentence (reach) : "");
  gtk_widget_set_visible (GTK_WIDGET (self->mail_reach), reach == CONSOLE_REACH_COMPUTER);
  gtk_widget_set_visible (self->warning, reach == CONSOLE_REACH_NETWORK);
  update_mail (self);
}

static void
set_guest (ConsoleInvitation *self, GuestGuest *guest)
{
  if (guest == NULL || self->guest != NULL)
    return;

  self->guest = g_object_ref (guest);
  g_signal_connect_object (guest, "notify::link", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (guest, "notify::name", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (self->switcher, TRUE);
  console_invitation_show_page (self, "code");
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GUEST]);
}

/* The one who has just been invited is the last of that name. */
static void
guests_changed_cb (ConsoleInvitation *self, guint position, guint n_removed, guint n_added,
                   GListModel *guests)
{
  for (guint i = position; self->name != NULL && i < position + n_added; i++) {
    g_autoptr (GuestGuest) guest = g_list_model_get_item (guests, i);

    if (g_str_equal (guest_guest_get_name (guest), self->name))
      set_guest (self, guest);
  }
}

static void
invite_cb (ConsoleInvitation *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_line)));

  if (*name == '\0' || self->guest != NULL)
    return;

  gtk_label_set_text (self->problem, "");
  g_free (self->name);
  self->name = g_strdup (name);
  g_action_group_activate_action (show_session_get_actions (self->session), "invite-guest",
                                  g_variant_new_string (name));
}

static gboolean
has_name (ConsoleInvitation *self, const char *text)
{
  g_autofree char *name = g_strstrip (g_strdup (text));

  return *name != '\0';
}

static void
action_failed_cb (ConsoleInvitation *self, const GError *error)
{
  g_autofree char *sentence = NULL;

  if (self->guest != NULL || self->name == NULL)
    return;
  sentence = console_error_describe (error);
  gtk_label_set_text (self->problem, sentence);
  g_clear_pointer (&self->name, g_free);
}

static void
copy (ConsoleInvitation *self, const char *text, const char *news)
{
  if (text == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (news));
}

static void
copy_link_cb (ConsoleInvitation *self)
{
  copy (self, guest_guest_get_link (self->guest), _ ("The link was copied."));
}

static void
copy_mail_cb (ConsoleInvitation *self)
{
  g_autofree char *body = make_body (self);

  copy (self, body, _ ("The text was copied."));
}

static void
mail_program_cb (ConsoleInvitation *self)
{
  g_autofree char *subject = make_subject (self);
  g_autofree char *body = make_body (self);
  g_autofree char *uri = console_guest_mail_make_uri (subject, body);

  if (uri != NULL)
    gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

static void
console_invitation_get_property (GObject *object, guint property_id, GValue *value,
                                 GParamSpec *pspec)
{
  ConsoleInvitation *self = CONSOLE_INVITATION (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_GUEST:
    g_value_set_object (value, self->guest);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_invitation_set_property (GObject *object, guint property_id, const GValue *value,
                                 GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    CONSOLE_INVITATION (object)->session = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_invitation_constructed (GObject *object)
{
  ConsoleInvitation *self = CONSOLE_INVITATION (object);

  G_OBJECT_CLASS (console_invitation_parent_class)->constructed (object);

  g_signal_connect_object (show_session_get_guests (self->session), "items-changed",
                           G_CALLBACK (guests_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "action-failed", G_CALLBACK (action_failed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
console_invitation_dispose (GObject *object)
{
  ConsoleInvitation *self = CONSOLE_INVITATION (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_INVITATION);
  g_clear_object (&self->guest);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_invitation_parent_class)->dispose (object);
}

static void
console_invitation_finalize (GObject *object)
{
  g_free (CONSOLE_INVITATION (object)->name);

  G_OBJECT_CLASS (console_invitation_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-invitation.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleInvitation, pages);
  gtk_widget_class_bind_template_child (widget_class, ConsoleInvitation, switcher);
  gtk_widget_class_bind_template_child (widget_class, ConsoleInvitation, name_line);
  gtk_widget_class_bind_template_child (widget_class, ConsoleInvitation, problem);
  gtk_widget_class_bind_template_child (widget_class, ConsoleInvitation, link);
  gtk_widget_class_bind_template_child (widget_class, ConsoleInvitation, code);
  gtk_widget_class_bind_template_child (widget_class, ConsoleInvitation, reach);
  gtk_widget_class_bind_template_child (widget_class, ConsoleInvitation, warning);
  gtk_widget_class_bind_template_child (widget_class, ConsoleInvitation, mail_reach);
  gtk_widget_class_bind_template_child (widget_class, ConsoleInvitation, french);
  gtk_widget_class_bind_template_child (widget_class, ConsoleInvitation, subject);
  gtk_widget_class_bind_template_child (widget_class, ConsoleInvitation, mail);
  gtk_widget_class_bind_template_child (widget_class, ConsoleInvitation, mail_program);
  gtk_widget_class_bind_template_child (widget_class, ConsoleInvitation, toasts);
  gtk_widget_class_bind_template_callback (widget_class, invite_cb);
  gtk_widget_class_bind_template_callback (widget_class, has_name);
  gtk_widget_class_bind_template_callback (widget_class, update_mail);
  gtk_widget_class_bind_template_callback (widget_class, copy_link_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_mail_cb);
  gtk_widget_class_bind_template_callback (widget_class, mail_program_cb);
}

static void
console_invitation_class_init (ConsoleInvitationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_invitation_get_property;
  object_class->set_property = console_invitation_set_property;
  object_class->constructed = console_invitation_constructed;
  object_class->dispose = console_invitation_dispose;
  object_class->finalize = console_invitation_finalize;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_GUEST] = g_param_spec_object ("guest", NULL, NULL, GUEST_TYPE_GUEST,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_BROWSER_WARNING);
  bind_template (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

/* The operator's own language comes first: most guests share it. */
static void
console_invitation_init (ConsoleInvitation *self)
{
  const char *const *names = g_get_language_names ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_toggle_button_set_active (self->french, g_str_has_prefix (names[0], "fr"));
}

/**
 * console_invitation_new:
 * @parent: the window above which it opens
 * @session: a show
 * @guest: (nullable): whom it invites again; `NULL`: somebody new, whose name it asks for
 */
GtkWindow *
console_invitation_new (GtkWindow *parent, ShowSession *session, GuestGuest *guest)
{
  ConsoleInvitation *self = g_object_new (CONSOLE_TYPE_INVITATION, "transient-for", parent, "modal",
                                          TRUE, "application", gtk_window_get_application (parent),
                                          "destroy-with-parent", TRUE, "session", session, NULL);

  set_guest (self, guest);
  return GTK_WINDOW (self);
}

/**
 * console_invitation_show_page:
 * @self: an invitation to somebody
 * @page: "code" or "mail"
 */
void
console_invitation_show_page (ConsoleInvitation *self, const char *page)
{
  g_return_if_fail (CONSOLE_IS_INVITATION (self));

  gtk_stack_set_visible_child_name (self->pages, self->guest != NULL ? page : PAGE_NAME);
}
