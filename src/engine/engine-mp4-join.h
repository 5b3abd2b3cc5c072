/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-mp4-index.h"

G_BEGIN_DECLS

gboolean engine_mp4_join (GPtrArray *tracks, GByteArray *memory, EngineMp4Index *part,
                          guint8 number, gint64 *start_ns, GError **error);
gint64 engine_mp4_track_to_ns (EngineMp4Track *self, gint64 time);
gint64 engine_mp4_tracks_get_end_ns (GPtrArray *tracks);

G_END_DECLS
