/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-alarms.h"
#include "show-journal.h"
#include "show-session.h"

G_BEGIN_DECLS

#define SHOW_TYPE_REPORTER (show_reporter_get_type ())
G_DECLARE_FINAL_TYPE (ShowReporter, show_reporter, SHOW, REPORTER, GObject)

/* Follows a session and notes in its journal what happens. Belongs to the session. */
ShowReporter *show_reporter_new (ShowSession *session, ShowAlarms *alarms, ShowJournal *journal);

G_END_DECLS
