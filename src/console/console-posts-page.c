/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-posts-page.h"

#include "console-post-row.h"

#include "common-util.h"

#include <glib/gi18n.h>

/**
 * ConsolePostsPage:
 *
 * The posts of one list of the desk, newest first.
 *
 * Nothing moves under the operator's hand: while the list is scrolled, or has the pointer or the
 * focus, new posts wait above it and a button says how many.
 */
struct _ConsolePostsPage {
  AdwBin parent_instance;

  PostsDesk *desk; /* nullable */
  PostsState state;
  char *search;        /* nullable */
  char *search_folded; /* nullable: what posts are compared with */
  gint64 now_s;
  guint n_posts;
  guint n_new;
  gboolean empty;

  GListModel *posts;   /* nullable: the desk's list */
  GtkFilter *filter;   /* shows what is not waiting and matches the search */
  GHashTable *waiting; /* (element-type PostsItem): a set */
  GtkListView *list;
  GtkScrolledWindow *scroller;
  GtkEventController *motion;
  GtkEventController *focus;
};

G_DEFINE_FINAL_TYPE (ConsolePostsPage, console_posts_page, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_DESK,
  PROP_STATE,
  PROP_SEARCH,
  PROP_NOW,
  PROP_COUNT,
  PROP_N_NEW,
  PROP_EMPTY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
contains_folded (const char *text, const char *needle)
{
  g_autofree char *folded = g_utf8_casefold (text != NULL ? text : "", -1);

  return strstr (folded, needle) != NULL;
}

static gboolean
is_visible (gpointer item, gpointer user_data)
{
  ConsolePostsPage *self = user_data;
  PostsPost *post = posts_item_get_post (item);

  if (g_hash_table_contains (self->waiting, item))
    return FALSE;
  if (self->search_folded == NULL)
    return TRUE;
  return contains_folded (posts_post_get_text (post), self->search_folded) ||
         contains_folded (posts_post_get_author_name (post), self->search_folded) ||
         contains_folded (posts_post_get_author_handle (post), self->search_folded);
}

/* Their row is always there, so that nothing moves when the first new post waits. */
static gboolean
can_wait (ConsolePostsPage *self, PostsState state)
{
  return state != POSTS_STATE_APPROVED;
}

static gboolean
is_reading (ConsolePostsPage *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  if (!can_wait (self, self->state) || self->empty || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return FALSE;

  return gtk_adjustment_get_value (adjustment) > 1.0 ||
         gtk_event_controller_motion_contains_pointer (
           GTK_EVENT_CONTROLLER_MOTION (self->motion)) ||
         gtk_event_controller_focus_contains_focus (GTK_EVENT_CONTROLLER_FOCUS (self->focus));
}

static gboolean
has_left (gpointer item, gpointer value, gpointer user_data)
{
  ConsolePostsPage *self = user_data;

  return posts_item_get_state (item) != self->state;
}

static void
update_counts (ConsolePostsPage *self)
{
  const guint n_posts = self->posts != NULL ? g_list_model_get_n_items (self->posts) : 0;
  guint n_new = 0;

  g_hash_table_foreach_remove (self->waiting, has_left, self);
  n_new = g_hash_table_size (self->waiting);

  if (self->n_posts != n_posts) {
    self->n_posts = n_posts;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
  }
  if (self->n_new != n_new) {
    self->n_new = n_new;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_NEW]);
  }
}

static void
scroll_to_top (ConsolePostsPage *self)
{
  if (!self->empty)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0);
}

static void
show_new (ConsolePostsPage *self)
{
  if (g_hash_table_size (self->waiting) > 0) {
    g_hash_table_remove_all (self->waiting);
    gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_LESS_STRICT);
  }
  update_counts (self);
  scroll_to_top (self);
}

/* Connected before the filter's model, so that what has to wait is never shown, not even once. */
static void
posts_changed_cb (ConsolePostsPage *self, guint position, guint n_removed, guint n_added)
{
  if (n_added > 0 && n_removed == 0 && is_reading (self)) {
    for (guint i = 0; i < n_added; i++)
      g_hash_table_add (self->waiting, g_list_model_get_item (self->posts, position + i));
  }
  update_counts (self);
}

static void
visible_changed_cb (ConsolePostsPage *self, guint position, guint n_removed, guint n_added,
                    GListModel *model)
{
  const gboolean empty = g_list_model_get_n_items (model) == 0;

  if (self->empty != empty) {
    self->empty = empty;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EMPTY]);
  }
  /* A list view stays where it was reading, which at the top nobody asked for. */
  if (n_added > 0 && n_removed == 0 && position == 0 && !is_reading (self))
    scroll_to_top (self);
}

static void
reading_changed_cb (ConsolePostsPage *self)
{
  if (g_hash_table_size (self->waiting) > 0 && !is_reading (self))
    show_new (self);
}

static void
setup_cb (ConsolePostsPage *self, GtkListItem *list_item)
{
  GtkWidget *row = console_post_row_new ();

  g_object_bind_property (self, "now", row, "now", G_BINDING_SYNC_CREATE);
  gtk_list_item_set_activatable (list_item, FALSE);
  gtk_list_item_set_selectable (list_item, FALSE);
  gtk_list_item_set_child (list_item, row);
}

static void
bind_cb (ConsolePostsPage *self, GtkListItem *list_item)
{
  PostsItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *row = gtk_list_item_get_child (list_item);
  PostsPost *post = posts_item_get_post (item);
  /* Translators: a post as assistive tools say it: its author, then its text */
  g_autofree char *name =
    g_strdup_printf (_ ("%s: %s"), posts_post_get_author_name (post), posts_post_get_text (post));

  console_post_row_set_item (CONSOLE_POST_ROW (row), item);
  /* A click on a card must leave the keys where they were, with the shots. */
  gtk_widget_set_focus_on_click (gtk_widget_get_parent (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (row)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
unbind_cb (ConsolePostsPage *self, GtkListItem *list_item)
{
  console_post_row_set_item (CONSOLE_POST_ROW (gtk_list_item_get_child (list_item)), NULL);
}

static void
new_clicked_cb (ConsolePostsPage *self)
{
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0.0);
  show_new (self);
}

static char *
new_text (ConsolePostsPage *self, guint n_new)
{
  return g_strdup_printf (ngettext ("↑ %u new post", "↑ %u new posts", n_new), n_new);
}

static gboolean
is_positive (ConsolePostsPage *self, guint number)
{
  return number > 0;
}

static char *
empty_text (ConsolePostsPage *self, PostsState state, const char *search)
{
  if (search != NULL && *search != '\0')
    return g_strdup (_ ("No post contains this."));

  switch (state) {
  case POSTS_STATE_INCOMING:
    return g_strdup (_ ("New posts appear here. None waits for you now."));
  case POSTS_STATE_APPROVED:
    return g_strdup (_ ("Posts that you approve appear here, ready for the screen."));
  case POSTS_STATE_HELD:
    return g_strdup (_ ("Posts that look like spam or insults are held back here."));
  case POSTS_STATE_HIDDEN:
    return g_strdup (
      _ ("Posts that you hide, and plain spam, are kept here. You can still approve them."));
  case POSTS_STATE_ON_SCREEN:
  case POSTS_STATE_TAKEN_DOWN:
    break;
  }
  return g_strdup ("");
}

static void
drop_posts (ConsolePostsPage *self)
{
  if (self->posts != NULL)
    g_signal_handlers_disconnect_by_func (self->posts, posts_changed_cb, self);
  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  g_hash_table_remove_all (self->waiting);
  g_clear_object (&self->posts);
}

static void
set_desk (ConsolePostsPage *self, PostsDesk *desk)
{
  g_autoptr (GtkNoSelection) selection = NULL;
  GtkFilterListModel *visible = NULL;

  if (!g_set_object (&self->desk, desk))
    return;

  drop_posts (self);
  if (desk != NULL) {
    self->posts = g_object_ref (posts_desk_get_list (desk, self->state));
    g_signal_connect_object (self->posts, "items-changed", G_CALLBACK (posts_changed_cb), self,
                             G_CONNECT_SWAPPED);
    visible = gtk_filter_list_model_new (g_object_ref (self->posts), g_object_ref (self->filter));
    g_signal_connect_object (visible, "items-changed", G_CALLBACK (visible_changed_cb), self,
                             G_CONNECT_SWAPPED | G_CONNECT_AFTER);
    visible_changed_cb (self, 0, 0, 0, G_LIST_MODEL (visible));
    selection = gtk_no_selection_new (G_LIST_MODEL (visible));
    gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  }
  update_counts (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DESK]);
}

static void
set_search (ConsolePostsPage *self, const char *search)
{
  if (!common_set_string (&self->search, search))
    return;

  g_clear_pointer (&self->search_folded, g_free);
  if (search != NULL && *search != '\0')
    self->search_folded = g_utf8_casefold (search, -1);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCH]);
}

static void
console_posts_page_get_property (GObject *object, guint property_id, GValue *value,
                                 GParamSpec *pspec)
{
  ConsolePostsPage *self = CONSOLE_POSTS_PAGE (object);

  switch (property_id) {
  case PROP_DESK:
    g_value_set_object (value, self->desk);
    break;
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_SEARCH:
    g_value_set_string (value, self->search);
    break;
  case PROP_NOW:
    g_value_set_int64 (value, self->now_s);
    break;
  case PROP_COUNT:
    g_value_set_uint (value, self->n_posts);
    break;
  case PROP_N_NEW:
    g_value_set_uint (value, self->n_new);
    break;
  case PROP_EMPTY:
    g_value_set_boolean (value, self->empty);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_posts_page_set_property (GObject *object, guint property_id, const GValue *value,
                                 GParamSpec *pspec)
{
  ConsolePostsPage *self = CONSOLE_POSTS_PAGE (object);

  switch (property_id) {
  case PROP_DESK:
    set_desk (self, g_value_get_object (value));
    break;
  case PROP_STATE:
    self->state = g_value_get_enum (value);
    break;
  case PROP_SEARCH:
    set_search (self, g_value_get_string (value));
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
console_posts_page_dispose (GObject *object)
{
  ConsolePostsPage *self = CONSOLE_POSTS_PAGE (object);

  drop_posts (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_POSTS_PAGE);
  self->list = NULL;
  g_clear_object (&self->desk);

  G_OBJECT_CLASS (console_posts_page_parent_class)->dispose (object);
}

static void
console_posts_page_finalize (GObject *object)
{
  ConsolePostsPage *self = CONSOLE_POSTS_PAGE (object);

  g_object_unref (self->filter);
  g_hash_table_unref (self->waiting);
  g_free (self->search);
  g_free (self->search_folded);

  G_OBJECT_CLASS (console_posts_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-posts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsolePostsPage, list);
  gtk_widget_class_bind_template_child (widget_class, ConsolePostsPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, ConsolePostsPage, motion);
  gtk_widget_class_bind_template_child (widget_class, ConsolePostsPage, focus);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, new_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, reading_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, new_text);
  gtk_widget_class_bind_template_callback (widget_class, can_wait);
  gtk_widget_class_bind_template_callback (widget_class, is_positive);
  gtk_widget_class_bind_template_callback (widget_class, empty_text);
}

static void
console_posts_page_class_init (ConsolePostsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_posts_page_get_property;
  object_class->set_property = console_posts_page_set_property;
  object_class->dispose = console_posts_page_dispose;
  object_class->finalize = console_posts_page_finalize;

  properties[PROP_DESK] = g_param_spec_object ("desk", NULL, NULL, POSTS_TYPE_DESK, rw);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, POSTS_TYPE_STATE, POSTS_STATE_INCOMING,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SEARCH] = g_param_spec_string ("search", NULL, NULL, NULL, rw);
  properties[PROP_NOW] = g_param_spec_int64 ("now", NULL, NULL, 0, G_MAXINT64, 0, rw);
  properties[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0, ro);
  properties[PROP_N_NEW] = g_param_spec_uint ("n-new", NULL, NULL, 0, G_MAXUINT, 0, ro);
  properties[PROP_EMPTY] = g_param_spec_boolean ("empty", NULL, NULL, TRUE, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
console_posts_page_init (ConsolePostsPage *self)
{
  self->empty = TRUE;
  self->waiting = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->filter = GTK_FILTER (gtk_custom_filter_new (is_visible, self, NULL));
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "value-changed",
                           G_CALLBACK (reading_changed_cb), self, G_CONNECT_SWAPPED);
}
