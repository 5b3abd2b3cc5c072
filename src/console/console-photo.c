/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-photo.h"

#include "common-util.h"

#include <glib/gi18n.h>

#define WIDTH_PX     700
#define HEIGHT_PX    480
#define SHOWN_HEIGHT 108

/**
 * ConsolePhoto:
 *
 * A photo from a local file, read and scaled without making the window wait.
 *
 * A file that is no picture leaves nothing, and the post is shown without it.
 */
struct _ConsolePhoto {
  AdwBin parent_instance;

  char *path;        /* nullable */
  char *description; /* nullable */
  GCancellable *cancellable;
  GtkWidget *picture;
};

G_DEFINE_FINAL_TYPE (ConsolePhoto, console_photo, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_PATH,
  PROP_DESCRIPTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
scaled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ConsolePhoto) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new_from_stream_finish (result, &error);
  g_autoptr (GdkTexture) texture = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (pixbuf == NULL) {
    g_debug ("A post's photo cannot be shown: %s", error->message);
    return;
  }

  texture = gdk_texture_new_for_pixbuf (pixbuf);
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
  gtk_widget_set_visible (self->picture, TRUE);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ConsolePhoto) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read_finish (G_FILE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (stream == NULL) {
    g_debug ("A post's photo cannot be read: %s", error->message);
    return;
  }

  gdk_pixbuf_new_from_stream_at_scale_async (G_INPUT_STREAM (stream), WIDTH_PX, HEIGHT_PX, TRUE,
                                             self->cancellable, scaled_cb, g_object_ref (self));
}

static void
forget (ConsolePhoto *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
set_path (ConsolePhoto *self, const char *path)
{
  g_autoptr (GFile) file = NULL;

  if (!common_set_string (&self->path, path))
    return;

  forget (self);
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), NULL);
  gtk_widget_set_visible (self->picture, FALSE);
  if (path != NULL) {
    file = g_file_new_for_path (path);
    self->cancellable = g_cancellable_new ();
    g_file_read_async (file, G_PRIORITY_LOW, self->cancellable, opened_cb, g_object_ref (self));
  }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);
}

static void
set_description (ConsolePhoto *self, const char *description)
{
  if (!common_set_string (&self->description, description))
    return;

  gtk_picture_set_alternative_text (GTK_PICTURE (self->picture), description);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DESCRIPTION]);
}

static void
console_photo_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsolePhoto *self = CONSOLE_PHOTO (object);

  switch (property_id) {
  case PROP_PATH:
    g_value_set_string (value, self->path);
    break;
  case PROP_DESCRIPTION:
    g_value_set_string (value, self->description);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_photo_set_property (GObject *object, guint property_id, const GValue *value,
                            GParamSpec *pspec)
{
  ConsolePhoto *self = CONSOLE_PHOTO (object);

  switch (property_id) {
  case PROP_PATH:
    set_path (self, g_value_get_string (value));
    break;
  case PROP_DESCRIPTION:
    set_description (self, g_value_get_string (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_photo_dispose (GObject *object)
{
  forget (CONSOLE_PHOTO (object));

  G_OBJECT_CLASS (console_photo_parent_class)->dispose (object);
}

static void
console_photo_finalize (GObject *object)
{
  ConsolePhoto *self = CONSOLE_PHOTO (object);

  g_free (self->path);
  g_free (self->description);

  G_OBJECT_CLASS (console_photo_parent_class)->finalize (object);
}

static void
console_photo_class_init (ConsolePhotoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_photo_get_property;
  object_class->set_property = console_photo_set_property;
  object_class->dispose = console_photo_dispose;
  object_class->finalize = console_photo_finalize;

  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, rw);
  properties[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, rw);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
console_photo_init (ConsolePhoto *self)
{
  GtkWidget *clamp = adw_clamp_new ();

  self->picture = gtk_picture_new ();
  gtk_picture_set_content_fit (GTK_PICTURE (self->picture), GTK_CONTENT_FIT_COVER);
  gtk_widget_set_overflow (self->picture, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_size_request (self->picture, -1, SHOWN_HEIGHT);
  gtk_widget_set_visible (self->picture, FALSE);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (clamp), GTK_ORIENTATION_VERTICAL);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), SHOWN_HEIGHT);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), SHOWN_HEIGHT);
  adw_clamp_set_child (ADW_CLAMP (clamp), self->picture);
  adw_bin_set_child (ADW_BIN (self), clamp);
}
