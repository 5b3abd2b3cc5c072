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
  /**
   * PostsNetwork::author-gone:
   * @self: a network
   * @author_id: an account that is no more, for now at least
   */
  g_signal_new ("author-gone", POSTS_TYPE_NETWORK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
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

/**
 * posts_network_get_error:
 * @self: a network
 *
 * Returns: (transfer full) (nullable): what is wrong, or not as well as it could be
 */
GError *
posts_network_get_error (PostsNetwork *self)
{
  GError *error = NULL;

  g_return_val_if_fail (POSTS_IS_NETWORK (self), NULL);

  g_object_get (self, "error", &error, NULL);
  return error;
}

void
posts_network_get_stats (PostsNetwork *self, PostsNetworkStats *stats)
{
  g_return_if_fail (POSTS_IS_NETWORK (self));
  g_return_if_fail (stats != NULL);

  *stats = (PostsNetworkStats){ .silent_ms = -1, .wait_ms = -1, .cost_usd = -1 };
  if (POSTS_NETWORK_GET_IFACE (self)->get_stats != NULL)
    POSTS_NETWORK_GET_IFACE (self)->get_stats (self, stats);
}

/**
 * posts_network_set_token:
 * @self: a network
 * @token: (nullable): the account's secret
 *
 * Counts from the next start.
 */
void
posts_network_set_token (PostsNetwork *self, const char *token)
{
  g_return_if_fail (POSTS_IS_NETWORK (self));

  if (POSTS_NETWORK_GET_IFACE (self)->set_token != NULL)
    POSTS_NETWORK_GET_IFACE (self)->set_token (self, token);
}

/**
 * posts_network_watch:
 * @self: a network
 * @post_ids: (array zero-terminated=1): posts that people see, of any network
 *
 * Where a network does not tell by itself that a post is gone, it is asked from now on.
 */
void
posts_network_watch (PostsNetwork *self, const char *const *post_ids)
{
  g_return_if_fail (POSTS_IS_NETWORK (self));
  g_return_if_fail (post_ids != NULL);

  if (POSTS_NETWORK_GET_IFACE (self)->watch != NULL)
    POSTS_NETWORK_GET_IFACE (self)->watch (self, post_ids);
}

/**
 * posts_network_get_account:
 * @self: a network
 *
 * Returns: (transfer none) (nullable): the account it can be read with; `NULL` if it takes none
 */
const PostsAccount *
posts_network_get_account (PostsNetwork *self)
{
  g_return_val_if_fail (POSTS_IS_NETWORK (self), NULL);

  if (POSTS_NETWORK_GET_IFACE (self)->get_account == NULL)
    return NULL;
  return POSTS_NETWORK_GET_IFACE (self)->get_account (self);
}

/**
 * posts_network_test_account_async:
 * @self: a network, which need not be started
 * @token: what to test; it is not kept
 * …
 * Asks the network one thing that costs nothing. Gives up after 20 seconds.
 */
void
posts_network_test_account_async (PostsNetwork *self, const char *token, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (POSTS_IS_NETWORK (self));
  g_return_if_fail (token != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, posts_network_test_account_async);
  if (POSTS_NETWORK_GET_IFACE (self)->test_account != NULL)
    POSTS_NETWORK_GET_IFACE (self)->test_account (self, token, g_steal_pointer (&task));
  else
    g_task_return_new_error (task, POSTS_ERROR, POSTS_ERROR_REFUSED, "it takes no account");
}

/**
 * posts_network_test_account_finish:
 * …
 * Fails with a `POSTS_ERROR`: `POSTS_ERROR_TOKEN` if it is wrong, others if it could not be found out
 * or may not do what is needed; or with `G_IO_ERROR_CANCELLED`.
 *
 * Returns: whether the account works
 */
gboolean
posts_network_test_account_finish (PostsNetwork *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
