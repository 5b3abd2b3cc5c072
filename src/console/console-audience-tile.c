/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-audience-tile.h"

#include "console-air-text.h"

#define PICTURE_WIDTH  128
#define PICTURE_HEIGHT 72

/**
 * ConsoleAudienceTile:
 *
 * What the audience of one destination sees, small, and how late. It is not there while nobody looks.
 */
struct _ConsoleAudienceTile {
  AdwBin parent_instance;

  EngineAudience *audience; /* nullable */
  GtkPicture *picture;
  GtkLabel *words;
};

G_DEFINE_FINAL_TYPE (ConsoleAudienceTile, console_audience_tile, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_AUDIENCE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
frame_cb (ConsoleAudienceTile *self)
{
  EngineFrame *frame = self->audience != NULL ? engine_audience_get_frame (self->audience) : NULL;
  g_autoptr (GdkTexture) texture = NULL;

  if (frame != NULL)
    texture =
      gdk_memory_texture_new (frame->width_px, frame->height_px, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED,
                              frame->pixels, (gsize) frame->stride_bytes);
  gtk_picture_set_paintable (self->picture, texture != NULL ? GDK_PAINTABLE (texture) : NULL);
}

static gboolean
is_bad (EngineAudienceState state)
{
  return state == ENGINE_AUDIENCE_FROZEN || state == ENGINE_AUDIENCE_SILENT ||
         state == ENGINE_AUDIENCE_GONE;
}

static void
changed_cb (ConsoleAudienceTile *self)
{
  const EngineAudienceState state =
    self->audience != NULL ? engine_audience_get_state (self->audience) : ENGINE_AUDIENCE_OFF;
  const int delay_ms = self->audience != NULL ? engine_audience_get_delay_ms (self->audience) : -1;
  g_autofree char *words = console_text_audience (state, delay_ms);

  gtk_widget_set_visible (GTK_WIDGET (self), state != ENGINE_AUDIENCE_OFF);
  gtk_label_set_text (self->words, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words, -1);
  if (is_bad (state))
    gtk_widget_add_css_class (GTK_WIDGET (self->words), "bad");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->words), "bad");
}

static void
set_audience (ConsoleAudienceTile *self, EngineAudience *audience)
{
  if (self->audience == audience)
    return;

  if (self->audience != NULL)
    g_signal_handlers_disconnect_by_data (self->audience, self);
  g_set_object (&self->audience, audience);
  if (audience != NULL) {
    g_signal_connect_object (audience, "notify", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (audience, "frame", G_CALLBACK (frame_cb), self, G_CONNECT_SWAPPED);
  }
  changed_cb (self);
  frame_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AUDIENCE]);
}

static void
console_audience_tile_get_property (GObject *object, guint property_id, GValue *value,
                                    GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_AUDIENCE:
    g_value_set_object (value, CONSOLE_AUDIENCE_TILE (object)->audience);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_audience_tile_set_property (GObject *object, guint property_id, const GValue *value,
                                    GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_AUDIENCE:
    set_audience (CONSOLE_AUDIENCE_TILE (object), g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_audience_tile_dispose (GObject *object)
{
  ConsoleAudienceTile *self = CONSOLE_AUDIENCE_TILE (object);

  if (self->audience != NULL)
    g_signal_handlers_disconnect_by_data (self->audience, self);
  g_clear_object (&self->audience);

  G_OBJECT_CLASS (console_audience_tile_parent_class)->dispose (object);
}

static void
console_audience_tile_class_init (ConsoleAudienceTileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = console_audience_tile_get_property;
  object_class->set_property = console_audience_tile_set_property;
  object_class->dispose = console_audience_tile_dispose;

  properties[PROP_AUDIENCE] =
    g_param_spec_object ("audience", NULL, NULL, ENGINE_TYPE_AUDIENCE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
console_audience_tile_init (ConsoleAudienceTile *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->picture = GTK_PICTURE (gtk_picture_new ());
  self->words = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_set_size_request (GTK_WIDGET (self->picture), PICTURE_WIDTH, PICTURE_HEIGHT);
  gtk_widget_set_overflow (GTK_WIDGET (self->picture), GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (GTK_WIDGET (self->picture), "audience");
  gtk_label_set_xalign (self->words, 0);
  gtk_label_set_wrap (self->words, TRUE);
  gtk_label_set_width_chars (self->words, 16);
  gtk_label_set_max_width_chars (self->words, 24);
  gtk_widget_set_hexpand (GTK_WIDGET (self->words), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->words), "small-note");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->picture));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->words));
  adw_bin_set_child (ADW_BIN (self), box);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
