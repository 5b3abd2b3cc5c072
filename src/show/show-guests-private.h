/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-guests.h"

G_BEGIN_DECLS

/**
 * ShowGuests:
 *
 * Everybody who comes into a show from outside: makes of the event's sources guests of a room, looks
 * up their links, and says to room, sources and journal what each has to know of the others.
 */
struct _ShowGuests {
  GObject parent_instance;
  ShowSession *session; /* borrowed: it owns us */
  ShowLinks *links;
  GuestRoom *room;     /* nullable */
  GListStore *list;    /* of GuestGuest, in the order of their sources */
  GHashTable *noted;   /* source id → GuestState that the journal knows of */
  char *door;          /* nullable: how the room is reached, to know when that is another way */
  GHashTable *secrets; /* TURN address → its secret, as far as they are known */
  GHashTable *tokens;  /* id of a source of kind `whep` → its token, as far as they are known */
  GHashTable *asked;   /* ids of secrets that were looked up */
  GHashTable *pulls;   /* id of a source of kind `whep` → its connection */
  GHashTable *pushes;  /* id of a source of kind `whip` → GuestWhip, the room's */
  guint n_asked;       /* answers that the room waits for */
  guint patience_id;
  guint retry_id;
  gboolean failed;           /* to open the room */
  gboolean green_room_hears; /* as the event says */
  ShowSecrets *store;        /* nullable: not started */
  guint former_port;         /* 0: any */
  GCancellable *cancellable;
};

/* What is known of one guest is passed on. */
void _show_guests_follow (ShowGuests *self, GuestGuest *guest);
void _show_guests_expect (ShowGuests *self);
void _show_guests_tell_show (ShowGuests *self);
void _show_guests_follow_show (ShowGuests *self);
void _show_guests_note_link (ShowGuests *self, const char *id, const GError *why);

/* The room as the event wants it. */
void _show_guests_configure (ShowGuests *self);
void _show_guests_apply_hearing (ShowGuests *self);
void _show_guests_open (ShowGuests *self);
void _show_guests_look_up_turn (ShowGuests *self);

/* Sources that come without our page. */
void _show_guests_sync_remotes (ShowGuests *self);
void _show_guests_drop_remotes (ShowGuests *self, GPtrArray *staying);
void _show_guests_stop_remotes (ShowGuests *self);
void _show_guests_free_pull (gpointer pull);
GuestIce *_show_guests_make_ice (ShowGuests *self, const char *who);

const EventSource *_show_guests_find_record (ShowGuests *self, const char *id);

G_END_DECLS
