/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-types.h"

G_BEGIN_DECLS

GPtrArray *guest_answer_choose (const char *sdp, GError **error);

G_END_DECLS
