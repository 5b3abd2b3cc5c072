/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-text-row.h"

#include "console-setting.h"

/**
 * ConsoleTextRow:
 *
 * One text of a source or shot. It applies with Enter, with its button, or when the keys go
 * elsewhere: half an address helps nobody.
 */
struct _ConsoleTextRow {
  AdwEntryRow parent_instance;

  ConsoleEntry *entry; /* nullable */
  ConsoleSetting *setting;
  char *path;
};

G_DEFINE_FINAL_TYPE (ConsoleTextRow, console_text_row, ADW_TYPE_ENTRY_ROW)

enum {
  PROP_0,
  PROP_ENTRY,
  PROP_PATH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
apply_cb (ConsoleTextRow *self)
{
  if (self->setting != NULL)
    g_object_set (self->setting, "text", gtk_editable_get_text (GTK_EDITABLE (self)), NULL);
}

static void
console_text_row_constructed (GObject *object)
{
  ConsoleTextRow *self = CONSOLE_TEXT_ROW (object);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  G_OBJECT_CLASS (console_text_row_parent_class)->constructed (object);

  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self), TRUE);
  self->setting = g_object_new (CONSOLE_TYPE_SETTING, "path", self->path, NULL);
  g_object_bind_property (self, "entry", self->setting, "entry", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->setting, "text", self, "text", G_BINDING_SYNC_CREATE);
  g_signal_connect (self, "apply", G_CALLBACK (apply_cb), NULL);
  g_signal_connect_object (focus, "leave", G_CALLBACK (apply_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

static void
console_text_row_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_ENTRY:
    g_value_set_object (value, CONSOLE_TEXT_ROW (object)->entry);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_text_row_set_property (GObject *object, guint property_id, const GValue *value,
                               GParamSpec *pspec)
{
  ConsoleTextRow *self = CONSOLE_TEXT_ROW (object);

  switch (property_id) {
  case PROP_ENTRY:
    if (g_set_object (&self->entry, g_value_get_object (value)))
      g_object_notify_by_pspec (object, pspec);
    break;
  case PROP_PATH:
    self->path = g_value_dup_string (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_text_row_dispose (GObject *object)
{
  ConsoleTextRow *self = CONSOLE_TEXT_ROW (object);

  g_clear_object (&self->setting);
  g_clear_object (&self->entry);

  G_OBJECT_CLASS (console_text_row_parent_class)->dispose (object);
}

static void
console_text_row_finalize (GObject *object)
{
  g_free (CONSOLE_TEXT_ROW (object)->path);

  G_OBJECT_CLASS (console_text_row_parent_class)->finalize (object);
}

static void
console_text_row_class_init (ConsoleTextRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = console_text_row_constructed;
  object_class->get_property = console_text_row_get_property;
  object_class->set_property = console_text_row_set_property;
  object_class->dispose = console_text_row_dispose;
  object_class->finalize = console_text_row_finalize;

  properties[PROP_ENTRY] =
    g_param_spec_object ("entry", NULL, NULL, CONSOLE_TYPE_ENTRY,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PATH] =
    g_param_spec_string ("path", NULL, NULL, NULL,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
console_text_row_init (ConsoleTextRow *self)
{
}
