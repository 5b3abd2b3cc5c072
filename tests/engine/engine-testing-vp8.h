/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The real encoder for VP8, with faults. All atomic. */
extern gint engine_testing_vp8_fails;    /* so many pictures from now on; 0: it does not */
extern gint engine_testing_vp8_sleeps;   /* ms, at each picture */
extern gint engine_testing_vp8_swallows; /* it takes pictures and gives nothing */
extern gint engine_testing_vp8_made;     /* how many of them, so far */

void engine_testing_spoil_vp8 (void);

G_END_DECLS
