/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-guest-private.h"
#include "guest-room-private.h"

void
_guest_room_update_hearing (GuestRoom *self)
{
}

/**
 * guest_room_set_view_source:
 * @self: a room
 * @room_camera: (nullable): what a guest may look at instead of the program
 */
void
guest_room_set_view_source (GuestRoom *self, EngineSource *room_camera)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  g_set_object (&self->view, room_camera);
}

/**
 * guest_room_set_schedule:
 * @self: a room
 * @title: (nullable): the talk being given, or the first one
 * @speakers: (nullable): who gives it
 * @starts_s, @ends_s: unix time; 0: not known
 * @next_title: (nullable): what comes after it
 * @next_starts_s: unix time; 0: not known
 */
void
guest_room_set_schedule (GuestRoom *self, const char *title, const char *speakers, gint64 starts_s,
                         gint64 ends_s, const char *next_title, gint64 next_starts_s)
{
  g_return_if_fail (GUEST_IS_ROOM (self));
}

void
guest_room_set_live (GuestRoom *self, gboolean live)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  self->live = !!live;
}

/**
 * guest_room_talk_to:
 * @self: a room
 * @guests: (array length=n_guests): who hears the operator's microphone
 * @n_guests: 0: nobody any more
 */
void
guest_room_talk_to (GuestRoom *self, GuestGuest *const *guests, guint n_guests)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  for (guint i = 0; i < self->calls->len; i++) {
    GuestGuest *guest = guest_call_get_guest (self->calls->pdata[i]);
    gboolean talked_to = FALSE;

    for (guint j = 0; j < n_guests; j++)
      talked_to |= guests[j] == guest;
    _guest_guest_set_talked_to (guest, talked_to);
  }
}

void
guest_room_set_green_room_hears (GuestRoom *self, gboolean hears)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  if (self->green_room_hears == !!hears)
    return;
  self->green_room_hears = !!hears;
  _guest_room_notify (self, GUEST_ROOM_PROP_GREEN_ROOM_HEARS);
  _guest_room_update_hearing (self);
}

void
guest_room_check_reach_async (GuestRoom *self, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GPtrArray *results = g_ptr_array_new_with_free_func ((GDestroyNotify) guest_reach_free);

  g_ptr_array_add (results, guest_reach_new (GUEST_REACH_PAGE, NULL, GUEST_REACH_NOT_SET, ""));
  g_task_return_pointer (task, results, (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
guest_room_check_reach_finish (GuestRoom *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
