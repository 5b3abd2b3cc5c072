/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-types.h"
#include "show-alarm-facts.h"

/* Ear and eye say for how long; a second of it is enough to begin counting, and a moment without
 * is enough to begin anew. */
#define BEGUN_MS 1000

/* So much of what somebody says must have come from one side only. */
#define MISSING_MS 5000

/* A twentieth of the last two seconds. */
#define CLIPPED_MS 100

/* Further apart than this, people see that somebody speaks with another's voice. */
#define LATE_MS         80

#define BATTERY_PERCENT 20
#define BATTERY_LOW     10

G_DEFINE_ENUM_TYPE (ShowAlarmKind, show_alarm_kind,
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_RECORDING, "recording"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_BLACK, "black"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_SILENCE, "silence"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_BATTERY_LOW, "battery-low"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_FROZEN, "frozen"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_AUDIENCE_FROZEN, "audience-frozen"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_AUDIENCE_SILENT, "audience-silent"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_AUDIENCE_GONE, "audience-gone"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_OVERLOAD, "overload"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_DISK, "disk"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_BATTERY, "battery"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_JOURNAL, "journal"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_SOURCE_LOST, "source-lost"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_MICROPHONE, "microphone"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_CHANNEL, "channel"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_CLIPPING, "clipping"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_LIPS, "lips"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_HUM, "hum"),
                    G_DEFINE_ENUM_VALUE (SHOW_ALARM_GUEST_WEAK, "guest-weak"))

static gboolean
anything_on_air_is_lost (const ShowFacts *self)
{
  for (guint i = 0; i < self->n_sources; i++) {
    if (self->sources[i].on_air && self->sources[i].lost)
      return TRUE;
  }
  return FALSE;
}

static gboolean
somebody_is_in_the_shot (const ShowFacts *self)
{
  for (guint i = 0; i < self->n_sources; i++) {
    if (self->sources[i].on_air && self->sources[i].somebody && self->sources[i].live)
      return TRUE;
  }
  return FALSE;
}

/* Where no source has a sound there is nothing that anybody could do about the silence; and where a
 * microphone gives nothing, that is said, not what comes of it. */
static gboolean
silence_has_another_cause (const ShowFacts *self)
{
  gboolean any_sound = FALSE;

  for (guint i = 0; i < self->n_sources; i++) {
    any_sound |= self->sources[i].has_sound;
    if (self->sources[i].on_air &&
        show_source_facts_are_bad (&self->sources[i], self, SHOW_ALARM_MICROPHONE))
      return TRUE;
  }
  return !any_sound;
}

/**
 * show_facts_are_bad:
 * @self: what is known
 * @kind: an alarm of the program
 *
 * Returns: whether there is a cause for the alarm at this moment
 */
gboolean
show_facts_are_bad (const ShowFacts *self, ShowAlarmKind kind)
{
  const gboolean seen = self->watched && !self->paused && self->sight.any;

  switch (kind) {
  case SHOW_ALARM_SILENCE:
    return self->watched && !self->paused && self->hearing.any &&
           self->hearing.quiet_ms >= BEGUN_MS && somebody_is_in_the_shot (self) &&
           !silence_has_another_cause (self);
  case SHOW_ALARM_BLACK:
    return seen && self->sight.black_ms >= BEGUN_MS && somebody_is_in_the_shot (self) &&
           !anything_on_air_is_lost (self);
  case SHOW_ALARM_FROZEN:
    return seen && self->sight.still_ms >= BEGUN_MS && self->sight.black_ms == 0 &&
           somebody_is_in_the_shot (self) && !anything_on_air_is_lost (self);
  case SHOW_ALARM_AUDIENCE_FROZEN:
    return self->watched && self->audience_frozen;
  case SHOW_ALARM_AUDIENCE_SILENT:
    return self->watched && self->audience_silent;
  case SHOW_ALARM_AUDIENCE_GONE:
    return self->watched && self->audience_gone;
  case SHOW_ALARM_OVERLOAD:
    return self->watched && self->overloaded;
  case SHOW_ALARM_DISK:
    return self->watched && self->disk_low;
  case SHOW_ALARM_RECORDING:
    return self->watched && self->recording_stopped;
  case SHOW_ALARM_JOURNAL:
    return self->watched && self->journal_broken;
  case SHOW_ALARM_BATTERY:
    return self->watched && self->battery_percent >= BATTERY_LOW &&
           self->battery_percent < BATTERY_PERCENT;
  case SHOW_ALARM_BATTERY_LOW:
    return self->watched && self->battery_percent >= 0 && self->battery_percent < BATTERY_LOW;
  case SHOW_ALARM_SOURCE_LOST:
  case SHOW_ALARM_MICROPHONE:
  case SHOW_ALARM_CHANNEL:
  case SHOW_ALARM_CLIPPING:
  case SHOW_ALARM_LIPS:
  case SHOW_ALARM_HUM:
  case SHOW_ALARM_GUEST_WEAK:
  case SHOW_N_ALARMS:
    break;
  }
  g_return_val_if_reached (FALSE);
}

/**
 * show_source_facts_are_bad:
 * @self: what is known of a source
 * @facts: and of the show
 * @kind: an alarm of a source
 *
 * Returns: whether there is a cause for the alarm at this moment
 */
gboolean
show_source_facts_are_bad (const ShowSourceFacts *self, const ShowFacts *facts, ShowAlarmKind kind)
{
  const gboolean audible = facts->watched && self->live && self->has_sound && self->heard &&
                           self->somebody && self->hearing.any;

  switch (kind) {
  case SHOW_ALARM_SOURCE_LOST:
    return facts->watched && !facts->paused && self->on_air && self->lost;
  case SHOW_ALARM_MICROPHONE:
    /* As long as somebody else speaks, a guest may well have muted himself, and what suppresses
     * noise may have closed a microphone; but one that has never given anything is not there. */
    return audible && self->hearing.zero_ms >= BEGUN_MS &&
           ((self->microphone && !self->hearing.sounded) ||
            (self->on_air && facts->hearing.quiet_ms >= BEGUN_MS));
  case SHOW_ALARM_CHANNEL:
    return audible && !self->one_ear && self->hearing.missing != ENGINE_CHANNEL_NONE &&
           self->hearing.missing_ms >= MISSING_MS;
  case SHOW_ALARM_CLIPPING:
    return audible && self->hearing.clipped_ms >= CLIPPED_MS;
  case SHOW_ALARM_LIPS:
    return facts->watched && self->live && self->on_air && self->has_sound && self->heard &&
           self->late_ms > LATE_MS;
  case SHOW_ALARM_HUM:
    return audible && !self->low_cut && self->hearing.hum_hz != 0;
  case SHOW_ALARM_GUEST_WEAK:
    return facts->watched && self->on_air && self->weak && !self->lost;
  case SHOW_ALARM_RECORDING:
  case SHOW_ALARM_BLACK:
  case SHOW_ALARM_SILENCE:
  case SHOW_ALARM_BATTERY_LOW:
  case SHOW_ALARM_FROZEN:
  case SHOW_ALARM_AUDIENCE_FROZEN:
  case SHOW_ALARM_AUDIENCE_SILENT:
  case SHOW_ALARM_AUDIENCE_GONE:
  case SHOW_ALARM_OVERLOAD:
  case SHOW_ALARM_DISK:
  case SHOW_ALARM_BATTERY:
  case SHOW_ALARM_JOURNAL:
  case SHOW_N_ALARMS:
    break;
  }
  g_return_val_if_reached (FALSE);
}
