/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "common-util.h"
#include "show-shot-private.h"

/**
 * ShowShot:
 *
 * An arrangement of sources that can be put on air.
 */
struct _ShowShot {
  GObject parent_instance;

  char *id;
  char *title;
  guint number;
  EventLayout layout;
  EventCorner corner;
  GStrv sources;
  char *background; /* nullable */
  gboolean logo;
  gboolean on_air;
  gboolean next;
  gboolean suggested;
  guint64 look[3];     /* numbers of what it is dressed with */
  EngineScene *scene;  /* nullable: not made yet */
  GPtrArray *previews; /* of GWeakRef: they show the scene, whatever becomes of it */
};

G_DEFINE_FINAL_TYPE (ShowShot, show_shot, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_TITLE,
  PROP_NUMBER,
  PROP_LAYOUT,
  PROP_CORNER,
  PROP_SOURCES,
  PROP_BACKGROUND,
  PROP_LOGO,
  PROP_ON_AIR,
  PROP_NEXT,
  PROP_PAUSE,
  PROP_SUGGESTED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
show_shot_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ShowShot *self = SHOW_SHOT (object);

  switch (id) {
  case PROP_ID:
    g_value_set_string (value, self->id);
    break;
  case PROP_TITLE:
    g_value_set_string (value, self->title);
    break;
  case PROP_NUMBER:
    g_value_set_uint (value, self->number);
    break;
  case PROP_LAYOUT:
    g_value_set_enum (value, (int) self->layout);
    break;
  case PROP_CORNER:
    g_value_set_enum (value, (int) self->corner);
    break;
  case PROP_SOURCES:
    g_value_set_boxed (value, self->sources);
    break;
  case PROP_BACKGROUND:
    g_value_set_string (value, self->background);
    break;
  case PROP_LOGO:
    g_value_set_boolean (value, self->logo);
    break;
  case PROP_ON_AIR:
    g_value_set_boolean (value, self->on_air);
    break;
  case PROP_NEXT:
    g_value_set_boolean (value, self->next);
    break;
  case PROP_PAUSE:
    g_value_set_boolean (value, show_shot_get_pause (self));
    break;
  case PROP_SUGGESTED:
    g_value_set_boolean (value, self->suggested);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
show_shot_finalize (GObject *object)
{
  ShowShot *self = SHOW_SHOT (object);

  g_free (self->id);
  g_free (self->title);
  g_strfreev (self->sources);
  g_free (self->background);
  g_ptr_array_unref (self->previews);
  g_clear_pointer (&self->scene, engine_scene_unref);
  G_OBJECT_CLASS (show_shot_parent_class)->finalize (object);
}

static void
show_shot_class_init (ShowShotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = show_shot_get_property;
  object_class->finalize = show_shot_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, ro);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, ro);
  properties[PROP_NUMBER] = g_param_spec_uint ("number", NULL, NULL, 0, G_MAXUINT, 0, ro);
  properties[PROP_LAYOUT] =
    g_param_spec_enum ("layout", NULL, NULL, EVENT_TYPE_LAYOUT, EVENT_LAYOUT_FULL, ro);
  properties[PROP_CORNER] =
    g_param_spec_enum ("corner", NULL, NULL, EVENT_TYPE_CORNER, EVENT_CORNER_BOTTOM_RIGHT, ro);
  properties[PROP_SOURCES] = g_param_spec_boxed ("sources", NULL, NULL, G_TYPE_STRV, ro);
  properties[PROP_BACKGROUND] = g_param_spec_string ("background", NULL, NULL, NULL, ro);
  properties[PROP_LOGO] = g_param_spec_boolean ("logo", NULL, NULL, TRUE, ro);
  properties[PROP_SUGGESTED] = g_param_spec_boolean ("suggested", NULL, NULL, FALSE, ro);
  properties[PROP_ON_AIR] = g_param_spec_boolean ("on-air", NULL, NULL, FALSE, ro);
  properties[PROP_NEXT] = g_param_spec_boolean ("next", NULL, NULL, FALSE, ro);
  properties[PROP_PAUSE] = g_param_spec_boolean ("pause", NULL, NULL, FALSE, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
show_shot_init (ShowShot *self)
{
  self->previews = g_ptr_array_new_with_free_func (weak_ref_free);
}

static void
notify (ShowShot *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/**
 * _show_shot_new:
 * @record: a shot of the event
 *
 * Returns: (transfer full): the shot; it needs a scene before anything is done with it
 */
ShowShot *
_show_shot_new (const EventShot *record)
{
  ShowShot *self = g_object_new (SHOW_TYPE_SHOT, NULL);

  self->id = g_strdup (record->id);
  self->sources = g_new0 (char *, 1);
  _show_shot_update (self, record);
  return self;
}

/**
 * _show_shot_new_pause:
 * @title: what it is called
 *
 * Returns: (transfer full): a pause for an event that has no shot for it; it needs a scene
 */
ShowShot *
_show_shot_new_pause (const char *title)
{
  ShowShot *self = g_object_new (SHOW_TYPE_SHOT, NULL);

  self->id = g_strdup ("");
  self->title = g_strdup (title);
  self->sources = g_new0 (char *, 1);
  self->layout = EVENT_LAYOUT_PAUSE;
  return self;
}

/**
 * _show_shot_update:
 * @self: a shot
 * @record: what it is in the event now
 *
 * Returns: whether it needs another scene, apart from what it is dressed with
 */
gboolean
_show_shot_update (ShowShot *self, const EventShot *record)
{
  gboolean changed = FALSE;

  if (common_set_string (&self->title, record->title))
    notify (self, PROP_TITLE);
  if (self->number != (guint) record->key) {
    self->number = (guint) record->key;
    notify (self, PROP_NUMBER);
  }
  if (self->logo != record->logo) {
    self->logo = record->logo;
    notify (self, PROP_LOGO);
  }
  if (common_set_string (&self->background, record->background))
    notify (self, PROP_BACKGROUND);
  if (self->corner != record->corner) {
    self->corner = record->corner;
    notify (self, PROP_CORNER);
    changed = TRUE;
  }
  if (!g_strv_equal ((const char *const *) self->sources, (const char *const *) record->sources)) {
    g_strfreev (self->sources);
    self->sources = g_strdupv (record->sources);
    notify (self, PROP_SOURCES);
    changed = TRUE;
  }
  if (self->layout != record->layout) {
    self->layout = record->layout;
    notify (self, PROP_LAYOUT);
    notify (self, PROP_PAUSE);
    changed = TRUE;
  }
  return changed || self->scene == NULL;
}

gboolean
_show_shot_looks_like (ShowShot *self, const ShowLook *look)
{
  return memcmp (self->look, look->numbers, sizeof self->look) == 0;
}

void
_show_shot_set_look (ShowShot *self, const ShowLook *look)
{
  memcpy (self->look, look->numbers, sizeof self->look);
}

/**
 * _show_shot_set_scene:
 * @self: a shot
 * @program: the program
 * @scene: what it looks like now
 *
 * Its previews show it from now on; the program does not change by itself.
 */
void
_show_shot_set_scene (ShowShot *self, EngineProgram *program, EngineScene *scene)
{
  g_clear_pointer (&self->scene, engine_scene_unref);
  self->scene = engine_scene_ref (scene);
  for (guint i = self->previews->len; i > 0; i--) {
    g_autoptr (EnginePreview) preview = g_weak_ref_get (self->previews->pdata[i - 1]);

    if (preview != NULL)
      engine_program_set_preview_scene (program, preview, scene);
    else
      g_ptr_array_remove_index_fast (self->previews, i - 1);
  }
}

/* Shows the scene, and others that come after it. */
void
_show_shot_add_preview (ShowShot *self, EnginePreview *preview)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, preview);
  g_ptr_array_add (self->previews, weak);
}

EngineScene *
_show_shot_get_scene (ShowShot *self)
{
  return self->scene;
}

void
_show_shot_set_tally (ShowShot *self, gboolean on_air, gboolean next)
{
  if (self->on_air != on_air) {
    self->on_air = on_air;
    notify (self, PROP_ON_AIR);
  }
  if (self->next != next) {
    self->next = next;
    notify (self, PROP_NEXT);
  }
}

void
_show_shot_set_suggested (ShowShot *self, gboolean suggested)
{
  if (self->suggested == suggested)
    return;
  self->suggested = suggested;
  notify (self, PROP_SUGGESTED);
}

const char *
show_shot_get_id (ShowShot *self)
{
  g_return_val_if_fail (SHOW_IS_SHOT (self), NULL);

  return self->id;
}

const char *
show_shot_get_title (ShowShot *self)
{
  g_return_val_if_fail (SHOW_IS_SHOT (self), NULL);

  return self->title;
}

guint
show_shot_get_number (ShowShot *self)
{
  g_return_val_if_fail (SHOW_IS_SHOT (self), 0);

  return self->number;
}

EventLayout
show_shot_get_layout (ShowShot *self)
{
  g_return_val_if_fail (SHOW_IS_SHOT (self), EVENT_LAYOUT_FULL);

  return self->layout;
}

EventCorner
show_shot_get_corner (ShowShot *self)
{
  g_return_val_if_fail (SHOW_IS_SHOT (self), EVENT_CORNER_BOTTOM_RIGHT);

  return self->corner;
}

const char *const *
show_shot_get_sources (ShowShot *self)
{
  g_return_val_if_fail (SHOW_IS_SHOT (self), NULL);

  return (const char *const *) self->sources;
}

const char *
show_shot_get_background (ShowShot *self)
{
  g_return_val_if_fail (SHOW_IS_SHOT (self), NULL);

  return self->background;
}

gboolean
show_shot_get_logo (ShowShot *self)
{
  g_return_val_if_fail (SHOW_IS_SHOT (self), FALSE);

  return self->logo;
}

gboolean
show_shot_get_on_air (ShowShot *self)
{
  g_return_val_if_fail (SHOW_IS_SHOT (self), FALSE);

  return self->on_air;
}

gboolean
show_shot_get_next (ShowShot *self)
{
  g_return_val_if_fail (SHOW_IS_SHOT (self), FALSE);

  return self->next;
}

gboolean
show_shot_get_pause (ShowShot *self)
{
  g_return_val_if_fail (SHOW_IS_SHOT (self), FALSE);

  return self->layout == EVENT_LAYOUT_PAUSE;
}

gboolean
show_shot_get_suggested (ShowShot *self)
{
  g_return_val_if_fail (SHOW_IS_SHOT (self), FALSE);

  return self->suggested;
}
