/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-services.h"
#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_DESTINATION_FORM (console_destination_form_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleDestinationForm, console_destination_form, CONSOLE, DESTINATION_FORM,
                      AdwBin)

/* Signal "saved" (char *id): the event has it as it is written here. */
GtkWidget *console_destination_form_new (ShowSession *session, const ShowService *service,
                                         const char *id);
const char *console_destination_form_get_id (ConsoleDestinationForm *self);
gboolean console_destination_form_get_changed (ConsoleDestinationForm *self);
gboolean console_destination_form_can_save (ConsoleDestinationForm *self);
gboolean console_destination_form_save (ConsoleDestinationForm *self);

G_END_DECLS
