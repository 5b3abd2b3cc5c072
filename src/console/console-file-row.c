/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-file-row.h"

#include "console-files.h"
#include "show-files.h"

#include <glib/gi18n.h>

/**
 * ConsoleFileRow:
 *
 * One file of a source or shot: its name, a button to choose another one, and, where it may be left
 * out, one to forget it.
 */
struct _ConsoleFileRow {
  AdwActionRow parent_instance;

  ConsoleEntry *entry; /* nullable */
  gulong changed_id;
  char *path;
  ConsoleFiles kind;
  gboolean optional;
  char *none; /* nullable: what it means when none is chosen */
  GtkWidget *forget;
};

G_DEFINE_FINAL_TYPE (ConsoleFileRow, console_file_row, ADW_TYPE_ACTION_ROW)

enum {
  PROP_0,
  PROP_ENTRY,
  PROP_PATH,
  PROP_KIND,
  PROP_OPTIONAL,
  PROP_NONE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
changed_cb (ConsoleFileRow *self)
{
  const char *file =
    self->entry != NULL ? console_entry_get_string (self->entry, self->path, NULL) : NULL;
  g_autofree char *name = file != NULL ? g_path_get_basename (file) : NULL;
  const char *none = self->none != NULL ? self->none : _ ("None");
  g_autofree char *escaped = g_markup_escape_text (name != NULL ? name : none, -1);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), escaped);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), file);
  gtk_widget_set_visible (self->forget, self->optional && file != NULL);
}

static gboolean
is_media (ConsoleFiles kind)
{
  return kind == CONSOLE_FILES_PICTURE || kind == CONSOLE_FILES_FILM ||
         kind == CONSOLE_FILES_SLIDES;
}

static void
chosen_cb (const char *path, gpointer user_data)
{
  ConsoleFileRow *self = user_data;
  g_autofree char *name = NULL;

  if (self->entry == NULL)
    return;
  name = is_media (self->kind)
           ? show_files_make_name (show_session_get_event (console_entry_get_session (self->entry)),
                                   path)
           : g_strdup (path);
  console_entry_set_string (self->entry, self->path, name);
}

static void
choose_cb (ConsoleFileRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (root))
    console_files_choose (GTK_WINDOW (root), self->kind, chosen_cb, g_object_ref (self),
                          g_object_unref);
}

static void
forget_cb (ConsoleFileRow *self)
{
  if (self->entry != NULL)
    console_entry_set (self->entry, self->path, NULL);
}

static void
set_entry (ConsoleFileRow *self, ConsoleEntry *entry)
{
  if (self->entry == entry)
    return;

  if (self->entry != NULL)
    g_clear_signal_handler (&self->changed_id, self->entry);
  g_set_object (&self->entry, entry);
  if (entry != NULL)
    self->changed_id =
      g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENTRY]);
}

static void
console_file_row_constructed (GObject *object)
{
  ConsoleFileRow *self = CONSOLE_FILE_ROW (object);
  GtkWidget *choose = gtk_button_new_with_label (_ ("Choose…"));

  G_OBJECT_CLASS (console_file_row_parent_class)->constructed (object);

  gtk_widget_set_valign (choose, GTK_ALIGN_CENTER);
  g_signal_connect_object (choose, "clicked", G_CALLBACK (choose_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->forget);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), choose);
  changed_cb (self);
}

static void
console_file_row_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_ENTRY:
    g_value_set_object (value, CONSOLE_FILE_ROW (object)->entry);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_file_row_set_property (GObject *object, guint property_id, const GValue *value,
                               GParamSpec *pspec)
{
  ConsoleFileRow *self = CONSOLE_FILE_ROW (object);

  switch (property_id) {
  case PROP_ENTRY:
    set_entry (self, g_value_get_object (value));
    break;
  case PROP_PATH:
    self->path = g_value_dup_string (value);
    break;
  case PROP_KIND:
    self->kind = (ConsoleFiles) g_value_get_enum (value);
    break;
  case PROP_OPTIONAL:
    self->optional = g_value_get_boolean (value);
    break;
  case PROP_NONE:
    self->none = g_value_dup_string (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_file_row_dispose (GObject *object)
{
  ConsoleFileRow *self = CONSOLE_FILE_ROW (object);

  if (self->entry != NULL)
    g_clear_signal_handler (&self->changed_id, self->entry);
  g_clear_object (&self->entry);

  G_OBJECT_CLASS (console_file_row_parent_class)->dispose (object);
}

static void
console_file_row_finalize (GObject *object)
{
  g_free (CONSOLE_FILE_ROW (object)->path);
  g_free (CONSOLE_FILE_ROW (object)->none);

  G_OBJECT_CLASS (console_file_row_parent_class)->finalize (object);
}

static void
console_file_row_class_init (ConsoleFileRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags once = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = console_file_row_constructed;
  object_class->get_property = console_file_row_get_property;
  object_class->set_property = console_file_row_set_property;
  object_class->dispose = console_file_row_dispose;
  object_class->finalize = console_file_row_finalize;

  properties[PROP_ENTRY] =
    g_param_spec_object ("entry", NULL, NULL, CONSOLE_TYPE_ENTRY,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, once);
  properties[PROP_KIND] =
    g_param_spec_enum ("kind", NULL, NULL, CONSOLE_TYPE_FILES, (int) CONSOLE_FILES_PICTURE, once);
  properties[PROP_OPTIONAL] = g_param_spec_boolean ("optional", NULL, NULL, FALSE, once);
  properties[PROP_NONE] = g_param_spec_string ("none", NULL, NULL, NULL, once);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
console_file_row_init (ConsoleFileRow *self)
{
  self->forget = gtk_button_new_from_icon_name ("edit-clear-symbolic");
  gtk_widget_set_valign (self->forget, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->forget, _ ("Use none"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->forget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Use none"), -1);
  g_signal_connect_object (self->forget, "clicked", G_CALLBACK (forget_cb), self,
                           G_CONNECT_SWAPPED);
}
