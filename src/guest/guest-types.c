/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-types.h"

G_DEFINE_QUARK (guest_error, guest_error)
