/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

G_BEGIN_DECLS

char *console_shot_keys_give (ShowSession *session, ShowShot *shot, guint key);

G_END_DECLS
