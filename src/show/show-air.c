/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "show-air.h"

/**
 * ShowAir:
 *
 * Everything that happens when the operator says “go live”, and undoes itself when he says “end”.
 */
struct _ShowAir {
  GObject parent_instance;

  EventFile *event;
  EngineProgram *program;
  GListModel *destinations;  /* of EngineOutput */
  EngineOutput *page_output; /* nullable */
  LivepageServer *page;      /* nullable */
  GError *page_error;        /* nullable: why the page could not be opened */
  char *resume;              /* nullable: the log of the recording to go on with */
  ShowSecrets *secrets;
  gboolean encoding;         /* live or in rehearsal */
  GCancellable *cancellable; /* nullable: of looking keys up while on air */
  EngineOutput *tested;      /* nullable: what is being tested, off air */
  gboolean test_encoding;    /* the program is encoded for the test alone */
};

G_DEFINE_FINAL_TYPE (ShowAir, show_air, G_TYPE_OBJECT)

static void
init_segment_cb (EngineOutput *output, GBytes *init, const char *codecs, ShowAir *self)
{
  const EngineFormat *format = engine_program_get_format (self->program);

  livepage_server_begin_stream (self->page, init, format->width_px, format->height_px, codecs,
                                (guint) (engine_program_get_video_bps (self->program) +
                                         format->audio_bps));
}

static void
segment_cb (EngineOutput *output, GBytes *segment, gint64 duration_us, ShowAir *self)
{
  livepage_server_add_segment (self->page, segment, duration_us);
}

static void
show_air_dispose (GObject *object)
{
  ShowAir *self = SHOW_AIR (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->tested);
  if (self->page != NULL)
    livepage_server_stop (self->page);
  g_clear_object (&self->page);
  g_clear_object (&self->page_output);
  g_clear_object (&self->secrets);
  g_clear_object (&self->destinations);
  g_clear_object (&self->program);
  g_clear_object (&self->event);
  g_clear_error (&self->page_error);
  g_clear_pointer (&self->resume, g_free);
  G_OBJECT_CLASS (show_air_parent_class)->dispose (object);
}

static void
show_air_class_init (ShowAirClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = show_air_dispose;
}

static void
show_air_init (ShowAir *self)
{
}

/**
 * show_air_new:
 * @event: the event
 * @program: its program
 * @destinations: its outputs, with the live page's
 * @live_page_output: (nullable): the live page's output
 * @desk: whose approved posts the live page shows
 *
 * Returns: (transfer full): off air, with the keyring's secrets
 */
ShowAir *
show_air_new (EventFile *event, EngineProgram *program, GListModel *destinations,
              EngineOutput *live_page_output, PostsDesk *desk)
{
  ShowAir *self = g_object_new (SHOW_TYPE_AIR, NULL);

  self->event = g_object_ref (event);
  self->program = g_object_ref (program);
  self->destinations = g_object_ref (destinations);
  self->secrets = show_secrets_new_for_keyring ();
  if (live_page_output != NULL) {
    self->page_output = g_object_ref (live_page_output);
    self->page =
      livepage_server_new (event_file_get_title (event), event_file_get_language (event), desk);
    g_signal_connect_object (live_page_output, "init-segment", G_CALLBACK (init_segment_cb), self,
                             0);
    g_signal_connect_object (live_page_output, "segment", G_CALLBACK (segment_cb), self, 0);
  }
  return self;
}

void
show_air_set_secrets (ShowAir *self, ShowSecrets *secrets)
{
  g_set_object (&self->secrets, secrets);
}

ShowSecrets *
show_air_get_secrets (ShowAir *self)
{
  return self->secrets;
}

/**
 * show_air_open_page:
 * @self: off air
 * @former_port: the port it had before a crash, which viewers still have; 0: none
 *
 * Opens the live page, so that the audience can wait there. If that cannot be done, its output
 * says why.
 */
void
show_air_open_page (ShowAir *self, guint former_port)
{
  const EventLivePage *live_page = event_file_get_live_page (self->event);

  if (self->page == NULL)
    return;
  g_clear_error (&self->page_error);
  if (live_page->port == 0 && former_port > 0 &&
      livepage_server_listen (self->page, live_page->address, former_port, NULL))
    return; /* else any will do */
  if (!livepage_server_listen (self->page, live_page->address, (guint) live_page->port,
                               &self->page_error))
    engine_program_refuse_output (self->program, self->page_output, self->page_error);
}

typedef struct {
  ShowAir *self;
  EngineOutput *output;
} KeyWanted;

static void
key_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  KeyWanted *wanted = user_data;
  g_autoptr (ShowAir) self = wanted->self;
  g_autoptr (EngineOutput) output = wanted->output;
  g_autoptr (GError) error = NULL;
  g_autofree char *key = show_secrets_look_up_finish (SHOW_SECRETS (object), result, &error);

  g_free (wanted);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (key == NULL)
    engine_program_refuse_output (self->program, output, error);
  else
    engine_program_start_output (self->program, output, key);
}

static void
start_output (ShowAir *self, EngineOutput *output)
{
  const EventDestination *destination =
    event_file_find_destination (self->event, engine_output_get_id (output));
  KeyWanted *wanted = NULL;

  if (output == self->page_output) {
    if (self->page_error == NULL)
      engine_program_start_output (self->program, output, NULL);
    return;
  }
  if (!destination->has_key) {
    engine_program_start_output (self->program, output, NULL);
    return;
  }
  wanted = g_new0 (KeyWanted, 1);
  wanted->self = g_object_ref (self);
  wanted->output = g_object_ref (output);
  show_secrets_look_up_async (self->secrets, destination->id, destination->url, self->cancellable,
                              key_found_cb, wanted);
}

/**
 * show_air_renew_key:
 * @self: on air or off
 * @output: one of its destinations, whose key has just been stored
 *
 * On air it is wanted now; what was refused for want of a key, or with a wrong one, tries again.
 */
void
show_air_renew_key (ShowAir *self, EngineOutput *output)
{
  g_return_if_fail (SHOW_IS_AIR (self));

  if (self->cancellable == NULL)
    return;
  engine_program_stop_output (self->program, output);
  start_output (self, output);
}

/* What was encoded for a test alone is not encoded any more. */
static void
end_test (ShowAir *self)
{
  if (self->tested == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->tested, self);
  engine_program_stop_output (self->program, self->tested);
  g_clear_object (&self->tested);
  if (self->test_encoding)
    engine_program_stop_encoding (self->program);
  self->test_encoding = FALSE;
}

static void
upload_cb (EngineOutput *output, GParamSpec *pspec, ShowAir *self)
{
  if (engine_output_get_upload (output)->verdict != ENGINE_VERDICT_RUNNING)
    end_test (self);
}

static void
test_key_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  KeyWanted *wanted = user_data;
  g_autoptr (ShowAir) self = wanted->self;
  g_autoptr (EngineOutput) output = wanted->output;
  g_autoptr (GError) error = NULL;
  g_autofree char *key = show_secrets_look_up_finish (SHOW_SECRETS (object), result, &error);

  g_free (wanted);
  if (self->tested != output)
    return;
  if (key == NULL)
    engine_program_refuse_test (self->program, output, error);
  else
    engine_program_test_output (self->program, output, key);
}

/**
 * show_air_test_output:
 * @self: off air, or in rehearsal
 * @output: one of its destinations, but not the live page
 *
 * Sends to it for ten seconds what the show will send, and says in its property "upload" how that
 * went. Going live, or beginning or ending a rehearsal, ends the test. Fails with
 * %SHOW_ERROR_STATE, or with an `ENGINE_ERROR` when nothing can be encoded here.
 *
 * Returns: whether it has begun
 */
gboolean
show_air_test_output (ShowAir *self, EngineOutput *output, GError **error)
{
  const EventDestination *destination =
    event_file_find_destination (self->event, engine_output_get_id (output));
  KeyWanted *wanted = NULL;

  g_return_val_if_fail (SHOW_IS_AIR (self), FALSE);

  if (destination == NULL || self->cancellable != NULL || self->tested != NULL) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE,
                 destination == NULL ? "the live page is not sent anywhere"
                 : self->tested != NULL
                   ? "one upload is being tested already"
                   : "the show is on air: what its uplinks do is measured all the time");
    return FALSE;
  }
  if (!self->encoding) {
    if (!engine_program_start_encoding (self->program, error))
      return FALSE;
    self->test_encoding = TRUE;
  }
  self->tested = g_object_ref (output);
  g_signal_connect (output, "notify::upload", G_CALLBACK (upload_cb), self);
  if (!destination->has_key) {
    engine_program_test_output (self->program, output, NULL);
    return TRUE;
  }
  wanted = g_new0 (KeyWanted, 1);
  wanted->self = g_object_ref (self);
  wanted->output = g_object_ref (output);
  show_secrets_look_up_async (self->secrets, destination->id, destination->url, NULL,
                              test_key_found_cb, wanted);
  return TRUE;
}

/**
 * show_air_retry_output:
 * @self: on air
 * @output: one of its destinations
 *
 * Has one that waits, or was refused, tried at once. Fails with %SHOW_ERROR_STATE off air.
 *
 * Returns: whether it is tried, or live
 */
gboolean
show_air_retry_output (ShowAir *self, EngineOutput *output, GError **error)
{
  g_return_val_if_fail (SHOW_IS_AIR (self), FALSE);

  if (self->cancellable == NULL) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE, "the show is not on air");
    return FALSE;
  }
  if (engine_output_get_state (output) == ENGINE_OUTPUT_STATE_REFUSED &&
      (output != self->page_output || self->page_error == NULL)) {
    /* Its key may be there by now. */
    engine_program_stop_output (self->program, output);
    start_output (self, output);
  } else {
    engine_output_retry_now (output);
  }
  return TRUE;
}

static char *
choose_folder (ShowAir *self)
{
  const char *folder = event_file_get_recording (self->event)->folder;
  const char *videos = g_get_user_special_dir (G_USER_DIRECTORY_VIDEOS);

  if (folder != NULL)
    return event_file_resolve (self->event, folder);
  if (videos != NULL)
    return g_build_filename (videos, "Régie", NULL);
  return g_build_filename (g_get_home_dir (), "Videos", "Régie", NULL);
}

/* Unless the event says that there is to be none. It is called after the event: talks get files of
 * their own. */
static void
start_recording (ShowAir *self)
{
  const EventRecording *wanted = event_file_get_recording (self->event);
  g_autofree char *resume = g_steal_pointer (&self->resume);
  g_autofree char *folder = NULL;
  g_autofree char *second = NULL;

  if (!wanted->enabled)
    return;
  folder = choose_folder (self);
  if (wanted->second_folder != NULL)
    second = event_file_resolve (self->event, wanted->second_folder);
  engine_program_start_recording (self->program, &(const EngineRecordingConfig){
                                                   .folder = folder,
                                                   .second_folder = second,
                                                   .title = event_file_get_title (self->event),
                                                   .resume = resume,
                                                   .sources = wanted->sources,
                                                   .tracks = wanted->tracks,
                                                 });
}

/**
 * show_air_set_resumed_recording:
 * @self: off air
 * @path: (nullable): the log of a recording that was cut off: the next one goes on with it
 */
void
show_air_set_resumed_recording (ShowAir *self, const char *path)
{
  g_return_if_fail (SHOW_IS_AIR (self));

  common_set_string (&self->resume, path);
}

/**
 * show_air_get_folders:
 * @self: on air or off
 *
 * Returns: (transfer full): where recordings go, and where they go when they cannot go there
 */
GStrv
show_air_get_folders (ShowAir *self)
{
  const char *second = event_file_get_recording (self->event)->second_folder;
  GStrv folders = g_new0 (char *, 3);

  folders[0] = choose_folder (self);
  if (second != NULL)
    folders[1] = event_file_resolve (self->event, second);
  return folders;
}

/**
 * show_air_rehearse:
 * @self: off air
 *
 * Everything but the destinations, and the live page says nothing of it. Fails with an `ENGINE_ERROR`
 * when nothing can be encoded here.
 *
 * Returns: whether the show is encoded and recorded
 */
gboolean
show_air_rehearse (ShowAir *self, GError **error)
{
  g_return_val_if_fail (SHOW_IS_AIR (self), FALSE);

  end_test (self);
  if (self->encoding)
    return TRUE;
  if (!engine_program_start_encoding (self->program, error))
    return FALSE;
  self->encoding = TRUE;
  start_recording (self);
  return TRUE;
}

/**
 * show_air_start:
 * @self: off air, or in rehearsal
 *
 * The recording first, if it is not going on already; then each destination, by itself. Fails with an
 * `ENGINE_ERROR` when nothing can be encoded here.
 *
 * Returns: whether the show is on air
 */
gboolean
show_air_start (ShowAir *self, GError **error)
{
  g_return_val_if_fail (SHOW_IS_AIR (self), FALSE);

  if (!show_air_rehearse (self, error))
    return FALSE;
  self->cancellable = g_cancellable_new ();
  for (guint i = 0; i < g_list_model_get_n_items (self->destinations); i++) {
    g_autoptr (EngineOutput) output = g_list_model_get_item (self->destinations, i);

    /* One that was refused the last time has another chance. */
    if (self->page_error == NULL || output != self->page_output)
      engine_program_stop_output (self->program, output);
    start_output (self, output);
  }
  if (self->page != NULL)
    livepage_server_set_live (self->page, TRUE);
  return TRUE;
}

static void
stop_publishing (ShowAir *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  for (guint i = 0; i < g_list_model_get_n_items (self->destinations); i++) {
    g_autoptr (EngineOutput) output = g_list_model_get_item (self->destinations, i);

    engine_program_stop_output (self->program, output);
  }
  if (self->page != NULL) {
    livepage_server_end_stream (self->page);
    livepage_server_set_live (self->page, FALSE);
  }
}

/**
 * show_air_stop:
 * @self: on air or in rehearsal
 *
 * May run twice.
 */
void
show_air_stop (ShowAir *self)
{
  g_return_if_fail (SHOW_IS_AIR (self));

  end_test (self);
  if (self->cancellable != NULL)
    stop_publishing (self);
  if (!self->encoding)
    return;
  self->encoding = FALSE;
  engine_program_stop_recording (self->program);
  engine_program_stop_encoding (self->program);
}

/**
 * show_air_add_output:
 * @self: on air or off
 * @output: one that is new among its destinations
 */
void
show_air_add_output (ShowAir *self, EngineOutput *output)
{
  g_return_if_fail (SHOW_IS_AIR (self));

  if (self->cancellable != NULL)
    start_output (self, output);
}

EngineOutput *
show_air_get_page_output (ShowAir *self)
{
  return self->page_output;
}

void
show_air_set_talk (ShowAir *self, const char *title, const char *speakers)
{
  if (self->page != NULL)
    livepage_server_set_talk (self->page, title, speakers);
}

const char *
show_air_get_page_uri (ShowAir *self)
{
  return self->page != NULL ? livepage_server_get_uri (self->page) : NULL;
}
