/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "posts-photo-jail.h"

/* What a process that reads a stranger's picture may still do: read what came to it, write what comes
 * out, and use some memory for some time. Whatever else it tries is its end. */

/* Pixels of the largest picture, what its format needs to unpack them, and the libraries. */
#define MAX_MEMORY_BYTES (512UL * 1024 * 1024)
#define MAX_CPU_S        5
#define MAX_WALL_S       20

#define NOBODY           65534

static int
limit (__rlimit_resource_t what, rlim_t value)
{
  return setrlimit (what, &(struct rlimit){ value, value });
}

static int
set_limits (void)
{
  int failed = 0;

  failed |= limit (RLIMIT_CORE, 0);
  failed |= limit (RLIMIT_CPU, MAX_CPU_S);
  failed |= limit (RLIMIT_FSIZE, 0);
  failed |= limit (RLIMIT_NPROC, 0);
  failed |= limit (RLIMIT_NOFILE, 0);
#ifndef __SANITIZE_ADDRESS__ /* whose shadow is larger than any machine */
  failed |= limit (RLIMIT_AS, MAX_MEMORY_BYTES);
#endif
  return failed;
}

/* Not every system lets everybody do this; the filter below does not need it. */
static void
leave_the_system (void)
{
  const int others = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS;

  if (unshare (CLONE_NEWUSER | others) != 0 && unshare (others) != 0)
    return;
  /* A folder that is empty once the process that it belongs to has gone, and has nothing of use before. */
  if (chroot ("/proc/self/fdinfo") != 0 || chdir ("/") != 0)
    return;
}

static void
drop_privileges (void)
{
  struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct none[2] = { { 0 } };

  if (getuid () == 0) {
    if (setgroups (0, NULL) != 0 || setresgid (NOBODY, NOBODY, NOBODY) != 0 ||
        setresuid (NOBODY, NOBODY, NOBODY) != 0)
      return; /* in a namespace of its own, where there is nobody else to be */
  }
  syscall (SYS_capset, &head, none);
}

static int
add_plain_rules (scmp_filter_ctx filter)
{
  static const int allowed[] = {
    SCMP_SYS (brk),           SCMP_SYS (munmap),          SCMP_SYS (mremap),
    SCMP_SYS (madvise),       SCMP_SYS (futex),           SCMP_SYS (exit),
    SCMP_SYS (exit_group),    SCMP_SYS (rt_sigreturn),    SCMP_SYS (getrandom),
    SCMP_SYS (clock_gettime), SCMP_SYS (restart_syscall), SCMP_SYS (sched_yield),
  };
  int failed = 0;

  for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
    failed |= seccomp_rule_add (filter, SCMP_ACT_ALLOW, allowed[i], 0);
  return failed;
}

static int
add_memory_rules (scmp_filter_ctx filter)
{
  const struct scmp_arg_cmp not_code = SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
  const struct scmp_arg_cmp no_file = SCMP_A3 (SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS);

  return seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mmap), 2, not_code, no_file) |
         seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mprotect), 1, not_code);
}

static int
add_pipe_rules (scmp_filter_ctx filter)
{
  int failed = seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (read), 1,
                                 SCMP_A0 (SCMP_CMP_EQ, STDIN_FILENO));

  failed |= seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (write), 1,
                              SCMP_A0 (SCMP_CMP_EQ, STDOUT_FILENO));
  failed |= seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (write), 1,
                              SCMP_A0 (SCMP_CMP_EQ, STDERR_FILENO));
  return failed;
}

static int
filter_calls (void)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_KILL_PROCESS);
  int failed = filter == NULL;

  if (filter == NULL)
    return failed;
  failed |= add_plain_rules (filter) | add_memory_rules (filter) | add_pipe_rules (filter);
  failed |= seccomp_load (filter);
  seccomp_release (filter);
  return failed;
}

static int
close_the_rest (void)
{
#ifdef SYS_close_range
  if (syscall (SYS_close_range, STDERR_FILENO + 1, ~0U, 0) == 0)
    return 0;
#endif
  for (int fd = STDERR_FILENO + 1; fd < (int) sysconf (_SC_OPEN_MAX); fd++)
    close (fd);
  return 0;
}

/**
 * posts_photo_lock_in:
 *
 * From here on this process reads its standard input, writes its standard output and error, and has
 * memory and time within limits; any other call ends it. It cannot be undone. All libraries must have been
 * loaded.
 *
 * Returns: 0; anything else if it could not be done, and nothing may be read
 */
int
posts_photo_lock_in (void)
{
  int failed = 0;

  signal (SIGPIPE, SIG_DFL);
  alarm (MAX_WALL_S);
  failed |= close_the_rest ();
  failed |= prctl (PR_SET_PDEATHSIG, SIGKILL);
  failed |= setpriority (PRIO_PROCESS, 0, 10); /* a picture can wait, the program cannot */
  leave_the_system ();
  drop_privileges ();
  failed |= prctl (PR_SET_DUMPABLE, 0);
  failed |= prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  failed |= set_limits ();
  failed |= filter_calls ();
  return failed;
}
