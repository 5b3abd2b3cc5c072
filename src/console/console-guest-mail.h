/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  CONSOLE_MAIL_FRENCH,
  CONSOLE_MAIL_ENGLISH,
} ConsoleMailLanguage;

/* How far a guest's link reaches. */
typedef enum {
  CONSOLE_REACH_COMPUTER, /* only this computer */
  CONSOLE_REACH_NETWORK,  /* who is on the same network, after the browser's warning */
  CONSOLE_REACH_EVERYONE,
} ConsoleReach;

ConsoleReach console_guest_mail_get_reach (const char *link, const char *public_address);
char *console_guest_mail_make_subject (ConsoleMailLanguage language, const char *event);
char *console_guest_mail_make_body (ConsoleMailLanguage language, const char *name,
                                    const char *event, const char *link, ConsoleReach reach);
char *console_guest_mail_make_uri (const char *subject, const char *body);

G_END_DECLS
