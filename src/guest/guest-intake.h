/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-source.h"

G_BEGIN_DECLS

/**
 * GuestIntakeCounts:
 * @n_pictures: pictures that were decoded so far
 * @n_sounds: pieces of sound that were
 * @width_px, @height_px: of the newest; 0: none
 */
typedef struct {
  guint n_pictures;
  guint n_sounds;
  int width_px;
  int height_px;
} GuestIntakeCounts;

#define GUEST_TYPE_INTAKE (guest_intake_get_type ())
G_DECLARE_FINAL_TYPE (GuestIntake, guest_intake, GUEST, INTAKE, GObject)

/* Signal "failed" (GError), on the main thread. */
GuestIntake *guest_intake_new (EngineSource *source, int delay_ms);
void guest_intake_take_pad (GuestIntake *self, GstElement *bin, GstPad *pad);
void guest_intake_get_counts (GuestIntake *self, GuestIntakeCounts *counts);
void guest_intake_ask_for_picture (GuestIntake *self);
void guest_intake_close (GuestIntake *self, const GError *why);

G_END_DECLS
