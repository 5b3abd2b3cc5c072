/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-sdp.h"
#include "guest-token.h"
#include "guest-whip.h"

/* From an offer to our whole answer. */
#define ANSWER_MS 5000

/* A few candidates, as RFC 8840 writes them, are far shorter. */
#define MAX_FRAGMENT_BYTES 16384

#define MAX_LINES          256

/**
 * GuestWhip:
 *
 * A source to which somebody sends by WHIP (RFC 9725): a broadcasting program, an app on a phone. One
 * at a time: who comes anew takes the place of who was there, who may have lost the network. Main
 * thread only.
 */
struct _GuestWhip {
  GObject parent_instance;

  EngineProgram *program;
  EngineSource *source;
  GuestIce ice; /* a copy */

  GuestPeer *peer;            /* nullable */
  char *session;              /* nullable: its name in our addresses */
  char *etag;                 /* nullable */
  SoupServerMessage *waiting; /* nullable: gets the answer when there is one */
  guint late_id;
};

G_DEFINE_FINAL_TYPE (GuestWhip, guest_whip, G_TYPE_OBJECT)

static guint health_changed_signal;

static void
set_text (SoupServerMessage *message, guint status, const char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/plain; charset=utf-8", SOUP_MEMORY_COPY, text,
                                    strlen (text));
}

/* Whoever waits for an answer gets none. */
static void
let_go (GuestWhip *self, guint status, const char *text)
{
  g_autoptr (SoupServerMessage) waiting = g_steal_pointer (&self->waiting);

  g_clear_handle_id (&self->late_id, g_source_remove);
  if (waiting == NULL)
    return;
  g_signal_handlers_disconnect_by_data (waiting, self);
  set_text (waiting, status, text);
  soup_server_message_unpause (waiting);
}

static void
end_session (GuestWhip *self)
{
  let_go (self, SOUP_STATUS_CONFLICT, "somebody else has begun to send");
  if (self->peer != NULL) {
    g_signal_handlers_disconnect_by_data (self->peer, self);
    guest_peer_close (self->peer);
  }
  g_clear_object (&self->peer);
  g_clear_pointer (&self->session, g_free);
  g_clear_pointer (&self->etag, g_free);
}

static guint
get_status (const GError *error)
{
  if (g_error_matches (error, GUEST_ERROR, GUEST_ERROR_NOT_TAKEN))
    return SOUP_STATUS_NOT_ACCEPTABLE;
  if (g_error_matches (error, GUEST_ERROR, GUEST_ERROR_INVALID))
    return SOUP_STATUS_BAD_REQUEST;
  return SOUP_STATUS_INTERNAL_SERVER_ERROR;
}

static void
failed_cb (GuestPeer *peer, const GError *error, GuestWhip *self)
{
  let_go (self, get_status (error), error->message);
  end_session (self);
}

static void
health_cb (GuestPeer *peer, GuestWhip *self)
{
  g_signal_emit (self, health_changed_signal, 0);
}

static void
answered_cb (GuestPeer *peer, const char *sdp, GuestWhip *self)
{
  g_autoptr (SoupServerMessage) waiting = g_steal_pointer (&self->waiting);
  SoupMessageHeaders *headers = NULL;
  g_autofree char *path = NULL;
  const char *asked = NULL;

  g_clear_handle_id (&self->late_id, g_source_remove);
  if (waiting == NULL)
    return;
  g_signal_handlers_disconnect_by_data (waiting, self);
  headers = soup_server_message_get_response_headers (waiting);
  asked = g_uri_get_path (soup_server_message_get_uri (waiting));
  path = g_strdup_printf ("%s%s%s", asked, g_str_has_suffix (asked, "/") ? "" : "/", self->session);
  soup_message_headers_replace (headers, "Location", path);
  soup_message_headers_replace (headers, "ETag", self->etag);
  soup_message_headers_replace (headers, "Accept-Patch", "application/trickle-ice-sdpfrag");
  soup_server_message_set_status (waiting, SOUP_STATUS_CREATED, NULL);
  soup_server_message_set_response (waiting, "application/sdp", SOUP_MEMORY_COPY, sdp,
                                    strlen (sdp));
  soup_server_message_unpause (waiting);
}

static gboolean
late_cb (gpointer data)
{
  GuestWhip *self = data;

  self->late_id = 0;
  let_go (self, SOUP_STATUS_GATEWAY_TIMEOUT, "no answer came about in time");
  end_session (self);
  return G_SOURCE_REMOVE;
}

/* Who asked has gone before the answer was there. */
static void
gone_cb (SoupServerMessage *message, GuestWhip *self)
{
  g_signal_handlers_disconnect_by_data (message, self);
  g_clear_object (&self->waiting);
  g_clear_handle_id (&self->late_id, g_source_remove);
  end_session (self);
}

/* Returns: (transfer full) (nullable): the body, if it is a text of that type, and short enough */
static char *
get_body (SoupServerMessage *message, const char *type, gsize max_bytes)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);

  if (g_strcmp0 (soup_message_headers_get_content_type (headers, NULL), type) != 0 || size == 0 ||
      size > max_bytes || memchr (data, '\0', size) != NULL)
    return NULL;
  return g_strndup (data, size);
}

static void
begin_session (GuestWhip *self, SoupServerMessage *message, const char *offer)
{
  const GuestPeerConfig config = { .program = self->program, .source = self->source };
  g_autoptr (GuestPeer) peer = guest_peer_new (&config, &self->ice);
  g_autoptr (GError) error = NULL;

  /* One that cannot be taken does not disturb who sends already. */
  if (!guest_peer_take_offer (peer, offer, &error)) {
    set_text (message, get_status (error), error->message);
    return;
  }
  end_session (self);
  self->peer = g_steal_pointer (&peer);
  self->session = guest_token_new ();
  self->etag = g_strdup_printf ("\"%.8s\"", self->session);
  self->waiting = g_object_ref (message);
  self->late_id = g_timeout_add (ANSWER_MS, late_cb, self);
  g_signal_connect (self->peer, "answer", G_CALLBACK (answered_cb), self);
  g_signal_connect (self->peer, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect (self->peer, "health-changed", G_CALLBACK (health_cb), self);
  g_signal_connect (message, "disconnected", G_CALLBACK (gone_cb), self);
  soup_server_message_pause (message);
}

static void
post (GuestWhip *self, SoupServerMessage *message)
{
  g_autofree char *offer = get_body (message, "application/sdp", GUEST_SDP_MAX_BYTES);

  if (offer == NULL)
    set_text (message, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, "an offer in application/sdp is wanted");
  else
    begin_session (self, message, offer);
}

/* What of @fragment is a candidate goes to the peer. */
static gboolean
take_fragment (GuestWhip *self, const char *fragment, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (fragment, "\n", MAX_LINES);

  for (guint i = 0; lines[i] != NULL; i++) {
    const char *line = g_strchomp (lines[i]);

    /* In one bundle all belong to the first part. */
    if (g_str_has_prefix (line, "a=candidate:") &&
        !guest_peer_add_candidate (self->peer, line, 0, error))
      return FALSE;
  }
  return TRUE;
}

static void
patch (GuestWhip *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *match = soup_message_headers_get_one (headers, "If-Match");
  g_autofree char *fragment =
    get_body (message, "application/trickle-ice-sdpfrag", MAX_FRAGMENT_BYTES);
  g_autoptr (GError) error = NULL;

  if (fragment == NULL)
    set_text (message, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE,
              "candidates in application/trickle-ice-sdpfrag are wanted");
  else if (match != NULL && g_strcmp0 (match, self->etag) != 0)
    /* An ICE restart, which would be another session, or one that is over. */
    set_text (message, SOUP_STATUS_PRECONDITION_FAILED, "the session is another one; offer anew");
  else if (!take_fragment (self, fragment, &error))
    set_text (message, SOUP_STATUS_BAD_REQUEST, error->message);
  else
    soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
}

/**
 * guest_whip_answer:
 * @self: a source
 * @message: a request of one who has its token: POST, PATCH or DELETE
 * @session: (nullable): the last part of the address, if it has one behind the token
 *
 * Answers it, perhaps later.
 */
void
guest_whip_answer (GuestWhip *self, SoupServerMessage *message, const char *session)
{
  const char *method = soup_server_message_get_method (message);

  g_return_if_fail (GUEST_IS_WHIP (self));

  if (session == NULL && g_str_equal (method, SOUP_METHOD_POST)) {
    post (self, message);
  } else if (session == NULL || g_str_equal (method, SOUP_METHOD_POST)) {
    set_text (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "an offer is posted to the first address");
  } else if (self->session == NULL || !guest_token_equal (session, self->session)) {
    set_text (message, SOUP_STATUS_NOT_FOUND, "there is no such session");
  } else if (g_str_equal (method, SOUP_METHOD_DELETE)) {
    end_session (self);
    soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  } else {
    patch (self, message);
  }
}

/**
 * guest_whip_get_health:
 * @self: a source
 * @health: (out): how what comes in goes
 *
 * Returns: whether somebody sends
 */
gboolean
guest_whip_get_health (GuestWhip *self, GuestHealth *health)
{
  g_return_val_if_fail (GUEST_IS_WHIP (self), FALSE);

  *health = GUEST_HEALTH_NONE;
  if (self->peer != NULL)
    guest_peer_get_health (self->peer, health);
  return self->peer != NULL;
}

/**
 * guest_whip_close:
 * @self: a source
 *
 * Ends what is there; somebody may come again. May be called twice.
 */
void
guest_whip_close (GuestWhip *self)
{
  g_return_if_fail (GUEST_IS_WHIP (self));

  end_session (self);
}

static void
guest_whip_dispose (GObject *object)
{
  GuestWhip *self = GUEST_WHIP (object);

  end_session (self);
  g_clear_object (&self->program);
  g_clear_object (&self->source);
  G_OBJECT_CLASS (guest_whip_parent_class)->dispose (object);
}

static void
guest_whip_finalize (GObject *object)
{
  g_strfreev (GUEST_WHIP (object)->ice.servers);
  G_OBJECT_CLASS (guest_whip_parent_class)->finalize (object);
}

static void
guest_whip_class_init (GuestWhipClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guest_whip_dispose;
  G_OBJECT_CLASS (klass)->finalize = guest_whip_finalize;
  health_changed_signal = g_signal_new ("health-changed", GUEST_TYPE_WHIP, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
guest_whip_init (GuestWhip *self)
{
}

/**
 * guest_whip_new:
 * @program: the show's
 * @source: what is sent becomes this
 * @ice: (nullable): how the two may find each other; copied
 *
 * Returns: (transfer full): a source to which nobody sends yet
 */
GuestWhip *
guest_whip_new (EngineProgram *program, EngineSource *source, const GuestIce *ice)
{
  GuestWhip *self = g_object_new (GUEST_TYPE_WHIP, NULL);

  self->program = g_object_ref (program);
  self->source = g_object_ref (source);
  if (ice != NULL) {
    self->ice = *ice;
    self->ice.servers = g_strdupv (ice->servers);
  }
  return self;
}
