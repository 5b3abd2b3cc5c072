/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-talkback.h"

#include "engine-talkback.h"

#include <glib/gi18n.h>

/**
 * ConsoleTalkback:
 *
 * The button through which the operator talks to one guest, or to all, as long as it is held: with
 * the mouse, with the space bar, or with T. Assistive tools, which cannot hold, press it once to
 * talk and once more to be silent.
 */
struct _ConsoleTalkback {
  AdwBin parent_instance;

  ShowSession *session; /* nullable */
  GuestGuest *guest;    /* nullable: all */
  gboolean is_short;
  gboolean has_key;
  gboolean held;    /* by this button or its key */
  gboolean talking; /* what the show says */
  guint n_there;
  GtkEventController *key; /* nullable: of the window, while this is in one */
  gulong active_id;        /* of the window, too */
};

G_DEFINE_FINAL_TYPE (ConsoleTalkback, console_talkback, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_GUEST,
  PROP_SHORT,
  PROP_HAS_KEY,
  PROP_NAME,
  PROP_TALKING,
  PROP_N_THERE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static EngineTalkback *
get_talkback (ConsoleTalkback *self)
{
  return engine_program_get_talkback (show_session_get_program (self->session));
}

/* Whoever talks has to know that nobody hears it. */
static gboolean
is_silent (ConsoleTalkback *self)
{
  switch (engine_talkback_get_state (get_talkback (self))) {
  case ENGINE_TALKBACK_STATE_OFF:
  case ENGINE_TALKBACK_STATE_LOST:
    return TRUE;
  case ENGINE_TALKBACK_STATE_READY:
  case ENGINE_TALKBACK_STATE_STARTING:
  case ENGINE_TALKBACK_STATE_LIVE:
    break;
  }
  return FALSE;
}

static char *
label_text (ConsoleTalkback *self, gboolean talking, const char *name)
{
  if (talking && is_silent (self))
    return g_strdup (_ ("⚠ No microphone"));
  if (self->is_short)
    return g_strdup (talking ? _ ("● They hear you") : _ ("Hold to talk"));
  if (name == NULL)
    return g_strdup (talking ? _ ("● All guests hear you") : _ ("Hold to talk to all guests"));
  /* Translators: %s is a guest, here and below */
  return g_strdup_printf (talking ? _ ("● %s hears you") : _ ("Hold to talk to %s"), name);
}

/* What is inside of a button does not name it. */
static void
name_button (ConsoleTalkback *self)
{
  const char *name = self->guest != NULL ? guest_guest_get_name (self->guest) : NULL;
  g_autofree char *label = label_text (self, self->talking, name);

  gtk_accessible_update_property (GTK_ACCESSIBLE (adw_bin_get_child (ADW_BIN (self))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static char **
button_classes (ConsoleTalkback *self, gboolean talking)
{
  const char *classes[] = { "talkback", talking ? "talking" : NULL, NULL };

  return g_strdupv ((char **) classes);
}

static char *
tooltip_text (ConsoleTalkback *self, gboolean has_key, const char *name)
{
  g_autofree char *who = name != NULL
                           ? g_strdup_printf (_ ("Only %s hears you, the audience does not"), name)
                           : g_strdup (_ ("Only your guests hear you, the audience does not"));

  /* Translators: %s is a sentence, T a key */
  return has_key ? g_strdup_printf (_ ("%s (hold T)"), who) : g_steal_pointer (&who);
}

static gboolean
is_somebody (ConsoleTalkback *self, guint n_there)
{
  return n_there > 0;
}

static char **
list_ids (ConsoleTalkback *self)
{
  GListModel *guests = show_session_get_guests (self->session);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (guests); i++) {
    g_autoptr (GuestGuest) guest = g_list_model_get_item (guests, i);

    if ((self->guest == NULL || self->guest == guest) && guest_guest_get_connected (guest))
      g_strv_builder_add (ids, guest_guest_get_id (guest));
  }
  return g_strv_builder_end (ids);
}

static void
update (ConsoleTalkback *self)
{
  GListModel *guests = show_session_get_guests (self->session);
  guint n_there = 0, n_talked_to = 0;
  gboolean talking = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (guests); i++) {
    g_autoptr (GuestGuest) guest = g_list_model_get_item (guests, i);

    if (self->guest != NULL && self->guest != guest)
      continue;
    n_there += guest_guest_get_connected (guest) ? 1 : 0;
    n_talked_to += guest_guest_get_talked_to (guest) ? 1 : 0;
  }
  talking = n_talked_to > 0 && n_talked_to >= n_there;
  if (n_there != self->n_there) {
    self->n_there = n_there;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_THERE]);
  }
  if (talking != self->talking) {
    self->talking = talking;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TALKING]);
    name_button (self);
  }
}

static void
guests_changed_cb (ConsoleTalkback *self, guint position, guint n_removed, guint n_added,
                   GListModel *guests)
{
  for (guint i = position; i < position + n_added; i++) {
    g_autoptr (GuestGuest) guest = g_list_model_get_item (guests, i);

    /* One that only moved is followed already. */
    g_signal_handlers_disconnect_by_func (guest, update, self);
    g_signal_connect_object (guest, "notify::connected", G_CALLBACK (update), self,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (guest, "notify::talked-to", G_CALLBACK (update), self,
                             G_CONNECT_SWAPPED);
  }
  update (self);
}

static void
tell_show (ConsoleTalkback *self, char **ids)
{
  g_action_group_activate_action (show_session_get_actions (self->session), "talkback",
                                  g_variant_new_strv ((const char *const *) ids, -1));
}

static void
set_held (ConsoleTalkback *self, gboolean held)
{
  char *nobody[] = { NULL };
  g_auto (GStrv) ids = NULL;

  if (self->session == NULL || held == self->held)
    return;

  ids = held ? list_ids (self) : g_strdupv (nobody);
  if (held && ids[0] == NULL)
    return;
  self->held = held;
  tell_show (self, ids);
}

/* Comes before the button’s own gesture, which would take a long press for a click at its end. */
static void
pressed_cb (ConsoleTalkback *self, int n_press, double x, double y, GtkGesture *gesture)
{
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  set_held (self, TRUE);
}

static void
released_cb (ConsoleTalkback *self)
{
  set_held (self, FALSE);
}

/* Only assistive tools come here: they cannot hold. Whichever button began it, this one ends it. */
static void
clicked_cb (ConsoleTalkback *self)
{
  self->held = self->talking;
  set_held (self, !self->talking);
}

static gboolean
is_plain (GdkModifierType state)
{
  return (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK)) == 0;
}

static gboolean
is_press (guint keyval)
{
  return keyval == GDK_KEY_space || keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter;
}

static gboolean
button_key_pressed_cb (ConsoleTalkback *self, guint keyval, guint keycode, GdkModifierType state)
{
  if (!is_press (keyval) || !is_plain (state))
    return GDK_EVENT_PROPAGATE;

  set_held (self, TRUE);
  return GDK_EVENT_STOP;
}

static void
button_key_released_cb (ConsoleTalkback *self, guint keyval)
{
  if (is_press (keyval))
    set_held (self, FALSE);
}

static gboolean
key_pressed_cb (ConsoleTalkback *self, guint keyval, guint keycode, GdkModifierType state)
{
  if (gdk_keyval_to_lower (keyval) != GDK_KEY_t || !is_plain (state) || self->n_there == 0)
    return GDK_EVENT_PROPAGATE;

  set_held (self, TRUE);
  return GDK_EVENT_STOP;
}

static void
key_released_cb (ConsoleTalkback *self, guint keyval)
{
  if (gdk_keyval_to_lower (keyval) == GDK_KEY_t)
    set_held (self, FALSE);
}

/* The release of a key goes to the window that is in front by then: nobody may stay on the line. */
static void
active_changed_cb (ConsoleTalkback *self, GParamSpec *pspec, GtkWindow *window)
{
  if (!gtk_window_is_active (window))
    set_held (self, FALSE);
}

static void
console_talkback_root (GtkWidget *widget)
{
  ConsoleTalkback *self = CONSOLE_TALKBACK (widget);
  GtkRoot *root = NULL;

  GTK_WIDGET_CLASS (console_talkback_parent_class)->root (widget);

  root = gtk_widget_get_root (widget);
  if (GTK_IS_WINDOW (root))
    self->active_id =
      g_signal_connect_object (root, "notify::is-active", G_CALLBACK (active_changed_cb), self,
                               G_CONNECT_SWAPPED);
  if (!self->has_key)
    return;
  self->key = gtk_event_controller_key_new ();
  g_signal_connect_object (self->key, "key-pressed", G_CALLBACK (key_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->key, "key-released", G_CALLBACK (key_released_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (root), self->key);
}

static void
console_talkback_unroot (GtkWidget *widget)
{
  ConsoleTalkback *self = CONSOLE_TALKBACK (widget);
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));

  set_held (self, FALSE);
  g_clear_signal_handler (&self->active_id, root);
  if (self->key != NULL)
    gtk_widget_remove_controller (root, g_steal_pointer (&self->key));

  GTK_WIDGET_CLASS (console_talkback_parent_class)->unroot (widget);
}

static void
name_changed_cb (ConsoleTalkback *self)
{
  name_button (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/* The words depend on it. */
static void
talkback_changed_cb (ConsoleTalkback *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TALKING]);
  name_button (self);
}

static void
set_session (ConsoleTalkback *self, ShowSession *session)
{
  GListModel *guests = NULL;

  if (session == NULL || self->session != NULL)
    return;

  self->session = g_object_ref (session);
  guests = show_session_get_guests (session);
  g_signal_connect_object (guests, "items-changed", G_CALLBACK (guests_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (get_talkback (self), "notify::state", G_CALLBACK (talkback_changed_cb),
                           self, G_CONNECT_SWAPPED);
  guests_changed_cb (self, 0, 0, g_list_model_get_n_items (guests), guests);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static void
console_talkback_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsoleTalkback *self = CONSOLE_TALKBACK (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_GUEST:
    g_value_set_object (value, self->guest);
    break;
  case PROP_SHORT:
    g_value_set_boolean (value, self->is_short);
    break;
  case PROP_HAS_KEY:
    g_value_set_boolean (value, self->has_key);
    break;
  case PROP_NAME:
    g_value_set_string (value, self->guest != NULL ? guest_guest_get_name (self->guest) : NULL);
    break;
  case PROP_TALKING:
    g_value_set_boolean (value, self->talking);
    break;
  case PROP_N_THERE:
    g_value_set_uint (value, self->n_there);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_talkback_set_property (GObject *object, guint property_id, const GValue *value,
                               GParamSpec *pspec)
{
  ConsoleTalkback *self = CONSOLE_TALKBACK (object);

  switch (property_id) {
  case PROP_SESSION:
    set_session (self, g_value_get_object (value));
    break;
  case PROP_GUEST:
    self->guest = g_value_dup_object (value);
    break;
  case PROP_SHORT:
    self->is_short = g_value_get_boolean (value);
    break;
  case PROP_HAS_KEY:
    self->has_key = g_value_get_boolean (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_talkback_constructed (GObject *object)
{
  ConsoleTalkback *self = CONSOLE_TALKBACK (object);

  G_OBJECT_CLASS (console_talkback_parent_class)->constructed (object);

  if (self->guest != NULL)
    g_signal_connect_object (self->guest, "notify::name", G_CALLBACK (name_changed_cb), self,
                             G_CONNECT_SWAPPED);
  name_changed_cb (self);
}

static void
console_talkback_dispose (GObject *object)
{
  ConsoleTalkback *self = CONSOLE_TALKBACK (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_TALKBACK);
  g_clear_object (&self->guest);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_talkback_parent_class)->dispose (object);
}

static void
console_talkback_class_init (ConsoleTalkbackClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_talkback_get_property;
  object_class->set_property = console_talkback_set_property;
  object_class->constructed = console_talkback_constructed;
  object_class->dispose = console_talkback_dispose;
  widget_class->root = console_talkback_root;
  widget_class->unroot = console_talkback_unroot;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_GUEST] = g_param_spec_object ("guest", NULL, NULL, GUEST_TYPE_GUEST, once);
  properties[PROP_SHORT] = g_param_spec_boolean ("short", NULL, NULL, FALSE, once);
  properties[PROP_HAS_KEY] = g_param_spec_boolean ("has-key", NULL, NULL, FALSE, once);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, ro);
  properties[PROP_TALKING] = g_param_spec_boolean ("talking", NULL, NULL, FALSE, ro);
  properties[PROP_N_THERE] = g_param_spec_uint ("n-there", NULL, NULL, 0, G_MAXUINT, 0, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-talkback.ui");
  gtk_widget_class_bind_template_callback (widget_class, label_text);
  gtk_widget_class_bind_template_callback (widget_class, button_classes);
  gtk_widget_class_bind_template_callback (widget_class, tooltip_text);
  gtk_widget_class_bind_template_callback (widget_class, is_somebody);
  gtk_widget_class_bind_template_callback (widget_class, pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, released_cb);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, button_key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, button_key_released_cb);
}

static void
console_talkback_init (ConsoleTalkback *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * console_talkback_new:
 * @session: a show
 * @guest: (nullable): to whom it talks; `NULL`: to all
 *
 * Returns: (transfer floating): the button, with T as its key
 */
GtkWidget *
console_talkback_new (ShowSession *session, GuestGuest *guest)
{
  return g_object_new (CONSOLE_TYPE_TALKBACK, "session", session, "guest", guest, "has-key", TRUE,
                       NULL);
}
