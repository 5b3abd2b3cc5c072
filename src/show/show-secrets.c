/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <libsecret/secret.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show-secrets.h"

/* A few keys of some hundred bytes each. */
#define MAX_FILE_SIZE 65536

/**
 * ShowSecrets:
 *
 * Where stream keys and the tokens of guests are kept: the desktop's keyring, which inside a sandbox is
 * a file that is locked with a secret from the desktop's portal; or for a machine without one a private
 * file. What the keyring did not take may be held for this run. A key is handed out and forgotten: it is in no log, no property and no event
 * file. Main thread only.
 */
struct _ShowSecrets {
  GObject parent_instance;
  char *path;       /* nullable: the keyring */
  GHashTable *keys; /* nullable: the keyring; by id */
  GHashTable *held; /* what the keyring did not take; by id and address */
};

/* What is written into the file, by one thread at a time. */
typedef struct {
  char *path;
  char *id;
  char *key; /* nullable: it is taken away */
} Change;

static GMutex file_mutex;

G_DEFINE_QUARK (show_error, show_error)
G_DEFINE_FINAL_TYPE (ShowSecrets, show_secrets, G_TYPE_OBJECT)

static const SecretSchema *
get_schema (void)
{
  static const SecretSchema schema = {
    APPLICATION_ID ".StreamKey",
    SECRET_SCHEMA_NONE,
    { { "destination", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "url", SECRET_SCHEMA_ATTRIBUTE_STRING } },
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  };

  return &schema;
}

/* What is not needed any more is not left in memory. */
static void
forget (gpointer key)
{
  explicit_bzero (key, strlen (key));
  g_free (key);
}

static char *
make_name (const char *id, const char *url)
{
  return g_strconcat (id, "\n", url, NULL);
}

static void
let_go (ShowSecrets *self, const char *id, const char *url)
{
  g_autofree char *name = make_name (id, url);

  g_hash_table_remove (self->held, name);
}

static void
show_secrets_finalize (GObject *object)
{
  ShowSecrets *self = SHOW_SECRETS (object);

  g_free (self->path);
  g_clear_pointer (&self->keys, g_hash_table_unref);
  g_hash_table_unref (self->held);
  G_OBJECT_CLASS (show_secrets_parent_class)->finalize (object);
}

static void
show_secrets_class_init (ShowSecretsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = show_secrets_finalize;
}

static void
show_secrets_init (ShowSecrets *self)
{
  self->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, forget);
}

ShowSecrets *
show_secrets_new_for_keyring (void)
{
  return g_object_new (SHOW_TYPE_SECRETS, NULL);
}

/* Reads a file that nobody else may read. What is checked is what was opened. */
static char *
read_private (const char *path, GError **error)
{
  const int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct stat info;
  g_autofree char *text = NULL;
  ssize_t n = 0;

  if (fd < 0) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_SECRETS, "%s: %s", path, g_strerror (errno));
    return NULL;
  }
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode) || (info.st_mode & 0077) != 0) {
    close (fd);
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_SECRETS,
                 "%s: others may read this file; make it private first: chmod 600 %s", path, path);
    return NULL;
  }
  text = g_malloc0 (MAX_FILE_SIZE + 1);
  n = read (fd, text, MAX_FILE_SIZE + 1);
  close (fd);
  if (n < 0 || n > MAX_FILE_SIZE) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_SECRETS, "%s: cannot be read, or is too large",
                 path);
    return NULL;
  }
  return g_steal_pointer (&text);
}

/* Any thread. Returns: (transfer full) (nullable): the object in the file */
static JsonNode *
read_keys (const char *path, GError **error)
{
  g_autofree char *text = read_private (path, error);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GList) members = NULL;

  if (text == NULL)
    return NULL;
  if (json_parser_load_from_data (parser, text, -1, NULL))
    root = json_parser_steal_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_SECRETS,
                 "%s: expected a JSON object from destination id to key", path);
    return NULL;
  }
  members = json_object_get_members (json_node_get_object (root));
  for (GList *l = members; l != NULL; l = l->next) {
    JsonNode *node = json_object_get_member (json_node_get_object (root), l->data);

    if (json_node_get_value_type (node) != G_TYPE_STRING) {
      g_set_error (error, SHOW_ERROR, SHOW_ERROR_SECRETS, "%s: the key of “%s” is not a string",
                   path, (const char *) l->data);
      return NULL;
    }
  }
  return g_steal_pointer (&root);
}

/**
 * show_secrets_new_for_file:
 * @path: a JSON object from destination id to key, with mode 0600
 *
 * Fails with %SHOW_ERROR_SECRETS; no message holds anything of the file's content.
 *
 * Returns: (transfer full) (nullable): the keys, or `NULL` on error
 */
ShowSecrets *
show_secrets_new_for_file (const char *path, GError **error)
{
  g_autoptr (JsonNode) root = read_keys (path, error);
  g_autoptr (GList) members = NULL;
  ShowSecrets *self = NULL;

  if (root == NULL)
    return NULL;
  self = g_object_new (SHOW_TYPE_SECRETS, NULL);
  self->path = g_canonicalize_filename (path, NULL);
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  members = json_object_get_members (json_node_get_object (root));
  for (GList *l = members; l != NULL; l = l->next)
    g_hash_table_insert (self->keys, g_strdup (l->data),
                         g_strdup (
                           json_object_get_string_member (json_node_get_object (root), l->data)));
  return self;
}

static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  char *key = secret_password_lookup_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_task_return_error (task, g_steal_pointer (&error));
  } else if (error != NULL) {
    g_task_return_new_error (task, SHOW_ERROR, SHOW_ERROR_NO_KEYRING,
                             "the keyring does not answer: %s", error->message);
  } else if (key == NULL) {
    g_task_return_new_error (task, SHOW_ERROR, SHOW_ERROR_NO_KEY,
                             "the key of “%s” is not in the keyring",
                             (const char *) g_task_get_task_data (task));
  } else {
    g_task_return_pointer (task, g_strdup (key), g_free);
    secret_password_free (key);
  }
}

/**
 * show_secrets_look_up_async:
 * @self: secrets
 * @destination: a destination's id
 * @url: its address, so that a key never goes to another server than the one it is for
 * @cancellable: (nullable): cancels the look-up
 * @callback: called on the main thread
 * @user_data: for @callback
 */
void
show_secrets_look_up_async (ShowSecrets *self, const char *destination, const char *url,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *name = make_name (destination, url);
  const char *held = g_hash_table_lookup (self->held, name);

  g_task_set_source_tag (task, show_secrets_look_up_async);
  g_task_set_task_data (task, g_strdup (destination), g_free);
  if (held != NULL) {
    g_task_return_pointer (task, g_strdup (held), g_free);
    g_object_unref (task);
    return;
  }
  if (self->keys == NULL) {
    secret_password_lookup (get_schema (), cancellable, looked_up_cb, task, "destination",
                            destination, "url", url, NULL);
    return;
  }
  if (g_hash_table_contains (self->keys, destination))
    g_task_return_pointer (task, g_strdup (g_hash_table_lookup (self->keys, destination)), g_free);
  else
    g_task_return_new_error (task, SHOW_ERROR, SHOW_ERROR_NO_KEY,
                             "the key of “%s” is not in the secrets file", destination);
  g_object_unref (task);
}

/**
 * show_secrets_look_up_finish:
 * @self: secrets
 * @result: what the callback got
 *
 * Fails with %SHOW_ERROR_NO_KEY, %SHOW_ERROR_NO_KEYRING or `G_IO_ERROR_CANCELLED`.
 *
 * Returns: (transfer full) (nullable): the key, or `NULL` on error
 */
char *
show_secrets_look_up_finish (ShowSecrets *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (secret_password_store_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, SHOW_ERROR, SHOW_ERROR_KEYRING, "the keyring took no key: %s",
                             error->message);
}

/* That there was nothing to take away is all right, too. */
static void
cleared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  secret_password_clear_finish (result, &error);
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, SHOW_ERROR, SHOW_ERROR_KEYRING, "the keyring gave no key up: %s",
                             error->message);
}

static void
change_free (Change *change)
{
  g_free (change->path);
  g_free (change->id);
  g_free (change->key);
  g_free (change);
}

/* Takes the place of the file as a whole, and keeps what others wrote into it meanwhile. */
static gboolean
write_change (const Change *change, GError **error)
{
  g_autoptr (JsonNode) root = read_keys (change->path, error);
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL;
  gsize length = 0;

  if (root == NULL)
    return FALSE;
  if (change->key != NULL)
    json_object_set_string_member (json_node_get_object (root), change->id, change->key);
  else
    json_object_remove_member (json_node_get_object (root), change->id);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, &length);
  if (length > MAX_FILE_SIZE) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_SECRETS, "%s: is full", change->path);
    return FALSE;
  }
  return g_file_set_contents_full (change->path, text, (gssize) length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

static void
write_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  gboolean written = FALSE;

  g_mutex_lock (&file_mutex);
  written = write_change (task_data, &error);
  g_mutex_unlock (&file_mutex);
  if (written)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, SHOW_ERROR, SHOW_ERROR_KEYRING,
                             "the secrets file took no key: %s", error->message);
}

static void
store_in_file (ShowSecrets *self, const char *id, const char *key, GTask *task)
{
  Change *change = g_new0 (Change, 1);

  change->path = g_strdup (self->path);
  change->id = g_strdup (id);
  change->key = g_strdup (key);
  if (key != NULL)
    g_hash_table_replace (self->keys, g_strdup (id), g_strdup (key));
  else
    g_hash_table_remove (self->keys, id);
  g_task_set_task_data (task, change, (GDestroyNotify) change_free);
  g_task_run_in_thread (task, write_thread);
}

/**
 * show_secrets_store_async:
 * @self: secrets
 * @destination: a destination's id, or whose secret else it is
 * @url: its address
 * @title: what the keyring shows to its owner
 * @key: (nullable): the stream key; `NULL` takes away what is there
 * @cancellable: (nullable): cancels it
 * @callback: called on the main thread
 * @user_data: for @callback
 */
void
show_secrets_store_async (ShowSecrets *self, const char *destination, const char *url,
                          const char *title, const char *key, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *label = g_strdup_printf ("Régie: %s", title);

  g_task_set_source_tag (task, show_secrets_store_async);
  let_go (self, destination, url);
  if (self->keys != NULL)
    store_in_file (self, destination, key, task);
  else if (key != NULL)
    secret_password_store (get_schema (), SECRET_COLLECTION_DEFAULT, label, key, cancellable,
                           stored_cb, g_steal_pointer (&task), "destination", destination, "url",
                           url, NULL);
  else
    secret_password_clear (get_schema (), cancellable, cleared_cb, g_steal_pointer (&task),
                           "destination", destination, "url", url, NULL);
}

/**
 * show_secrets_store_finish:
 * @self: secrets
 * @result: what the callback got
 *
 * Fails with %SHOW_ERROR_KEYRING.
 *
 * Returns: whether the key was stored, or is gone
 */
gboolean
show_secrets_store_finish (ShowSecrets *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * show_secrets_hold:
 * @self: secrets that did not take a key
 * @destination: whose it is
 * @url: its address
 * @key: the key
 *
 * Gives it out for as long as this runs, or until another one is stored.
 */
void
show_secrets_hold (ShowSecrets *self, const char *destination, const char *url, const char *key)
{
  g_return_if_fail (SHOW_IS_SECRETS (self));

  g_hash_table_replace (self->held, make_name (destination, url), g_strdup (key));
}
