/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "guest-call.h"
#include "guest-guest-private.h"

/**
 * GuestCall:
 *
 * What connects one guest's page with the show: his line, his connections, and what he hears.
 * Main thread only.
 */
struct _GuestCall {
  GObject parent_instance;

  EngineProgram *program;
  GuestGuest *guest;
  char *token;    /* nullable: his link is void */
  EngineBus *bus; /* nullable once closed for good */
};

G_DEFINE_FINAL_TYPE (GuestCall, guest_call, G_TYPE_OBJECT)

static void
guest_call_dispose (GObject *object)
{
  GuestCall *self = GUEST_CALL (object);

  guest_call_close (self, "ended");
  if (self->bus != NULL)
    engine_program_remove_bus (self->program, self->bus);
  g_clear_object (&self->bus);
  g_clear_object (&self->guest);
  g_clear_object (&self->program);
  G_OBJECT_CLASS (guest_call_parent_class)->dispose (object);
}

static void
guest_call_finalize (GObject *object)
{
  GuestCall *self = GUEST_CALL (object);

  g_free (self->token);
  G_OBJECT_CLASS (guest_call_parent_class)->finalize (object);
}

static void
guest_call_class_init (GuestCallClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = guest_call_dispose;
  object_class->finalize = guest_call_finalize;
}

static void
guest_call_init (GuestCall *self)
{
}

GuestCall *
guest_call_new (EngineProgram *program, GuestGuest *guest, const char *token)
{
  GuestCall *self = g_object_new (GUEST_TYPE_CALL, NULL);

  self->program = g_object_ref (program);
  self->guest = g_object_ref (guest);
  self->token = g_strdup (token);
  self->bus = engine_program_add_bus (program, guest_guest_get_source (guest));
  return self;
}

GuestGuest *
guest_call_get_guest (GuestCall *self)
{
  return self->guest;
}

const char *
guest_call_get_token (GuestCall *self)
{
  return self->token;
}

void
guest_call_set_token (GuestCall *self, const char *token)
{
  common_set_string (&self->token, token);
}

EngineBus *
guest_call_get_bus (GuestCall *self)
{
  return self->bus;
}

/**
 * guest_call_close:
 * @self: a call
 * @reason: what his page is told
 *
 * Closes what is open. He may come again, if his link is good.
 */
void
guest_call_close (GuestCall *self, const char *reason)
{
  if (self->guest != NULL)
    _guest_guest_go_home (self->guest);
}
