/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

G_BEGIN_DECLS

char *control_status_to_json (ShowSession *session, gboolean final);
gboolean control_status_is_good (ShowSession *session, gboolean asked_for_live, char **reason);

G_END_DECLS
