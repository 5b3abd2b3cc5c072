/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#include "show-services.h"

#define RTMP (1u << EVENT_DESTINATION_RTMP)
#define SRT  (1u << EVENT_DESTINATION_SRT)
#define WHIP (1u << EVENT_DESTINATION_WHIP)
#define HLS  (1u << EVENT_DESTINATION_HLS)

/* Facebook's matrix, as OBS Studio has it in plugins/rtmp-services/data/services.json. */
static const ShowServiceStep facebook_steps[] = {
  { 360, 30, 1000 },  { 360, 60, 1500 },  { 480, 30, 2000 },
  { 480, 60, 3000 },  { 720, 30, 4000 },  { 720, 60, 6000 },
  { 1080, 30, 6000 }, { 1080, 60, 9000 }, { 0 },
};

/* What Vimeo recommends for an upload that can take it, and calls the highest:
 * help.vimeo.com, “Recommended network configuration for streaming”. */
static const ShowServiceStep vimeo_steps[] = {
  { 720, 30, 2500 },
  { 1080, 30, 5000 },
  { 0 },
};

/* In the order in which they are offered. Where numbers and addresses come from; “services.json” is OBS
 * Studio's, plugins/rtmp-services/data/services.json. What has no source has no limit here.
 *
 * youtube: addresses, page, 51000 and 160 of sound (services.json); 60 pictures, keyframes
 *   every 4 s at most (support.google.com/youtube/answer/2853702).
 * twitch: page, 6000, 320 of sound, keyframes every 2 s (services.json); live-video.net and how a key
 *   begins (dev.twitch.tv/docs/video-broadcast); the address that finds the nearest server
 *   (help.twitch.tv/s/twitch-ingest-recommendation).
 * x: 12000, 60 pictures, keyframes every 3 s, 128 of sound, addresses below pscp.tv (services.json,
 *   “Twitter”); the page is the one named there, on the host that it has now.
 * facebook: address, page, the matrix above, 60 pictures, keyframes every 2 s, 128 of sound
 *   (services.json; developers.facebook.com/docs/live-video-api/reference says the same, and keyframes
 *   every 4 s at most).
 * linkedin: page (linkedin.com/help/linkedin/answer/a564446), addresses below channel.media.azure.net
 *   (learn.microsoft.com/linkedin/consumer/integrations/live-video), 1080 lines, 30 pictures, keyframes
 *   every 2 s, 128 of sound (help.syncwords.com, “Send captions to LinkedIn”);
 *   for a bit rate there is no source.
 * restream: address, page, keyframes every 2 s (services.json); the rest depends on what it sends on to.
 * vimeo: the steps above. For 60 pictures a second it is the highest of them.
 * peertube, owncast, mediamtx, own: their operators decide. The addresses are what they have at first:
 *   PeerTube's server/initializers/constants.ts, Owncast's documentation on broadcasting,
 *   MediaMTX's mediamtx.yml. */
static const ShowService services[] = {
  { .id = "youtube",
    .name = "YouTube",
    .kinds = RTMP | HLS,
    .url = "rtmps://a.rtmps.youtube.com:443/live2",
    .backup_url = "rtmps://b.rtmps.youtube.com:443/live2?backup=1",
    .key_page = "https://www.youtube.com/live_dashboard",
    .hosts = "youtube.com",
    .where =
      N_ ("In YouTube Studio choose “Go live”, then “Stream”: the stream key is there. Who has "
          "never streamed before must ask YouTube for it a day ahead."),
    .max_kbps = 51000,
    .max_rate_fps = 60,
    .max_audio_kbps = 160 },
  { .id = "twitch",
    .name = "Twitch",
    .kinds = RTMP,
    .url = "rtmps://ingest.global-contribute.live-video.net:443/app",
    .key_page = "https://dashboard.twitch.tv/settings/stream",
    .hosts = "twitch.tv live-video.net",
    .key_prefix = "live_",
    .where = N_ ("In Twitch's Creator Dashboard open “Settings”, “Stream”: copy the primary stream "
                 "key."),
    .max_kbps = 6000,
    .max_audio_kbps = 320 },
  { .id = "x",
    .name = "X",
    .kinds = RTMP,
    .key_page = "https://studio.x.com/producer/sources",
    .hosts = "pscp.tv",
    .where =
      N_ ("In X's Media Studio open “Producer”, “Sources” and create an RTMP source: it shows "
          "the address of your region and the stream key."),
    .max_kbps = 12000,
    .max_rate_fps = 60,
    .max_audio_kbps = 128 },
  { .id = "facebook",
    .name = "Facebook",
    .kinds = RTMP,
    .url = "rtmps://rtmp-api.facebook.com:443/rtmp",
    .key_page = "https://www.facebook.com/live/producer",
    .hosts = "facebook.com",
    .where =
      N_ ("In Facebook's Live Producer choose “Streaming software”: the stream key is there. A "
          "key that is not persistent is good for one broadcast only."),
    .steps = facebook_steps,
    .max_kbps = 9000,
    .max_height_px = 1080,
    .max_rate_fps = 60,
    .max_audio_kbps = 128 },
  { .id = "linkedin",
    .name = "LinkedIn",
    .kinds = RTMP,
    .key_page = "https://www.linkedin.com/video/golive/now/",
    .hosts = "linkedin.com channel.media.azure.net",
    .where =
      N_ ("On LinkedIn choose the event, then “Go live”, “Custom stream (RTMP)” and the region "
          "nearest to you: it shows an address and a stream key, both for this event only."),
    .max_height_px = 1080,
    .max_rate_fps = 30,
    .max_audio_kbps = 128 },
  { .id = "peertube",
    .name = "PeerTube",
    .kinds = RTMP,
    .url = "rtmp://" SHOW_SERVICE_SERVER ":1935/live",
    .where = N_ ("On your PeerTube choose “Publish”, “Go live”: once the live is created, its page "
                 "shows the address and the stream key.") },
  { .id = "owncast",
    .name = "Owncast",
    .kinds = RTMP,
    .url = "rtmp://" SHOW_SERVICE_SERVER "/live",
    .where =
      N_ ("In Owncast's administration open “Configuration”, “Server setup”, “Stream keys”.") },
  { .id = "restream",
    .name = "Restream",
    .kinds = RTMP,
    .url = "rtmp://live.restream.io/live",
    .key_page = "https://restream.io/settings/streaming-setup",
    .hosts = "restream.io",
    .key_prefix = "re_",
    .where = N_ ("In Restream open “Settings”, “Streaming setup”: copy the stream key. A scheduled "
                 "event has a key of its own.") },
  { .id = "mediamtx",
    .name = "MediaMTX",
    .kinds = RTMP | SRT | WHIP,
    .url = "rtmp://" SHOW_SERVICE_SERVER ":1935",
    .where =
      N_ ("The name of the path that the server publishes, such as “stage”, is the stream key; "
          "over SRT it is “publish:stage”.") },
  { .id = "vimeo",
    .name = "Vimeo",
    .kinds = RTMP | SRT,
    .url = "rtmps://rtmp-global.cloud.vimeo.com:443/live",
    .key_page = "https://vimeo.com/manage/events",
    .hosts = "vimeo.com",
    .where =
      N_ ("On Vimeo open the event and choose “Connect (RTMPS)”: it shows the address and the "
          "stream key."),
    .steps = vimeo_steps,
    .max_kbps = 5000,
    .max_height_px = 1080 },
  { .id = "own",
    .name = N_ ("Own server"),
    .kinds = RTMP | SRT | WHIP | HLS,
    .where = N_ ("Whoever runs the server knows its address and, if it has one, the key.") },
};

/**
 * show_services_get:
 * @n_services: (out): how many
 *
 * Returns: (array length=n_services): all of them, in the order in which they are offered
 */
const ShowService *
show_services_get (guint *n_services)
{
  *n_services = G_N_ELEMENTS (services);
  return services;
}

/**
 * show_services_find:
 * @id: (nullable): what an event file calls it
 *
 * Returns: it; the own server for one that nobody knows
 */
const ShowService *
show_services_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (services); i++) {
    if (g_strcmp0 (services[i].id, id) == 0)
      return &services[i];
  }
  return &services[G_N_ELEMENTS (services) - 1];
}

static char *
get_host (const char *url)
{
  g_autoptr (GUri) uri =
    url != NULL ? g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL) : NULL;

  return uri != NULL && g_uri_get_host (uri) != NULL ? g_ascii_strdown (g_uri_get_host (uri), -1)
                                                     : NULL;
}

/* Whether `a.rtmps.youtube.com` belongs to `youtube.com`. */
static gboolean
has_host (const ShowService *self, const char *host)
{
  g_auto (GStrv) ends = g_strsplit (self->hosts != NULL ? self->hosts : "", " ", -1);

  for (guint i = 0; ends[i] != NULL; i++) {
    if (*ends[i] != '\0' && g_str_has_suffix (host, ends[i]) &&
        (strlen (host) == strlen (ends[i]) || host[strlen (host) - strlen (ends[i]) - 1] == '.'))
      return TRUE;
  }
  return FALSE;
}

/**
 * show_services_guess:
 * @url: (nullable): an address
 *
 * Returns: whose it is; the own server's if nobody else's
 */
const ShowService *
show_services_guess (const char *url)
{
  g_autofree char *host = get_host (url);

  for (guint i = 0; host != NULL && i < G_N_ELEMENTS (services); i++) {
    if (has_host (&services[i], host))
      return &services[i];
  }
  return show_services_find ("own");
}

/**
 * show_service_get_title:
 * @self: a service
 *
 * Returns: its name for the operator
 */
const char *
show_service_get_title (const ShowService *self)
{
  return g_str_equal (self->id, "own") ? _ (self->name) : self->name;
}

/**
 * show_service_get_where:
 * @self: a service
 *
 * Returns: where one finds address and key, in a sentence for the operator
 */
const char *
show_service_get_where (const ShowService *self)
{
  return _ (self->where);
}

/**
 * show_service_get_key_name:
 * @self: a service
 * @kind: how it is sent to
 * @key_kind: what the key is for
 *
 * Returns: what the key is called there, for the operator
 */
const char *
show_service_get_key_name (const ShowService *self, EventDestinationKind kind,
                           EventKeyKind key_kind)
{
  switch (key_kind) {
  case EVENT_KEY_PASSPHRASE:
    return _ ("Passphrase");
  case EVENT_KEY_PASSWORD:
    return _ ("Name and password");
  case EVENT_KEY_STREAM_KEY:
    break;
  }
  switch (kind) {
  case EVENT_DESTINATION_RTMP:
    if (g_str_equal (self->id, "twitch"))
      return _ ("Primary stream key");
    return g_str_equal (self->id, "mediamtx") ? _ ("Path") : _ ("Stream key");
  case EVENT_DESTINATION_SRT:
    return _ ("Stream ID");
  case EVENT_DESTINATION_WHIP:
  case EVENT_DESTINATION_HLS:
    return _ ("Access token");
  }
  g_return_val_if_reached (NULL);
}

/**
 * show_service_get_url:
 * @self: a service
 * @kind: one of its kinds
 *
 * Returns: (transfer full): the address to begin with, perhaps with <server> in it; "" when it has to
 *   be copied whole
 */
char *
show_service_get_url (const ShowService *self, EventDestinationKind kind)
{
  if (kind == EVENT_DESTINATION_RTMP)
    return g_strdup (self->url != NULL ? self->url : "");
  if (g_str_equal (self->id, "mediamtx"))
    return g_strdup (kind == EVENT_DESTINATION_SRT ? "srt://" SHOW_SERVICE_SERVER ":8890"
                                                   : "https://" SHOW_SERVICE_SERVER ":8889");
  return g_strdup ("");
}

/**
 * show_service_get_max_kbps:
 * @self: a service
 * @height_px: of the picture
 * @rate_fps: of the picture
 *
 * Returns: how much the picture may have there, in kbit/s; 0: as much as one likes
 */
int
show_service_get_max_kbps (const ShowService *self, int height_px, int rate_fps)
{
  for (const ShowServiceStep *step = self->steps; step != NULL && step->height_px > 0; step++) {
    if (height_px <= step->height_px && rate_fps <= step->rate_fps)
      return step->max_kbps;
  }
  return self->max_kbps;
}

static gboolean
has_space (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
    if (g_unichar_isspace (g_utf8_get_char (at)))
      return TRUE;
  }
  return FALSE;
}

static gboolean
fits_kind (EventDestinationKind kind, const char *url)
{
  switch (kind) {
  case EVENT_DESTINATION_RTMP:
    return g_str_has_prefix (url, "rtmp://") || g_str_has_prefix (url, "rtmps://");
  case EVENT_DESTINATION_SRT:
    return g_str_has_prefix (url, "srt://");
  case EVENT_DESTINATION_WHIP:
    return g_str_has_prefix (url, "http://") || g_str_has_prefix (url, "https://");
  case EVENT_DESTINATION_HLS:
    return strstr (url, "://") == NULL || g_str_has_prefix (url, "http://") ||
           g_str_has_prefix (url, "https://");
  }
  g_return_val_if_reached (FALSE);
}

/* Of the address that everybody has: the part behind the host, without a query or a last slash. */
static char *
get_path (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL);
  char *path = g_strdup (uri != NULL ? g_uri_get_path (uri) : "");

  while (g_str_has_suffix (path, "/"))
    path[strlen (path) - 1] = '\0';
  return path;
}

/* Where everybody's address is the same up to the key, more than that is the key. */
static gboolean
holds_key (const ShowService *self, const char *url)
{
  g_autofree char *usual = self->url != NULL ? get_path (self->url) : NULL;
  g_autofree char *path = get_path (url);

  return usual != NULL && *usual != '\0' && g_str_has_prefix (path, usual) &&
         path[strlen (usual)] == '/';
}

static ShowMistake
check_url (const ShowService *self, EventDestinationKind kind, const char *url)
{
  if (*url == '\0')
    return SHOW_MISTAKE_NO_ADDRESS;
  /* A folder may have spaces. */
  if (has_space (url) && (kind != EVENT_DESTINATION_HLS || strstr (url, "://") != NULL))
    return SHOW_MISTAKE_SPACES_IN_ADDRESS;
  if (strstr (url, SHOW_SERVICE_SERVER) != NULL)
    return SHOW_MISTAKE_SERVER_MISSING;
  if (!fits_kind (kind, url))
    return g_str_has_prefix (url, "http") || g_str_has_prefix (url, "www.") ? SHOW_MISTAKE_WEB_PAGE
                                                                            : SHOW_MISTAKE_SCHEME;
  if (kind == EVENT_DESTINATION_RTMP && holds_key (self, url))
    return SHOW_MISTAKE_KEY_IN_ADDRESS;
  return SHOW_MISTAKE_NONE;
}

/**
 * show_service_check:
 * @self: a service
 * @kind: how it is sent to
 * @url: the address, as it was pasted
 * @key: (nullable): the key, as it was pasted
 *
 * Returns: the first mistake that can be seen without asking the server
 */
ShowMistake
show_service_check (const ShowService *self, EventDestinationKind kind, const char *url,
                    const char *key)
{
  const ShowMistake mistake = check_url (self, kind, url);

  if (mistake != SHOW_MISTAKE_NONE || key == NULL || *key == '\0')
    return mistake;
  if (strstr (key, "://") != NULL || g_str_has_prefix (key, "www."))
    return SHOW_MISTAKE_ADDRESS_AS_KEY;
  if (has_space (key))
    return SHOW_MISTAKE_SPACES_IN_KEY;
  if (kind == EVENT_DESTINATION_RTMP && self->key_prefix != NULL &&
      !g_str_has_prefix (key, self->key_prefix))
    return SHOW_MISTAKE_OTHER_KEY;
  return SHOW_MISTAKE_NONE;
}

/**
 * show_service_split:
 * @self: a service whose address is the same for everybody
 * @pasted: an address with the key at its end
 * @url: (out): the address alone
 * @key: (out): the key
 *
 * Puts right what show_service_check () calls %SHOW_MISTAKE_KEY_IN_ADDRESS.
 *
 * Returns: whether there was a key in it; if not, @url and @key are not set
 */
gboolean
show_service_split (const ShowService *self, const char *pasted, char **url, char **key)
{
  g_autofree char *usual = NULL;
  const char *at = NULL;

  if (!holds_key (self, pasted))
    return FALSE;
  usual = get_path (self->url);
  /* The host may begin in the same way: the path is behind it. */
  at = strchr (strstr (pasted, "://") + 3, '/') + strlen (usual);
  *url = g_strndup (pasted, (gsize) (at - pasted));
  *key = g_strdup (at + 1);
  return TRUE;
}

/**
 * show_mistake_describe:
 * @mistake: what is wrong
 *
 * Returns: (nullable): it in a sentence for the operator; `NULL` when nothing is
 */
const char *
show_mistake_describe (ShowMistake mistake)
{
  switch (mistake) {
  case SHOW_MISTAKE_NONE:
    return NULL;
  case SHOW_MISTAKE_NO_ADDRESS:
    return _ ("The address is missing.");
  case SHOW_MISTAKE_SPACES_IN_ADDRESS:
    return _ ("There is a space in the address: copy it again, without what stands before or "
              "after it.");
  case SHOW_MISTAKE_WEB_PAGE:
    return _ ("This is the address of a web page. What is needed is the server's address, which "
              "begins with rtmps://, rtmp:// or srt://.");
  case SHOW_MISTAKE_SCHEME:
    return _ ("The address does not begin as one of this kind does.");
  case SHOW_MISTAKE_SERVER_MISSING:
    return _ ("Write the name of your server where the address says <server>.");
  case SHOW_MISTAKE_KEY_IN_ADDRESS:
    return _ ("The end of this address is the stream key: put it into the field for the key, where "
              "nobody can read it.");
  case SHOW_MISTAKE_SPACES_IN_KEY:
    return _ (
      "There is a space in the key: copy it again, without what stands before or after it.");
  case SHOW_MISTAKE_ADDRESS_AS_KEY:
    return _ ("This is an address, not a key.");
  case SHOW_MISTAKE_OTHER_KEY:
    return _ ("Keys of this service look different: check that the whole key was copied, and from "
              "the right page.");
  }
  g_return_val_if_reached (NULL);
}
