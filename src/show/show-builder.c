/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-replay.h"
#include "show-builder.h"
#include "show-graphics.h"
#include "show-shot-private.h"
#include "show-talk-private.h"
#include "show-texts.h"

static EngineSourceKind
to_source_kind (EventSourceKind kind)
{
  switch (kind) {
  case EVENT_SOURCE_CAMERA:
    return ENGINE_SOURCE_CAMERA;
  case EVENT_SOURCE_URI:
    return ENGINE_SOURCE_URI;
  case EVENT_SOURCE_STILL:
    return ENGINE_SOURCE_STILL;
  case EVENT_SOURCE_DRAWN:
    return ENGINE_SOURCE_DRAWN;
  case EVENT_SOURCE_SLIDES:
    return ENGINE_SOURCE_SLIDES;
  case EVENT_SOURCE_SCREEN:
    return ENGINE_SOURCE_SCREEN;
  case EVENT_SOURCE_FILM:
    return ENGINE_SOURCE_FILM;
  case EVENT_SOURCE_CARD:
    return ENGINE_SOURCE_CARD;
  }
  g_return_val_if_reached (ENGINE_SOURCE_DRAWN);
}

static EngineDrawingKind
to_drawing (EventDrawing drawing)
{
  switch (drawing) {
  case EVENT_DRAWING_SPEAKER:
    return ENGINE_DRAWING_SPEAKER;
  case EVENT_DRAWING_SLIDES:
    return ENGINE_DRAWING_SLIDES;
  case EVENT_DRAWING_GUEST:
    return ENGINE_DRAWING_GUEST;
  }
  g_return_val_if_reached (ENGINE_DRAWING_SPEAKER);
}

static EngineLayout
to_layout (EventLayout layout)
{
  switch (layout) {
  case EVENT_LAYOUT_FULL:
    return ENGINE_LAYOUT_FULL;
  case EVENT_LAYOUT_SIDE_BY_SIDE:
    return ENGINE_LAYOUT_SIDE_BY_SIDE;
  case EVENT_LAYOUT_PICTURE_IN_PICTURE:
    return ENGINE_LAYOUT_PICTURE_IN_PICTURE;
  case EVENT_LAYOUT_SLIDES_AND_SPEAKER:
    return ENGINE_LAYOUT_SLIDES_AND_SPEAKER;
  case EVENT_LAYOUT_SLIDES_AND_TWO:
    return ENGINE_LAYOUT_SLIDES_AND_TWO;
  case EVENT_LAYOUT_EVERYONE:
    return ENGINE_LAYOUT_EVERYONE;
  case EVENT_LAYOUT_PAUSE:
    return ENGINE_LAYOUT_PAUSE;
  }
  g_return_val_if_reached (ENGINE_LAYOUT_FULL);
}

/**
 * show_builder_make_program:
 * @event: an event
 *
 * Returns: (transfer full): an empty program in the event's format
 */
EngineProgram *
show_builder_make_program (EventFile *event)
{
  const EventProgram *program = event_file_get_program (event);
  const EngineFormat format = {
    .width_px = program->width_px,
    .height_px = program->height_px,
    .rate_fps = program->rate_fps,
    .video_bps = program->video_kbps * 1000,
    .audio_bps = program->audio_kbps * 1000,
  };

  return engine_program_new (&format);
}

/* An address as GStreamer wants it: a path becomes a file URI. */
static char *
to_uri (EventFile *event, const char *address)
{
  g_autofree char *scheme = g_uri_parse_scheme (address);
  g_autofree char *path = NULL;

  if (scheme != NULL)
    return g_strdup (address);
  path = event_file_resolve (event, address);
  return g_filename_to_uri (path, NULL, NULL); /* an absolute path always can be */
}

static void
add_source (EventFile *event, const EventSource *source, EngineProgram *program,
            GListStore *sources)
{
  g_autofree char *uri = source->uri != NULL ? to_uri (event, source->uri) : NULL;
  g_autofree char *picture =
    source->picture != NULL ? event_file_resolve (event, source->picture) : NULL;
  const EngineSourceConfig config = {
    .id = source->id,
    .title = source->title,
    .kind = to_source_kind (source->kind),
    .device = source->device,
    .sound = source->sound,
    .uri = uri,
    .loop = source->loop,
    .picture = picture,
    .drawing = to_drawing (source->drawing),
    .delay_ms = source->delay_ms,
    .volume_db = source->volume_db,
    .muted = source->muted,
    .lost_sentence = show_texts_get (event_file_get_language (event), SHOW_TEXT_LOST),
  };

  g_list_store_append (sources, engine_program_add_source (program, &config));
}

static EngineSource *
find_source (GListStore *sources, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (sources)); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (G_LIST_MODEL (sources), i);

    if (g_str_equal (engine_source_get_id (source), id))
      return source; /* the store keeps it */
  }
  g_return_val_if_reached (NULL); /* the event file was checked */
}

static void
add_shot (const EventShot *shot, guint number, EngineProgram *program, GListStore *sources,
          GListStore *shots, const EngineArt *pause, const EngineArt *logo)
{
  const EngineLayout layout = to_layout (shot->layout);
  const guint n_sources = g_strv_length (shot->sources);
  EngineSource *places[ENGINE_SCENE_MAX_SLOTS] = { NULL };
  const EngineSceneSpec spec = {
    .layout = layout,
    .corner = show_graphics_to_corner (shot->corner),
    .sources = places,
    .n_sources = n_sources,
    .card = layout == ENGINE_LAYOUT_PAUSE ? pause : NULL,
    .logo = layout == ENGINE_LAYOUT_PAUSE ? NULL : logo,
  };
  g_autoptr (EngineScene) scene = NULL;
  g_autoptr (ShowShot) item = NULL;

  for (guint i = 0; i < n_sources && i < G_N_ELEMENTS (places); i++)
    places[i] = find_source (sources, shot->sources[i]);
  scene = engine_program_make_scene (program, &spec);
  item = _show_shot_new (shot->id, shot->title, number, scene);
  g_list_store_append (shots, item);
}

static void
add_network (EventFile *event, const EventNetwork *network, GListStore *networks)
{
  switch (network->kind) {
  case EVENT_NETWORK_REPLAY: {
    g_autofree char *path = event_file_resolve (event, network->file);
    g_autoptr (PostsReplay) replay = posts_replay_new (path, network->speed);

    g_list_store_append (networks, replay);
    return;
  }
  }
}

/**
 * show_builder_fill:
 * @event: an event
 * @program: its program
 * @sources: (inout): gets EngineSource
 * @shots: (inout): gets ShowShot
 * @talks: (inout): gets ShowTalk
 * @destinations: (inout): gets EngineOutput
 * @networks: (inout): gets PostsNetwork
 * @logo_error: return location: why there is no logo
 *
 * Makes everything that the event names.
 */
void
show_builder_fill (EventFile *event, EngineProgram *program, GListStore *sources, GListStore *shots,
                   GListStore *talks, GListStore *destinations, GListStore *networks,
                   GError **logo_error)
{
  GPtrArray *event_sources = event_file_get_sources (event);
  GPtrArray *event_shots = event_file_get_shots (event);
  GPtrArray *event_talks = event_file_get_talks (event);
  GPtrArray *event_destinations = event_file_get_destinations (event);
  const EventPosts *posts = event_file_get_posts (event);
  g_autoptr (EngineArt) pause =
    show_graphics_draw_pause (event, engine_program_get_format (program));
  g_autoptr (EngineArt) logo =
    show_graphics_draw_logo (event, engine_program_get_format (program), logo_error);

  for (guint i = 0; i < event_sources->len; i++)
    add_source (event, event_sources->pdata[i], program, sources);
  for (guint i = 0; i < event_shots->len; i++)
    add_shot (event_shots->pdata[i], i + 1, program, sources, shots, pause, logo);
  for (guint i = 0; i < event_talks->len; i++) {
    g_autoptr (ShowTalk) talk = _show_talk_new (event_talks->pdata[i]);

    g_list_store_append (talks, talk);
  }
  for (guint i = 0; i < event_destinations->len; i++) {
    const EventDestination *destination = event_destinations->pdata[i];

    if (destination->enabled)
      g_list_store_append (destinations,
                           engine_program_add_output (program, destination->id, destination->title,
                                                      destination->url));
  }
  for (guint i = 0; posts->networks != NULL && i < posts->networks->len; i++)
    add_network (event, posts->networks->pdata[i], networks);
}

/**
 * show_builder_add_live_page:
 * @event: an event
 * @program: its program
 * @destinations: (inout): gets the live page's output
 *
 * Returns: (transfer none) (nullable): that output, or `NULL` if the event has no live page
 */
EngineOutput *
show_builder_add_live_page (EventFile *event, EngineProgram *program, GListStore *destinations)
{
  EngineOutput *output = NULL;

  if (!event_file_get_live_page (event)->enabled)
    return NULL;
  output = engine_program_add_output (
    program, "live-page", show_texts_get (event_file_get_language (event), SHOW_TEXT_LIVE_PAGE),
    NULL);
  g_list_store_append (destinations, output);
  return output;
}
