/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

int control_headless_run (int argc, char **argv);

G_END_DECLS
