/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-types.h"
#include "guest-guest-private.h"
#include "guest-teller.h"

/**
 * GuestTeller:
 *
 * Tells one guest's page what the operator does and how the guest stands, each thing only when it
 * has changed since the page was last told. Main thread only.
 */
struct _GuestTeller {
  GObject parent_instance;

  GuestGuest *guest;
  GuestLine *line; /* nullable: the page is not there */
  char *told[GUEST_N_TOPICS];
};

G_DEFINE_FINAL_TYPE (GuestTeller, guest_teller, G_TYPE_OBJECT)

/**
 * guest_teller_say:
 * @self: a teller
 * @words: (transfer full): the message
 *
 * Says it at once, whatever was said before; to nobody while the page is not there.
 */
void
guest_teller_say (GuestTeller *self, WebWords *words)
{
  g_autofree char *text = web_words_end (words);

  g_return_if_fail (GUEST_IS_TELLER (self));

  if (self->line != NULL)
    guest_line_send (self->line, g_steal_pointer (&text));
}

/**
 * guest_teller_tell:
 * @self: a teller
 * @topic: what it is about
 * @key: (nullable): what must differ from last time for it to be said; `NULL`: @text
 * @text: (transfer full): the message
 */
void
guest_teller_tell (GuestTeller *self, GuestTopic topic, const char *key, char *text)
{
  g_autofree char *owned = text;

  g_return_if_fail (GUEST_IS_TELLER (self));

  if (self->line == NULL || !common_set_string (&self->told[topic], key != NULL ? key : owned))
    return;
  guest_line_send (self->line, g_steal_pointer (&owned));
}

static void
tell_tally (GuestTeller *self)
{
  gboolean next = FALSE;

  g_object_get (self->guest, "next", &next, NULL);
  guest_teller_tell (self, GUEST_TOPIC_TALLY, NULL,
                     web_words_end (
                       web_words_flag (web_words_flag (web_words_new ("tally"), "on_air",
                                                       guest_guest_get_on_air (self->guest)),
                                       "next", next)));
}

static void
tell_talkback (GuestTeller *self)
{
  guest_teller_tell (self, GUEST_TOPIC_TALKBACK, NULL,
                     web_words_end (web_words_flag (web_words_new ("talkback"), "on",
                                                    guest_guest_get_talked_to (self->guest))));
}

static void
tell_muted (GuestTeller *self)
{
  const gboolean muted = engine_source_get_muted (guest_guest_get_source (self->guest));

  guest_teller_tell (self, GUEST_TOPIC_MUTED, NULL,
                     web_words_end (web_words_flag (web_words_new ("muted"), "muted", muted)));
}

static void
tell_weak (GuestTeller *self)
{
  guest_teller_tell (self, GUEST_TOPIC_WEAK, NULL,
                     web_words_end (web_words_flag (web_words_new ("weak"), "weak",
                                                    _guest_guest_get_judged_weak (self->guest))));
}

/* What a picture of a height needs. */
static int
find_kbps (int height_px)
{
  static const int steps[][2] = { { 180, 250 }, { 270, 450 }, { 360, 700 }, { 540, 1300 } };

  if (height_px == 0)
    return 0;
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    if (height_px <= steps[i][0])
      return steps[i][1];
  }
  return 2500;
}

static void
tell_limit (GuestTeller *self)
{
  const int height_px = guest_guest_get_max_height (self->guest);

  guest_teller_tell (self, GUEST_TOPIC_LIMIT, NULL,
                     web_words_end (web_words_number (web_words_number (web_words_new ("limit"),
                                                                        "height", height_px),
                                                      "kbps", find_kbps (height_px))));
}

/* Whether what he sends does not come, though he is connected. */
static void
tell_missing (GuestTeller *self)
{
  const gboolean missing =
    g_error_matches (guest_guest_get_error (self->guest), GUEST_ERROR, GUEST_ERROR_STARVED);

  if (missing || self->told[GUEST_TOPIC_MISSING] != NULL)
    guest_teller_tell (self, GUEST_TOPIC_MISSING, NULL,
                       web_words_end (
                         web_words_flag (web_words_new ("missing"), "missing", missing)));
}

static void
tell_cue (GuestTeller *self)
{
  guest_teller_tell (self, GUEST_TOPIC_CUE, NULL,
                     web_words_end (
                       web_words_text (web_words_number (web_words_new ("cue"), "id",
                                                         _guest_guest_get_cue_id (self->guest)),
                                       "text", guest_guest_get_cue (self->guest))));
}

static void
cue_cb (GuestTeller *self)
{
  /* What he has seen, his page has put away itself. */
  if (guest_guest_get_cue (self->guest) != NULL || self->told[GUEST_TOPIC_CUE] != NULL)
    tell_cue (self);
}

static void
put_back_cb (GuestTeller *self)
{
  const GuestPlace place = _guest_guest_get_own_place (self->guest);

  guest_teller_say (self, web_words_text (web_words_new ("place"), "place",
                                          engine_enum_get_nick (GUEST_TYPE_PLACE, (int) place)));
}

static void
guest_teller_dispose (GObject *object)
{
  GuestTeller *self = GUEST_TELLER (object);

  g_clear_object (&self->line);
  g_clear_object (&self->guest);
  G_OBJECT_CLASS (guest_teller_parent_class)->dispose (object);
}

static void
guest_teller_finalize (GObject *object)
{
  GuestTeller *self = GUEST_TELLER (object);

  for (guint i = 0; i < GUEST_N_TOPICS; i++)
    g_free (self->told[i]);
  G_OBJECT_CLASS (guest_teller_parent_class)->finalize (object);
}

static void
guest_teller_class_init (GuestTellerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = guest_teller_dispose;
  object_class->finalize = guest_teller_finalize;
}

static void
guest_teller_init (GuestTeller *self)
{
}

/**
 * guest_teller_new:
 * @guest: whom it is about, and whose page is told
 *
 * Returns: (transfer full): a teller whose page is not there yet
 */
GuestTeller *
guest_teller_new (GuestGuest *guest)
{
  static const struct {
    const char *signal;
    GCallback callback;
  } follows[] = {
    { "notify::on-air", G_CALLBACK (tell_tally) },
    { "notify::next", G_CALLBACK (tell_tally) },
    { "notify::talked-to", G_CALLBACK (tell_talkback) },
    { "notify::weak", G_CALLBACK (tell_weak) },
    { "notify::error", G_CALLBACK (tell_missing) },
    { "notify::max-height", G_CALLBACK (tell_limit) },
    { "notify::cue", G_CALLBACK (cue_cb) },
    { "put-back", G_CALLBACK (put_back_cb) },
  };
  GuestTeller *self = g_object_new (GUEST_TYPE_TELLER, NULL);

  self->guest = g_object_ref (guest);
  for (gsize i = 0; i < G_N_ELEMENTS (follows); i++)
    g_signal_connect_object (guest, follows[i].signal, follows[i].callback, self,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (guest_guest_get_source (guest), "notify::muted", G_CALLBACK (tell_muted),
                           self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * guest_teller_set_line:
 * @self: a teller
 * @line: (nullable): how the page is reached; `NULL`: it has gone
 *
 * A new page has been told nothing yet.
 */
void
guest_teller_set_line (GuestTeller *self, GuestLine *line)
{
  g_return_if_fail (GUEST_IS_TELLER (self));

  if (!g_set_object (&self->line, line))
    return;
  for (guint i = 0; line != NULL && i < GUEST_N_TOPICS; i++)
    g_clear_pointer (&self->told[i], g_free);
}

/**
 * guest_teller_begin:
 * @self: a teller whose page was welcomed
 *
 * Tells it all that is not as a page expects it to be.
 */
void
guest_teller_begin (GuestTeller *self)
{
  g_return_if_fail (GUEST_IS_TELLER (self));

  tell_tally (self);
  tell_muted (self);
  if (guest_guest_get_max_height (self->guest) != 0)
    tell_limit (self);
  if (guest_guest_get_talked_to (self->guest))
    tell_talkback (self);
  tell_missing (self);
  cue_cb (self);
}
