/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-drawing.h"
#include "show-graphics.h"

/* Shadows may touch, in pixels of a program of 1080 lines. */
#define SHADOW 26.0

/* What is or may be at one place of the program. */
typedef struct {
  guint wish;         /* counted: an older drawing that comes late is thrown away */
  guint content;      /* counted with what it says */
  guint drawn;        /* the content of what is on screen */
  EngineArt *art;     /* nullable: what is on screen */
  gint64 cost;        /* of where it is, when it was placed */
  ShowDrawing *shown; /* nullable: what is to be on screen, without a plan */
  guint expire_id;
  guint draft_wish;
  ShowDrawing *draft; /* nullable: what the next preview is to show */
} Place;

/**
 * ShowGraphics:
 *
 * What is laid over the program's picture: lower third, post, clock, live mark, countdown. It is
 * drawn in another thread, and what was asked for last is what counts. When the shot changes, what
 * would hide somebody moves.
 */
struct _ShowGraphics {
  GObject parent_instance;

  EngineProgram *program;
  EventFile *event;
  GListModel *sources;
  ShowDrawer *drawer;
  EngineNameStyle style;
  EngineScene *on_air; /* nullable */
  EngineScene *next;   /* nullable */
  EngineRect marks;    /* all of them; 0 × 0 without */
  Place places[ENGINE_N_GRAPHICS];
};

G_DEFINE_FINAL_TYPE (ShowGraphics, show_graphics, G_TYPE_OBJECT)

enum {
  SIGNAL_FAILED,
  SIGNAL_DRAFT_FAILED,
  SIGNAL_EXPIRED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* From left to right. */
static const EngineGraphic marks[] = { ENGINE_GRAPHIC_LIVE_MARK, ENGINE_GRAPHIC_CLOCK,
                                       ENGINE_GRAPHIC_COUNTDOWN };

static gboolean
is_mark (EngineGraphic graphic)
{
  return graphic != ENGINE_GRAPHIC_POST && graphic != ENGINE_GRAPHIC_LOWER_THIRD;
}

/* Not people: all of such a picture is to be seen. */
static gboolean
shows_slides (EventFile *event, const char *id)
{
  GPtrArray *sources = event_file_get_sources (event);

  for (guint i = 0; i < sources->len; i++) {
    const EventSource *source = sources->pdata[i];

    if (!g_str_equal (source->id, id))
      continue;
    switch (source->kind) {
    case EVENT_SOURCE_CAMERA:
    case EVENT_SOURCE_URI:
    case EVENT_SOURCE_WHIP:
    case EVENT_SOURCE_WHEP:
      return FALSE;
    case EVENT_SOURCE_GUEST:
      return source->screen_of != NULL;
    case EVENT_SOURCE_DRAWN:
      return source->drawing == EVENT_DRAWING_SLIDES;
    case EVENT_SOURCE_STILL:
    case EVENT_SOURCE_SLIDES:
    case EVENT_SOURCE_SCREEN:
    case EVENT_SOURCE_FILM:
    case EVENT_SOURCE_CARD:
      return TRUE;
    }
  }
  return FALSE;
}

/* What is drawn without its shadow. */
static EngineRect
get_solid (ShowGraphics *self, EngineRect place)
{
  const EngineFormat *format = engine_program_get_format (self->program);
  const int shadow = (int) (SHADOW * MIN (format->height_px, format->width_px * 0.75) / 1080.0);

  return (EngineRect){ place.x + shadow, place.y + shadow, place.width - 2 * shadow,
                       place.height - 2 * shadow };
}

/* What a graphic has to make room for: the pictures, and the graphics that were there before. */
static void
make_plan (ShowGraphics *self, EngineScene *scene, EngineGraphic graphic, EngineRoomPlan *plan)
{
  const EngineArt *name = self->places[ENGINE_GRAPHIC_LOWER_THIRD].art;
  g_autoptr (GPtrArray) slides = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (self->sources); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (self->sources, i);

    if (shows_slides (self->event, engine_source_get_id (source)))
      g_ptr_array_add (slides, g_steal_pointer (&source));
  }
  engine_program_plan_room (self->program, scene, (EngineSource **) slides->pdata, slides->len,
                            plan);
  if (is_mark (graphic))
    return;
  if (self->marks.width > 0)
    plan->graphics[plan->n_graphics++] = self->marks;
  if (graphic == ENGINE_GRAPHIC_POST && name != NULL)
    plan->graphics[plan->n_graphics++] = get_solid (self, name->place);
}

static void drawn_cb (GObject *object, GAsyncResult *result, gpointer user_data);

/* Draws what a place is to show, as the event looks now. */
static void
start (ShowGraphics *self, const ShowDrawing *what, gboolean draft)
{
  const EventGraphics *look = event_file_get_graphics (self->event);
  Place *place = &self->places[what->graphic];
  ShowDrawing *drawing = show_drawing_new (what->graphic);

  drawing->draft = draft;
  drawing->wish = draft ? ++place->draft_wish : ++place->wish;
  drawing->content = place->content;
  drawing->title = g_strdup (what->title);
  drawing->subtitle = g_strdup (what->subtitle);
  drawing->text = g_strdup (what->text);
  drawing->network = g_strdup (what->network);
  show_drawing_copy_pictures (drawing, what);
  drawing->colour = g_strdup (look->colour);
  drawing->font = g_strdup (look->font);
  drawing->style = self->style;
  make_plan (self, draft ? self->next : self->on_air, what->graphic, &drawing->plan);
  show_drawer_draw_async (self->drawer, drawing, self, drawn_cb);
}

static void
put_on_screen (ShowGraphics *self, EngineGraphic graphic)
{
  engine_program_set_graphic (self->program, graphic, self->places[graphic].art);
}

/* Puts all marks side by side; those that did not move stay as they are. */
static void
place_marks (ShowGraphics *self)
{
  EngineSize sizes[G_N_ELEMENTS (marks)] = { { 0 } };
  EngineRect rects[G_N_ELEMENTS (marks)] = { { 0 } };
  EngineRoomPlan plan;

  make_plan (self, self->on_air, ENGINE_GRAPHIC_CLOCK, &plan);
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
    const EngineArt *art = self->places[marks[i]].art;

    if (art != NULL)
      sizes[i] = (EngineSize){ art->place.width, art->place.height };
  }
  engine_room_place_marks (&plan, sizes, G_N_ELEMENTS (marks), rects);

  self->marks = (EngineRect){ 0 };
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
    EngineArt *art = self->places[marks[i]].art;

    if (art == NULL)
      continue;
    if (self->marks.width == 0)
      self->marks = rects[i];
    self->marks.width = rects[i].x + rects[i].width - self->marks.x;
    if (art->place.x == rects[i].x && art->place.y == rects[i].y)
      continue;
    art->place = rects[i];
    put_on_screen (self, marks[i]);
  }
}

/* Draws again what would hide more where it is than it did when it was placed. */
static void
make_room (ShowGraphics *self, EngineGraphic graphic)
{
  const Place *place = &self->places[graphic];
  EngineRoomPlan plan;

  if (place->art == NULL || place->shown == NULL)
    return;
  make_plan (self, self->on_air, graphic, &plan);
  /* A band has a place for each shot; what does not move is not shown anew. */
  if (graphic == ENGINE_GRAPHIC_LOWER_THIRD ||
      engine_room_get_cost (&plan, get_solid (self, place->art->place)) > place->cost)
    start (self, place->shown, FALSE);
}

static gboolean
expire_cb (gpointer data)
{
  ShowGraphics *self = data;

  for (guint i = 0; i < ENGINE_N_GRAPHICS; i++) {
    if (self->places[i].expire_id != g_source_get_id (g_main_current_source ()))
      continue;
    self->places[i].expire_id = 0;
    g_signal_emit (self, signals[SIGNAL_EXPIRED], 0, i);
    break;
  }
  return G_SOURCE_REMOVE;
}

/* It goes by itself when the event says so. */
static void
let_expire (ShowGraphics *self, EngineGraphic graphic)
{
  const EventGraphics *look = event_file_get_graphics (self->event);
  const ShowDrawing *shown = self->places[graphic].shown;
  const int seconds = graphic == ENGINE_GRAPHIC_POST
                        ? show_drawing_get_reading_s (shown, look->post_s)
                      : graphic == ENGINE_GRAPHIC_LOWER_THIRD ? look->name_s
                                                              : 0;
  Place *place = &self->places[graphic];

  g_clear_handle_id (&place->expire_id, g_source_remove);
  if (seconds > 0)
    place->expire_id = g_timeout_add_seconds ((guint) seconds, expire_cb, self);
}

/* Takes @art. */
static void
show_drawn (ShowGraphics *self, const ShowDrawing *drawing, EngineArt *art)
{
  Place *place = &self->places[drawing->graphic];
  const gboolean is_new = place->art == NULL || place->drawn != drawing->content;
  const gboolean moved = is_new || memcmp (&place->art->place, &art->place, sizeof art->place) != 0;

  place->drawn = drawing->content;
  if (is_mark (drawing->graphic)) {
    /* It has no place yet, so that it is put on screen when it gets one. */
    art->place.x = art->place.y = -1;
    g_clear_pointer (&place->art, engine_art_free);
    place->art = art;
    place_marks (self);
    make_room (self, ENGINE_GRAPHIC_POST);
    return;
  }
  g_clear_pointer (&place->art, engine_art_free);
  place->art = art;
  place->cost = engine_room_get_cost (&drawing->plan, get_solid (self, art->place));
  if (moved)
    put_on_screen (self, drawing->graphic);
  if (is_new)
    let_expire (self, drawing->graphic);
  if (moved && drawing->graphic == ENGINE_GRAPHIC_LOWER_THIRD)
    make_room (self, ENGINE_GRAPHIC_POST);
}

static void
clear_place (ShowGraphics *self, EngineGraphic graphic)
{
  Place *place = &self->places[graphic];

  place->wish++;
  g_clear_handle_id (&place->expire_id, g_source_remove);
  g_clear_pointer (&place->art, engine_art_free);
  g_clear_pointer (&place->shown, show_drawing_free);
  engine_program_set_graphic (self->program, graphic, NULL);
}

static void
drawn_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  ShowGraphics *self = SHOW_GRAPHICS (object);
  const ShowDrawing *drawing = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (EngineArt) art = show_drawer_draw_finish (result, &drawing, &error);
  Place *place = &self->places[drawing->graphic];

  if (drawing->wish != (drawing->draft ? place->draft_wish : place->wish))
    return;
  if (drawing->draft) {
    engine_program_set_draft (self->program, drawing->graphic, art);
    if (art == NULL)
      g_signal_emit (self, signals[SIGNAL_DRAFT_FAILED], 0, error);
  } else if (art != NULL) {
    show_drawn (self, drawing, g_steal_pointer (&art));
  } else {
    const guint graphic = drawing->graphic;

    clear_place (self, drawing->graphic);
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, graphic, error);
  }
}

static void
show_graphics_dispose (GObject *object)
{
  ShowGraphics *self = SHOW_GRAPHICS (object);

  for (guint i = 0; i < ENGINE_N_GRAPHICS; i++) {
    g_clear_handle_id (&self->places[i].expire_id, g_source_remove);
    g_clear_pointer (&self->places[i].art, engine_art_free);
    g_clear_pointer (&self->places[i].shown, show_drawing_free);
    g_clear_pointer (&self->places[i].draft, show_drawing_free);
  }
  g_clear_pointer (&self->drawer, show_drawer_free);
  g_clear_pointer (&self->on_air, engine_scene_unref);
  g_clear_pointer (&self->next, engine_scene_unref);
  g_clear_object (&self->program);
  g_clear_object (&self->event);
  g_clear_object (&self->sources);
  G_OBJECT_CLASS (show_graphics_parent_class)->dispose (object);
}

static void
show_graphics_class_init (ShowGraphicsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = show_graphics_dispose;
  signals[SIGNAL_FAILED] = g_signal_new ("failed", SHOW_TYPE_GRAPHICS, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_ERROR);
  signals[SIGNAL_DRAFT_FAILED] =
    g_signal_new ("draft-failed", SHOW_TYPE_GRAPHICS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_EXPIRED] = g_signal_new ("expired", SHOW_TYPE_GRAPHICS, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
show_graphics_init (ShowGraphics *self)
{
  self->drawer = show_drawer_new ();
}

static EngineNameStyle
to_name_style (EventStyle style)
{
  switch (style) {
  case EVENT_STYLE_PLATE:
    return ENGINE_NAME_STYLE_PLATE;
  case EVENT_STYLE_BAND:
    return ENGINE_NAME_STYLE_BAND;
  case EVENT_STYLE_LINE:
    return ENGINE_NAME_STYLE_LINE;
  }
  g_return_val_if_reached (ENGINE_NAME_STYLE_PLATE);
}

/**
 * show_graphics_new:
 * @program: what they are laid over
 * @event: whose colour, font and style they have
 * @sources: (element-type EngineSource): the program's sources
 *
 * Returns: (transfer full): the graphics of a show
 */
ShowGraphics *
show_graphics_new (EngineProgram *program, EventFile *event, GListModel *sources)
{
  ShowGraphics *self = g_object_new (SHOW_TYPE_GRAPHICS, NULL);

  self->program = g_object_ref (program);
  self->event = g_object_ref (event);
  self->sources = g_object_ref (sources);
  self->style = to_name_style (event_file_get_graphics (event)->style);
  return self;
}

/**
 * show_graphics_to_corner:
 * @corner: as the event file says it
 *
 * Returns: as the engine says it
 */
EngineCorner
show_graphics_to_corner (EventCorner corner)
{
  switch (corner) {
  case EVENT_CORNER_TOP_LEFT:
    return ENGINE_CORNER_TOP_LEFT;
  case EVENT_CORNER_TOP_RIGHT:
    return ENGINE_CORNER_TOP_RIGHT;
  case EVENT_CORNER_BOTTOM_LEFT:
    return ENGINE_CORNER_BOTTOM_LEFT;
  case EVENT_CORNER_BOTTOM_RIGHT:
    return ENGINE_CORNER_BOTTOM_RIGHT;
  }
  g_return_val_if_reached (ENGINE_CORNER_TOP_RIGHT);
}

/**
 * show_graphics_look_again:
 * @self: graphics
 *
 * The pictures of the shot on air may be elsewhere now: what would hide somebody moves.
 */
void
show_graphics_look_again (ShowGraphics *self)
{
  if (self->program == NULL)
    return;
  place_marks (self);
  make_room (self, ENGINE_GRAPHIC_LOWER_THIRD);
  make_room (self, ENGINE_GRAPHIC_POST);
}

/**
 * show_graphics_set_scenes:
 * @self: graphics
 * @on_air: (nullable): what is seen
 * @next: (nullable): what comes next: drafts are drawn for it
 *
 * What would hide somebody now moves.
 */
void
show_graphics_set_scenes (ShowGraphics *self, EngineScene *on_air, EngineScene *next)
{
  const gboolean same_next = self->next == next;

  if (on_air != self->on_air) {
    g_clear_pointer (&self->on_air, engine_scene_unref);
    self->on_air = on_air != NULL ? engine_scene_ref (on_air) : NULL;
    show_graphics_look_again (self);
  }
  g_clear_pointer (&self->next, engine_scene_unref);
  self->next = next != NULL ? engine_scene_ref (next) : NULL;
  for (guint i = 0; i < ENGINE_N_GRAPHICS && !same_next; i++) {
    if (self->places[i].draft != NULL)
      start (self, self->places[i].draft, TRUE);
  }
}

/* Takes @drawing. */
static void
show_new (ShowGraphics *self, ShowDrawing *drawing)
{
  Place *place = &self->places[drawing->graphic];

  g_clear_pointer (&place->shown, show_drawing_free);
  place->shown = drawing;
  place->content++;
  start (self, drawing, FALSE);
}

/* Takes @drawing, nullable. */
static void
draft_new (ShowGraphics *self, EngineGraphic graphic, ShowDrawing *drawing)
{
  Place *place = &self->places[graphic];

  g_clear_pointer (&place->draft, show_drawing_free);
  place->draft = drawing;
  place->draft_wish++;
  if (drawing != NULL)
    start (self, drawing, TRUE);
  else
    engine_program_set_draft (self->program, graphic, NULL);
}

/**
 * show_graphics_show_talk:
 * @self: graphics
 * @talk: whose speakers, and what about
 *
 * Shows a lower third, for as long as the event says.
 */
void
show_graphics_show_talk (ShowGraphics *self, ShowTalk *talk)
{
  draft_new (self, ENGINE_GRAPHIC_LOWER_THIRD, NULL);
  show_new (self, show_drawing_new_for_talk (talk));
}

void
show_graphics_hide_talk (ShowGraphics *self)
{
  clear_place (self, ENGINE_GRAPHIC_LOWER_THIRD);
}

/**
 * show_graphics_show_post:
 * @self: graphics
 * @post: what was written
 * @avatar: (nullable): by whom
 * @photo: (nullable): with which photo
 *
 * Shows a post's card, for as long as the event says, and longer if it takes longer to read.
 */
void
show_graphics_show_post (ShowGraphics *self, PostsPost *post, PostsPicture *avatar,
                         PostsPicture *photo)
{
  draft_new (self, ENGINE_GRAPHIC_POST, NULL);
  show_new (self, show_drawing_new_for_post (post, avatar, photo));
}

void
show_graphics_hide_post (ShowGraphics *self)
{
  clear_place (self, ENGINE_GRAPHIC_POST);
}

/**
 * show_graphics_draft_talk:
 * @self: graphics
 * @talk: (nullable): what the preview of the next shot shows as a lower third, or `NULL` for what is
 *   on air
 */
void
show_graphics_draft_talk (ShowGraphics *self, ShowTalk *talk)
{
  draft_new (self, ENGINE_GRAPHIC_LOWER_THIRD,
             talk != NULL ? show_drawing_new_for_talk (talk) : NULL);
}

/**
 * show_graphics_draft_post:
 * @self: graphics
 * @post: (nullable): the same for a post
 * @avatar: (nullable): by whom
 * @photo: (nullable): with which photo
 */
void
show_graphics_draft_post (ShowGraphics *self, PostsPost *post, PostsPicture *avatar,
                          PostsPicture *photo)
{
  draft_new (self, ENGINE_GRAPHIC_POST,
             post != NULL ? show_drawing_new_for_post (post, avatar, photo) : NULL);
}

/**
 * show_graphics_set_mark:
 * @self: graphics
 * @mark: clock, live mark or countdown
 * @text: (nullable): what it says from now on, or `NULL` to take it off
 */
void
show_graphics_set_mark (ShowGraphics *self, EngineGraphic mark, const char *text)
{
  ShowDrawing *drawing = NULL;

  g_return_if_fail (is_mark (mark));

  if (text == NULL) {
    if (self->places[mark].shown == NULL)
      return;
    clear_place (self, mark);
    place_marks (self);
    return;
  }
  drawing = show_drawing_new (mark);
  drawing->text = g_strdup (text);
  show_new (self, drawing);
}

/**
 * show_graphics_set_name_style:
 * @self: graphics
 * @style: how names look from now on, one that is on screen as well
 */
void
show_graphics_set_name_style (ShowGraphics *self, EngineNameStyle style)
{
  Place *place = &self->places[ENGINE_GRAPHIC_LOWER_THIRD];

  if (self->style == style)
    return;
  self->style = style;
  if (place->draft != NULL)
    start (self, place->draft, TRUE);
  if (place->shown == NULL)
    return;
  place->content++;
  start (self, place->shown, FALSE);
}

EngineNameStyle
show_graphics_get_name_style (ShowGraphics *self)
{
  return self->style;
}
