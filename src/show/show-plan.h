/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"
#include "show-services.h"

G_BEGIN_DECLS

typedef struct {
  const char *id;
  const ShowService *service;
} ShowPlanDestination;

/**
 * ShowPlanRequest:
 * @format: the program's
 * @destinations: (array length=n_destinations): where it is to go, but the live page
 * @n_destinations: how many
 * @recording_bps: what the recording's own encode is to have; 0: none is wanted
 * @clean: whether the program without graphics is to be recorded as well
 * @spare_cores: how much of this machine is free beside mixing and the shared encode
 * @encode_cores: how much one more encode would take
 */
typedef struct {
  EngineFormat format;
  const ShowPlanDestination *destinations;
  guint n_destinations;
  int recording_bps;
  gboolean clean;
  double spare_cores;
  double encode_cores;
} ShowPlanRequest;

/**
 * ShowPlan:
 * @video_bps: of the encode that all share
 * @audio_bps: of every encode
 * @second: what a second encode gives those that can take only less; if @second_ids is not empty
 * @second_ids: (element-type utf8): which destinations those are
 * @recording_bps: of the recording's own encode; 0: it shares
 * @clean_bps: of the recording without graphics; 0: there is none
 * @sentences: (array zero-terminated=1): all that in the operator's words
 */
typedef struct {
  int video_bps;
  int audio_bps;
  EngineFormat second;
  GPtrArray *second_ids;
  int recording_bps;
  int clean_bps;
  GStrv sentences;
} ShowPlan;

ShowPlan *show_plan_new (const ShowPlanRequest *request);
void show_plan_free (ShowPlan *self);
gboolean show_plan_has_second (const ShowPlan *self, const char *id);
char *show_plan_format_rate (int bps);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShowPlan, show_plan_free)

G_END_DECLS
