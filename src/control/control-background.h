/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

G_BEGIN_DECLS

void control_background_follow (ShowSession *session);

G_END_DECLS
