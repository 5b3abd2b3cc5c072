/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-testing-tone.h"

#include <math.h>

double
engine_testing_tone_db (const float *samples, guint n, double hz)
{
  const double factor = 2 * cos (2 * G_PI * hz / 48000);
  double s1 = 0, s2 = 0;

  for (guint i = 0; i < n; i++) {
    const double window = 1 - cos (2 * G_PI * i / n);
    const double s0 = (double) samples[i] * window + factor * s1 - s2;

    s2 = s1;
    s1 = s0;
  }

  const double power = s1 * s1 + s2 * s2 - factor * s1 * s2;
  return power > 0 ? MAX (20 * log10 (2 * sqrt (power) / n), -200) : -200;
}
