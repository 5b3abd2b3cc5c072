/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-testing-server.h"

static void
message_cb (GuestLine *line, const GuestMessage *message, gpointer user_data)
{
  ((GuestTestingServer *) user_data)->n_messages++;
}

static gboolean
hello_cb (GuestServer *server, GuestLine *line, const char *token, const char *language,
          gpointer user_data)
{
  GuestTestingServer *f = user_data;

  if (!g_str_equal (token, GUEST_TESTING_TOKEN))
    return FALSE;
  g_ptr_array_add (f->lines, g_object_ref (line));
  g_signal_connect (line, "message", G_CALLBACK (message_cb), f);
  guest_line_send (line, g_strdup ("{\"type\":\"welcome\"}"));
  return TRUE;
}

static gboolean
whip_cb (GuestServer *server, SoupServerMessage *message, const char *token, const char *session,
         gpointer user_data)
{
  GuestTestingServer *f = user_data;

  if (!g_str_equal (token, GUEST_TESTING_TOKEN))
    return FALSE;
  g_free (f->whip_token);
  g_free (f->whip_session);
  f->whip_token = g_strdup (token);
  f->whip_session = g_strdup (session);
  soup_server_message_set_status (message, SOUP_STATUS_CREATED, NULL);
  return TRUE;
}

void
guest_testing_server_set_up (GuestTestingServer *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->lines = g_ptr_array_new_with_free_func (g_object_unref);
  f->server = guest_server_new ();
  g_signal_connect (f->server, "hello", G_CALLBACK (hello_cb), f);
  g_signal_connect (f->server, "whip", G_CALLBACK (whip_cb), f);
  g_assert_true (web_server_listen (guest_server_get_web (f->server), "127.0.0.1", 0, &error));
  g_assert_no_error (error);
  f->port = web_server_get_port (guest_server_get_web (f->server));
}

void
guest_testing_server_tear_down (GuestTestingServer *f, gconstpointer data)
{
  web_server_close (guest_server_get_web (f->server));
  g_ptr_array_unref (f->lines);
  g_assert_finalize_object (f->server);
  g_free (f->whip_token);
  g_free (f->whip_session);
}

/* Returns: (transfer full): a line that is welcome */
GuestClient *
guest_testing_server_greet (GuestTestingServer *f)
{
  GuestClient *client = guest_client_open_line (f->port);

  g_assert_true (
    guest_client_say (client, "{\"type\":\"hello\",\"token\":\"" GUEST_TESTING_TOKEN "\"}"));
  g_autofree char *welcome = guest_client_hear_type (client, "welcome");
  g_assert_nonnull (welcome);
  return client;
}

void
guest_testing_assert_status (const char *answer, guint status)
{
  g_autofree char *start = g_strdup_printf ("HTTP/1.1 %u ", status);

  if (!g_str_has_prefix (answer, start))
    g_error ("Expected %u: %.60s", status, answer);
}
