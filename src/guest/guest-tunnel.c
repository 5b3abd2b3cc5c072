/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "common-util.h"
#include "guest-tunnel.h"

#define MAX_LINE_BYTES 512
#define N_LAST_LINES   3

/* So long it must live before it is taken to work. */
#define SETTLE_S 3

/* The first wait after it ended, and the longest. After a minute of work it begins anew. */
#define MIN_WAIT_S 1
#define MAX_WAIT_S 30
#define GOOD_US    (60 * G_TIME_SPAN_SECOND)

/* After it was asked to end. */
#define PATIENCE_MS 2000

/**
 * GuestTunnel:
 *
 * The program that makes this computer's page reachable from far away: started, watched, started
 * again when it ends, and ended with all that it has started itself.
 */
struct _GuestTunnel {
  GObject parent_instance;

  char **command;
  GuestTunnelState state;
  GError *error;        /* nullable */
  char *public_address; /* nullable */
  struct _Run *run;     /* nullable: it is not there */
  guint timer_id;       /* until it is settled, or started again */
  guint wait_s;
  gint64 started_us;
};

G_DEFINE_FINAL_TYPE (GuestTunnel, guest_tunnel, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* One life of the program. It may outlive the tunnel that has sent it away. */
typedef struct _Run {
  gatomicrefcount ref_count;
  GuestTunnel *tunnel; /* nullable: not wanted any more */
  GSubprocess *process;
  pid_t group;
  GCancellable *cancellable;
  GInputStream *output;
  GString *line;
  GQueue lines; /* of char *, the last ones */
  guint kill_id;
} Run;

static void
run_unref (Run *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_handle_id (&self->kill_id, g_source_remove);
  g_object_unref (self->process);
  g_object_unref (self->cancellable);
  g_string_free (self->line, TRUE);
  g_queue_clear_full (&self->lines, g_free);
  g_free (self);
}

static Run *
run_ref (Run *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
set_state (GuestTunnel *self, GuestTunnelState state)
{
  self->state = state;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* ---- what it prints ---- */

/* cloudflared makes up a new address each time, and tells it only so. */
static void
look_for_address (Run *self, const char *line)
{
  static GRegex *regex = NULL;
  g_autoptr (GMatchInfo) match = NULL;

  if (regex == NULL)
    regex = g_regex_new ("https://[a-z0-9][a-z0-9-]{0,100}\\.trycloudflare\\.com", G_REGEX_OPTIMIZE,
                         0, NULL);
  if (self->tunnel == NULL || !g_regex_match (regex, line, 0, &match))
    return;

  g_autofree char *address = g_match_info_fetch (match, 0);
  if (strstr (address, "//api.") != NULL ||
      !common_set_string (&self->tunnel->public_address, address))
    return;
  g_clear_handle_id (&self->tunnel->timer_id, g_source_remove);
  set_state (self->tunnel, GUEST_TUNNEL_RUNNING);
}

static void
end_line (Run *self)
{
  g_autofree char *line = g_utf8_make_valid (self->line->str, -1);

  g_string_truncate (self->line, 0);
  g_strstrip (line);
  if (*line == '\0')
    return;
  look_for_address (self, line);
  g_queue_push_tail (&self->lines, g_steal_pointer (&line));
  if (g_queue_get_length (&self->lines) > N_LAST_LINES)
    g_free (g_queue_pop_head (&self->lines));
}

static void read_some (Run *self);

static void
got_output_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Run *self = user_data;
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, NULL);
  gsize length = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  for (gsize i = 0; i < length; i++) {
    if (text[i] == '\n' || text[i] == '\r' || text[i] == '\0')
      end_line (self);
    else if (self->line->len < MAX_LINE_BYTES)
      g_string_append_c (self->line, text[i]);
  }
  if (length > 0)
    read_some (self);
  run_unref (self);
}

static void
read_some (Run *self)
{
  g_input_stream_read_bytes_async (self->output, 4096, G_PRIORITY_LOW, self->cancellable,
                                   got_output_cb, run_ref (self));
}

/* ---- its life ---- */

static gboolean
kill_cb (gpointer user_data)
{
  Run *self = user_data;

  self->kill_id = 0;
  kill (-self->group, SIGKILL);
  return G_SOURCE_REMOVE;
}

static void
send_away (Run *self)
{
  self->tunnel = NULL;
  kill (-self->group, SIGTERM);
  self->kill_id = g_timeout_add (PATIENCE_MS, kill_cb, self);
}

static gboolean
start_again_cb (gpointer user_data)
{
  GuestTunnel *self = user_data;

  self->timer_id = 0;
  guest_tunnel_start (self);
  return G_SOURCE_REMOVE;
}

static void
wait_and_retry (GuestTunnel *self)
{
  g_clear_handle_id (&self->timer_id, g_source_remove);
  self->timer_id = g_timeout_add_seconds (self->wait_s, start_again_cb, self);
  self->wait_s = MIN (self->wait_s * 2, MAX_WAIT_S);
  g_clear_pointer (&self->public_address, g_free);
  set_state (self, GUEST_TUNNEL_RETRYING);
}

static char *
join_lines (Run *self)
{
  GString *text = g_string_new (NULL);

  for (GList *l = self->lines.head; l != NULL; l = l->next)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " / " : "", (const char *) l->data);
  return g_string_free (text, FALSE);
}

static void
say_why (GuestTunnel *self, Run *run)
{
  g_autofree char *words = join_lines (run);

  g_clear_error (&self->error);
  if (g_subprocess_get_if_exited (run->process))
    g_set_error (&self->error, GUEST_ERROR, GUEST_ERROR_TUNNEL, "%s ended with status %d: %s",
                 self->command[0], g_subprocess_get_exit_status (run->process), words);
  else
    g_set_error (&self->error, GUEST_ERROR, GUEST_ERROR_TUNNEL, "%s was ended by signal %d: %s",
                 self->command[0], g_subprocess_get_term_sig (run->process), words);
}

static void
ended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;
  GuestTunnel *self = run->tunnel;

  g_subprocess_wait_finish (G_SUBPROCESS (object), result, NULL);
  /* Whatever it has left behind. */
  kill (-run->group, SIGKILL);
  g_clear_handle_id (&run->kill_id, g_source_remove);
  g_cancellable_cancel (run->cancellable);
  end_line (run);
  if (self != NULL) {
    run->tunnel = NULL;
    self->run = NULL;
    if (g_get_monotonic_time () - self->started_us > GOOD_US)
      self->wait_s = MIN_WAIT_S;
    say_why (self, run);
    wait_and_retry (self);
    run_unref (run);
  }
  run_unref (run);
}

/* In the child: a group of its own to be ended with, and an end when we end without goodbye. */
static void
child_setup (gpointer user_data)
{
  setpgid (0, 0);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static gboolean
settled_cb (gpointer user_data)
{
  GuestTunnel *self = user_data;

  self->timer_id = 0;
  g_clear_error (&self->error);
  set_state (self, GUEST_TUNNEL_RUNNING);
  return G_SOURCE_REMOVE;
}

static void
begin_run (GuestTunnel *self, GSubprocess *process)
{
  Run *run = g_new0 (Run, 1);

  g_atomic_ref_count_init (&run->ref_count);
  run->tunnel = self;
  run->process = g_object_ref (process);
  run->group = (pid_t) g_ascii_strtoll (g_subprocess_get_identifier (process), NULL, 10);
  run->cancellable = g_cancellable_new ();
  run->output = g_subprocess_get_stdout_pipe (process);
  run->line = g_string_new (NULL);
  g_queue_init (&run->lines);
  self->run = run;
  read_some (run);
  g_subprocess_wait_async (process, NULL, ended_cb, run_ref (run));
}

static void
guest_tunnel_dispose (GObject *object)
{
  guest_tunnel_stop (GUEST_TUNNEL (object));
  G_OBJECT_CLASS (guest_tunnel_parent_class)->dispose (object);
}

static void
guest_tunnel_finalize (GObject *object)
{
  GuestTunnel *self = GUEST_TUNNEL (object);

  g_strfreev (self->command);
  g_clear_error (&self->error);
  g_free (self->public_address);
  G_OBJECT_CLASS (guest_tunnel_parent_class)->finalize (object);
}

static void
guest_tunnel_class_init (GuestTunnelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = guest_tunnel_dispose;
  object_class->finalize = guest_tunnel_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", GUEST_TYPE_TUNNEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
guest_tunnel_init (GuestTunnel *self)
{
  self->wait_s = MIN_WAIT_S;
}

/**
 * guest_tunnel_new:
 * @command: the program and its arguments; ends with `NULL`. No shell reads it
 *
 * Returns: (transfer full): a tunnel that is off
 */
GuestTunnel *
guest_tunnel_new (const char *const *command)
{
  g_return_val_if_fail (command != NULL && command[0] != NULL, NULL);

  GuestTunnel *self = g_object_new (GUEST_TYPE_TUNNEL, NULL);

  self->command = g_strdupv ((char **) command);
  return self;
}

/**
 * guest_tunnel_start:
 * @self: a tunnel
 *
 * Starts the program, and again whenever it ends: after 1 to 30 seconds.
 */
void
guest_tunnel_start (GuestTunnel *self)
{
  g_return_if_fail (GUEST_IS_TUNNEL (self));

  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) cause = NULL;

  if (self->run != NULL)
    return;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_subprocess_launcher_set_child_setup (launcher, child_setup, NULL, NULL);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) self->command, &cause);
  if (process == NULL || g_subprocess_get_identifier (process) == NULL) {
    g_clear_error (&self->error);
    g_set_error (&self->error, GUEST_ERROR, GUEST_ERROR_TUNNEL_MISSING, "%s cannot be started: %s",
                 self->command[0], cause != NULL ? cause->message : "it ended at once");
    wait_and_retry (self);
    return;
  }
  begin_run (self, process);
  self->started_us = g_get_monotonic_time ();
  self->timer_id = g_timeout_add_seconds (SETTLE_S, settled_cb, self);
  set_state (self, GUEST_TUNNEL_STARTING);
}

/**
 * guest_tunnel_stop:
 * @self: a tunnel
 *
 * Asks the program to end, and makes it end after two seconds. Does not wait for it. May be called
 * twice.
 */
void
guest_tunnel_stop (GuestTunnel *self)
{
  g_return_if_fail (GUEST_IS_TUNNEL (self));

  Run *run = g_steal_pointer (&self->run);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (run != NULL) {
    send_away (run);
    run_unref (run);
  }
  if (self->state == GUEST_TUNNEL_OFF)
    return;
  self->wait_s = MIN_WAIT_S;
  g_clear_error (&self->error);
  g_clear_pointer (&self->public_address, g_free);
  set_state (self, GUEST_TUNNEL_OFF);
}

GuestTunnelState
guest_tunnel_get_state (GuestTunnel *self)
{
  g_return_val_if_fail (GUEST_IS_TUNNEL (self), GUEST_TUNNEL_OFF);

  return self->state;
}

const GError *
guest_tunnel_get_error (GuestTunnel *self)
{
  g_return_val_if_fail (GUEST_IS_TUNNEL (self), NULL);

  return self->error;
}

const char *
guest_tunnel_get_public_address (GuestTunnel *self)
{
  g_return_val_if_fail (GUEST_IS_TUNNEL (self), NULL);

  return self->public_address;
}
