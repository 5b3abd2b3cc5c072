/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More than any playlist of ours: what is longer is not read. */
#define ENGINE_HLS_PLAYLIST_MAX_BYTES (256 * 1024)

/**
 * EngineHlsPlaylist:
 *
 * The list of the newest segments that players load again and again (RFC 8216), and what else of ours
 * is there still. Plain data; one thread.
 */
typedef struct _EngineHlsPlaylist EngineHlsPlaylist;

EngineHlsPlaylist *engine_hls_playlist_new (guint n_listed, guint n_kept);
void engine_hls_playlist_free (EngineHlsPlaylist *self);
gboolean engine_hls_playlist_resume (EngineHlsPlaylist *self, const char *text, gint64 now_us);
void engine_hls_playlist_break (EngineHlsPlaylist *self);
void engine_hls_playlist_add (EngineHlsPlaylist *self, const char *name, const char *init,
                              gint64 duration_us, gint64 date_us);
void engine_hls_playlist_end (EngineHlsPlaylist *self);
char *engine_hls_playlist_write (EngineHlsPlaylist *self);
char *engine_hls_playlist_take_dropped (EngineHlsPlaylist *self);
gboolean engine_hls_playlist_contains (EngineHlsPlaylist *self, const char *name);
gboolean engine_hls_name_is_ours (const char *name);

char *engine_hls_master_write (const char *playlist, int width_px, int height_px, int rate_fps,
                               const char *codecs, guint peak_bps, guint mean_bps);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineHlsPlaylist, engine_hls_playlist_free)

G_END_DECLS
