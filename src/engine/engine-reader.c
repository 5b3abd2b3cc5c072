/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-reader.h"

/* How long nothing may be confirmed, or read, while there is something. */
#define UNCONFIRMED_US (6 * G_USEC_PER_SEC)
#define UNREAD_US      (4 * G_USEC_PER_SEC)

/* The system at the other end takes what comes even when the program there has stopped reading, and
 * may mend its window a little on the way. This much without any room made for it is no accident. */
#define UNREAD_BYTES 16384u

/* Less than two packets of it left: the window is as good as closed. */
#define CLOSED_BYTES 3000u

/**
 * engine_reader_look:
 * @self: what was known a second ago
 * @facts: what is known now
 * @now_us: monotonic time
 * @uplink: (inout): gets round trip, rate and losses
 */
void
engine_reader_look (EngineReader *self, const EngineSocketFacts *facts, gint64 now_us,
                    EngineUplink *uplink)
{
  const double took_s = (now_us - self->looked_us) / (double) G_USEC_PER_SEC;
  const guint64 n_sent = facts->n_sent - self->last.n_sent;

  uplink->rtt_ms = facts->rtt_ms;
  if (self->looked_us != 0 && took_s > 0.1) {
    uplink->sent_bps = (facts->acked_bytes - self->last.acked_bytes) * 8 / took_s;
    uplink->lost_share =
      n_sent > 0 ? MIN (1.0, (facts->n_resent - self->last.n_resent) / (double) n_sent) : 0;
  }
  if (self->looked_us == 0 || facts->acked_bytes != self->last.acked_bytes ||
      facts->unacked_bytes + facts->unsent_bytes == 0)
    self->confirmed_us = now_us;
  if (self->looked_us == 0 || facts->edge_bytes > self->last.edge_bytes) {
    self->read_us = now_us;
    self->read_bytes = facts->acked_bytes;
  }
  self->looked_us = now_us;
  self->last = *facts;
}

/**
 * engine_reader_is_dead:
 * @self: what is known
 * @now_us: monotonic time
 *
 * A machine that lost its power or its network confirms nothing any more. One whose program hangs
 * still confirms, but its window does not move on: nobody reads.
 *
 * Returns: whether nothing that is sent now will be of use to anybody
 */
gboolean
engine_reader_is_dead (const EngineReader *self, gint64 now_us)
{
  guint64 unread_bytes = 0, window_bytes = 0;

  if (self->looked_us == 0)
    return FALSE;
  if (now_us - self->confirmed_us >= UNCONFIRMED_US)
    return TRUE;
  /* On a line with long queues the news of what was read is late; what was confirmed is not. */
  unread_bytes = self->last.acked_bytes - self->read_bytes;
  window_bytes = self->last.edge_bytes - self->last.acked_bytes;
  return now_us - self->read_us >= UNREAD_US &&
         (unread_bytes >= UNREAD_BYTES || window_bytes < CLOSED_BYTES);
}
