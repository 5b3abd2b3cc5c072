/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-qr.h"

#include <math.h>
#include <qrencode.h>

/* Small enough for a link, and big enough for a telephone held over a screen. */
#define NATURAL_MODULE_PX 6

/**
 * ConsoleQr:
 *
 * A text as a QR code, for a telephone's camera. It is drawn in black on white whatever the theme
 * is, in whole pixels, with the quiet zone that the standard asks for.
 */
struct _ConsoleQr {
  GObject parent_instance;

  QRcode *code; /* nullable: the text is too long for one */
};

static GdkPaintableFlags
get_flags (GdkPaintable *paintable)
{
  return GDK_PAINTABLE_STATIC_CONTENTS | GDK_PAINTABLE_STATIC_SIZE;
}

static guint
get_n_all_modules (ConsoleQr *self)
{
  return console_qr_get_n_modules (self) + 2 * CONSOLE_QR_QUIET_ZONE;
}

static int
get_intrinsic_size (GdkPaintable *paintable)
{
  return (int) get_n_all_modules (CONSOLE_QR (paintable)) * NATURAL_MODULE_PX;
}

static double
get_intrinsic_aspect_ratio (GdkPaintable *paintable)
{
  return 1.0;
}

/* Dark modules side by side are one rectangle, so that no seam shows between them. */
static void
draw_row (ConsoleQr *self, GtkSnapshot *snapshot, guint row, float left, float top, float module)
{
  static const GdkRGBA black = { 0, 0, 0, 1 };
  const guint n_modules = console_qr_get_n_modules (self);

  for (guint column = 0; column < n_modules; column++) {
    const guint start = column;
    graphene_rect_t bar;

    while (column < n_modules && console_qr_is_dark (self, column, row))
      column++;
    if (column == start)
      continue;
    graphene_rect_init (&bar, left + (float) start * module, top + (float) row * module,
                        (float) (column - start) * module, module);
    gtk_snapshot_append_color (snapshot, &black, &bar);
  }
}

static void
draw (GdkPaintable *paintable, GdkSnapshot *snapshot, double width, double height)
{
  static const GdkRGBA white = { 1, 1, 1, 1 };
  ConsoleQr *self = CONSOLE_QR (paintable);
  const guint n_modules = console_qr_get_n_modules (self);
  const double side = MIN (width, height);
  const double exact = side / get_n_all_modules (self);
  const double module = exact >= 1 ? floor (exact) : exact;
  const double left = floor ((width - module * n_modules) / 2);
  const double top = floor ((height - module * n_modules) / 2);
  graphene_rect_t all;

  graphene_rect_init (&all, (float) ((width - side) / 2), (float) ((height - side) / 2),
                      (float) side, (float) side);
  gtk_snapshot_append_color (snapshot, &white, &all);
  for (guint row = 0; row < n_modules; row++)
    draw_row (self, snapshot, row, (float) left, (float) top, (float) module);
}

static void
paintable_init (GdkPaintableInterface *interface)
{
  interface->get_flags = get_flags;
  interface->get_intrinsic_width = get_intrinsic_size;
  interface->get_intrinsic_height = get_intrinsic_size;
  interface->get_intrinsic_aspect_ratio = get_intrinsic_aspect_ratio;
  interface->snapshot = draw;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConsoleQr, console_qr, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE, paintable_init))

static void
console_qr_finalize (GObject *object)
{
  g_clear_pointer (&CONSOLE_QR (object)->code, QRcode_free);

  G_OBJECT_CLASS (console_qr_parent_class)->finalize (object);
}

static void
console_qr_class_init (ConsoleQrClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = console_qr_finalize;
}

static void
console_qr_init (ConsoleQr *self)
{
}

/**
 * console_qr_new:
 * @text: what the code says, such as a link
 *
 * Returns: (transfer full): the code; it has no modules when @text is empty or too long for one
 */
ConsoleQr *
console_qr_new (const char *text)
{
  ConsoleQr *self = g_object_new (CONSOLE_TYPE_QR, NULL);

  if (*text != '\0')
    self->code = QRcode_encodeString (text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
  return self;
}

/**
 * console_qr_get_n_modules:
 * @self: a code
 *
 * Returns: how many modules each side has, without the quiet zone; 0 when there is no code
 */
guint
console_qr_get_n_modules (ConsoleQr *self)
{
  g_return_val_if_fail (CONSOLE_IS_QR (self), 0);

  return self->code != NULL ? (guint) self->code->width : 0;
}

gboolean
console_qr_is_dark (ConsoleQr *self, guint column, guint row)
{
  const guint n_modules = console_qr_get_n_modules (self);

  g_return_val_if_fail (column < n_modules && row < n_modules, FALSE);

  /* The lowest bit is the colour, the others say what the module is for. */
  return (self->code->data[row * n_modules + column] & 1) != 0;
}
