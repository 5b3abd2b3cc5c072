/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

G_BEGIN_DECLS

/* For main (): once, before anything else reads the command line. */
void control_watchdog_prepare (int argc, char **argv);

/* Of a Régie that a watchdog has started again. */
gboolean control_watchdog_is_resuming (void);
const char *control_watchdog_get_event (void);
gint64 control_watchdog_get_deadline_us (void);
ShowState control_watchdog_get_state (void);
gboolean control_watchdog_wait_for_name (void);

int control_watchdog_say_given_up (void);

#define CONTROL_TYPE_WATCHDOG (control_watchdog_get_type ())
G_DECLARE_FINAL_TYPE (ControlWatchdog, control_watchdog, CONTROL, WATCHDOG, GObject)

/* Main thread only. */
ControlWatchdog *control_watchdog_new (ShowSession *session, gboolean on_bus, gint64 deadline_us);

G_END_DECLS
