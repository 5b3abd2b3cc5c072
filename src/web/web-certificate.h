/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Certificates for serving the page to the network. Main thread only: making one takes some
 * milliseconds. */
GTlsCertificate *web_certificate_load (const char *certificate_path, const char *key_path,
                                       GError **error);
GTlsCertificate *web_certificate_make (const char *folder, const char *const *names,
                                       const char *const *addresses, GError **error);
char *web_certificate_get_name (GTlsCertificate *certificate);
char **web_certificate_list_names (void);
char **web_certificate_list_addresses (void);

G_END_DECLS
