/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-program.h"

G_BEGIN_DECLS

void guest_warm_up (EngineProgram *program);

G_END_DECLS
