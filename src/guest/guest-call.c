/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-program.h"
#include "guest-call.h"
#include "guest-guest-private.h"
#include "guest-hunger.h"
#include "guest-joins.h"
#include "guest-peer.h"
#include "guest-welcome.h"

/* A line may break while picture and sound go on. */
#define ORPHAN_US (6 * G_TIME_SPAN_SECOND)

/**
 * GuestCall:
 *
 * What connects one guest's page with the show: his line, his connections, and what he hears. It
 * does what his page asks, and tells the model what it learns.
 */
struct _GuestCall {
  GObject parent_instance;

  EngineProgram *program;
  GuestGuest *guest;
  char *token;    /* nullable: his link is void */
  EngineBus *bus; /* nullable once closed for good */

  GuestTeller *teller;
  GuestLine *line;         /* nullable: his page is not there */
  GuestSettings *settings; /* nullable: of the time he came */
  GuestPeer *peers[GUEST_N_CHANNELS];
  EngineSource *view; /* nullable: what he may look at instead of the program */
  gboolean looks_at_room;
  gint64 orphan_us; /* since when there is no line; 0: there is one */
  GuestJoins joins;
  guint later_ids[GUEST_N_CHANNELS]; /* connections that wait to be made */
  GuestHunger hunger;
};

G_DEFINE_FINAL_TYPE (GuestCall, guest_call, G_TYPE_OBJECT)

enum {
  SIGNAL_ANSWERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
get_channel_name (GuestChannel channel)
{
  return engine_enum_get_nick (GUEST_TYPE_CHANNEL, (int) channel);
}

static void
update_connected (GuestCall *self)
{
  _guest_guest_set_connected (self->guest,
                              self->line != NULL || self->peers[GUEST_CHANNEL_MAIN] != NULL);
}

/* ---- connections ---- */

static void
drop_peer (GuestCall *self, GuestChannel channel)
{
  g_autoptr (GuestPeer) peer = g_steal_pointer (&self->peers[channel]);

  g_clear_handle_id (&self->later_ids[channel], g_source_remove);
  if (peer == NULL)
    return;
  g_signal_handlers_disconnect_by_data (peer, self);
  guest_peer_close (peer);
  if (channel == GUEST_CHANNEL_SCREEN)
    _guest_guest_set_sharing (self->guest, FALSE);
}

static void
drop_peers (GuestCall *self)
{
  for (guint i = 0; i < GUEST_N_CHANNELS; i++)
    drop_peer (self, (GuestChannel) i);
}

static GuestChannel
find_channel (GuestCall *self, GuestPeer *peer)
{
  return peer == self->peers[GUEST_CHANNEL_SCREEN] ? GUEST_CHANNEL_SCREEN : GUEST_CHANNEL_MAIN;
}

static void
say_closed (GuestCall *self, GuestChannel channel, const char *reason)
{
  guest_teller_say (self->teller,
                    web_words_text (web_words_text (web_words_new ("closed"), "channel",
                                                    get_channel_name (channel)),
                                    "reason", reason));
}

static void
offer_cb (GuestPeer *peer, const char *sdp, GuestCall *self)
{
  guest_teller_say (self->teller,
                    web_words_text (web_words_text (web_words_new ("offer"), "channel",
                                                    get_channel_name (find_channel (self, peer))),
                                    "sdp", sdp));
}

static void
candidate_cb (GuestPeer *peer, const char *candidate, guint index, GuestCall *self)
{
  WebWords *words = web_words_new ("candidate");

  web_words_text (words, "channel", get_channel_name (find_channel (self, peer)));
  web_words_text (words, "candidate", candidate);
  guest_teller_say (self->teller, web_words_number (words, "index", index));
}

static void
connected_cb (GuestPeer *peer, GuestCall *self)
{
  if (find_channel (self, peer) == GUEST_CHANNEL_SCREEN)
    _guest_guest_set_sharing (self->guest, TRUE);
  else {
    guest_hunger_begin (&self->hunger, g_get_monotonic_time ());
    _guest_guest_set_error (self->guest, NULL);
  }
}

static void
end_channel (GuestCall *self, GuestChannel channel, const GError *error)
{
  g_message ("Guest %s, %s: %s", guest_guest_get_id (self->guest), get_channel_name (channel),
             error->message);
  drop_peer (self, channel);
  if (channel == GUEST_CHANNEL_MAIN)
    _guest_guest_set_error (self->guest, error);
  say_closed (self, channel,
              error->domain == GUEST_ERROR ? engine_enum_get_nick (GUEST_TYPE_ERROR, error->code)
                                           : "stream");
  update_connected (self);
}

static void
failed_cb (GuestPeer *peer, const GError *error, GuestCall *self)
{
  end_channel (self, find_channel (self, peer), error);
}

/* What he sends and does not come is asked for; he and the operator are told. */
static void
feed (GuestCall *self, const GuestHealth *health)
{
  const gboolean sends = _guest_guest_get_own_place (self->guest) != GUEST_PLACE_FOLLOWING;
  const GuestFood expected = { sends && guest_guest_get_camera_on (self->guest),
                               sends && guest_guest_get_microphone_on (self->guest) };
  const GuestFood got = { health->rate_fps > 0, health->heard };
  const GuestHungerStep step =
    guest_hunger_judge (&self->hunger, &expected, &got, g_get_monotonic_time ());
  g_autoptr (GError) error =
    g_error_new_literal (GUEST_ERROR, GUEST_ERROR_STARVED,
                         got.sound ? "no picture comes"
                                   : (got.picture ? "no sound comes" : "nothing comes of theirs"));

  switch (step) {
  case GUEST_HUNGER_NONE:
    if (g_error_matches (guest_guest_get_error (self->guest), GUEST_ERROR, GUEST_ERROR_STARVED))
      _guest_guest_set_error (self->guest, NULL);
    break;
  case GUEST_HUNGER_ASKS:
    _guest_guest_set_error (self->guest, error);
    guest_peer_ask_for_picture (self->peers[GUEST_CHANNEL_MAIN]);
    break;
  case GUEST_HUNGER_RENEWS:
    end_channel (self, GUEST_CHANNEL_MAIN, error);
    break;
  }
}

static void
health_cb (GuestPeer *peer, GuestCall *self)
{
  GuestHealth health = GUEST_HEALTH_NONE;

  if (find_channel (self, peer) != GUEST_CHANNEL_MAIN)
    return;
  guest_peer_get_health (peer, &health);
  _guest_guest_set_health (self->guest, &health);
  feed (self, &health);
}

static void
update_view (GuestCall *self)
{
  if (self->peers[GUEST_CHANNEL_MAIN] != NULL)
    guest_peer_set_view (self->peers[GUEST_CHANNEL_MAIN], self->looks_at_room ? self->view : NULL);
}

static void
connect_peer (GuestCall *self, GuestChannel channel)
{
  const gboolean is_main = channel == GUEST_CHANNEL_MAIN;
  const GuestPeerConfig config = {
    .program = self->program,
    .source = is_main ? guest_guest_get_source (self->guest) : guest_guest_get_screen (self->guest),
    .bus = is_main ? self->bus : NULL,
    .sends_picture_back = is_main,
  };
  g_autoptr (GError) error = NULL;

  if (config.source == NULL) {
    say_closed (self, channel, "none");
    return;
  }

  g_autoptr (GuestIce) ice =
    guest_ice_new (&self->settings->config.ice, guest_guest_get_id (self->guest),
                   g_get_real_time () / G_USEC_PER_SEC);
  GuestPeer *peer = guest_peer_new (&config, ice);
  self->peers[channel] = peer;
  g_signal_connect (peer, "offer", G_CALLBACK (offer_cb), self);
  g_signal_connect (peer, "candidate", G_CALLBACK (candidate_cb), self);
  g_signal_connect (peer, "connected", G_CALLBACK (connected_cb), self);
  g_signal_connect (peer, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect (peer, "health-changed", G_CALLBACK (health_cb), self);
  if (!guest_peer_offer (peer, &error)) {
    end_channel (self, channel, error);
    return;
  }
  if (is_main) {
    update_view (self);
    guest_peer_set_music (peer, guest_guest_get_music (self->guest));
  }
}

static gboolean
join_later (GuestCall *self, GuestChannel channel)
{
  if (guest_joins_ask (&self->joins, g_get_monotonic_time ()) > 0)
    return G_SOURCE_CONTINUE;
  self->later_ids[channel] = 0;
  connect_peer (self, channel);
  return G_SOURCE_REMOVE;
}

static gboolean
join_main_cb (gpointer user_data)
{
  return join_later (user_data, GUEST_CHANNEL_MAIN);
}

static gboolean
join_screen_cb (gpointer user_data)
{
  return join_later (user_data, GUEST_CHANNEL_SCREEN);
}

/* Who comes and goes too often waits for a moment; he need not ask again. */
static void
join (GuestCall *self, GuestChannel channel)
{
  const gint64 wait_us = guest_joins_ask (&self->joins, g_get_monotonic_time ());

  drop_peer (self, channel);
  if (wait_us == 0)
    connect_peer (self, channel);
  else
    self->later_ids[channel] =
      g_timeout_add ((guint) (wait_us / 1000 + 1),
                     channel == GUEST_CHANNEL_MAIN ? join_main_cb : join_screen_cb, self);
}

static void
take_answer (GuestCall *self, const GuestMessage *message)
{
  g_autoptr (GError) error = NULL;
  GuestPeer *peer = self->peers[message->channel];

  /* It was closed while the answer was under way. */
  if (peer != NULL && !guest_peer_take_answer (peer, message->sdp, &error))
    end_channel (self, message->channel, error);
}

static void
take_candidate (GuestCall *self, const GuestMessage *message)
{
  g_autoptr (GError) error = NULL;
  GuestPeer *peer = self->peers[message->channel];

  /* One that cannot be used is left out; others may do. */
  if (peer != NULL && !guest_peer_add_candidate (peer, message->candidate, message->index, &error))
    g_debug ("Guest %s: %s", guest_guest_get_id (self->guest), error->message);
}

/* ---- what his page says ---- */

static void
take_devices (GuestCall *self, const GuestMessage *message)
{
  _guest_guest_set_devices (self->guest, message->camera, message->microphone, message->music);
  if (self->peers[GUEST_CHANNEL_MAIN] != NULL)
    guest_peer_set_music (self->peers[GUEST_CHANNEL_MAIN], message->music);
}

static void
take_stats (GuestCall *self, const GuestMessage *message)
{
  const GuestSeen seen = { message->fps,        message->width_px, message->height_px,
                           message->lost_share, message->rtt_ms,   message->reduced };

  _guest_guest_set_seen (self->guest, &seen);
  if (message->width_px == 0 && self->peers[GUEST_CHANNEL_MAIN] != NULL)
    guest_peer_show_anew (self->peers[GUEST_CHANNEL_MAIN]);
}

static void
message_cb (GuestLine *line, const GuestMessage *message, gpointer user_data)
{
  GuestCall *self = user_data;

  switch (message->type) {
  case GUEST_MESSAGE_JOIN:
    join (self, message->channel);
    break;
  case GUEST_MESSAGE_ANSWER:
    take_answer (self, message);
    break;
  case GUEST_MESSAGE_CANDIDATE:
    take_candidate (self, message);
    break;
  case GUEST_MESSAGE_QUIT:
    drop_peer (self, message->channel);
    break;
  case GUEST_MESSAGE_PLACE:
    _guest_guest_set_place (self->guest, message->place);
    break;
  case GUEST_MESSAGE_DEVICES:
    take_devices (self, message);
    break;
  case GUEST_MESSAGE_VIEW:
    self->looks_at_room = message->room;
    update_view (self);
    break;
  case GUEST_MESSAGE_STATS:
    take_stats (self, message);
    break;
  case GUEST_MESSAGE_CUE_SEEN:
    _guest_guest_note_cue_seen (self->guest, (guint) MIN (message->id, G_MAXUINT));
    break;
  case GUEST_MESSAGE_LEAVE:
    guest_call_close (self, "ended");
    break;
  case GUEST_MESSAGE_HELLO:
  case GUEST_MESSAGE_PING:
  case GUEST_MESSAGE_ECHO:
  case GUEST_MESSAGE_UNKNOWN:
    break;
  }
}

static void
drop_line (GuestCall *self, const char *reason)
{
  g_autoptr (GuestLine) line = g_steal_pointer (&self->line);

  if (line == NULL)
    return;
  g_signal_handlers_disconnect_by_data (line, self);
  guest_teller_set_line (self->teller, NULL);
  if (reason != NULL)
    guest_line_bye (line, reason);
}

static void
closed_cb (GuestLine *line, gpointer user_data)
{
  GuestCall *self = user_data;

  drop_line (self, NULL);
  self->orphan_us = g_get_monotonic_time ();
  update_connected (self);
}

static void
dismissed_cb (GuestCall *self, const char *reason)
{
  guest_call_close (self, reason);
}

/* ---- */

static void
guest_call_dispose (GObject *object)
{
  GuestCall *self = GUEST_CALL (object);

  if (self->guest != NULL) {
    guest_call_close (self, "ended");
    g_signal_handlers_disconnect_by_data (self->guest, self);
  }
  if (self->bus != NULL)
    engine_program_remove_bus (self->program, self->bus);
  g_clear_object (&self->bus);
  g_clear_object (&self->view);
  g_clear_object (&self->teller);
  g_clear_object (&self->guest);
  g_clear_object (&self->program);
  G_OBJECT_CLASS (guest_call_parent_class)->dispose (object);
}

static void
guest_call_finalize (GObject *object)
{
  GuestCall *self = GUEST_CALL (object);

  g_clear_pointer (&self->settings, guest_settings_unref);
  g_free (self->token);
  G_OBJECT_CLASS (guest_call_parent_class)->finalize (object);
}

static void
guest_call_class_init (GuestCallClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = guest_call_dispose;
  object_class->finalize = guest_call_finalize;

  signals[SIGNAL_ANSWERED] = g_signal_new ("answered", GUEST_TYPE_CALL, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
}

static void
guest_call_init (GuestCall *self)
{
}

/**
 * guest_call_new:
 * @program: what he sees and hears
 * @guest: who
 * @token: (nullable): what his link ends with
 *
 * Returns: (transfer full): a call that nobody has answered yet
 */
GuestCall *
guest_call_new (EngineProgram *program, GuestGuest *guest, const char *token)
{
  GuestCall *self = g_object_new (GUEST_TYPE_CALL, NULL);

  self->program = g_object_ref (program);
  self->guest = g_object_ref (guest);
  self->token = g_strdup (token);
  self->bus = engine_program_add_bus (program, guest_guest_get_source (guest));
  self->teller = guest_teller_new (guest);
  g_signal_connect_swapped (guest, "dismissed", G_CALLBACK (dismissed_cb), self);
  return self;
}

GuestGuest *
guest_call_get_guest (GuestCall *self)
{
  return self->guest;
}

const char *
guest_call_get_token (GuestCall *self)
{
  return self->token;
}

void
guest_call_set_token (GuestCall *self, const char *token)
{
  common_set_string (&self->token, token);
}

GuestTeller *
guest_call_get_teller (GuestCall *self)
{
  return self->teller;
}

EngineBus *
guest_call_get_bus (GuestCall *self)
{
  return self->bus;
}

/**
 * guest_call_set_view:
 * @self: a call
 * @view: (nullable): what he may look at instead of the program
 */
void
guest_call_set_view (GuestCall *self, EngineSource *view)
{
  if (g_set_object (&self->view, view))
    update_view (self);
}

gboolean
guest_call_has_line (GuestCall *self)
{
  return self->line != NULL;
}

/**
 * guest_call_answer:
 * @self: a call
 * @line: a line that said his token
 * @settings: of the room
 * @live: whether the show is
 *
 * Welcomes his page. An older one is told that it was replaced.
 */
void
guest_call_answer (GuestCall *self, GuestLine *line, GuestSettings *settings, gboolean live)
{
  drop_line (self, "replaced");
  drop_peer (self, GUEST_CHANNEL_SCREEN);
  self->line = g_object_ref (line);
  self->orphan_us = 0;
  self->looks_at_room = FALSE;
  guest_settings_ref (settings);
  g_clear_pointer (&self->settings, guest_settings_unref);
  self->settings = settings;
  guest_teller_set_line (self->teller, line);
  g_signal_connect (line, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (line, "closed", G_CALLBACK (closed_cb), self);
  guest_teller_say (self->teller,
                    guest_welcome_make (self->guest, settings, self->view != NULL, live));
  guest_teller_begin (self->teller);
  update_connected (self);
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0);
}

/**
 * guest_call_set_settings:
 * @self: a call
 * @settings: of the room, from now on
 *
 * What he has stays as it is; his next connection is made by these.
 */
void
guest_call_set_settings (GuestCall *self, GuestSettings *settings)
{
  if (self->settings == NULL)
    return;
  guest_settings_ref (settings);
  guest_settings_unref (self->settings);
  self->settings = settings;
  guest_teller_tell (self->teller, GUEST_TOPIC_ICE, NULL,
                     web_words_end (guest_welcome_make_ice (self->guest, settings)));
}

/**
 * guest_call_check:
 * @self: a call
 * @now_us: monotonic time
 *
 * Once a second: without a line, picture and sound go on for as long as they come.
 */
void
guest_call_check (GuestCall *self, gint64 now_us)
{
  GuestHealth health = GUEST_HEALTH_NONE;
  GuestPeer *peer = self->peers[GUEST_CHANNEL_MAIN];

  if (self->orphan_us == 0 || now_us - self->orphan_us < ORPHAN_US || peer == NULL)
    return;
  guest_peer_get_health (peer, &health);
  if (now_us - health.heard_us < ORPHAN_US)
    return;
  drop_peers (self);
  update_connected (self);
}

/**
 * guest_call_close:
 * @self: a call
 * @reason: what his page is told
 *
 * Closes what is open. He may come again, if his link is good.
 */
void
guest_call_close (GuestCall *self, const char *reason)
{
  drop_line (self, reason);
  drop_peers (self);
  self->orphan_us = 0;
  _guest_guest_go_home (self->guest);
}
