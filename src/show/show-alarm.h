/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-output.h"
#include "engine-source.h"
#include "show-alarm-facts.h"
#include "show-shot.h"

G_BEGIN_DECLS

typedef enum {
  SHOW_SEVERITY_NOTICE,
  SHOW_SEVERITY_WARNING,
  SHOW_SEVERITY_URGENT, /* the audience misses something now */
} ShowSeverity;

#define SHOW_TYPE_SEVERITY (show_severity_get_type ())
GType show_severity_get_type (void);

/* What the alarm's one button does. */
typedef enum {
  SHOW_HELP_NONE,             /* there is no button */
  SHOW_HELP_UNMUTE,           /* the source is heard again, its fader up */
  SHOW_HELP_LISTEN,           /* the source is heard in the headphones */
  SHOW_HELP_RESTART,          /* the source is opened anew */
  SHOW_HELP_USE_ONE_CHANNEL,  /* the channel that is there is heard on both sides */
  SHOW_HELP_TURN_DOWN,        /* by 6 dB */
  SHOW_HELP_LOW_CUT,          /* takes away what is below 100 Hz */
  SHOW_HELP_TAKE_SHOT,        /* takes the suggested shot */
  SHOW_HELP_CORRECT_LIPS,     /* the sound waits for the picture */
  SHOW_HELP_LIGHTEN_PREVIEWS, /* the small pictures of the window stop */
  SHOW_HELP_OPEN_FOLDER,      /* the recording's */
} ShowHelp;

#define SHOW_TYPE_HELP (show_help_get_type ())
GType show_help_get_type (void);

#define SHOW_TYPE_ALARM (show_alarm_get_type ())
G_DECLARE_FINAL_TYPE (ShowAlarm, show_alarm, SHOW, ALARM, GObject)

/* One trouble that the operator has to know of. Main thread only. Properties, but "help", "shot",
 * "value", "output" and the source of "silence" fixed:
 *   "id" string: the kind, and the source's id after a colon · "kind" ShowAlarmKind ·
 *   "severity" ShowSeverity · "source" EngineSource, nullable · "since-ms" uint64, show time ·
 *   "output" EngineOutput, nullable: the destination whose audience misses something ·
 *   "help" ShowHelp · "shot" ShowShot, nullable: what %SHOW_HELP_TAKE_SHOT takes ·
 *   "value" int: hum: Hz; lips: ms; battery: percent; channel: the EngineChannel that is missing ·
 *   "returned" boolean: it was over for less than a minute; nothing needs to blink */
const char *show_alarm_get_id (ShowAlarm *self);
ShowAlarmKind show_alarm_get_kind (ShowAlarm *self);
ShowSeverity show_alarm_get_severity (ShowAlarm *self);
EngineSource *show_alarm_get_source (ShowAlarm *self);
EngineOutput *show_alarm_get_output (ShowAlarm *self);
guint64 show_alarm_get_since_ms (ShowAlarm *self);
ShowHelp show_alarm_get_help (ShowAlarm *self);
ShowShot *show_alarm_get_shot (ShowAlarm *self);
int show_alarm_get_value (ShowAlarm *self);
gboolean show_alarm_get_returned (ShowAlarm *self);

char *show_alarm_describe (ShowAlarm *self);

G_END_DECLS
