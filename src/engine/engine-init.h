/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void engine_init (int *argc, char ***argv);
GOptionGroup *engine_get_option_group (void);

G_END_DECLS
