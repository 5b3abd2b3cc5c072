/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether something has come about. */
typedef gboolean (*EngineTestingFunc) (gpointer user_data);

/* Runs the main loop until @done says so. Returns FALSE after @timeout_ms. */
gboolean engine_testing_wait (EngineTestingFunc done, gpointer user_data, guint timeout_ms);

/* Runs the main loop for so long: to see that something does not happen. */
void engine_testing_run_for (guint duration_ms);

/* Runs the main loop until @object is gone; fails the test after five seconds. Takes the reference. */
void engine_testing_assert_finalizes (gpointer object);

/* An empty folder; removed with all in it by engine_testing_remove_folder (), which frees @path. */
char *engine_testing_make_folder (void);
void engine_testing_remove_folder (char *path);

/* Writes an MP4 of two seconds: a ball that moves, 160×90, 30 pictures a second, and a tone. */
void engine_testing_make_film (const char *path);

/* A port of the loopback on which nobody listens. */
guint16 engine_testing_find_closed_port (void);

G_END_DECLS
