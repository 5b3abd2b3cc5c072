/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void engine_priority_raise (void);
void engine_priority_lower (void);
void engine_priority_lower_to (int nice);

G_END_DECLS
