/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-lost-card.h"
#include "engine-source-run.h"

#define WATCH_INTERVAL_MS 500

/* A source that has not come by then shows its card meanwhile. */
#define CARD_AFTER_MS 400

/* Who feeds a remote source is not lost before they came, and not while they are heard only. Returns
 * `NULL` when it is. */
static const char *
get_calm_text (EngineSource *self)
{
  if (self->config.kind != ENGINE_SOURCE_REMOTE ||
      (self->state != ENGINE_SOURCE_STATE_STARTING && self->state != ENGINE_SOURCE_STATE_LIVE))
    return NULL;
  return self->state == ENGINE_SOURCE_STATE_LIVE || self->expecting == NULL ? self->config.title
                                                                            : self->expecting;
}

/* The card is drawn when it may be needed for the first time, which for most sources is never: the
 * last picture stays for two seconds, and a source that comes soon needs none. */
static void
draw_card (EngineSource *self)
{
  const EngineSize size = { self->format.width_px, self->format.height_px };
  const EngineSourceConfig *config = &self->config;
  const char *calm = get_calm_text (self);
  g_autofree char *drawn =
    g_strdup_printf ("%d\n%s\n%s\n%s\n%s", calm == NULL, calm != NULL ? calm : config->title,
                     calm != NULL ? "" : config->lost_sentence, config->colour, config->font);

  if (!common_set_string (&self->drawn, drawn))
    return;
  if (calm != NULL)
    engine_lost_card_draw_calm (self->slot, calm, config->colour, config->font, size);
  else
    engine_lost_card_draw (self->slot, config->title, config->lost_sentence, config->colour,
                           config->font, size);
}

static void
need_card (EngineSource *self)
{
  g_clear_handle_id (&self->card_id, g_source_remove);
  draw_card (self);
}

void
_engine_source_renew_card (EngineSource *self)
{
  if (self->drawn != NULL)
    draw_card (self);
}

static gboolean
card_cb (gpointer data)
{
  EngineSource *self = data;

  self->card_id = 0;
  if (self->state != ENGINE_SOURCE_STATE_LIVE)
    need_card (self);
  return G_SOURCE_REMOVE;
}

/* The card of a remote source says another thing in each state, and when somebody has left it is
 * needed at once. */
static void
follow_with_card (EngineSource *self, EngineSourceState before)
{
  if (self->config.kind != ENGINE_SOURCE_REMOTE)
    return;
  _engine_source_renew_card (self);
  if (self->state == ENGINE_SOURCE_STATE_STARTING && before != ENGINE_SOURCE_STATE_OFF)
    need_card (self);
}

static void
set_state (EngineSource *self, EngineSourceState state, const GError *error)
{
  const EngineSourceState before = self->state;

  /* Who hears of the state finds the reason already there. */
  g_object_freeze_notify (G_OBJECT (self));
  if (self->state != state) {
    self->state = state;
    follow_with_card (self, before);
    g_object_notify (G_OBJECT (self), "state");
  }
  if (state == ENGINE_SOURCE_STATE_LOST || state == ENGINE_SOURCE_STATE_FAILED)
    need_card (self);
  if (common_set_error (&self->error, error))
    g_object_notify (G_OBJECT (self), "error");
  g_object_thaw_notify (G_OBJECT (self));
}

void
_engine_source_set_boolean (EngineSource *self, gboolean *field, gboolean value,
                            const char *property)
{
  if (*field == value)
    return;
  *field = value;
  g_object_notify (G_OBJECT (self), property);
}

static void
set_number (EngineSource *self, guint *field, guint value, const char *property)
{
  if (*field == value)
    return;
  *field = value;
  g_object_notify (G_OBJECT (self), property);
}

/* The state follows what comes in. What was there once is not forgotten when it is lost. */
static void
update (EngineSource *self)
{
  /* Whoever is told may remove us. */
  g_autoptr (EngineSource) alive = g_object_ref (self);
  const gboolean is_remote = self->config.kind == ENGINE_SOURCE_REMOTE;
  EngineFeederReport report;
  g_autofree char *description = NULL;

  engine_feeder_report (self->feeder, &report);
  description = report.description;
  if (description != NULL && description[0] != '\0' &&
      common_set_string (&self->description, description))
    g_object_notify (G_OBJECT (self), "description");
  _engine_source_set_boolean (self, &self->has_picture,
                              report.has_picture || (self->has_picture && !is_remote),
                              "has-picture");
  _engine_source_set_boolean (self, &self->has_sound, self->has_sound || report.has_sound,
                              "has-sound");
  _engine_source_set_boolean (self, &self->frozen, report.frozen, "frozen");
  set_number (self, &self->n_pages, report.n_pages, "n-pages");
  set_number (self, &self->page, report.page, "page");
  if (self->left_ms != report.left_ms) {
    self->left_ms = report.left_ms;
    g_object_notify (G_OBJECT (self), "left-ms");
  }
  if (report.state != ENGINE_SOURCE_STATE_STARTING || report.gone)
    set_state (self, report.state, report.error);
  if (is_remote && !self->has_picture && report.state == ENGINE_SOURCE_STATE_LIVE)
    need_card (self);
}

static gboolean
update_cb (gpointer data)
{
  EngineSource *self = data;

  self->update_id = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

/* Not from within the feeder: a report may make it change again. */
static void
feeder_changed_cb (EngineFeeder *feeder, gpointer user_data)
{
  EngineSource *self = user_data;

  if (self->state != ENGINE_SOURCE_STATE_OFF && self->update_id == 0)
    self->update_id = g_idle_add (update_cb, self);
}

static void
feeder_ended_cb (EngineFeeder *feeder, gpointer user_data)
{
  g_signal_emit_by_name (user_data, "ended");
}

static gboolean
watch_cb (gpointer data)
{
  update (data);
  return G_SOURCE_CONTINUE;
}

void
_engine_source_make_feeder (EngineSource *self)
{
  self->feeder = engine_feeder_new (&self->config, self->clock, self->slot, &self->format);
  g_signal_connect_object (self->feeder, "changed", G_CALLBACK (feeder_changed_cb), self, 0);
  g_signal_connect_object (self->feeder, "ended", G_CALLBACK (feeder_ended_cb), self, 0);
  self->has_sound =
    self->config.kind == ENGINE_SOURCE_CAMERA && g_strcmp0 (self->config.sound, "none") != 0;
  self->has_picture =
    self->config.kind != ENGINE_SOURCE_URI && self->config.kind != ENGINE_SOURCE_REMOTE;
}

void
_engine_source_drop_feeder (EngineSource *self)
{
  if (self->feeder == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->feeder, self);
  g_clear_object (&self->feeder);
}

void
_engine_source_start (EngineSource *self)
{
  if (self->state != ENGINE_SOURCE_STATE_OFF)
    return;

  set_state (self, ENGINE_SOURCE_STATE_STARTING, NULL);
  self->card_id = g_timeout_add (CARD_AFTER_MS, card_cb, self);
  engine_feeder_start (self->feeder);
  engine_feeder_set_on_air (self->feeder, self->on_air);
  self->watch_id = g_timeout_add (WATCH_INTERVAL_MS, watch_cb, self);
}

void
_engine_source_stop (EngineSource *self)
{
  g_clear_handle_id (&self->watch_id, g_source_remove);
  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_handle_id (&self->card_id, g_source_remove);
  if (self->feeder != NULL)
    engine_feeder_stop (self->feeder);
  _engine_source_set_boolean (self, &self->frozen, FALSE, "frozen");
  set_state (self, ENGINE_SOURCE_STATE_OFF, NULL);
}

/**
 * _engine_source_remove:
 * @self: a source
 *
 * Stops it for good. Its sound leaves the mix without a click; shots that still have it show its
 * last picture for a moment, then its card.
 */
void
_engine_source_remove (EngineSource *self)
{
  _engine_source_stop (self);
  if (self->config.kind == ENGINE_SOURCE_REMOTE)
    _engine_source_drop_feeder (self);
  engine_slot_set_still (self->slot, FALSE);
  need_card (self);
  engine_sound_leave (self->sound);
}

/**
 * engine_source_set_title:
 * @self: a source
 * @title: for the operator, and on its card
 */
void
engine_source_set_title (EngineSource *self, const char *title)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));
  g_return_if_fail (title != NULL);

  if (g_strcmp0 (self->config.title, title) == 0)
    return;
  g_free ((char *) self->config.title);
  self->config.title = g_strdup (title);
  _engine_source_renew_card (self);
  g_object_notify (G_OBJECT (self), "title");
}

/**
 * engine_source_restart:
 * @self: a source
 *
 * Opens it anew, for a device that runs and gives nothing. Its last picture stays meanwhile. What is fed
 * from outside is not opened here, and goes on.
 */
void
engine_source_restart (EngineSource *self)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  if (self->state == ENGINE_SOURCE_STATE_OFF || self->config.kind == ENGINE_SOURCE_REMOTE)
    return;
  _engine_source_stop (self);
  _engine_source_start (self);
}

/**
 * engine_source_reconfigure:
 * @self: a source
 * @config: what it is from now on; its id stays
 *
 * Shots that have it go on showing its last picture until the new one is there. Fader, mute and the
 * settings of picture and sound are not touched.
 */
void
engine_source_reconfigure (EngineSource *self, const EngineSourceConfig *config)
{
  const gboolean started = self->state != ENGINE_SOURCE_STATE_OFF;
  const gboolean stays_remote =
    self->config.kind == ENGINE_SOURCE_REMOTE && config->kind == ENGINE_SOURCE_REMOTE;
  EngineSourceConfig copy;

  g_return_if_fail (ENGINE_IS_SOURCE (self));

  /* Who feeds it from outside goes on. */
  if (!stays_remote) {
    _engine_source_stop (self);
    _engine_source_drop_feeder (self);
  }
  engine_source_config_copy (&copy, config);
  g_free ((char *) copy.id);
  copy.id = g_steal_pointer ((char **) &self->config.id);
  engine_source_config_clear (&self->config);
  self->config = copy;
  if (!stays_remote) {
    engine_slot_set_still (self->slot, FALSE);
    _engine_source_make_feeder (self);
  }
  _engine_source_renew_card (self);
  if (started && !stays_remote)
    _engine_source_start (self);
  g_object_notify (G_OBJECT (self), "title");
  g_object_notify (G_OBJECT (self), "has-picture");
  g_object_notify (G_OBJECT (self), "has-sound");
}
