/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-rotation.h"

/* What nobody gave a time: as long as it takes to read it aloud. */
#define LEAST_MS    12000
#define MOST_MS     60000
#define LOOKING_MS  4000
#define MS_PER_CHAR 65

/**
 * ShowRotation:
 *
 * Puts approved posts on screen one after another, as long as somebody has switched it on.
 *
 * Only what a human approved is shown, whole and signed as by hand, never what is marked sensitive; those
 * shown least often come first, the oldest of them before the others. It gives way to whatever the operator
 * puts on screen, and stands still while the panic key holds. Main thread only.
 */
struct _ShowRotation {
  GObject parent_instance;
  PostsDesk *desk;
  gboolean enabled;
  guint pause_ms;
  guint shown_ms; /* 0: by the length of the text */
  guint timer_id;
  PostsItem *shown;    /* nullable: what it put on screen */
  GHashTable *n_shown; /* post id → how often */
  GHashTable *refused; /* a set of ids of posts that do not fit the screen */
};

G_DEFINE_FINAL_TYPE (ShowRotation, show_rotation, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ENABLED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
may_be_shown (ShowRotation *self, PostsPost *post)
{
  return !posts_post_is_sensitive (post) && posts_post_get_warning (post) == NULL &&
         !g_hash_table_contains (self->refused, posts_post_get_id (post));
}

/* Nullable. */
static PostsItem *
find_next (ShowRotation *self)
{
  GListModel *approved = posts_desk_get_list (self->desk, POSTS_STATE_APPROVED);
  PostsItem *next = NULL;
  guint fewest = G_MAXUINT;

  for (guint i = g_list_model_get_n_items (approved); i > 0; i--) {
    g_autoptr (PostsItem) item = g_list_model_get_item (approved, i - 1);
    PostsPost *post = posts_item_get_post (item);
    const guint n =
      GPOINTER_TO_UINT (g_hash_table_lookup (self->n_shown, posts_post_get_id (post)));

    if (n < fewest && may_be_shown (self, post)) {
      next = item; /* the desk keeps it */
      fewest = n;
    }
  }
  return next;
}

static guint
get_shown_ms (ShowRotation *self, PostsPost *post)
{
  const glong n_chars = g_utf8_strlen (posts_post_get_text (post), -1);

  if (self->shown_ms > 0)
    return self->shown_ms;
  return (guint) CLAMP (LOOKING_MS + n_chars * MS_PER_CHAR, LEAST_MS, MOST_MS);
}

static gboolean
show_cb (gpointer user_data)
{
  ShowRotation *self = user_data;
  PostsItem *next = find_next (self);
  const char *id = next != NULL ? posts_post_get_id (posts_item_get_post (next)) : NULL;
  const guint n = id != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (self->n_shown, id)) : 0;

  self->timer_id = 0;
  if (next == NULL)
    return G_SOURCE_REMOVE; /* one that is approved starts it again */
  g_hash_table_replace (self->n_shown, g_strdup (id), GUINT_TO_POINTER (n + 1));
  g_set_object (&self->shown, next);
  posts_desk_show (self->desk, id, NULL); /* cannot fail: it is approved */
  return G_SOURCE_REMOVE;
}

static gboolean
hide_cb (gpointer user_data)
{
  ShowRotation *self = user_data;

  self->timer_id = 0;
  if (posts_desk_get_on_screen (self->desk) == self->shown)
    posts_desk_clear_screen (self->desk);
  return G_SOURCE_REMOVE;
}

/* What is on screen, or may be, has changed. */
static void
update (ShowRotation *self)
{
  PostsItem *on_screen = posts_desk_get_on_screen (self->desk);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (!self->enabled || posts_desk_get_panic (self->desk))
    return;
  if (on_screen == NULL)
    self->timer_id = g_timeout_add (self->pause_ms, show_cb, self);
  else if (on_screen == self->shown)
    self->timer_id =
      g_timeout_add (get_shown_ms (self, posts_item_get_post (on_screen)), hide_cb, self);
  else
    g_clear_object (&self->shown);
}

/* Nothing more is needed if there was one to be shown. */
static void
approved_cb (ShowRotation *self)
{
  if (self->timer_id == 0)
    update (self);
}

static void
show_rotation_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
  case PROP_ENABLED:
    g_value_set_boolean (value, SHOW_ROTATION (object)->enabled);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
show_rotation_dispose (GObject *object)
{
  ShowRotation *self = SHOW_ROTATION (object);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_object (&self->shown);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (show_rotation_parent_class)->dispose (object);
}

static void
show_rotation_finalize (GObject *object)
{
  ShowRotation *self = SHOW_ROTATION (object);

  g_hash_table_unref (self->n_shown);
  g_hash_table_unref (self->refused);
  G_OBJECT_CLASS (show_rotation_parent_class)->finalize (object);
}

static void
show_rotation_class_init (ShowRotationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = show_rotation_get_property;
  object_class->dispose = show_rotation_dispose;
  object_class->finalize = show_rotation_finalize;
  properties[PROP_ENABLED] =
    g_param_spec_boolean ("enabled", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
show_rotation_init (ShowRotation *self)
{
  self->n_shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * show_rotation_new:
 * @desk: whose approved posts it shows
 *
 * Returns: (transfer full): a rotation that is switched off
 */
ShowRotation *
show_rotation_new (PostsDesk *desk)
{
  ShowRotation *self = g_object_new (SHOW_TYPE_ROTATION, NULL);

  self->desk = g_object_ref (desk);
  g_signal_connect_object (desk, "notify::on-screen", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (desk, "notify::panic", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (posts_desk_get_list (desk, POSTS_STATE_APPROVED), "items-changed",
                           G_CALLBACK (approved_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * show_rotation_set_enabled:
 * @self: a rotation
 * @enabled: whether it shows posts from now on
 *
 * Switched off it takes what it shows off the screen.
 */
void
show_rotation_set_enabled (ShowRotation *self, gboolean enabled)
{
  g_return_if_fail (SHOW_IS_ROTATION (self));

  if (self->enabled == !!enabled)
    return;
  self->enabled = !!enabled;
  if (!self->enabled && self->shown != NULL && posts_desk_get_on_screen (self->desk) == self->shown)
    posts_desk_clear_screen (self->desk);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENABLED]);
}

gboolean
show_rotation_get_enabled (ShowRotation *self)
{
  g_return_val_if_fail (SHOW_IS_ROTATION (self), FALSE);

  return self->enabled;
}

/**
 * show_rotation_set_times_ms:
 * @self: a rotation
 * @pause_ms: from the end of one post to the next
 * @shown_ms: how long each is on screen; 0: by the length of its text, 12 seconds at least
 */
void
show_rotation_set_times_ms (ShowRotation *self, guint pause_ms, guint shown_ms)
{
  g_return_if_fail (SHOW_IS_ROTATION (self));

  self->pause_ms = pause_ms;
  self->shown_ms = shown_ms;
}

/* What is on screen cannot be shown whole: it is left out from now on. */
void
show_rotation_refuse (ShowRotation *self)
{
  PostsItem *on_screen = NULL;

  g_return_if_fail (SHOW_IS_ROTATION (self));

  on_screen = posts_desk_get_on_screen (self->desk);
  if (on_screen != NULL && on_screen == self->shown)
    g_hash_table_add (self->refused,
                      g_strdup (posts_post_get_id (posts_item_get_post (on_screen))));
}
