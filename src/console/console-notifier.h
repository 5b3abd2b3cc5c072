/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

void console_notifier_follow (GtkWindow *window, ShowSession *session);

G_END_DECLS
