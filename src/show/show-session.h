/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-audience.h"
#include "engine-output.h"
#include "engine-preview.h"
#include "engine-program.h"
#include "engine-recording.h"
#include "engine-source.h"
#include "event-file.h"
#include "guest-room.h"
#include "modpage-room.h"
#include "posts-desk.h"
#include "posts-photos.h"
#include "show-alarm.h"
#include "show-exports.h"
#include "show-journal-entry.h"
#include "show-links.h"
#include "show-secrets.h"
#include "show-shot.h"
#include "show-talk.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* off air → rehearsal → live → ended; from ended it can go live again, into a new recording. A rehearsal
 * that is ended is off air again. */
typedef enum {
  SHOW_STATE_OFF_AIR,
  SHOW_STATE_REHEARSAL,
  SHOW_STATE_LIVE,
  SHOW_STATE_ENDED,
} ShowState;

#define SHOW_TYPE_STATE (show_state_get_type ())
GType show_state_get_type (void);

/**
 * ShowRemote:
 *
 * What is known of a source that comes from outside without the guests' page.
 */
typedef struct {
  gboolean pulled; /* from a relay, by WHEP; else pushed here by WHIP */
  gboolean connected;
  GuestHealth health;
  const GError *error; /* nullable: why it was not connected the last time */
  int retry_s;         /* until it is tried again; −1: it is not waited for */
} ShowRemote;

#define SHOW_TYPE_SESSION (show_session_get_type ())
G_DECLARE_FINAL_TYPE (ShowSession, show_session, SHOW, SESSION, GObject)

/* One event running. Everything on the main thread. Properties (all notify):
 *   "title" string · "state" ShowState · "elapsed-s" uint64, seconds on air or in rehearsal (or the last
 *   time), each second ·
 *   "sources" GListModel of EngineSource · "shots" of ShowShot · "talks" of ShowTalk ·
 *   "destinations" of EngineOutput · "recording" EngineRecording · "desk" PostsDesk ·
 *   "on-air-shot", "next-shot" ShowShot · "current-talk" ShowTalk, nullable ·
 *   "talk-shown" boolean: the lower third is on screen · "preview-before-taking" boolean, writable ·
 *   "paused" boolean: the audience sees the pause, the recording goes on ·
 *   "overloaded" boolean: this machine does not keep up, the picture stutters ·
 *   "suggested-shot" ShowShot, nullable: nearest to the one on air, which has lost a source ·
 *   "interrupted" GDateTime, nullable: when this event was interrupted on air, if it can be resumed ·
 *   "modified" boolean: the event was edited and is not saved yet · "savable" boolean: it can be saved
 *   where it is, and is a second after it was edited ·
 *   "plan" GStrv: sentences on how the program is encoded, or would be, and why ·
 *   "networks" GListModel of PostsNetwork · "live-page-uri" string, nullable · "transition-ms" uint, writable
 * See also show_session_get_alarms () and show_session_get_journal ().
 * Signals: "program-levels": the program's meters moved, see show_session_get_program_levels ();
 *   "links-changed": of a guest or a source of kind whip · "action-failed" (GError): what the operator asked for could not be done.
 *
 * Commands are actions; show_session_get_actions () has them all, for the window, D-Bus and tests:
 *   take(s) shot id · next(s) shot id · cut() next goes on air · fade() the same, gently ·
 *   take-suggested() what is nearest to the shot on air, which has lost a source ·
 *   slides-forward(s), slides-back(s) source id, empty for those on air or next ·
 *   play-film(s) from its beginning, stop-film(s) source id · ask-again(s) for a screen or cameras that
 *   somebody did not allow ·
 *   add-source(s), add-shot(s) an entry of the event as JSON · edit-source((ss)), edit-shot((ss)) id,
 *   JSON that is merged into it, null takes a key away · move-source((si)), move-shot((si)) id, new place
 *   from 0 · remove-shot(s) id · remove-source(s) id: shots that show it lose its place and become the
 *   nearest layout, those that show nothing else go, too · edit-guests(s) JSON that is merged into how
 *   guests reach the show · save() · save-as(s) path ·
 *   retry-destination(s) id: try it at once · test-destination(s) id: off air or in rehearsal, send to
 *   it for ten seconds and measure ·
 *   rehearse() everything runs and is recorded, nothing is published · go-live(), also from a rehearsal ·
 *   end-live(), also a rehearsal · resume-show() goes on with what was interrupted · forget-show() does
 *   not · mute((sb)) source id, muted · volume((sd)) source id, dB ·
 *   show-talk(i) index of the talk, −1 for the current one · hide-talk() · next-talk() ·
 *   name-style(s) plate, band or line · show-clock, show-live-mark (boolean states) · show-countdown(s)
 *   a time, "" for none · draft-name(i) index of a talk, −1 for none, draft-post(s) post id, "" for
 *   none: seen in the preview of the next shot only ·
 *   approve-post(s) · refuse-post(s) (hidden) · mark-question((sb)) post id, whether it is one ·
 *   triage-posts((sas)) the nick of a PostsAct, post ids · undo-triage() · hide-reason(s) the nick of a PostsReason ·
 *   block-author(s), trust-author(s), forgive-author(s) author id · keep-author((sb)) author id, whether it
 *   holds at the next events · erase-author(s) · rotate-posts (boolean state) · edit-posts(s) JSON that is
 *   merged into the event's posts ·
 *   export-talk(i) index in the exports · trim-talk((ixx)) index, start and end in the recording in ms ·
 *   end-talk() there is a break ·
 *   dismiss-alarm(s) alarm id · help-alarm(s) alarm id: what its button does ·
 *   invite-guest(s) name: a source, a shot of it and a link · revoke-guest(s) source id: the link is void
 *   at once · renew-guest(s): another link, also of a source of kind whip · put-back-guest(s) to the green
 *   room · dismiss-guest(s): says goodbye, the link still holds · cue-guest((ss)) source id, a text that he
 *   reads · ask-guest((si)) source id, height in px of the picture he is to send at most, 0 for any ·
 *   talkback(as) source ids: who hears the operator's microphone, nobody once it is released (state: who
 *   does) · talkback-microphone(s) its id, "default", "" for none (state: which) · green-room-hears (boolean state): those who wait hear each other · check-reach(): can a guest
 *   reach us? ·
 *   light-previews (boolean state) ·
 *   pause (boolean state; activating it toggles) · show-post(s) post id · show-post-photo(s) the sensitive photo of the post on screen, too · hide-post() off the screen · preview-before-taking (boolean state) */
EventFile *show_session_open (const char *path, gboolean recover, GError **error);
ShowSession *show_session_new (EventFile *event);
void show_session_start (ShowSession *self);
void show_session_stop (ShowSession *self);
void show_session_wait_for_exports (ShowSession *self, guint timeout_ms);
void show_session_set_secrets (ShowSession *self, ShowSecrets *secrets);
void show_session_set_preview_before_taking (ShowSession *self, gboolean preview_before_taking);
void show_session_set_transition_ms (ShowSession *self, guint transition_ms);

GActionGroup *show_session_get_actions (ShowSession *self);
EventFile *show_session_get_event (ShowSession *self);
const char *show_session_get_title (ShowSession *self);
ShowState show_session_get_state (ShowSession *self);
GDateTime *show_session_get_interrupted (ShowSession *self);
gboolean show_session_get_resumed (ShowSession *self);
void show_session_note (ShowSession *self, const char *kind, const char *text);
gboolean show_session_get_active (ShowSession *self);
guint64 show_session_get_elapsed_s (ShowSession *self);
GListModel *show_session_get_sources (ShowSession *self);
GListModel *show_session_get_shots (ShowSession *self);
GListModel *show_session_get_talks (ShowSession *self);
GListModel *show_session_get_destinations (ShowSession *self);
EngineOutput *show_session_get_destination (ShowSession *self, const char *id);
GListModel *show_session_get_networks (ShowSession *self);  /* of PostsNetwork */
GListModel *show_session_get_alarms (ShowSession *self);    /* of ShowAlarm */
GListModel *show_session_get_exports (ShowSession *self);   /* of ShowExport */
GListModel *show_session_get_journal (ShowSession *self);   /* of ShowJournalEntry */
GListModel *show_session_get_audiences (ShowSession *self); /* of EngineAudience */
EngineAudience *show_session_get_audience (ShowSession *self, const char *output_id);
EngineOutput *show_session_find_bad_audience (ShowSession *self, EngineAudienceState state);
GListModel *show_session_get_guests (ShowSession *self); /* of GuestGuest */
GuestGuest *show_session_find_guest (ShowSession *self, const char *source_id);
GuestRoom *show_session_get_guest_room (ShowSession *self);
ModpageRoom *show_session_get_moderation (ShowSession *self); /* nullable */
char *show_session_get_whip_address (ShowSession *self, const char *source_id);
gboolean show_session_get_remote (ShowSession *self, const char *source_id, ShowRemote *remote);
ShowLinkState show_session_get_link_state (ShowSession *self, const char *source_id);
gboolean show_session_get_link_kept (ShowSession *self, const char *source_id);
EngineRecording *show_session_get_recording (ShowSession *self);
PostsDesk *show_session_get_desk (ShowSession *self);
PostsPhotos *show_session_get_photos (ShowSession *self); /* the pictures of its posts */
ShowShot *show_session_get_on_air_shot (ShowSession *self);
ShowShot *show_session_get_next_shot (ShowSession *self);
ShowTalk *show_session_get_current_talk (ShowSession *self);
ShowTalk *show_session_get_next_talk (ShowSession *self);
gboolean show_session_get_talk_shown (ShowSession *self);
gboolean show_session_get_paused (ShowSession *self);
gboolean show_session_get_overloaded (ShowSession *self);
ShowShot *show_session_get_suggested_shot (ShowSession *self);
gboolean show_session_get_modified (ShowSession *self);
gboolean show_session_get_savable (ShowSession *self);
gboolean show_session_get_preview_before_taking (ShowSession *self);
guint show_session_get_transition_ms (ShowSession *self);
const char *const *show_session_get_plan (ShowSession *self);
EngineProgram *show_session_get_program (ShowSession *self);
const char *show_session_get_live_page_uri (ShowSession *self);
void show_session_get_program_levels (ShowSession *self, double *peak_left_db,
                                      double *peak_right_db);

/* Keys are stored in the keyring, for the destination and its address; one that was refused for want
 * of a key while the show is live is connected at once. */
void show_session_store_key_async (ShowSession *self, const char *id, const char *key,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean show_session_store_key_finish (ShowSession *self, GAsyncResult *result, GError **error);
void show_session_look_for_key_async (ShowSession *self, const char *id, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
gboolean show_session_look_for_key_finish (ShowSession *self, GAsyncResult *result, GError **error);
gboolean show_session_needs_key (ShowSession *self, EngineOutput *output);

/* The same for TURN servers, by their address in the event. */
void show_session_store_turn_secret_async (ShowSession *self, const char *address,
                                           const char *secret, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
gboolean show_session_store_turn_secret_finish (ShowSession *self, GAsyncResult *result,
                                                GError **error);
void show_session_look_for_turn_secret_async (ShowSession *self, const char *address,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
gboolean show_session_look_for_turn_secret_finish (ShowSession *self, GAsyncResult *result,
                                                   GError **error);

/* And for sources of kind `whep`. */
void show_session_store_whep_token_async (ShowSession *self, const char *source_id,
                                          const char *token, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
gboolean show_session_store_whep_token_finish (ShowSession *self, GAsyncResult *result,
                                               GError **error);
void show_session_look_for_whep_token_async (ShowSession *self, const char *source_id,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean show_session_look_for_whep_token_finish (ShowSession *self, GAsyncResult *result,
                                                  GError **error);

/* Pictures for the window, (transfer full), inactive until engine_preview_set_active (). */
EnginePreview *show_session_create_program_preview (ShowSession *self);
EnginePreview *show_session_create_next_preview (ShowSession *self);
EnginePreview *show_session_create_source_preview (ShowSession *self, EngineSource *source);
EnginePreview *show_session_create_shot_preview (ShowSession *self, ShowShot *shot);

G_END_DECLS
