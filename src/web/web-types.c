/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web-types.h"

G_DEFINE_QUARK (web_error, web_error)

G_DEFINE_ENUM_TYPE (WebError, web_error, G_DEFINE_ENUM_VALUE (WEB_ERROR_INVALID, "invalid"),
                    G_DEFINE_ENUM_VALUE (WEB_ERROR_LISTEN, "listen"),
                    G_DEFINE_ENUM_VALUE (WEB_ERROR_CERTIFICATE, "certificate"),
                    G_DEFINE_ENUM_VALUE (WEB_ERROR_CERTIFICATE_OLD, "certificate-old"),
                    G_DEFINE_ENUM_VALUE (WEB_ERROR_CERTIFICATE_MADE, "certificate-made"))
