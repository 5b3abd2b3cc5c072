/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Pictures after which some of them fail: more than a trial gives them, or less. */
#define ENGINE_TESTING_FAILS_AFTER 100
#define ENGINE_TESTING_HANGS_AFTER 40

/* Registers encoders under the names of chips that no test machine has. All of them encode with x264,
 * and each has its fault:
 *   vah264enc crashes · vah264lpenc hangs · vaapih264enc gives no second keyframe ·
 *   nvautogpuh264enc is too slow · nvh264enc gives too much · qsvh264enc gives another picture ·
 *   v4l2h264enc is good, for ENGINE_TESTING_FAILS_AFTER pictures. */
void engine_testing_register_encoders (GstPlugin *plugin);

G_END_DECLS
