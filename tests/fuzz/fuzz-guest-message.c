/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-message.h"

/* What a stranger's page may say: whatever it is, it is refused with a reason, or all that its type
 * has is there and within bounds. With libFuzzer (see ./run) this searches; built as a test it goes
 * through the files of the corpus. */

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static void
check_text (const char *text, gsize most)
{
  g_assert_nonnull (text);
  g_assert_cmpuint (strlen (text), <=, most);
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GuestMessage) message = guest_message_parse ((const char *) data, size, &error);

  g_assert_true ((message == NULL) == (error != NULL));
  if (message == NULL) {
    g_assert_error (error, GUEST_ERROR, GUEST_ERROR_INVALID);
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    return 0;
  }
  g_assert_cmpint (message->channel, <, GUEST_N_CHANNELS);
  g_assert_cmpint (message->place, <, GUEST_PLACE_ON_AIR);
  g_assert_cmpuint (message->index, <=, 3);
  g_assert_cmpint (message->id, >=, 0);
  if (message->type == GUEST_MESSAGE_HELLO)
    check_text (message->token, 64);
  if (message->type == GUEST_MESSAGE_ANSWER)
    check_text (message->sdp, 60 * 1024);
  if (message->type == GUEST_MESSAGE_CANDIDATE)
    check_text (message->candidate, 512);
  if (message->type == GUEST_MESSAGE_ECHO)
    check_text (message->payload, GUEST_MESSAGE_MAX_PAYLOAD);
  return 0;
}

#ifndef WITH_LIBFUZZER
int
main (int argc, char **argv)
{
  guint n_files = 0;

  g_print ("TAP version 13\n");
  for (int i = 1; i < argc; i++) {
    GDir *folder = g_dir_open (argv[i], 0, NULL);
    const char *name = NULL;

    g_assert_nonnull (folder);
    while ((name = g_dir_read_name (folder)) != NULL) {
      g_autofree char *path = g_build_filename (argv[i], name, NULL);
      g_autofree char *data = NULL;
      gsize size = 0;

      g_assert_true (g_file_get_contents (path, &data, &size, NULL));
      LLVMFuzzerTestOneInput ((const guint8 *) data, size);
      g_print ("ok %u %s\n", ++n_files, name);
    }
    g_dir_close (folder);
  }
  g_print ("1..%u\n", n_files);
  return n_files > 0 ? 0 : 1;
}
#endif
