/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The level of a sine in @samples, in dB of full scale, through a Hann window; −200 for none. */
double engine_testing_tone_db (const float *samples, guint n, double hz);

G_END_DECLS
