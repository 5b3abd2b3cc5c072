/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "event-types.h"
#include "show-talk.h"

G_BEGIN_DECLS

ShowTalk *_show_talk_new (const EventTalk *talk);

G_END_DECLS
