/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-ear.h"
#include "engine-eye.h"

G_BEGIN_DECLS

/* Those of the program first, then those that a source has. */
typedef enum {
  SHOW_ALARM_RECORDING, /* the recording has stopped */
  SHOW_ALARM_BLACK,
  SHOW_ALARM_SILENCE, /* while somebody is in the shot */
  SHOW_ALARM_BATTERY_LOW,
  SHOW_ALARM_FROZEN,
  SHOW_ALARM_AUDIENCE_FROZEN, /* the picture stands still at a destination that we send to */
  SHOW_ALARM_AUDIENCE_SILENT, /* nothing is heard there */
  SHOW_ALARM_AUDIENCE_GONE,   /* the stream cannot be opened there */
  SHOW_ALARM_OVERLOAD,
  SHOW_ALARM_DISK, /* nearly full */
  SHOW_ALARM_BATTERY,
  SHOW_ALARM_JOURNAL, /* cannot be written */
  SHOW_ALARM_SOURCE_LOST,
  SHOW_ALARM_MICROPHONE, /* digital zero */
  SHOW_ALARM_CHANNEL,    /* one of the two is missing */
  SHOW_ALARM_CLIPPING,
  SHOW_ALARM_LIPS, /* sound and picture are apart */
  SHOW_ALARM_HUM,
  SHOW_ALARM_GUEST_WEAK, /* on air over a network that hardly carries it */
  SHOW_N_ALARMS,
} ShowAlarmKind;

#define SHOW_ALARM_FIRST_OF_SOURCE SHOW_ALARM_SOURCE_LOST

#define SHOW_TYPE_ALARM_KIND       (show_alarm_kind_get_type ())
GType show_alarm_kind_get_type (void);

/**
 * ShowSourceFacts:
 *
 * What is known of a source at one moment.
 */
typedef struct {
  const char *id;
  gboolean somebody;   /* it may show a person: not slides, stills, cards, films or a screen */
  gboolean microphone; /* its sound comes from a device of this machine */
  gboolean has_sound;
  gboolean live;
  gboolean lost; /* or failed */
  gboolean on_air;
  gboolean heard;   /* its fader is up, and it is not muted */
  gboolean one_ear; /* one of its channels is used for both already */
  gboolean low_cut;
  gboolean weak; /* a guest's network */
  int late_ms;   /* how much later than its sound its picture is */
  EngineHearing hearing;
} ShowSourceFacts;

/**
 * ShowFacts:
 *
 * What is known of the show at one moment: all that alarms are decided from.
 */
typedef struct {
  gint64 time_ms;
  gboolean watched; /* it is live, or alarms were asked for off air as well */
  gboolean paused;  /* the audience sees the card of a pause */
  EngineHearing hearing;
  EngineSight sight;
  gboolean audience_frozen; /* that of a destination that we send to without trouble */
  gboolean audience_silent;
  gboolean audience_gone;
  gboolean overloaded;
  gboolean disk_low;
  gboolean recording_stopped;
  gboolean journal_broken;
  int battery_percent; /* −1: it is charging, or there is none */
  const ShowSourceFacts *sources;
  guint n_sources;
} ShowFacts;

gboolean show_facts_are_bad (const ShowFacts *self, ShowAlarmKind kind);
gboolean show_source_facts_are_bad (const ShowSourceFacts *self, const ShowFacts *facts,
                                    ShowAlarmKind kind);

G_END_DECLS
