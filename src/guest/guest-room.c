/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "guest-guest-private.h"
#include "guest-room-private.h"

G_DEFINE_FINAL_TYPE (GuestRoom, guest_room, G_TYPE_OBJECT)

GuestCall *
_guest_room_find_call (GuestRoom *self, GuestGuest *guest)
{
  for (guint i = 0; i < self->calls->len; i++) {
    if (guest_call_get_guest (self->calls->pdata[i]) == guest)
      return self->calls->pdata[i];
  }
  return NULL;
}

static void
guest_room_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GuestRoom *self = GUEST_ROOM (object);

  switch ((GuestRoomProp) id) {
  case GUEST_ROOM_PROP_OPEN:
    g_value_set_boolean (value, self->open);
    break;
  case GUEST_ROOM_PROP_ERROR:
    g_value_set_boxed (value, self->error);
    break;
  case GUEST_ROOM_PROP_ADDRESS:
    g_value_set_string (value, self->address);
    break;
  case GUEST_ROOM_PROP_LAN_ADDRESS:
    g_value_set_string (value, self->lan_address);
    break;
  case GUEST_ROOM_PROP_PUBLIC_ADDRESS:
    g_value_set_string (value, self->public_address);
    break;
  case GUEST_ROOM_PROP_TUNNEL_STATE:
    g_value_set_enum (value, guest_room_get_tunnel_state (self));
    break;
  case GUEST_ROOM_PROP_TUNNEL_ERROR:
    g_value_set_boxed (value, guest_room_get_tunnel_error (self));
    break;
  case GUEST_ROOM_PROP_GREEN_ROOM_HEARS:
    g_value_set_boolean (value, self->green_room_hears);
    break;
  case GUEST_ROOM_PROP_REACH:
    g_value_set_boxed (value, self->reach);
    break;
  case GUEST_ROOM_PROP_CHECKING_REACH:
    g_value_set_boolean (value, self->checking_reach);
    break;
  case GUEST_ROOM_N_PROPS:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
guest_room_dispose (GObject *object)
{
  GuestRoom *self = GUEST_ROOM (object);

  if (self->settings != NULL)
    guest_room_close (self);
  g_ptr_array_set_size (self->calls, 0);
  g_ptr_array_set_size (self->ways, 0);
  g_list_store_remove_all (self->guests);
  g_clear_object (&self->view);
  g_clear_object (&self->program);
  G_OBJECT_CLASS (guest_room_parent_class)->dispose (object);
}

static void
guest_room_finalize (GObject *object)
{
  GuestRoom *self = GUEST_ROOM (object);

  g_clear_pointer (&self->settings, guest_settings_unref);
  g_clear_pointer (&self->reach, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_free (self->schedule.title);
  g_free (self->schedule.speakers);
  g_free (self->schedule.next_title);
  g_free (self->schedule.next_speakers);
  g_free (self->address);
  g_free (self->lan_address);
  g_free (self->public_address);
  g_ptr_array_unref (self->calls);
  g_ptr_array_unref (self->ways);
  g_object_unref (self->guests);
  G_OBJECT_CLASS (guest_room_parent_class)->finalize (object);
}

static GParamSpec *properties[GUEST_ROOM_N_PROPS];

void
_guest_room_notify (GuestRoom *self, GuestRoomProp property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
guest_room_class_init (GuestRoomClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = guest_room_get_property;
  object_class->dispose = guest_room_dispose;
  object_class->finalize = guest_room_finalize;

  properties[GUEST_ROOM_PROP_OPEN] = g_param_spec_boolean ("open", NULL, NULL, FALSE, ro);
  properties[GUEST_ROOM_PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, ro);
  properties[GUEST_ROOM_PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, ro);
  properties[GUEST_ROOM_PROP_LAN_ADDRESS] =
    g_param_spec_string ("lan-address", NULL, NULL, NULL, ro);
  properties[GUEST_ROOM_PROP_PUBLIC_ADDRESS] =
    g_param_spec_string ("public-address", NULL, NULL, NULL, ro);
  properties[GUEST_ROOM_PROP_TUNNEL_STATE] =
    g_param_spec_enum ("tunnel-state", NULL, NULL, GUEST_TYPE_TUNNEL_STATE, GUEST_TUNNEL_OFF, ro);
  properties[GUEST_ROOM_PROP_TUNNEL_ERROR] =
    g_param_spec_boxed ("tunnel-error", NULL, NULL, G_TYPE_ERROR, ro);
  properties[GUEST_ROOM_PROP_GREEN_ROOM_HEARS] =
    g_param_spec_boolean ("green-room-hears", NULL, NULL, FALSE, ro);
  properties[GUEST_ROOM_PROP_REACH] =
    g_param_spec_boxed ("reach", NULL, NULL, G_TYPE_PTR_ARRAY, ro);
  properties[GUEST_ROOM_PROP_CHECKING_REACH] =
    g_param_spec_boolean ("checking-reach", NULL, NULL, FALSE, ro);
  g_object_class_install_properties (object_class, GUEST_ROOM_N_PROPS, properties);
}

static void
guest_room_init (GuestRoom *self)
{
  self->guests = g_list_store_new (GUEST_TYPE_GUEST);
  self->calls = g_ptr_array_new_with_free_func (g_object_unref);
  self->ways = g_ptr_array_new_with_free_func (_guest_room_way_free);
}

/**
 * guest_room_new:
 * @program: what the guests see and hear
 * @config: how they reach it
 *
 * Returns: (transfer full): a room that is closed
 */
GuestRoom *
guest_room_new (EngineProgram *program, const GuestRoomConfig *config)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (program), NULL);
  g_return_val_if_fail (config != NULL, NULL);

  GuestRoom *self = g_object_new (GUEST_TYPE_ROOM, NULL);

  self->program = g_object_ref (program);
  self->settings = guest_settings_new (config);
  self->green_room_hears = !!config->green_room_hears;
  return self;
}

static void
answered_cb (GuestCall *call, gpointer user_data)
{
  _guest_room_tell (user_data, call);
}

/**
 * guest_room_add:
 * @self: a room
 * @id: the id of his source
 * @name: what he is called
 * @token: (nullable): what his link ends with, see web_token_new (); `NULL`: he has none now
 * @source: a remote source that his picture and sound become
 * @screen: (nullable): another, for his screen
 *
 * Returns: (transfer none): the guest, who is invited
 */
GuestGuest *
guest_room_add (GuestRoom *self, const char *id, const char *name, const char *token,
                EngineSource *source, EngineSource *screen)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), NULL);
  g_return_val_if_fail (id != NULL && name != NULL && ENGINE_IS_SOURCE (source), NULL);

  g_autoptr (GuestGuest) guest = _guest_guest_new (id, name, source, screen);
  GuestCall *call = guest_call_new (self->program, guest, token);

  g_ptr_array_add (self->calls, call);
  guest_call_set_view (call, self->view);
  g_signal_connect_object (call, "answered", G_CALLBACK (answered_cb), self, 0);
  g_signal_connect_object (guest, "notify::place", G_CALLBACK (_guest_room_update_hearing), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (guest, "notify::connected", G_CALLBACK (_guest_room_update_hearing),
                           self, G_CONNECT_SWAPPED);
  _guest_guest_set_revoked (guest, token == NULL);
  g_list_store_append (self->guests, guest);
  _guest_room_update_links (self);
  return guest;
}

/**
 * guest_room_remove:
 * @self: a room
 * @guest: one of its guests
 *
 * Says goodbye to him; his link is void. Call it before his source is removed.
 */
void
guest_room_remove (GuestRoom *self, GuestGuest *guest)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  GuestCall *call = _guest_room_find_call (self, guest);
  guint position = 0;

  if (call == NULL)
    return;
  _guest_room_stop_talking_to (self, guest);
  guest_call_set_token (call, NULL);
  guest_call_close (call, "revoked");
  g_ptr_array_remove (self->calls, call);
  if (g_list_store_find (self->guests, guest, &position))
    g_list_store_remove (self->guests, position);
  _guest_room_update_hearing (self);
}

GListModel *
guest_room_get_guests (GuestRoom *self)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), NULL);

  return G_LIST_MODEL (self->guests);
}

GuestGuest *
guest_room_find (GuestRoom *self, const char *id)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), NULL);

  for (guint i = 0; i < self->calls->len; i++) {
    GuestGuest *guest = guest_call_get_guest (self->calls->pdata[i]);

    if (g_strcmp0 (guest_guest_get_id (guest), id) == 0)
      return guest;
  }
  return NULL;
}

/**
 * guest_room_set_screen:
 * @self: a room
 * @guest: one of its guests
 * @screen: (nullable): the source for his screen
 */
void
guest_room_set_screen (GuestRoom *self, GuestGuest *guest, EngineSource *screen)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  if (_guest_room_find_call (self, guest) != NULL)
    _guest_guest_set_screen (guest, screen);
}

/**
 * guest_room_revoke:
 * @self: a room
 * @guest: one of its guests
 *
 * His link is void at once, and he is put out.
 */
void
guest_room_revoke (GuestRoom *self, GuestGuest *guest)
{
  guest_room_renew (self, guest, NULL);
}

/**
 * guest_room_renew:
 * @self: a room
 * @guest: one of its guests
 * @token: (nullable): what his link ends with from now on; the old one is void
 */
void
guest_room_renew (GuestRoom *self, GuestGuest *guest, const char *token)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  GuestCall *call = _guest_room_find_call (self, guest);

  if (call == NULL || g_strcmp0 (guest_call_get_token (call), token) == 0)
    return;
  guest_call_set_token (call, token);
  guest_call_close (call, "revoked");
  _guest_guest_set_revoked (guest, token == NULL);
  _guest_room_update_links (self);
}

gboolean
guest_room_get_open (GuestRoom *self)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), FALSE);

  return self->open;
}

const GError *
guest_room_get_error (GuestRoom *self)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), NULL);

  return self->error;
}

const char *
guest_room_get_address (GuestRoom *self)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), NULL);

  return self->address;
}

const char *
guest_room_get_lan_address (GuestRoom *self)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), NULL);

  return self->lan_address;
}

const char *
guest_room_get_public_address (GuestRoom *self)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), NULL);

  return self->public_address;
}

GuestTunnelState
guest_room_get_tunnel_state (GuestRoom *self)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), GUEST_TUNNEL_OFF);

  return self->tunnel != NULL ? guest_tunnel_get_state (self->tunnel) : GUEST_TUNNEL_OFF;
}

const GError *
guest_room_get_tunnel_error (GuestRoom *self)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), NULL);

  return self->tunnel != NULL ? guest_tunnel_get_error (self->tunnel) : NULL;
}

GPtrArray *
guest_room_get_reach (GuestRoom *self)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), NULL);

  return self->reach;
}

gboolean
guest_room_get_checking_reach (GuestRoom *self)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), FALSE);

  return self->checking_reach;
}

gboolean
guest_room_get_green_room_hears (GuestRoom *self)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), FALSE);

  return self->green_room_hears;
}
