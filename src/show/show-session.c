/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-network.h"
#include "show-builder.h"
#include "show-session-private.h"
#include "show-source-config.h"

/* More lost frames in a second than this are seen; after so many calm seconds it is over. */
#define MANY_LOST_FRAMES 2
#define CALM_S           8

/* Shorter than this is seen as a mistake, longer keeps everybody waiting; 0 is a cut. */
#define DEFAULT_TRANSITION_MS 400
#define MIN_TRANSITION_MS     150
#define MAX_TRANSITION_MS     1000

G_DEFINE_ENUM_TYPE (ShowState, show_state, G_DEFINE_ENUM_VALUE (SHOW_STATE_OFF_AIR, "off-air"),
                    G_DEFINE_ENUM_VALUE (SHOW_STATE_REHEARSAL, "rehearsal"),
                    G_DEFINE_ENUM_VALUE (SHOW_STATE_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (SHOW_STATE_ENDED, "ended"))

G_DEFINE_FINAL_TYPE (ShowSession, show_session, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_TITLE,
  PROP_STATE,
  PROP_ELAPSED_S,
  PROP_SOURCES,
  PROP_SHOTS,
  PROP_TALKS,
  PROP_DESTINATIONS,
  PROP_NETWORKS,
  PROP_RECORDING,
  PROP_DESK,
  PROP_ON_AIR_SHOT,
  PROP_NEXT_SHOT,
  PROP_CURRENT_TALK,
  PROP_TALK_SHOWN,
  PROP_PAUSED,
  PROP_OVERLOADED,
  PROP_PREVIEW_BEFORE_TAKING,
  PROP_LIVE_PAGE_URI,
  PROP_TRANSITION_MS,
  PROP_PLAN,
  PROP_SUGGESTED_SHOT,
  PROP_INTERRUPTED,
  PROP_MODIFIED,
  PROP_SAVABLE,
  N_PROPS
};

enum {
  SIGNAL_PROGRAM_LEVELS,
  SIGNAL_ACTION_FAILED,
  SIGNAL_LINKS_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
notify (ShowSession *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
_show_session_tell_failure (ShowSession *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_ACTION_FAILED], 0, error);
}

/* Some lost frames within a second are a machine that does not keep up; a while without is one that
 * does again. */
static gboolean
load_cb (gpointer data)
{
  ShowSession *self = data;
  const EngineVideoMixerStats stats = engine_program_get_stats (self->program);
  const guint64 lost = stats.n_repeated + stats.n_halved + stats.n_dropped;
  const gboolean many = lost - self->lost_frames > MANY_LOST_FRAMES;

  show_encode_tick (self->encode, many);
  self->calm_s = lost == self->lost_frames ? self->calm_s + 1 : 0;
  self->lost_frames = lost;
  if (many == self->overloaded || (self->overloaded && self->calm_s < CALM_S))
    return G_SOURCE_CONTINUE;
  self->overloaded = many;
  notify (self, PROP_OVERLOADED);
  return G_SOURCE_CONTINUE;
}

static void
graphic_failed_cb (ShowSession *self, guint graphic, const GError *error)
{
  if (graphic == ENGINE_GRAPHIC_POST) {
    show_rotation_refuse (self->rotation);
    posts_desk_clear_screen (self->desk);
  } else if (graphic == ENGINE_GRAPHIC_LOWER_THIRD)
    _show_session_set_talk_shown (self, FALSE);
  _show_session_tell_failure (self, error);
}

static void
levels_cb (ShowSession *self)
{
  g_signal_emit (self, signals[SIGNAL_PROGRAM_LEVELS], 0);
}

static void
build (ShowSession *self)
{
  EngineOutput *page = NULL;

  self->program = show_builder_make_program (self->event);
  show_builder_fill (self->event, self->program, self->talks, self->destinations, self->networks);
  page = show_builder_add_live_page (self->event, self->program, self->destinations);
  _show_session_apply_rules (self);
  self->arts = show_arts_new (self->event, engine_program_get_format (self->program));
  g_signal_connect_object (self->arts, "drawn", G_CALLBACK (_show_session_sync), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->arts, "failed", G_CALLBACK (_show_session_tell_failure), self,
                           G_CONNECT_SWAPPED);
  _show_session_prepare_music (self);
  _show_session_sync (self);
  self->graphics = show_graphics_new (self->program, self->event, G_LIST_MODEL (self->sources));
  _show_session_prepare_encode (self);
  self->air =
    show_air_new (self->event, self->program, G_LIST_MODEL (self->destinations), page, self->desk);
  g_signal_connect_object (self->graphics, "failed", G_CALLBACK (graphic_failed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->desk, "notify::on-screen", G_CALLBACK (_show_session_show_card),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->program, "levels", G_CALLBACK (levels_cb), self,
                           G_CONNECT_SWAPPED);
  self->talk = _show_session_find_talk_of_now (self);
  _show_session_follow_graphics (self);
  _show_actions_add (self);
  _show_session_follow_event (self);
  _show_session_prepare_exports (self);
  _show_session_prepare_watch (self);
  self->guests = show_guests_new (self);
  _show_session_follow_memory (self);
  _show_session_follow_posts (self);
  _show_session_prepare_moderation (self);
}

static GObject *
get_object (ShowSession *self, guint id)
{
  switch (id) {
  case PROP_SOURCES:
    return G_OBJECT (self->sources);
  case PROP_SHOTS:
    return G_OBJECT (self->shots);
  case PROP_TALKS:
    return G_OBJECT (self->talks);
  case PROP_DESTINATIONS:
    return G_OBJECT (self->destinations);
  case PROP_NETWORKS:
    return G_OBJECT (self->networks);
  case PROP_RECORDING:
    return G_OBJECT (show_session_get_recording (self));
  case PROP_DESK:
    return G_OBJECT (self->desk);
  case PROP_ON_AIR_SHOT:
    return (GObject *) self->on_air;
  case PROP_NEXT_SHOT:
    return (GObject *) self->next;
  case PROP_SUGGESTED_SHOT:
    return (GObject *) self->suggested;
  case PROP_CURRENT_TALK:
    return (GObject *) show_session_get_current_talk (self);
  default:
    g_return_val_if_reached (NULL);
  }
}

static void
show_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ShowSession *self = SHOW_SESSION (object);

  switch (id) {
  case PROP_TITLE:
    g_value_set_string (value, show_session_get_title (self));
    break;
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_ELAPSED_S:
    g_value_set_uint64 (value, show_session_get_elapsed_s (self));
    break;
  case PROP_TALK_SHOWN:
    g_value_set_boolean (value, self->talk_shown);
    break;
  case PROP_PAUSED:
    g_value_set_boolean (value, show_session_get_paused (self));
    break;
  case PROP_OVERLOADED:
    g_value_set_boolean (value, self->overloaded);
    break;
  case PROP_PREVIEW_BEFORE_TAKING:
    g_value_set_boolean (value, self->preview_before_taking);
    break;
  case PROP_LIVE_PAGE_URI:
    g_value_set_string (value, show_session_get_live_page_uri (self));
    break;
  case PROP_TRANSITION_MS:
    g_value_set_uint (value, self->transition_ms);
    break;
  case PROP_INTERRUPTED:
    g_value_set_boxed (value, show_session_get_interrupted (self));
    break;
  case PROP_PLAN:
    g_value_set_boxed (value, show_session_get_plan (self));
    break;
  case PROP_MODIFIED:
    g_value_set_boolean (value, show_session_get_modified (self));
    break;
  case PROP_SAVABLE:
    g_value_set_boolean (value, show_session_get_savable (self));
    break;
  default:
    g_value_set_object (value, get_object (self, id));
  }
}

static void
show_session_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ShowSession *self = SHOW_SESSION (object);

  switch (id) {
  case PROP_PREVIEW_BEFORE_TAKING:
    show_session_set_preview_before_taking (self, g_value_get_boolean (value));
    break;
  case PROP_TRANSITION_MS:
    show_session_set_transition_ms (self, g_value_get_uint (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
show_session_dispose (GObject *object)
{
  ShowSession *self = SHOW_SESSION (object);

  show_session_stop (self);
  _show_session_forget_memory (self);
  g_clear_weak_pointer (&self->next_preview);
  g_clear_object (&self->actions);
  g_clear_object (&self->guests);
  g_clear_object (&self->moderation);
  _show_session_clear_watch (self);
  g_clear_object (&self->exports);
  g_clear_object (&self->air);
  g_clear_object (&self->encode);
  _show_session_forget_graphics (self);
  g_clear_object (&self->graphics);
  g_clear_object (&self->arts);
  g_clear_object (&self->on_air);
  g_clear_object (&self->next);
  g_clear_object (&self->pause);
  g_clear_object (&self->before_pause);
  g_clear_object (&self->suggested);
  g_clear_handle_id (&self->suggestion_id, g_source_remove);
  g_clear_pointer (&self->configs, g_hash_table_unref);
  g_clear_pointer (&self->lost_since, g_hash_table_unref);
  g_clear_object (&self->sources);
  g_clear_object (&self->shots);
  g_clear_object (&self->talks);
  g_clear_object (&self->destinations);
  g_clear_object (&self->networks);
  g_clear_object (&self->rotation);
  g_clear_object (&self->desk);
  _show_session_drop_cards (self);
  g_clear_object (&self->photos);
  g_clear_object (&self->program);
  g_clear_object (&self->event);
  G_OBJECT_CLASS (show_session_parent_class)->dispose (object);
}

static void
install_lists (GObjectClass *object_class)
{
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  static const struct {
    guint property;
    const char *name;
  } lists[] = {
    { PROP_SOURCES, "sources" },           { PROP_SHOTS, "shots" },       { PROP_TALKS, "talks" },
    { PROP_DESTINATIONS, "destinations" }, { PROP_NETWORKS, "networks" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    properties[lists[i].property] =
      g_param_spec_object (lists[i].name, NULL, NULL, G_TYPE_LIST_MODEL, ro);
  properties[PROP_RECORDING] =
    g_param_spec_object ("recording", NULL, NULL, ENGINE_TYPE_RECORDING, ro);
  properties[PROP_DESK] = g_param_spec_object ("desk", NULL, NULL, POSTS_TYPE_DESK, ro);
  properties[PROP_ON_AIR_SHOT] =
    g_param_spec_object ("on-air-shot", NULL, NULL, SHOW_TYPE_SHOT, ro);
  properties[PROP_NEXT_SHOT] = g_param_spec_object ("next-shot", NULL, NULL, SHOW_TYPE_SHOT, ro);
  properties[PROP_SUGGESTED_SHOT] =
    g_param_spec_object ("suggested-shot", NULL, NULL, SHOW_TYPE_SHOT, ro);
  properties[PROP_CURRENT_TALK] =
    g_param_spec_object ("current-talk", NULL, NULL, SHOW_TYPE_TALK, ro);
}

static void
show_session_class_init (ShowSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = show_session_get_property;
  object_class->set_property = show_session_set_property;
  object_class->dispose = show_session_dispose;

  install_lists (object_class);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, ro);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SHOW_TYPE_STATE, SHOW_STATE_OFF_AIR, ro);
  properties[PROP_ELAPSED_S] = g_param_spec_uint64 ("elapsed-s", NULL, NULL, 0, G_MAXUINT64, 0, ro);
  properties[PROP_TALK_SHOWN] = g_param_spec_boolean ("talk-shown", NULL, NULL, FALSE, ro);
  properties[PROP_PAUSED] = g_param_spec_boolean ("paused", NULL, NULL, FALSE, ro);
  properties[PROP_OVERLOADED] = g_param_spec_boolean ("overloaded", NULL, NULL, FALSE, ro);
  properties[PROP_PREVIEW_BEFORE_TAKING] =
    g_param_spec_boolean ("preview-before-taking", NULL, NULL, TRUE, rw);
  properties[PROP_LIVE_PAGE_URI] = g_param_spec_string ("live-page-uri", NULL, NULL, NULL, ro);
  properties[PROP_TRANSITION_MS] = g_param_spec_uint ("transition-ms", NULL, NULL, 0,
                                                      MAX_TRANSITION_MS, DEFAULT_TRANSITION_MS, rw);
  properties[PROP_INTERRUPTED] =
    g_param_spec_boxed ("interrupted", NULL, NULL, G_TYPE_DATE_TIME, ro);
  properties[PROP_PLAN] = g_param_spec_boxed ("plan", NULL, NULL, G_TYPE_STRV, ro);
  properties[PROP_MODIFIED] = g_param_spec_boolean ("modified", NULL, NULL, FALSE, ro);
  properties[PROP_SAVABLE] = g_param_spec_boolean ("savable", NULL, NULL, FALSE, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_PROGRAM_LEVELS] =
    g_signal_new ("program-levels", SHOW_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_LINKS_CHANGED] =
    g_signal_new ("links-changed", SHOW_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_ACTION_FAILED] =
    g_signal_new ("action-failed", SHOW_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
show_session_init (ShowSession *self)
{
  self->sources = g_list_store_new (ENGINE_TYPE_SOURCE);
  self->shots = g_list_store_new (SHOW_TYPE_SHOT);
  self->talks = g_list_store_new (SHOW_TYPE_TALK);
  self->destinations = g_list_store_new (ENGINE_TYPE_OUTPUT);
  self->networks = g_list_store_new (POSTS_TYPE_NETWORK);
  self->desk = posts_desk_new ();
  self->rotation = show_rotation_new (self->desk);
  self->actions = g_simple_action_group_new ();
  self->configs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) show_source_config_free);
  self->lost_since = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->preview_before_taking = TRUE;
  self->transition_ms = DEFAULT_TRANSITION_MS;
}

/**
 * show_session_new:
 * @event: an event that was read and checked
 *
 * gst_init () must have been called.
 *
 * Returns: (transfer full): the event, ready to start
 */
ShowSession *
show_session_new (EventFile *event)
{
  ShowSession *self = g_object_new (SHOW_TYPE_SESSION, NULL);

  self->event = g_object_ref (event);
  build (self);
  return self;
}

/**
 * show_session_start:
 * @self: a session
 *
 * Starts sources, mix, posts and live page; the first shot is on air in here, and nobody outside
 * sees it yet.
 */
void
show_session_start (ShowSession *self)
{
  g_return_if_fail (SHOW_IS_SESSION (self));

  if (self->running)
    return;
  self->running = TRUE;
  engine_program_start (self->program);
  show_alarms_start (self->alarms);
  self->load_id = g_timeout_add_seconds (1, load_cb, self);
  _show_session_look_back (self);
  _show_session_start_exports (self);
  show_air_open_page (self->air, _show_session_get_former_port (self));
  notify (self, PROP_LIVE_PAGE_URI);
  _show_session_set_talk (self, self->talk);
  show_guests_start (self->guests, show_air_get_secrets (self->air),
                     _show_session_get_former_guests_port (self));

  g_autoptr (ShowShot) first = g_list_model_get_item (G_LIST_MODEL (self->shots), 0);
  g_autoptr (ShowShot) second = g_list_model_get_item (G_LIST_MODEL (self->shots), 1);
  _show_session_put_on_air (self, first, ENGINE_TRANSITION_CUT, 0);
  _show_session_put_next (self, second != NULL ? second : first);
  _show_session_start_posts (self);
}

/**
 * show_session_stop:
 * @self: a session
 *
 * Ends the live or the rehearsal, if there is one, and everything else. May run twice. See
 * engine_program_wait_for_stopped () for the end of the process.
 */
void
show_session_stop (ShowSession *self)
{
  g_return_if_fail (SHOW_IS_SESSION (self));

  if (!self->running)
    return;
  self->running = FALSE;
  g_clear_handle_id (&self->load_id, g_source_remove);
  if (show_session_get_active (self))
    _show_session_end_live (self, NULL); /* cannot fail: there is something to end */
  modpage_room_close (self->moderation);
  _show_session_stop_posts (self);
  show_alarms_stop (self->alarms);
  show_guests_stop (self->guests);
  engine_program_stop (self->program);
  _show_session_save_now (self);
}

void
show_session_set_preview_before_taking (ShowSession *self, gboolean preview_before_taking)
{
  g_return_if_fail (SHOW_IS_SESSION (self));

  if (self->preview_before_taking == !!preview_before_taking)
    return;
  self->preview_before_taking = !!preview_before_taking;
  notify (self, PROP_PREVIEW_BEFORE_TAKING);
}

/**
 * show_session_set_transition_ms:
 * @self: a session
 * @transition_ms: how long a fade or a move lasts, 150 to 1000; 0 for a cut
 */
void
show_session_set_transition_ms (ShowSession *self, guint transition_ms)
{
  g_return_if_fail (SHOW_IS_SESSION (self));

  if (transition_ms > 0)
    transition_ms = CLAMP (transition_ms, MIN_TRANSITION_MS, MAX_TRANSITION_MS);
  if (self->transition_ms == transition_ms)
    return;
  self->transition_ms = transition_ms;
  notify (self, PROP_TRANSITION_MS);
}
