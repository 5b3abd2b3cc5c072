/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-graphics.h"

#include <glib/gi18n.h>

/**
 * ConsoleGraphics:
 *
 * A small button for what lies over the picture besides names and posts: the clock, the live mark, a
 * countdown, the look of names, and a name to be looked at before the audience sees it.
 */
struct _ConsoleGraphics {
  AdwBin parent_instance;

  ShowSession *session; /* nullable */
  GtkEditable *until;
  GtkWidget *preview_name;
};

G_DEFINE_FINAL_TYPE (ConsoleGraphics, console_graphics, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
show_countdown_cb (ConsoleGraphics *self)
{
  const char *until = gtk_editable_get_text (self->until);

  if (*until != '\0')
    gtk_widget_activate_action (GTK_WIDGET (self), "app.show-countdown", "s", until);
}

static void
hide_countdown_cb (ConsoleGraphics *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "app.show-countdown", "s", "");
}

static int
find_current_talk (ConsoleGraphics *self)
{
  GListModel *talks = show_session_get_talks (self->session);
  ShowTalk *current = show_session_get_current_talk (self->session);

  for (guint i = 0; i < g_list_model_get_n_items (talks); i++) {
    g_autoptr (ShowTalk) talk = g_list_model_get_item (talks, i);

    if (talk == current)
      return (int) i;
  }
  return -1;
}

static void
preview_name_cb (ConsoleGraphics *self)
{
  const gboolean wanted = gtk_switch_get_active (GTK_SWITCH (self->preview_name));

  gtk_widget_activate_action (GTK_WIDGET (self), "app.draft-name", "i",
                              wanted ? find_current_talk (self) : -1);
}

/* Shown or replaced, the draft is over. */
static void
draft_changed_cb (ConsoleGraphics *self, const char *action, GVariant *state)
{
  const gboolean drafted = g_variant_get_int32 (state) >= 0;

  if (drafted != gtk_switch_get_active (GTK_SWITCH (self->preview_name))) {
    g_signal_handlers_block_by_func (self->preview_name, preview_name_cb, self);
    gtk_switch_set_active (GTK_SWITCH (self->preview_name), drafted);
    g_signal_handlers_unblock_by_func (self->preview_name, preview_name_cb, self);
  }
}

static gboolean
has_object (ConsoleGraphics *self, GObject *object)
{
  return object != NULL;
}

static void
set_session (ConsoleGraphics *self, ShowSession *session)
{
  if (self->session != NULL || session == NULL)
    return;

  self->session = g_object_ref (session);
  g_signal_connect_object (show_session_get_actions (session), "action-state-changed::draft-name",
                           G_CALLBACK (draft_changed_cb), self, G_CONNECT_SWAPPED);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static void
console_graphics_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, CONSOLE_GRAPHICS (object)->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_graphics_set_property (GObject *object, guint property_id, const GValue *value,
                               GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    set_session (CONSOLE_GRAPHICS (object), g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_graphics_dispose (GObject *object)
{
  ConsoleGraphics *self = CONSOLE_GRAPHICS (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_GRAPHICS);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_graphics_parent_class)->dispose (object);
}

static void
console_graphics_class_init (ConsoleGraphicsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_graphics_get_property;
  object_class->set_property = console_graphics_set_property;
  object_class->dispose = console_graphics_dispose;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-graphics.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleGraphics, until);
  gtk_widget_class_bind_template_child (widget_class, ConsoleGraphics, preview_name);
  gtk_widget_class_bind_template_callback (widget_class, show_countdown_cb);
  gtk_widget_class_bind_template_callback (widget_class, hide_countdown_cb);
  gtk_widget_class_bind_template_callback (widget_class, preview_name_cb);
  gtk_widget_class_bind_template_callback (widget_class, has_object);
}

static void
console_graphics_init (ConsoleGraphics *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
