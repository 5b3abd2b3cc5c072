/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-picture.h"

G_BEGIN_DECLS

EnginePictureSettings engine_picture_settings_clean (const EnginePictureSettings *settings);
gboolean engine_picture_settings_equal (const EnginePictureSettings *a,
                                        const EnginePictureSettings *b);
EngineRect engine_picture_settings_get_part (const EnginePictureSettings *settings,
                                             EngineSize size);

G_END_DECLS
