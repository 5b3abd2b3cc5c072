/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/utsname.h>

#include "engine-chooser.h"
#include "engine-trial.h"

/* Of all cores, one encode of the program may have this share: half is for mixing, and the rest in
 * reserve, for a second encode or the window. */
#define BUDGET_SHARE 0.2

/* Rather than the fastest speed, which is ugly, it may have this share. */
#define ENDURED_SHARE 0.5

/* What is to be expected of one core as long as nothing was measured: 1080p30 at “superfast”. */
#define USUAL_COST_PER_PIXEL (0.4 / (1920.0 * 1080 * 30))

/**
 * EngineChooser:
 *
 * Finds out how this machine encodes the program best: a chip that passes its trial, or software at
 * the speed it can afford. What it found is remembered for this machine, its drivers and this size, so
 * that the next time it is known at once. Main thread.
 */
struct _EngineChooser {
  GObject parent_instance;

  EngineFormat format;
  char *machine; /* what it must be for what was found to hold */
  char *path;    /* where that is kept */
  guint start_id;
  GCancellable *cancellable; /* nullable: not trying */
  EngineChoice trying;
  EngineChoice choice;
  gboolean chosen;
  double cost_cores;    /* of the choice; 0: not measured */
  GHashTable *refusals; /* factory → reason */
};

G_DEFINE_FINAL_TYPE (EngineChooser, engine_chooser, G_TYPE_OBJECT)

static guint chosen_signal;

static void try_codec (EngineChooser *self, guint codec);

static char *
read_file (const char *path)
{
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : g_strdup ("");
}

/* Another chip, driver or version may do better or worse. */
static char *
describe_machine (void)
{
  g_autoptr (GString) text = g_string_new (PACKAGE_VERSION);
  g_autofree char *version = gst_version_string ();
  g_autofree char *processor = read_file ("/proc/cpuinfo");
  const char *model = strstr (processor, "model name");
  struct utsname kernel;

  g_string_append_printf (text, " %s %u", version, g_get_num_processors ());
  if (model != NULL)
    g_string_append_len (text, model, (gssize) strcspn (model, "\n"));
  if (uname (&kernel) == 0)
    g_string_append (text, kernel.release);
  for (guint i = 0; i < engine_codecs_get_n (); i++) {
    g_autoptr (GstElementFactory) factory =
      gst_element_factory_find (engine_codecs_get (i)->factory);
    g_autoptr (GstPlugin) plugin =
      factory != NULL ? gst_plugin_feature_get_plugin (GST_PLUGIN_FEATURE (factory)) : NULL;

    if (factory != NULL)
      g_string_append_printf (text, " %s=%s", engine_codecs_get (i)->factory,
                              plugin != NULL ? gst_plugin_get_version (plugin) : "");
  }
  for (guint i = 128; i < 136; i++) {
    g_autofree char *path = g_strdup_printf ("/sys/class/drm/renderD%u/device/uevent", i);
    g_autofree char *card = read_file (path);

    g_string_append (text, card);
  }
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, (gssize) text->len);
}

static char *
get_group (EngineChooser *self)
{
  return g_strdup_printf ("%dx%d@%d", self->format.width_px, self->format.height_px,
                          self->format.rate_fps);
}

static GKeyFile *
load_file (EngineChooser *self)
{
  GKeyFile *file = g_key_file_new ();
  g_autofree char *machine = NULL;

  if (g_key_file_load_from_file (file, self->path, G_KEY_FILE_NONE, NULL))
    machine = g_key_file_get_string (file, "machine", "id", NULL);
  if (g_strcmp0 (machine, self->machine) == 0)
    return file;
  g_key_file_unref (file);
  file = g_key_file_new ();
  g_key_file_set_string (file, "machine", "id", self->machine);
  return file;
}

static void
load_refusals (EngineChooser *self, GKeyFile *file)
{
  g_auto (GStrv) factories = g_key_file_get_keys (file, "refused", NULL, NULL);

  for (guint i = 0; factories != NULL && factories[i] != NULL; i++) {
    char *reason = g_key_file_get_string (file, "refused", factories[i], NULL);

    if (reason != NULL)
      g_hash_table_insert (self->refusals, g_strdup (factories[i]), reason);
  }
}

static gboolean
find_preset (const EngineCodec *codec, const char *name, guint *preset)
{
  *preset = 0;
  if (codec->presets == NULL)
    return name == NULL;
  for (guint i = 0; codec->presets[i] != NULL; i++) {
    if (g_strcmp0 (codec->presets[i], name) == 0) {
      *preset = i;
      return TRUE;
    }
  }
  return FALSE;
}

/* What was found the last time, if it still holds. */
static gboolean
load (EngineChooser *self)
{
  g_autoptr (GKeyFile) file = load_file (self);
  g_autofree char *group = get_group (self);
  g_autofree char *factory = g_key_file_get_string (file, group, "encoder", NULL);
  g_autofree char *preset = g_key_file_get_string (file, group, "preset", NULL);

  load_refusals (self, file);
  for (guint i = 0; factory != NULL && i < engine_codecs_get_n (); i++) {
    const EngineCodec *codec = engine_codecs_get (i);

    if (!g_str_equal (codec->factory, factory) || !engine_codec_is_installed (codec) ||
        g_hash_table_contains (self->refusals, factory) ||
        !find_preset (codec, preset, &self->choice.preset))
      continue;
    self->choice.codec = i;
    self->cost_cores = g_key_file_get_double (file, group, "cores", NULL);
    self->chosen = TRUE;
  }
  return self->chosen;
}

static void
saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (object), result, NULL, &error))
    g_info ("what encodes best will be tried again: %s", error->message);
}

static void
save (EngineChooser *self)
{
  g_autoptr (GKeyFile) file = load_file (self);
  g_autoptr (GFile) place = g_file_new_for_path (self->path);
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *group = get_group (self);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *preset = engine_choice_get_preset (&self->choice);
  GHashTableIter iter;
  gpointer factory = NULL, reason = NULL;

  if (self->chosen) {
    g_key_file_set_string (file, group, "encoder", engine_codecs_get (self->choice.codec)->factory);
    if (preset != NULL)
      g_key_file_set_string (file, group, "preset", preset);
    g_key_file_set_double (file, group, "cores", self->cost_cores);
  }
  g_hash_table_iter_init (&iter, self->refusals);
  while (g_hash_table_iter_next (&iter, &factory, &reason))
    g_key_file_set_string (file, "refused", factory, reason);
  text = g_key_file_to_data (file, NULL, NULL);
  bytes = g_bytes_new (text, strlen (text));
  g_mkdir_with_parents (folder, 0700);
  g_file_replace_contents_bytes_async (place, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL,
                                       saved_cb, NULL);
}

static void
choose (EngineChooser *self, const EngineChoice *choice, double cost_cores)
{
  self->choice = *choice;
  self->cost_cores = cost_cores;
  self->chosen = TRUE;
  g_clear_object (&self->cancellable);
  save (self);
  g_signal_emit (self, chosen_signal, 0);
}

static void try_now (EngineChooser *self);

/* Software always does it; the question is at what speed. */
static void
judge_speed (EngineChooser *self, double cost_cores)
{
  const double budget = BUDGET_SHARE * g_get_num_processors ();
  const char *const *presets = engine_codecs_get (self->trying.codec)->presets;
  const guint usual = engine_codecs_get (self->trying.codec)->usual_preset;
  EngineChoice slower = self->trying;

  slower.preset++;
  if (cost_cores <= budget && presets[slower.preset] != NULL) {
    /* Good enough; perhaps the next is, too. */
    self->choice = self->trying;
    self->cost_cores = cost_cores;
    self->trying = slower;
    try_now (self);
  } else if (cost_cores <= budget)
    choose (self, &self->trying, cost_cores);
  else if (self->trying.preset > usual)
    choose (self, &(EngineChoice){ self->trying.codec, self->trying.preset - 1 }, self->cost_cores);
  else if (cost_cores <= ENDURED_SHARE * g_get_num_processors () || self->trying.preset == 0)
    choose (self, &self->trying, cost_cores);
  else
    choose (self, &(EngineChoice){ self->trying.codec, 0 }, cost_cores);
}

static void
tried_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EngineChooser) self = user_data;
  const EngineCodec *codec = engine_codecs_get (self->trying.codec);
  g_autoptr (GError) error = NULL;
  double cost_cores = 0;

  if (engine_trial_try_finish (result, &cost_cores, &error)) {
    if (codec->hardware)
      choose (self, &self->trying, cost_cores);
    else
      judge_speed (self, cost_cores);
    return;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (codec->hardware) {
    g_hash_table_insert (self->refusals, g_strdup (codec->factory), g_strdup (error->message));
    try_codec (self, self->trying.codec + 1);
    return;
  }
  /* Too busy to be measured: it is tried again the next time. */
  g_info ("the speed of %s is not known: %s", codec->factory, error->message);
  g_clear_object (&self->cancellable);
  if (self->trying.preset > codec->usual_preset)
    choose (self, &(EngineChoice){ self->trying.codec, self->trying.preset - 1 }, self->cost_cores);
}

static void
try_now (EngineChooser *self)
{
  engine_trial_try_async (&self->trying, &self->format, self->cancellable, tried_cb,
                          g_object_ref (self));
}

static void
try_codec (EngineChooser *self, guint first)
{
  for (guint i = first; i < engine_codecs_get_n (); i++) {
    const EngineCodec *codec = engine_codecs_get (i);

    if (!engine_codec_is_installed (codec) ||
        g_hash_table_contains (self->refusals, codec->factory))
      continue;
    self->trying = (EngineChoice){ i, codec->usual_preset };
    try_now (self);
    return;
  }
  g_clear_object (&self->cancellable);
}

static gboolean
start_cb (gpointer data)
{
  EngineChooser *self = data;

  self->start_id = 0;
  self->cancellable = g_cancellable_new ();
  try_codec (self, 0);
  return G_SOURCE_REMOVE;
}

static void
engine_chooser_dispose (GObject *object)
{
  engine_chooser_stop (ENGINE_CHOOSER (object));
  G_OBJECT_CLASS (engine_chooser_parent_class)->dispose (object);
}

static void
engine_chooser_finalize (GObject *object)
{
  EngineChooser *self = ENGINE_CHOOSER (object);

  g_free (self->machine);
  g_free (self->path);
  g_hash_table_unref (self->refusals);
  G_OBJECT_CLASS (engine_chooser_parent_class)->finalize (object);
}

static void
engine_chooser_class_init (EngineChooserClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_chooser_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_chooser_finalize;
  chosen_signal = g_signal_new ("chosen", ENGINE_TYPE_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
engine_chooser_init (EngineChooser *self)
{
  self->refusals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * engine_chooser_new:
 * @format: of what is to be encoded
 *
 * Returns: (transfer full): one that knows what was found before
 */
EngineChooser *
engine_chooser_new (const EngineFormat *format)
{
  EngineChooser *self = g_object_new (ENGINE_TYPE_CHOOSER, NULL);

  self->format = *format;
  self->machine = describe_machine ();
  self->path = g_build_filename (g_get_user_cache_dir (), "regie", "encoder.ini", NULL);
  load (self);
  return self;
}

/**
 * engine_chooser_start:
 * @self: a chooser
 * @delay_ms: when: what begins now has more urgent things to do
 *
 * Tries, if nothing is known yet, and if this program can.
 */
void
engine_chooser_start (EngineChooser *self, guint delay_ms)
{
  g_return_if_fail (ENGINE_IS_CHOOSER (self));

  if (self->chosen || self->cancellable != NULL || self->start_id != 0 ||
      !engine_trial_is_possible ())
    return;
  self->start_id = g_timeout_add (delay_ms, start_cb, self);
}

/**
 * engine_chooser_stop:
 * @self: a chooser
 *
 * Ends a trial. May run twice.
 */
void
engine_chooser_stop (EngineChooser *self)
{
  g_return_if_fail (ENGINE_IS_CHOOSER (self));

  g_clear_handle_id (&self->start_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/**
 * engine_chooser_get_choice:
 * @self: a chooser
 * @choice: (out): what to take: what was found, or what needs no trial
 *
 * Returns: whether there is anything to take
 */
gboolean
engine_chooser_get_choice (EngineChooser *self, EngineChoice *choice)
{
  g_return_val_if_fail (ENGINE_IS_CHOOSER (self), FALSE);

  if (!self->chosen)
    return engine_choice_find_usual (0, choice);
  *choice = self->choice;
  return TRUE;
}

/**
 * engine_chooser_get_cost:
 * @self: a chooser
 *
 * Returns: how many processor cores an encode of the program keeps busy, measured or estimated
 */
double
engine_chooser_get_cost (EngineChooser *self)
{
  g_return_val_if_fail (ENGINE_IS_CHOOSER (self), 0);

  if (self->chosen && self->cost_cores > 0)
    return self->cost_cores;
  return USUAL_COST_PER_PIXEL * self->format.width_px * self->format.height_px *
         self->format.rate_fps;
}

/**
 * engine_chooser_refuse:
 * @self: a chooser
 * @factory: an encoder that broke while it was needed
 * @reason: what happened
 *
 * A chip is not taken again until its driver is another one; software is, since nothing is better.
 */
void
engine_chooser_refuse (EngineChooser *self, const char *factory, const char *reason)
{
  g_return_if_fail (ENGINE_IS_CHOOSER (self));

  for (guint i = 0; i < engine_codecs_get_n (); i++) {
    if (!g_str_equal (engine_codecs_get (i)->factory, factory) || !engine_codecs_get (i)->hardware)
      continue;
    g_hash_table_insert (self->refusals, g_strdup (factory), g_strdup (reason));
    if (self->chosen && self->choice.codec == i) {
      self->chosen = FALSE;
      self->cost_cores = 0;
    }
    save (self);
  }
}

static void
refusal_free (gpointer data)
{
  EngineRefusal *refusal = data;

  g_free (refusal->reason);
  g_free (refusal);
}

/**
 * engine_chooser_get_refusals:
 * @self: a chooser
 * @in_use: (nullable): the encoder in use
 *
 * Returns: (transfer full) (element-type EngineRefusal): those that would have been better, and why
 *   they are not it
 */
GPtrArray *
engine_chooser_get_refusals (EngineChooser *self, const char *in_use)
{
  GPtrArray *refusals = g_ptr_array_new_with_free_func (refusal_free);

  g_return_val_if_fail (ENGINE_IS_CHOOSER (self), refusals);

  for (guint i = 0; i < engine_codecs_get_n (); i++) {
    const EngineCodec *codec = engine_codecs_get (i);
    const char *reason = g_hash_table_lookup (self->refusals, codec->factory);
    EngineRefusal *refusal = NULL;

    if (g_strcmp0 (codec->factory, in_use) == 0)
      break;
    if (reason == NULL)
      reason = engine_codec_is_installed (codec) ? "not tried yet" : "not installed";
    refusal = g_new0 (EngineRefusal, 1);
    refusal->factory = codec->factory;
    refusal->reason = g_strdup (reason);
    g_ptr_array_add (refusals, refusal);
  }
  return refusals;
}
