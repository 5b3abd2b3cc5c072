/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posts-photo-jail.h"

/* Locks itself in as regie-photo does and then tries what a picture might make it do. Says with exit status
 * 0 that it could, and with 3 that it was told no; mostly it does not come that far. */

static int
try (const char *what)
{
  char byte = 0;

  if (strcmp (what, "pipe") == 0)
    return read (STDIN_FILENO, &byte, 1) == 0 && write (STDOUT_FILENO, "x", 1) == 1;
  if (strcmp (what, "open") == 0)
    return open ("/etc/passwd", O_RDONLY) >= 0;
  if (strcmp (what, "create") == 0)
    return open ("/tmp/regie-photo-was-here", O_WRONLY | O_CREAT, 0600) >= 0;
  if (strcmp (what, "socket") == 0)
    return socket (AF_INET, SOCK_STREAM, 0) >= 0;
  if (strcmp (what, "local-socket") == 0)
    return socket (AF_UNIX, SOCK_STREAM, 0) >= 0;
  if (strcmp (what, "fork") == 0)
    return fork () >= 0;
  if (strcmp (what, "exec") == 0)
    return execl ("/bin/true", "true", NULL) == 0;
  if (strcmp (what, "kill") == 0)
    return kill (getppid (), 0) == 0;
  if (strcmp (what, "code") == 0)
    return mmap (NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                 0) != MAP_FAILED;
  if (strcmp (what, "other-fd") == 0)
    return read (STDOUT_FILENO, &byte, 1) >= 0;
  if (strcmp (what, "memory") == 0)
    return mmap (NULL, (size_t) 1 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                 0) != MAP_FAILED;
  if (strcmp (what, "time") == 0)
    for (volatile unsigned i = 0;; i++)
      continue;
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc != 2 || posts_photo_lock_in () != 0)
    _exit (2);
  _exit (try (argv[1]) ? 0 : 3);
}
