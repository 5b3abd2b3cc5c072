/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "show-session.h"

G_BEGIN_DECLS

void control_status_add_moderation (JsonBuilder *builder, ShowSession *session);

G_END_DECLS
