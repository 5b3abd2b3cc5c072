/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "web-certificate.h"
#include "web-types.h"

#define CERTIFICATE_NAME "guests.crt"
#define KEY_NAME         "guests.key"

#define DAY_S            (24 * 60 * 60)
#define VALID_DAYS       365
#define RENEW_DAYS       30
#define MAX_ADDRESSES    32
#define MAX_PEM_BYTES    (16 * 1024)
#define MAX_NAME_LENGTH  63 /* what a certificate's common name holds, and a bit less */

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_privkey_t, gnutls_x509_privkey_deinit, NULL)

/**
 * web_certificate_load:
 * @certificate_path: a PEM file, with those that sign it
 * @key_path: a PEM file
 * @error: return location
 *
 * Reads a certificate that somebody has, for a name that browsers know.
 *
 * Returns: (transfer full): the certificate; `NULL` with `WEB_ERROR_CERTIFICATE` or
 *   `WEB_ERROR_CERTIFICATE_OLD`
 */
GTlsCertificate *
web_certificate_load (const char *certificate_path, const char *key_path, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GTlsCertificate) certificate =
    g_tls_certificate_new_from_files (certificate_path, key_path, &cause);

  if (certificate == NULL) {
    g_set_error (error, WEB_ERROR, WEB_ERROR_CERTIFICATE,
                 "The certificate %s or its key %s cannot be used: %s", certificate_path, key_path,
                 cause->message);
    return NULL;
  }

  g_autofree char *pem = NULL;
  g_autofree char *key_pem = NULL;
  g_autoptr (GDateTime) end = g_tls_certificate_get_not_valid_after (certificate);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_auto (gnutls_x509_crt_t) crt = NULL;
  g_auto (gnutls_x509_privkey_t) key = NULL;
  guint8 crt_id[64] = { 0 };
  guint8 key_id[64] = { 0 };
  gsize crt_length = sizeof crt_id;
  gsize key_length = sizeof key_id;

  if (end != NULL && g_date_time_compare (end, now) < 0) {
    g_autofree char *date = g_date_time_format_iso8601 (end);

    g_set_error (error, WEB_ERROR, WEB_ERROR_CERTIFICATE_OLD, "The certificate %s ended on %s",
                 certificate_path, date);
    return NULL;
  }
  g_object_get (certificate, "certificate-pem", &pem, "private-key-pem", &key_pem, NULL);
  const gnutls_datum_t crt_data = { (guint8 *) pem, pem != NULL ? (guint) strlen (pem) : 0 };
  const gnutls_datum_t key_data = { (guint8 *) key_pem,
                                    key_pem != NULL ? (guint) strlen (key_pem) : 0 };
  gnutls_x509_crt_init (&crt);
  gnutls_x509_privkey_init (&key);
  if (gnutls_x509_crt_import (crt, &crt_data, GNUTLS_X509_FMT_PEM) < 0 ||
      gnutls_x509_privkey_import (key, &key_data, GNUTLS_X509_FMT_PEM) < 0 ||
      gnutls_x509_crt_get_key_id (crt, GNUTLS_KEYID_USE_SHA256, crt_id, &crt_length) < 0 ||
      gnutls_x509_privkey_get_key_id (key, GNUTLS_KEYID_USE_SHA256, key_id, &key_length) < 0 ||
      crt_length != key_length || memcmp (crt_id, key_id, crt_length) != 0) {
    g_set_error (error, WEB_ERROR, WEB_ERROR_CERTIFICATE,
                 "The key %s is not the one of the certificate %s", key_path, certificate_path);
    return NULL;
  }
  return g_steal_pointer (&certificate);
}

/**
 * web_certificate_get_name:
 * @certificate: a certificate
 *
 * Returns: (transfer full) (nullable): the first name it is for that can stand in a link
 */
char *
web_certificate_get_name (GTlsCertificate *certificate)
{
  g_autoptr (GPtrArray) names = g_tls_certificate_get_dns_names (certificate);

  for (guint i = 0; names != NULL && i < names->len; i++) {
    g_autofree char *name =
      g_strndup (g_bytes_get_data (names->pdata[i], NULL), g_bytes_get_size (names->pdata[i]));

    if (!g_hostname_is_non_ascii (name) && strpbrk (name, "*/@:#? ") == NULL && *name != '\0')
      return g_steal_pointer (&name);
  }
  return NULL;
}

/**
 * web_certificate_list_names:
 *
 * Returns: (transfer full): by which names the network may know this computer; the first is its own
 */
char **
web_certificate_list_names (void)
{
  g_autofree char *host = g_ascii_strdown (g_get_host_name (), -1);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const gsize dot = strcspn (host, ".");

  for (char *letter = host; *letter != '\0'; letter++) {
    if (!g_ascii_isalnum (*letter) && *letter != '-' && *letter != '.')
      *letter = '-';
  }
  if (*host == '\0' || strlen (host) > MAX_NAME_LENGTH - strlen (".local")) {
    g_free (host);
    host = g_strdup ("regie");
  }
  g_ptr_array_add (names, g_strdup (host));
  if (!g_str_has_suffix (host, ".local"))
    g_ptr_array_add (names, g_strdup_printf ("%.*s.local", (int) MIN (dot, strlen (host)), host));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_steal (g_steal_pointer (&names), NULL);
}

static gboolean
is_shown (const struct ifaddrs *interface)
{
  if (interface->ifa_addr == NULL || (interface->ifa_flags & IFF_UP) == 0 ||
      (interface->ifa_flags & IFF_LOOPBACK) != 0)
    return FALSE;
  if (interface->ifa_addr->sa_family == AF_INET)
    return TRUE;
  /* Those that hold on one cable only cannot stand in a link. */
  return interface->ifa_addr->sa_family == AF_INET6 &&
         !IN6_IS_ADDR_LINKLOCAL (&((struct sockaddr_in6 *) interface->ifa_addr)->sin6_addr);
}

static int
compare_addresses (gconstpointer a, gconstpointer b)
{
  const char *text_a = *(const char *const *) a;
  const char *text_b = *(const char *const *) b;
  const gboolean v6_a = strchr (text_a, ':') != NULL;
  const gboolean v6_b = strchr (text_b, ':') != NULL;

  return v6_a != v6_b ? v6_a - v6_b : strcmp (text_a, text_b);
}

/**
 * web_certificate_list_addresses:
 *
 * Returns: (transfer full): the addresses of this computer in its networks, IPv4 first
 */
char **
web_certificate_list_addresses (void)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new ();
  struct ifaddrs *interfaces = NULL;

  if (getifaddrs (&interfaces) != 0)
    interfaces = NULL;
  for (const struct ifaddrs *one = interfaces; one != NULL; one = one->ifa_next) {
    char text[INET6_ADDRSTRLEN] = { 0 };

    if (!is_shown (one) || addresses->len >= MAX_ADDRESSES)
      continue;
    const void *address = one->ifa_addr->sa_family == AF_INET
                            ? (void *) &((struct sockaddr_in *) one->ifa_addr)->sin_addr
                            : (void *) &((struct sockaddr_in6 *) one->ifa_addr)->sin6_addr;
    if (inet_ntop (one->ifa_addr->sa_family, address, text, sizeof text) != NULL)
      g_ptr_array_add (addresses, g_strdup (text));
  }
  g_clear_pointer (&interfaces, freeifaddrs);
  g_ptr_array_sort (addresses, compare_addresses);
  g_ptr_array_add (addresses, NULL);
  return (char **) g_ptr_array_steal (g_steal_pointer (&addresses), NULL);
}

/* ---- made by ourselves ---- */

static gsize
read_address (const char *text, guint8 bytes[16])
{
  if (inet_pton (AF_INET, text, bytes) == 1)
    return 4;
  return inet_pton (AF_INET6, text, bytes) == 1 ? 16 : 0;
}

static gboolean
is_for_address (gnutls_x509_crt_t crt, const guint8 *bytes, gsize length)
{
  int type = 0;

  for (guint i = 0; type >= 0; i++) {
    guint8 found[256] = { 0 };
    gsize found_length = sizeof found;

    type = gnutls_x509_crt_get_subject_alt_name (crt, i, found, &found_length, NULL);
    if (type == GNUTLS_SAN_IPADDRESS && found_length == length &&
        memcmp (found, bytes, length) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Whether what was made before still does. */
static gboolean
is_good (GTlsCertificate *certificate, const char *const *names, const char *const *addresses)
{
  g_autofree char *pem = NULL;
  g_auto (gnutls_x509_crt_t) crt = NULL;

  g_object_get (certificate, "certificate-pem", &pem, NULL);
  const gnutls_datum_t data = { (guint8 *) pem, (guint) strlen (pem) };
  gnutls_x509_crt_init (&crt);
  if (gnutls_x509_crt_import (crt, &data, GNUTLS_X509_FMT_PEM) < 0 ||
      gnutls_x509_crt_get_expiration_time (crt) < time (NULL) + RENEW_DAYS * DAY_S ||
      gnutls_x509_crt_get_activation_time (crt) > time (NULL))
    return FALSE;
  for (gsize i = 0; names[i] != NULL; i++) {
    if (!gnutls_x509_crt_check_hostname2 (crt, names[i], 0))
      return FALSE;
  }
  for (gsize i = 0; addresses[i] != NULL; i++) {
    guint8 bytes[16] = { 0 };
    const gsize length = read_address (addresses[i], bytes);

    if (length > 0 && !is_for_address (crt, bytes, length))
      return FALSE;
  }
  return TRUE;
}

static int
add_alternatives (gnutls_x509_crt_t crt, const char *const *names, const char *const *addresses)
{
  int result = 0;

  for (gsize i = 0; names[i] != NULL && result >= 0; i++)
    result = gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, names[i],
                                                   (guint) strlen (names[i]), GNUTLS_FSAN_APPEND);
  for (gsize i = 0; addresses[i] != NULL && result >= 0; i++) {
    guint8 bytes[16] = { 0 };
    const gsize length = read_address (addresses[i], bytes);

    if (length > 0)
      result = gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_IPADDRESS, bytes,
                                                     (guint) length, GNUTLS_FSAN_APPEND);
  }
  return result;
}

/* Never above what a browser takes: 398 days, and a sign that is not negative. */
static int
fill (gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const char *const *names,
      const char *const *addresses)
{
  const time_t now = time (NULL);
  guint8 serial[16] = { 0 };
  int result = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);

  serial[0] = (guint8) ((serial[0] & 0x7f) | 0x40);
  if (result >= 0)
    result = gnutls_x509_crt_set_version (crt, 3);
  if (result >= 0)
    result = gnutls_x509_crt_set_serial (crt, serial, sizeof serial);
  if (result >= 0)
    result = gnutls_x509_crt_set_activation_time (crt, now - DAY_S);
  if (result >= 0)
    result = gnutls_x509_crt_set_expiration_time (crt, now + VALID_DAYS * DAY_S);
  if (result >= 0)
    result = gnutls_x509_crt_set_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, names[0],
                                            (guint) strlen (names[0]));
  if (result >= 0)
    result = add_alternatives (crt, names, addresses);
  if (result >= 0)
    result = gnutls_x509_crt_set_key (crt, key);
  if (result >= 0)
    result = gnutls_x509_crt_set_basic_constraints (crt, 0, -1);
  if (result >= 0)
    result = gnutls_x509_crt_set_key_usage (crt, GNUTLS_KEY_DIGITAL_SIGNATURE);
  if (result >= 0)
    result = gnutls_x509_crt_set_key_purpose_oid (crt, GNUTLS_KP_TLS_WWW_SERVER, 0);
  if (result >= 0)
    result = gnutls_x509_crt_sign2 (crt, crt, key, GNUTLS_DIG_SHA256, 0);
  return result;
}

/* Certificate and key in PEM, one after the other. */
static int
generate (const char *const *names, const char *const *addresses, char **crt_pem, char **key_pem)
{
  g_auto (gnutls_x509_crt_t) crt = NULL;
  g_auto (gnutls_x509_privkey_t) key = NULL;
  g_autofree char *crt_text = g_malloc0 (MAX_PEM_BYTES + 1);
  g_autofree char *key_text = g_malloc0 (MAX_PEM_BYTES + 1);
  gsize crt_length = MAX_PEM_BYTES;
  gsize key_length = MAX_PEM_BYTES;
  int result = gnutls_x509_crt_init (&crt);

  if (result >= 0)
    result = gnutls_x509_privkey_init (&key);
  if (result >= 0)
    result = gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                           GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
  if (result >= 0)
    result = fill (crt, key, names, addresses);
  if (result >= 0)
    result = gnutls_x509_crt_export (crt, GNUTLS_X509_FMT_PEM, crt_text, &crt_length);
  if (result >= 0)
    result = gnutls_x509_privkey_export_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                               key_text, &key_length);
  if (result >= 0) {
    *crt_pem = g_steal_pointer (&crt_text);
    *key_pem = g_steal_pointer (&key_text);
  }
  return result;
}

static gboolean
keep (const char *folder, const char *crt_path, const char *crt_pem, const char *key_path,
      const char *key_pem, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (g_mkdir_with_parents (folder, 0700) == 0 &&
      g_file_set_contents_full (key_path, key_pem, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                &cause) &&
      g_file_set_contents_full (crt_path, crt_pem, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644,
                                &cause))
    return TRUE;
  g_set_error (error, WEB_ERROR, WEB_ERROR_CERTIFICATE_MADE,
               "The certificate cannot be kept in %s: %s", folder,
               cause != NULL ? cause->message : g_strerror (errno));
  return FALSE;
}

/* The one of last time, if its key is still nobody else's to read. */
static GTlsCertificate *
find_kept (const char *crt_path, const char *key_path, const char *const *names,
           const char *const *addresses)
{
  struct stat status = { 0 };

  if (stat (key_path, &status) != 0 || (status.st_mode & 0077) != 0)
    return NULL;

  /* Whatever is wrong with it, a new one is made. */
  g_autoptr (GTlsCertificate) certificate = web_certificate_load (crt_path, key_path, NULL);
  if (certificate == NULL || !is_good (certificate, names, addresses))
    return NULL;
  return g_steal_pointer (&certificate);
}

/**
 * web_certificate_make:
 * @folder: (nullable): where it is kept; `NULL`: in memory only
 * @names: by which names the network knows this computer; ends with `NULL`
 * @addresses: and by which addresses; ends with `NULL`
 * @error: return location
 *
 * Takes the certificate that was made before, or makes one: P-256, for a year, signed by itself, so
 * that browsers warn once. It is made anew when names or addresses have changed, and in its last
 * month. Its key can be read by nobody else.
 *
 * Returns: (transfer full): the certificate with its key; `NULL` with `WEB_ERROR_CERTIFICATE_MADE`
 */
GTlsCertificate *
web_certificate_make (const char *folder, const char *const *names, const char *const *addresses,
                      GError **error)
{
  g_return_val_if_fail (names != NULL && names[0] != NULL, NULL);
  g_return_val_if_fail (addresses != NULL, NULL);

  g_autofree char *crt_path =
    folder != NULL ? g_build_filename (folder, CERTIFICATE_NAME, NULL) : NULL;
  g_autofree char *key_path = folder != NULL ? g_build_filename (folder, KEY_NAME, NULL) : NULL;
  g_autofree char *crt_pem = NULL;
  g_autofree char *key_pem = NULL;
  g_autoptr (GError) cause = NULL;

  if (folder != NULL) {
    GTlsCertificate *kept = find_kept (crt_path, key_path, names, addresses);

    if (kept != NULL)
      return kept;
  }

  const int result = generate (names, addresses, &crt_pem, &key_pem);
  if (result < 0) {
    g_set_error (error, WEB_ERROR, WEB_ERROR_CERTIFICATE_MADE, "No certificate can be made: %s",
                 gnutls_strerror (result));
    return NULL;
  }
  if (folder != NULL && !keep (folder, crt_path, crt_pem, key_path, key_pem, error))
    return NULL;

  g_autofree char *both = g_strconcat (crt_pem, key_pem, NULL);
  GTlsCertificate *certificate = g_tls_certificate_new_from_pem (both, -1, &cause);
  if (certificate == NULL)
    g_set_error (error, WEB_ERROR, WEB_ERROR_CERTIFICATE_MADE, "No certificate can be made: %s",
                 cause->message);
  return certificate;
}
