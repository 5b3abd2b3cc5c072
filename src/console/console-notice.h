/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-alarm.h"

G_BEGIN_DECLS

#define CONSOLE_TYPE_NOTICE (console_notice_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleNotice, console_notice, CONSOLE, NOTICE, GObject)

/* One thing that the operator has to know. Immutable. Properties: "sentence" string · "help" string,
 * nullable: what its button says · "alarm-id" string, nullable: of which alarm */
ConsoleNotice *console_notice_new (const char *sentence);
ConsoleNotice *console_notice_new_for_alarm (ShowAlarm *alarm);
const char *console_notice_get_sentence (ConsoleNotice *self);
const char *console_notice_get_help (ConsoleNotice *self);
const char *console_notice_get_alarm_id (ConsoleNotice *self);
gboolean console_notice_equals (ConsoleNotice *self, ConsoleNotice *other);

G_END_DECLS
