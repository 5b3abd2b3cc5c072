/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-guest-mail.h"

#include <gio/gio.h>

/* What every desktop and mail program still takes as one address. */
#define MAX_URI_BYTES 2000

/* The words of a mail. They are in the guest's language, not in the operator's: both are here, and
 * neither is translated. */
typedef struct {
  const char *subject;  /* %s: the event */
  const char *greeting; /* %s: the guest */
  const char *invited;  /* %s: the event */
  const char *private;  /* who may use it */
  const char *before;   /* how to prepare */
  const char *warning;  /* what the browser says on the same network */
  const char *goodbye;
} Words;

static const Words french = {
  .subject = "Votre lien pour « %s »",
  .greeting = "Bonjour %s,",
  .invited = "Vous êtes invité·e à « %s ». Rien à installer : ouvrez ce lien dans un navigateur "
             "(Chrome, Edge, Firefox ou Safari), sur un ordinateur ou un téléphone.",
  .private = "Ce lien est personnel : ne le transmettez à personne.",
  .before =
    "Venez quelques minutes en avance : vous choisirez votre caméra et votre micro, et l’équipe "
    "vous entendra avant le public. Mettez un casque ou des écouteurs, préférez un endroit "
    "calme et, si possible, un câble réseau plutôt que le Wi-Fi. Vous pouvez suivre l’événement "
    "depuis cette "
    "page toute la journée : on ne vous voit et on ne vous entend que si vous le voulez.",
  .warning =
    "Soyez sur le même réseau que la régie. La première fois, le navigateur prévient que la "
    "connexion n’est pas privée : c’est attendu ici. Choisissez « Paramètres avancés », puis "
    "« Continuer ».",
  .goodbye = "À bientôt !",
};

static const Words english = {
  .subject = "Your link for “%s”",
  .greeting = "Hello %s,",
  .invited = "You are invited to “%s”. There is nothing to install: open this link in a browser "
             "(Chrome, Edge, Firefox or Safari), on a computer or a telephone.",
  .private = "The link is yours alone: please do not pass it on.",
  .before =
    "Please come some minutes early: you choose your camera and microphone, and the crew hears you "
    "before the audience does. Wear headphones, find a quiet place and, if you can, use a network "
    "cable rather than Wi-Fi. You can follow the event on that page all day: you are seen and "
    "heard "
    "only when you want to be.",
  .warning =
    "Be on the same network as the control room. The first time, the browser warns that the "
    "connection is not private, which is expected here. Choose “Advanced”, then “Continue”.",
  .goodbye = "See you soon!",
};

static const Words *
get_words (ConsoleMailLanguage language)
{
  switch (language) {
  case CONSOLE_MAIL_FRENCH:
    return &french;
  case CONSOLE_MAIL_ENGLISH:
    return &english;
  }
  g_return_val_if_reached (&english);
}

/* The only place of a sentence where a word belongs is “%s”. */
static char *
fill (const char *sentence, const char *word)
{
  const char *place = strstr (sentence, "%s");

  return g_strdup_printf ("%.*s%s%s", (int) (place - sentence), sentence, word, place + 2);
}

/**
 * console_guest_mail_get_reach:
 * @link: a guest's link
 * @public_address: (nullable): the address at which everybody can reach Régie
 *
 * Returns: how far the link reaches
 */
ConsoleReach
console_guest_mail_get_reach (const char *link, const char *public_address)
{
  g_autoptr (GUri) uri = g_uri_parse (link, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autoptr (GInetAddress) address = host != NULL ? g_inet_address_new_from_string (host) : NULL;

  if (public_address != NULL && *public_address != '\0' && g_str_has_prefix (link, public_address))
    return CONSOLE_REACH_EVERYONE;
  if (g_strcmp0 (host, "localhost") == 0 ||
      (address != NULL && g_inet_address_get_is_loopback (address)))
    return CONSOLE_REACH_COMPUTER;
  return CONSOLE_REACH_NETWORK;
}

/* Returns: (transfer full): the subject of an invitation */
char *
console_guest_mail_make_subject (ConsoleMailLanguage language, const char *event)
{
  return fill (get_words (language)->subject, event);
}

/**
 * console_guest_mail_make_body:
 * @language: the guest's language
 * @name: the guest
 * @event: what they are invited to
 * @link: their link
 * @reach: how far it reaches
 *
 * Returns: (transfer full): the text of an invitation
 */
char *
console_guest_mail_make_body (ConsoleMailLanguage language, const char *name, const char *event,
                              const char *link, ConsoleReach reach)
{
  const Words *words = get_words (language);
  g_autofree char *greeting = fill (words->greeting, name);
  g_autofree char *invited = fill (words->invited, event);
  const char *parts[] = { greeting,      invited,        link, words->private,
                          words->before, words->goodbye, NULL, NULL };

  if (reach == CONSOLE_REACH_NETWORK) {
    parts[5] = words->warning;
    parts[6] = words->goodbye;
  }
  return g_strjoinv ("\n\n", (char **) parts);
}

/**
 * console_guest_mail_make_uri:
 * @subject: a subject
 * @body: a text
 *
 * Returns: (transfer full) (nullable): an address that opens the mail program with both; `NULL` when
 *   it would be too long for some, so that copying is the better way
 */
char *
console_guest_mail_make_uri (const char *subject, const char *body)
{
  g_auto (GStrv) lines = g_strsplit (body, "\n", -1);
  g_autofree char *crlf = g_strjoinv ("\r\n", lines);
  g_autofree char *escaped_subject = g_uri_escape_string (subject, NULL, FALSE);
  g_autofree char *escaped_body = g_uri_escape_string (crlf, NULL, FALSE);
  g_autofree char *uri =
    g_strdup_printf ("mailto:?subject=%s&body=%s", escaped_subject, escaped_body);

  return strlen (uri) <= MAX_URI_BYTES ? g_steal_pointer (&uri) : NULL;
}
