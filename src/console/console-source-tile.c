/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-source-tile.h"

#include "console-error.h"
#include "console-guest-text.h"
#include "console-menu.h"
#include "console-picture.h"
#include "console-text.h"

#include <glib/gi18n.h>

/**
 * ConsoleSourceTile:
 *
 * One source: its picture, its name, what comes in, and in words what is wrong with it. A film says
 * how long it lasts, slides on which page they are; both are driven from here. A guest says how they
 * are.
 */
struct _ConsoleSourceTile {
  AdwBin parent_instance;

  ShowSession *session; /* construct-only */
  EngineSource *source; /* construct-only */
  gboolean was_live;    /* ever, in this show */
  GuestGuest *guest;    /* nullable: whose picture it is */
  ConsolePicture *picture;
};

G_DEFINE_FINAL_TYPE (ConsoleSourceTile, console_source_tile, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_SOURCE,
  PROP_GUEST,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
state_text (ConsoleSourceTile *self, EngineSourceState state, const GError *error)
{
  const gboolean missing = console_text_source_is_missing (state, error, self->was_live);

  return console_text_source_state (state, missing);
}

/* Who is on air or lost is framed and said already. */
static gboolean
has_badge (ConsoleSourceTile *self, GuestState state, EngineSourceState source_state)
{
  return source_state == ENGINE_SOURCE_STATE_LIVE && state != GUEST_STATE_ON_AIR;
}

static gboolean
is_away (ConsoleSourceTile *self, GuestState state, EngineSourceState source_state)
{
  return source_state != ENGINE_SOURCE_STATE_LIVE;
}

static char *
guest_text (ConsoleSourceTile *self, GuestState state, const char *name)
{
  return console_guest_text_sentence (state, name);
}

static char **
badge_classes (ConsoleSourceTile *self, GuestState state)
{
  const char *classes[] = { "guest-badge", console_guest_text_class (state), NULL };

  return g_strdupv ((char **) classes);
}

static gboolean
is_no_guest (ConsoleSourceTile *self, GuestGuest *guest)
{
  return guest == NULL;
}

static gboolean
is_film (ConsoleSourceTile *self, gint64 left_ms)
{
  return left_ms >= 0;
}

static char *
time_left_text (ConsoleSourceTile *self, gint64 left_ms)
{
  return console_text_time_left (left_ms);
}

static gboolean
has_pages (ConsoleSourceTile *self, guint n_pages)
{
  return n_pages > 0;
}

static char *
page_text (ConsoleSourceTile *self, guint page, guint n_pages)
{
  /* Translators: a page's number, of how many */
  return g_strdup_printf (_ ("%u / %u"), page, n_pages);
}

static void
activate_with_id (ConsoleSourceTile *self, const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (self), action, "s", engine_source_get_id (self->source));
}

static void
play_cb (ConsoleSourceTile *self)
{
  activate_with_id (self, "app.play-film");
}

static gboolean
can_be_asked_again (ConsoleSourceTile *self, const GError *error)
{
  return g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_SCREEN_REFUSED) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_CAMERA_REFUSED) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_CAMERA_UNREACHABLE);
}

static void
ask_again_cb (ConsoleSourceTile *self)
{
  activate_with_id (self, "app.ask-again");
}

static void
stop_cb (ConsoleSourceTile *self)
{
  activate_with_id (self, "app.stop-film");
}

static void
forward_cb (ConsoleSourceTile *self)
{
  activate_with_id (self, "app.slides-forward");
}

static void
back_cb (ConsoleSourceTile *self)
{
  activate_with_id (self, "app.slides-back");
}

/* Only where it helps: this source is on air, and what it shows there is gone. */
static gboolean
has_suggestion (ConsoleSourceTile *self, ShowShot *suggested, gboolean on_air,
                EngineSourceState state)
{
  return suggested != NULL && on_air && state != ENGINE_SOURCE_STATE_LIVE;
}

static char *
suggestion_text (ConsoleSourceTile *self, ShowShot *suggested)
{
  /* Translators: %s is the shot that is nearest to the one on air, which has lost a source */
  return suggested != NULL ? g_strdup_printf (_ ("Take “%s”"), show_shot_get_title (suggested))
                           : g_strdup ("");
}

static void
edit_cb (ConsoleSourceTile *self)
{
  activate_with_id (self, "win.edit-source");
}

static GMenuModel *
create_menu (GtkWidget *widget)
{
  ConsoleSourceTile *self = CONSOLE_SOURCE_TILE (widget);
  const char *id = engine_source_get_id (self->source);
  GMenu *menu = g_menu_new ();

  if (self->guest != NULL) {
    g_autoptr (GMenu) section = g_menu_new ();

    console_menu_append (section, _ ("_Guest: link, talk and all else…"), "win.show-guests", id);
    console_menu_append (section, _ ("Send a _cue…"), "win.cue-guest", id);
    console_menu_append (section, _ ("Put _back into the green room"), "app.put-back-guest", id);
    console_menu_append (section, _ ("Remove from the _show…"), "win.dismiss-guest", id);
    g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  }
  console_menu_append (menu, _ ("_Prepare this source…"), "win.edit-source", id);
  console_menu_append (menu, _ ("_New source…"), "win.new-source", NULL);
  console_menu_append (menu, _ ("_Remove"), "win.remove-source", id);
  return G_MENU_MODEL (menu);
}

static gboolean
is_not_live (ConsoleSourceTile *self, EngineSourceState state)
{
  return state != ENGINE_SOURCE_STATE_LIVE;
}

/* What comes in is in the tooltip: the name needs the room. */
static char *
corner_text (ConsoleSourceTile *self, gboolean on_air, gboolean next, ShowState state)
{
  return console_text_tally (on_air, next, state);
}

static char **
tally_classes (ConsoleSourceTile *self, gboolean on_air, gboolean next, ShowState state)
{
  const char *classes[] = { "source", console_text_tally_class (on_air, next, state), NULL };

  return g_strdupv ((char **) classes);
}

static char *
picture_description (ConsoleSourceTile *self, const char *title, EngineSourceState state,
                     const GError *error)
{
  g_autofree char *words = state_text (self, state, error);

  /* Translators: a source's name, then its state */
  return g_strdup_printf (_ ("Source %s: %s"), title, words);
}

static char *
error_sentence (ConsoleSourceTile *self, const GError *error)
{
  return console_error_describe (error);
}

static void
state_changed_cb (ConsoleSourceTile *self)
{
  if (engine_source_get_state (self->source) == ENGINE_SOURCE_STATE_LIVE)
    self->was_live = TRUE;
}

/* A guest is one of the sources first. */
static void
guests_changed_cb (ConsoleSourceTile *self)
{
  GuestGuest *guest = show_session_find_guest (self->session, engine_source_get_id (self->source));

  if (g_set_object (&self->guest, guest))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GUEST]);
}

static void
console_source_tile_get_property (GObject *object, guint property_id, GValue *value,
                                  GParamSpec *pspec)
{
  ConsoleSourceTile *self = CONSOLE_SOURCE_TILE (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_SOURCE:
    g_value_set_object (value, self->source);
    break;
  case PROP_GUEST:
    g_value_set_object (value, self->guest);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_source_tile_set_property (GObject *object, guint property_id, const GValue *value,
                                  GParamSpec *pspec)
{
  ConsoleSourceTile *self = CONSOLE_SOURCE_TILE (object);

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
console_source_tile_constructed (GObject *object)
{
  ConsoleSourceTile *self = CONSOLE_SOURCE_TILE (object);
  g_autoptr (EnginePreview) preview = NULL;

  G_OBJECT_CLASS (console_source_tile_parent_class)->constructed (object);

  g_signal_connect_object (self->source, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  state_changed_cb (self);
  g_signal_connect_object (show_session_get_guests (self->session), "items-changed",
                           G_CALLBACK (guests_changed_cb), self, G_CONNECT_SWAPPED);
  guests_changed_cb (self);
  preview = show_session_create_source_preview (self->session, self->source);
  console_picture_set_preview (self->picture, preview);
  console_menu_attach (GTK_WIDGET (self), create_menu);
}

static void
console_source_tile_dispose (GObject *object)
{
  ConsoleSourceTile *self = CONSOLE_SOURCE_TILE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_SOURCE_TILE);
  g_clear_object (&self->session);
  g_clear_object (&self->source);
  g_clear_object (&self->guest);

  G_OBJECT_CLASS (console_source_tile_parent_class)->dispose (object);
}

static void
console_source_tile_class_init (ConsoleSourceTileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_source_tile_get_property;
  object_class->set_property = console_source_tile_set_property;
  object_class->constructed = console_source_tile_constructed;
  object_class->dispose = console_source_tile_dispose;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION, once);
  properties[PROP_SOURCE] = g_param_spec_object ("source", NULL, NULL, ENGINE_TYPE_SOURCE, once);
  properties[PROP_GUEST] = g_param_spec_object ("guest", NULL, NULL, GUEST_TYPE_GUEST,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_PICTURE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-source-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleSourceTile, picture);
  gtk_widget_class_bind_template_callback (widget_class, state_text);
  gtk_widget_class_bind_template_callback (widget_class, is_not_live);
  gtk_widget_class_bind_template_callback (widget_class, has_badge);
  gtk_widget_class_bind_template_callback (widget_class, is_away);
  gtk_widget_class_bind_template_callback (widget_class, guest_text);
  gtk_widget_class_bind_template_callback (widget_class, badge_classes);
  gtk_widget_class_bind_template_callback (widget_class, is_no_guest);
  gtk_widget_class_bind_template_callback (widget_class, is_film);
  gtk_widget_class_bind_template_callback (widget_class, time_left_text);
  gtk_widget_class_bind_template_callback (widget_class, has_pages);
  gtk_widget_class_bind_template_callback (widget_class, page_text);
  gtk_widget_class_bind_template_callback (widget_class, play_cb);
  gtk_widget_class_bind_template_callback (widget_class, can_be_asked_again);
  gtk_widget_class_bind_template_callback (widget_class, ask_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, forward_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_cb);
  gtk_widget_class_bind_template_callback (widget_class, has_suggestion);
  gtk_widget_class_bind_template_callback (widget_class, suggestion_text);
  gtk_widget_class_bind_template_callback (widget_class, corner_text);
  gtk_widget_class_bind_template_callback (widget_class, tally_classes);
  gtk_widget_class_bind_template_callback (widget_class, picture_description);
  gtk_widget_class_bind_template_callback (widget_class, error_sentence);
}

static void
console_source_tile_init (ConsoleSourceTile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
console_source_tile_new (ShowSession *session, EngineSource *source)
{
  return g_object_new (CONSOLE_TYPE_SOURCE_TILE, "session", session, "source", source, NULL);
}
