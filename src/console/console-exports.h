/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

char *console_exports_describe (ShowExport *item);
void console_exports_follow (ShowSession *session, AdwToastOverlay *toasts);

G_END_DECLS
