/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-audience.h"
#include "engine-output.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ShowSession ShowSession;

#define SHOW_TYPE_AUDIENCES (show_audiences_get_type ())
G_DECLARE_FINAL_TYPE (ShowAudiences, show_audiences, SHOW, AUDIENCES, GObject)

/* What the audience of each destination sees that the event says where to watch. Main thread only. */
ShowAudiences *show_audiences_new (ShowSession *session);
void show_audiences_sync (ShowAudiences *self);
void show_audiences_stop (ShowAudiences *self);
GListModel *show_audiences_get_list (ShowAudiences *self); /* of EngineAudience */
EngineAudience *show_audiences_find (ShowAudiences *self, const char *output_id);
EngineOutput *show_audiences_find_bad (ShowAudiences *self, EngineAudienceState state);

G_END_DECLS
