/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-notes.h"

#define MAX_SSRCS 32

struct _GuestNotes {
  GMutex lock;
  gint64 heard_us; /* when anything last came from the other side */
  guint32 sound_ssrcs[MAX_SSRCS];
  guint n_sound_ssrcs;
};

static void
clear (gpointer data)
{
  g_mutex_clear (&((GuestNotes *) data)->lock);
}

GuestNotes *
guest_notes_new (void)
{
  GuestNotes *self = g_atomic_rc_box_new0 (GuestNotes);

  g_mutex_init (&self->lock);
  return self;
}

void
guest_notes_release (gpointer notes)
{
  g_atomic_rc_box_release_full (notes, clear);
}

static void
release_closure (gpointer data, GClosure *closure)
{
  guest_notes_release (data);
}

/**
 * guest_notes_hear:
 * @self: notes
 *
 * Something has come from the other side.
 */
void
guest_notes_hear (GuestNotes *self)
{
  g_mutex_lock (&self->lock);
  self->heard_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
}

/**
 * guest_notes_get_heard:
 * @self: notes
 *
 * Returns: the monotonic time at which anything last came from the other side; 0: never
 */
gint64
guest_notes_get_heard (GuestNotes *self)
{
  gint64 heard_us = 0;

  g_mutex_lock (&self->lock);
  heard_us = self->heard_us;
  g_mutex_unlock (&self->lock);
  return heard_us;
}

/* Locked. */
static void
add_ssrcs (GuestNotes *self, const GstSDPMedia *media)
{
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++) {
    const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);

    if (g_strcmp0 (attribute->key, "ssrc") == 0 && attribute->value != NULL &&
        self->n_sound_ssrcs < MAX_SSRCS)
      self->sound_ssrcs[self->n_sound_ssrcs++] =
        (guint32) g_ascii_strtoull (attribute->value, NULL, 10);
  }
}

/**
 * guest_notes_take_sound:
 * @self: notes
 * @message: what the other side describes, before it is set
 */
void
guest_notes_take_sound (GuestNotes *self, const GstSDPMessage *message)
{
  g_mutex_lock (&self->lock);
  self->n_sound_ssrcs = 0;
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (message, i);

    if (g_strcmp0 (gst_sdp_media_get_media (media), "audio") == 0)
      add_ssrcs (self, media);
  }
  g_mutex_unlock (&self->lock);
}

static GstPadProbeReturn
heard_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  guest_notes_hear (user_data);
  return GST_PAD_PROBE_OK;
}

static void
pad_added_cb (GstElement *rtpbin, GstPad *pad, gpointer user_data)
{
  if (g_str_has_prefix (GST_PAD_NAME (pad), "recv_rtcp_sink") ||
      g_str_has_prefix (GST_PAD_NAME (pad), "recv_rtp_sink"))
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, heard_cb,
                       g_atomic_rc_box_acquire (user_data), guest_notes_release);
}

/* Under a bundle webrtcbin has the last transceiver say for all whether lost packets are asked for
 * again (GStreamer 1.22, and later): without this pictures are not repaired. It runs after webrtcbin's
 * own handler. */
static void
jitterbuffer_cb (GstElement *rtpbin, GstElement *jitterbuffer, guint session, guint ssrc,
                 gpointer user_data)
{
  GuestNotes *self = user_data;
  gboolean is_sound = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->n_sound_ssrcs; i++)
    is_sound = is_sound || self->sound_ssrcs[i] == ssrc;
  g_mutex_unlock (&self->lock);
  if (!is_sound)
    g_object_set (jitterbuffer, "do-retransmission", TRUE, NULL);
}

/**
 * guest_notes_watch:
 * @self: notes
 * @rtpbin: a `webrtcbin`'s
 */
void
guest_notes_watch (GuestNotes *self, GstElement *rtpbin)
{
  g_signal_connect_data (rtpbin, "pad-added", G_CALLBACK (pad_added_cb),
                         g_atomic_rc_box_acquire (self), release_closure, 0);
  g_signal_connect_data (rtpbin, "new-jitterbuffer", G_CALLBACK (jitterbuffer_cb),
                         g_atomic_rc_box_acquire (self), release_closure, 0);
}
