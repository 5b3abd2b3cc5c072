/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-field.h"

#include "common-util.h"

#include <string.h>

/**
 * ConsoleField:
 *
 * One line of text with its name above and, under it, what is wrong with it, while it is typed.
 *
 * With an entry of the event, what is right goes there with Enter, or when the keys go elsewhere:
 * half an address helps nobody.
 */
struct _ConsoleField {
  AdwBin parent_instance;

  GtkLabel *title;
  GtkEditable *line;
  GtkLabel *note;
  ConsoleEntry *entry; /* nullable */
  gulong changed_id;
  char *path; /* nullable */
  char *hint; /* nullable */
  char *told; /* nullable: what the entry said last */
  gboolean secret;
  gboolean optional;
  gboolean valid;
  ConsoleFieldCheck check; /* nullable */
  gpointer check_data;     /* borrowed: lives as long as the field */
};

G_DEFINE_FINAL_TYPE (ConsoleField, console_field, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_TITLE,
  PROP_HINT,
  PROP_PLACEHOLDER,
  PROP_ENTRY,
  PROP_PATH,
  PROP_SECRET,
  PROP_OPTIONAL,
  PROP_TEXT,
  PROP_VALID,
  N_PROPS
};

enum {
  SIGNAL_ACTIVATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* An empty field is not wrong yet, only not right: nobody is scolded before he has typed. */
static void
update (ConsoleField *self)
{
  char *text = console_field_get_text (self);
  const gboolean empty = *text == '\0';
  g_autofree char *problem =
    !empty && self->check != NULL ? self->check (text, self->check_data) : NULL;
  const char *words = problem != NULL ? problem : self->hint;
  const gboolean valid = empty ? self->optional : problem == NULL;

  gtk_label_set_text (self->note, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), words != NULL && *words != '\0');
  if (problem != NULL) {
    gtk_widget_add_css_class (GTK_WIDGET (self->note), "problem");
    gtk_widget_add_css_class (GTK_WIDGET (self->line), "error");
  } else {
    gtk_widget_remove_css_class (GTK_WIDGET (self->note), "problem");
    gtk_widget_remove_css_class (GTK_WIDGET (self->line), "error");
  }
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->line), GTK_ACCESSIBLE_STATE_INVALID,
                               problem != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                               : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->line), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  words != NULL ? words : "", -1);
  console_field_forget (text);
  if (self->valid == valid)
    return;
  self->valid = valid;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALID]);
}

static void
text_changed_cb (ConsoleField *self)
{
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

static void
apply_cb (ConsoleField *self)
{
  g_autofree char *text = console_field_get_text (self);

  if (self->entry == NULL || self->path == NULL || !self->valid ||
      g_strcmp0 (text, self->told != NULL ? self->told : "") == 0)
    return;
  common_set_string (&self->told, text);
  console_entry_set_string (self->entry, self->path, *text != '\0' ? text : NULL);
}

static void
activate_cb (ConsoleField *self)
{
  apply_cb (self);
  if (self->valid)
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

/* What is being typed must not be lost for another value's sake. */
static void
entry_changed_cb (ConsoleField *self)
{
  const char *text =
    self->path != NULL ? console_entry_get_string (self->entry, self->path, "") : "";

  if (common_set_string (&self->told, text))
    gtk_editable_set_text (self->line, text);
}

static void
set_entry (ConsoleField *self, ConsoleEntry *entry)
{
  if (self->entry == entry)
    return;

  if (self->entry != NULL)
    g_clear_signal_handler (&self->changed_id, self->entry);
  g_set_object (&self->entry, entry);
  if (entry != NULL) {
    self->changed_id = g_signal_connect_object (entry, "changed", G_CALLBACK (entry_changed_cb),
                                                self, G_CONNECT_SWAPPED);
    entry_changed_cb (self);
  }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENTRY]);
}

static void
set_title (ConsoleField *self, const char *title)
{
  gtk_label_set_text_with_mnemonic (self->title, title != NULL ? title : "");
}

static gboolean
console_field_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (CONSOLE_FIELD (widget)->line));
}

static void
console_field_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsoleField *self = CONSOLE_FIELD (object);

  switch (property_id) {
  case PROP_ENTRY:
    g_value_set_object (value, self->entry);
    break;
  case PROP_TEXT:
    g_value_take_string (value, console_field_get_text (self));
    break;
  case PROP_VALID:
    g_value_set_boolean (value, self->valid);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_field_set_property (GObject *object, guint property_id, const GValue *value,
                            GParamSpec *pspec)
{
  ConsoleField *self = CONSOLE_FIELD (object);

  switch (property_id) {
  case PROP_TITLE:
    set_title (self, g_value_get_string (value));
    break;
  case PROP_HINT:
    if (common_set_string (&self->hint, g_value_get_string (value)))
      update (self);
    break;
  case PROP_PLACEHOLDER:
    g_object_set (self->line, "placeholder-text", g_value_get_string (value), NULL);
    break;
  case PROP_ENTRY:
    set_entry (self, g_value_get_object (value));
    break;
  case PROP_PATH:
    self->path = g_value_dup_string (value);
    break;
  case PROP_SECRET:
    self->secret = g_value_get_boolean (value);
    break;
  case PROP_OPTIONAL:
    self->optional = g_value_get_boolean (value);
    update (self);
    break;
  case PROP_TEXT:
    console_field_set_text (self, g_value_get_string (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_field_dispose (GObject *object)
{
  ConsoleField *self = CONSOLE_FIELD (object);

  if (self->entry != NULL)
    g_clear_signal_handler (&self->changed_id, self->entry);
  g_clear_object (&self->entry);

  G_OBJECT_CLASS (console_field_parent_class)->dispose (object);
}

static void
console_field_finalize (GObject *object)
{
  ConsoleField *self = CONSOLE_FIELD (object);

  g_free (self->path);
  g_free (self->hint);
  g_free (self->told);

  G_OBJECT_CLASS (console_field_parent_class)->finalize (object);
}

static GtkWidget *
create_line (gboolean secret)
{
  GtkWidget *line = secret ? gtk_password_entry_new () : gtk_entry_new ();

  if (secret)
    gtk_password_entry_set_show_peek_icon (GTK_PASSWORD_ENTRY (line), TRUE);
  return line;
}

static void
console_field_constructed (GObject *object)
{
  ConsoleField *self = CONSOLE_FIELD (object);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  G_OBJECT_CLASS (console_field_parent_class)->constructed (object);

  self->title = GTK_LABEL (gtk_label_new (NULL));
  self->line = GTK_EDITABLE (create_line (self->secret));
  self->note = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_mnemonic_widget (self->title, GTK_WIDGET (self->line));
  gtk_label_set_xalign (self->title, 0);
  gtk_label_set_xalign (self->note, 0);
  gtk_label_set_wrap (self->note, TRUE);
  gtk_label_set_width_chars (self->note, 1);
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "field-title");
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "small-note");
  gtk_widget_set_visible (GTK_WIDGET (self->note), FALSE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->line));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->note));
  adw_bin_set_child (ADW_BIN (self), box);

  g_signal_connect_object (self->line, "changed", G_CALLBACK (text_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->line, "activate", G_CALLBACK (activate_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "leave", G_CALLBACK (apply_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

static void
console_field_class_init (ConsoleFieldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags once = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags wo = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->constructed = console_field_constructed;
  object_class->get_property = console_field_get_property;
  object_class->set_property = console_field_set_property;
  object_class->dispose = console_field_dispose;
  object_class->finalize = console_field_finalize;
  GTK_WIDGET_CLASS (klass)->grab_focus = console_field_grab_focus;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, wo);
  properties[PROP_HINT] = g_param_spec_string ("hint", NULL, NULL, NULL, wo);
  properties[PROP_PLACEHOLDER] = g_param_spec_string ("placeholder", NULL, NULL, NULL, wo);
  properties[PROP_ENTRY] = g_param_spec_object ("entry", NULL, NULL, CONSOLE_TYPE_ENTRY, rw);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, once);
  properties[PROP_SECRET] = g_param_spec_boolean ("secret", NULL, NULL, FALSE, once);
  properties[PROP_OPTIONAL] = g_param_spec_boolean ("optional", NULL, NULL, FALSE, wo);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, rw);
  properties[PROP_VALID] =
    g_param_spec_boolean ("valid", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", CONSOLE_TYPE_FIELD, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
console_field_init (ConsoleField *self)
{
}

GtkWidget *
console_field_new (const char *title, const char *placeholder)
{
  return g_object_new (CONSOLE_TYPE_FIELD, "title", title, "placeholder", placeholder, NULL);
}

/**
 * console_field_set_check:
 * @self: a field
 * @check: (nullable): says what is wrong with a text that is not empty
 * @user_data: for @check, must live as long as @self
 */
void
console_field_set_check (ConsoleField *self, ConsoleFieldCheck check, gpointer user_data)
{
  g_return_if_fail (CONSOLE_IS_FIELD (self));

  self->check = check;
  self->check_data = user_data;
  update (self);
}

/**
 * console_field_check:
 * @self: a field
 *
 * Looks at the text again: what is right has changed.
 */
void
console_field_check (ConsoleField *self)
{
  g_return_if_fail (CONSOLE_IS_FIELD (self));

  update (self);
}

/**
 * console_field_forget:
 * @text: (transfer full): what a field held, perhaps a secret
 *
 * Leaves nothing of it in memory.
 */
void
console_field_forget (char *text)
{
  explicit_bzero (text, strlen (text));
  g_free (text);
}

/**
 * console_field_get_text:
 * @self: a field
 *
 * Returns: (transfer full): what is typed, without the spaces that copying brings along; a secret is
 *   to be given to console_field_forget ()
 */
char *
console_field_get_text (ConsoleField *self)
{
  g_return_val_if_fail (CONSOLE_IS_FIELD (self), NULL);

  return g_strstrip (g_strdup (gtk_editable_get_text (self->line)));
}

void
console_field_set_text (ConsoleField *self, const char *text)
{
  g_return_if_fail (CONSOLE_IS_FIELD (self));

  if (g_strcmp0 (gtk_editable_get_text (self->line), text) != 0)
    gtk_editable_set_text (self->line, text != NULL ? text : "");
}

gboolean
console_field_get_valid (ConsoleField *self)
{
  g_return_val_if_fail (CONSOLE_IS_FIELD (self), FALSE);

  return self->valid;
}
