/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

/**
 * ShowGovernor:
 *
 * How much picture the slowest of some uplinks can take: down within seconds when it cannot get rid of
 * what it is given, up again gently, and with a memory of what was too much. No clock, no pipeline: it
 * is told both.
 */
typedef struct {
  int chosen_bps;       /* what it never goes above */
  int floor_bps;        /* what it never goes below */
  int bps;              /* what it is now */
  gint64 settled_ms;    /* until then the last step has not had its effect */
  gint64 calm_since_ms; /* −1: it is not calm */
  double last_queue_ms;
  int failed_bps; /* what was too much; 0: nothing was */
  guint n_failed; /* how often that was */
} ShowGovernor;

void show_governor_init (ShowGovernor *self, int chosen_bps);
void show_governor_set_chosen (ShowGovernor *self, int chosen_bps);
int show_governor_step (ShowGovernor *self, const EngineUplink *uplinks, guint n_uplinks,
                        gint64 now_ms);
gboolean show_governor_is_slow (const EngineUplink *uplink);
int show_governor_get_share (const EngineUplink *uplink, int video_bps);

G_END_DECLS
