/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-program.h"
#include "modpage-room.h"
#include "posts-network.h"
#include "show-air.h"
#include "show-alarms.h"
#include "show-arts.h"
#include "show-audiences.h"
#include "show-encode.h"
#include "show-exports.h"
#include "show-graphics.h"
#include "show-guests.h"
#include "show-marks.h"
#include "show-memory.h"
#include "show-reporter.h"
#include "show-rotation.h"
#include "show-session.h"

G_BEGIN_DECLS

/**
 * ShowSession:
 *
 * One event running: the program, the shots, the desk and all else that the event file names, and
 * what the operator does with them. Without a window; main thread only.
 */
struct _ShowSession {
  GObject parent_instance;

  EventFile *event;
  ShowState state;
  gint64 live_since_us;
  guint64 elapsed_s; /* of the last time it was live or in rehearsal */
  guint elapsed_id;
  gboolean running;

  EngineProgram *program;
  GListStore *sources;
  GListStore *shots;
  GListStore *talks;
  GListStore *destinations;
  GListStore *networks;
  PostsDesk *desk;
  ShowRotation *rotation;
  PostsPhotos *photos;
  GCancellable *card; /* nullable: the pictures of the post that is to be on screen are awaited */
  GCancellable *draft_card; /* nullable: the same for the preview */
  char *bare_photo;         /* nullable: the post whose sensitive photo may be on screen, too */
  ShowGraphics *graphics;
  ShowArts *arts;
  ShowMarks *marks;
  int draft_name;     /* −1: none */
  PostsItem *drafted; /* nullable: the post that is previewed */
  guint watch_id;     /* when to tell the networks which posts people see */
  ShowAir *air;
  ShowAudiences *audiences;
  ShowEncode *encode;
  ShowAlarms *alarms;
  ShowJournal *journal;
  ShowExports *exports;
  ShowGuests *guests;
  ModpageRoom *moderation;
  gint64
    recording_offset_ms; /* from monotonic time to that of the recording; not known: G_MININT64 */
  gint64 talk_began_ms;  /* monotonic time */
  ShowReporter *reporter;
  GSimpleActionGroup *actions;

  ShowShot *on_air; /* nullable: an event has a shot, but not before it is started */
  ShowShot *next;   /* nullable */
  ShowShot *pause;  /* what a pause shows when the event has no shot for it; nullable: it has */
  ShowShot *before_pause; /* nullable: what was on air before the pause, and is recorded still */
  guint talk;             /* index of the current one */
  gboolean talk_shown;
  gboolean overloaded;
  guint64 lost_frames; /* repeated or dropped, when last looked */
  guint calm_s;        /* for how long none was lost */
  guint load_id;
  gboolean preview_before_taking;
  guint transition_ms;
  EnginePreview *next_preview; /* nullable; weak */

  GHashTable *configs;       /* source id → ShowSourceConfig: what each is running with */
  GHashTable *lost_since;    /* EngineSource → monotonic time in µs, of those that are lost */
  ShowShot *suggested;       /* nullable: nearest to the one on air, which has lost a source */
  guint suggestion_id;       /* when to look again */
  ShowMemory *memory;        /* nullable: it was not on air yet */
  char *memory_event;        /* nullable: the event that it is of */
  char *recording_log;       /* nullable: what says which parts the recording has */
  guint memory_id;           /* when to keep how the show is arranged */
  ShowMemories *interrupted; /* nullable: what may be resumed */
  gboolean resumed;
  guint save_id; /* when to save what was edited */
  gboolean saving;
};

/* What the actions do. Each fails with a `SHOW_ERROR` or a `POSTS_ERROR`. */
gboolean _show_session_take (ShowSession *self, const char *shot_id, EngineTransition transition,
                             GError **error);
gboolean _show_session_set_next (ShowSession *self, const char *shot_id, GError **error);
gboolean _show_session_take_next (ShowSession *self, EngineTransition transition, GError **error);
gboolean _show_session_rehearse (ShowSession *self, GError **error);
gboolean _show_session_go_live (ShowSession *self, GError **error);
gboolean _show_session_end_live (ShowSession *self, GError **error);
gboolean _show_session_show_talk (ShowSession *self, int index, GError **error);
void _show_session_hide_talk (ShowSession *self);
gboolean _show_session_next_talk (ShowSession *self, GError **error);
void _show_session_set_talk (ShowSession *self, guint index);
void _show_session_set_talk_shown (ShowSession *self, gboolean shown);
guint _show_session_find_talk_of_now (ShowSession *self);
EngineSource *_show_session_find_source (ShowSession *self, const char *id, GError **error);
void _show_session_tell_failure (ShowSession *self, const GError *error);

void _show_session_put_on_air (ShowSession *self, ShowShot *shot, EngineTransition transition,
                               guint transition_ms);
void _show_session_put_next (ShowSession *self, ShowShot *shot);
void _show_session_update_tally (ShowSession *self);
ShowShot *_show_session_find_shot (ShowSession *self, const char *id, GError **error);
const EventSource *_show_session_find_source_record (ShowSession *self, const char *id);
void _show_session_follow_source (ShowSession *self, EngineSource *source);

/* Sources and shots become what the event says, while the show goes on. */
void _show_session_sync (ShowSession *self);
void _show_session_sync_destinations (ShowSession *self);
EngineOutput *_show_session_find_output (ShowSession *self, const char *id, GError **error);
gboolean _show_session_check_destination (ShowSession *self, const char *id, GError **error);
void _show_session_arrange (GListStore *list, GPtrArray *wanted);

void _show_session_prepare_encode (ShowSession *self);

/* What to go to when the shot on air has lost a source. */
void _show_session_source_state_changed (EngineSource *source, GParamSpec *pspec,
                                         ShowSession *self);
void _show_session_update_suggestion (ShowSession *self);
gboolean _show_session_take_suggested (ShowSession *self, GError **error);

/* Keeping what was edited. */
void _show_session_follow_event (ShowSession *self);
gboolean _show_session_save (ShowSession *self, const char *path, GError **error);
void _show_session_save_now (ShowSession *self);

/* Going on after a crash. */
void _show_session_follow_memory (ShowSession *self);
void _show_session_follow_posts (ShowSession *self);
void _show_session_apply_rules (ShowSession *self);
void _show_session_prepare_photos (ShowSession *self);
void _show_session_show_card (ShowSession *self);
void _show_session_draft_card (ShowSession *self, PostsItem *item);
void _show_session_drop_cards (ShowSession *self);
void _show_session_start_posts (ShowSession *self);
void _show_session_stop_posts (ShowSession *self);
void _show_session_set_posts_secret (PostsNetwork *network, const char *id, const char *url);
void _show_session_look_back (ShowSession *self);
guint _show_session_get_former_port (ShowSession *self);
void _show_session_remember (ShowSession *self);
void _show_session_forget_memory (ShowSession *self);
gboolean _show_session_resume (ShowSession *self, GError **error);

/* Pauses: the audience sees a card, the recording goes on. */
void _show_session_prepare_music (ShowSession *self);
void _show_session_prepare_pause (ShowSession *self);
void _show_session_begin_pause (ShowSession *self, ShowShot *pause);
void _show_session_end_pause (ShowSession *self);
gboolean _show_session_set_paused (ShowSession *self, gboolean paused, GError **error);

/* Graphics. */
void _show_session_follow_graphics (ShowSession *self);
void _show_session_follow_shots (ShowSession *self);
void _show_session_forget_graphics (ShowSession *self);
gboolean _show_session_draft_name (ShowSession *self, int index, GError **error);
gboolean _show_session_draft_post (ShowSession *self, const char *id, GError **error);

void _show_actions_add (ShowSession *self);
void _show_actions_add_alarms (ShowSession *self);
void _show_actions_update_drafts (ShowSession *self);

/* What becomes of the recording. */
void _show_session_prepare_exports (ShowSession *self);
void _show_session_start_exports (ShowSession *self);
gboolean _show_session_end_talk (ShowSession *self, GError **error);

/* Moderators elsewhere. */
void _show_session_prepare_moderation (ShowSession *self);
gboolean _show_session_open_moderation (ShowSession *self, ModpageReach reach, GError **error);
void _show_actions_add_moderation (ShowSession *self);

/* Guests. */
guint _show_session_get_guests_port (ShowSession *self);
guint _show_session_get_former_guests_port (ShowSession *self);

void _show_session_prepare_watch (ShowSession *self);
void _show_session_clear_watch (ShowSession *self);

G_END_DECLS
