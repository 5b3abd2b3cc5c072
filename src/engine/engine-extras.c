/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-address.h"
#include "engine-extra.h"
#include "engine-extras.h"
#include "engine-recording-private.h"
#include "engine-source-private.h"

#define LOOK_MS 500

typedef struct {
  EngineSource *source;
  EngineExtra *extras[ENGINE_N_TAPS]; /* nullable */
} Entry;

/**
 * EngineExtras:
 *
 * What is recorded beside the program: each source as it came, each source's sound before its fader.
 * The files are in a folder `NAME – sources` beside the recording. Sources come and go.
 *
 * Main thread only.
 */
struct _EngineExtras {
  GObject parent_instance;

  EngineClock *clock;
  EngineRecording *recording;
  GPtrArray *sources; /* of EngineSource: the program's */

  GPtrArray *entries; /* of Entry */
  gboolean wanted[ENGINE_N_TAPS];
  guint look_id;
};

G_DEFINE_FINAL_TYPE (EngineExtras, engine_extras, G_TYPE_OBJECT)

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  for (guint i = 0; i < ENGINE_N_TAPS; i++) {
    if (entry->extras[i] == NULL)
      continue;
    engine_tap_set (engine_slot_get_tap (_engine_source_get_slot (entry->source), i), NULL, NULL);
    engine_extra_finish (entry->extras[i]);
    g_object_unref (entry->extras[i]);
  }
  g_object_unref (entry->source);
  g_free (entry);
}

/* What is a file on this computer is there already, and so is what is drawn here. */
static gboolean
comes_from_outside (const EngineSourceConfig *config)
{
  static const char *const local[] = { "file", NULL };

  switch (config->kind) {
  case ENGINE_SOURCE_CAMERA:
  case ENGINE_SOURCE_SCREEN:
  case ENGINE_SOURCE_REMOTE:
    return TRUE;
  case ENGINE_SOURCE_URI:
    return !engine_address_has_scheme (config->uri, local);
  case ENGINE_SOURCE_FILM:
  case ENGINE_SOURCE_STILL:
  case ENGINE_SOURCE_DRAWN:
  case ENGINE_SOURCE_SLIDES:
  case ENGINE_SOURCE_CARD:
    return FALSE;
  }
  g_return_val_if_reached (FALSE);
}

/* As a file name; see _engine_recording_make_name (). */
static char *
name_of (EngineSource *source)
{
  g_autofree char *dated = _engine_recording_make_name (engine_source_get_title (source));

  return g_strdup (dated + strlen ("2026-11-22 1400 "));
}

static void
add_entry (EngineExtras *self, EngineSource *source, gint64 base_ns)
{
  static const char *const endings[ENGINE_N_TAPS] = {
    [ENGINE_TAP_SOURCE] = ".mkv", [ENGINE_TAP_TRACK] = ".mka"
  };
  g_autofree char *name = name_of (source);
  Entry *entry = g_new0 (Entry, 1);

  entry->source = g_object_ref (source);
  for (guint i = 0; i < ENGINE_N_TAPS; i++) {
    if (!self->wanted[i] ||
        (i == ENGINE_TAP_SOURCE && !comes_from_outside (_engine_source_get_config (source))))
      continue;
    entry->extras[i] = engine_extra_new (self->clock, name, endings[i], base_ns);
    engine_tap_set (engine_slot_get_tap (_engine_source_get_slot (source), i), engine_extra_push,
                    entry->extras[i]);
  }
  g_ptr_array_add (self->entries, entry);
}

static gboolean
has_entry (EngineExtras *self, EngineSource *source)
{
  for (guint i = 0; i < self->entries->len; i++) {
    if (((const Entry *) self->entries->pdata[i])->source == source)
      return TRUE;
  }
  return FALSE;
}

/* `FOLDER/NAME – sources`, where the recording is now. */
static char *
folder_of (EngineExtras *self)
{
  const char *log = engine_recording_log_get_path (engine_recording_get_log (self->recording));
  g_autofree char *base = g_path_get_basename (log);
  char *end = g_strrstr (base, ".regie.json");

  if (end != NULL)
    *end = '\0';
  g_autofree char *name = g_strconcat (base, " – sources", NULL);
  return g_build_filename (engine_recording_get_folder (self->recording), name, NULL);
}

static gboolean
look_cb (gpointer data)
{
  EngineExtras *self = data;
  const gint64 position_ns = engine_recording_get_position_ns (self->recording);
  g_autofree char *folder = NULL;

  /* Their times are those of the recording, so it comes first. */
  if (position_ns < 0)
    return G_SOURCE_CONTINUE;
  folder = folder_of (self);
  for (guint i = self->entries->len; i-- > 0;) {
    Entry *entry = self->entries->pdata[i];

    if (!g_ptr_array_find (self->sources, entry->source, NULL))
      g_ptr_array_remove_index (self->entries, i);
  }
  for (guint i = 0; i < self->sources->len; i++) {
    if (!has_entry (self, self->sources->pdata[i]))
      add_entry (self, self->sources->pdata[i], engine_clock_get_now (self->clock) - position_ns);
  }
  for (guint i = 0; i < self->entries->len; i++) {
    const Entry *entry = self->entries->pdata[i];

    for (guint t = 0; t < ENGINE_N_TAPS; t++) {
      if (entry->extras[t] != NULL)
        engine_extra_look (entry->extras[t], folder);
    }
  }
  return G_SOURCE_CONTINUE;
}

static void
engine_extras_dispose (GObject *object)
{
  EngineExtras *self = ENGINE_EXTRAS (object);

  engine_extras_stop (self);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_object (&self->recording);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_extras_parent_class)->dispose (object);
}

static void
engine_extras_finalize (GObject *object)
{
  g_ptr_array_unref (ENGINE_EXTRAS (object)->entries);
  G_OBJECT_CLASS (engine_extras_parent_class)->finalize (object);
}

static void
engine_extras_class_init (EngineExtrasClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_extras_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_extras_finalize;
}

static void
engine_extras_init (EngineExtras *self)
{
  self->entries = g_ptr_array_new_with_free_func (entry_free);
}

/**
 * engine_extras_new:
 * @clock: the show's clock
 * @recording: what they lie beside
 * @program_sources: (element-type EngineSource): what is in it at any time is what is recorded
 *
 * Returns: (transfer full): extras that are off
 */
EngineExtras *
engine_extras_new (EngineClock *clock, EngineRecording *recording, GPtrArray *program_sources)
{
  EngineExtras *self = g_object_new (ENGINE_TYPE_EXTRAS, NULL);

  self->clock = g_object_ref (clock);
  self->recording = g_object_ref (recording);
  self->sources = g_ptr_array_ref (program_sources);
  return self;
}

/**
 * engine_extras_start:
 * @self: extras
 * @sources: whether each source is recorded as it comes
 * @tracks: whether each source's sound is recorded by itself
 *
 * To be called when the recording was started.
 */
void
engine_extras_start (EngineExtras *self, gboolean sources, gboolean tracks)
{
  g_return_if_fail (ENGINE_IS_EXTRAS (self));

  if (self->look_id != 0 || (!sources && !tracks))
    return;
  self->wanted[ENGINE_TAP_SOURCE] = sources;
  self->wanted[ENGINE_TAP_TRACK] = tracks;
  self->look_id = g_timeout_add (LOOK_MS, look_cb, self);
}

void
engine_extras_stop (EngineExtras *self)
{
  g_return_if_fail (ENGINE_IS_EXTRAS (self));

  g_clear_handle_id (&self->look_id, g_source_remove);
  g_ptr_array_set_size (self->entries, 0);
}

/**
 * engine_extras_list:
 * @self: extras
 * @func: (scope call): called for each that has a file, or a reason why not
 * @user_data: for @func
 */
void
engine_extras_list (EngineExtras *self, EngineExtraFunc func, gpointer user_data)
{
  g_return_if_fail (ENGINE_IS_EXTRAS (self));

  for (guint i = 0; i < self->entries->len; i++) {
    const Entry *entry = self->entries->pdata[i];

    for (guint t = 0; t < ENGINE_N_TAPS; t++) {
      EngineExtra *extra = entry->extras[t];

      if (extra != NULL &&
          (engine_extra_get_path (extra) != NULL || engine_extra_get_error (extra) != NULL))
        func (engine_source_get_id (entry->source), engine_extra_get_path (extra),
              engine_extra_get_error (extra), user_data);
    }
  }
}
