/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-types.h"

G_BEGIN_DECLS

#define GUEST_SDP_MAX_BYTES      65536
#define GUEST_SDP_MAX_MEDIA      4u
#define GUEST_SDP_MAX_CANDIDATES 64u

char *guest_sdp_check_offer (const char *sdp, GError **error);
char *guest_sdp_check_answer (const char *sdp, const char *const *media, GError **error);
gboolean guest_sdp_check_candidate (const char *candidate, char **checked, GError **error);
GStrv guest_sdp_list_media (const char *sdp);

G_END_DECLS
