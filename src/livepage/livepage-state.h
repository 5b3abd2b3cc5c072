/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-desk.h"

G_BEGIN_DECLS

/**
 * LivepageStatus:
 *
 * What the audience is told: waiting → live ⇄ ended
 */
typedef enum {
  LIVEPAGE_STATUS_WAITING,
  LIVEPAGE_STATUS_LIVE,
  LIVEPAGE_STATUS_ENDED,
} LivepageStatus;

/**
 * LivepageFacts:
 *
 * What the page shows beside the picture; everything is borrowed.
 */
typedef struct {
  LivepageStatus status;
  const char *title;
  const char *language;
  const char *talk_title; /* nullable: no talk now */
  const char *speakers;   /* nullable */
  PostsDesk *desk;        /* nullable */
} LivepageFacts;

char *livepage_state_to_json (const LivepageFacts *facts);

G_END_DECLS
