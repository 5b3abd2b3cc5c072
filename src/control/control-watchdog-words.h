/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What Régie and its watchdog say to each other. No GLib: the watchdog has none. */

/* Through the socket, one byte each. */
#define CONTROL_WATCHDOG_LIVE      'L'
#define CONTROL_WATCHDOG_REHEARSAL 'R'
#define CONTROL_WATCHDOG_GOODBYE   'Q'

/* To the Régie that is started again. */
#define CONTROL_WATCHDOG_FD_VARIABLE    "REGIE_WATCHDOG_FD"
#define CONTROL_WATCHDOG_STATE_VARIABLE "REGIE_WATCHDOG_STATE"

/* From the Régie that died, through the watchdog's environment. */
#define CONTROL_WATCHDOG_EVENT_VARIABLE    "REGIE_WATCHDOG_EVENT"
#define CONTROL_WATCHDOG_DEADLINE_VARIABLE "REGIE_WATCHDOG_DEADLINE_US"
#define CONTROL_WATCHDOG_BUS_VARIABLE      "REGIE_WATCHDOG_BUS"

/* What the watchdog runs instead when a show dies again and again. */
#define CONTROL_WATCHDOG_GIVE_UP_OPTION "--say-given-up"
