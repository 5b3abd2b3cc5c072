/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine-echo.h"

/* What came back of the last half minute is looked for in what was sent; less than twelve seconds of
 * it are not enough to be sure. */
#define MAX_PIECE_BINS 300
#define MIN_PIECE_BINS 120

/* So much of a piece must be known on both sides. */
#define KNOWN_SHARE 0.8

/* Sound that is the same all the time tells nothing: it must go up and down by this much of its mean. */
#define MIN_SPREAD 0.1

/* How alike both must be, and how much more than at any other delay: what repeats itself, as music
 * with a beat, fits more than once. */
#define MIN_LIKENESS 0.8
#define MIN_LEAD     0.15
#define OTHER_BINS   20

/* Pictures that were encoded again differ by some steps of brightness; another one by more than that,
 * and by twice as much. */
#define SAME_STEPS  7.0
#define OTHER_STEPS 4.0
#define OTHER_MS    700

/* So many pictures of the last half minute must agree on the delay, within so much. */
#define MIN_VOTES      3
#define AGREEMENT_MS   400
#define PICTURES_MS    30000
#define MAX_CANDIDATES 64

/* In one of the fields something moves by this much, or nothing does. */
#define MOVED_STEPS 6

/**
 * engine_echo_init:
 * @self: (out): becomes one that has noted nothing
 */
void
engine_echo_init (EngineEcho *self)
{
  memset (self, 0, sizeof *self);
  self->newest_bin = -1;
}

/**
 * engine_echo_note_sound:
 * @self: an echo
 * @time_ms: when it was heard; about as it comes
 * @power: the sum of the squares of its samples
 * @n_samples: how many
 */
void
engine_echo_note_sound (EngineEcho *self, gint64 time_ms, double power, guint n_samples)
{
  const gint64 bin = time_ms / ENGINE_ECHO_BIN_MS;

  if (bin < 0 || (self->newest_bin >= 0 && bin <= self->newest_bin - ENGINE_ECHO_N_BINS))
    return;
  if (self->newest_bin < 0 || bin - self->newest_bin >= ENGINE_ECHO_N_BINS) {
    memset (self->n_samples, 0, sizeof self->n_samples);
    memset (self->power, 0, sizeof self->power);
    self->newest_bin = bin;
  }
  for (gint64 i = self->newest_bin + 1; i <= bin; i++) {
    self->n_samples[i % ENGINE_ECHO_N_BINS] = 0;
    self->power[i % ENGINE_ECHO_N_BINS] = 0;
  }
  self->newest_bin = MAX (self->newest_bin, bin);
  self->power[bin % ENGINE_ECHO_N_BINS] += power;
  self->n_samples[bin % ENGINE_ECHO_N_BINS] += n_samples;
}

/**
 * engine_echo_note_picture:
 * @self: an echo
 * @time_ms: when it was seen
 * @fields: (array fixed-size=144): mean brightness, line by line
 */
void
engine_echo_note_picture (EngineEcho *self, gint64 time_ms, const guint8 *fields)
{
  EngineEchoPicture *picture = &self->pictures[self->n_pictures++ % ENGINE_ECHO_N_PICTURES];

  picture->time_ms = time_ms;
  memcpy (picture->fields, fields, sizeof picture->fields);
}

/* The mean power at a moment; FALSE if nothing is known of it. */
static gboolean
get_power (const EngineEcho *self, gint64 bin, double *power)
{
  const gsize at = (gsize) (bin % ENGINE_ECHO_N_BINS);

  if (bin < 0 || bin > self->newest_bin || bin <= self->newest_bin - ENGINE_ECHO_N_BINS ||
      self->n_samples[at] == 0)
    return FALSE;
  *power = self->power[at] / self->n_samples[at];
  return TRUE;
}

/* How loud it was from one bin on; NAN where nothing is known. The root of the amplitude is about
 * what is heard: neither shouts nor the depth of pauses count for everything. */
static void
get_levels (const EngineEcho *self, gint64 first_bin, guint n, float *levels)
{
  for (guint i = 0; i < n; i++) {
    double power = 0;

    levels[i] = get_power (self, first_bin + i, &power) ? (float) pow (power, 0.25) : NAN;
  }
}

/* Pearson's correlation, −1 to 1; 0 where it means nothing. */
static double
compare (const float *a, const float *b, guint n)
{
  double sum_a = 0, sum_b = 0, sum_aa = 0, sum_bb = 0, sum_ab = 0, spread_a = 0, spread_b = 0;
  guint n_known = 0;

  for (guint i = 0; i < n; i++) {
    if (isnan (a[i]) || isnan (b[i]))
      continue;
    n_known++;
    sum_a += a[i];
    sum_b += b[i];
    sum_aa += (double) a[i] * a[i];
    sum_bb += (double) b[i] * b[i];
    sum_ab += (double) a[i] * b[i];
  }
  if (n_known < n * KNOWN_SHARE)
    return 0;
  spread_a = sqrt (MAX (0, sum_aa / n_known - sum_a / n_known * (sum_a / n_known)));
  spread_b = sqrt (MAX (0, sum_bb / n_known - sum_b / n_known * (sum_b / n_known)));
  if (spread_a * n_known < MIN_SPREAD * sum_a || spread_b * n_known < MIN_SPREAD * sum_b ||
      spread_a <= 0 || spread_b <= 0)
    return 0;
  return (sum_ab / n_known - sum_a / n_known * (sum_b / n_known)) / (spread_a * spread_b);
}

/* The best delay in bins, and between them; −1 if there is none, or more than one. */
static double
find_peak (const double *likeness, guint n)
{
  double other = 0, left = 0, right = 0;
  guint best = 0;

  for (guint i = 1; i < n; i++) {
    if (likeness[i] > likeness[best])
      best = i;
  }
  for (guint i = 0; i < n; i++) {
    if (i + OTHER_BINS < best || i > best + OTHER_BINS)
      other = MAX (other, likeness[i]);
  }
  if (likeness[best] < MIN_LIKENESS || likeness[best] - other < MIN_LEAD)
    return -1;
  if (best == 0 || best + 1 == n)
    return best;
  /* The top of the parabola through three points. */
  left = likeness[best] - likeness[best - 1];
  right = likeness[best] - likeness[best + 1];
  return left + right > 0 ? best + (left - right) / (2 * (left + right)) : best;
}

/**
 * engine_echo_find_delay_of_sound:
 * @sent: what was sent
 * @back: what came back
 * @now_ms: the time
 *
 * Returns: how long the way is by what is heard, in milliseconds; −1 if that cannot be told
 */
int
engine_echo_find_delay_of_sound (const EngineEcho *sent, const EngineEcho *back, gint64 now_ms)
{
  enum {
    MAX_LAG_BINS = ENGINE_ECHO_MAX_DELAY_MS / ENGINE_ECHO_BIN_MS
  };
  static const guint n_all = MAX_PIECE_BINS + MAX_LAG_BINS;
  g_autofree float *levels = g_new (float, n_all);
  g_autofree double *likeness = g_new0 (double, MAX_LAG_BINS);
  float piece[MAX_PIECE_BINS];
  const gint64 last = back->newest_bin - 1; /* the newest may not be whole yet */
  guint n = MAX_PIECE_BINS;
  double peak = 0;

  if (back->newest_bin < 0 || sent->newest_bin < 0 ||
      now_ms / ENGINE_ECHO_BIN_MS - back->newest_bin > MIN_PIECE_BINS)
    return -1;
  get_levels (back, last - n + 1, n, piece);
  /* It came back for less than that. */
  while (n > MIN_PIECE_BINS && isnan (piece[MAX_PIECE_BINS - n]))
    n--;
  get_levels (sent, last - n + 1 - MAX_LAG_BINS, n + MAX_LAG_BINS, levels);
  for (guint lag = 0; lag < MAX_LAG_BINS; lag++)
    likeness[lag] = compare (piece + MAX_PIECE_BINS - n, levels + MAX_LAG_BINS - lag, n);
  peak = find_peak (likeness, MAX_LAG_BINS);
  return peak < 0 ? -1 : (int) lround (peak * ENGINE_ECHO_BIN_MS);
}

/* The mean difference of brightness. */
static double
get_difference (const guint8 *a, const guint8 *b)
{
  guint sum = 0;

  for (guint i = 0; i < ENGINE_ECHO_N_FIELDS; i++)
    sum += (guint) ABS ((int) a[i] - (int) b[i]);
  return (double) sum / ENGINE_ECHO_N_FIELDS;
}

/* Whether something moved between two pictures: a small thing may. */
static gboolean
has_moved (const guint8 *a, const guint8 *b)
{
  for (guint i = 0; i < ENGINE_ECHO_N_FIELDS; i++) {
    if (ABS ((int) a[i] - (int) b[i]) >= MOVED_STEPS)
      return TRUE;
  }
  return FALSE;
}

static guint
count_pictures (const EngineEcho *self)
{
  return MIN (self->n_pictures, ENGINE_ECHO_N_PICTURES);
}

/* The picture before so many others; 0 is the newest. */
static const EngineEchoPicture *
get_picture (const EngineEcho *self, guint age)
{
  return &self->pictures[(self->n_pictures - 1 - age) % ENGINE_ECHO_N_PICTURES];
}

/* When a picture was sent that no other one resembles; −1 if that cannot be told. */
static gint64
find_sent (const EngineEcho *sent, const EngineEchoPicture *picture)
{
  const EngineEchoPicture *best = NULL;
  double least = 256, other = 256;

  for (guint i = 0; i < count_pictures (sent); i++) {
    const EngineEchoPicture *candidate = get_picture (sent, i);
    const double difference = get_difference (candidate->fields, picture->fields);

    if (candidate->time_ms <= picture->time_ms && difference < least) {
      least = difference;
      best = candidate;
    }
  }
  for (guint i = 0; best != NULL && i < count_pictures (sent); i++) {
    const EngineEchoPicture *candidate = get_picture (sent, i);

    if (ABS (candidate->time_ms - best->time_ms) > OTHER_MS)
      other = MIN (other, get_difference (candidate->fields, picture->fields));
  }
  return best != NULL && least < SAME_STEPS && other > 2 * least + OTHER_STEPS ? best->time_ms : -1;
}

static int
compare_delays (gconstpointer a, gconstpointer b)
{
  return *(const int *) a - *(const int *) b;
}

/**
 * engine_echo_find_delay_of_pictures:
 * @sent: what was sent
 * @back: what came back
 * @now_ms: the time
 *
 * Returns: how long the way is by what is seen, in milliseconds; −1 if that cannot be told
 */
int
engine_echo_find_delay_of_pictures (const EngineEcho *sent, const EngineEcho *back, gint64 now_ms)
{
  int delays[MAX_CANDIDATES];
  guint n = 0, n_agree = 0;
  int median = 0;

  for (guint i = 0; i < count_pictures (back) && n < MAX_CANDIDATES; i++) {
    const EngineEchoPicture *picture = get_picture (back, i);
    const gint64 sent_ms =
      now_ms - picture->time_ms <= PICTURES_MS ? find_sent (sent, picture) : -1;

    if (sent_ms >= 0 && picture->time_ms - sent_ms <= ENGINE_ECHO_MAX_DELAY_MS)
      delays[n++] = (int) (picture->time_ms - sent_ms);
  }
  if (n < MIN_VOTES)
    return -1;
  qsort (delays, n, sizeof *delays, compare_delays);
  median = delays[n / 2];
  for (guint i = 0; i < n; i++)
    n_agree += ABS (delays[i] - median) <= AGREEMENT_MS;
  return n_agree >= MIN_VOTES && n_agree * 3 >= n * 2 ? median : -1;
}

/**
 * engine_echo_find_delay:
 * @sent: what was sent
 * @back: what came back
 * @now_ms: the time
 *
 * Returns: how long the way is, in milliseconds; −1 if that cannot be told
 */
int
engine_echo_find_delay (const EngineEcho *sent, const EngineEcho *back, gint64 now_ms)
{
  const int delay_ms = engine_echo_find_delay_of_sound (sent, back, now_ms);

  return delay_ms >= 0 ? delay_ms : engine_echo_find_delay_of_pictures (sent, back, now_ms);
}

/**
 * engine_echo_get_longest_quiet_ms:
 * @self: an echo
 * @from_ms: a time
 * @to_ms: a later one
 *
 * Returns: for how long nothing was heard in between, at the most; what is not known counts as quiet
 */
gint64
engine_echo_get_longest_quiet_ms (const EngineEcho *self, gint64 from_ms, gint64 to_ms)
{
  gint64 longest = 0, quiet = 0;

  for (gint64 bin = from_ms / ENGINE_ECHO_BIN_MS; bin < to_ms / ENGINE_ECHO_BIN_MS; bin++) {
    double power = 0;

    quiet = get_power (self, bin, &power) && power > ENGINE_ECHO_QUIET_POWER ? 0 : quiet + 1;
    longest = MAX (longest, quiet);
  }
  return longest * ENGINE_ECHO_BIN_MS;
}

/**
 * engine_echo_get_still_ms:
 * @self: an echo
 * @now_ms: the time
 *
 * Returns: for how long the pictures have been the same; 0 if there are not two
 */
guint
engine_echo_get_still_ms (const EngineEcho *self, gint64 now_ms)
{
  const EngineEchoPicture *newest = self->n_pictures > 0 ? get_picture (self, 0) : NULL;
  gint64 since_ms = now_ms;

  for (guint i = 1; i < count_pictures (self); i++) {
    const EngineEchoPicture *picture = get_picture (self, i);

    if (has_moved (picture->fields, newest->fields))
      break;
    since_ms = picture->time_ms;
  }
  return (guint) MAX (0, now_ms - since_ms);
}

/**
 * engine_echo_moves_throughout:
 * @self: an echo
 * @from_ms: a time
 * @to_ms: a later one
 *
 * Returns: whether each picture in between differs from the one before, and there are some
 */
gboolean
engine_echo_moves_throughout (const EngineEcho *self, gint64 from_ms, gint64 to_ms)
{
  guint n_moves = 0;

  for (guint i = 0; i + 1 < count_pictures (self); i++) {
    const EngineEchoPicture *later = get_picture (self, i);
    const EngineEchoPicture *earlier = get_picture (self, i + 1);

    if (later->time_ms > to_ms || earlier->time_ms < from_ms)
      continue;
    if (!has_moved (later->fields, earlier->fields))
      return FALSE;
    n_moves++;
  }
  return n_moves >= 2;
}
