/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-codecs.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A driver that crashes or hangs must not take the show with it: an encoder is tried by another process,
 * which is this program again. main () calls the first before all else, and ends with the second when
 * it says so. Without that nothing is tried. */
gboolean engine_trial_is_asked (int argc, char **argv);
int engine_trial_run (int argc, char **argv);

gboolean engine_trial_is_possible (void);
void engine_trial_try_async (const EngineChoice *choice, const EngineFormat *format,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean engine_trial_try_finish (GAsyncResult *result, double *cost_cores, GError **error);

G_END_DECLS
