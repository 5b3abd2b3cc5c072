/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-settings.h"

static const char *
keep (GuestSettings *self, const char *text)
{
  char *copy = g_strdup (text);

  if (copy != NULL)
    g_ptr_array_add (self->owned, copy);
  return copy;
}

static const char *const *
keep_list (GuestSettings *self, const char *const *list)
{
  gsize n = 0;

  if (list == NULL || list[0] == NULL)
    return NULL;
  while (list[n] != NULL)
    n++;

  const char **copy = g_new0 (const char *, n + 1);
  g_ptr_array_add (self->owned, copy);
  for (gsize i = 0; i < n; i++)
    copy[i] = keep (self, list[i]);
  return copy;
}

static void
keep_turns (GuestSettings *self, const GuestIceConfig *ice)
{
  GuestTurn *turns = g_new0 (GuestTurn, ice->n_turns);

  g_ptr_array_add (self->owned, turns);
  for (guint i = 0; i < ice->n_turns; i++) {
    turns[i].address = keep (self, ice->turns[i].address);
    turns[i].user = keep (self, ice->turns[i].user);
    turns[i].secret = keep (self, ice->turns[i].secret);
    turns[i].shared_secret = ice->turns[i].shared_secret;
  }
  self->config.ice.turns = turns;
}

static void
settings_clear (gpointer data)
{
  GuestSettings *self = data;

  g_ptr_array_unref (self->owned);
}

/**
 * guest_settings_new:
 * @config: what is copied
 *
 * Returns: (transfer full): the copy
 */
GuestSettings *
guest_settings_new (const GuestRoomConfig *config)
{
  GuestSettings *self = g_rc_box_new0 (GuestSettings);

  self->owned = g_ptr_array_new_with_free_func (g_free);
  self->config = *config;
  self->config.event = keep (self, config->event != NULL ? config->event : "");
  self->config.language = keep (self, config->language);
  self->config.address = keep (self, config->address != NULL ? config->address : "127.0.0.1");
  self->config.certificate_path = keep (self, config->certificate_path);
  self->config.key_path = keep (self, config->key_path);
  self->config.folder = keep (self, config->folder);
  self->config.public_uri = keep (self, config->public_uri);
  self->config.tunnel = keep_list (self, config->tunnel);
  self->config.ice.stun = keep_list (self, config->ice.stun);
  self->config.most = config->most != 0 ? config->most : GUEST_ROOM_MOST;
  keep_turns (self, &config->ice);
  return self;
}

GuestSettings *
guest_settings_ref (GuestSettings *self)
{
  return g_rc_box_acquire (self);
}

void
guest_settings_unref (GuestSettings *self)
{
  g_rc_box_release_full (self, settings_clear);
}
