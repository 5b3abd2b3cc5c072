/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "web-stream.h"

G_BEGIN_DECLS

#define WEB_LINE_HELLO_S   5
#define WEB_LINE_SILENCE_S 10

#define WEB_TYPE_LINE      (web_line_get_type ())
G_DECLARE_FINAL_TYPE (WebLine, web_line, WEB, LINE, GObject)

/* Main thread only. Signals: "text" (GBytes *): within the limits, and still of a stranger; none
 * after a goodbye. "closed" (): once, for whatever reason; nothing comes after it. */
WebLine *web_line_new (SoupWebsocketConnection *connection, WebStream *stream, const char *address,
                       gsize max_bytes);
const char *web_line_get_address (WebLine *self);
gboolean web_line_get_open (WebLine *self);
gboolean web_line_get_known (WebLine *self);
void web_line_set_known (WebLine *self);
void web_line_send (WebLine *self, char *text);
void web_line_bye (WebLine *self, const char *reason);
void web_line_bye_later (WebLine *self, const char *reason, guint delay_s);
void web_line_check (WebLine *self, gint64 now_us);

G_END_DECLS
