/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-photo.h"

#include "console-error.h"
#include "console-window.h"
#include "posts-item.h"
#include "posts-photos.h"

#include <glib/gi18n.h>

#define SHOWN_HEIGHT 108
#define AVATAR_SIZE  28

/**
 * ConsolePhoto:
 *
 * The photo of a post, or its author's picture, fetched and read when it is first seen.
 *
 * What nobody has approved is blurred, and so is what is marked sensitive, until it is clicked. A photo
 * that cannot be shown says why; without an author's picture there is just nothing.
 */
struct _ConsolePhoto {
  AdwBin parent_instance;

  gboolean is_avatar;
  PostsItem *item;       /* nullable */
  PostsPicture *picture; /* nullable */
  gboolean revealed;
  GCancellable *cancellable; /* nullable: it is being loaded */
  GtkWidget *button;
  GtkWidget *image;
  GtkWidget *note; /* over a blurred photo, or instead of one */
};

G_DEFINE_FINAL_TYPE (ConsolePhoto, console_photo, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_ITEM,
  PROP_AVATAR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static PostsPost *
get_post (ConsolePhoto *self)
{
  return self->item != NULL ? posts_item_get_post (self->item) : NULL;
}

static gboolean
is_blurred (ConsolePhoto *self)
{
  const PostsState state = posts_item_get_state (self->item);
  const gboolean approved = state == POSTS_STATE_APPROVED || state == POSTS_STATE_ON_SCREEN;

  /* A face is seen before its post is approved, unless something speaks against it. */
  if (self->is_avatar)
    return state == POSTS_STATE_HELD || state == POSTS_STATE_HIDDEN;
  return !self->revealed && (!approved || posts_post_is_sensitive (get_post (self)));
}

static GdkTexture *
make_texture (PostsPicture *picture)
{
  const int width = posts_picture_get_width_px (picture);

  return gdk_memory_texture_new (width, posts_picture_get_height_px (picture), GDK_MEMORY_DEFAULT,
                                 posts_picture_get_pixels (picture), (gsize) width * 4);
}

static void
describe (ConsolePhoto *self, gboolean blurred)
{
  const char *description = posts_photos_get_description (get_post (self));
  const char *note =
    posts_post_is_sensitive (get_post (self)) ? _ ("Marked sensitive") : _ ("Not approved");

  gtk_widget_set_visible (self->note, blurred);
  gtk_label_set_label (GTK_LABEL (self->note), note);
  gtk_widget_set_tooltip_text (self->button, blurred ? _ ("Show this photo here") : description);
  gtk_picture_set_alternative_text (GTK_PICTURE (self->image), description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  blurred               ? _ ("Show this photo here")
                                  : description != NULL ? description
                                                        : _ ("Photo"),
                                  -1);
  gtk_widget_set_focusable (self->button, blurred);
  gtk_widget_set_can_target (self->button, blurred || description != NULL);
}

static void
update (ConsolePhoto *self)
{
  g_autoptr (PostsPicture) shown = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  if (self->picture == NULL || self->item == NULL)
    return;
  shown = is_blurred (self) ? posts_picture_new_blurred (self->picture)
                            : posts_picture_ref (self->picture);
  texture = make_texture (shown);
  gtk_picture_set_paintable (GTK_PICTURE (self->image), GDK_PAINTABLE (texture));
  gtk_widget_set_visible (self->image, TRUE);
  gtk_widget_set_visible (self->button, TRUE);
  if (!self->is_avatar)
    describe (self, is_blurred (self));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ConsolePhoto) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PostsPicture) picture =
    posts_photos_load_finish (POSTS_PHOTOS (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (picture != NULL) {
    self->picture = g_steal_pointer (&picture);
    update (self);
  } else if (!self->is_avatar) {
    g_autofree char *sentence = console_error_describe (error);

    gtk_label_set_label (GTK_LABEL (self->note), sentence);
    gtk_widget_set_visible (self->note, TRUE);
    gtk_widget_set_visible (self->button, TRUE);
    gtk_widget_set_can_target (self->button, FALSE);
    gtk_widget_set_focusable (self->button, FALSE);
  }
}

static void
forget (ConsolePhoto *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->picture, posts_picture_unref);
}

/* Only what is seen is fetched. */
static void
load (ConsolePhoto *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  const PostsPhotoUse use = self->is_avatar ? POSTS_PHOTO_USE_AVATAR : POSTS_PHOTO_USE_ROW;
  ShowSession *session =
    CONSOLE_IS_WINDOW (root) ? console_window_get_session (CONSOLE_WINDOW (root)) : NULL;

  if (session == NULL || self->item == NULL || self->picture != NULL || self->cancellable != NULL ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)) || !posts_photos_has (get_post (self), use))
    return;
  self->cancellable = g_cancellable_new ();
  posts_photos_load_async (show_session_get_photos (session), get_post (self), use,
                           self->cancellable, loaded_cb, g_object_ref (self));
}

static void
post_changed (ConsolePhoto *self)
{
  forget (self);
  self->revealed = FALSE;
  gtk_picture_set_paintable (GTK_PICTURE (self->image), NULL);
  gtk_widget_set_visible (self->image, FALSE);
  gtk_widget_set_visible (self->note, FALSE);
  gtk_widget_set_visible (self->button, FALSE);
  load (self);
}

static void
set_item (ConsolePhoto *self, PostsItem *item)
{
  if (self->item == item)
    return;

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_set_object (&self->item, item);
  if (item != NULL) {
    g_signal_connect_object (item, "notify::post", G_CALLBACK (post_changed), self,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (item, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  }
  post_changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

static void
clicked_cb (ConsolePhoto *self)
{
  self->revealed = TRUE;
  update (self);
}

static void
console_photo_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (console_photo_parent_class)->map (widget);
  load (CONSOLE_PHOTO (widget));
}

static void
console_photo_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsolePhoto *self = CONSOLE_PHOTO (object);

  switch (property_id) {
  case PROP_ITEM:
    g_value_set_object (value, self->item);
    break;
  case PROP_AVATAR:
    g_value_set_boolean (value, self->is_avatar);
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
  case PROP_ITEM:
    set_item (self, g_value_get_object (value));
    break;
  case PROP_AVATAR:
    self->is_avatar = g_value_get_boolean (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
build_avatar (ConsolePhoto *self)
{
  gtk_widget_add_css_class (self->image, "avatar-picture");
  gtk_widget_set_size_request (self->image, AVATAR_SIZE, AVATAR_SIZE);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_button_set_child (GTK_BUTTON (self->button), NULL);
  adw_bin_set_child (ADW_BIN (self), self->image);
}

static void
build_photo (ConsolePhoto *self)
{
  GtkWidget *overlay = gtk_overlay_new ();
  GtkWidget *clamp = adw_clamp_new ();

  gtk_widget_set_size_request (self->image, -1, SHOWN_HEIGHT);
  gtk_label_set_wrap (GTK_LABEL (self->note), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->note), 36);
  gtk_widget_set_halign (self->note, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->note, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->note, "post-photo-note");
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->image);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->note);
  gtk_overlay_set_measure_overlay (GTK_OVERLAY (overlay), self->note, TRUE);
  gtk_button_set_child (GTK_BUTTON (self->button), overlay);
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_add_css_class (self->button, "post-photo-button");
  gtk_widget_set_focus_on_click (self->button, FALSE);
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (clicked_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (clamp), GTK_ORIENTATION_VERTICAL);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), SHOWN_HEIGHT);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), SHOWN_HEIGHT);
  adw_clamp_set_child (ADW_CLAMP (clamp), self->button);
  adw_bin_set_child (ADW_BIN (self), clamp);
}

static void
console_photo_constructed (GObject *object)
{
  ConsolePhoto *self = CONSOLE_PHOTO (object);

  G_OBJECT_CLASS (console_photo_parent_class)->constructed (object);
  if (self->is_avatar)
    build_avatar (self);
  else
    build_photo (self);
}

static void
console_photo_dispose (GObject *object)
{
  ConsolePhoto *self = CONSOLE_PHOTO (object);

  forget (self);
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  g_clear_object (&self->button);
  g_clear_object (&self->image);
  g_clear_object (&self->note);

  G_OBJECT_CLASS (console_photo_parent_class)->dispose (object);
}

static void
console_photo_class_init (ConsolePhotoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_photo_get_property;
  object_class->set_property = console_photo_set_property;
  object_class->constructed = console_photo_constructed;
  object_class->dispose = console_photo_dispose;
  GTK_WIDGET_CLASS (klass)->map = console_photo_map;

  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, POSTS_TYPE_ITEM, rw);
  properties[PROP_AVATAR] =
    g_param_spec_boolean ("avatar", NULL, NULL, FALSE, rw | G_PARAM_CONSTRUCT_ONLY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
console_photo_init (ConsolePhoto *self)
{
  self->button = g_object_ref_sink (gtk_button_new ());
  self->image = g_object_ref_sink (gtk_picture_new ());
  self->note = g_object_ref_sink (gtk_label_new (NULL));
  gtk_picture_set_content_fit (GTK_PICTURE (self->image), GTK_CONTENT_FIT_COVER);
  gtk_widget_set_overflow (self->image, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_visible (self->image, FALSE);
  gtk_widget_set_visible (self->note, FALSE);
  gtk_widget_set_visible (self->button, FALSE);
}
