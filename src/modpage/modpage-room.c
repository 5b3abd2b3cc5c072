/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "modpage-moderator.h"
#include "modpage-resources.h"
#include "modpage-room.h"
#include "modpage-view.h"
#include "web-server.h"
#include "web-token.h"

G_DEFINE_ENUM_TYPE (ModpageReach, modpage_reach,
                    G_DEFINE_ENUM_VALUE (MODPAGE_REACH_CLOSED, "closed"),
                    G_DEFINE_ENUM_VALUE (MODPAGE_REACH_COMPUTER, "computer"),
                    G_DEFINE_ENUM_VALUE (MODPAGE_REACH_NETWORK, "network"))

/**
 * ModpageRoom:
 *
 * All who sort posts from a browser, and the door they come in by. Whoever has the link may; a new
 * link throws out who came by the former one.
 */
struct _ModpageRoom {
  GObject parent_instance;

  PostsDesk *desk;
  WebServer *server; /* nullable: closed */
  GPtrArray *moderators;
  char *token; /* nullable: closed */
  char *title;
  ModpageReach reach;
  char *link; /* nullable */
  guint n_moderators;
  gboolean may_show;
  GError *error; /* nullable */
};

G_DEFINE_FINAL_TYPE (ModpageRoom, modpage_room, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_REACH,
  PROP_LINK,
  PROP_N_MODERATORS,
  PROP_MAY_SHOW,
  PROP_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  SIGNAL_ACTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_reach (ModpageRoom *self, ModpageReach reach)
{
  if (self->reach == reach)
    return;
  self->reach = reach;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REACH]);
}

static void
set_error (ModpageRoom *self, const GError *error)
{
  if (common_set_error (&self->error, error))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

/* The token stands behind the #: it is in no request, and in no log of any server on the way. */
static void
update_link (ModpageRoom *self)
{
  const char *lan = self->server != NULL ? web_server_get_lan_address (self->server) : NULL;
  g_autofree char *link = NULL;

  if (self->server != NULL && lan != NULL)
    link = g_strdup_printf ("%s#%s", lan, self->token);
  else if (self->server != NULL)
    link =
      g_strdup_printf ("http://localhost:%u/#%s", web_server_get_port (self->server), self->token);
  if (common_set_string (&self->link, link))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LINK]);
}

static void
update_moderators (ModpageRoom *self)
{
  guint n = 0;

  for (guint i = 0; i < self->moderators->len; i++)
    n += modpage_moderator_get_welcome (self->moderators->pdata[i]) ? 1 : 0;
  for (guint i = 0; i < self->moderators->len; i++)
    modpage_moderator_set_facts (self->moderators->pdata[i], self->may_show, n);
  if (self->n_moderators == n)
    return;
  self->n_moderators = n;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_MODERATORS]);
}

static void
touch_all (ModpageRoom *self)
{
  for (guint i = 0; i < self->moderators->len; i++)
    modpage_moderator_touch (self->moderators->pdata[i]);
}

/* ---- who comes in ---- */

static gboolean
hello_cb (ModpageModerator *moderator, const char *token, const char *me, gpointer user_data)
{
  ModpageRoom *self = user_data;
  WebLine *line = modpage_moderator_get_line (moderator);

  if (!web_token_equal (self->token, token)) {
    web_server_turn_away (self->server, line);
    return FALSE;
  }
  if (self->n_moderators >= MODPAGE_MAX_MODERATORS) {
    web_line_bye (line, "full");
    return FALSE;
  }
  modpage_moderator_welcome (moderator, self->title);
  update_moderators (self);
  return TRUE;
}

static void
acted_cb (ModpageRoom *self, PostsAct act, const char *post_id)
{
  g_signal_emit (self, signals[SIGNAL_ACTED], 0, (int) act, post_id);
}

static void
closed_cb (ModpageModerator *moderator, gpointer user_data)
{
  ModpageRoom *self = user_data;

  g_ptr_array_remove (self->moderators, moderator);
  update_moderators (self);
}

static void
line_cb (WebServer *server, WebLine *line, gpointer user_data)
{
  ModpageRoom *self = user_data;
  ModpageModerator *moderator = modpage_moderator_new (line, self->desk);

  g_ptr_array_add (self->moderators, moderator);
  g_signal_connect_object (moderator, "hello", G_CALLBACK (hello_cb), self, 0);
  g_signal_connect_object (moderator, "acted", G_CALLBACK (acted_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (moderator, "closed", G_CALLBACK (closed_cb), self, 0);
}

/* ---- */

static void
modpage_room_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ModpageRoom *self = MODPAGE_ROOM (object);

  switch (id) {
  case PROP_REACH:
    g_value_set_enum (value, (int) self->reach);
    break;
  case PROP_LINK:
    g_value_set_string (value, self->link);
    break;
  case PROP_N_MODERATORS:
    g_value_set_uint (value, self->n_moderators);
    break;
  case PROP_MAY_SHOW:
    g_value_set_boolean (value, self->may_show);
    break;
  case PROP_ERROR:
    g_value_set_boxed (value, self->error);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
modpage_room_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ModpageRoom *self = MODPAGE_ROOM (object);

  switch (id) {
  case PROP_MAY_SHOW:
    modpage_room_set_may_show (self, g_value_get_boolean (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
modpage_room_dispose (GObject *object)
{
  ModpageRoom *self = MODPAGE_ROOM (object);

  modpage_room_close (self);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (modpage_room_parent_class)->dispose (object);
}

static void
modpage_room_finalize (GObject *object)
{
  ModpageRoom *self = MODPAGE_ROOM (object);

  g_ptr_array_unref (self->moderators);
  g_free (self->token);
  g_free (self->title);
  g_free (self->link);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (modpage_room_parent_class)->finalize (object);
}

static void
modpage_room_class_init (ModpageRoomClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = modpage_room_get_property;
  object_class->set_property = modpage_room_set_property;
  object_class->dispose = modpage_room_dispose;
  object_class->finalize = modpage_room_finalize;

  properties[PROP_REACH] =
    g_param_spec_enum ("reach", NULL, NULL, MODPAGE_TYPE_REACH, MODPAGE_REACH_CLOSED, ro);
  properties[PROP_LINK] = g_param_spec_string ("link", NULL, NULL, NULL, ro);
  properties[PROP_N_MODERATORS] =
    g_param_spec_uint ("n-moderators", NULL, NULL, 0, MODPAGE_MAX_MODERATORS, 0, ro);
  properties[PROP_MAY_SHOW] = g_param_spec_boolean ("may-show", NULL, NULL, FALSE, rw);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_ACTED] = g_signal_new ("acted", MODPAGE_TYPE_ROOM, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 2, POSTS_TYPE_ACT, G_TYPE_STRING);
}

static void
modpage_room_init (ModpageRoom *self)
{
  static gsize registered = 0;

  /* By hand: the linker drops what a static library registers by itself. */
  if (g_once_init_enter (&registered)) {
    modpage_register_resource ();
    g_once_init_leave (&registered, 1);
  }
  self->moderators = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * modpage_room_new:
 * @desk: whose posts are sorted
 *
 * Returns: (transfer full): a room that is closed
 */
ModpageRoom *
modpage_room_new (PostsDesk *desk)
{
  static const char *const desk_signals[] = { "notify::on-screen", "notify::panic",
                                              "undo-changed" };
  ModpageRoom *self = g_object_new (MODPAGE_TYPE_ROOM, NULL);

  self->desk = g_object_ref (desk);
  for (gsize i = 0; i < G_N_ELEMENTS (desk_signals); i++)
    g_signal_connect_object (desk, desk_signals[i], G_CALLBACK (touch_all), self,
                             G_CONNECT_SWAPPED);
  for (guint i = 0; i < MODPAGE_N_LISTS; i++)
    g_signal_connect_object (modpage_view_get_list (desk, (ModpageList) i), "items-changed",
                             G_CALLBACK (touch_all), self, G_CONNECT_SWAPPED);
  return self;
}

static gboolean
listen (WebServer *server, ModpageReach reach, const ModpageConfig *config, GError **error)
{
  const WebServerLan lan = {
    .certificate_path = config->certificate_path,
    .key_path = config->key_path,
    .folder = config->folder,
  };

  return web_server_listen (server, "127.0.0.1", 0, error) &&
         (reach != MODPAGE_REACH_NETWORK || web_server_listen_lan (server, &lan, error));
}

static void
lan_changed_cb (ModpageRoom *self)
{
  set_error (self, web_server_get_lan_error (self->server));
  update_link (self);
}

/**
 * modpage_room_open:
 * @self: a room
 * @reach: for whom
 * @config: how
 * @error: return location
 *
 * Serves the page with a new link. Who came by a former one is thrown out.
 *
 * Returns: `FALSE` with a %WEB_ERROR; the room is closed then
 */
gboolean
modpage_room_open (ModpageRoom *self, ModpageReach reach, const ModpageConfig *config,
                   GError **error)
{
  static const WebServerPage page = {
    .resources = "/live/regie/Regie/modpage",
    .permissions = "camera=(), microphone=(), geolocation=(), screen-wake-lock=(self)",
    .socket = "/signal",
    .max_message_bytes = MODPAGE_MESSAGE_MAX_BYTES,
  };
  g_autoptr (WebServer) server = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (MODPAGE_IS_ROOM (self), FALSE);
  g_return_val_if_fail (reach != MODPAGE_REACH_CLOSED, FALSE);

  modpage_room_close (self);
  server = web_server_new (&page);
  if (!listen (server, reach, config, &cause)) {
    set_error (self, cause);
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  set_error (self, NULL);
  self->server = g_steal_pointer (&server);
  self->token = web_token_new ();
  common_set_string (&self->title, config->title);
  g_signal_connect_object (self->server, "line", G_CALLBACK (line_cb), self, 0);
  g_signal_connect_object (self->server, "lan-changed", G_CALLBACK (lan_changed_cb), self,
                           G_CONNECT_SWAPPED);
  update_link (self);
  set_reach (self, reach);
  return TRUE;
}

static void
throw_out (ModpageRoom *self)
{
  /* One that closes takes itself out. */
  while (self->moderators->len > 0)
    web_line_bye (modpage_moderator_get_line (self->moderators->pdata[self->moderators->len - 1]),
                  "revoked");
}

/**
 * modpage_room_renew:
 * @self: a room
 *
 * Makes the link void, throws out who came by it, and makes another one.
 */
void
modpage_room_renew (ModpageRoom *self)
{
  g_return_if_fail (MODPAGE_IS_ROOM (self));

  if (self->server == NULL)
    return;
  g_free (self->token);
  self->token = web_token_new ();
  throw_out (self);
  update_link (self);
}

/**
 * modpage_room_close:
 * @self: a room
 *
 * Throws everybody out and serves nothing any more. May be called twice.
 */
void
modpage_room_close (ModpageRoom *self)
{
  g_return_if_fail (MODPAGE_IS_ROOM (self));

  if (self->server == NULL)
    return;
  g_clear_pointer (&self->token, g_free);
  throw_out (self);
  g_signal_handlers_disconnect_by_data (self->server, self);
  web_server_close (self->server);
  g_clear_object (&self->server);
  update_link (self);
  set_reach (self, MODPAGE_REACH_CLOSED);
}

ModpageReach
modpage_room_get_reach (ModpageRoom *self)
{
  g_return_val_if_fail (MODPAGE_IS_ROOM (self), MODPAGE_REACH_CLOSED);

  return self->reach;
}

const char *
modpage_room_get_link (ModpageRoom *self)
{
  g_return_val_if_fail (MODPAGE_IS_ROOM (self), NULL);

  return self->link;
}

guint
modpage_room_get_n_moderators (ModpageRoom *self)
{
  g_return_val_if_fail (MODPAGE_IS_ROOM (self), 0);

  return self->n_moderators;
}

const GError *
modpage_room_get_error (ModpageRoom *self)
{
  g_return_val_if_fail (MODPAGE_IS_ROOM (self), NULL);

  return self->error;
}

/**
 * modpage_room_set_may_show:
 * @self: a room
 * @may_show: whether moderators may also put posts on screen
 */
void
modpage_room_set_may_show (ModpageRoom *self, gboolean may_show)
{
  g_return_if_fail (MODPAGE_IS_ROOM (self));

  if (self->may_show == !!may_show)
    return;
  self->may_show = !!may_show;
  update_moderators (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAY_SHOW]);
}

gboolean
modpage_room_get_may_show (ModpageRoom *self)
{
  g_return_val_if_fail (MODPAGE_IS_ROOM (self), FALSE);

  return self->may_show;
}
