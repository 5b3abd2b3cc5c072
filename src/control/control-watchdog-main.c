/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "control-watchdog-words.h"

/* regie-watchdog FD PID PROGRAM ARGUMENT…
 *
 * Waits, while a show is on air, at a socket that only that Régie holds: when it closes without a
 * goodbye, Régie has died, and is started again with the same command, environment and folder, and
 * --resume. Nothing but the C library: it takes no memory to speak of, and nothing of what made Régie
 * die can hit it. */

/* More than so many deaths in so many seconds are a show that cannot be helped like this. */
#define MAX_DEATHS   5
#define MAX_DEATHS_S 30

/* A dying process may take so long to let go of its devices. */
#define DEATH_TIMEOUT_MS 10000

/* Ten a second. */
#define EXEC_TRIES 30

typedef struct {
  char **command; /* the program and its arguments, NULL at the end */
  int fd;
  pid_t pid;
  int is_child; /* we have started it: its exit status is known */
  char state;   /* as it said last */
  time_t deaths[MAX_DEATHS];
  unsigned n_deaths;
} Watch;

static time_t
now_s (void)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

/* Reads what Régie says until it has gone. Returns whether it has said goodbye. */
static int
listen_to (Watch *watch)
{
  char word = 0;
  ssize_t n = 0;

  for (;;) {
    n = read (watch->fd, &word, 1);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return 0;
    if (word == CONTROL_WATCHDOG_GOODBYE)
      return 1;
    watch->state = word;
  }
}

/* Its files are closed one after the other: what it held is free when the whole of it has gone.
 * Returns whether it ended by itself, which is its own wish. */
static int
wait_for_end (Watch *watch)
{
  int status = 0;

  if (watch->is_child) {
    while (waitpid (watch->pid, &status, 0) < 0 && errno == EINTR)
      continue;
    return !WIFSIGNALED (status);
  }
#ifdef SYS_pidfd_open
  {
    struct pollfd death = { .fd = (int) syscall (SYS_pidfd_open, watch->pid, 0), .events = POLLIN };

    if (death.fd >= 0) {
      poll (&death, 1, DEATH_TIMEOUT_MS);
      close (death.fd);
    }
  }
#endif
  return 0;
}

static int
dies_too_often (Watch *watch)
{
  const time_t now = now_s ();
  const time_t oldest = watch->deaths[watch->n_deaths % MAX_DEATHS];

  watch->deaths[watch->n_deaths % MAX_DEATHS] = now;
  watch->n_deaths++;
  return watch->n_deaths > MAX_DEATHS && now - oldest < MAX_DEATHS_S;
}

static void
reset_signals (void)
{
  static const int signals[] = { SIGINT, SIGHUP, SIGQUIT, SIGPIPE };
  sigset_t none;

  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
    signal (signals[i], SIG_DFL);
}

/* While Régie is being updated it may be away for a moment. Never returns: without Régie there is nothing
 * left to watch, and no other thread to wait. 127 is what shells say of a program that is not there. */
static void
become (char **command, const char *option)
{
  size_t n = 0;
  char **words = NULL;

  while (command[n] != NULL)
    n++;
  words = calloc (n + 2, sizeof *words);
  if (words == NULL)
    _exit (127);
  memcpy (words, command, n * sizeof *words);
  words[n] = (char *) option;
  for (unsigned i = 0; i < EXEC_TRIES; i++) {
    execv (command[0], words);
    nanosleep (&(struct timespec){ .tv_nsec = 100 * 1000 * 1000 }, NULL);
  }
  dprintf (STDERR_FILENO, "%s: %s\n", command[0], strerror (errno));
  _exit (127);
}

/* Tells the operator, in words of his own, that there is nothing more to be done here. */
static void
give_up (Watch *watch)
{
  char *command[] = { watch->command[0], NULL };

  reset_signals ();
  become (command, CONTROL_WATCHDOG_GIVE_UP_OPTION);
}

static int
start_again (Watch *watch)
{
  int ends[2] = { -1, -1 };
  char number[16] = "", state[2] = { watch->state, '\0' };

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return 0;
  watch->pid = fork ();
  if (watch->pid == 0) {
    reset_signals ();
    setpgid (0, 0);
    fcntl (ends[1], F_SETFD, 0);
    snprintf (number, sizeof number, "%d", ends[1]);
    setenv (CONTROL_WATCHDOG_FD_VARIABLE, number, 1);
    setenv (CONTROL_WATCHDOG_STATE_VARIABLE, state, 1);
    become (watch->command, "--resume");
  }
  close (ends[1]);
  close (watch->fd);
  watch->fd = ends[0];
  watch->is_child = 1;
  return watch->pid > 0;
}

int
main (int argc, char **argv)
{
  Watch watch = { 0 };

  if (argc < 4)
    return 2;
  watch.fd = atoi (argv[1]);
  watch.pid = atoi (argv[2]);
  watch.command = argv + 3;
  watch.state = CONTROL_WATCHDOG_LIVE;
  /* What is meant for Régie's terminal or process group is not meant for us. */
  setsid ();
  signal (SIGINT, SIG_IGN);
  signal (SIGHUP, SIG_IGN);
  signal (SIGQUIT, SIG_IGN);
  signal (SIGPIPE, SIG_IGN);
  fcntl (watch.fd, F_SETFD, FD_CLOEXEC);
  for (;;) {
    if (listen_to (&watch))
      return 0;
    if (wait_for_end (&watch))
      return 0;
    if (dies_too_often (&watch))
      give_up (&watch);
    if (!start_again (&watch))
      return 1;
  }
}
