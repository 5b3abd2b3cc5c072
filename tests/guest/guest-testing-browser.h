/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-peer.h"

G_BEGIN_DECLS

/**
 * GuestTestingBrowser:
 *
 * The other side of a connection, without a browser: a second `webrtcbin` in this process, with a
 * picture and a tone to send, that answers what a peer offers, or offers itself.
 */
typedef struct _GuestTestingBrowser GuestTestingBrowser;

/* Whether ICE finds any address here: it does not look at the loopback. */
gboolean guest_testing_has_network (void);

/* @tone_hz: 0: it sends nothing. It talks to @peer at once, on the main thread. */
GuestTestingBrowser *guest_testing_browser_new (GuestPeer *peer, guint tone_hz);
void guest_testing_browser_free (GuestTestingBrowser *self);

/* Makes an offer of its own; @done gets it with all candidates. */
void guest_testing_browser_offer (GuestTestingBrowser *self, const char *encoder,
                                  const char *payloader,
                                  void (*done) (const char *sdp, gpointer user_data),
                                  gpointer user_data);
void guest_testing_browser_take_answer (GuestTestingBrowser *self, const char *sdp);

/* What share of the packets is lost from now on, 0 to 1. */
void guest_testing_browser_lose (GuestTestingBrowser *self, double to_peer, double from_peer);

guint guest_testing_browser_count_sent (GuestTestingBrowser *self);
guint guest_testing_browser_count_pictures (GuestTestingBrowser *self);
void guest_testing_browser_get_size (GuestTestingBrowser *self, int *width_px, int *height_px);

/* The newest second of what it hears, in one channel; FALSE if there is not as much yet. */
gboolean guest_testing_browser_hear (GuestTestingBrowser *self, float *second);
void guest_testing_browser_forget_sound (GuestTestingBrowser *self);
void guest_testing_browser_request_keyframe (GuestTestingBrowser *self);

G_END_DECLS
