/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_PHOTO (console_photo_get_type ())
G_DECLARE_FINAL_TYPE (ConsolePhoto, console_photo, CONSOLE, PHOTO, AdwBin)

/* Properties: "item" PostsItem, nullable: whose picture · "avatar" boolean, at construction only: that of the
 * author, not the photo */

G_END_DECLS
