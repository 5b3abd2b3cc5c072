/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-guest.h"
#include "guest-line.h"
#include "web-words.h"

G_BEGIN_DECLS

/* What a page is told only when it changed. */
typedef enum {
  GUEST_TOPIC_LIVE,
  GUEST_TOPIC_TALLY,
  GUEST_TOPIC_SCHEDULE,
  GUEST_TOPIC_OTHERS,
  GUEST_TOPIC_TALKBACK,
  GUEST_TOPIC_LIMIT,
  GUEST_TOPIC_MUTED,
  GUEST_TOPIC_WEAK,
  GUEST_TOPIC_MISSING,
  GUEST_TOPIC_CUE,
  GUEST_TOPIC_ICE,
  GUEST_N_TOPICS
} GuestTopic;

#define GUEST_TYPE_TELLER (guest_teller_get_type ())
G_DECLARE_FINAL_TYPE (GuestTeller, guest_teller, GUEST, TELLER, GObject)

/* Main thread only. */
GuestTeller *guest_teller_new (GuestGuest *guest);
void guest_teller_set_line (GuestTeller *self, GuestLine *line);
void guest_teller_begin (GuestTeller *self);
void guest_teller_say (GuestTeller *self, WebWords *words);
void guest_teller_tell (GuestTeller *self, GuestTopic topic, const char *key, char *text);

G_END_DECLS
