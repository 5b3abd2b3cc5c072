/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <poppler.h>

#include "engine-art-private.h"
#include "engine-deck.h"
#include "engine-overlay.h"

/* More pictures than this in a folder are somebody's holidays. */
#define MAX_PICTURES 2000

struct _EngineDeck {
  gatomicrefcount ref_count;
  PopplerDocument *document; /* nullable: pictures */
  GPtrArray *pictures;       /* nullable: of paths, as people sort them */
  guint n_pages;
};

EngineDeck *
engine_deck_ref (EngineDeck *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
engine_deck_unref (EngineDeck *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_object (&self->document);
  g_clear_pointer (&self->pictures, g_ptr_array_unref);
  g_free (self);
}

static void
set_pdf_error (const char *path, const GError *cause, GError **error)
{
  if (g_error_matches (cause, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                 "“%s” is protected by a password: save a copy of it without one", path);
  else if (g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
           g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "“%s” is not there", path);
  else
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, "“%s” cannot be read as a PDF: %s",
                 path, cause->message);
}

static gboolean
open_pdf (EngineDeck *self, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) cause = NULL;
  int n_pages = 0;

  self->document = poppler_document_new_from_gfile (file, NULL, NULL, &cause);
  if (self->document == NULL) {
    set_pdf_error (path, cause, error);
    return FALSE;
  }
  n_pages = poppler_document_get_n_pages (self->document);
  self->n_pages = (guint) MAX (n_pages, 0);
  if (self->n_pages > 0)
    return TRUE;
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, "“%s” has no pages", path);
  return FALSE;
}

static gboolean
is_picture (const char *name)
{
  static const char *const endings[] = { ".png", ".jpg", ".jpeg", ".svg" };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    if (name[0] != '.' && g_str_has_suffix (lower, endings[i]))
      return TRUE;
  }
  return FALSE;
}

/* “2.png” comes before “10.png”. */
static int
compare_names (gconstpointer a, gconstpointer b)
{
  g_autofree char *name_a = g_filename_display_name (*(const char *const *) a);
  g_autofree char *name_b = g_filename_display_name (*(const char *const *) b);
  g_autofree char *key_a = g_utf8_collate_key_for_filename (name_a, -1);
  g_autofree char *key_b = g_utf8_collate_key_for_filename (name_b, -1);
  const int order = strcmp (key_a, key_b);

  return order != 0 ? order : strcmp (name_a, name_b);
}

static gboolean
open_folder (EngineDeck *self, const char *path, GError **error)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  if (folder == NULL) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "the folder “%s” cannot be read",
                 path);
    return FALSE;
  }
  self->pictures = g_ptr_array_new_with_free_func (g_free);
  while ((name = g_dir_read_name (folder)) != NULL && self->pictures->len < MAX_PICTURES) {
    if (is_picture (name))
      g_ptr_array_add (self->pictures, g_build_filename (path, name, NULL));
  }
  g_ptr_array_sort (self->pictures, compare_names);
  self->n_pages = self->pictures->len;
  if (self->n_pages > 0)
    return TRUE;
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
               "the folder “%s” has no PNG, JPEG or SVG pictures", path);
  return FALSE;
}

static gboolean
is_pdf (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  return g_str_has_suffix (lower, ".pdf");
}

/**
 * engine_deck_open:
 * @path: a PDF, a folder of pictures, or a picture
 *
 * Fails with %ENGINE_ERROR_NOT_FOUND or %ENGINE_ERROR_UNSUPPORTED.
 *
 * Returns: (transfer full) (nullable): a deck of at least one page, or `NULL` on error
 */
EngineDeck *
engine_deck_open (const char *path, GError **error)
{
  g_autoptr (EngineDeck) self = g_new0 (EngineDeck, 1);
  gboolean opened = TRUE;

  g_atomic_ref_count_init (&self->ref_count);
  if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
    opened = open_folder (self, path, error);
  } else if (is_pdf (path)) {
    opened = open_pdf (self, path, error);
  } else {
    self->pictures = g_ptr_array_new_with_free_func (g_free);
    g_ptr_array_add (self->pictures, g_strdup (path));
    self->n_pages = 1;
  }
  return opened ? g_steal_pointer (&self) : NULL;
}

guint
engine_deck_get_n_pages (const EngineDeck *self)
{
  return self->n_pages;
}

/* An empty surface of even size. */
static cairo_surface_t *
make_surface (double width, double height, EngineSize limit, double grey)
{
  const int even_width = CLAMP ((int) width, 2, limit.width_px) & ~1;
  const int even_height = CLAMP ((int) height, 2, limit.height_px) & ~1;
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, even_width, even_height);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, grey, grey, grey);
  cairo_paint (cr);
  cairo_destroy (cr);
  return surface;
}

static cairo_surface_t *
draw_pdf_page (EngineDeck *self, guint page, EngineSize limit, GError **error)
{
  PopplerPage *sheet = poppler_document_get_page (self->document, (int) page - 1);
  double width = 0, height = 0, scale = 0;
  cairo_surface_t *surface = NULL;
  cairo_status_t status = CAIRO_STATUS_SUCCESS;
  cairo_t *cr = NULL;

  if (sheet != NULL)
    poppler_page_get_size (sheet, &width, &height);
  if (!isfinite (width) || !isfinite (height) || width <= 0 || height <= 0) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, "page %u cannot be read", page);
    g_clear_object (&sheet);
    return NULL;
  }
  scale = MIN (limit.width_px / width, limit.height_px / height);
  surface = make_surface (round (width * scale), round (height * scale), limit, 1);
  cr = cairo_create (surface);
  cairo_scale (cr, cairo_image_surface_get_width (surface) / width,
               cairo_image_surface_get_height (surface) / height);
  poppler_page_render (sheet, cr);
  g_object_unref (sheet);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS)
    return surface;
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, "page %u cannot be drawn: %s", page,
               cairo_status_to_string (status));
  cairo_surface_destroy (surface);
  return NULL;
}

static cairo_surface_t *
draw_picture (EngineDeck *self, guint page, EngineSize limit, GError **error)
{
  cairo_surface_t *surface = NULL;
  cairo_surface_t *picture =
    _engine_art_load_picture (self->pictures->pdata[page - 1], limit.width_px, limit.height_px,
                              FALSE, error);
  cairo_t *cr = NULL;

  if (picture == NULL)
    return NULL;
  surface = make_surface (cairo_image_surface_get_width (picture),
                          cairo_image_surface_get_height (picture), limit, 0);
  cr = cairo_create (surface);
  cairo_set_source_surface (cr, picture, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (picture);
  return surface;
}

/**
 * engine_deck_draw:
 * @self: a deck
 * @page: from 1
 * @limit: what it is scaled to fit into
 *
 * Fails with an `ENGINE_ERROR`, and then for this page only.
 *
 * Returns: (transfer full) (nullable): the page, of even size, or `NULL` on error
 */
EnginePicture *
engine_deck_draw (EngineDeck *self, guint page, EngineSize limit, GError **error)
{
  cairo_surface_t *surface = NULL;
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = NULL;

  g_return_val_if_fail (page >= 1 && page <= self->n_pages, NULL);

  surface = self->document != NULL ? draw_pdf_page (self, page, limit, error)
                                   : draw_picture (self, page, limit, error);
  if (surface == NULL)
    return NULL;
  buffer = engine_overlay_surface_to_i420 (surface, &info);
  cairo_surface_destroy (surface);
  return engine_picture_new (buffer, &info, 0);
}
