/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-source.h"
#include "event-file.h"

G_BEGIN_DECLS

/**
 * ShowSourceConfig:
 *
 * What the engine is told about a source of the event. Owns its strings.
 */
typedef struct {
  EngineSourceConfig config;
  char *until; /* nullable: when a countdown is over, in the event's words */
} ShowSourceConfig;

ShowSourceConfig *show_source_config_new (EventFile *event, const EventSource *source,
                                          const ShowSourceConfig *before);
void show_source_config_free (ShowSourceConfig *self);
gboolean show_source_config_is_same_source (const ShowSourceConfig *self,
                                            const ShowSourceConfig *other);
gboolean show_source_config_is_seen_alike (const ShowSourceConfig *self,
                                           const ShowSourceConfig *other);
gboolean show_source_config_is_heard_alike (const ShowSourceConfig *self,
                                            const ShowSourceConfig *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShowSourceConfig, show_source_config_free)

G_END_DECLS
