/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-audience.h"
#include "engine-sent.h"

G_BEGIN_DECLS

EngineAudience *_engine_audience_new (const char *id, const char *uri, EngineClock *clock,
                                      EngineSent *sent);

G_END_DECLS
