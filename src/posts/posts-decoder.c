/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>

#include "posts-decoder.h"
#include "posts-photo-error.h"
#include "posts-photo-words.h"

#define PROGRAM     "regie-photo"
#define MAX_RUNNING 2
#define DEADLINE_MS (10 * 1000)
#define READ_BYTES  (256 * 1024)

G_DEFINE_QUARK (posts_photo_error, posts_photo_error)

/**
 * PostsDecoder:
 *
 * Has pictures of strangers read by processes of their own, one each, which are locked in. What such a
 * process says is not believed either. Main thread.
 */
struct _PostsDecoder {
  GObject parent_instance;

  char *program;
  GQueue waiting; /* of Run */
  guint n_running;
};

G_DEFINE_FINAL_TYPE (PostsDecoder, posts_decoder, G_TYPE_OBJECT)

/* Lives as long as its process, its pipe and its task: each of them holds it. */
typedef struct {
  grefcount ref_count;
  GTask *task; /* NULL once it has returned */
  GSubprocess *process;
  GBytes *bytes;
  int largest_px;
  GByteArray *said;
  guint deadline_id;
  gboolean is_late;
} Run;

static Run *
run_ref (Run *run)
{
  g_ref_count_inc (&run->ref_count);
  return run;
}

static void
run_unref (Run *run)
{
  if (!g_ref_count_dec (&run->ref_count))
    return;
  g_clear_handle_id (&run->deadline_id, g_source_remove);
  g_clear_object (&run->task);
  g_clear_object (&run->process);
  g_bytes_unref (run->bytes);
  g_byte_array_unref (run->said);
  g_free (run);
}

/* As it was built, or where it is installed. */
static char *
find_program (void)
{
  g_autofree char *self_path = g_file_read_link ("/proc/self/exe", NULL); /* NULL: installed */
  g_autofree char *folder = self_path != NULL ? g_path_get_dirname (self_path) : g_strdup (".");
  g_autofree char *built = g_build_filename (folder, "..", "posts", PROGRAM, NULL);

  if (g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&built);
  return g_build_filename (LIBEXEC_DIR, PROGRAM, NULL);
}

static PostsPicture *
read_answer (const Run *run, GError **error)
{
  static const struct {
    PostsPhotoError code;
    const char *words;
  } refusals[] = {
    [POSTS_PHOTO_ANSWER_KIND] = { POSTS_PHOTO_ERROR_KIND, "none of the kinds that are read" },
    [POSTS_PHOTO_ANSWER_TOO_LARGE] = { POSTS_PHOTO_ERROR_TOO_LARGE, "too many bytes or pixels" },
    [POSTS_PHOTO_ANSWER_BROKEN] = { POSTS_PHOTO_ERROR_BROKEN, "broken or cut off" },
    [POSTS_PHOTO_ANSWER_MEMORY] = { POSTS_PHOTO_ERROR_STOPPED, "it wants too much memory" },
    [POSTS_PHOTO_ANSWER_UNLOCKED] = { POSTS_PHOTO_ERROR_READER, "its reader cannot be locked in" },
  };
  PostsPhotoHead head = { 0 };
  g_autoptr (GBytes) pixels = NULL;
  gsize size = 0;

  if (run->said->len >= sizeof head)
    memcpy (&head, run->said->data, sizeof head);
  if (head.magic == POSTS_PHOTO_MAGIC && head.answer > 0 && head.answer < G_N_ELEMENTS (refusals)) {
    g_set_error_literal (error, POSTS_PHOTO_ERROR, (int) refusals[head.answer].code,
                         refusals[head.answer].words);
    return NULL;
  }
  size = (gsize) head.width_px * head.height_px * 4;
  if (head.magic != POSTS_PHOTO_MAGIC || head.answer != POSTS_PHOTO_ANSWER_OK ||
      head.width_px < 1 || head.height_px < 1 || head.width_px > (guint) run->largest_px ||
      head.height_px > (guint) run->largest_px || run->said->len != sizeof head + size) {
    g_set_error_literal (error, POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_STOPPED,
                         "its reader answered with nonsense");
    return NULL;
  }
  pixels = g_bytes_new (run->said->data + sizeof head, size);
  return posts_picture_new (pixels, (int) head.width_px, (int) head.height_px);
}

static void pump (PostsDecoder *self);

static void
finish (Run *run)
{
  g_autoptr (GTask) task = g_steal_pointer (&run->task);
  g_autoptr (PostsDecoder) self = g_object_ref (g_task_get_source_object (task));
  PostsPicture *picture = NULL;
  GError *error = NULL;

  g_clear_handle_id (&run->deadline_id, g_source_remove);
  if (run->is_late)
    g_set_error_literal (&error, POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_STOPPED,
                         "its reader did not finish");
  else if (g_subprocess_get_if_signaled (run->process))
    g_set_error (&error, POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_STOPPED,
                 "its reader was stopped by signal %d", g_subprocess_get_term_sig (run->process));
  else
    picture = read_answer (run, &error);
  if (picture != NULL)
    g_task_return_pointer (task, picture, (GDestroyNotify) posts_picture_unref);
  else
    g_task_return_error (task, error);
  self->n_running--;
  pump (self);
}

static void
exited_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (object), result, NULL); /* cannot fail: not cancellable */
  finish (run);
  run_unref (run);
}

static gboolean
late_cb (gpointer user_data)
{
  Run *run = user_data;

  run->deadline_id = 0;
  run->is_late = TRUE;
  g_subprocess_force_exit (run->process);
  return G_SOURCE_REMOVE;
}

static void
said_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;
  const gsize limit =
    sizeof (PostsPhotoHead) + (gsize) run->largest_px * (gsize) run->largest_px * 4;
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, NULL); /* as its end */

  if (bytes != NULL && g_bytes_get_size (bytes) > 0) {
    g_byte_array_append (run->said, g_bytes_get_data (bytes, NULL),
                         (guint) g_bytes_get_size (bytes));
    if (run->said->len <= limit) {
      g_input_stream_read_bytes_async (G_INPUT_STREAM (object), READ_BYTES, G_PRIORITY_LOW, NULL,
                                       said_cb, run);
      return;
    }
    g_subprocess_force_exit (run->process);
  }
  g_subprocess_wait_async (run->process, NULL, exited_cb, run);
}

static void
written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  /* A reader that does not want to hear more says why, or is asked why it ended. */
  g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, NULL);
  g_output_stream_close (G_OUTPUT_STREAM (object), NULL, NULL);
  run_unref (user_data);
}

/* Takes @run. */
static void
start (PostsDecoder *self, Run *run)
{
  g_autofree char *largest = g_strdup_printf ("%d", run->largest_px);
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                               G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  char *environment[] = { "LANG=C", NULL };
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_environ (launcher, environment);
  run->process = g_subprocess_launcher_spawn (launcher, &error, self->program, largest, NULL);
  if (run->process == NULL) {
    g_task_return_new_error (run->task, POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_READER, "%s",
                             error->message);
    run_unref (run);
    return;
  }
  self->n_running++;
  run->deadline_id = g_timeout_add (DEADLINE_MS, late_cb, run);
  g_output_stream_write_all_async (g_subprocess_get_stdin_pipe (run->process),
                                   g_bytes_get_data (run->bytes, NULL),
                                   g_bytes_get_size (run->bytes), G_PRIORITY_LOW, NULL, written_cb,
                                   run_ref (run));
  g_input_stream_read_bytes_async (g_subprocess_get_stdout_pipe (run->process), READ_BYTES,
                                   G_PRIORITY_LOW, NULL, said_cb, run);
}

static void
pump (PostsDecoder *self)
{
  while (self->n_running < MAX_RUNNING && !g_queue_is_empty (&self->waiting))
    start (self, g_queue_pop_head (&self->waiting));
}

static void
posts_decoder_finalize (GObject *object)
{
  g_free (POSTS_DECODER (object)->program);
  G_OBJECT_CLASS (posts_decoder_parent_class)->finalize (object);
}

static void
posts_decoder_class_init (PostsDecoderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = posts_decoder_finalize;
}

static void
posts_decoder_init (PostsDecoder *self)
{
  g_queue_init (&self->waiting);
}

/**
 * posts_decoder_new:
 * @program: (nullable) (type filename): what reads the pictures; `NULL` for Régie's own
 *
 * Returns: (transfer full): a decoder
 */
PostsDecoder *
posts_decoder_new (const char *program)
{
  PostsDecoder *self = g_object_new (POSTS_TYPE_DECODER, NULL);

  self->program = program != NULL ? g_strdup (program) : find_program ();
  return self;
}

/**
 * posts_decoder_decode_async:
 * @self: a decoder
 * @bytes: anything
 * @largest_px: how long its longer side may be at most, 1 to 1280
 * @callback: called in the main thread
 * @user_data: for @callback
 *
 * Reads a picture, after those that were asked for before; two at a time. Gives up after 10 seconds.
 */
void
posts_decoder_decode_async (PostsDecoder *self, GBytes *bytes, int largest_px,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (POSTS_IS_DECODER (self));
  g_return_if_fail (largest_px > 0 && largest_px <= POSTS_PHOTO_LARGEST_PX);

  Run *run = g_new0 (Run, 1);

  g_ref_count_init (&run->ref_count);
  run->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (run->task, posts_decoder_decode_async);
  run->bytes = g_bytes_ref (bytes);
  run->largest_px = largest_px;
  run->said = g_byte_array_new ();
  g_queue_push_tail (&self->waiting, run);
  pump (self);
}

/**
 * posts_decoder_decode_finish:
 *
 * Fails with a `POSTS_PHOTO_ERROR`.
 *
 * Returns: (transfer full): the picture; `NULL` on error
 */
PostsPicture *
posts_decoder_decode_finish (PostsDecoder *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
