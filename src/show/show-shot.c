/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

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
  gboolean on_air;
  gboolean next;
  EngineScene *scene;
};

G_DEFINE_FINAL_TYPE (ShowShot, show_shot, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_TITLE,
  PROP_NUMBER,
  PROP_ON_AIR,
  PROP_NEXT,
  PROP_PAUSE,
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
  case PROP_ON_AIR:
    g_value_set_boolean (value, self->on_air);
    break;
  case PROP_NEXT:
    g_value_set_boolean (value, self->next);
    break;
  case PROP_PAUSE:
    g_value_set_boolean (value, show_shot_get_pause (self));
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
  g_clear_pointer (&self->scene, engine_scene_unref);
  G_OBJECT_CLASS (show_shot_parent_class)->finalize (object);
}

static void
show_shot_class_init (ShowShotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = show_shot_get_property;
  object_class->finalize = show_shot_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, ro);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, ro);
  properties[PROP_NUMBER] = g_param_spec_uint ("number", NULL, NULL, 0, G_MAXUINT, 0, ro);
  properties[PROP_ON_AIR] = g_param_spec_boolean ("on-air", NULL, NULL, FALSE, ro);
  properties[PROP_NEXT] = g_param_spec_boolean ("next", NULL, NULL, FALSE, ro);
  properties[PROP_PAUSE] = g_param_spec_boolean ("pause", NULL, NULL, FALSE, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
show_shot_init (ShowShot *self)
{
}

ShowShot *
_show_shot_new (const char *id, const char *title, guint number, EngineScene *scene)
{
  ShowShot *self = g_object_new (SHOW_TYPE_SHOT, NULL);

  self->id = g_strdup (id);
  self->title = g_strdup (title);
  self->number = number;
  self->scene = engine_scene_ref (scene);
  return self;
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
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ON_AIR]);
  }
  if (self->next != next) {
    self->next = next;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NEXT]);
  }
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

  return self->scene->layout == ENGINE_LAYOUT_PAUSE;
}
