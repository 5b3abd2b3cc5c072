/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-field.h"

G_BEGIN_DECLS

void console_key_hint_show (ConsoleField *field, ShowSession *session, const char *id,
                            GCancellable *cancellable);

G_END_DECLS
