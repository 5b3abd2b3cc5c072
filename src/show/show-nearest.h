/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "event-types.h"

G_BEGIN_DECLS

/**
 * ShowArrangement:
 * @layout: a shot's layout
 * @sources: (array zero-terminated=1): ids of what it shows
 *
 * What a shot is, as far as it matters for what is near to it. Borrowed.
 */
typedef struct {
  EventLayout layout;
  const char *const *sources;
} ShowArrangement;

gboolean show_nearest_is_broken (const ShowArrangement *shot, const char *const *lost);
int show_nearest_find (const ShowArrangement *shots, guint n_shots, const ShowArrangement *current,
                       const char *const *lost);

G_END_DECLS
