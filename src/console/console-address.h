/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "event-file.h"

G_BEGIN_DECLS

/* What is wrong with an address that somebody types, in a sentence; NULL: nothing. */
char *console_address_check_stream (const char *text);
char *console_address_check_whep (const char *text);
char *console_address_check_source (const char *text, EventFile *event);
char *console_address_check_destination (const char *text);
char *console_address_check_watch (const char *text);

G_END_DECLS
