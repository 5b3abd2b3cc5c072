/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-picture.h"

#include "common-util.h"

/**
 * ConsolePicture:
 *
 * The newest frame of one preview, as large as fits, its aspect kept.
 *
 * It asks for frames of its own size in device pixels, only while it is mapped, and covers all of
 * itself, so that a new frame never redraws what lies around it.
 */
struct _ConsolePicture {
  GtkWidget parent_instance;

  EnginePreview *preview; /* nullable */
  gulong frame_id;
  GdkTexture *texture; /* nullable: the newest frame, made when drawn */
  char *description;   /* nullable */
  gboolean grows;
};

G_DEFINE_FINAL_TYPE (ConsolePicture, console_picture, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_PREVIEW,
  PROP_DESCRIPTION,
  PROP_GROWS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GdkTexture *
create_texture (EngineFrame *frame)
{
  /* Opaque, so premultiplied or not is the same; this order is what cairo draws without
   * converting. */
  return gdk_memory_texture_new (frame->width_px, frame->height_px,
                                 GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, frame->pixels,
                                 (gsize) frame->stride_bytes);
}

static void
frame_cb (ConsolePicture *self)
{
  g_clear_object (&self->texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
update_size (ConsolePicture *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const int scale = gtk_widget_get_scale_factor (widget);
  const int width_px = gtk_widget_get_width (widget) * scale;
  const int height_px = gtk_widget_get_height (widget) * scale;

  if (self->preview != NULL && width_px > 0 && height_px > 0)
    engine_preview_set_size (self->preview, width_px, height_px);
}

static void
update_active (ConsolePicture *self)
{
  if (self->preview != NULL)
    engine_preview_set_active (self->preview, gtk_widget_get_mapped (GTK_WIDGET (self)));
}

static void
drop_preview (ConsolePicture *self)
{
  if (self->preview == NULL)
    return;

  g_clear_signal_handler (&self->frame_id, self->preview);
  engine_preview_set_active (self->preview, FALSE);
  g_clear_object (&self->preview);
  g_clear_object (&self->texture);
}

static void
console_picture_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ConsolePicture *self = CONSOLE_PICTURE (widget);
  const GdkRGBA black = { 0.067f, 0.067f, 0.067f, 1.0f };
  const int width = gtk_widget_get_width (widget);
  const int height = gtk_widget_get_height (widget);
  EngineFrame *frame = self->preview != NULL ? engine_preview_get_frame (self->preview) : NULL;

  if (self->texture == NULL && frame != NULL)
    self->texture = create_texture (frame);
  if (self->texture == NULL) {
    gtk_snapshot_append_color (snapshot, &black, &GRAPHENE_RECT_INIT (0, 0, width, height));
    return;
  }

  const double frame_width = gdk_texture_get_width (self->texture);
  const double frame_height = gdk_texture_get_height (self->texture);
  const double zoom = MIN (width / frame_width, height / frame_height);
  int drawn_width = (int) (frame_width * zoom + 0.5);
  int drawn_height = (int) (frame_height * zoom + 0.5);

  /* A rounding error is no reason for a black line and a scaled frame. */
  if (ABS (drawn_width - width) <= 1)
    drawn_width = width;
  if (ABS (drawn_height - height) <= 1)
    drawn_height = height;

  if (drawn_width < width || drawn_height < height)
    gtk_snapshot_append_color (snapshot, &black, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_append_texture (snapshot, self->texture,
                               &GRAPHENE_RECT_INIT ((width - drawn_width) / 2,
                                                    (height - drawn_height) / 2, drawn_width,
                                                    drawn_height));
}

static void
console_picture_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 16 : 9;
  *natural = *minimum;
  if (CONSOLE_PICTURE (widget)->grows && orientation == GTK_ORIENTATION_VERTICAL && for_size > 16)
    *natural = for_size * 9 / 16;
}

static GtkSizeRequestMode
console_picture_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
console_picture_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  update_size (CONSOLE_PICTURE (widget));
}

static void
console_picture_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (console_picture_parent_class)->map (widget);
  update_active (CONSOLE_PICTURE (widget));
}

static void
console_picture_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (console_picture_parent_class)->unmap (widget);
  update_active (CONSOLE_PICTURE (widget));
}

static void
set_description (ConsolePicture *self, const char *description)
{
  if (!common_set_string (&self->description, description))
    return;

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  description != NULL ? description : "", -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DESCRIPTION]);
}

static void
console_picture_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsolePicture *self = CONSOLE_PICTURE (object);

  switch (property_id) {
  case PROP_PREVIEW:
    g_value_set_object (value, self->preview);
    break;
  case PROP_DESCRIPTION:
    g_value_set_string (value, self->description);
    break;
  case PROP_GROWS:
    g_value_set_boolean (value, self->grows);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_picture_set_property (GObject *object, guint property_id, const GValue *value,
                              GParamSpec *pspec)
{
  ConsolePicture *self = CONSOLE_PICTURE (object);

  switch (property_id) {
  case PROP_PREVIEW:
    console_picture_set_preview (self, g_value_get_object (value));
    break;
  case PROP_DESCRIPTION:
    set_description (self, g_value_get_string (value));
    break;
  case PROP_GROWS:
    self->grows = g_value_get_boolean (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_picture_dispose (GObject *object)
{
  drop_preview (CONSOLE_PICTURE (object));

  G_OBJECT_CLASS (console_picture_parent_class)->dispose (object);
}

static void
console_picture_finalize (GObject *object)
{
  g_free (CONSOLE_PICTURE (object)->description);

  G_OBJECT_CLASS (console_picture_parent_class)->finalize (object);
}

static void
console_picture_class_init (ConsolePictureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_picture_get_property;
  object_class->set_property = console_picture_set_property;
  object_class->dispose = console_picture_dispose;
  object_class->finalize = console_picture_finalize;
  widget_class->snapshot = console_picture_snapshot;
  widget_class->measure = console_picture_measure;
  widget_class->get_request_mode = console_picture_get_request_mode;
  widget_class->size_allocate = console_picture_size_allocate;
  widget_class->map = console_picture_map;
  widget_class->unmap = console_picture_unmap;

  properties[PROP_PREVIEW] = g_param_spec_object ("preview", NULL, NULL, ENGINE_TYPE_PREVIEW, rw);
  properties[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, rw);
  properties[PROP_GROWS] =
    g_param_spec_boolean ("grows", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "picture");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
console_picture_init (ConsolePicture *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_VISIBLE);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (update_size), NULL);
}

EnginePreview *
console_picture_get_preview (ConsolePicture *self)
{
  g_return_val_if_fail (CONSOLE_IS_PICTURE (self), NULL);

  return self->preview;
}

/**
 * console_picture_set_preview:
 * @self: a picture
 * @preview: (nullable): what it shows from now on
 */
void
console_picture_set_preview (ConsolePicture *self, EnginePreview *preview)
{
  g_return_if_fail (CONSOLE_IS_PICTURE (self));
  g_return_if_fail (preview == NULL || ENGINE_IS_PREVIEW (preview));

  if (self->preview == preview)
    return;

  drop_preview (self);
  if (preview != NULL) {
    self->preview = g_object_ref (preview);
    self->frame_id =
      g_signal_connect_object (preview, "frame", G_CALLBACK (frame_cb), self, G_CONNECT_SWAPPED);
    update_size (self);
    update_active (self);
  }
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PREVIEW]);
}
