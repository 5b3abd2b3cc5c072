/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-room.h"
#include "show-links.h"
#include "show-session.h"

G_BEGIN_DECLS

#define SHOW_TYPE_GUESTS (show_guests_get_type ())
G_DECLARE_FINAL_TYPE (ShowGuests, show_guests, SHOW, GUESTS, GObject)

/* Those of a session's event who come from outside. Main thread only. */
ShowGuests *show_guests_new (ShowSession *session);
void show_guests_start (ShowGuests *self, ShowSecrets *secrets, guint former_port);
void show_guests_stop (ShowGuests *self);
void show_guests_leave (ShowGuests *self, GPtrArray *sources);
void show_guests_sync (ShowGuests *self);
void show_guests_revoke (ShowGuests *self, const char *id);
void show_guests_renew (ShowGuests *self, const char *id);
void show_guests_learn_turn (ShowGuests *self, const char *address, const char *secret);
void show_guests_learn_whep (ShowGuests *self, const char *id, const char *token);
GListModel *show_guests_get_list (ShowGuests *self); /* of GuestGuest */
GuestRoom *show_guests_get_room (ShowGuests *self);  /* nullable: not before it has started */
char *show_guests_make_whip_address (ShowGuests *self, const char *id);
gboolean show_guests_look_at (ShowGuests *self, const char *id, ShowRemote *remote);
ShowLinks *show_guests_get_links (ShowGuests *self);
char *show_guests_make_link_id (const EventSource *source);

G_END_DECLS
