/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-rules-private.h"

/* Phrases that say something else than their words: health, towns near the event, everyday French.
 * They are taken out before the lists below are looked up. */
const char *const _posts_rules_permitted[] = {
  "au sein (?:de|du|des|d)",
  "cancers? du sein",
  "octobre rose",
  "education a la sexualite",
  "egalite (?:des|entre les) sexes",
  "mises? a nu",
  "essex",
  "sussex",
  "pornic",
  "pornichet(?:aine?s?|ins?)?",
  "pornicaise?s?",
  "nu(?:e|s)? pieds?",
  "pieds? nus?",
  "hot (?:topics?|take|takes|chocolate|swap|reload|line|dogs?|plug|plugging)",
  NULL,
};

/* Nobody writes these about a talk. */
const char *const _posts_rules_adult[] = {
  "lien en bio",
  "lien dans (?:ma|la) bio",
  "dans ma bio",
  "photos? (?:privees?|intimes?|coquines?)",
  "videos? (?:privees?|intimes?|coquines?)",
  "plans? cul",
  "nudes?",
  "n00d(?:e?s|z)",
  "cam ?girls?",
  "webcam (?:gratuite|coquine)",
  "sexe gratuit",
  "rencontres? (?:coquines?|discretes?|chaudes?)",
  "escort*",
  "porn*",
  "onlyfans?",
  "mym",
  "snap (?:coquin|chaud)",
  "viens en (?:prive|mp)",
  "links? in (?:my )?bio",
  "hot (?:girls?|singles?|women|milfs?)",
  "singles in your area",
  "in your area",
  "free nudes?",
  "dm me for",
  "check (?:out )?my (?:bio|pinned|profile)",
  "xxx",
  "18 only",
  "sugar (?:daddy|daddies|bab(?:y|ies))",
  "enlace en (?:mi )?(?:bio|perfil)",
  "chicas calientes",
  "link in der bio",
  "milfs?",
  "blowjobs?",
  "bites?",
  "branler?",
  "baiser? (?:moi|ce soir)",
  NULL,
};

/* Held even alone, as they are rare about a talk; only held, as there are talks about them. */
const char *const _posts_rules_weak[] = {
  "sexe", "sexy", "coquin*", "nues?", "libertin*", "sex", "naked", "horny", "seule? ce soir", NULL,
};

/* Everyday words, that mean something else next to a link, a contact, a new account or a row of
 * suggestive emoji. */
const char *const _posts_rules_hints[] = {
  "chaud*", "nus?", "seins?", "hot", "thirsty", "bored", "je m ennuie", NULL,
};

const char *const _posts_rules_contacts[] = {
  "telegram", "whats ?app", "snap(?:chat)?", "insta(?:gram)?", "signal moi", "kik",
  "dms?",     "en mp",      "en dm",         "inbox me",       "\\d{10,13}", "(?:\\d\\d ){4}\\d\\d",
  NULL,
};

const char *const _posts_rules_insults[] = {
  /* French */
  "connards?",
  "connasses?",
  "encule*",
  "salopes?",
  "salopards?",
  "putes?",
  "fils? de putes?",
  "fdp",
  "ntm",
  "nique (?:ta|vos|tes) (?:mere|race|meres)",
  "abrutie?s?",
  "idiote?s?",
  "batards?",
  "tg",
  "ta gueule",
  "ferme ta gueule",
  "grosse? (?:merde|con|conne)",
  "bougnoul*",
  "negros?",
  "negresses?",
  "youpins?",
  "pedes?",
  "tarlouzes?",
  "tapettes?",
  "gouines? de merde",
  /* English */
  "fuck*",
  "motherfuck*",
  "idiots?",
  "bitch*",
  "retarded",
  "assholes?",
  "cunts?",
  "dickheads?",
  "wankers?",
  "bastards?",
  "whores?",
  "sluts?",
  "niggers?",
  "niggas?",
  "faggots?",
  "kikes?",
  "stfu",
  "kill yourself",
  "kys",
  NULL,
};

const char *const _posts_rules_money[] = {
  "giveaways?",
  "iban",
  "(?:virez|versez|envoyez) (?:vos|ton|votre|tes) (?:dons?|argent)",
  "i made (?:usd |eur )?\\d+*",
  "airdrops?",
  "dm me",
  "forex",
  "free (?:crypto|bitcoins?|btc|eth|money|gift cards?)",
  "send (?:me )?(?:btc|eth|usdt|bitcoins?|crypto)",
  "(?:double|triple|multiply) your (?:btc|bitcoins?|crypto|money|eth|investment)",
  "earn (?:up to )?(?:usd |eur )?\\d+*",
  "make (?:usd |eur )?\\d+ (?:a|per|every) (?:day|week|month)",
  "passive income",
  "crypto (?:expert|mentor|trader|coach|account manager)",
  "guaranteed (?:profits?|returns?)",
  "gagne[rz]? (?:jusqu a )?\\d+*(?: \\d+)? (?:euros?|eur|par (?:jour|mois|semaine))",
  "revenus? (?:passifs?|garantis?)",
  "prets? (?:rapides? )?entre particuliers?",
  "credits? (?:rapides?|sans justificatifs?)",
  "investi[rs]?(?:sez)? (?:avec|aupres de) (?:moi|elle|lui)",
  "recuper* (?:ton|votre|vos) (?:argent|fonds|bitcoins?)",
  NULL,
};

/* Appeals for money, which are honest as long as they lead where the event allows it. */
const char *const _posts_rules_appeals[] = {
  "cagnottes?", "fundrais*", "go ?fund ?me", "leetchi", "paypal", "promo code", "code promo", NULL,
};
