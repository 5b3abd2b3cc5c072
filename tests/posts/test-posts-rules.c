/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-rules.h"

static const char *const allowed_hosts[] = { "example.org", "journee.fr", NULL };

static PostsReason
check_fields (PostsRules *rules, PostsPostFields fields)
{
  if (fields.author_handle == NULL)
    fields.author_handle = "ada@example.social";
  if (fields.id == NULL)
    fields.id = "1";

  g_autoptr (PostsPost) post = posts_post_new (&fields);
  /* All of them are written at once, by the same author: see test-posts-moderation.c. */
  return posts_rules_check (rules, post, NULL) & ~POSTS_REASON_FREQUENT;
}

static PostsReason
check_text (const char *text)
{
  g_autoptr (PostsRules) rules = posts_rules_new ();

  posts_rules_set_allowed_hosts (rules, allowed_hosts);
  return check_fields (rules, (PostsPostFields){ .text = text, .n_followers = -1 });
}

static void
test_false_friends_pass (void)
{
  static const char *const texts[] = {
    "La culture, l'analyse, un cocktail : calculez !",
    "Une dispute sur la r\xC3\xA9putation de la d\xC3\xA9put\xC3\xA9"
    "e de Putanges et de Puteaux",
    "Condom, Scunthorpe, Essex, Sussex and Penistone say hello",
    "Il porte une salopette",
    "Thanks Dick!",
    "Education \xC3\xA0 la sexualit\xC3\xA9 : un sujet important",
    "Octobre rose : le d\xC3\xA9pistage du cancer du sein",
    "Au sein de l'association, la collecte par SMS a doubl\xC3\xA9 nos dons, bravo !",
    "L'\xC3\xA9galit\xC3\xA9 des sexes au travail",
    "Je viens de Pornic, mes amies pornic\x61ises de Pornichet regardent aussi",
    "La conf a du retard, il fait chaud dans l'amphi !",
    "Hot topic: how do we keep donors?",
    "Question : quel budget la premi\xC3\xA8re ann\xC3\xA9"
    "e ?",
    "Bravo @ada@mastodon.social et @bob.bsky.social !",
    "\xC3\x89"
    "crivez \xC3\xA0 contact@journee.net",
    "Les slides : https://www.example.org/talks?id=3 et journee.fr/programme",
    "HTML, CSS, API, RGPD, ONG et SEPA : tout est bien clair !",
    "Fini.Merci beaucoup. C'est 100 % g\xC3\xA9nial, version 2.0",
    "#JourneeNum #dons #asso",
    "Die Gr\xC3\xB6\xC3\x9F"
    "e \xE2\x80\x94 \xCE\xB1 et \xCE\xB2, \xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82",
    "On prend les bases, puis on analyse. \xF0\x9F\x94\xA5\xF0\x9F\x94\xA5",
    "Une cagnotte en ligne, bonne id\xC3\xA9"
    "e",
    "Salle FR12 3456, 10 \xE2\x82\xAC de don moyen",
    "",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    const PostsReason reasons = check_text (texts[i]);

    if (reasons != POSTS_REASON_NONE) {
      g_test_message ("held (%x): %s", (guint) reasons, texts[i]);
      g_test_fail ();
    }
  }
}

static const struct {
  const char *text;
  PostsReason reason;
} spam[] = {
  { "Mes photos priv\xC3\xA9"
    "es, lien en bio \xF0\x9F\x92\x8B",
    POSTS_REASON_ADULT_WORDS },
  { "L.i.e.n en bio, s e x e ce soir", POSTS_REASON_ADULT_WORDS },
  { "free n00des here", POSTS_REASON_ADULT_WORDS },
  { "my 0nlyf4ns", POSTS_REASON_ADULT_WORDS },
  { "p\xD0\xBErn videos", POSTS_REASON_ADULT_WORDS | POSTS_REASON_DISGUISED },
  { "Seeeexe gratuit", POSTS_REASON_ADULT_WORDS },
  { "\xF0\x9D\x90\xA7\xF0\x9D\x90\xAE\xF0\x9D\x90\x9D\xF0\x9D\x90\x9E\xF0\x9D\x90\xAC",
    POSTS_REASON_ADULT_WORDS | POSTS_REASON_DISGUISED },
  { "Hot singles in your area", POSTS_REASON_ADULT_WORDS },
  { "bored tonight, add me on snapchat", POSTS_REASON_ADULT_WORDS },
  { "link in my bio", POSTS_REASON_ADULT_WORDS },
  { "Trop chaud \xF0\x9F\x8D\x91\xF0\x9F\x92\xA6\xF0\x9F\x94\x9E", POSTS_REASON_ADULT_WORDS },
  { "Quel connard", POSTS_REASON_INSULT },
  { "F.D.P", POSTS_REASON_INSULT },
  { "what an 1d10t", POSTS_REASON_INSULT },
  { "f\xC3\xBC"
    "cking boring",
    POSTS_REASON_INSULT },
  { "voir bit.ly/abc", POSTS_REASON_UNKNOWN_LINK },
  { "https://example.org@evil.com/x", POSTS_REASON_UNKNOWN_LINK },
  { "https://evil.com\\@example.org", POSTS_REASON_UNKNOWN_LINK },
  { "https://notexample.org", POSTS_REASON_UNKNOWN_LINK },
  { "https://example.org.evil.com", POSTS_REASON_UNKNOWN_LINK },
  { "HTTPS://EVIL.COM", POSTS_REASON_UNKNOWN_LINK },
  { "t.me/grp", POSTS_REASON_UNKNOWN_LINK },
  { "(evil.com)", POSTS_REASON_UNKNOWN_LINK },
  { "\xF0\x9F\x91\x89"
    "evil.com",
    POSTS_REASON_UNKNOWN_LINK },
  { "ma cagnotte leetchi.com/c/x", POSTS_REASON_UNKNOWN_LINK | POSTS_REASON_MONEY },
  { "Crypto giveaway today", POSTS_REASON_MONEY },
  { "Earn $500 a day from home, passive income", POSTS_REASON_MONEY },
  { "Gagnez 1 500 euros par jour", POSTS_REASON_MONEY },
  { "Pr\xC3\xAAt entre particuliers", POSTS_REASON_MONEY },
  { "don : FR76 3000 6000 0112 3456 7890 189", POSTS_REASON_MONEY },
  { "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", POSTS_REASON_MONEY },
  { "0x52908400098527886E0F7030069857D2E4169EE7", POSTS_REASON_MONEY },
  { "#a #b #c #d #e #f #g", POSTS_REASON_NOISE },
  { "@a @b @c @d @e", POSTS_REASON_NOISE },
  { "REGARDEZ TOUS CE QUE JE DIS", POSTS_REASON_NOISE },
  { "ok \xE2\x80\xAE"
    "evil",
    POSTS_REASON_DISGUISED },
};

static void
test_spam_is_held (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spam); i++) {
    const PostsReason reasons = check_text (spam[i].text);

    if (reasons != spam[i].reason) {
      g_test_message ("%x instead of %x: %s", (guint) reasons, (guint) spam[i].reason,
                      spam[i].text);
      g_test_fail ();
    }
  }
}

static void
test_author_counts (void)
{
  g_autoptr (PostsRules) rules = posts_rules_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (now, -1);
  g_autoptr (GDateTime) last_year = g_date_time_add_days (now, -300);

  g_assert_cmpuint (check_fields (rules, (PostsPostFields){ .author_created = yesterday }), ==,
                    POSTS_REASON_NEW_ACCOUNT);
  g_assert_cmpuint (check_fields (rules, (PostsPostFields){ .author_created = last_year }), ==,
                    POSTS_REASON_NONE);
  g_assert_cmpuint (check_fields (rules, (PostsPostFields){ .sensitive = TRUE }), ==,
                    POSTS_REASON_SENSITIVE);
  g_assert_cmpuint (check_fields (rules,
                                  (PostsPostFields){ .author_name = "Hot Girls \xF0\x9F\x92\x8B" }),
                    ==, POSTS_REASON_ADULT_WORDS);
  g_assert_cmpuint (check_fields (rules, (PostsPostFields){ .text = "hot", .n_followers = 2 }), ==,
                    POSTS_REASON_ADULT_WORDS);
  g_assert_cmpuint (check_fields (rules, (PostsPostFields){ .text = "hot", .n_followers = 200 }),
                    ==, POSTS_REASON_NONE);
}

static void
test_repeated_by_others (void)
{
  const char *text = "Venez d\xC3\xA9"
                     "couvrir notre offre tr\xC3\xA8s exceptionnelle";
  const char *again = "VENEZ decouvrir notre offre tres exceptionnelle !! @ada #JourneeNum";
  g_autoptr (PostsRules) rules = posts_rules_new ();
  const PostsPostFields first = { .text = text, .author_id = "a", .n_followers = -1 };
  const PostsPostFields second = { .text = again, .author_id = "b", .n_followers = -1 };

  g_assert_cmpuint (check_fields (rules, first), ==, POSTS_REASON_NONE);
  g_assert_cmpuint (check_fields (rules, first), ==, POSTS_REASON_NONE);
  g_assert_cmpuint (check_fields (rules, second), ==, POSTS_REASON_REPEATED);

  /* Two people may cheer alike. */
  g_assert_cmpuint (check_fields (rules, (PostsPostFields){ .text = "Bravo !", .author_id = "a" }),
                    ==, POSTS_REASON_NONE);
  g_assert_cmpuint (check_fields (rules, (PostsPostFields){ .text = "Bravo !", .author_id = "b" }),
                    ==, POSTS_REASON_NONE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/posts/rules/false-friends-pass", test_false_friends_pass);
  g_test_add_func ("/posts/rules/spam-is-held", test_spam_is_held);
  g_test_add_func ("/posts/rules/author-counts", test_author_counts);
  g_test_add_func ("/posts/rules/repeated-by-others", test_repeated_by_others);
  return g_test_run ();
}
