/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-texts.h"

static const char *const english[SHOW_N_TEXTS] = {
  [SHOW_TEXT_LOST] = "The picture will be back in a moment",
  [SHOW_TEXT_PAUSE] = "We will be right back",
  [SHOW_TEXT_LIVE_PAGE] = "Live page",
  [SHOW_TEXT_LIVE] = "LIVE",
  [SHOW_TEXT_GUEST_AWAITED] = "%s has not joined yet",
  [SHOW_TEXT_GUEST_UNSEEN] = "%s is here, without a picture",
  [SHOW_TEXT_GUEST_LOST] = "%s will be back in a moment",
  [SHOW_TEXT_GUEST_SCREEN] = "%s does not share a screen",
};

static const char *const french[SHOW_N_TEXTS] = {
  [SHOW_TEXT_LOST] = "L’image revient dans un instant",
  [SHOW_TEXT_PAUSE] = "Nous revenons dans un instant",
  [SHOW_TEXT_LIVE_PAGE] = "Page du direct",
  [SHOW_TEXT_LIVE] = "EN DIRECT",
  [SHOW_TEXT_GUEST_AWAITED] = "%s n’est pas encore en ligne",
  [SHOW_TEXT_GUEST_UNSEEN] = "%s est en ligne, sans image",
  [SHOW_TEXT_GUEST_LOST] = "%s revient dans un instant",
  [SHOW_TEXT_GUEST_SCREEN] = "%s ne partage pas d’écran",
};

/* One word says that it is live, and is known to every viewer of television. */
static const struct {
  const char *language;
  const char *word;
} live_words[] = {
  { "ar", "مباشر" },       { "ca", "EN DIRECTE" }, { "cs", "ŽIVĚ" },     { "da", "DIREKTE" },
  { "el", "ΖΩΝΤΑΝΑ" },     { "es", "EN DIRECTO" }, { "eu", "ZUZENEAN" }, { "fa", "زنده" },
  { "fi", "SUORA" },       { "gl", "EN DIRECTO" }, { "he", "שידור חי" }, { "hu", "ÉLŐ" },
  { "it", "IN DIRETTA" },  { "ja", "生中継" },     { "ko", "생방송" },   { "nb", "DIREKTE" },
  { "no", "DIREKTE" },     { "pl", "NA ŻYWO" },    { "pt", "AO VIVO" },  { "ro", "ÎN DIRECT" },
  { "ru", "ПРЯМОЙ ЭФИР" }, { "sk", "NAŽIVO" },     { "sv", "DIREKT" },   { "tr", "CANLI" },
  { "uk", "НАЖИВО" },      { "zh", "直播" },
};

/* Whether `fr-BE` is `fr`. */
static gboolean
is_language (const char *language, const char *code)
{
  return language != NULL && g_ascii_strncasecmp (language, code, 2) == 0 &&
         !g_ascii_isalpha (language[2]);
}

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

  for (guint i = 0; text == SHOW_TEXT_LIVE && i < G_N_ELEMENTS (live_words); i++) {
    if (is_language (language, live_words[i].language))
      return live_words[i].word;
  }
  return is_language (language, "fr") ? french[text] : english[text];
}

/**
 * show_texts_name:
 * @language: the event's language, such as `fr` or `fr-BE`
 * @text: a text on a guest
 * @name: the guest's name
 *
 * Returns: (transfer full): it in that language, or in English
 */
char *
show_texts_name (const char *language, ShowText text, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (show_texts_get (language, text), "%s", 2);

  return g_strjoinv (name, parts);
}
