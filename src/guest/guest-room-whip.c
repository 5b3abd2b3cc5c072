/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-room-private.h"
#include "web-token.h"

/* A way in, and what its address ends with. */
typedef struct {
  char *id;
  char *token; /* nullable: it is void */
  GuestWhip *whip;
} Way;

void
_guest_room_way_free (gpointer data)
{
  Way *self = data;

  guest_whip_close (self->whip);
  g_object_unref (self->whip);
  g_free (self->token);
  g_free (self->id);
  g_free (self);
}

static Way *
find_way (GuestRoom *self, GuestWhip *whip)
{
  for (guint i = 0; i < self->ways->len; i++) {
    Way *way = self->ways->pdata[i];

    if (way->whip == whip)
      return way;
  }
  return NULL;
}

/* For the server's "whip": whether it is one of ours. */
gboolean
_guest_room_take_whip (GuestRoom *self, SoupServerMessage *message, const char *token,
                       const char *session)
{
  Way *found = NULL;

  /* All of them, so that the time it takes tells nothing. */
  for (guint i = 0; i < self->ways->len; i++) {
    Way *way = self->ways->pdata[i];

    if (web_token_equal (way->token, token))
      found = way;
  }
  if (found == NULL)
    return FALSE;

  g_autoptr (GuestIce) ice =
    guest_ice_new (&self->settings->config.ice, found->id, g_get_real_time () / G_USEC_PER_SEC);
  guest_whip_handle (found->whip, message, token, session, ice);
  return TRUE;
}

/**
 * guest_room_add_whip:
 * @self: a room
 * @id: the id of the source
 * @token: (nullable): what its address ends with, see web_token_new ()
 * @source: a remote source that picture and sound become
 *
 * Lets a program send by WHIP while the room is open.
 *
 * Returns: (transfer none): the way in
 */
GuestWhip *
guest_room_add_whip (GuestRoom *self, const char *id, const char *token, EngineSource *source)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), NULL);
  g_return_val_if_fail (id != NULL && ENGINE_IS_SOURCE (source), NULL);

  Way *way = g_new0 (Way, 1);

  way->id = g_strdup (id);
  way->token = g_strdup (token);
  way->whip = guest_whip_new (self->program, source);
  g_ptr_array_add (self->ways, way);
  return way->whip;
}

/**
 * guest_room_remove_whip:
 * @self: a room
 * @whip: one of its ways in
 *
 * Ends what comes in, and its address is void. Call it before the source is removed.
 */
void
guest_room_remove_whip (GuestRoom *self, GuestWhip *whip)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  Way *way = find_way (self, whip);

  if (way != NULL)
    g_ptr_array_remove (self->ways, way);
}

/**
 * guest_room_renew_whip:
 * @self: a room
 * @whip: one of its ways in
 * @token: (nullable): what its address ends with from now on; who used the old one is put out
 */
void
guest_room_renew_whip (GuestRoom *self, GuestWhip *whip, const char *token)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  Way *way = find_way (self, whip);

  if (way == NULL || g_strcmp0 (way->token, token) == 0)
    return;
  guest_whip_close (whip);
  g_free (way->token);
  way->token = g_strdup (token);
}

/**
 * guest_room_make_whip_address:
 * @self: a room
 * @whip: one of its ways in
 *
 * Returns: (transfer full) (nullable): where a program sends to; `NULL` while the room is closed
 */
char *
guest_room_make_whip_address (GuestRoom *self, GuestWhip *whip)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), NULL);

  const Way *way = find_way (self, whip);
  const char *base = _guest_room_get_base (self);

  if (way == NULL || way->token == NULL || base == NULL)
    return NULL;
  return g_strdup_printf (g_str_has_suffix (base, "/") ? "%swhip/%s" : "%s/whip/%s", base,
                          way->token);
}

void
_guest_room_close_whips (GuestRoom *self)
{
  for (guint i = 0; i < self->ways->len; i++)
    guest_whip_close (((Way *) self->ways->pdata[i])->whip);
}
