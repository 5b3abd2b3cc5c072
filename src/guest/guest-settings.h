/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-room.h"

G_BEGIN_DECLS

/**
 * GuestSettings:
 * @config: what was set, for as long as this lives
 *
 * A room's configuration, shared by all who need it. Immutable; main thread.
 */
typedef struct {
  GuestRoomConfig config;
  GPtrArray *owned;
} GuestSettings;

GuestSettings *guest_settings_new (const GuestRoomConfig *config);
GuestSettings *guest_settings_ref (GuestSettings *self);
void guest_settings_unref (GuestSettings *self);

G_END_DECLS
