/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-health.h"

#define MAX_LOST_SHARE 0.05
#define MAX_RTT_MS     400
/* A webcam in dim light makes 15. */
#define MIN_RATE_FPS 10

/* So long it must be bad before it is called weak, and good before it is not any more. */
#define BAD_US  (3 * G_USEC_PER_SEC)
#define GOOD_US (5 * G_USEC_PER_SEC)

/**
 * guest_weakness_judge:
 * @self: what was seen before
 * @health: what is seen now; its field `weak` is not read
 * @expects_picture: whether he sends a picture that ought to move
 * @now_us: the monotonic time, not before that of the last call
 *
 * Loss above 5 %, a round trip above 400 ms, or a picture below 10 pictures a second, for three
 * seconds, is a weak line, until it was good for five.
 *
 * Returns: whether the line is weak
 */
gboolean
guest_weakness_judge (GuestWeakness *self, const GuestHealth *health, gboolean expects_picture,
                      gint64 now_us)
{
  const gboolean bad = health->lost_in_share > MAX_LOST_SHARE ||
                       health->lost_out_share > MAX_LOST_SHARE || health->rtt_ms > MAX_RTT_MS ||
                       (expects_picture && health->rate_fps < MIN_RATE_FPS);

  if (bad) {
    self->good_since_us = 0;
    if (self->bad_since_us == 0)
      self->bad_since_us = now_us;
    if (now_us - self->bad_since_us >= BAD_US)
      self->weak = TRUE;
  } else {
    if (self->good_since_us == 0)
      self->good_since_us = now_us;
    /* A second without any picture is one of a camera that is off, or of a line that is choked. */
    if (health->rate_fps > 0 || now_us - self->good_since_us >= GOOD_US)
      self->bad_since_us = 0;
    if (now_us - self->good_since_us >= GOOD_US)
      self->weak = FALSE;
  }
  return self->weak;
}
