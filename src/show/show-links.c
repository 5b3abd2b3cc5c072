/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "show-links.h"
#include "web-token.h"

/* What is kept in place of a token: whoever has the old one stays out, and no new one is made. */
#define REVOKED "revoked"

/* A title that is typed is not stored letter by letter. */
#define TITLE_MS 2000

/**
 * ShowLinks:
 *
 * Who has a link that holds: tokens, made once and kept as secrets are, so that a link in a mail
 * still holds on the day, or after a crash.
 */
struct _ShowLinks {
  GObject parent_instance;
  EventFile *event;
  ShowSecrets *secrets; /* nullable: not before it is known which */
  GHashTable *entries;  /* id → Entry */
  guint title_id;
};

typedef struct {
  char *id;
  char *title;
  char *token; /* nullable */
  ShowLinkState state;
  guint serial; /* of what was asked last of the secrets */
} Entry;

/* One question to the secrets. */
typedef struct {
  ShowLinks *links;
  char *id;
  guint serial;
} Question;

G_DEFINE_ENUM_TYPE (ShowLinkState, show_link_state,
                    G_DEFINE_ENUM_VALUE (SHOW_LINK_LOOKING, "looking"),
                    G_DEFINE_ENUM_VALUE (SHOW_LINK_MADE, "made"),
                    G_DEFINE_ENUM_VALUE (SHOW_LINK_KEPT, "kept"),
                    G_DEFINE_ENUM_VALUE (SHOW_LINK_FOR_THIS_RUN, "for-this-run"),
                    G_DEFINE_ENUM_VALUE (SHOW_LINK_REVOKED, "revoked"))

G_DEFINE_FINAL_TYPE (ShowLinks, show_links, G_TYPE_OBJECT)

static guint changed_signal, not_kept_signal;

static void
entry_free (Entry *self)
{
  g_free (self->id);
  g_free (self->title);
  g_free (self->token);
  g_free (self);
}

static Question *
question_new (ShowLinks *links, Entry *entry)
{
  Question *self = g_new0 (Question, 1);

  self->links = g_object_ref (links);
  self->id = g_strdup (entry->id);
  self->serial = ++entry->serial;
  return self;
}

static void
question_free (Question *self)
{
  g_object_unref (self->links);
  g_free (self->id);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

/* Returns: (nullable): what the answer is for, unless something else was asked for since */
static Entry *
find_asked (Question *question)
{
  Entry *entry = g_hash_table_lookup (question->links->entries, question->id);

  return entry != NULL && entry->serial == question->serial ? entry : NULL;
}

static void
set_state (ShowLinks *self, Entry *entry, ShowLinkState state)
{
  g_autofree char *id = g_strdup (entry->id);

  entry->state = state;
  g_signal_emit (self, changed_signal, 0, id);
}

static void
stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GError) error = NULL;
  const gboolean stored = show_secrets_store_finish (SHOW_SECRETS (object), result, &error);
  Entry *entry = find_asked (question);

  if (entry == NULL || question->links->secrets == NULL)
    return;
  if (entry->state == SHOW_LINK_MADE)
    set_state (question->links, entry, stored ? SHOW_LINK_KEPT : SHOW_LINK_FOR_THIS_RUN);
  if (!stored)
    g_signal_emit (question->links, not_kept_signal, 0, question->id, error);
}

static void
store (ShowLinks *self, Entry *entry)
{
  const char *event = event_file_get_title (self->event);
  g_autofree char *label = g_strdup_printf ("%s, %s", event, entry->title);

  show_secrets_store_async (self->secrets, entry->id, event, label,
                            entry->token != NULL ? entry->token : REVOKED, NULL, stored_cb,
                            question_new (self, entry));
}

static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  ShowLinks *self = question->links;
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = show_secrets_look_up_finish (SHOW_SECRETS (object), result, &error);
  Entry *entry = find_asked (question);

  if (entry == NULL || self->secrets == NULL)
    return;
  if (g_strcmp0 (kept, REVOKED) == 0) {
    set_state (self, entry, SHOW_LINK_REVOKED);
  } else if (web_token_is_valid (kept)) {
    entry->token = g_steal_pointer (&kept);
    set_state (self, entry, SHOW_LINK_KEPT);
  } else if (g_error_matches (error, SHOW_ERROR, SHOW_ERROR_NO_KEYRING)) {
    /* It may have one: nothing takes its place. */
    entry->token = web_token_new ();
    set_state (self, entry, SHOW_LINK_FOR_THIS_RUN);
    g_signal_emit (self, not_kept_signal, 0, question->id, error);
  } else {
    show_links_renew (self, question->id);
  }
}

static void
look_up (ShowLinks *self, Entry *entry)
{
  show_secrets_look_up_async (self->secrets, entry->id, event_file_get_title (self->event), NULL,
                              looked_up_cb, question_new (self, entry));
}

/* What is kept is kept for the event of this title. */
static gboolean
title_cb (gpointer data)
{
  ShowLinks *self = data;
  GHashTableIter iter;
  gpointer entry = NULL;

  self->title_id = 0;
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry)) {
    if (((Entry *) entry)->state == SHOW_LINK_KEPT || ((Entry *) entry)->state == SHOW_LINK_REVOKED)
      store (self, entry);
  }
  return G_SOURCE_REMOVE;
}

static void
title_changed_cb (ShowLinks *self)
{
  g_clear_handle_id (&self->title_id, g_source_remove);
  if (self->secrets != NULL)
    self->title_id = g_timeout_add (TITLE_MS, title_cb, self);
}

static void
show_links_dispose (GObject *object)
{
  ShowLinks *self = SHOW_LINKS (object);

  g_clear_handle_id (&self->title_id, g_source_remove);
  g_clear_object (&self->secrets);
  g_clear_object (&self->event);
  G_OBJECT_CLASS (show_links_parent_class)->dispose (object);
}

static void
show_links_finalize (GObject *object)
{
  ShowLinks *self = SHOW_LINKS (object);

  g_hash_table_unref (self->entries);
  G_OBJECT_CLASS (show_links_parent_class)->finalize (object);
}

static void
show_links_class_init (ShowLinksClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = show_links_dispose;
  object_class->finalize = show_links_finalize;
  changed_signal = g_signal_new ("changed", SHOW_TYPE_LINKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
  not_kept_signal = g_signal_new ("not-kept", SHOW_TYPE_LINKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);
}

static void
show_links_init (ShowLinks *self)
{
  self->entries =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) entry_free);
}

ShowLinks *
show_links_new (EventFile *event)
{
  ShowLinks *self = g_object_new (SHOW_TYPE_LINKS, NULL);

  self->event = g_object_ref (event);
  g_signal_connect_object (event, "notify::title", G_CALLBACK (title_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * show_links_set_secrets:
 * @self: links
 * @secrets: where they are kept
 *
 * From now on links are looked up and made.
 */
void
show_links_set_secrets (ShowLinks *self, ShowSecrets *secrets)
{
  GHashTableIter iter;
  gpointer entry = NULL;

  g_return_if_fail (SHOW_IS_LINKS (self));

  if (!g_set_object (&self->secrets, secrets))
    return;
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry)) {
    if (((Entry *) entry)->state == SHOW_LINK_LOOKING)
      look_up (self, entry);
  }
}

/**
 * show_links_want:
 * @self: links
 * @id: of a secret, such as `guest:anna`
 * @title: whose it is
 *
 * Looks up the token, or makes one. May be called again.
 */
void
show_links_want (ShowLinks *self, const char *id, const char *title)
{
  Entry *entry = NULL;

  g_return_if_fail (SHOW_IS_LINKS (self));

  entry = g_hash_table_lookup (self->entries, id);
  if (entry != NULL) {
    common_set_string (&entry->title, title);
    return;
  }
  entry = g_new0 (Entry, 1);
  entry->id = g_strdup (id);
  entry->title = g_strdup (title);
  g_hash_table_insert (self->entries, entry->id, entry);
  if (self->secrets != NULL)
    look_up (self, entry);
}

static void
forgotten_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!show_secrets_store_finish (SHOW_SECRETS (object), result, &error))
    g_debug ("a link that nobody needs any more stays where it was kept: %s", error->message);
}

/**
 * show_links_forget:
 * @self: links
 * @id: of a secret
 *
 * Whose link it was is no more in the event.
 */
void
show_links_forget (ShowLinks *self, const char *id)
{
  g_return_if_fail (SHOW_IS_LINKS (self));

  if (!g_hash_table_remove (self->entries, id) || self->secrets == NULL)
    return;
  show_secrets_store_async (self->secrets, id, event_file_get_title (self->event), id, NULL, NULL,
                            forgotten_cb, NULL);
}

/**
 * show_links_revoke:
 * @self: links
 * @id: of a secret
 *
 * Its token is void from now on.
 */
void
show_links_revoke (ShowLinks *self, const char *id)
{
  Entry *entry = NULL;

  g_return_if_fail (SHOW_IS_LINKS (self));

  entry = g_hash_table_lookup (self->entries, id);
  if (entry == NULL || entry->state == SHOW_LINK_REVOKED)
    return;
  g_clear_pointer (&entry->token, g_free);
  entry->state = SHOW_LINK_REVOKED;
  if (self->secrets != NULL)
    store (self, entry);
  set_state (self, entry, SHOW_LINK_REVOKED);
}

/**
 * show_links_renew:
 * @self: links
 * @id: of a secret
 *
 * Its token is another one from now on.
 */
void
show_links_renew (ShowLinks *self, const char *id)
{
  Entry *entry = NULL;

  g_return_if_fail (SHOW_IS_LINKS (self));

  entry = g_hash_table_lookup (self->entries, id);
  if (entry == NULL)
    return;
  g_free (entry->token);
  entry->token = web_token_new ();
  entry->state = SHOW_LINK_MADE;
  if (self->secrets != NULL)
    store (self, entry);
  set_state (self, entry, SHOW_LINK_MADE);
}

/**
 * show_links_get_token:
 * @self: links
 * @id: of a secret
 *
 * Returns: (transfer none) (nullable): the token that holds now
 */
const char *
show_links_get_token (ShowLinks *self, const char *id)
{
  const Entry *entry = NULL;

  g_return_val_if_fail (SHOW_IS_LINKS (self), NULL);

  entry = g_hash_table_lookup (self->entries, id);
  return entry != NULL ? entry->token : NULL;
}

ShowLinkState
show_links_get_state (ShowLinks *self, const char *id)
{
  const Entry *entry = NULL;

  g_return_val_if_fail (SHOW_IS_LINKS (self), SHOW_LINK_LOOKING);

  entry = g_hash_table_lookup (self->entries, id);
  return entry != NULL ? entry->state : SHOW_LINK_LOOKING;
}
