/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Light modules around the code, without which a telephone does not find it. */
#define CONSOLE_QR_QUIET_ZONE 4

#define CONSOLE_TYPE_QR       (console_qr_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleQr, console_qr, CONSOLE, QR, GObject)

/* A text as a QR code, a GdkPaintable. Immutable. */
ConsoleQr *console_qr_new (const char *text);
guint console_qr_get_n_modules (ConsoleQr *self);
gboolean console_qr_is_dark (ConsoleQr *self, guint column, guint row);

G_END_DECLS
