/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-whip-client.h"
#include "guest-whep.h"

/**
 * GuestWhep:
 *
 * Plays a relay's stream by WHEP into a source. Régie only calls out. Each start is a new connection;
 * whoever uses it decides when to try again.
 */
struct _GuestWhep {
  GObject parent_instance;
  EngineProgram *program;
  EngineSource *source;
  GuestIce ice;
  GStrv learned;            /* nullable: STUN and TURN servers that the relay recommends */
  EngineWhipClient *client; /* nullable: stopped */
  GuestPeer *peer;          /* nullable: the same */
};

G_DEFINE_FINAL_TYPE (GuestWhep, guest_whep, G_TYPE_OBJECT)

enum {
  SIGNAL_CONNECTED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
drop_peer (GuestWhep *self)
{
  if (self->peer == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->peer, self);
  guest_peer_close (self->peer);
  g_clear_object (&self->peer);
}

static void
fail (GuestWhep *self, const GError *error)
{
  g_autoptr (GuestWhep) kept = g_object_ref (self);
  g_autoptr (GError) copy = g_error_copy (error);

  guest_whep_stop (self);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, copy);
}

static void
part_failed_cb (GObject *part, const GError *error, GuestWhep *self)
{
  fail (self, error);
}

static void
connected_cb (GuestPeer *peer, GuestWhep *self)
{
  g_signal_emit (self, signals[SIGNAL_CONNECTED], 0);
}

static void
offer_cb (GuestPeer *peer, const char *sdp, GuestWhep *self)
{
  engine_whip_client_offer (self->client, sdp);
}

static void
answer_cb (GuestPeer *peer, const char *sdp, GuestWhep *self)
{
  engine_whip_client_answer (self->client, sdp);
}

/* The relay's own servers come after those of the event. For an answer that is too late, but not for the
 * next try. */
static void
learn (GuestWhep *self)
{
  const char *const *servers = engine_whip_client_get_ice_servers (self->client);

  if (servers[0] == NULL)
    return;
  g_strfreev (self->learned);
  self->learned = g_strdupv ((char **) servers);
}

static GuestIce
merge_ice (GuestWhep *self)
{
  GStrvBuilder *all = g_strv_builder_new ();
  GuestIce ice = self->ice;

  if (self->ice.servers != NULL)
    g_strv_builder_addv (all, (const char **) self->ice.servers);
  if (self->learned != NULL)
    g_strv_builder_addv (all, (const char **) self->learned);
  ice.servers = g_strv_builder_end (all);
  g_strv_builder_unref (all);
  return ice;
}

/* Our side of it, which has all candidates in it: the relay gets them no other way. */
static void
make_peer (GuestWhep *self)
{
  const GuestPeerConfig config = {
    .program = self->program,
    .source = self->source,
    .whole = TRUE,
  };

  GuestIce ice = merge_ice (self);

  drop_peer (self);
  self->peer = guest_peer_new (&config, &ice);
  g_strfreev (ice.servers);
  g_signal_connect (self->peer, "offer", G_CALLBACK (offer_cb), self);
  g_signal_connect (self->peer, "answer", G_CALLBACK (answer_cb), self);
  g_signal_connect (self->peer, "connected", G_CALLBACK (connected_cb), self);
  g_signal_connect (self->peer, "failed", G_CALLBACK (part_failed_cb), self);
}

static void
answered_cb (EngineWhipClient *client, const char *sdp, GuestWhep *self)
{
  g_autoptr (GError) error = NULL;

  learn (self);
  if (!guest_peer_take_answer (self->peer, sdp, &error))
    fail (self, error);
}

static void
countered_cb (EngineWhipClient *client, const char *sdp, GuestWhep *self)
{
  g_autoptr (GError) error = NULL;

  learn (self);
  make_peer (self);
  if (!guest_peer_take_offer (self->peer, sdp, &error))
    fail (self, error);
}

/**
 * guest_whep_start:
 * @self: one that is stopped
 * @uri: where the relay gives the stream
 * @token: (nullable): what it wants to see
 * @ice: (nullable): how the two may find each other; copied
 */
void
guest_whep_start (GuestWhep *self, const char *uri, const char *token, const GuestIce *ice)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (GUEST_IS_WHEP (self));
  g_return_if_fail (uri != NULL);

  guest_whep_stop (self);
  g_clear_pointer (&self->ice.servers, g_strfreev);
  if (ice != NULL) {
    self->ice = *ice;
    self->ice.servers = g_strdupv (ice->servers);
  }
  self->client = engine_whip_client_new_player (uri, token);
  g_signal_connect (self->client, "answered", G_CALLBACK (answered_cb), self);
  g_signal_connect (self->client, "countered", G_CALLBACK (countered_cb), self);
  g_signal_connect (self->client, "failed", G_CALLBACK (part_failed_cb), self);
  make_peer (self);
  if (!guest_peer_offer (self->peer, &error))
    fail (self, error);
}

/**
 * guest_whep_stop:
 * @self: a pulled source
 *
 * Ends the connection, and tells the relay, in the background. May be called twice.
 */
void
guest_whep_stop (GuestWhep *self)
{
  g_return_if_fail (GUEST_IS_WHEP (self));

  drop_peer (self);
  if (self->client == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->client, self);
  engine_whip_client_close (self->client);
  g_clear_object (&self->client);
}

void
guest_whep_get_health (GuestWhep *self, GuestHealth *health)
{
  g_return_if_fail (GUEST_IS_WHEP (self));

  *health = GUEST_HEALTH_NONE;
  if (self->peer != NULL)
    guest_peer_get_health (self->peer, health);
}

static void
guest_whep_dispose (GObject *object)
{
  GuestWhep *self = GUEST_WHEP (object);

  guest_whep_stop (self);
  g_clear_object (&self->program);
  g_clear_object (&self->source);
  G_OBJECT_CLASS (guest_whep_parent_class)->dispose (object);
}

static void
guest_whep_finalize (GObject *object)
{
  g_clear_pointer (&GUEST_WHEP (object)->ice.servers, g_strfreev);
  g_strfreev (GUEST_WHEP (object)->learned);
  G_OBJECT_CLASS (guest_whep_parent_class)->finalize (object);
}

static void
guest_whep_class_init (GuestWhepClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guest_whep_dispose;
  G_OBJECT_CLASS (klass)->finalize = guest_whep_finalize;
  signals[SIGNAL_CONNECTED] = g_signal_new ("connected", GUEST_TYPE_WHEP, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", GUEST_TYPE_WHEP, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
guest_whep_init (GuestWhep *self)
{
}

/**
 * guest_whep_new:
 * @program: whose clock it goes by
 * @source: a remote source that the relay's picture and sound become
 *
 * Returns: (transfer full): it, stopped
 */
GuestWhep *
guest_whep_new (EngineProgram *program, EngineSource *source)
{
  GuestWhep *self = g_object_new (GUEST_TYPE_WHEP, NULL);

  self->program = g_object_ref (program);
  self->source = g_object_ref (source);
  return self;
}
