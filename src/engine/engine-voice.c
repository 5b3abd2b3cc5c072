/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-voice-private.h"

#include <math.h>
#include <string.h>

#define RATE_HZ         ENGINE_SAMPLE_RATE_HZ
#define CYCLE_SAMPLES   ((guint64) ENGINE_VOICE_CYCLE_S * RATE_HZ)
#define CONTROL_SAMPLES 48 /* the mouth moves once a millisecond */
#define N_FORMANTS      5
#define N_COMBS         4
#define N_CHANNELS      ENGINE_N_CHANNELS
#define MAX_DELAY       4096
#define LEVEL           0.13 /* −20 dBFS while talking */
#define KNEE            0.25 /* from here on peaks are rounded off … */
#define CEILING         0.45 /* … and never get higher: −7 dBFS */

/* First three formants of a man, in hertz: a ɛ e i y o u ã ə. */
static const double vowels[][3] = {
  { 720, 1280, 2500 }, { 560, 1780, 2480 }, { 400, 2050, 2600 },
  { 290, 2250, 2950 }, { 280, 1820, 2150 }, { 430, 880, 2400 },
  { 310, 800, 2250 },  { 640, 1050, 2450 }, { 490, 1450, 2450 },
};

/* A resonance that is 1 at rest: a formant, or a band of noise. */
typedef struct {
  double a, b, c;
  double y1, y2;
} Resonator;

/* Second-order filter. */
typedef struct {
  double b0, b1, b2, a1, a2;
  double x1, x2, y1, y2;
} Biquad;

typedef struct {
  float samples[MAX_DELAY];
  guint length;
  guint position;
  double dull; /* what walls and coats have swallowed */
} Delay;

/**
 * EngineVoice:
 *
 * Somebody who talks without saying anything: a glottis, a mouth, and a room around them.
 */
struct _EngineVoice {
  EngineDrawingKind kind;
  guint64 next_sample;
  guint64 cycle;
  EngineVoiceTurn turn;
  guint noise;

  /* The throat. */
  double phase;
  double last_pulse;
  double breath;
  double pitch_hz, pitch_target_hz;
  double voicing, voicing_target;
  double hiss, hiss_target;
  double formants_hz[3], formant_targets_hz[3];
  Resonator tract[N_FORMANTS];
  Resonator teeth;

  /* The call and the room. */
  Biquad call[4];
  Delay early;
  Delay combs[N_CHANNELS][N_COMBS];
  double air[N_CHANNELS];
};

static void
resonator_tune (Resonator *self, double frequency_hz, double width_hz)
{
  const double r = exp (-G_PI * width_hz / RATE_HZ);

  self->c = -r * r;
  self->b = 2 * r * cos (2 * G_PI * frequency_hz / RATE_HZ);
  self->a = 1 - self->b - self->c;
}

static double
resonator_run (Resonator *self, double x)
{
  const double y = self->a * x + self->b * self->y1 + self->c * self->y2;

  self->y2 = self->y1;
  self->y1 = y;
  return y;
}

static void
biquad_tune (Biquad *self, double frequency_hz, gboolean high_pass)
{
  const double w = 2 * G_PI * frequency_hz / RATE_HZ, alpha = sin (w) / G_SQRT2;
  const double a0 = 1 + alpha, edge = high_pass ? 1 + cos (w) : 1 - cos (w);

  self->b0 = self->b2 = edge / 2 / a0;
  self->b1 = (high_pass ? -edge : edge) / a0;
  self->a1 = -2 * cos (w) / a0;
  self->a2 = (1 - alpha) / a0;
}

static double
biquad_run (Biquad *self, double x)
{
  const double y = self->b0 * x + self->b1 * self->x1 + self->b2 * self->x2 - self->a1 * self->y1 -
                   self->a2 * self->y2;

  self->x2 = self->x1;
  self->x1 = x;
  self->y2 = self->y1;
  self->y1 = y;
  return y;
}

static double
make_noise (EngineVoice *self)
{
  return _engine_voice_random (&self->noise) * 2 - 1;
}

static double
get_pitch_hz (const EngineVoice *self)
{
  return self->kind == ENGINE_DRAWING_GUEST ? 200 : 110;
}

static void
restart (EngineVoice *self, guint64 first_sample)
{
  const EngineDrawingKind kind = self->kind;
  static const guint lengths[N_CHANNELS][N_COMBS] = { { 1687, 1979, 2351, 2731 },
                                                      { 1759, 2053, 2267, 2843 } };

  memset (self, 0, sizeof *self);
  self->kind = kind;
  self->next_sample = first_sample;
  self->cycle = first_sample / CYCLE_SAMPLES;
  self->noise = _engine_voice_hash ((guint) first_sample + (guint) kind);
  _engine_voice_write_turn (&self->turn, kind, self->cycle);

  self->pitch_hz = self->pitch_target_hz = get_pitch_hz (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->formants_hz); i++)
    self->formants_hz[i] = self->formant_targets_hz[i] = vowels[8][i];
  resonator_tune (&self->tract[3], kind == ENGINE_DRAWING_GUEST ? 3900 : 3400, 220);
  resonator_tune (&self->tract[4], kind == ENGINE_DRAWING_GUEST ? 4900 : 4400, 300);
  resonator_tune (&self->teeth, 4800, 1600);
  biquad_tune (&self->call[0], 200, TRUE);
  biquad_tune (&self->call[1], 200, TRUE);
  biquad_tune (&self->call[2], 6000, FALSE);
  biquad_tune (&self->call[3], 6000, FALSE);
  self->early.length = MAX_DELAY;
  for (guint channel = 0; channel < N_CHANNELS; channel++) {
    for (guint i = 0; i < N_COMBS; i++)
      self->combs[channel][i].length = lengths[channel][i];
  }
}

/* What the mouth does at the beginning of a syllable, before its vowel. */
static void
shape_onset (EngineVoice *self, const EngineVoiceSyllable *syllable, double since_s)
{
  switch (syllable->onset) {
  case ENGINE_VOICE_ONSET_PLOSIVE:
    if (since_s < 0.038)
      self->voicing_target = 0.03;
    else if (since_s < 0.052)
      self->hiss_target = 0.16;
    break;
  case ENGINE_VOICE_ONSET_FRICATIVE:
    if (since_s < 0.070) {
      self->voicing_target *= 0.12;
      self->hiss_target = 0.13 * syllable->loudness;
    }
    break;
  case ENGINE_VOICE_ONSET_NASAL:
    if (since_s < 0.062) {
      self->voicing_target *= 0.45;
      self->formant_targets_hz[0] = 260;
      self->formant_targets_hz[1] = 1150;
    }
    break;
  case ENGINE_VOICE_ONSET_GLIDE:
    if (since_s < 0.045)
      self->voicing_target *= 0.6;
    break;
  }
}

/* Where throat and mouth are heading at this moment of the cycle. */
static void
set_targets (EngineVoice *self, double time_s)
{
  const EngineVoiceSyllable *syllable = _engine_voice_find_syllable (&self->turn, time_s);
  const double size = self->kind == ENGINE_DRAWING_GUEST ? 1.16 : 1.0;
  double since_s = 0, left_s = 0;

  self->hiss_target = 0;
  self->voicing_target = 0;
  if (syllable == NULL)
    return;

  since_s = time_s - syllable->start_s;
  left_s = syllable->length_s - since_s;
  self->voicing_target = syllable->loudness * (0.8 + 0.2 * MIN (left_s / 0.08, 1));
  self->pitch_target_hz = get_pitch_hz (self) * syllable->pitch;
  for (guint i = 0; i < G_N_ELEMENTS (self->formants_hz); i++)
    self->formant_targets_hz[i] = vowels[syllable->vowel % G_N_ELEMENTS (vowels)][i] * size;
  shape_onset (self, syllable, since_s);
}

static double
approach (double from, double to, double time_ms)
{
  return to + (from - to) * exp (-1.0 / time_ms);
}

/* Once a millisecond: muscles move, they do not jump. */
static void
move_mouth (EngineVoice *self)
{
  static const double widths_hz[] = { 70, 95, 140 };
  const guint64 cycle = self->next_sample / CYCLE_SAMPLES;

  if (cycle != self->cycle) {
    self->cycle = cycle;
    _engine_voice_write_turn (&self->turn, self->kind, cycle);
  }

  set_targets (self, (double) (self->next_sample % CYCLE_SAMPLES) / RATE_HZ);
  self->pitch_hz = approach (self->pitch_hz, self->pitch_target_hz, 55);
  self->voicing = approach (self->voicing, self->voicing_target, 9);
  self->hiss = approach (self->hiss, self->hiss_target, 5);
  for (guint i = 0; i < G_N_ELEMENTS (self->formants_hz); i++) {
    self->formants_hz[i] = approach (self->formants_hz[i], self->formant_targets_hz[i], 17);
    resonator_tune (&self->tract[i], self->formants_hz[i], widths_hz[i]);
  }
}

static double
make_pulse (double phase)
{
  if (phase < 0.42) {
    const double x = phase / 0.42;

    return x * x * (3 - 2 * x);
  }
  if (phase < 0.60) {
    const double x = (phase - 0.42) / 0.18;

    return 1 - x * x;
  }
  return 0;
}

static double
speak (EngineVoice *self)
{
  const double time_s = (double) (self->next_sample % CYCLE_SAMPLES) / RATE_HZ;
  const double vibrato = 1 + 0.008 * sin (2 * G_PI * 5.3 * time_s) + 0.006 * self->breath;
  const double noise = make_noise (self);
  double pulse = 0, sound = 0;

  self->breath += 0.002 * (noise * 8 - self->breath);
  self->phase += self->pitch_hz * vibrato / RATE_HZ;
  self->phase -= floor (self->phase);
  pulse = make_pulse (self->phase);
  sound = (pulse - self->last_pulse) * RATE_HZ / self->pitch_hz * 0.2 + noise * 0.05 * pulse;
  self->last_pulse = pulse;

  /* Never quite silent: the smallest numbers of all take long to compute. */
  sound = sound * self->voicing + noise * 1e-9;
  for (guint i = 0; i < N_FORMANTS; i++)
    sound = resonator_run (&self->tract[i], sound);
  return sound + resonator_run (&self->teeth, noise * self->hiss) * 0.9;
}

static double
delay_read (const Delay *self, guint age)
{
  return self
    ->samples[self->position >= age ? self->position - age : self->position + self->length - age];
}

static void
delay_write (Delay *self, double x)
{
  self->samples[self->position] = (float) x;
  if (++self->position == self->length)
    self->position = 0;
}

/* The walls of the room: a few early echoes and a soft tail, different for each ear. */
static double
reverberate (EngineVoice *self, guint channel, double x, double amount)
{
  static const guint echoes[N_CHANNELS][3] = { { 571, 1097, 2213 }, { 683, 1319, 1987 } };
  double tail = 0, early = 0;

  for (guint i = 0; i < N_COMBS; i++) {
    Delay *comb = &self->combs[channel][i];
    const double out = delay_read (comb, comb->length);

    comb->dull += 0.42 * (out - comb->dull);
    delay_write (comb, x + comb->dull * 0.80 + 1e-9);
    tail += out / N_COMBS;
  }
  for (guint i = 0; i < G_N_ELEMENTS (echoes[channel]); i++)
    early += delay_read (&self->early, echoes[channel][i]) * (0.30 - 0.07 * i);

  self->air[channel] += 0.06 * (make_noise (self) - self->air[channel]);
  return x + amount * (early + tail * 0.62);
}

static float
limit (double x)
{
  const double size = fabs (x);

  if (size <= KNEE)
    return (float) x;
  return (float) copysign (KNEE + (CEILING - KNEE) * tanh ((size - KNEE) / (CEILING - KNEE)), x);
}

/**
 * engine_voice_new:
 * @kind: whose voice
 *
 * Returns: (transfer full): a voice, which starts wherever it is asked to
 */
EngineVoice *
engine_voice_new (EngineDrawingKind kind)
{
  EngineVoice *self = g_new0 (EngineVoice, 1);

  self->kind = kind;
  restart (self, 0);
  return self;
}

void
engine_voice_free (EngineVoice *self)
{
  g_free (self);
}

/**
 * engine_voice_fill:
 * @self: a voice
 * @first_sample: which sample comes first, counted from the time 0 of the drawing
 * @stereo_interleaved: (out): `n_frames` × 2 samples
 * @n_frames: how many
 *
 * Makes sound. Calls that follow one another continue it, however long they are; any other
 * @first_sample starts afresh there.
 */
void
engine_voice_fill (EngineVoice *self, guint64 first_sample, float *stereo_interleaved,
                   guint n_frames)
{
  const double room = self->kind == ENGINE_DRAWING_GUEST ? 0.10 : 0.34;
  const double air = self->kind == ENGINE_DRAWING_GUEST ? 0.0012 : 0.006;

  g_return_if_fail (stereo_interleaved != NULL || n_frames == 0);

  if (self->kind == ENGINE_DRAWING_SLIDES) {
    memset (stereo_interleaved, 0, n_frames * N_CHANNELS * sizeof *stereo_interleaved);
    return;
  }
  if (first_sample != self->next_sample) {
    restart (self, first_sample);
    move_mouth (self);
  }

  for (guint i = 0; i < n_frames; i++) {
    double sound = 0;

    if (self->next_sample % CONTROL_SAMPLES == 0)
      move_mouth (self);
    sound = speak (self) * LEVEL;
    for (guint filter = 0; self->kind == ENGINE_DRAWING_GUEST && filter < 4; filter++)
      sound = biquad_run (&self->call[filter], sound);
    delay_write (&self->early, sound);
    for (guint channel = 0; channel < N_CHANNELS; channel++)
      stereo_interleaved[i * N_CHANNELS + channel] =
        limit (reverberate (self, channel, sound, room) + self->air[channel] * air);
    self->next_sample++;
  }
}
