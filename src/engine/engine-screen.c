/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-intake.h"
#include "engine-portal.h"
#include "engine-screen.h"

#define TOKENS_FILE  "screens.ini"
#define TOKENS_GROUP "screens"

/**
 * EngineScreen:
 *
 * Feeds a screen or a window of this machine. The desktop's portal asks which one it is to be, and
 * gives it again the next time without a question. Where there is no portal but an X server, the whole
 * screen is taken from that. When the sharing is refused or ended, only somebody at the desktop can
 * begin it again: then [method@Engine.Source.play] asks once more.
 */
struct _EngineScreen {
  GObject parent_instance;

  EngineSourceConfig config; /* a copy, with the connection to the screen in it */
  EngineIntake *intake;
  EnginePortal *portal;      /* nullable */
  GCancellable *cancellable; /* nullable: not started */
  GKeyFile *tokens;          /* nullable: not read yet */
  GError *error;             /* nullable: why there is no screen */
};

static void feeder_iface_init (EngineFeederInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (EngineScreen, engine_screen, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ENGINE_TYPE_FEEDER, feeder_iface_init))

static GFile *
get_tokens_file (void)
{
  g_autofree char *path = g_build_filename (g_get_user_state_dir (), "regie", TOKENS_FILE, NULL);

  return g_file_new_for_path (path);
}

static void
let_go (EngineScreen *self)
{
  engine_intake_stop (self->intake);
  if (self->portal == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->portal, self);
  engine_portal_close (self->portal);
  g_clear_object (&self->portal);
}

static void
fail (EngineScreen *self, const GError *error)
{
  common_set_error (&self->error, error);
  let_go (self);
  engine_feeder_changed (ENGINE_FEEDER (self));
}

static void
closed_cb (EnginePortal *portal, gpointer user_data)
{
  EngineScreen *self = user_data;
  g_autoptr (GError) error =
    g_error_new (ENGINE_ERROR, ENGINE_ERROR_SCREEN_REFUSED,
                 "“%s” is not shown any more: somebody ended it", self->config.title);

  fail (self, error);
}

static void
stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  /* Then the question is asked once more the next time. */
  if (!g_file_replace_contents_finish (G_FILE (object), result, NULL, &error))
    g_debug ("the choice of a screen was not kept: %s", error->message);
}

static void
keep_token (EngineScreen *self)
{
  const char *token = engine_portal_get_restore_token (self->portal);
  g_autoptr (GFile) file = get_tokens_file ();
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autoptr (GBytes) bytes = NULL;
  char *text = NULL;
  gsize length = 0;

  if (token == NULL)
    return;
  g_key_file_set_string (self->tokens, TOKENS_GROUP, self->config.id, token);
  text = g_key_file_to_data (self->tokens, &length, NULL);
  bytes = g_bytes_new_take (text, length);
  g_file_make_directory_with_parents (folder, NULL, NULL);
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL,
                                       stored_cb, NULL);
}

static void
asked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EngineScreen) self = user_data;
  g_autoptr (GError) error = NULL;
  const gboolean shared = engine_portal_ask_finish (ENGINE_PORTAL (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (shared) {
    self->config.screen_fd = engine_portal_get_fd (self->portal);
    self->config.screen_node = engine_portal_get_node (self->portal);
    keep_token (self);
  } else if (g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_SCREEN_UNSUPPORTED) &&
             g_getenv ("DISPLAY") != NULL && g_getenv ("WAYLAND_DISPLAY") == NULL) {
    self->config.screen_fd = -1;
  } else {
    fail (self, error);
    return;
  }
  g_clear_error (&self->error);
  engine_intake_start (self->intake);
}

static void
ask (EngineScreen *self)
{
  g_autofree char *token =
    g_key_file_get_string (self->tokens, TOKENS_GROUP, self->config.id, NULL);

  self->portal = engine_portal_new ();
  g_signal_connect (self->portal, "closed", G_CALLBACK (closed_cb), self);
  engine_portal_ask_async (self->portal, token, asked_cb, g_object_ref (self));
}

static void
tokens_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EngineScreen) self = user_data;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  g_file_load_contents_finish (G_FILE (object), result, &text, &length, NULL, &error);
  if (self->tokens != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->tokens = g_key_file_new ();
  /* A file that is not there, or broken, means that the question is asked. */
  if (text != NULL)
    g_key_file_load_from_data (self->tokens, text, length, G_KEY_FILE_NONE, NULL);
  ask (self);
}

static void
screen_start (EngineFeeder *feeder)
{
  EngineScreen *self = ENGINE_SCREEN (feeder);
  g_autoptr (GFile) file = get_tokens_file ();

  self->cancellable = g_cancellable_new ();
  g_clear_pointer (&self->tokens, g_key_file_unref);
  g_file_load_contents_async (file, self->cancellable, tokens_read_cb, g_object_ref (self));
}

static void
screen_stop (EngineFeeder *feeder)
{
  EngineScreen *self = ENGINE_SCREEN (feeder);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->intake != NULL)
    let_go (self);
  g_clear_error (&self->error);
}

static void
screen_play (EngineFeeder *feeder)
{
  EngineScreen *self = ENGINE_SCREEN (feeder);

  if (self->error == NULL || self->tokens == NULL)
    return;
  g_clear_error (&self->error);
  ask (self);
}

static void
intake_changed_cb (EngineIntake *intake, gpointer user_data)
{
  EngineScreen *self = user_data;
  const GError *error = engine_intake_get_error (intake);

  /* A connection to PipeWire is good for one pipeline: another one has to be asked for. */
  if (error != NULL && self->config.screen_fd >= 0)
    fail (self, error);
  else
    engine_feeder_changed (ENGINE_FEEDER (self));
}

static void
screen_report (EngineFeeder *feeder, EngineFeederReport *report)
{
  EngineScreen *self = ENGINE_SCREEN (feeder);
  EngineBridge *bridge = engine_intake_get_bridge (self->intake);
  const gboolean wanted = engine_intake_is_wanted (self->intake);

  if (wanted && engine_intake_watch (self->intake))
    report->state = ENGINE_SOURCE_STATE_LIVE;
  report->error = self->error;
  if (self->error != NULL) {
    report->state = ENGINE_SOURCE_STATE_FAILED;
  } else if (wanted && engine_intake_get_error (self->intake) != NULL) {
    report->state = ENGINE_SOURCE_STATE_LOST;
    report->error = engine_intake_get_error (self->intake);
  }
  report->has_picture = engine_bridge_get_picture_arrival (bridge) >= 0;
  report->description = engine_bridge_describe_picture (bridge);
}

static void
feeder_iface_init (EngineFeederInterface *iface)
{
  iface->start = screen_start;
  iface->stop = screen_stop;
  iface->report = screen_report;
  iface->play = screen_play;
}

static void
engine_screen_dispose (GObject *object)
{
  EngineScreen *self = ENGINE_SCREEN (object);

  screen_stop (ENGINE_FEEDER (self));
  g_clear_object (&self->intake);
  g_clear_pointer (&self->tokens, g_key_file_unref);
  G_OBJECT_CLASS (engine_screen_parent_class)->dispose (object);
}

static void
engine_screen_finalize (GObject *object)
{
  engine_source_config_clear (&ENGINE_SCREEN (object)->config);
  G_OBJECT_CLASS (engine_screen_parent_class)->finalize (object);
}

static void
engine_screen_class_init (EngineScreenClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_screen_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_screen_finalize;
}

static void
engine_screen_init (EngineScreen *self)
{
}

/**
 * engine_screen_new:
 * @config: the source
 * @clock: the show's clock
 * @slot: where pictures go
 * @format: what the program would like best
 *
 * Returns: (transfer full): a feeder that is not started
 */
EngineFeeder *
engine_screen_new (const EngineSourceConfig *config, EngineClock *clock, EngineSlot *slot,
                   const EngineFormat *format)
{
  EngineScreen *self = g_object_new (ENGINE_TYPE_SCREEN, NULL);

  engine_source_config_copy (&self->config, config);
  self->config.screen_fd = -1;
  self->intake = engine_intake_new (&self->config, ENGINE_PART_MAIN, clock, slot, format);
  g_signal_connect_object (self->intake, "changed", G_CALLBACK (intake_changed_cb), self, 0);
  return ENGINE_FEEDER (self);
}
