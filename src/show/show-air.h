/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-program.h"
#include "event-file.h"
#include "livepage-server.h"
#include "show-secrets.h"

G_BEGIN_DECLS

#define SHOW_TYPE_AIR (show_air_get_type ())
G_DECLARE_FINAL_TYPE (ShowAir, show_air, SHOW, AIR, GObject)

/* Going on air and off again: destinations with their keys, the recording, the live page.
 * Main thread only. */
ShowAir *show_air_new (EventFile *event, EngineProgram *program, GListModel *destinations,
                       EngineOutput *live_page_output, PostsDesk *desk);
void show_air_set_secrets (ShowAir *self, ShowSecrets *secrets);
ShowSecrets *show_air_get_secrets (ShowAir *self);
void show_air_renew_key (ShowAir *self, EngineOutput *output);
void show_air_open_page (ShowAir *self, guint former_port);
GStrv show_air_get_folders (ShowAir *self);
gboolean show_air_rehearse (ShowAir *self, GError **error);
gboolean show_air_start (ShowAir *self, GError **error);
void show_air_stop (ShowAir *self);
void show_air_add_output (ShowAir *self, EngineOutput *output);
gboolean show_air_test_output (ShowAir *self, EngineOutput *output, GError **error);
gboolean show_air_retry_output (ShowAir *self, EngineOutput *output, GError **error);
EngineOutput *show_air_get_page_output (ShowAir *self);
void show_air_set_resumed_recording (ShowAir *self, const char *path);
void show_air_set_talk (ShowAir *self, const char *title, const char *speakers);
const char *show_air_get_page_uri (ShowAir *self);

G_END_DECLS
