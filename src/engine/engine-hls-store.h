/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * EngineHlsStore:
 *
 * Where the files of a stream go: a folder, or a place on a web host. One thread, which it may block;
 * what it does is ended by the cancellable. A file is there as a whole or not at all.
 *
 * All fail with an `ENGINE_ERROR` or %G_IO_ERROR_CANCELLED. What is worth trying again at once is an
 * %ENGINE_ERROR_NOT_FOUND, %ENGINE_ERROR_STALLED or %ENGINE_ERROR_STREAM.
 */
typedef struct _EngineHlsStore EngineHlsStore;

/* How many more bytes have left. The store's thread. */
typedef void (*EngineHlsSentFunc) (gsize n_bytes, gpointer user_data);

typedef struct {
  gboolean (*open) (EngineHlsStore *self, GCancellable *cancellable, GError **error);
  GBytes *(*read) (EngineHlsStore *self, const char *name, GCancellable *cancellable,
                   GError **error);
  gboolean (*write) (EngineHlsStore *self, const char *name, GBytes *bytes,
                     GCancellable *cancellable, GError **error);
  gboolean (*remove) (EngineHlsStore *self, const char *name, GCancellable *cancellable,
                      GError **error);
  GStrv (*list) (EngineHlsStore *self);
  void (*free) (EngineHlsStore *self);
} EngineHlsStoreClass;

struct _EngineHlsStore {
  const EngineHlsStoreClass *klass;
  EngineHlsSentFunc sent;
  gpointer user_data;
};

/* How a web host is told who we are. */
typedef enum {
  ENGINE_HLS_WEB_OPEN,     /* not at all */
  ENGINE_HLS_WEB_TOKEN,    /* a bearer token */
  ENGINE_HLS_WEB_PASSWORD, /* user:password */
} EngineHlsWebKey;

EngineHlsStore *engine_hls_folder_new (const char *path);
EngineHlsStore *engine_hls_web_new (const char *url, EngineHlsWebKey kind, const char *key);

void engine_hls_store_free (EngineHlsStore *self);
void engine_hls_store_set_sent_func (EngineHlsStore *self, EngineHlsSentFunc func,
                                     gpointer user_data);
gboolean engine_hls_store_open (EngineHlsStore *self, GCancellable *cancellable, GError **error);
GBytes *engine_hls_store_read (EngineHlsStore *self, const char *name, GCancellable *cancellable,
                               GError **error);
gboolean engine_hls_store_write (EngineHlsStore *self, const char *name, GBytes *bytes,
                                 GCancellable *cancellable, GError **error);
gboolean engine_hls_store_remove (EngineHlsStore *self, const char *name, GCancellable *cancellable,
                                  GError **error);
GStrv engine_hls_store_list (EngineHlsStore *self);

char *engine_hls_split_address (const char *address, char **master);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineHlsStore, engine_hls_store_free)

G_END_DECLS
