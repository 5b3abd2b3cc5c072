/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-picture.h"

G_BEGIN_DECLS

/**
 * EngineScaler:
 *
 * Paints pictures of any raw format and size into I420 frames. It keeps what it has set up for
 * each kind of picture and place, so one belongs to one thread.
 */
typedef struct _EngineScaler EngineScaler;

EngineScaler *engine_scaler_new (void);
void engine_scaler_free (EngineScaler *self);
void engine_scaler_paint (EngineScaler *self, const EnginePicture *picture, EngineRect rect,
                          GstVideoFrame *frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineScaler, engine_scaler_free)

G_END_DECLS
