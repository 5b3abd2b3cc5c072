/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-peer.h"
#include "guest-warm-up.h"

static void
warm_cb (GuestPeer *peer, gconstpointer what, gpointer user_data)
{
  guest_peer_close (peer);
  g_object_unref (peer);
}

/**
 * guest_warm_up:
 * @program: the show's
 *
 * Makes an offer to nobody, in the background: the first connection of a process loads its elements and
 * makes its certificate, for which the first guest is not to wait.
 */
void
guest_warm_up (EngineProgram *program)
{
  const GuestPeerConfig config = { .program = program };
  GuestPeer *peer = guest_peer_new (&config, NULL);

  g_signal_connect (peer, "offer", G_CALLBACK (warm_cb), NULL);
  g_signal_connect (peer, "failed", G_CALLBACK (warm_cb), NULL);
  if (!guest_peer_offer (peer, NULL)) /* who invites somebody hears of what is missing */
    g_object_unref (peer);
}
