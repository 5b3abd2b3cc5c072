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
  SHOW_N_TEXTS,
} ShowText;

const char *show_texts_get (const char *language, ShowText text);

G_END_DECLS
