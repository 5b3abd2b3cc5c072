/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-post-row.h"

#include "console-photo.h"
#include "console-text.h"
#include "posts-photos.h"

#include <glib/gi18n.h>

#define MAX_LINES      8
#define CHARS_PER_LINE 46

/**
 * ConsolePostRow:
 *
 * One post as a card, with what the operator can do with it.
 */
struct _ConsolePostRow {
  AdwBin parent_instance;

  PostsItem *item; /* nullable */
  gint64 now_s;
  gboolean expanded;
};

G_DEFINE_FINAL_TYPE (ConsolePostRow, console_post_row, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_ITEM,
  PROP_NOW,
  PROP_EXPANDED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
author_name (ConsolePostRow *self, PostsPost *post)
{
  return g_strdup (post != NULL ? posts_post_get_author_name (post) : "");
}

static char *
author_initial (ConsolePostRow *self, PostsPost *post)
{
  const char *name = post != NULL ? posts_post_get_author_name (post) : "";

  return g_utf8_strup (name, *name != '\0' ? g_utf8_next_char (name) - name : 0);
}

static char *
author_details (ConsolePostRow *self, PostsPost *post)
{
  if (post == NULL)
    return g_strdup ("");

  const char *network = posts_network_kind_get_label (posts_post_get_network (post));
  const char *handle = posts_post_get_author_handle (post);

  if (network == NULL || *network == '\0')
    return g_strdup (handle);
  if (*handle == '\0')
    return g_strdup (network);
  /* Translators: an author's handle, then the network’s name */
  return g_strdup_printf (_ ("%s · %s"), handle, network);
}

static char *
age_text (ConsolePostRow *self, PostsPost *post, gint64 now_s)
{
  GDateTime *created = post != NULL ? posts_post_get_created (post) : NULL;

  return created != NULL ? console_text_age (now_s - g_date_time_to_unix (created)) : g_strdup ("");
}

static char *
post_text (ConsolePostRow *self, PostsPost *post)
{
  return g_strdup (post != NULL ? posts_post_get_text (post) : "");
}

/* The second yes for a sensitive photo, once its post is on screen. */
static gboolean
can_show_photo (ConsolePostRow *self, PostsPost *post, PostsState state)
{
  return post != NULL && state == POSTS_STATE_ON_SCREEN && posts_post_is_sensitive (post) &&
         posts_photos_has (post, POSTS_PHOTO_USE_CARD);
}

static gboolean
is_long (ConsolePostRow *self, PostsPost *post)
{
  g_auto (GStrv) lines = NULL;
  glong n_lines = 0;

  if (post == NULL)
    return FALSE;

  lines = g_strsplit (posts_post_get_text (post), "\n", MAX_LINES + 2);
  for (char **line = lines; *line != NULL; line++)
    n_lines += 1 + g_utf8_strlen (*line, -1) / CHARS_PER_LINE;
  return n_lines > MAX_LINES;
}

static char *
more_text (ConsolePostRow *self, gboolean expanded)
{
  return g_strdup (expanded ? _ ("Show less") : _ ("Show more"));
}

static int
max_lines (ConsolePostRow *self, gboolean expanded)
{
  return expanded ? -1 : MAX_LINES;
}

static PangoEllipsizeMode
ellipsize_mode (ConsolePostRow *self, gboolean expanded)
{
  return expanded ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END;
}

static char *
reasons_text (ConsolePostRow *self, PostsReason reasons)
{
  return console_text_reasons (reasons);
}

static gboolean
says_why (ConsolePostRow *self, PostsState state, PostsReason reasons)
{
  return state == POSTS_STATE_HELD || (state == POSTS_STATE_HIDDEN && reasons != 0);
}

static gboolean
can_hide (ConsolePostRow *self, PostsState state)
{
  return state != POSTS_STATE_HIDDEN;
}

static gboolean
is_on_screen (ConsolePostRow *self, PostsState state)
{
  return state == POSTS_STATE_ON_SCREEN;
}

static gboolean
can_approve (ConsolePostRow *self, PostsState state)
{
  return state == POSTS_STATE_INCOMING || state == POSTS_STATE_HELD || state == POSTS_STATE_HIDDEN;
}

/* A post that was held back is approved first: two decisions, not one slip. */
static gboolean
can_show (ConsolePostRow *self, PostsState state)
{
  return state == POSTS_STATE_INCOMING || state == POSTS_STATE_APPROVED;
}

static char **
card_classes (ConsolePostRow *self, PostsState state)
{
  const char *classes[] = { "post", NULL, NULL };

  if (state == POSTS_STATE_ON_SCREEN)
    classes[1] = "on-screen";
  else if (state == POSTS_STATE_HELD || state == POSTS_STATE_HIDDEN)
    classes[1] = "held";
  return g_strdupv ((char **) classes);
}

static const char *
get_post_id (ConsolePostRow *self)
{
  return self->item != NULL ? posts_post_get_id (posts_item_get_post (self->item)) : NULL;
}

typedef struct {
  GtkWidget *window;
  const char *action_name; /* static */
  GVariant *parameter;     /* nullable */
} Request;

static gboolean
activate_cb (gpointer user_data)
{
  Request *request = user_data;

  gtk_widget_activate_action_variant (request->window, request->action_name, request->parameter);
  return G_SOURCE_REMOVE;
}

static void
request_free (gpointer user_data)
{
  Request *request = user_data;

  g_object_unref (request->window);
  g_clear_pointer (&request->parameter, g_variant_unref);
  g_free (request);
}

/* What is decided about a post takes its row away, which GTK 4.8 does not like to happen while the
 * row's own button is being clicked. So it happens right after. */
static void
activate_soon (GtkWidget *widget, const char *action_name, const char *id)
{
  Request *request = g_new0 (Request, 1);

  request->window = g_object_ref (GTK_WIDGET (gtk_widget_get_root (widget)));
  request->action_name = action_name;
  if (id != NULL)
    request->parameter = g_variant_ref_sink (g_variant_new_string (id));
  g_idle_add_full (G_PRIORITY_HIGH_IDLE, activate_cb, request, request_free);
}

static void
activate_with_post (GtkWidget *widget, const char *action_name)
{
  const char *post_id = get_post_id (CONSOLE_POST_ROW (widget));

  if (post_id != NULL)
    activate_soon (widget, action_name, post_id);
}

static void
approve_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  activate_with_post (widget, "app.approve-post");
}

static void
show_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  activate_with_post (widget, "app.show-post");
}

static void
show_photo_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  activate_with_post (widget, "app.show-post-photo");
}

static void
take_off_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  activate_soon (widget, "app.hide-post", NULL);
}

static void
refuse_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  activate_with_post (widget, "app.refuse-post");
}

static void
block_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ConsolePostRow *self = CONSOLE_POST_ROW (widget);

  if (self->item != NULL)
    activate_soon (widget, "app.block-author",
                   posts_post_get_author_id (posts_item_get_post (self->item)));
}

static void
expand_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ConsolePostRow *self = CONSOLE_POST_ROW (widget);

  self->expanded = !self->expanded;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EXPANDED]);
}

static void
console_post_row_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsolePostRow *self = CONSOLE_POST_ROW (object);

  switch (property_id) {
  case PROP_ITEM:
    g_value_set_object (value, self->item);
    break;
  case PROP_NOW:
    g_value_set_int64 (value, self->now_s);
    break;
  case PROP_EXPANDED:
    g_value_set_boolean (value, self->expanded);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_post_row_set_property (GObject *object, guint property_id, const GValue *value,
                               GParamSpec *pspec)
{
  ConsolePostRow *self = CONSOLE_POST_ROW (object);

  switch (property_id) {
  case PROP_ITEM:
    console_post_row_set_item (self, g_value_get_object (value));
    break;
  case PROP_NOW:
    self->now_s = g_value_get_int64 (value);
    g_object_notify_by_pspec (object, pspec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_post_row_dispose (GObject *object)
{
  ConsolePostRow *self = CONSOLE_POST_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_POST_ROW);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (console_post_row_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (CONSOLE_TYPE_PHOTO);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-post-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, author_name);
  gtk_widget_class_bind_template_callback (widget_class, author_initial);
  gtk_widget_class_bind_template_callback (widget_class, author_details);
  gtk_widget_class_bind_template_callback (widget_class, age_text);
  gtk_widget_class_bind_template_callback (widget_class, post_text);
  gtk_widget_class_bind_template_callback (widget_class, can_show_photo);
  gtk_widget_class_bind_template_callback (widget_class, is_long);
  gtk_widget_class_bind_template_callback (widget_class, more_text);
  gtk_widget_class_bind_template_callback (widget_class, max_lines);
  gtk_widget_class_bind_template_callback (widget_class, ellipsize_mode);
  gtk_widget_class_bind_template_callback (widget_class, reasons_text);
  gtk_widget_class_bind_template_callback (widget_class, says_why);
  gtk_widget_class_bind_template_callback (widget_class, can_hide);
  gtk_widget_class_bind_template_callback (widget_class, is_on_screen);
  gtk_widget_class_bind_template_callback (widget_class, can_approve);
  gtk_widget_class_bind_template_callback (widget_class, can_show);
  gtk_widget_class_bind_template_callback (widget_class, card_classes);
}

static void
console_post_row_class_init (ConsolePostRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_post_row_get_property;
  object_class->set_property = console_post_row_set_property;
  object_class->dispose = console_post_row_dispose;

  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, POSTS_TYPE_ITEM, rw);
  properties[PROP_NOW] = g_param_spec_int64 ("now", NULL, NULL, 0, G_MAXINT64, 0, rw);
  properties[PROP_EXPANDED] =
    g_param_spec_boolean ("expanded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "post.approve", NULL, approve_activated);
  gtk_widget_class_install_action (widget_class, "post.show", NULL, show_activated);
  gtk_widget_class_install_action (widget_class, "post.show-photo", NULL, show_photo_activated);
  gtk_widget_class_install_action (widget_class, "post.take-off", NULL, take_off_activated);
  gtk_widget_class_install_action (widget_class, "post.refuse", NULL, refuse_activated);
  gtk_widget_class_install_action (widget_class, "post.block", NULL, block_activated);
  gtk_widget_class_install_action (widget_class, "post.expand", NULL, expand_activated);

  bind_template (widget_class);
}

static void
console_post_row_init (ConsolePostRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
console_post_row_new (void)
{
  return g_object_new (CONSOLE_TYPE_POST_ROW, NULL);
}

/**
 * console_post_row_set_item:
 * @self: a row
 * @item: (nullable): the post it shows from now on
 */
void
console_post_row_set_item (ConsolePostRow *self, PostsItem *item)
{
  g_return_if_fail (CONSOLE_IS_POST_ROW (self));

  if (!g_set_object (&self->item, item))
    return;

  /* A row is used again for another post, which starts short. */
  if (self->expanded) {
    self->expanded = FALSE;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EXPANDED]);
  }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}
