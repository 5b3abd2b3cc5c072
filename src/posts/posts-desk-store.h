/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-desk.h"

G_BEGIN_DECLS

/* Main thread only. The desk's signal "failed" (GError): the disk does not take what is decided; the desk
 * goes on without it. */
void posts_desk_open_store (PostsDesk *self, const char *path);
void posts_desk_close_store (PostsDesk *self);

G_END_DECLS
