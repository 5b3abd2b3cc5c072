/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PostsError:
 * @POSTS_ERROR_SOURCE: a network or file could not be read
 * @POSTS_ERROR_PARSE: a post is not what it should be; the others go on
 * @POSTS_ERROR_STATE: the post is not there, or not in a state that allows what was asked
 * @POSTS_ERROR_TOKEN: the network wants an account, or another one
 * @POSTS_ERROR_REFUSED: the network does not allow it: its plan, its rules, its address
 * @POSTS_ERROR_QUOTA: what may be spent is spent
 * @POSTS_ERROR_BUSY: the network asks to wait
 * @POSTS_ERROR_SILENT: nothing came any more
 * @POSTS_ERROR_STORE: the posts could not be kept on the disk
 * @POSTS_ERROR_UNDO: there is nothing that can be taken back any more
 */
typedef enum {
  POSTS_ERROR_SOURCE,
  POSTS_ERROR_PARSE,
  POSTS_ERROR_STATE,
  POSTS_ERROR_TOKEN,
  POSTS_ERROR_REFUSED,
  POSTS_ERROR_QUOTA,
  POSTS_ERROR_BUSY,
  POSTS_ERROR_SILENT,
  POSTS_ERROR_STORE,
  POSTS_ERROR_UNDO,
} PostsError;

#define POSTS_ERROR (posts_error_quark ())
GQuark posts_error_quark (void);

#define POSTS_TYPE_ERROR (posts_error_get_type ())
GType posts_error_get_type (void);

/**
 * PostsNetworkKind:
 *
 * Where a post was written; a replayed post keeps the network it came from.
 */
typedef enum {
  POSTS_NETWORK_KIND_OTHER,
  POSTS_NETWORK_KIND_X,
  POSTS_NETWORK_KIND_MASTODON,
  POSTS_NETWORK_KIND_BLUESKY,
  POSTS_NETWORK_KIND_YOUTUBE,
  POSTS_NETWORK_KIND_TWITCH,
  POSTS_NETWORK_KIND_OWNCAST,
} PostsNetworkKind;

#define POSTS_TYPE_NETWORK_KIND (posts_network_kind_get_type ())
GType posts_network_kind_get_type (void);
const char *posts_network_kind_get_label (PostsNetworkKind kind);

/**
 * PostsTextFlags:
 * @POSTS_TEXT_CUT: the text was too long
 * @POSTS_TEXT_OVERRIDE: it tried to turn the direction of what follows
 * @POSTS_TEXT_STACKED: it piled combining marks up
 *
 * What cleaning a text had to take away.
 */
typedef enum {
  POSTS_TEXT_PLAIN = 0,
  POSTS_TEXT_CUT = 1 << 0,
  POSTS_TEXT_OVERRIDE = 1 << 1,
  POSTS_TEXT_STACKED = 1 << 2,
} PostsTextFlags;

/**
 * PostsTraits:
 * @POSTS_TRAIT_BOT: its author says that it is a machine
 * @POSTS_TRAIT_REPLY: it answers another post
 * @POSTS_TRAIT_REPOST: it passes on what someone else wrote
 * @POSTS_TRAIT_EDITED: it was changed after it was written
 * @POSTS_TRAIT_WITHHELD: its network hides it
 * @POSTS_TRAIT_LABELLED: its network calls it or its author spam or an impostor
 * @POSTS_TRAIT_RESERVED: its author asks not to be shown to people without an account
 * @POSTS_TRAIT_UNKNOWN_AUTHOR: its network could not say who the author is
 *
 * What a network says about a post besides its text.
 */
typedef enum {
  POSTS_TRAIT_NONE = 0,
  POSTS_TRAIT_BOT = 1 << 0,
  POSTS_TRAIT_REPLY = 1 << 1,
  POSTS_TRAIT_REPOST = 1 << 2,
  POSTS_TRAIT_EDITED = 1 << 3,
  POSTS_TRAIT_WITHHELD = 1 << 4,
  POSTS_TRAIT_LABELLED = 1 << 5,
  POSTS_TRAIT_RESERVED = 1 << 6,
  POSTS_TRAIT_UNKNOWN_AUTHOR = 1 << 7,
} PostsTraits;

/**
 * PostsMedia:
 *
 * A picture that came with a post, or the still of a film: an address, not fetched. It is https, or of
 * a server on this computer that stands in for a network.
 */
typedef struct {
  gboolean is_video;
  char *url;         /* small, or the still of a film */
  char *full_url;    /* nullable */
  char *description; /* nullable: cleaned */
} PostsMedia;

PostsMedia *posts_media_new (gboolean is_video, const char *url, const char *full_url,
                             const char *description);
void posts_media_free (PostsMedia *media);
void posts_media_add_stand_in (const char *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostsMedia, posts_media_free)

/**
 * PostsPostFields:
 *
 * What a network read, as it came: posts_post_new () copies and cleans it. Every string may be
 * `NULL` but @id. Ids are unique over all networks: a network puts its own name in front of them.
 */
typedef struct {
  const char *id;
  PostsNetworkKind network;
  const char *author_id; /* NULL: the handle stands for it */
  const char *author_name;
  const char *author_handle;
  const char *avatar_url;    /* kept only if it may be fetched */
  GDateTime *author_created; /* NULL: not known */
  gint64 n_followers;        /* -1: not known */
  const char *text;
  const char *photo_path;
  const char *photo_description;
  const char *url; /* kept only if it is http or https */
  const char *language;
  gboolean sensitive;
  GDateTime *created; /* NULL: now */
  PostsTraits traits;
  gint64 n_author_posts;    /* how many posts the author wrote; 0: not known */
  const char *author_bio;   /* what the author says about themselves */
  const char *warning;      /* what the author warns of */
  GPtrArray *links;         /* of char*: where its links lead */
  GPtrArray *media;         /* of PostsMedia */
  const char *uri;          /* the same for it on every server that passes it on */
  const char *quote_id;     /* the post that it quotes or passes on */
  const char *quote_author; /* its handle */
  const char *quote_text;
} PostsPostFields;

#define POSTS_TYPE_POST (posts_post_get_type ())
G_DECLARE_FINAL_TYPE (PostsPost, posts_post, POSTS, POST, GObject)

PostsPost *posts_post_new (const PostsPostFields *fields);
PostsPost *posts_post_new_again (PostsPost *post, GDateTime *created);
PostsPost *posts_post_new_signed (PostsPost *post, const PostsPostFields *author);

/* Immutable: made whole, shared by any thread. Every text is valid UTF-8, without control and
 * bidirectional-override characters, and to be set as text, never as markup. */
const char *posts_post_get_id (PostsPost *self);
PostsNetworkKind posts_post_get_network (PostsPost *self);
const char *posts_post_get_author_id (PostsPost *self);
const char *posts_post_get_author_name (PostsPost *self);
const char *posts_post_get_author_handle (PostsPost *self);
const char *posts_post_get_avatar_url (PostsPost *self); /* nullable: an address, not fetched */
const char *posts_post_get_text (PostsPost *self);
const char *posts_post_get_photo_path (PostsPost *self);        /* nullable: a local file */
const char *posts_post_get_photo_description (PostsPost *self); /* nullable */
const char *posts_post_get_url (PostsPost *self);               /* nullable */
GDateTime *posts_post_get_created (PostsPost *self);
GDateTime *posts_post_get_author_created (PostsPost *self); /* nullable: not known */
gint64 posts_post_get_n_followers (PostsPost *self);        /* -1: not known */
const char *posts_post_get_language (PostsPost *self);      /* nullable */
gboolean posts_post_is_sensitive (PostsPost *self);
PostsTextFlags posts_post_get_text_flags (PostsPost *self);
PostsTraits posts_post_get_traits (PostsPost *self);
gint64 posts_post_get_n_author_posts (PostsPost *self);    /* 0: not known */
const char *posts_post_get_author_bio (PostsPost *self);   /* nullable */
const char *posts_post_get_warning (PostsPost *self);      /* nullable */
const char *const *posts_post_get_links (PostsPost *self); /* never NULL, perhaps empty */
GPtrArray *posts_post_get_media (PostsPost *self);         /* of PostsMedia; never NULL */
const char *posts_post_get_uri (PostsPost *self);          /* nullable */
const char *posts_post_get_quote_id (PostsPost *self);     /* nullable */
const char *posts_post_get_quote_author (PostsPost *self); /* nullable */
const char *posts_post_get_quote_text (PostsPost *self);   /* nullable */
gboolean posts_post_says_the_same (PostsPost *self, PostsPost *other);

G_END_DECLS
