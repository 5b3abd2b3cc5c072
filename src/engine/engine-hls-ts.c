/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-hls-ts.h"

/* ISO/IEC 13818-1. */
#define PACKET_SIZE 188
#define SYNC        0x47
#define PAT_PID     0
#define N_PIDS      0x2000
#define H264_TYPE   0x1b

/* The header of a PES packet with a time in it. */
#define PES_TIME_AT  9
#define PES_MIN_SIZE 14

/* Times are counted 90,000 times a second, in 33 bits. */
#define TIME_MASK ((G_GINT64_CONSTANT (1) << 33) - 1)

/* Two packets, and the counters of their streams, which go on whatever is put in between. */
enum {
  TABLE_PAT,
  TABLE_PMT,
  N_TABLES
};

struct _EngineHlsTs {
  EngineSegmenterFunc func;
  gpointer user_data;

  GByteArray *input;   /* what is not yet a whole packet */
  GByteArray *segment; /* the one being filled */
  guint8 tables[N_TABLES][PACKET_SIZE];
  gboolean has_table[N_TABLES];
  guint8 counters[N_TABLES];
  guint pmt_pid;     /* N_PIDS before it is known */
  guint video_pid;   /* the same */
  gint64 begin_time; /* of the segment being filled, in 1/90000 s; −1 before the first */
  gint64 last_time;  /* of the newest picture */
};

/**
 * engine_hls_ts_new:
 * @func: (scope notified): gets the segments, in the thread that pushes; never an init segment
 * @user_data: for @func
 *
 * Returns: (transfer full): a cutter
 */
EngineHlsTs *
engine_hls_ts_new (EngineSegmenterFunc func, gpointer user_data)
{
  EngineHlsTs *self = g_new0 (EngineHlsTs, 1);

  self->func = func;
  self->user_data = user_data;
  self->input = g_byte_array_new ();
  self->segment = g_byte_array_new ();
  self->pmt_pid = self->video_pid = N_PIDS;
  self->begin_time = -1;
  return self;
}

void
engine_hls_ts_free (EngineHlsTs *self)
{
  g_byte_array_unref (self->input);
  g_byte_array_unref (self->segment);
  g_free (self);
}

static guint
read_pid (const guint8 *data)
{
  return (guint) (data[0] & 0x1f) << 8 | data[1];
}

/* What is in a packet; NULL if there is nothing. */
static const guint8 *
find_payload (const guint8 *packet, gsize *size)
{
  gsize at = 4;

  if ((packet[3] & 0x10) == 0)
    return NULL;
  if ((packet[3] & 0x20) != 0)
    at += 1u + packet[4];
  if (at >= PACKET_SIZE)
    return NULL;
  *size = PACKET_SIZE - at;
  return packet + at;
}

/* The section in a packet in which one begins, from its table id. */
static const guint8 *
find_section (const guint8 *packet, gsize *size)
{
  const guint8 *payload = find_payload (packet, size);

  if (payload == NULL || (packet[1] & 0x40) == 0 || 1u + payload[0] >= *size)
    return NULL;
  *size -= 1u + payload[0];
  return payload + 1 + payload[0];
}

/* The first programme's table is where the streams are. */
static void
read_pat (EngineHlsTs *self, const guint8 *packet)
{
  gsize size = 0;
  const guint8 *section = find_section (packet, &size);

  if (section != NULL && size >= 12)
    self->pmt_pid = read_pid (section + 10);
}

static void
read_pmt (EngineHlsTs *self, const guint8 *packet)
{
  gsize size = 0;
  const guint8 *section = find_section (packet, &size);
  gsize at = 0;

  if (section == NULL || size < 12)
    return;
  at = 12 + ((gsize) (section[10] & 0x0f) << 8 | section[11]);
  while (at + 5 <= size) {
    if (section[at] == H264_TYPE) {
      self->video_pid = read_pid (section + at + 1);
      return;
    }
    at += 5 + ((gsize) (section[at + 3] & 0x0f) << 8 | section[at + 4]);
  }
}

/* The time of the picture that begins in a packet; −1 if none does. */
static gint64
read_time (const guint8 *packet)
{
  gsize size = 0;
  const guint8 *pes = find_payload (packet, &size);

  if (pes == NULL || (packet[1] & 0x40) == 0 || size < PES_MIN_SIZE || pes[0] != 0 || pes[1] != 0 ||
      pes[2] != 1 || (pes[7] & 0x80) == 0)
    return -1;
  pes += PES_TIME_AT;
  return (gint64) (pes[0] & 0x0e) << 29 | (gint64) pes[1] << 22 | (gint64) (pes[2] & 0xfe) << 14 |
         (gint64) pes[3] << 7 | pes[4] >> 1;
}

static gboolean
is_keyframe (const guint8 *packet)
{
  return (packet[3] & 0x20) != 0 && packet[4] > 0 && (packet[5] & 0x40) != 0;
}

static void
append_table (EngineHlsTs *self, guint table)
{
  self->tables[table][3] = (guint8) ((self->tables[table][3] & 0xf0) | self->counters[table]);
  self->counters[table] = (self->counters[table] + 1) & 0x0f;
  g_byte_array_append (self->segment, self->tables[table], PACKET_SIZE);
}

static void
tell_segment (EngineHlsTs *self, gint64 end_time)
{
  GByteArray *segment = self->segment;
  const gint64 duration = (end_time - self->begin_time) & TIME_MASK;

  self->segment = g_byte_array_new ();
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (segment);
  self->func (NULL, bytes, duration * 100 / 9, self->user_data);
}

static void
begin_segment (EngineHlsTs *self, gint64 time)
{
  if (self->begin_time >= 0)
    tell_segment (self, time);
  self->begin_time = time;
  for (guint table = 0; table < N_TABLES; table++)
    append_table (self, table);
}

static void
take_packet (EngineHlsTs *self, const guint8 *packet)
{
  const guint pid = read_pid (packet + 1);

  if (pid == PAT_PID || pid == self->pmt_pid) {
    const guint table = pid == PAT_PID ? TABLE_PAT : TABLE_PMT;

    memcpy (self->tables[table], packet, PACKET_SIZE);
    self->has_table[table] = TRUE;
    if (table == TABLE_PAT)
      read_pat (self, packet);
    else
      read_pmt (self, packet);
    if (self->begin_time >= 0)
      append_table (self, table);
    return;
  }
  if (pid == self->video_pid) {
    const gint64 time = read_time (packet);

    if (time >= 0 && is_keyframe (packet) && self->has_table[TABLE_PAT] &&
        self->has_table[TABLE_PMT])
      begin_segment (self, time);
    if (time >= 0)
      self->last_time = time;
  }
  if (self->begin_time >= 0)
    g_byte_array_append (self->segment, packet, PACKET_SIZE);
}

/**
 * engine_hls_ts_push:
 * @self: a cutter
 * @data: the next bytes of the stream
 * @size: how many
 */
void
engine_hls_ts_push (EngineHlsTs *self, const guint8 *data, gsize size)
{
  gsize at = 0;

  g_byte_array_append (self->input, data, (guint) size);
  while (self->input->len - at >= PACKET_SIZE) {
    if (self->input->data[at] != SYNC) {
      at++;
      continue;
    }
    take_packet (self, self->input->data + at);
    at += PACKET_SIZE;
  }
  if (at > 0)
    g_byte_array_remove_range (self->input, 0, (guint) at);
}

/**
 * engine_hls_ts_finish:
 * @self: a cutter
 * @frame_us: how long the last picture is shown
 *
 * Tells the segment that is not complete, as nothing comes any more.
 */
void
engine_hls_ts_finish (EngineHlsTs *self, gint64 frame_us)
{
  if (self->begin_time >= 0 && self->segment->len > N_TABLES * PACKET_SIZE)
    tell_segment (self, self->last_time + frame_us * 9 / 100);
  self->begin_time = -1;
}
