/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the audience reads, in the event's language: the operator's may be another. */
typedef enum {
  SHOW_TEXT_LOST,
  SHOW_TEXT_PAUSE,
  SHOW_TEXT_LIVE_PAGE,
  SHOW_TEXT_LIVE,
  SHOW_TEXT_GUEST_AWAITED, /* the texts on guests: see show_texts_name () */
  SHOW_TEXT_GUEST_UNSEEN,
  SHOW_TEXT_GUEST_LOST,
  SHOW_TEXT_GUEST_SCREEN,
  SHOW_N_TEXTS,
} ShowText;

const char *show_texts_get (const char *language, ShowText text);
char *show_texts_name (const char *language, ShowText text, const char *name);

G_END_DECLS
