/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * WebError:
 * @WEB_ERROR_INVALID: what the other side sent is not what it should be; it is not used
 * @WEB_ERROR_LISTEN: the port for a page is taken, or the address is not this computer's
 * @WEB_ERROR_CERTIFICATE: the certificate or its key cannot be read, or they do not belong together
 * @WEB_ERROR_CERTIFICATE_OLD: the certificate has run out
 * @WEB_ERROR_CERTIFICATE_MADE: no certificate could be made: the folder cannot be written
 */
typedef enum {
  WEB_ERROR_INVALID,
  WEB_ERROR_LISTEN,
  WEB_ERROR_CERTIFICATE,
  WEB_ERROR_CERTIFICATE_OLD,
  WEB_ERROR_CERTIFICATE_MADE,
} WebError;

#define WEB_TYPE_ERROR (web_error_get_type ())
GType web_error_get_type (void);
#define WEB_ERROR (web_error_quark ())
GQuark web_error_quark (void);

G_END_DECLS
