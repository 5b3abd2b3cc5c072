/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *console_error_describe (const GError *error);
char *console_error_describe_destination (const GError *error);

G_END_DECLS
