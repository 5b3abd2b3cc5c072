/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-network.h"

G_BEGIN_DECLS

char *console_text_network (PostsNetwork *network);
char *console_text_network_numbers (PostsNetwork *network);

G_END_DECLS
