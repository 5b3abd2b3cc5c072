/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SHOW_TYPE_TALK (show_talk_get_type ())
G_DECLARE_FINAL_TYPE (ShowTalk, show_talk, SHOW, TALK, GObject)

/* Properties: "title" string · "speakers" string, joined for reading · "affiliation" string, nullable:
 * where they come from · "start" GDateTime, nullable · "end" GDateTime, nullable. Immutable. */
const char *show_talk_get_title (ShowTalk *self);
const char *show_talk_get_speakers (ShowTalk *self);
const char *show_talk_get_affiliation (ShowTalk *self); /* nullable */
GDateTime *show_talk_get_start (ShowTalk *self);        /* nullable */
GDateTime *show_talk_get_end (ShowTalk *self);          /* nullable */

G_END_DECLS
