/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-triage.h"

G_BEGIN_DECLS

#define MODPAGE_MAX_MODERATORS 8

/* Who can reach the page. */
typedef enum {
  MODPAGE_REACH_CLOSED,
  MODPAGE_REACH_COMPUTER, /* browsers on this computer only */
  MODPAGE_REACH_NETWORK,
} ModpageReach;

#define MODPAGE_TYPE_REACH (modpage_reach_get_type ())
GType modpage_reach_get_type (void);

/**
 * ModpageConfig:
 * @title: the event's
 * @certificate_path, @key_path: (nullable): PEM files for the network; `NULL`: one is made
 * @folder: (nullable): where the made certificate is kept; `NULL`: in memory only
 *
 * All of it is borrowed for the call.
 */
typedef struct {
  const char *title;
  const char *certificate_path;
  const char *key_path;
  const char *folder;
} ModpageConfig;

#define MODPAGE_TYPE_ROOM (modpage_room_get_type ())
G_DECLARE_FINAL_TYPE (ModpageRoom, modpage_room, MODPAGE, ROOM, GObject)

/* Main thread only. Properties, all with notify: "reach" (ModpageReach), "link" (string, nullable: with
 * its token), "n-moderators" (uint), "may-show" (boolean), "error" (GError, nullable).
 * Signal: "acted" (PostsAct, char *post_id): a moderator decided; %POSTS_ACT_NONE and an empty id: took
 * back what was decided. */
ModpageRoom *modpage_room_new (PostsDesk *desk);
gboolean modpage_room_open (ModpageRoom *self, ModpageReach reach, const ModpageConfig *config,
                            GError **error);
void modpage_room_renew (ModpageRoom *self);
void modpage_room_close (ModpageRoom *self);
ModpageReach modpage_room_get_reach (ModpageRoom *self);
const char *modpage_room_get_link (ModpageRoom *self);
guint modpage_room_get_n_moderators (ModpageRoom *self);
const GError *modpage_room_get_error (ModpageRoom *self);
void modpage_room_set_may_show (ModpageRoom *self, gboolean may_show);
gboolean modpage_room_get_may_show (ModpageRoom *self);

G_END_DECLS
