/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-source-editor.h"

#include "console-channel.h"
#include "console-error.h"
#include "console-picture.h"
#include "console-scale-row.h"
#include "console-setting.h"
#include "console-source-setup.h"
#include "console-text.h"

#include <glib/gi18n.h>

/**
 * ConsoleSourceEditor:
 *
 * All that can be set at one source, under its living picture and level. Everything applies at once.
 */
struct _ConsoleSourceEditor {
  AdwBin parent_instance;

  ShowSession *session; /* construct-only */
  EngineSource *source; /* construct-only */
  ConsoleEntry *entry;
  ConsolePicture *picture;
  GtkBox *strip;
};

G_DEFINE_FINAL_TYPE (ConsoleSourceEditor, console_source_editor, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_SOURCE,
  PROP_ENTRY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *const settings[] = { "kind",    "rotate", "mirror", "follows",
                                        "low_cut", "noise",  "gain",   "compressor" };

static char *
state_text (ConsoleSourceEditor *self, EngineSourceState state, const char *description)
{
  g_autofree char *words = console_text_source_state (state, FALSE);

  if (state != ENGINE_SOURCE_STATE_LIVE || description == NULL || *description == '\0')
    return g_steal_pointer (&words);
  return g_strdup_printf ("%s · %s", words, description);
}

static char *
error_sentence (ConsoleSourceEditor *self, const GError *error)
{
  return console_error_describe (error);
}

static gboolean
has_error (ConsoleSourceEditor *self, const GError *error)
{
  return error != NULL;
}

static gboolean
is_silent (ConsoleSourceEditor *self, gboolean muted, gboolean has_sound)
{
  return muted && has_sound;
}

/* What is only looked at has nothing to set there. */
static gboolean
can_be_heard (ConsoleSourceEditor *self, const char *kind)
{
  static const char *const silent[] = { "still", "slides", "card", NULL };

  return kind == NULL || !g_strv_contains (silent, kind);
}

static void
reset_picture_cb (ConsoleSourceEditor *self)
{
  console_entry_set (self->entry, "picture-settings", NULL);
}

static void
reset_sound_cb (ConsoleSourceEditor *self)
{
  console_entry_set (self->entry, "sound-settings", NULL);
}

static void
console_source_editor_get_property (GObject *object, guint property_id, GValue *value,
                                    GParamSpec *pspec)
{
  ConsoleSourceEditor *self = CONSOLE_SOURCE_EDITOR (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_SOURCE:
    g_value_set_object (value, self->source);
    break;
  case PROP_ENTRY:
    g_value_set_object (value, self->entry);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_source_editor_set_property (GObject *object, guint property_id, const GValue *value,
                                    GParamSpec *pspec)
{
  ConsoleSourceEditor *self = CONSOLE_SOURCE_EDITOR (object);

  switch (property_id) {
  case PROP_SESSION:
    self->session = g_value_dup_object (value);
    break;
  case PROP_SOURCE:
    self->source = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_source_editor_constructed (GObject *object)
{
  ConsoleSourceEditor *self = CONSOLE_SOURCE_EDITOR (object);
  g_autoptr (EnginePreview) preview = NULL;

  G_OBJECT_CLASS (console_source_editor_parent_class)->constructed (object);

  self->entry =
    console_entry_new (self->session, CONSOLE_ENTRY_SOURCE, engine_source_get_id (self->source));
  g_object_notify_by_pspec (object, properties[PROP_ENTRY]);
  gtk_box_append (self->strip, console_channel_new (self->source));
  preview = show_session_create_source_preview (self->session, self->source);
  console_picture_set_preview (self->picture, preview);
}

static void
console_source_editor_dispose (GObject *object)
{
  ConsoleSourceEditor *self = CONSOLE_SOURCE_EDITOR (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_SOURCE_EDITOR);
  g_clear_object (&self->entry);
  g_clear_object (&self->session);
  g_clear_object (&self->source);

  G_OBJECT_CLASS (console_source_editor_parent_class)->dispose (object);
}

static void
console_source_editor_class_init (ConsoleSourceEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_source_editor_get_property;
  object_class->set_property = console_source_editor_set_property;
  object_class->constructed = console_source_editor_constructed;
  object_class->dispose = console_source_editor_dispose;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION, once);
  properties[PROP_SOURCE] = g_param_spec_object ("source", NULL, NULL, ENGINE_TYPE_SOURCE, once);
  properties[PROP_ENTRY] = g_param_spec_object ("entry", NULL, NULL, CONSOLE_TYPE_ENTRY,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_PICTURE);
  g_type_ensure (CONSOLE_TYPE_SCALE_ROW);
  g_type_ensure (CONSOLE_TYPE_SETTING);
  g_type_ensure (CONSOLE_TYPE_SOURCE_SETUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-source-editor.ui");
  /* Bindings do not keep what they bind. */
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    gtk_widget_class_bind_template_child_full (widget_class, settings[i], FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, ConsoleSourceEditor, picture);
  gtk_widget_class_bind_template_child (widget_class, ConsoleSourceEditor, strip);
  gtk_widget_class_bind_template_callback (widget_class, state_text);
  gtk_widget_class_bind_template_callback (widget_class, error_sentence);
  gtk_widget_class_bind_template_callback (widget_class, has_error);
  gtk_widget_class_bind_template_callback (widget_class, is_silent);
  gtk_widget_class_bind_template_callback (widget_class, can_be_heard);
  gtk_widget_class_bind_template_callback (widget_class, reset_picture_cb);
  gtk_widget_class_bind_template_callback (widget_class, reset_sound_cb);
}

static void
console_source_editor_init (ConsoleSourceEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
console_source_editor_new (ShowSession *session, EngineSource *source)
{
  return g_object_new (CONSOLE_TYPE_SOURCE_EDITOR, "session", session, "source", source, NULL);
}
