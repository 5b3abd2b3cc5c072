/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-feed-private.h"

/* Whether an account works, before it is kept: one question that costs nothing, whatever the feed does. */

#define TEST_S         20
#define MAX_TEST_BYTES (256 * 1024)

typedef struct {
  SoupMessage *message;
  char *data;
} Test;

static void
test_free (gpointer data)
{
  Test *test = data;

  g_object_unref (test->message);
  g_free (test->data);
  g_free (test);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PostsFeed *self = g_task_get_source_object (task);
  const Test *test = g_task_get_task_data (task);
  GError *error = NULL;
  gsize length = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (object), result, &length, &error)) {
    g_task_return_error (task, error);
    return;
  }
  test->data[length] = '\0';
  if (POSTS_FEED_GET_CLASS (self)->judge_account (self, soup_message_get_status (test->message),
                                                  test->data, length, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Test *test = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GInputStream) stream =
    soup_session_send_finish (SOUP_SESSION (object), result, &error);

  if (stream == NULL) {
    g_task_return_error (task, g_error_new (POSTS_ERROR, POSTS_ERROR_SOURCE, "%s", error->message));
    g_error_free (error);
    return;
  }
  /* What is longer is cut, and then no answer. */
  test->data = g_malloc (MAX_TEST_BYTES + 1);
  g_input_stream_read_all_async (stream, test->data, MAX_TEST_BYTES, G_PRIORITY_DEFAULT,
                                 g_task_get_cancellable (task), read_cb, g_object_ref (task));
}

/**
 * _posts_feed_test_account:
 * @self: a feed
 * @token: what to test
 * @task: (transfer full): told whether it works
 */
void
_posts_feed_test_account (PostsFeed *self, const char *token, GTask *owned)
{
  g_autoptr (GTask) task = owned;
  g_autoptr (SoupSession) session =
    soup_session_new_with_options ("user-agent", "Regie/" PACKAGE_VERSION " (" APPLICATION_ID ")",
                                   "timeout", TEST_S, NULL);
  SoupMessage *message = NULL;
  Test *test = NULL;

  if (POSTS_FEED_GET_CLASS (self)->ask_account != NULL)
    message = POSTS_FEED_GET_CLASS (self)->ask_account (self, token);
  if (message == NULL) {
    g_task_return_new_error (task, POSTS_ERROR, POSTS_ERROR_REFUSED,
                             "there is no account, or no address to ask");
    return;
  }
  test = g_new0 (Test, 1);
  test->message = message;
  g_task_set_task_data (task, test, test_free);
  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                           sent_cb, g_object_ref (task));
}

/* A question with a token that is not the feed's own, or not yet. */
SoupMessage *
_posts_feed_make_test (PostsFeed *self, const char *base, const char *path, const char *token)
{
  SoupMessage *message = _posts_feed_make_message (self, "GET", base, path, FALSE);
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);

  if (message != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  bearer);
  return message;
}
