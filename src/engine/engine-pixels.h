/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void engine_pixels_blend (guint8 *to, const guint8 *premultiplied, const guint8 *alpha, guint n,
                          guint8 opacity);
void engine_pixels_mix (guint8 *to, const guint8 *from, guint n, guint8 weight);
void engine_pixels_cross (guint8 *to, const guint8 *a, const guint8 *b, guint n, guint8 weight);

G_END_DECLS
