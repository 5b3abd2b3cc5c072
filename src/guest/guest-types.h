/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * GuestError:
 * @GUEST_ERROR_MISSING_ELEMENT: a GStreamer element is not installed; the message names it
 * @GUEST_ERROR_STREAM: a connection's pipeline failed
 * @GUEST_ERROR_INVALID: what the other side sent is not what it should be; it is not used
 * @GUEST_ERROR_NOT_TAKEN: the other side takes, or has, no picture or sound that Régie can handle
 * @GUEST_ERROR_NO_WAY: neither side's network lets the other in
 * @GUEST_ERROR_VANISHED: there was a connection, and then nothing came any more
 * @GUEST_ERROR_TOO_SLOW: the connection was not made in time
 */
typedef enum {
  GUEST_ERROR_MISSING_ELEMENT,
  GUEST_ERROR_STREAM,
  GUEST_ERROR_INVALID,
  GUEST_ERROR_NOT_TAKEN,
  GUEST_ERROR_NO_WAY,
  GUEST_ERROR_VANISHED,
  GUEST_ERROR_TOO_SLOW,
} GuestError;

#define GUEST_ERROR (guest_error_quark ())
GQuark guest_error_quark (void);

G_END_DECLS
