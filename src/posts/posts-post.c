/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-post.h"
#include "posts-text.h"

#define MAX_ID_CHARS          512
#define MAX_URL_CHARS         2000
#define MAX_DESCRIPTION_CHARS 1500
#define MAX_BIO_CHARS         1000
#define MAX_LINKS             50
#define MAX_MEDIA             20

/* Servers on this computer that stand in for networks, by their ports. */
static struct {
  GMutex lock;
  int ports[16];
  guint n;
} stand_ins;

/**
 * PostsPost:
 *
 * What someone wrote on a social network, cleaned for display.
 *
 * Immutable, so that any thread may read it.
 */
struct _PostsPost {
  GObject parent_instance;
  char *id;
  PostsNetworkKind network;
  char *author_id;
  char *author_name;
  char *author_handle;
  char *avatar_url;          /* nullable */
  GDateTime *author_created; /* nullable */
  gint64 n_followers;
  char *text;
  char *photo_path;        /* nullable */
  char *photo_description; /* nullable */
  char *url;               /* nullable */
  char *language;          /* nullable */
  gboolean sensitive;
  GDateTime *created;
  PostsTextFlags text_flags;
  PostsTraits traits;
  gint64 n_author_posts;
  char *author_bio; /* nullable */
  char *warning;    /* nullable */
  GStrv links;
  GPtrArray *media;   /* of PostsMedia; shared, never changed */
  char *uri;          /* nullable */
  char *quote_id;     /* nullable */
  char *quote_author; /* nullable */
  char *quote_text;   /* nullable */
};

G_DEFINE_FINAL_TYPE (PostsPost, posts_post, G_TYPE_OBJECT)

static void
posts_post_finalize (GObject *object)
{
  PostsPost *self = POSTS_POST (object);

  g_free (self->id);
  g_free (self->author_id);
  g_free (self->author_name);
  g_free (self->author_handle);
  g_free (self->avatar_url);
  g_clear_pointer (&self->author_created, g_date_time_unref);
  g_free (self->text);
  g_free (self->photo_path);
  g_free (self->photo_description);
  g_free (self->url);
  g_free (self->language);
  g_clear_pointer (&self->created, g_date_time_unref);
  g_free (self->author_bio);
  g_free (self->warning);
  g_strfreev (self->links);
  g_clear_pointer (&self->media, g_ptr_array_unref);
  g_free (self->uri);
  g_free (self->quote_id);
  g_free (self->quote_author);
  g_free (self->quote_text);
  G_OBJECT_CLASS (posts_post_parent_class)->finalize (object);
}

static void
posts_post_class_init (PostsPostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = posts_post_finalize;
}

static void
posts_post_init (PostsPost *self)
{
  self->n_followers = -1;
}

static char *
clean_or_null (const char *text, gsize max_chars)
{
  g_autofree char *cleaned = posts_text_clean_line (text, max_chars, NULL);

  return *cleaned != '\0' ? g_steal_pointer (&cleaned) : NULL;
}

/* Only what a browser opens as a page: no javascript:, no file:. */
static char *
clean_url (const char *url)
{
  if (url == NULL || (g_ascii_strncasecmp (url, "https://", 8) != 0 &&
                      g_ascii_strncasecmp (url, "http://", 7) != 0))
    return NULL;
  return g_uri_is_valid (url, G_URI_FLAGS_NONE, NULL) ? clean_or_null (url, MAX_URL_CHARS) : NULL;
}

static gboolean
is_loopback (const char *host)
{
  return g_strcmp0 (host, "127.0.0.1") == 0 || g_strcmp0 (host, "::1") == 0;
}

/**
 * posts_media_add_stand_in:
 * @server: the address of a network, as the event has it
 *
 * Where a server on this computer stands in for a network, without https, its pictures come without, too:
 * from that port and no other. Anything else changes nothing. Any thread.
 */
void
posts_media_add_stand_in (const char *server)
{
  g_autofree char *scheme = NULL, *host = NULL;
  int port = -1;

  if (server == NULL ||
      !g_uri_split_network (server, G_URI_FLAGS_NONE, &scheme, &host, &port, NULL) || port < 1 ||
      !is_loopback (host) || (!g_str_equal (scheme, "http") && !g_str_equal (scheme, "ws")))
    return;
  g_mutex_lock (&stand_ins.lock);
  if (stand_ins.n < G_N_ELEMENTS (stand_ins.ports))
    stand_ins.ports[stand_ins.n++] = port;
  g_mutex_unlock (&stand_ins.lock);
}

static gboolean
is_stand_in (const char *url)
{
  g_autofree char *host = NULL;
  int port = -1;
  gboolean found = FALSE;

  if (!g_uri_split_network (url, G_URI_FLAGS_NONE, NULL, &host, &port, NULL) || !is_loopback (host))
    return FALSE;
  g_mutex_lock (&stand_ins.lock);
  for (guint i = 0; i < stand_ins.n && !found; i++)
    found = stand_ins.ports[i] == port;
  g_mutex_unlock (&stand_ins.lock);
  return found;
}

/* What may be fetched. */
static char *
clean_media_url (const char *url)
{
  g_autofree char *kept = clean_url (url);

  if (kept == NULL || g_ascii_strncasecmp (kept, "https://", 8) == 0 || is_stand_in (kept))
    return g_steal_pointer (&kept);
  return NULL;
}

/**
 * posts_media_new:
 * @is_video: whether it is the still of a film
 * @url: where it is; only what may be fetched is kept
 * @full_url: (nullable): where it is larger
 * @description: (nullable): what there is to see, any bytes
 *
 * Any thread.
 *
 * Returns: (transfer full) (nullable): what may be fetched; `NULL` if nothing may be
 */
PostsMedia *
posts_media_new (gboolean is_video, const char *url, const char *full_url, const char *description)
{
  g_autofree char *kept = clean_media_url (url);
  PostsMedia *media = NULL;

  if (kept == NULL)
    return NULL;
  media = g_new0 (PostsMedia, 1);
  media->is_video = is_video;
  media->url = g_steal_pointer (&kept);
  media->full_url = clean_media_url (full_url);
  media->description = clean_or_null (description, MAX_DESCRIPTION_CHARS);
  return media;
}

void
posts_media_free (PostsMedia *media)
{
  g_free (media->url);
  g_free (media->full_url);
  g_free (media->description);
  g_free (media);
}

static gpointer
copy_media (gconstpointer source, gpointer user_data)
{
  const PostsMedia *media = source;
  PostsMedia *copy = g_memdup2 (media, sizeof *media);

  copy->url = g_strdup (media->url);
  copy->full_url = g_strdup (media->full_url);
  copy->description = g_strdup (media->description);
  return copy;
}

static void
set_attached (PostsPost *self, const PostsPostFields *fields)
{
  g_autoptr (GStrvBuilder) links = g_strv_builder_new ();

  for (guint i = 0; fields->links != NULL && i < MIN (fields->links->len, MAX_LINKS); i++) {
    g_autofree char *link = clean_url (fields->links->pdata[i]);

    if (link != NULL)
      g_strv_builder_add (links, link);
  }
  self->links = g_strv_builder_end (links);
  self->media = g_ptr_array_new_with_free_func ((GDestroyNotify) posts_media_free);
  for (guint i = 0; fields->media != NULL && i < MIN (fields->media->len, MAX_MEDIA); i++)
    g_ptr_array_add (self->media, copy_media (fields->media->pdata[i], NULL));
  self->uri = clean_or_null (fields->uri, MAX_URL_CHARS);
  self->quote_id = clean_or_null (fields->quote_id, MAX_ID_CHARS);
  self->quote_author = clean_or_null (fields->quote_author, POSTS_NAME_MAX_CHARS);
  if (fields->quote_text != NULL)
    self->quote_text =
      posts_text_clean (fields->quote_text, POSTS_TEXT_MAX_CHARS, &self->text_flags);
}

static void
set_author (PostsPost *self, const PostsPostFields *fields)
{
  self->author_name =
    posts_text_clean_line (fields->author_name, POSTS_NAME_MAX_CHARS, &self->text_flags);
  self->author_handle =
    posts_text_clean_line (fields->author_handle, POSTS_NAME_MAX_CHARS, &self->text_flags);
  self->avatar_url = clean_media_url (fields->avatar_url);
  self->author_id = clean_or_null (fields->author_id, MAX_ID_CHARS);
  if (self->author_id == NULL)
    self->author_id = g_strdup (self->author_handle);
  if (*self->author_name == '\0') {
    g_free (self->author_name);
    self->author_name = g_strdup (self->author_handle);
  }
  if (fields->author_created != NULL)
    self->author_created = g_date_time_ref (fields->author_created);
  self->n_followers = fields->n_followers;
  self->n_author_posts = MAX (fields->n_author_posts, 0);
  self->author_bio = clean_or_null (fields->author_bio, MAX_BIO_CHARS);
}

/**
 * posts_post_new:
 * @fields: what a network read; copied
 *
 * Any thread.
 *
 * Returns: (transfer full): a post with every text cleaned for display
 */
PostsPost *
posts_post_new (const PostsPostFields *fields)
{
  g_return_val_if_fail (fields != NULL && fields->id != NULL, NULL);

  PostsPost *self = g_object_new (POSTS_TYPE_POST, NULL);

  self->id = posts_text_clean_line (fields->id, MAX_ID_CHARS, NULL);
  self->network = fields->network;
  set_author (self, fields);
  self->text = posts_text_clean (fields->text, POSTS_TEXT_MAX_CHARS, &self->text_flags);
  self->photo_path = g_strdup (fields->photo_path);
  self->photo_description = clean_or_null (fields->photo_description, MAX_DESCRIPTION_CHARS);
  self->url = clean_url (fields->url);
  self->language = clean_or_null (fields->language, 35);
  self->sensitive = fields->sensitive;
  self->traits = fields->traits;
  self->warning = clean_or_null (fields->warning, MAX_DESCRIPTION_CHARS);
  set_attached (self, fields);
  self->created =
    fields->created != NULL ? g_date_time_ref (fields->created) : g_date_time_new_now_utc ();
  return self;
}

/* All but its author and its time. */
static void
copy_content (PostsPost *self, PostsPost *post)
{
  self->id = g_strdup (post->id);
  self->network = post->network;
  self->text = g_strdup (post->text);
  self->photo_path = g_strdup (post->photo_path);
  self->photo_description = g_strdup (post->photo_description);
  self->url = g_strdup (post->url);
  self->language = g_strdup (post->language);
  self->sensitive = post->sensitive;
  self->text_flags = post->text_flags;
  self->traits = post->traits;
  self->warning = g_strdup (post->warning);
  self->links = g_strdupv (post->links);
  self->media = g_ptr_array_ref (post->media);
  self->uri = g_strdup (post->uri);
  self->quote_id = g_strdup (post->quote_id);
  self->quote_author = g_strdup (post->quote_author);
  self->quote_text = g_strdup (post->quote_text);
}

/**
 * posts_post_new_again:
 * @post: a post
 * @created: when it is written this time
 *
 * Any thread.
 *
 * Returns: (transfer full): the same post, written at another time, as a replay does it
 */
PostsPost *
posts_post_new_again (PostsPost *post, GDateTime *created)
{
  g_return_val_if_fail (POSTS_IS_POST (post), NULL);
  g_return_val_if_fail (created != NULL, NULL);

  PostsPost *self = g_object_new (POSTS_TYPE_POST, NULL);

  copy_content (self, post);
  self->author_id = g_strdup (post->author_id);
  self->author_name = g_strdup (post->author_name);
  self->author_handle = g_strdup (post->author_handle);
  self->avatar_url = g_strdup (post->avatar_url);
  if (post->author_created != NULL)
    self->author_created = g_date_time_ref (post->author_created);
  self->n_followers = post->n_followers;
  self->n_author_posts = post->n_author_posts;
  self->author_bio = g_strdup (post->author_bio);
  self->created = g_date_time_ref (created);
  return self;
}

/**
 * posts_post_new_signed:
 * @post: a post whose author was not known
 * @author: the author, and what the traits and the sensitivity of the author are; copied
 *
 * Any thread.
 *
 * Returns: (transfer full): the same post with its author
 */
PostsPost *
posts_post_new_signed (PostsPost *post, const PostsPostFields *author)
{
  g_return_val_if_fail (POSTS_IS_POST (post), NULL);
  g_return_val_if_fail (author != NULL, NULL);

  PostsPost *self = g_object_new (POSTS_TYPE_POST, NULL);

  copy_content (self, post);
  set_author (self, author);
  self->created = g_date_time_ref (post->created);
  self->traits &= ~POSTS_TRAIT_UNKNOWN_AUTHOR;
  self->traits |= author->traits;
  self->sensitive |= author->sensitive;
  return self;
}

static gboolean
has_same_media (PostsPost *self, PostsPost *other)
{
  if (self->media->len != other->media->len)
    return FALSE;
  for (guint i = 0; i < self->media->len; i++) {
    const PostsMedia *mine = self->media->pdata[i];
    const PostsMedia *theirs = other->media->pdata[i];

    if (!g_str_equal (mine->url, theirs->url) ||
        g_strcmp0 (mine->description, theirs->description) != 0)
      return FALSE;
  }
  return TRUE;
}

/**
 * posts_post_says_the_same:
 * @self: a post
 * @other: a post with the same id
 *
 * Any thread.
 *
 * Returns: whether who saw one has nothing new to see in the other: text, pictures, links, warning,
 *   quote
 */
gboolean
posts_post_says_the_same (PostsPost *self, PostsPost *other)
{
  g_return_val_if_fail (POSTS_IS_POST (self) && POSTS_IS_POST (other), FALSE);

  return g_str_equal (self->text, other->text) && self->sensitive == other->sensitive &&
         g_strcmp0 (self->warning, other->warning) == 0 &&
         g_strcmp0 (self->photo_path, other->photo_path) == 0 &&
         g_strcmp0 (self->quote_text, other->quote_text) == 0 &&
         g_strv_equal ((const char *const *) self->links, (const char *const *) other->links) &&
         has_same_media (self, other);
}

#define DEFINE_GETTER(type, name, field, otherwise)         \
  type posts_post_##name (PostsPost *self)                  \
  {                                                         \
    g_return_val_if_fail (POSTS_IS_POST (self), otherwise); \
                                                            \
    return self->field;                                     \
  }

DEFINE_GETTER (const char *, get_id, id, NULL)
DEFINE_GETTER (PostsNetworkKind, get_network, network, POSTS_NETWORK_KIND_OTHER)
DEFINE_GETTER (const char *, get_author_id, author_id, NULL)
DEFINE_GETTER (const char *, get_author_name, author_name, NULL)
DEFINE_GETTER (const char *, get_author_handle, author_handle, NULL)
DEFINE_GETTER (const char *, get_avatar_url, avatar_url, NULL)
DEFINE_GETTER (const char *, get_text, text, NULL)
DEFINE_GETTER (const char *, get_photo_path, photo_path, NULL)
DEFINE_GETTER (const char *, get_photo_description, photo_description, NULL)
DEFINE_GETTER (const char *, get_url, url, NULL)
DEFINE_GETTER (GDateTime *, get_created, created, NULL)
DEFINE_GETTER (GDateTime *, get_author_created, author_created, NULL)
DEFINE_GETTER (gint64, get_n_followers, n_followers, -1)
DEFINE_GETTER (const char *, get_language, language, NULL)
DEFINE_GETTER (gboolean, is_sensitive, sensitive, FALSE)
DEFINE_GETTER (PostsTextFlags, get_text_flags, text_flags, POSTS_TEXT_PLAIN)
DEFINE_GETTER (PostsTraits, get_traits, traits, POSTS_TRAIT_NONE)
DEFINE_GETTER (gint64, get_n_author_posts, n_author_posts, 0)
DEFINE_GETTER (const char *, get_author_bio, author_bio, NULL)
DEFINE_GETTER (const char *, get_warning, warning, NULL)
DEFINE_GETTER (GPtrArray *, get_media, media, NULL)
DEFINE_GETTER (const char *, get_uri, uri, NULL)
DEFINE_GETTER (const char *, get_quote_id, quote_id, NULL)
DEFINE_GETTER (const char *, get_quote_author, quote_author, NULL)
DEFINE_GETTER (const char *, get_quote_text, quote_text, NULL)

const char *const *
posts_post_get_links (PostsPost *self)
{
  g_return_val_if_fail (POSTS_IS_POST (self), NULL);

  return (const char *const *) self->links;
}
