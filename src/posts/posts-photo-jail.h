/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

int posts_photo_lock_in (void);
