/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-program.h"
#include "event-file.h"

G_BEGIN_DECLS

/**
 * ShowLook:
 *
 * The pictures that a shot is dressed with; none of them, or not drawn yet: `NULL`. Each has a number
 * that no other ever has, so that another look is another number. The arts belong to ShowArts.
 */
typedef struct {
  const EngineArt *logo;
  const EngineArt *background;
  const EngineArt *card;
  guint64 numbers[3];
} ShowLook;

#define SHOW_TYPE_ARTS (show_arts_get_type ())
G_DECLARE_FINAL_TYPE (ShowArts, show_arts, SHOW, ARTS, GObject)

/* Pictures for shots: drawn once each in another thread, and shared by the shots that look alike.
 * Main thread only. Signals: "drawn" (): there is one more; "failed" (GError): one cannot be drawn,
 * and the shots do without it. */
ShowArts *show_arts_new (EventFile *event, const EngineFormat *format);
void show_arts_get_look (ShowArts *self, const EventShot *shot, ShowLook *look);
const EngineArt *show_arts_get_pause (ShowArts *self, guint64 *number);
void show_arts_forget_unused (ShowArts *self);

G_END_DECLS
