/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "event-types.h"

G_DEFINE_ENUM_TYPE (EventLayout, event_layout, G_DEFINE_ENUM_VALUE (EVENT_LAYOUT_FULL, "full"),
                    G_DEFINE_ENUM_VALUE (EVENT_LAYOUT_SIDE_BY_SIDE, "side-by-side"),
                    G_DEFINE_ENUM_VALUE (EVENT_LAYOUT_PICTURE_IN_PICTURE, "picture-in-picture"),
                    G_DEFINE_ENUM_VALUE (EVENT_LAYOUT_SLIDES_AND_SPEAKER, "slides-and-speaker"),
                    G_DEFINE_ENUM_VALUE (EVENT_LAYOUT_SLIDES_AND_TWO, "slides-and-two"),
                    G_DEFINE_ENUM_VALUE (EVENT_LAYOUT_EVERYONE, "everyone"),
                    G_DEFINE_ENUM_VALUE (EVENT_LAYOUT_PAUSE, "pause"))

G_DEFINE_ENUM_TYPE (EventCorner, event_corner,
                    G_DEFINE_ENUM_VALUE (EVENT_CORNER_TOP_LEFT, "top-left"),
                    G_DEFINE_ENUM_VALUE (EVENT_CORNER_TOP_RIGHT, "top-right"),
                    G_DEFINE_ENUM_VALUE (EVENT_CORNER_BOTTOM_LEFT, "bottom-left"),
                    G_DEFINE_ENUM_VALUE (EVENT_CORNER_BOTTOM_RIGHT, "bottom-right"))
