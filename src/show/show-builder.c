/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-bluesky.h"
#include "posts-mastodon.h"
#include "posts-owncast.h"
#include "posts-replay.h"
#include "posts-twitch.h"
#include "posts-x.h"
#include "posts-youtube.h"
#include "show-builder.h"
#include "show-graphics.h"
#include "show-session-private.h"
#include "show-talk-private.h"
#include "show-texts.h"

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

/**
 * show_builder_make_scene:
 * @shot: a shot of an event
 * @program: the event's program
 * @sources: (element-type EngineSource): what fills the shot's places
 * @look: what it is dressed with
 *
 * Returns: (transfer full): what the shot looks like
 */
EngineScene *
show_builder_make_scene (const EventShot *shot, EngineProgram *program, GPtrArray *sources,
                         const ShowLook *look)
{
  const EngineSceneSpec spec = {
    .layout = to_layout (shot->layout),
    .corner = show_graphics_to_corner (shot->corner),
    .sources = (EngineSource *const *) sources->pdata,
    .n_sources = sources->len,
    .card = look->card,
    .background = look->background,
    .logo = look->logo,
  };

  return engine_program_make_scene (program, &spec);
}

static EngineOutputKind
to_output_kind (EventDestinationKind kind)
{
  switch (kind) {
  case EVENT_DESTINATION_RTMP:
    return ENGINE_OUTPUT_RTMP;
  case EVENT_DESTINATION_SRT:
    return ENGINE_OUTPUT_SRT;
  case EVENT_DESTINATION_WHIP:
    return ENGINE_OUTPUT_WHIP;
  case EVENT_DESTINATION_HLS:
    return ENGINE_OUTPUT_HLS;
  }
  g_return_val_if_reached (ENGINE_OUTPUT_RTMP);
}

static EngineKeyKind
to_key_kind (EventKeyKind kind)
{
  switch (kind) {
  case EVENT_KEY_STREAM_KEY:
    return ENGINE_KEY_STREAM_KEY;
  case EVENT_KEY_PASSPHRASE:
    return ENGINE_KEY_PASSPHRASE;
  case EVENT_KEY_PASSWORD:
    return ENGINE_KEY_PASSWORD;
  }
  g_return_val_if_reached (ENGINE_KEY_STREAM_KEY);
}

/**
 * show_builder_get_output_config:
 * @destination: a destination of an event
 * @url: its address, resolved
 *
 * Returns: what the engine has to know; its texts belong to the arguments
 */
EngineOutputConfig
show_builder_get_output_config (const EventDestination *destination, const char *url)
{
  return (EngineOutputConfig){
    .id = destination->id,
    .title = destination->title,
    .kind = to_output_kind (destination->kind),
    .url = url,
    .backup_url = destination->backup_url,
    .key_kind = to_key_kind (destination->key_kind),
    .ts_segments = destination->ts_segments,
    .latency_ms = (guint) destination->latency_ms,
  };
}

/* Its token is looked up before it is started. */
static void
use_account (PostsNetwork *network)
{
  const PostsAccount *account = posts_network_get_account (network);

  _show_session_set_posts_secret (network, account->secret_id, account->url);
}

static void
add_network (EventFile *event, const EventNetwork *network, GListStore *networks)
{
  const char *const *tags = (const char *const *) event_file_get_posts (event)->tags;

  switch (network->kind) {
  case EVENT_NETWORK_REPLAY: {
    g_autofree char *path = event_file_resolve (event, network->file);
    g_autoptr (PostsReplay) replay = posts_replay_new (path, network->speed);

    g_list_store_append (networks, replay);
    return;
  }
  case EVENT_NETWORK_MASTODON: {
    g_autoptr (PostsMastodon) mastodon = posts_mastodon_new (network->server, tags);

    if (network->has_key)
      use_account (POSTS_NETWORK (mastodon));
    g_list_store_append (networks, mastodon);
    return;
  }
  case EVENT_NETWORK_BLUESKY: {
    g_autoptr (PostsBluesky) bluesky = posts_bluesky_new (network->server, network->profiles, tags);

    g_list_store_append (networks, bluesky);
    return;
  }
  case EVENT_NETWORK_X: {
    g_autoptr (PostsX) x = posts_x_new (network->server, tags, network->max_cost_usd);

    use_account (POSTS_NETWORK (x));
    g_list_store_append (networks, x);
    return;
  }
  case EVENT_NETWORK_YOUTUBE: {
    g_autoptr (PostsYoutube) youtube = posts_youtube_new (network->server, network->video);

    use_account (POSTS_NETWORK (youtube));
    g_list_store_append (networks, youtube);
    return;
  }
  case EVENT_NETWORK_TWITCH: {
    g_autoptr (PostsTwitch) twitch = posts_twitch_new (network->server, network->channel);

    g_list_store_append (networks, twitch);
    return;
  }
  case EVENT_NETWORK_OWNCAST: {
    g_autoptr (PostsOwncast) owncast = posts_owncast_new (network->server);

    g_list_store_append (networks, owncast);
    return;
  }
  }
}

/**
 * show_builder_fill:
 * @event: an event
 * @program: its program
 * @talks: (inout): gets ShowTalk
 * @destinations: (inout): gets EngineOutput
 * @networks: (inout): gets PostsNetwork
 *
 * Makes everything that the event names and that stays as it is.
 */
void
show_builder_fill (EventFile *event, EngineProgram *program, GListStore *talks,
                   GListStore *destinations, GListStore *networks)
{
  GPtrArray *event_talks = event_file_get_talks (event);
  GPtrArray *event_destinations = event_file_get_destinations (event);
  const EventPosts *posts = event_file_get_posts (event);

  for (guint i = 0; i < event_talks->len; i++) {
    g_autoptr (ShowTalk) talk = _show_talk_new (event_talks->pdata[i]);

    g_list_store_append (talks, talk);
  }
  for (guint i = 0; i < event_destinations->len; i++) {
    const EventDestination *destination = event_destinations->pdata[i];
    g_autofree char *url = event_file_resolve (event, destination->url);
    const EngineOutputConfig config = show_builder_get_output_config (destination, url);

    if (destination->enabled)
      g_list_store_append (destinations, engine_program_add_output (program, &config));
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
  const EngineOutputConfig config = {
    .id = "live-page",
    .title = show_texts_get (event_file_get_language (event), SHOW_TEXT_LIVE_PAGE),
    .kind = ENGINE_OUTPUT_LIVE_PAGE,
  };
  EngineOutput *output = NULL;

  if (!event_file_get_live_page (event)->enabled)
    return NULL;
  output = engine_program_add_output (program, &config);
  g_list_store_append (destinations, output);
  return output;
}
