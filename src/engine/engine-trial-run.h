/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the two processes of a trial say to each other. */
#define ENGINE_TRIAL_OPTION "--try-encoder"
#define ENGINE_TRIAL_PASSED "passed "
#define ENGINE_TRIAL_FAILED "failed "
