/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void control_status_add_posts (JsonBuilder *builder, ShowSession *session);

G_END_DECLS
