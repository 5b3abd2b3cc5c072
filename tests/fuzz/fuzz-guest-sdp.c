/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-sdp.h"

#include <gst/sdp/sdp.h>
#include <string.h>

/* What a stranger may send: whatever it is, it is refused with a reason, or written anew so that GStreamer
 * reads it, and so that a second check changes nothing. With libFuzzer (see ./run) this searches; built
 * as a test it goes through the files of the corpus. */

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static void
check_description (const char *text, const char *const *media)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *checked = media != NULL ? guest_sdp_check_answer (text, media, &error)
                                           : guest_sdp_check_offer (text, &error);
  g_autofree char *again = NULL;
  GstSDPMessage *message = NULL;

  g_assert_true ((checked == NULL) == (error != NULL));
  if (checked == NULL)
    return;
  again = media != NULL ? guest_sdp_check_answer (checked, media, NULL)
                        : guest_sdp_check_offer (checked, NULL);
  g_assert_cmpstr (again, ==, checked);
  g_assert_cmpint (gst_sdp_message_new_from_text (checked, &message), ==, GST_SDP_OK);
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    const GstSDPMedia *part = gst_sdp_message_get_media (message, i);

    for (guint k = 0; k < gst_sdp_media_formats_len (part); k++) {
      GstCaps *caps = gst_sdp_media_get_caps_from_media (
        part, (int) g_ascii_strtoll (gst_sdp_media_get_format (part, k), NULL, 10));

      if (caps != NULL)
        gst_caps_unref (caps);
    }
  }
  gst_sdp_message_free (message);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  static const char *const media[] = { "video video0", "audio audio1", NULL };
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *candidate = NULL;
  g_autofree char *again = NULL;

  check_description (text, NULL);
  check_description (text, media);
  if (guest_sdp_check_candidate (text, &candidate, NULL) && candidate != NULL) {
    g_assert_true (guest_sdp_check_candidate (candidate, &again, NULL));
    g_assert_cmpstr (again, ==, candidate);
  }
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
