/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "web-token.h"

/* Longer ones are another program's; ours are WEB_TOKEN_LENGTH. */
#define MIN_LENGTH 22
#define MAX_LENGTH 64

#define N_BYTES    20

/**
 * web_token_new:
 *
 * Makes what a link ends with: whoever has it is the one it was made for. 160 bits from the kernel.
 *
 * Returns: (transfer full): %WEB_TOKEN_LENGTH letters, digits, `-` and `_`
 */
char *
web_token_new (void)
{
  guint8 bytes[N_BYTES] = { 0 };
  gsize n_bytes = 0;

  while (n_bytes < sizeof bytes) {
    const gssize n = getrandom (bytes + n_bytes, sizeof bytes - n_bytes, 0);

    /* It fails only where there is no such call, and a guessable link is worse than none. */
    g_assert (n > 0 || errno == EINTR);
    n_bytes += n > 0 ? (gsize) n : 0;
  }

  char *token = g_base64_encode (bytes, sizeof bytes);
  g_strdelimit (token, "+", '-');
  g_strdelimit (token, "/", '_');
  token[WEB_TOKEN_LENGTH] = '\0';
  return token;
}

/**
 * web_token_is_valid:
 * @token: (nullable): what may be a token
 *
 * Returns: whether it is written like one: 22 to 64 letters, digits, `-` and `_`
 */
gboolean
web_token_is_valid (const char *token)
{
  const gsize length = token != NULL ? strnlen (token, MAX_LENGTH + 1) : 0;

  if (length < MIN_LENGTH || length > MAX_LENGTH)
    return FALSE;
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isalnum (token[i]) && token[i] != '-' && token[i] != '_')
      return FALSE;
  }
  return TRUE;
}

/**
 * web_token_equal:
 * @a: a token
 * @b: another
 *
 * Compares in a time that depends on neither of them, so that nobody can find a token letter by
 * letter. What is not written like a token equals nothing.
 *
 * Returns: whether they are the same
 */
gboolean
web_token_equal (const char *a, const char *b)
{
  char padded_a[MAX_LENGTH] = { 0 };
  char padded_b[MAX_LENGTH] = { 0 };
  volatile guint8 difference = 0;

  if (!web_token_is_valid (a) || !web_token_is_valid (b))
    return FALSE;

  memcpy (padded_a, a, strlen (a));
  memcpy (padded_b, b, strlen (b));
  for (gsize i = 0; i < MAX_LENGTH; i++)
    difference = (guint8) (difference | (padded_a[i] ^ padded_b[i]));
  return difference == 0;
}
