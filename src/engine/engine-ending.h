/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void engine_ending_begin (void);
void engine_ending_done (void);
void engine_ending_wait (gint64 end_us);

G_END_DECLS
