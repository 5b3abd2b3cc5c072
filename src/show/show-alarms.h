/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-alarm.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ShowSession ShowSession;

#define SHOW_TYPE_ALARMS (show_alarms_get_type ())
G_DECLARE_FINAL_TYPE (ShowAlarms, show_alarms, SHOW, ALARMS, GObject)

/* What a session warns of. Main thread only. Signals: "began", "ended" (ShowAlarm), also of those
 * that were dismissed. */
ShowAlarms *show_alarms_new (ShowSession *session);
void show_alarms_start (ShowAlarms *self);
void show_alarms_stop (ShowAlarms *self);
GListModel *show_alarms_get_list (ShowAlarms *self);
ShowAlarm *show_alarms_find (ShowAlarms *self, const char *id);
gboolean show_alarms_dismiss (ShowAlarms *self, const char *id, GError **error);
gboolean show_alarms_help (ShowAlarms *self, const char *id, GError **error);
void show_alarms_set_journal_broken (ShowAlarms *self, gboolean broken);

G_END_DECLS
