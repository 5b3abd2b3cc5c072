/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

G_BEGIN_DECLS

#define CONSOLE_TYPE_OVERVIEW (console_overview_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleOverview, console_overview, CONSOLE, OVERVIEW, GObject)

/* Properties: "session" ShowSession · "n-destinations", "n-live" uint · "warning" string, nullable:
 * the worst trouble now, in the operator's words · "all-warnings" string, nullable: every one, a
 * line each · "networks" string: where posts come from, with what is wrong there */
ConsoleOverview *console_overview_new (ShowSession *session);
ShowSession *console_overview_get_session (ConsoleOverview *self);
guint console_overview_get_n_destinations (ConsoleOverview *self);
GListModel *console_overview_get_notices (ConsoleOverview *self);

G_END_DECLS
