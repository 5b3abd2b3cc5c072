/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-guest-panel.h"

#include "common-util.h"
#include "console-channel.h"
#include "console-error.h"
#include "console-guest-asking.h"
#include "console-guest-text.h"
#include "console-picture.h"
#include "console-talkback.h"
#include "console-text.h"

#include <glib/gi18n.h>

/**
 * ConsoleGuestPanel:
 *
 * One guest, and all that the operator does with them, except for taking them on air: that is a
 * take like any other.
 */
struct _ConsoleGuestPanel {
  AdwBin parent_instance;

  ShowSession *session; /* construct-only */
  GuestGuest *guest;    /* construct-only */
  char *line;
  char *shown; /* what comes from the guest, in words */
  ConsolePicture *picture;
  GtkBox *strip;
  AdwBin *talk;
  GtkEditable *cue;
  GtkBox *ready_cues;
};

G_DEFINE_FINAL_TYPE (ConsoleGuestPanel, console_guest_panel, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_GUEST,
  PROP_LINE,
  PROP_PICTURE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *const ready_cues[] = {
  N_ ("You are on in 2 minutes"), N_ ("You are next"),       N_ ("Please speak louder"),
  N_ ("Please move nearer"),      N_ ("More light, please"), N_ ("One more minute"),
  N_ ("Please come to an end"),   N_ ("Thank you!"),
};

static char *
state_text (ConsoleGuestPanel *self, GuestState state, const char *name)
{
  return console_guest_text_sentence (state, name);
}

static char **
state_classes (ConsoleGuestPanel *self, GuestState state)
{
  const char *classes[] = { "guest-state", "title-4", console_guest_text_class (state), NULL };

  return g_strdupv ((char **) classes);
}

static gboolean
has_text (ConsoleGuestPanel *self, const char *text)
{
  return text != NULL && *text != '\0';
}

static char *
notes_text (ConsoleGuestPanel *self, gboolean connected, GuestPlace place, gboolean microphone_on,
            gboolean sharing, gboolean music)
{
  g_autoptr (GStrvBuilder) notes = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  if (connected && place != GUEST_PLACE_FOLLOWING && !microphone_on)
    g_strv_builder_add (notes, _ ("⚠ The microphone is off at the other end"));
  if (sharing)
    g_strv_builder_add (notes, _ ("Shares a screen: it is a source of its own"));
  if (music)
    g_strv_builder_add (notes, _ ("Music mode"));
  all = g_strv_builder_end (notes);
  return g_strjoinv ("\n", all);
}

static char *
error_text (ConsoleGuestPanel *self, const GError *error)
{
  return console_error_describe (error);
}

static gboolean
has_error (ConsoleGuestPanel *self, const GError *error, GuestState state)
{
  return error != NULL && state != GUEST_STATE_INVITED && state != GUEST_STATE_REVOKED;
}

static char *
cue_text (ConsoleGuestPanel *self, const char *cue)
{
  /* Translators: %s is what was written to a guest */
  return cue != NULL ? console_text_format (_ ("Sent, and not seen yet: “%s”"), cue)
                     : g_strdup ("");
}

static gboolean
can_put_back (ConsoleGuestPanel *self, GuestPlace place, gboolean connected)
{
  return connected && (place == GUEST_PLACE_READY || place == GUEST_PLACE_ON_AIR);
}

static gboolean
can_cue (ConsoleGuestPanel *self, const char *text, gboolean connected)
{
  return connected && text != NULL && *text != '\0';
}

static char *
limit_text (ConsoleGuestPanel *self, int max_height_px)
{
  if (max_height_px == 0)
    return g_strdup (_ ("Ask for a smaller picture"));
  /* Translators: %d is the height of a picture in lines */
  return g_strdup_printf (_ ("Asked for %d lines"), max_height_px);
}

static gboolean
has_link (ConsoleGuestPanel *self, GuestState state)
{
  return state != GUEST_STATE_REVOKED;
}

static gboolean
has_no_link (ConsoleGuestPanel *self, GuestState state)
{
  return state == GUEST_STATE_REVOKED;
}

static char *
link_text (ConsoleGuestPanel *self, const char *link, GuestState state)
{
  if (state == GUEST_STATE_REVOKED)
    return g_strdup (_ ("The link is revoked: nobody can come in with it."));
  return g_strdup (link != NULL ? link : _ ("The guests’ page is not open, see “Reaching Régie”."));
}

static void
activate_with_id (ConsoleGuestPanel *self, const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (self), action, "s", guest_guest_get_id (self->guest));
}

static void
send_cue (ConsoleGuestPanel *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "app.cue-guest", "(ss)",
                              guest_guest_get_id (self->guest), text);
}

static void
send_cb (ConsoleGuestPanel *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->cue)));

  if (*text == '\0' || !guest_guest_get_connected (self->guest))
    return;
  send_cue (self, text);
  gtk_editable_set_text (self->cue, "");
}

static void
ready_cue_cb (ConsoleGuestPanel *self, GtkButton *button)
{
  send_cue (self, gtk_button_get_label (button));
}

static void
put_back_cb (ConsoleGuestPanel *self)
{
  activate_with_id (self, "app.put-back-guest");
}

static void
renew_cb (ConsoleGuestPanel *self)
{
  activate_with_id (self, "app.renew-guest");
}

static void
ask (ConsoleGuestPanel *self, ConsoleGuestQuestion question)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (root))
    console_guest_asking_ask (GTK_WINDOW (root), self->session, self->guest, question);
}

static void
dismiss_cb (ConsoleGuestPanel *self)
{
  ask (self, CONSOLE_GUEST_DISMISS);
}

static void
revoke_cb (ConsoleGuestPanel *self)
{
  ask (self, CONSOLE_GUEST_REVOKE);
}

static void
copy_cb (ConsoleGuestPanel *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "guests.copy-link", "s",
                              guest_guest_get_id (self->guest));
}

static void
code_cb (ConsoleGuestPanel *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "guests.show-invitation", "(ss)",
                              guest_guest_get_id (self->guest), "code");
}

static void
mail_cb (ConsoleGuestPanel *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "guests.show-invitation", "(ss)",
                              guest_guest_get_id (self->guest), "mail");
}

static void
limit_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "app.ask-guest", "(si)",
                              guest_guest_get_id (CONSOLE_GUEST_PANEL (widget)->guest),
                              g_variant_get_int32 (parameter));
}

static void
health_changed_cb (ConsoleGuestPanel *self)
{
  GuestHealth health = GUEST_HEALTH_NONE;
  g_autofree char *line = NULL;
  g_autofree char *shown = NULL;

  if (guest_guest_get_connected (self->guest)) {
    guest_guest_get_health (self->guest, &health);
    line = console_guest_text_line (&health, guest_guest_get_way (self->guest));
    shown = console_guest_text_picture (&health, guest_guest_get_camera_on (self->guest));
  }
  if (common_set_string (&self->line, line))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LINE]);
  if (common_set_string (&self->shown, shown))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PICTURE]);
}

static void
add_ready_cues (ConsoleGuestPanel *self)
{
  GtkWidget *line = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (ready_cues); i++) {
    GtkWidget *button = gtk_button_new_with_label (_ (ready_cues[i]));

    if (i % 4 == 0) {
      line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      gtk_box_set_homogeneous (GTK_BOX (line), TRUE);
      gtk_box_append (self->ready_cues, line);
    }
    gtk_widget_add_css_class (button, "ready-cue");
    g_signal_connect_object (button, "clicked", G_CALLBACK (ready_cue_cb), self, G_CONNECT_SWAPPED);
    gtk_box_append (GTK_BOX (line), button);
  }
}

static void
console_guest_panel_get_property (GObject *object, guint property_id, GValue *value,
                                  GParamSpec *pspec)
{
  ConsoleGuestPanel *self = CONSOLE_GUEST_PANEL (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_GUEST:
    g_value_set_object (value, self->guest);
    break;
  case PROP_LINE:
    g_value_set_string (value, self->line);
    break;
  case PROP_PICTURE:
    g_value_set_string (value, self->shown);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_guest_panel_set_property (GObject *object, guint property_id, const GValue *value,
                                  GParamSpec *pspec)
{
  ConsoleGuestPanel *self = CONSOLE_GUEST_PANEL (object);

  switch (property_id) {
  case PROP_SESSION:
    self->session = g_value_dup_object (value);
    break;
  case PROP_GUEST:
    self->guest = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_guest_panel_constructed (GObject *object)
{
  static const char *const signals[] = { "health-changed", "notify::connected", "notify::way",
                                         "notify::camera-on" };
  ConsoleGuestPanel *self = CONSOLE_GUEST_PANEL (object);
  EngineSource *source = guest_guest_get_source (self->guest);
  g_autoptr (EnginePreview) preview = NULL;

  G_OBJECT_CLASS (console_guest_panel_parent_class)->constructed (object);

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (self->guest, signals[i], G_CALLBACK (health_changed_cb), self,
                             G_CONNECT_SWAPPED);
  health_changed_cb (self);
  gtk_box_append (self->strip, console_channel_new (source));
  adw_bin_set_child (self->talk, console_talkback_new (self->session, self->guest));
  add_ready_cues (self);
  preview = show_session_create_source_preview (self->session, source);
  console_picture_set_preview (self->picture, preview);
}

static void
console_guest_panel_dispose (GObject *object)
{
  ConsoleGuestPanel *self = CONSOLE_GUEST_PANEL (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_GUEST_PANEL);
  g_clear_object (&self->guest);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_guest_panel_parent_class)->dispose (object);
}

static void
console_guest_panel_finalize (GObject *object)
{
  ConsoleGuestPanel *self = CONSOLE_GUEST_PANEL (object);

  g_free (self->line);
  g_free (self->shown);

  G_OBJECT_CLASS (console_guest_panel_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-guest-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleGuestPanel, picture);
  gtk_widget_class_bind_template_child (widget_class, ConsoleGuestPanel, strip);
  gtk_widget_class_bind_template_child (widget_class, ConsoleGuestPanel, talk);
  gtk_widget_class_bind_template_child (widget_class, ConsoleGuestPanel, cue);
  gtk_widget_class_bind_template_child (widget_class, ConsoleGuestPanel, ready_cues);
  gtk_widget_class_bind_template_callback (widget_class, state_text);
  gtk_widget_class_bind_template_callback (widget_class, state_classes);
  gtk_widget_class_bind_template_callback (widget_class, has_text);
  gtk_widget_class_bind_template_callback (widget_class, notes_text);
  gtk_widget_class_bind_template_callback (widget_class, error_text);
  gtk_widget_class_bind_template_callback (widget_class, has_error);
  gtk_widget_class_bind_template_callback (widget_class, cue_text);
  gtk_widget_class_bind_template_callback (widget_class, can_put_back);
  gtk_widget_class_bind_template_callback (widget_class, can_cue);
  gtk_widget_class_bind_template_callback (widget_class, limit_text);
  gtk_widget_class_bind_template_callback (widget_class, has_link);
  gtk_widget_class_bind_template_callback (widget_class, has_no_link);
  gtk_widget_class_bind_template_callback (widget_class, link_text);
  gtk_widget_class_bind_template_callback (widget_class, send_cb);
  gtk_widget_class_bind_template_callback (widget_class, put_back_cb);
  gtk_widget_class_bind_template_callback (widget_class, renew_cb);
  gtk_widget_class_bind_template_callback (widget_class, dismiss_cb);
  gtk_widget_class_bind_template_callback (widget_class, revoke_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, code_cb);
  gtk_widget_class_bind_template_callback (widget_class, mail_cb);
}

static void
console_guest_panel_class_init (ConsoleGuestPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_guest_panel_get_property;
  object_class->set_property = console_guest_panel_set_property;
  object_class->constructed = console_guest_panel_constructed;
  object_class->dispose = console_guest_panel_dispose;
  object_class->finalize = console_guest_panel_finalize;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION, once);
  properties[PROP_GUEST] = g_param_spec_object ("guest", NULL, NULL, GUEST_TYPE_GUEST, once);
  properties[PROP_LINE] = g_param_spec_string ("line", NULL, NULL, NULL, ro);
  properties[PROP_PICTURE] = g_param_spec_string ("picture", NULL, NULL, NULL, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "guest.limit", "i", limit_activated);
  g_type_ensure (CONSOLE_TYPE_PICTURE);
  bind_template (widget_class);
}

static void
console_guest_panel_init (ConsoleGuestPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
console_guest_panel_new (ShowSession *session, GuestGuest *guest)
{
  return g_object_new (CONSOLE_TYPE_GUEST_PANEL, "session", session, "guest", guest, NULL);
}

GuestGuest *
console_guest_panel_get_guest (ConsoleGuestPanel *self)
{
  g_return_val_if_fail (CONSOLE_IS_GUEST_PANEL (self), NULL);

  return self->guest;
}

/**
 * console_guest_panel_start_cue:
 * @self: a panel
 *
 * Puts the keys where a sentence to the guest is written.
 */
void
console_guest_panel_start_cue (ConsoleGuestPanel *self)
{
  g_return_if_fail (CONSOLE_IS_GUEST_PANEL (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->cue));
}
