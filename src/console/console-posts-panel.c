/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-posts-panel.h"

#include "console-network-text.h"
#include "console-post-row.h"
#include "console-posts-page.h"

#include <glib/gi18n.h>

#define CLOCK_PERIOD_S 10

/**
 * ConsolePostsPanel:
 *
 * What people write about the event: incoming, approved, held back and hidden, and at the bottom the one
 * that is on the screen, with the way to take it off.
 */
struct _ConsolePostsPanel {
  AdwBin parent_instance;

  ConsoleOverview *overview; /* nullable */
  gint64 now_s;
  guint clock_id;
  GtkWidget *search;
};

G_DEFINE_FINAL_TYPE (ConsolePostsPanel, console_posts_panel, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_OVERVIEW,
  PROP_NOW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
clock_cb (gpointer user_data)
{
  ConsolePostsPanel *self = user_data;

  self->now_s = g_get_real_time () / G_USEC_PER_SEC;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOW]);
  return G_SOURCE_CONTINUE;
}

static char *
panel_title (ConsolePostsPanel *self, ShowSession *session)
{
  const EventPosts *posts =
    session != NULL ? event_file_get_posts (show_session_get_event (session)) : NULL;
  g_autofree char *tags = NULL;

  if (posts == NULL || posts->tags == NULL || posts->tags[0] == NULL)
    return g_strdup (_ ("Posts"));

  tags = g_strjoinv (" #", posts->tags);
  /* Translators: %s is one or several tags without the first “#” */
  return g_strdup_printf (_ ("Posts #%s"), tags);
}

static char *
incoming_title (ConsolePostsPanel *self, guint n_posts)
{
  return g_strdup_printf (_ ("Incoming %u"), n_posts);
}

static char *
approved_title (ConsolePostsPanel *self, guint n_posts)
{
  return g_strdup_printf (_ ("Approved %u"), n_posts);
}

static char *
held_title (ConsolePostsPanel *self, guint n_posts)
{
  return g_strdup_printf (_ ("Held back %u"), n_posts);
}

static char *
hidden_title (ConsolePostsPanel *self, guint n_posts)
{
  return g_strdup_printf (_ ("Hidden %u"), n_posts);
}

static gboolean
is_there (ConsolePostsPanel *self, GObject *object)
{
  return object != NULL;
}

static void
stop_search_cb (ConsolePostsPanel *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_activate_action (GTK_WIDGET (self), "win.focus-desk", NULL);
}

static void
console_posts_panel_get_property (GObject *object, guint property_id, GValue *value,
                                  GParamSpec *pspec)
{
  ConsolePostsPanel *self = CONSOLE_POSTS_PANEL (object);

  switch (property_id) {
  case PROP_OVERVIEW:
    g_value_set_object (value, self->overview);
    break;
  case PROP_NOW:
    g_value_set_int64 (value, self->now_s);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_posts_panel_set_property (GObject *object, guint property_id, const GValue *value,
                                  GParamSpec *pspec)
{
  ConsolePostsPanel *self = CONSOLE_POSTS_PANEL (object);

  switch (property_id) {
  case PROP_OVERVIEW:
    if (g_set_object (&self->overview, g_value_get_object (value)))
      g_object_notify_by_pspec (object, pspec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_posts_panel_dispose (GObject *object)
{
  ConsolePostsPanel *self = CONSOLE_POSTS_PANEL (object);

  g_clear_handle_id (&self->clock_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_POSTS_PANEL);
  g_clear_object (&self->overview);

  G_OBJECT_CLASS (console_posts_panel_parent_class)->dispose (object);
}

/* Made when someone looks: numbers change all the time. */
static gboolean
networks_tooltip_cb (ConsolePostsPanel *self, int x, int y, gboolean by_keyboard,
                     GtkTooltip *tooltip)
{
  ShowSession *session =
    self->overview != NULL ? console_overview_get_session (self->overview) : NULL;
  GListModel *networks = session != NULL ? show_session_get_networks (session) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; networks != NULL && i < g_list_model_get_n_items (networks); i++) {
    g_autoptr (PostsNetwork) network = g_list_model_get_item (networks, i);
    g_autofree char *line = console_text_network_numbers (network);

    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", line);
  }
  gtk_tooltip_set_text (tooltip, text->str);
  return text->len > 0;
}

static void
console_posts_panel_class_init (ConsolePostsPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_posts_panel_get_property;
  object_class->set_property = console_posts_panel_set_property;
  object_class->dispose = console_posts_panel_dispose;

  properties[PROP_OVERVIEW] =
    g_param_spec_object ("overview", NULL, NULL, CONSOLE_TYPE_OVERVIEW,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NOW] = g_param_spec_int64 ("now", NULL, NULL, 0, G_MAXINT64, 0,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_POST_ROW);
  g_type_ensure (CONSOLE_TYPE_POSTS_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-posts-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsolePostsPanel, search);
  gtk_widget_class_bind_template_callback (widget_class, panel_title);
  gtk_widget_class_bind_template_callback (widget_class, incoming_title);
  gtk_widget_class_bind_template_callback (widget_class, approved_title);
  gtk_widget_class_bind_template_callback (widget_class, held_title);
  gtk_widget_class_bind_template_callback (widget_class, hidden_title);
  gtk_widget_class_bind_template_callback (widget_class, is_there);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, networks_tooltip_cb);
}

static void
console_posts_panel_init (ConsolePostsPanel *self)
{
  self->now_s = g_get_real_time () / G_USEC_PER_SEC;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->clock_id = g_timeout_add_seconds (CLOCK_PERIOD_S, clock_cb, self);
}

void
console_posts_panel_start_search (ConsolePostsPanel *self)
{
  g_return_if_fail (CONSOLE_IS_POSTS_PANEL (self));

  gtk_widget_grab_focus (self->search);
}
