/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-shot-button.h"

#include "console-menu.h"
#include "console-picture.h"
#include "console-text.h"

#include <glib/gi18n.h>

/**
 * ConsoleShotButton:
 *
 * One shot: its key, its picture, its title and whether it is on air or next.
 *
 * Pressing it activates `win.shot` with the shot's id, as its key does. Its menu edits it.
 */
struct _ConsoleShotButton {
  AdwBin parent_instance;

  ShowSession *session; /* construct-only */
  ShowShot *shot;       /* construct-only */
  ConsolePicture *picture;
};

G_DEFINE_FINAL_TYPE (ConsoleShotButton, console_shot_button, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_SHOT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
number_text (ConsoleShotButton *self, guint number)
{
  return number > 0 ? g_strdup_printf ("%u", number) : g_strdup ("");
}

static char *
tally_text (ConsoleShotButton *self, gboolean on_air, gboolean next, ShowState state,
            gboolean suggested)
{
  /* The shot on air has lost a source, and this one is nearest to it. */
  if (suggested && !on_air)
    return g_strdup (_ ("TAKE"));
  return console_text_tally (on_air, next, state);
}

static char **
tally_classes (ConsoleShotButton *self, gboolean on_air, gboolean next, ShowState state,
               gboolean suggested)
{
  const char *classes[] = { "shot", console_text_tally_class (on_air, next, state), NULL };

  if (suggested && !on_air)
    classes[1] = "suggested";

  return g_strdupv ((char **) classes);
}

/* An accessible name cannot be bound in GTK 4.8.
 *
 * Nor can a bin's own child be bound to a field: gtk_widget_dispose_template () would take it away
 * behind the bin's back. */
static void
update_accessible_name (ConsoleShotButton *self)
{
  GtkWidget *button = adw_bin_get_child (ADW_BIN (self));
  g_autofree char *tally =
    console_text_tally (show_shot_get_on_air (self->shot), show_shot_get_next (self->shot),
                        show_session_get_state (self->session));
  const guint number = show_shot_get_number (self->shot);
  g_autofree char *name = NULL;

  if (number > 0)
    /* Translators: the key's number, then the shot's title */
    name = g_strdup_printf (_ ("Shot %u: %s"), number, show_shot_get_title (self->shot));
  else
    /* Translators: a shot without a key; %s is its title */
    name = g_strdup_printf (_ ("Shot: %s"), show_shot_get_title (self->shot));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, tally, -1);
}

static GMenuModel *
create_menu (GtkWidget *widget)
{
  ConsoleShotButton *self = CONSOLE_SHOT_BUTTON (widget);
  const char *id = show_shot_get_id (self->shot);
  g_autoptr (GMenu) taking = g_menu_new ();
  g_autoptr (GMenu) editing = g_menu_new ();
  GMenu *menu = g_menu_new ();

  console_menu_append (taking, _ ("_Take at once"), "win.take-shot", id);
  console_menu_append (taking, _ ("_Prepare as next"), "win.prepare-shot", id);
  console_menu_append (editing, _ ("_Edit this shot…"), "win.edit-shot", id);
  console_menu_append (editing, _ ("_New shot…"), "win.new-shot", NULL);
  console_menu_append (editing, _ ("_Remove"), "win.remove-shot", id);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (taking));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (editing));
  return G_MENU_MODEL (menu);
}

static void
console_shot_button_get_property (GObject *object, guint property_id, GValue *value,
                                  GParamSpec *pspec)
{
  ConsoleShotButton *self = CONSOLE_SHOT_BUTTON (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_SHOT:
    g_value_set_object (value, self->shot);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_shot_button_set_property (GObject *object, guint property_id, const GValue *value,
                                  GParamSpec *pspec)
{
  ConsoleShotButton *self = CONSOLE_SHOT_BUTTON (object);

  switch (property_id) {
  case PROP_SESSION:
    self->session = g_value_dup_object (value);
    break;
  case PROP_SHOT:
    self->shot = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_shot_button_constructed (GObject *object)
{
  ConsoleShotButton *self = CONSOLE_SHOT_BUTTON (object);
  GtkWidget *button = adw_bin_get_child (ADW_BIN (self));
  g_autoptr (EnginePreview) preview = NULL;

  G_OBJECT_CLASS (console_shot_button_parent_class)->constructed (object);

  preview = show_session_create_shot_preview (self->session, self->shot);
  console_picture_set_preview (self->picture, preview);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", show_shot_get_id (self->shot));
  console_menu_attach (GTK_WIDGET (self), create_menu);
  g_signal_connect_object (self->shot, "notify", G_CALLBACK (update_accessible_name), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (update_accessible_name),
                           self, G_CONNECT_SWAPPED);
  update_accessible_name (self);
}

static void
console_shot_button_dispose (GObject *object)
{
  ConsoleShotButton *self = CONSOLE_SHOT_BUTTON (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_SHOT_BUTTON);
  g_clear_object (&self->session);
  g_clear_object (&self->shot);

  G_OBJECT_CLASS (console_shot_button_parent_class)->dispose (object);
}

static void
console_shot_button_class_init (ConsoleShotButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_shot_button_get_property;
  object_class->set_property = console_shot_button_set_property;
  object_class->constructed = console_shot_button_constructed;
  object_class->dispose = console_shot_button_dispose;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION, once);
  properties[PROP_SHOT] = g_param_spec_object ("shot", NULL, NULL, SHOW_TYPE_SHOT, once);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_PICTURE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-shot-button.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleShotButton, picture);
  gtk_widget_class_bind_template_callback (widget_class, number_text);
  gtk_widget_class_bind_template_callback (widget_class, tally_text);
  gtk_widget_class_bind_template_callback (widget_class, tally_classes);
}

static void
console_shot_button_init (ConsoleShotButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
console_shot_button_new (ShowSession *session, ShowShot *shot)
{
  return g_object_new (CONSOLE_TYPE_SHOT_BUTTON, "session", session, "shot", shot, NULL);
}
