/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-reach.h"
#include "guest-room.h"

G_BEGIN_DECLS

char *console_reach_text_title (const GuestReach *reach);
char *console_reach_text_sentence (const GuestReach *reach);
char *console_reach_text_open (gboolean open, const char *address, const char *lan_address,
                               const char *public_address);
char *console_reach_text_tunnel (GuestTunnelState state);
char **console_reach_text_split (const char *text);
char *console_reach_text_check_stun (const char *text);
char *console_reach_text_check_turn (const char *text);
char *console_reach_text_check_command (const char *text);
char *console_reach_text_check_public (const char *text);

G_END_DECLS
