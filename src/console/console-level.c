/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-level.h"

/* Half of the way is for the 24 dB where people work, and 0 dB sits at three quarters. */
static const struct {
  double position;
  double level_db;
} taper[] = {
  { 0.0, CONSOLE_LEVEL_MIN_DB }, { 0.25, -30.0 }, { 0.5, -12.0 }, { 0.75, 0.0 },
  { 1.0, CONSOLE_LEVEL_MAX_DB },
};

/**
 * console_level_from_fader:
 * @position: where the fader stands, 0 to 1
 *
 * Returns: the volume in dB, −60 to 12
 */
double
console_level_from_fader (double position)
{
  const double clamped = CLAMP (position, 0.0, 1.0);
  gsize i = 1;

  while (i < G_N_ELEMENTS (taper) - 1 && clamped > taper[i].position)
    i++;

  const double part =
    (clamped - taper[i - 1].position) / (taper[i].position - taper[i - 1].position);
  return taper[i - 1].level_db + part * (taper[i].level_db - taper[i - 1].level_db);
}

/**
 * console_level_to_fader:
 * @level_db: a volume
 *
 * Returns: where the fader stands, 0 to 1
 */
double
console_level_to_fader (double level_db)
{
  const double clamped = CLAMP (level_db, CONSOLE_LEVEL_MIN_DB, CONSOLE_LEVEL_MAX_DB);
  gsize i = 1;

  while (i < G_N_ELEMENTS (taper) - 1 && clamped > taper[i].level_db)
    i++;

  const double part =
    (clamped - taper[i - 1].level_db) / (taper[i].level_db - taper[i - 1].level_db);
  return taper[i - 1].position + part * (taper[i].position - taper[i - 1].position);
}

/**
 * console_level_to_meter:
 * @level_db: a peak, 0 dB being full scale; minus infinity is silence
 *
 * Returns: how much of the meter is lit, 0 to 1
 */
double
console_level_to_meter (double level_db)
{
  if (!(level_db > CONSOLE_LEVEL_MIN_DB))
    return 0.0;
  return MIN (1.0, 1.0 - level_db / CONSOLE_LEVEL_MIN_DB);
}
