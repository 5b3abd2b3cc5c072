/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

G_BEGIN_DECLS

#define CONTROL_TYPE_INHIBIT (control_inhibit_get_type ())
G_DECLARE_FINAL_TYPE (ControlInhibit, control_inhibit, CONTROL, INHIBIT, GObject)

/* Main thread only. Signal: "shutting-down" (): the computer goes down all the same: end the show; it
 * waits for some seconds until the object is gone. */
ControlInhibit *control_inhibit_new (ShowSession *session, gboolean asks_desktop);

G_END_DECLS
