/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-ways.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A destination as somebody has written it. All texts are borrowed; empty ones count as none. */
typedef struct {
  const char *id;
  const char *title;
  const char *service;
  ConsoleWay way;
  const char *url;
  const char *backup_url;
  const char *watch;
  gboolean has_key;
  EventKeyKind key_kind;
  gboolean ts_segments;
  int latency_ms;
  gboolean enabled;
} ConsoleDraft;

char *console_draft_to_json (const ConsoleDraft *draft);
char *console_draft_make_id (const char *title, GListModel *destinations);

G_END_DECLS
