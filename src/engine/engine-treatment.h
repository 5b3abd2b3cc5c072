/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-picture.h"

G_BEGIN_DECLS

/**
 * EngineTreatment:
 *
 * What is done to each picture of a source, as its settings say: turned, mirrored, its colours
 * corrected, and which part of it is seen. Reference counted; any thread.
 */
typedef struct _EngineTreatment EngineTreatment;

EngineTreatment *engine_treatment_new (const EnginePictureSettings *settings);
EngineTreatment *engine_treatment_ref (EngineTreatment *self);
void engine_treatment_unref (EngineTreatment *self);
const EnginePictureSettings *engine_treatment_get_settings (const EngineTreatment *self);
EnginePicture *engine_treatment_apply (EngineTreatment *self, GstBuffer *buffer,
                                       const GstVideoInfo *info, gint64 time_ns);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineTreatment, engine_treatment_unref)

EnginePictureSettings engine_picture_settings_clean (const EnginePictureSettings *settings);
gboolean engine_picture_settings_equal (const EnginePictureSettings *a,
                                        const EnginePictureSettings *b);
gboolean engine_picture_settings_touch_pixels (const EnginePictureSettings *settings);
EngineRect engine_picture_settings_get_part (const EnginePictureSettings *settings,
                                             EngineSize size);

G_END_DECLS
