/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "livepage-wait.h"

#define WAIT_S      5
#define GATHER_MS   20 /* what changes together is told together */
#define MAX_WAITING 5000

struct _LivepageWait {
  LivepageWaitFunc answer;
  gpointer user_data;
  GPtrArray *messages; /* of SoupServerMessage, paused */
  guint wake_id;
  guint timeout_id;
};

/**
 * livepage_wait_new:
 * @answer: fills in the answer to a request
 * @user_data: for @answer
 *
 * Returns: (transfer full): where nobody waits yet
 */
LivepageWait *
livepage_wait_new (LivepageWaitFunc answer, gpointer user_data)
{
  LivepageWait *self = g_new0 (LivepageWait, 1);

  self->answer = answer;
  self->user_data = user_data;
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

void
livepage_wait_free (LivepageWait *self)
{
  livepage_wait_flush (self);
  g_ptr_array_unref (self->messages);
  g_free (self);
}

static gboolean
wake_cb (gpointer user_data)
{
  LivepageWait *self = user_data;

  self->wake_id = 0;
  livepage_wait_flush (self);
  return G_SOURCE_REMOVE;
}

static gboolean
timeout_cb (gpointer user_data)
{
  LivepageWait *self = user_data;

  self->timeout_id = 0;
  livepage_wait_flush (self);
  return G_SOURCE_REMOVE;
}

/**
 * livepage_wait_add:
 * @self: those who wait
 * @message: a request that has no answer yet
 *
 * Returns: whether it waits now; not if too many do already
 */
gboolean
livepage_wait_add (LivepageWait *self, SoupServerMessage *message)
{
  if (self->messages->len >= MAX_WAITING)
    return FALSE;
  soup_server_message_pause (message);
  g_ptr_array_add (self->messages, g_object_ref (message));
  if (self->timeout_id == 0)
    self->timeout_id = g_timeout_add_seconds (WAIT_S, timeout_cb, self);
  return TRUE;
}

/* Something changed: everyone is told in a moment. */
void
livepage_wait_wake (LivepageWait *self)
{
  if (self->messages->len > 0 && self->wake_id == 0)
    self->wake_id = g_timeout_add (GATHER_MS, wake_cb, self);
}

/* Everyone is told now. */
void
livepage_wait_flush (LivepageWait *self)
{
  g_autoptr (GPtrArray) messages = g_steal_pointer (&self->messages);

  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_clear_handle_id (&self->wake_id, g_source_remove);
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  for (guint i = 0; i < messages->len; i++) {
    self->answer (messages->pdata[i], self->user_data);
    soup_server_message_unpause (messages->pdata[i]);
  }
}
