/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-texts.h"

static const char *const english[SHOW_N_TEXTS] = {
  [SHOW_TEXT_LOST] = "The picture will be back in a moment",
  [SHOW_TEXT_PAUSE] = "We will be right back",
  [SHOW_TEXT_LIVE_PAGE] = "Live page",
};

static const char *const french[SHOW_N_TEXTS] = {
  [SHOW_TEXT_LOST] = "L’image revient dans un instant",
  [SHOW_TEXT_PAUSE] = "Nous revenons dans un instant",
  [SHOW_TEXT_LIVE_PAGE] = "Page du direct",
};

/**
 * show_texts_get:
 * @language: the event's language, such as `fr` or `fr-BE`
 * @text: which text
 *
 * Returns: it in that language, or in English
 */
const char *
show_texts_get (const char *language, ShowText text)
{
  g_return_val_if_fail (text < SHOW_N_TEXTS, NULL);

  if (language != NULL && g_ascii_strncasecmp (language, "fr", 2) == 0 &&
      !g_ascii_isalpha (language[2]))
    return french[text];
  return english[text];
}
