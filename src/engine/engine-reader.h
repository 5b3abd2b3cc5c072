/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-socket.h"
#include "engine-types.h"

G_BEGIN_DECLS

/**
 * EngineReader:
 *
 * What can be told about the program at the other end of a TCP connection from what the system
 * knows of it, looked at once a second. All zero at the beginning.
 */
typedef struct {
  EngineSocketFacts last;
  gint64 looked_us;
  gint64 confirmed_us; /* when something was last confirmed, or nothing was due */
  gint64 read_us;      /* when it last made room for more */
  guint64 read_bytes;  /* what had been confirmed then */
} EngineReader;

void engine_reader_look (EngineReader *self, const EngineSocketFacts *facts, gint64 now_us,
                         EngineUplink *uplink);
gboolean engine_reader_is_dead (const EngineReader *self, gint64 now_us);

G_END_DECLS
