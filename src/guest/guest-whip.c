/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "common-util.h"
#include "guest-peer.h"
#include "guest-whip.h"
#include "web-reply.h"
#include "web-token.h"

#define OFFER_TYPE       "application/sdp"
#define TRICKLE_TYPE     "application/trickle-ice-sdpfrag"
#define ANSWER_TIMEOUT_S 10
#define MAX_CANDIDATES   64

/* A pipeline each; who sends offers without end gets no more of them. */
#define MAX_OFFERS   8
#define OFFER_EACH_S 3

/**
 * GuestWhip:
 *
 * A way in for programs that send picture and sound by WHIP, as OBS does: they offer, we answer. One
 * at a time; who comes later with the same token takes over.
 */
struct _GuestWhip {
  GObject parent_instance;

  EngineProgram *program;
  EngineSource *source;
  GuestPeer *peer;            /* nullable */
  char *session;              /* nullable: of the peer */
  SoupServerMessage *message; /* nullable: an offer that waits for its answer */
  char *location;             /* nullable: what it will be told */
  gulong gone_id;
  guint timeout_id;
  double offers_left;
  gint64 offers_us;
  gboolean connected;
  GError *error; /* nullable */
};

G_DEFINE_FINAL_TYPE (GuestWhip, guest_whip, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_CONNECTED,
  PROP_ERROR,
  N_PROPS
};

enum {
  SIGNAL_HEALTH_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
set_connected (GuestWhip *self, gboolean connected)
{
  if (self->connected == connected)
    return;
  self->connected = connected;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTED]);
}

static void
set_error (GuestWhip *self, const GError *error)
{
  if (common_set_error (&self->error, error))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

/* Takes the request that waits; it must be answered by the caller. */
static SoupServerMessage *
take_message (GuestWhip *self)
{
  SoupServerMessage *message = g_steal_pointer (&self->message);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  if (message != NULL)
    g_clear_signal_handler (&self->gone_id, message);
  return message;
}

static void
refuse (GuestWhip *self, guint status)
{
  g_autoptr (SoupServerMessage) message = take_message (self);

  if (message == NULL)
    return;
  web_reply_status (message, status, NULL);
  soup_server_message_unpause (message);
}

static void
drop_peer (GuestWhip *self)
{
  g_autoptr (GuestPeer) peer = g_steal_pointer (&self->peer);

  g_clear_pointer (&self->session, g_free);
  refuse (self, SOUP_STATUS_SERVICE_UNAVAILABLE);
  if (peer == NULL)
    return;
  g_signal_handlers_disconnect_by_data (peer, self);
  guest_peer_close (peer);
  set_connected (self, FALSE);
}

static void
answer_cb (GuestPeer *peer, const char *sdp, gpointer user_data)
{
  GuestWhip *self = user_data;
  g_autoptr (SoupServerMessage) message = take_message (self);

  if (message == NULL)
    return;

  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  soup_message_headers_replace (headers, "Location", self->location);
  soup_message_headers_replace (headers, "Content-Type", OFFER_TYPE);
  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_COPY, sdp,
                            strlen (sdp));
  soup_message_headers_set_content_length (headers, (goffset) strlen (sdp));
  soup_server_message_set_status (message, SOUP_STATUS_CREATED, NULL);
  soup_server_message_unpause (message);
}

static void
connected_cb (GuestPeer *peer, gpointer user_data)
{
  set_error (user_data, NULL);
  set_connected (user_data, TRUE);
}

static void
failed_cb (GuestPeer *peer, const GError *error, gpointer user_data)
{
  GuestWhip *self = user_data;

  g_message ("WHIP %s: %s", engine_source_get_id (self->source), error->message);
  set_error (self, error);
  refuse (self, SOUP_STATUS_NOT_ACCEPTABLE);
  drop_peer (self);
}

static void
health_cb (GuestPeer *peer, gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_HEALTH_CHANGED], 0);
}

static gboolean
too_late_cb (gpointer user_data)
{
  GuestWhip *self = user_data;

  self->timeout_id = 0;
  drop_peer (self);
  return G_SOURCE_REMOVE;
}

/* He hung up before he was answered. */
static void
gone_cb (SoupServerMessage *message, gpointer user_data)
{
  GuestWhip *self = user_data;
  g_autoptr (SoupServerMessage) owned = take_message (self);

  drop_peer (self);
}

static gboolean
may_offer (GuestWhip *self)
{
  const gint64 now_us = g_get_monotonic_time ();

  self->offers_left = MIN (MAX_OFFERS, self->offers_left + (double) (now_us - self->offers_us) /
                                                             (OFFER_EACH_S * G_TIME_SPAN_SECOND));
  self->offers_us = now_us;
  if (self->offers_left < 1)
    return FALSE;
  self->offers_left--;
  return TRUE;
}

static gboolean
is_type (SoupServerMessage *message, const char *type)
{
  const char *said =
    soup_message_headers_get_content_type (soup_server_message_get_request_headers (message), NULL);

  return said != NULL && g_ascii_strcasecmp (said, type) == 0;
}

static char *
read_body (SoupServerMessage *message)
{
  g_autoptr (GBytes) bytes =
    soup_message_body_flatten (soup_server_message_get_request_body (message));
  gsize length = 0;
  const char *data = g_bytes_get_data (bytes, &length);

  return g_strndup (data != NULL ? data : "", length);
}

static void
take_offer (GuestWhip *self, SoupServerMessage *message, const char *token, const GuestIce *ice)
{
  const GuestPeerConfig config = { .program = self->program, .source = self->source };
  g_autofree char *sdp = read_body (message);
  g_autoptr (GError) error = NULL;

  if (!is_type (message, OFFER_TYPE)) {
    web_reply_status (message, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, NULL);
    return;
  }
  if (!may_offer (self)) {
    web_reply_status (message, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
    return;
  }

  drop_peer (self);
  self->peer = guest_peer_new (&config, ice);
  self->session = web_token_new ();
  g_free (self->location);
  self->location = g_strdup_printf ("/whip/%s/%s", token, self->session);
  self->message = g_object_ref (message);
  self->gone_id = g_signal_connect (message, "disconnected", G_CALLBACK (gone_cb), self);
  self->timeout_id = g_timeout_add_seconds (ANSWER_TIMEOUT_S, too_late_cb, self);
  soup_server_message_pause (message);
  g_signal_connect (self->peer, "answer", G_CALLBACK (answer_cb), self);
  g_signal_connect (self->peer, "connected", G_CALLBACK (connected_cb), self);
  g_signal_connect (self->peer, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect (self->peer, "health-changed", G_CALLBACK (health_cb), self);
  if (!guest_peer_take_offer (self->peer, sdp, &error)) {
    g_message ("WHIP %s: %s", engine_source_get_id (self->source), error->message);
    set_error (self, error);
    refuse (self, g_error_matches (error, GUEST_ERROR, GUEST_ERROR_INVALID)
                    ? SOUP_STATUS_BAD_REQUEST
                    : SOUP_STATUS_NOT_ACCEPTABLE);
    drop_peer (self);
  }
}

/* Candidates that came later: lines of a piece of SDP. All media go over the first one's way. */
static void
take_candidates (GuestWhip *self, SoupServerMessage *message)
{
  g_autofree char *text = read_body (message);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = 0;

  if (!is_type (message, TRICKLE_TYPE)) {
    web_reply_status (message, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, NULL);
    return;
  }
  for (gsize i = 0; lines[i] != NULL && n < MAX_CANDIDATES; i++) {
    const char *line = g_strstrip (lines[i]);

    if (!g_str_has_prefix (line, "a=candidate:"))
      continue;
    n++;
    /* One that cannot be used is left out; others may do. */
    guest_peer_add_candidate (self->peer, line + strlen ("a="), 0, NULL);
  }
  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
}

static void
guest_whip_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GuestWhip *self = GUEST_WHIP (object);

  switch (id) {
  case PROP_CONNECTED:
    g_value_set_boolean (value, self->connected);
    break;
  case PROP_ERROR:
    g_value_set_boxed (value, self->error);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
guest_whip_dispose (GObject *object)
{
  GuestWhip *self = GUEST_WHIP (object);

  drop_peer (self);
  g_clear_object (&self->source);
  g_clear_object (&self->program);
  G_OBJECT_CLASS (guest_whip_parent_class)->dispose (object);
}

static void
guest_whip_finalize (GObject *object)
{
  GuestWhip *self = GUEST_WHIP (object);

  g_free (self->location);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (guest_whip_parent_class)->finalize (object);
}

static void
guest_whip_class_init (GuestWhipClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = guest_whip_get_property;
  object_class->dispose = guest_whip_dispose;
  object_class->finalize = guest_whip_finalize;

  properties[PROP_CONNECTED] = g_param_spec_boolean ("connected", NULL, NULL, FALSE, ro);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_HEALTH_CHANGED] =
    g_signal_new ("health-changed", GUEST_TYPE_WHIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
guest_whip_init (GuestWhip *self)
{
  self->offers_left = MAX_OFFERS;
  self->offers_us = g_get_monotonic_time ();
}

/**
 * guest_whip_new:
 * @program: whose clock is followed
 * @source: a remote source, what comes in becomes it
 *
 * Returns: (transfer full): a way in that nobody uses
 */
GuestWhip *
guest_whip_new (EngineProgram *program, EngineSource *source)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (program) && ENGINE_IS_SOURCE (source), NULL);

  GuestWhip *self = g_object_new (GUEST_TYPE_WHIP, NULL);

  self->program = g_object_ref (program);
  self->source = g_object_ref (source);
  return self;
}

EngineSource *
guest_whip_get_source (GuestWhip *self)
{
  g_return_val_if_fail (GUEST_IS_WHIP (self), NULL);

  return self->source;
}

gboolean
guest_whip_get_connected (GuestWhip *self)
{
  g_return_val_if_fail (GUEST_IS_WHIP (self), FALSE);

  return self->connected;
}

const GError *
guest_whip_get_error (GuestWhip *self)
{
  g_return_val_if_fail (GUEST_IS_WHIP (self), NULL);

  return self->error;
}

void
guest_whip_get_health (GuestWhip *self, GuestHealth *health)
{
  g_return_if_fail (GUEST_IS_WHIP (self));

  *health = GUEST_HEALTH_NONE;
  if (self->peer != NULL)
    guest_peer_get_health (self->peer, health);
}

/**
 * guest_whip_handle:
 * @self: a way in
 * @message: a request by somebody who has its token
 * @token: the token
 * @session: (nullable): what we called the connection that he means
 * @ice: for a new one
 *
 * Answers: to an offer when ours is ready, within ten seconds.
 */
void
guest_whip_handle (GuestWhip *self, SoupServerMessage *message, const char *token,
                   const char *session, const GuestIce *ice)
{
  g_return_if_fail (GUEST_IS_WHIP (self));

  const char *method = soup_server_message_get_method (message);

  if (session == NULL && g_str_equal (method, SOUP_METHOD_POST)) {
    take_offer (self, message, token, ice);
  } else if (session == NULL) {
    web_reply_status (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "POST, OPTIONS");
  } else if (!web_token_equal (session, self->session)) {
    web_reply_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  } else if (g_str_equal (method, SOUP_METHOD_DELETE)) {
    drop_peer (self);
    soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  } else if (g_str_equal (method, "PATCH")) {
    take_candidates (self, message);
  } else {
    web_reply_status (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "PATCH, DELETE, OPTIONS");
  }
}

/**
 * guest_whip_close:
 * @self: a way in
 *
 * Ends what comes in. May be called twice.
 */
void
guest_whip_close (GuestWhip *self)
{
  g_return_if_fail (GUEST_IS_WHIP (self));

  drop_peer (self);
}
