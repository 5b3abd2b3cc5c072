/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShowError:
 * @SHOW_ERROR_SECRETS: the secrets file is not there, not private, or not what it should be
 * @SHOW_ERROR_NO_KEY: a destination's key is not in the keyring
 * @SHOW_ERROR_KEYRING: the keyring could not take a key; a destination's holds for this run
 * @SHOW_ERROR_NOT_FOUND: there is no shot, source, talk or post of that name
 * @SHOW_ERROR_STATE: not now: the show is not in a state that allows it
 * @SHOW_ERROR_FONT: the event's font is not installed; another one is used
 * @SHOW_ERROR_TIME: this is no time to count down to
 * @SHOW_ERROR_MEMORY: what an interrupted show left behind cannot be used
 * @SHOW_ERROR_NO_KEYRING: the keyring does not answer, so nobody knows whether it has the key
 */
typedef enum {
  SHOW_ERROR_SECRETS,
  SHOW_ERROR_NO_KEY,
  SHOW_ERROR_KEYRING,
  SHOW_ERROR_NOT_FOUND,
  SHOW_ERROR_STATE,
  SHOW_ERROR_FONT,
  SHOW_ERROR_TIME,
  SHOW_ERROR_MEMORY,
  SHOW_ERROR_NO_KEYRING,
} ShowError;

#define SHOW_ERROR (show_error_quark ())
GQuark show_error_quark (void);

#define SHOW_TYPE_SECRETS (show_secrets_get_type ())
G_DECLARE_FINAL_TYPE (ShowSecrets, show_secrets, SHOW, SECRETS, GObject)

ShowSecrets *show_secrets_new_for_keyring (void);
ShowSecrets *show_secrets_new_for_file (const char *path, GError **error);
void show_secrets_look_up_async (ShowSecrets *self, const char *destination, const char *url,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
char *show_secrets_look_up_finish (ShowSecrets *self, GAsyncResult *result, GError **error);
void show_secrets_store_async (ShowSecrets *self, const char *destination, const char *url,
                               const char *title, const char *key, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
void show_secrets_hold (ShowSecrets *self, const char *destination, const char *url,
                        const char *key);
gboolean show_secrets_store_finish (ShowSecrets *self, GAsyncResult *result, GError **error);

G_END_DECLS
