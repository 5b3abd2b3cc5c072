/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-moderation-window.h"

#include "console-error.h"
#include "console-list.h"
#include "console-qr.h"

#include <glib/gi18n.h>

/* In the order of the row's lines. */
static const char *const reaches[] = { "closed", "computer", "network" };

/**
 * ConsoleModerationWindow:
 *
 * Who sorts posts from a telephone or another computer: for whom the page is there, its link, and how
 * many are connected.
 */
struct _ConsoleModerationWindow {
  AdwWindow parent_instance;

  ShowSession *session; /* construct-only */
  gboolean updating;
  AdwToastOverlay *toasts;
  GtkWidget *settings;
  AdwComboRow *reach;
  GtkPicture *code;
  GtkLabel *link;
};

G_DEFINE_FINAL_TYPE (ConsoleModerationWindow, console_moderation_window, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_ROOM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static ModpageRoom *
get_room (ConsoleModerationWindow *self)
{
  return show_session_get_moderation (self->session);
}

/* ---- what is shown ---- */

static gboolean
is_open (ConsoleModerationWindow *self, ModpageReach reach)
{
  return reach != MODPAGE_REACH_CLOSED;
}

static char *
count_text (ConsoleModerationWindow *self, ModpageReach reach, guint n_moderators)
{
  if (reach == MODPAGE_REACH_CLOSED)
    return g_strdup (_ ("Nobody but you sorts posts."));
  if (n_moderators == 0)
    return g_strdup (_ ("Nobody is connected yet."));
  return g_strdup_printf (ngettext ("%u moderator is connected.", "%u moderators are connected.",
                                    n_moderators),
                          n_moderators);
}

static char *
reach_text (ConsoleModerationWindow *self, ModpageReach reach)
{
  switch (reach) {
  case MODPAGE_REACH_CLOSED:
    return g_strdup ("");
  case MODPAGE_REACH_COMPUTER:
    return g_strdup (_ ("⚠ This link works on this computer only."));
  case MODPAGE_REACH_NETWORK:
    return g_strdup (_ ("⚠ This link works in this network only. The browser warns the first time: "
                        "Régie made the certificate itself. Go on to the page all the same."));
  }
  g_return_val_if_reached (NULL);
}

static char *
error_text (ConsoleModerationWindow *self, const GError *error)
{
  return console_error_describe (error);
}

static gboolean
has_error (ConsoleModerationWindow *self, const GError *error)
{
  return error != NULL;
}

static void
update (ConsoleModerationWindow *self)
{
  ModpageRoom *room = get_room (self);
  const char *link = modpage_room_get_link (room);
  g_autoptr (ConsoleQr) code = console_qr_new (link != NULL ? link : "");

  self->updating = TRUE;
  adw_combo_row_set_selected (self->reach, (guint) modpage_room_get_reach (room));
  self->updating = FALSE;
  gtk_label_set_text (self->link, link != NULL ? link : "");
  gtk_picture_set_paintable (self->code, GDK_PAINTABLE (code));
}

/* ---- what is done ---- */

static void
reach_selected_cb (ConsoleModerationWindow *self)
{
  const guint selected = adw_combo_row_get_selected (self->reach);

  if (self->updating || self->session == NULL || selected >= G_N_ELEMENTS (reaches))
    return;
  g_action_group_change_action_state (show_session_get_actions (self->session), "moderation",
                                      g_variant_new_string (reaches[selected]));
  /* It may not have been possible. */
  update (self);
}

static void
copy_cb (ConsoleModerationWindow *self)
{
  const char *link = modpage_room_get_link (get_room (self));

  if (link == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), link);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("The link was copied.")));
}

static void
renew_cb (ConsoleModerationWindow *self)
{
  g_action_group_activate_action (show_session_get_actions (self->session), "renew-moderation-link",
                                  NULL);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ (
                                               "Everybody is out. Only the new link works now.")));
}

static void
console_moderation_window_get_property (GObject *object, guint property_id, GValue *value,
                                        GParamSpec *pspec)
{
  ConsoleModerationWindow *self = CONSOLE_MODERATION_WINDOW (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_ROOM:
    g_value_set_object (value, self->session != NULL ? get_room (self) : NULL);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_moderation_window_set_property (GObject *object, guint property_id, const GValue *value,
                                        GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    CONSOLE_MODERATION_WINDOW (object)->session = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_moderation_window_constructed (GObject *object)
{
  ConsoleModerationWindow *self = CONSOLE_MODERATION_WINDOW (object);

  G_OBJECT_CLASS (console_moderation_window_parent_class)->constructed (object);

  g_signal_connect_object (get_room (self), "notify::link", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (get_room (self), "notify::reach", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_object_notify_by_pspec (object, properties[PROP_ROOM]);
  update (self);
}

static void
console_moderation_window_dispose (GObject *object)
{
  ConsoleModerationWindow *self = CONSOLE_MODERATION_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_MODERATION_WINDOW);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_moderation_window_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-moderation-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleModerationWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ConsoleModerationWindow, settings);
  gtk_widget_class_bind_template_child (widget_class, ConsoleModerationWindow, reach);
  gtk_widget_class_bind_template_child (widget_class, ConsoleModerationWindow, code);
  gtk_widget_class_bind_template_child (widget_class, ConsoleModerationWindow, link);
  gtk_widget_class_bind_template_callback (widget_class, is_open);
  gtk_widget_class_bind_template_callback (widget_class, count_text);
  gtk_widget_class_bind_template_callback (widget_class, reach_text);
  gtk_widget_class_bind_template_callback (widget_class, error_text);
  gtk_widget_class_bind_template_callback (widget_class, has_error);
  gtk_widget_class_bind_template_callback (widget_class, reach_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, renew_cb);
}

static void
console_moderation_window_class_init (ConsoleModerationWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_moderation_window_get_property;
  object_class->set_property = console_moderation_window_set_property;
  object_class->constructed = console_moderation_window_constructed;
  object_class->dispose = console_moderation_window_dispose;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ROOM] = g_param_spec_object ("room", NULL, NULL, MODPAGE_TYPE_ROOM,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  bind_template (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
console_moderation_window_init (ConsoleModerationWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  console_list_set_name (self->settings, _ ("Who sorts posts from a browser"));
}

GtkWindow *
console_moderation_window_new (GtkWindow *parent, ShowSession *session)
{
  return g_object_new (CONSOLE_TYPE_MODERATION_WINDOW, "transient-for", parent, "application",
                       gtk_window_get_application (parent), "destroy-with-parent", TRUE, "session",
                       session, NULL);
}
