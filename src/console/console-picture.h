/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-preview.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_PICTURE (console_picture_get_type ())
G_DECLARE_FINAL_TYPE (ConsolePicture, console_picture, CONSOLE, PICTURE, GtkWidget)

/* Properties: "preview" EnginePreview, nullable · "description" string, what assistive tools say ·
 * "grows" boolean, construct-only: would like to be as high as a wide picture of its width is */
EnginePreview *console_picture_get_preview (ConsolePicture *self);
void console_picture_set_preview (ConsolePicture *self, EnginePreview *preview);

G_END_DECLS
