/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-guest-private.h"

const char *
guest_guest_get_id (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), NULL);

  return self->id;
}

const char *
guest_guest_get_name (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), NULL);

  return self->name;
}

EngineSource *
guest_guest_get_source (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), NULL);

  return self->source;
}

EngineSource *
guest_guest_get_screen (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), NULL);

  return self->screen;
}

GuestState
guest_guest_get_state (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), GUEST_STATE_INVITED);

  return self->state;
}

/**
 * guest_guest_get_place:
 * @self: a guest
 *
 * Returns: on air if he is seen or heard there, or else what his page said last
 */
GuestPlace
guest_guest_get_place (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), GUEST_PLACE_FOLLOWING);

  return guest_guest_get_on_air (self) ? GUEST_PLACE_ON_AIR : self->own_place;
}

GuestPlace
_guest_guest_get_own_place (GuestGuest *self)
{
  return self->own_place;
}

gboolean
guest_guest_get_connected (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), FALSE);

  return self->connected;
}

gboolean
guest_guest_get_ready (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), FALSE);

  return self->connected && self->own_place == GUEST_PLACE_READY;
}

gboolean
guest_guest_get_on_air (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), FALSE);

  return self->connected && engine_source_get_on_air (self->source);
}

gboolean
guest_guest_get_sharing (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), FALSE);

  return self->sharing;
}

gboolean
guest_guest_get_camera_on (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), FALSE);

  return self->camera_on;
}

gboolean
guest_guest_get_microphone_on (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), FALSE);

  return self->microphone_on;
}

gboolean
guest_guest_get_music (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), FALSE);

  return self->music;
}

GuestWay
guest_guest_get_way (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), GUEST_WAY_UNKNOWN);

  if (!self->health.known_way)
    return GUEST_WAY_UNKNOWN;
  return self->health.relayed ? GUEST_WAY_RELAYED : GUEST_WAY_DIRECT;
}

gboolean
guest_guest_get_weak (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), FALSE);

  return self->health.weak || self->seen.reduced;
}

/* What we find ourselves: what his page says of it needs not be told to it. */
gboolean
_guest_guest_get_judged_weak (GuestGuest *self)
{
  return self->health.weak;
}

const GError *
guest_guest_get_error (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), NULL);

  return self->error;
}

const char *
guest_guest_get_link (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), NULL);

  return self->link;
}

void
guest_guest_get_health (GuestGuest *self, GuestHealth *health)
{
  g_return_if_fail (GUEST_IS_GUEST (self));
  g_return_if_fail (health != NULL);

  *health = self->health;
}

void
guest_guest_get_seen (GuestGuest *self, GuestSeen *seen)
{
  g_return_if_fail (GUEST_IS_GUEST (self));
  g_return_if_fail (seen != NULL);

  *seen = self->seen;
}

const char *
guest_guest_get_cue (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), NULL);

  return self->cue;
}

guint
_guest_guest_get_cue_id (GuestGuest *self)
{
  return self->cue_id;
}

int
guest_guest_get_max_height (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), 0);

  return self->max_height_px;
}

gboolean
guest_guest_get_talked_to (GuestGuest *self)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), FALSE);

  return self->talked_to;
}
