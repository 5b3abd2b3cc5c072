/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "posts-post.h"

G_BEGIN_DECLS

/* A post as JSON, to have it again after a crash. Any thread. */
JsonNode *posts_keep_to_json (PostsPost *post);
PostsPost *posts_keep_from_json (JsonNode *node);

G_END_DECLS
