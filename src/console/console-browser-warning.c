/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-browser-warning.h"

/**
 * ConsoleBrowserWarning:
 *
 * What a guest in the same network sees the first time, and where to press. No part of it can be
 * pressed here: it is a picture, made of parts so that its words are in the reader's language.
 */
struct _ConsoleBrowserWarning {
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (ConsoleBrowserWarning, console_browser_warning, ADW_TYPE_BIN)

static void
console_browser_warning_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CONSOLE_TYPE_BROWSER_WARNING);

  G_OBJECT_CLASS (console_browser_warning_parent_class)->dispose (object);
}

static void
console_browser_warning_class_init (ConsoleBrowserWarningClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = console_browser_warning_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-browser-warning.ui");
}

static void
console_browser_warning_init (ConsoleBrowserWarning *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
