/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-network.h"

/**
 * PostsNetwork:
 *
 * Somewhere posts come from. Main thread only.
 */
G_DEFINE_INTERFACE (PostsNetwork, posts_network, G_TYPE_OBJECT)

static void
posts_network_default_init (PostsNetworkInterface *iface)
{
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  g_object_interface_install_property (iface, g_param_spec_string ("title", NULL, NULL, NULL, ro));
  g_object_interface_install_property (iface, g_param_spec_enum ("state", NULL, NULL,
                                                                 POSTS_TYPE_NETWORK_STATE,
                                                                 POSTS_NETWORK_STATE_OFF, ro));
  g_object_interface_install_property (iface,
                                       g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, ro));

  /**
   * PostsNetwork::post:
   * @self: a network
   * @post: a post that came in
   */
  g_signal_new ("post", POSTS_TYPE_NETWORK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                POSTS_TYPE_POST);
  /**
   * PostsNetwork::taken-down:
   * @self: a network
   * @post_id: a post its author took back; perhaps one that never came in
   */
  g_signal_new ("taken-down", POSTS_TYPE_NETWORK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_STRING);
}

/**
 * posts_network_start:
 * @self: a network
 *
 * Starts listening; does nothing if it does already.
 */
void
posts_network_start (PostsNetwork *self)
{
  g_return_if_fail (POSTS_IS_NETWORK (self));

  POSTS_NETWORK_GET_IFACE (self)->start (self);
}

/**
 * posts_network_stop:
 * @self: a network
 *
 * Stops listening: no signal comes after that.
 */
void
posts_network_stop (PostsNetwork *self)
{
  g_return_if_fail (POSTS_IS_NETWORK (self));

  POSTS_NETWORK_GET_IFACE (self)->stop (self);
}

/**
 * posts_network_get_title:
 * @self: a network
 *
 * Returns: (transfer full): what the operator knows it by
 */
char *
posts_network_get_title (PostsNetwork *self)
{
  char *title = NULL;

  g_return_val_if_fail (POSTS_IS_NETWORK (self), NULL);

  g_object_get (self, "title", &title, NULL);
  return title;
}

PostsNetworkState
posts_network_get_state (PostsNetwork *self)
{
  PostsNetworkState state = POSTS_NETWORK_STATE_OFF;

  g_return_val_if_fail (POSTS_IS_NETWORK (self), POSTS_NETWORK_STATE_OFF);

  g_object_get (self, "state", &state, NULL);
  return state;
}
