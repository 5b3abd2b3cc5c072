/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "guest-guest-private.h"

#define REJOINED_S    5
#define MAX_HEIGHT_PX 2160

G_DEFINE_FINAL_TYPE (GuestGuest, guest_guest, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_STATE,
  PROP_PLACE,
  PROP_CONNECTED,
  PROP_READY,
  PROP_ON_AIR,
  PROP_NEXT,
  PROP_SHARING,
  PROP_CAMERA_ON,
  PROP_MICROPHONE_ON,
  PROP_MUSIC,
  PROP_WAY,
  PROP_WEAK,
  PROP_ERROR,
  PROP_LINK,
  PROP_CUE,
  PROP_MAX_HEIGHT,
  PROP_TALKED_TO,
  N_PROPS
};

enum {
  SIGNAL_HEALTH_CHANGED,
  SIGNAL_PUT_BACK,
  SIGNAL_DISMISSED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
notify (GuestGuest *self, int property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_flag (GuestGuest *self, gboolean *field, gboolean value, int property)
{
  if (*field == !!value)
    return;
  *field = !!value;
  notify (self, property);
}

static gboolean
get_next (GuestGuest *self)
{
  gboolean next = FALSE;

  g_object_get (self->source, "next", &next, NULL);
  return next;
}

static GuestState
find_state (GuestGuest *self)
{
  static const GuestState of_place[] = {
    [GUEST_PLACE_FOLLOWING] = GUEST_STATE_FOLLOWING,
    [GUEST_PLACE_GREEN_ROOM] = GUEST_STATE_GREEN_ROOM,
    [GUEST_PLACE_READY] = GUEST_STATE_READY,
    [GUEST_PLACE_ON_AIR] = GUEST_STATE_ON_AIR,
  };

  if (self->revoked)
    return GUEST_STATE_REVOKED;
  if (!self->connected)
    return self->was_here ? GUEST_STATE_LOST : GUEST_STATE_INVITED;
  if (guest_guest_get_weak (self))
    return GUEST_STATE_WEAK;
  if (self->rejoined_id != 0)
    return GUEST_STATE_REJOINED;
  return of_place[guest_guest_get_place (self)];
}

static void
update_state (GuestGuest *self)
{
  const GuestState state = find_state (self);

  if (self->state == state)
    return;
  self->state = state;
  notify (self, PROP_STATE);
}

static gboolean
rejoined_long_ago_cb (gpointer user_data)
{
  GuestGuest *self = user_data;

  self->rejoined_id = 0;
  update_state (self);
  return G_SOURCE_REMOVE;
}

static void
tally_cb (GuestGuest *self)
{
  notify (self, PROP_ON_AIR);
  notify (self, PROP_NEXT);
  notify (self, PROP_PLACE);
  update_state (self);
}

static void
get_words (GuestGuest *self, guint id, GValue *value)
{
  switch (id) {
  case PROP_ID:
    g_value_set_string (value, self->id);
    break;
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_LINK:
    g_value_set_string (value, self->link);
    break;
  case PROP_CUE:
    g_value_set_string (value, self->cue);
    break;
  default:
    g_assert_not_reached ();
  }
}

static void
guest_guest_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GuestGuest *self = GUEST_GUEST (object);
  const struct {
    guint id;
    gboolean value;
  } flags[] = {
    { PROP_CONNECTED, self->connected },
    { PROP_READY, guest_guest_get_ready (self) },
    { PROP_SHARING, self->sharing },
    { PROP_CAMERA_ON, self->camera_on },
    { PROP_MUSIC, self->music },
    { PROP_MICROPHONE_ON, self->microphone_on },
    { PROP_WEAK, guest_guest_get_weak (self) },
    { PROP_TALKED_TO, self->talked_to },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++) {
    if (flags[i].id == id) {
      g_value_set_boolean (value, flags[i].value);
      return;
    }
  }
  switch (id) {
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_PLACE:
    g_value_set_enum (value, guest_guest_get_place (self));
    break;
  case PROP_WAY:
    g_value_set_enum (value, guest_guest_get_way (self));
    break;
  case PROP_ON_AIR:
    g_value_set_boolean (value, guest_guest_get_on_air (self));
    break;
  case PROP_NEXT:
    g_value_set_boolean (value, get_next (self));
    break;
  case PROP_ERROR:
    g_value_set_boxed (value, self->error);
    break;
  case PROP_MAX_HEIGHT:
    g_value_set_int (value, self->max_height_px);
    break;
  default:
    get_words (self, id, value);
  }
}

static void
guest_guest_dispose (GObject *object)
{
  GuestGuest *self = GUEST_GUEST (object);

  g_clear_handle_id (&self->rejoined_id, g_source_remove);
  G_OBJECT_CLASS (guest_guest_parent_class)->dispose (object);
}

static void
guest_guest_finalize (GObject *object)
{
  GuestGuest *self = GUEST_GUEST (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->link);
  g_free (self->cue);
  g_clear_error (&self->error);
  g_clear_object (&self->source);
  g_clear_object (&self->screen);
  G_OBJECT_CLASS (guest_guest_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  static const struct {
    int id;
    const char *name;
  } flags[] = {
    { PROP_CONNECTED, "connected" }, { PROP_READY, "ready" },
    { PROP_ON_AIR, "on-air" },       { PROP_NEXT, "next" },
    { PROP_SHARING, "sharing" },     { PROP_CAMERA_ON, "camera-on" },
    { PROP_MUSIC, "music" },         { PROP_MICROPHONE_ON, "microphone-on" },
    { PROP_TALKED_TO, "talked-to" }, { PROP_WEAK, "weak" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    properties[flags[i].id] = g_param_spec_boolean (flags[i].name, NULL, NULL, FALSE, ro);
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, ro);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, ro);
  properties[PROP_LINK] = g_param_spec_string ("link", NULL, NULL, NULL, ro);
  properties[PROP_CUE] = g_param_spec_string ("cue", NULL, NULL, NULL, ro);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, GUEST_TYPE_STATE, GUEST_STATE_INVITED, ro);
  properties[PROP_PLACE] =
    g_param_spec_enum ("place", NULL, NULL, GUEST_TYPE_PLACE, GUEST_PLACE_FOLLOWING, ro);
  properties[PROP_WAY] =
    g_param_spec_enum ("way", NULL, NULL, GUEST_TYPE_WAY, GUEST_WAY_UNKNOWN, ro);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, ro);
  properties[PROP_MAX_HEIGHT] =
    g_param_spec_int ("max-height", NULL, NULL, 0, MAX_HEIGHT_PX, 0, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
guest_guest_class_init (GuestGuestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = guest_guest_get_property;
  object_class->dispose = guest_guest_dispose;
  object_class->finalize = guest_guest_finalize;
  install_properties (object_class);

  signals[SIGNAL_HEALTH_CHANGED] =
    g_signal_new ("health-changed", GUEST_TYPE_GUEST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_PUT_BACK] = g_signal_new ("put-back", GUEST_TYPE_GUEST, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DISMISSED] = g_signal_new ("dismissed", GUEST_TYPE_GUEST, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
guest_guest_init (GuestGuest *self)
{
  self->health = GUEST_HEALTH_NONE;
  self->seen = GUEST_SEEN_NONE;
}

GuestGuest *
_guest_guest_new (const char *id, const char *name, EngineSource *source, EngineSource *screen)
{
  GuestGuest *self = g_object_new (GUEST_TYPE_GUEST, NULL);

  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->source = g_object_ref (source);
  g_set_object (&self->screen, screen);
  g_signal_connect_object (source, "notify::on-air", G_CALLBACK (tally_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (source, "notify::next", G_CALLBACK (tally_cb), self, G_CONNECT_SWAPPED);
  return self;
}

void
guest_guest_set_name (GuestGuest *self, const char *name)
{
  g_return_if_fail (GUEST_IS_GUEST (self));

  if (common_set_string (&self->name, name))
    notify (self, PROP_NAME);
}

/**
 * guest_guest_cue:
 * @self: a guest who is there
 * @text: (nullable): what he is to read, at most %GUEST_MAX_CUE_CHARS characters; `NULL` or empty
 *   takes the last one away
 * @error: return location
 *
 * Returns: `FALSE` with `GUEST_ERROR_ABSENT` or `GUEST_ERROR_TOO_LONG`
 */
gboolean
guest_guest_cue (GuestGuest *self, const char *text, GError **error)
{
  g_return_val_if_fail (GUEST_IS_GUEST (self), FALSE);

  const char *words = text != NULL && *text != '\0' ? text : NULL;
  if (words != NULL && !self->connected) {
    g_set_error (error, GUEST_ERROR, GUEST_ERROR_ABSENT, "%s is not there", self->id);
    return FALSE;
  }
  if (words != NULL &&
      (!g_utf8_validate (words, -1, NULL) || g_utf8_strlen (words, -1) > GUEST_MAX_CUE_CHARS)) {
    g_set_error (error, GUEST_ERROR, GUEST_ERROR_TOO_LONG, "A cue has at most %d characters",
                 GUEST_MAX_CUE_CHARS);
    return FALSE;
  }
  if (words == NULL && self->cue == NULL)
    return TRUE;

  /* The same words again are a new cue all the same. */
  g_free (self->cue);
  self->cue = g_strdup (words);
  self->cue_id++;
  notify (self, PROP_CUE);
  return TRUE;
}

void
_guest_guest_note_cue_seen (GuestGuest *self, guint cue_id)
{
  if (self->cue == NULL || cue_id != self->cue_id)
    return;
  g_clear_pointer (&self->cue, g_free);
  notify (self, PROP_CUE);
}

/**
 * guest_guest_ask_smaller:
 * @self: a guest
 * @height_px: the height his picture is to keep to; 0: no limit
 *
 * Holds when he comes again, too.
 */
void
guest_guest_ask_smaller (GuestGuest *self, int height_px)
{
  g_return_if_fail (GUEST_IS_GUEST (self));

  const int height = CLAMP (height_px, 0, MAX_HEIGHT_PX);
  if (self->max_height_px == height)
    return;
  self->max_height_px = height;
  notify (self, PROP_MAX_HEIGHT);
}

/**
 * guest_guest_put_back:
 * @self: a guest
 *
 * Back to the green room: not ready any more. Takes nobody off the air.
 */
void
guest_guest_put_back (GuestGuest *self)
{
  g_return_if_fail (GUEST_IS_GUEST (self));

  if (self->own_place != GUEST_PLACE_READY)
    return;
  _guest_guest_set_place (self, GUEST_PLACE_GREEN_ROOM);
  g_signal_emit (self, signals[SIGNAL_PUT_BACK], 0);
}

/**
 * guest_guest_dismiss:
 * @self: a guest
 * @reason: (nullable): what his page is told: `dismissed` or `ended`
 *
 * Says goodbye: his connections are closed. His link stays good.
 */
void
guest_guest_dismiss (GuestGuest *self, const char *reason)
{
  g_return_if_fail (GUEST_IS_GUEST (self));

  g_signal_emit (self, signals[SIGNAL_DISMISSED], 0, reason != NULL ? reason : "dismissed");
}

void
_guest_guest_set_seen (GuestGuest *self, const GuestSeen *seen)
{
  const gboolean weak = guest_guest_get_weak (self);

  self->seen = *seen;
  if (weak != guest_guest_get_weak (self))
    notify (self, PROP_WEAK);
  update_state (self);
}

static void
forget_health (GuestGuest *self)
{
  _guest_guest_set_seen (self, &GUEST_SEEN_NONE);
  _guest_guest_set_health (self, &GUEST_HEALTH_NONE);
}

void
_guest_guest_set_screen (GuestGuest *self, EngineSource *screen)
{
  g_set_object (&self->screen, screen);
}

void
_guest_guest_set_connected (GuestGuest *self, gboolean connected)
{
  if (self->connected == !!connected)
    return;

  const gboolean comes_again = connected && self->was_here;
  self->connected = !!connected;
  g_clear_handle_id (&self->rejoined_id, g_source_remove);
  if (comes_again)
    self->rejoined_id = g_timeout_add_seconds (REJOINED_S, rejoined_long_ago_cb, self);
  if (connected)
    self->was_here = TRUE;
  else
    forget_health (self);
  notify (self, PROP_CONNECTED);
  notify (self, PROP_READY);
  tally_cb (self);
}

void
_guest_guest_set_place (GuestGuest *self, GuestPlace place)
{
  if (self->own_place == place || place == GUEST_PLACE_ON_AIR)
    return;
  self->own_place = place;
  notify (self, PROP_PLACE);
  notify (self, PROP_READY);
  update_state (self);
}

void
_guest_guest_set_devices (GuestGuest *self, gboolean camera, gboolean microphone, gboolean music)
{
  set_flag (self, &self->camera_on, camera, PROP_CAMERA_ON);
  set_flag (self, &self->microphone_on, microphone, PROP_MICROPHONE_ON);
  set_flag (self, &self->music, music, PROP_MUSIC);
}

void
_guest_guest_set_sharing (GuestGuest *self, gboolean sharing)
{
  set_flag (self, &self->sharing, sharing, PROP_SHARING);
}

void
_guest_guest_set_talked_to (GuestGuest *self, gboolean talked_to)
{
  set_flag (self, &self->talked_to, talked_to, PROP_TALKED_TO);
}

void
_guest_guest_set_health (GuestGuest *self, const GuestHealth *health)
{
  const GuestWay way = guest_guest_get_way (self);
  const gboolean weak = self->health.weak;

  /* Also where he is weak all the same: his page is told what we find. */
  self->health = *health;
  if (way != guest_guest_get_way (self))
    notify (self, PROP_WAY);
  if (weak != self->health.weak)
    notify (self, PROP_WEAK);
  g_signal_emit (self, signals[SIGNAL_HEALTH_CHANGED], 0);
  update_state (self);
}

void
_guest_guest_set_error (GuestGuest *self, const GError *error)
{
  if (common_set_error (&self->error, error))
    notify (self, PROP_ERROR);
}

void
_guest_guest_set_link (GuestGuest *self, const char *link)
{
  if (common_set_string (&self->link, link))
    notify (self, PROP_LINK);
}

void
_guest_guest_set_revoked (GuestGuest *self, gboolean revoked)
{
  self->revoked = !!revoked;
  update_state (self);
}

/* He said goodbye, or was sent home: whoever comes next with the link begins anew. */
void
_guest_guest_go_home (GuestGuest *self)
{
  self->was_here = FALSE;
  _guest_guest_set_place (self, GUEST_PLACE_FOLLOWING);
  _guest_guest_set_devices (self, FALSE, FALSE, FALSE);
  _guest_guest_set_sharing (self, FALSE);
  g_clear_pointer (&self->cue, g_free);
  notify (self, PROP_CUE);
  _guest_guest_set_connected (self, FALSE);
  update_state (self);
}
