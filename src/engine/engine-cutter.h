/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/app/app.h>

G_BEGIN_DECLS

typedef struct _EngineCutter EngineCutter;

/**
 * EngineCutterFunc:
 * @init: (nullable): what every segment from now on is understood with
 * @codecs: (nullable): with @init: its codecs as RFC 6381 writes them
 * @segment: (nullable): if there is no @init: a segment
 * @duration_us: of the segment, in microseconds
 * @owner: as given
 *
 * On the main thread.
 */
typedef void (*EngineCutterFunc) (GBytes *init, const char *codecs, GBytes *segment,
                                  gint64 duration_us, gpointer owner);

EngineCutter *engine_cutter_new (GstElement *sink, EngineCutterFunc func, gpointer owner);
void engine_cutter_detach (EngineCutter *self);

/* HLS players wait for three segments: two seconds each, as long as a GOP. Fragments are shorter,
 * so that the sound of a segment is never far behind its picture. */
#define ENGINE_CUTTER_FRAGMENT_MS 500u

G_END_DECLS
