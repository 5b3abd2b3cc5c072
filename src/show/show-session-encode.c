/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-session-private.h"

static void
changed_cb (ShowSession *self)
{
  g_object_notify (G_OBJECT (self), "plan");
}

/**
 * _show_session_prepare_encode:
 * @self: a session whose destinations are there
 */
void
_show_session_prepare_encode (ShowSession *self)
{
  self->encode = show_encode_new (self->event, self->program, G_LIST_MODEL (self->destinations));
  g_signal_connect_object (self->encode, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * show_session_get_plan:
 * @self: a session
 *
 * Returns: (transfer none) (array zero-terminated=1): how the program is encoded, or would be if it
 *   went live now, and why: whole sentences for the operator
 */
const char *const *
show_session_get_plan (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return show_encode_get_sentences (self->encode);
}
