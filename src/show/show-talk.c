/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-talk-private.h"

/**
 * ShowTalk:
 *
 * One entry of the schedule.
 */
struct _ShowTalk {
  GObject parent_instance;

  char *title;
  char *speakers;
  char *affiliation; /* nullable */
  GDateTime *start;  /* nullable */
  GDateTime *end;    /* nullable */
};

G_DEFINE_FINAL_TYPE (ShowTalk, show_talk, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_TITLE,
  PROP_SPEAKERS,
  PROP_AFFILIATION,
  PROP_START,
  PROP_END,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
show_talk_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ShowTalk *self = SHOW_TALK (object);

  switch (id) {
  case PROP_TITLE:
    g_value_set_string (value, self->title);
    break;
  case PROP_SPEAKERS:
    g_value_set_string (value, self->speakers);
    break;
  case PROP_AFFILIATION:
    g_value_set_string (value, self->affiliation);
    break;
  case PROP_START:
    g_value_set_boxed (value, self->start);
    break;
  case PROP_END:
    g_value_set_boxed (value, self->end);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
show_talk_finalize (GObject *object)
{
  ShowTalk *self = SHOW_TALK (object);

  g_free (self->title);
  g_free (self->speakers);
  g_free (self->affiliation);
  g_clear_pointer (&self->start, g_date_time_unref);
  g_clear_pointer (&self->end, g_date_time_unref);
  G_OBJECT_CLASS (show_talk_parent_class)->finalize (object);
}

static void
show_talk_class_init (ShowTalkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = show_talk_get_property;
  object_class->finalize = show_talk_finalize;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, ro);
  properties[PROP_SPEAKERS] = g_param_spec_string ("speakers", NULL, NULL, NULL, ro);
  properties[PROP_AFFILIATION] = g_param_spec_string ("affiliation", NULL, NULL, NULL, ro);
  properties[PROP_START] = g_param_spec_boxed ("start", NULL, NULL, G_TYPE_DATE_TIME, ro);
  properties[PROP_END] = g_param_spec_boxed ("end", NULL, NULL, G_TYPE_DATE_TIME, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
show_talk_init (ShowTalk *self)
{
}

ShowTalk *
_show_talk_new (const EventTalk *talk)
{
  ShowTalk *self = g_object_new (SHOW_TYPE_TALK, NULL);

  self->title = g_strdup (talk->title);
  self->speakers = g_strjoinv (", ", talk->speakers);
  self->affiliation = g_strdup (talk->affiliation);
  self->start = talk->start != NULL ? g_date_time_ref (talk->start) : NULL;
  self->end = talk->end != NULL ? g_date_time_ref (talk->end) : NULL;
  return self;
}

const char *
show_talk_get_title (ShowTalk *self)
{
  g_return_val_if_fail (SHOW_IS_TALK (self), NULL);

  return self->title;
}

const char *
show_talk_get_speakers (ShowTalk *self)
{
  g_return_val_if_fail (SHOW_IS_TALK (self), NULL);

  return self->speakers;
}

const char *
show_talk_get_affiliation (ShowTalk *self)
{
  g_return_val_if_fail (SHOW_IS_TALK (self), NULL);

  return self->affiliation;
}

GDateTime *
show_talk_get_start (ShowTalk *self)
{
  g_return_val_if_fail (SHOW_IS_TALK (self), NULL);

  return self->start;
}

GDateTime *
show_talk_get_end (ShowTalk *self)
{
  g_return_val_if_fail (SHOW_IS_TALK (self), NULL);

  return self->end;
}
