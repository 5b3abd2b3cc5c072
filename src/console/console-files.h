/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum {
  CONSOLE_FILES_PICTURE,
  CONSOLE_FILES_FILM,
  CONSOLE_FILES_SLIDES,
  CONSOLE_FILES_FOLDER, /* not a file */
  CONSOLE_FILES_CERTIFICATE,
  CONSOLE_FILES_CERTIFICATE_KEY,
} ConsoleFiles;

#define CONSOLE_TYPE_FILES (console_files_get_type ())
GType console_files_get_type (void);

/* @path: what was chosen; for slides that are pictures, their folder. Not called when nothing was. */
typedef void (*ConsoleFilesFunc) (const char *path, gpointer user_data);

void console_files_save_event (GtkWindow *parent, const char *name, ConsoleFilesFunc callback,
                               gpointer user_data, GDestroyNotify destroy);
void console_files_choose (GtkWindow *parent, ConsoleFiles kind, ConsoleFilesFunc callback,
                           gpointer user_data, GDestroyNotify destroy);

G_END_DECLS
