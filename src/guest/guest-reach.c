/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-reach.h"

G_DEFINE_BOXED_TYPE (GuestReach, guest_reach, guest_reach_copy, guest_reach_free)

G_DEFINE_ENUM_TYPE (GuestReachWhat, guest_reach_what,
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_PAGE, "page"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_WEBSOCKET, "websocket"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_STUN, "stun"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_TURN, "turn"))

G_DEFINE_ENUM_TYPE (GuestReachCode, guest_reach_code, G_DEFINE_ENUM_VALUE (GUEST_REACH_OK, "ok"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_NOT_SET, "not-set"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_CLOSED, "closed"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_NAME, "name"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_SILENT, "silent"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_CERTIFICATE, "certificate"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_OTHER, "other"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_NO_SOCKET, "no-socket"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_PASSWORD, "password"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_FORBIDDEN, "forbidden"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_FULL, "full"),
                    G_DEFINE_ENUM_VALUE (GUEST_REACH_BAD_ADDRESS, "bad-address"))

GuestReach *
guest_reach_new (GuestReachWhat what, const char *address, GuestReachCode code, const char *detail)
{
  GuestReach *self = g_new0 (GuestReach, 1);

  self->what = what;
  self->address = g_strdup (address);
  self->code = code;
  self->detail = g_strdup (detail);
  return self;
}

GuestReach *
guest_reach_copy (const GuestReach *self)
{
  return guest_reach_new (self->what, self->address, self->code, self->detail);
}

void
guest_reach_free (GuestReach *self)
{
  g_free (self->address);
  g_free (self->detail);
  g_free (self);
}
