/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "modpage-moderator.h"
#include "modpage-view.h"
#include "web-words.h"

/* What changes is told at once, and then not more often than this. */
#define TELL_MS 250

/**
 * ModpageModerator:
 *
 * Somebody's page that sorts posts. Until it knows the token it gets and does nothing; afterwards it
 * may do what sorts posts, and nothing else.
 */
struct _ModpageModerator {
  GObject parent_instance;

  WebLine *line;
  PostsDesk *desk;
  ModpageView *view;
  char *who; /* nullable: nobody knows yet */
  gboolean welcome;
  gboolean may_show;
  guint n_moderators;
  char *told; /* nullable: the facts that were told last */
  gint64 told_us;
  guint tell_id;
};

G_DEFINE_FINAL_TYPE (ModpageModerator, modpage_moderator, G_TYPE_OBJECT)

enum {
  SIGNAL_HELLO,
  SIGNAL_ACTED,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
add_counts (ModpageModerator *self, WebWords *words)
{
  for (guint i = 0; i < MODPAGE_N_LISTS; i++) {
    GListModel *list = modpage_view_get_list (self->desk, (ModpageList) i);

    web_words_number (words, modpage_list_get_name ((ModpageList) i),
                      g_list_model_get_n_items (list));
  }
}

static void
tell_facts (ModpageModerator *self)
{
  WebWords *words = web_words_new ("facts");
  PostsItem *on_screen = posts_desk_get_on_screen (self->desk);
  g_autofree char *facts = NULL;
  guint n_posts = 0;

  add_counts (self, words);
  web_words_text (words, "on_screen",
                  on_screen != NULL ? posts_post_get_id (posts_item_get_post (on_screen)) : NULL);
  web_words_flag (words, "panic", posts_desk_get_panic (self->desk));
  web_words_flag (words, "may_show", self->may_show);
  web_words_number (words, "moderators", self->n_moderators);
  web_words_flag (words, "undo",
                  posts_triage_get_undo (self->desk, self->who, &n_posts, NULL, NULL) !=
                    POSTS_ACT_NONE);
  facts = web_words_end (words);
  if (common_set_string (&self->told, facts))
    web_line_send (self->line, g_steal_pointer (&facts));
}

static gboolean
tell_cb (gpointer user_data)
{
  ModpageModerator *self = user_data;
  char *list = modpage_view_tell (self->view);

  self->tell_id = 0;
  self->told_us = g_get_monotonic_time ();
  if (list != NULL)
    web_line_send (self->line, list);
  tell_facts (self);
  return G_SOURCE_REMOVE;
}

/**
 * modpage_moderator_touch:
 * @self: a moderator
 *
 * Something at the desk is not as it was: the page is told in a moment.
 */
void
modpage_moderator_touch (ModpageModerator *self)
{
  gint64 wait_ms = 0;

  g_return_if_fail (MODPAGE_IS_MODERATOR (self));

  if (!self->welcome || self->tell_id != 0)
    return;
  wait_ms = TELL_MS - (g_get_monotonic_time () - self->told_us) / 1000;
  self->tell_id = g_timeout_add ((guint) CLAMP (wait_ms, 0, TELL_MS), tell_cb, self);
}

static const char *
name_failure (ModpageModerator *self, const GError *error)
{
  if (g_error_matches (error, POSTS_ERROR, POSTS_ERROR_UNDO))
    return "nothing";
  if (posts_desk_get_panic (self->desk))
    return "panic";
  return "changed";
}

static void
answer (ModpageModerator *self, const ModpageMessage *message, const char *failure)
{
  web_line_send (self->line,
                 web_words_end (
                   web_words_text (web_words_number (web_words_new ("result"), "id", message->id),
                                   "failure", failure)));
}

static void
act (ModpageModerator *self, const ModpageMessage *message)
{
  const char *const ids[] = { message->post, NULL };
  const gboolean shows = message->act == POSTS_ACT_SHOW || message->act == POSTS_ACT_TAKE_OFF;
  g_autoptr (GError) error = NULL;

  if (shows && !self->may_show) {
    answer (self, message, "not-allowed");
    return;
  }
  if (!posts_triage_do (self->desk, self->who, message->act, ids, &error)) {
    answer (self, message, name_failure (self, error));
    return;
  }
  answer (self, message, NULL);
  g_signal_emit (self, signals[SIGNAL_ACTED], 0, (int) message->act, message->post);
}

static void
undo (ModpageModerator *self, const ModpageMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (!posts_triage_undo (self->desk, self->who, &error)) {
    answer (self, message, name_failure (self, error));
    return;
  }
  answer (self, message, NULL);
  g_signal_emit (self, signals[SIGNAL_ACTED], 0, (int) POSTS_ACT_NONE, "");
}

static void
greet (ModpageModerator *self, const ModpageMessage *message)
{
  gboolean taken = FALSE;

  if (web_line_get_known (self->line)) {
    web_line_bye (self->line, "protocol");
    return;
  }
  web_line_set_known (self->line);
  self->who = g_strdup_printf ("moderator:%s", message->me);
  g_signal_emit (self, signals[SIGNAL_HELLO], 0, message->token, message->me, &taken);
}

static void
take_message (ModpageModerator *self, const ModpageMessage *message)
{
  if (message->type == MODPAGE_MESSAGE_HELLO) {
    greet (self, message);
    return;
  }
  /* Nothing before a good token. */
  if (!self->welcome) {
    web_line_bye (self->line, "protocol");
    return;
  }
  switch (message->type) {
  case MODPAGE_MESSAGE_LIST:
    modpage_view_look_at (self->view, message->list, message->count);
    modpage_moderator_touch (self);
    break;
  case MODPAGE_MESSAGE_DO:
    act (self, message);
    modpage_moderator_touch (self);
    break;
  case MODPAGE_MESSAGE_UNDO:
    undo (self, message);
    modpage_moderator_touch (self);
    break;
  case MODPAGE_MESSAGE_PING:
    web_line_send (self->line,
                   web_words_end (web_words_number (web_words_new ("pong"), "id", message->id)));
    break;
  case MODPAGE_MESSAGE_HELLO:
  case MODPAGE_MESSAGE_UNKNOWN:
    break;
  }
}

static void
text_cb (ModpageModerator *self, GBytes *bytes)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr (GError) error = NULL;
  g_autoptr (ModpageMessage) message = modpage_message_parse (text, length, &error);

  if (message == NULL) {
    g_debug ("%s: %s", web_line_get_address (self->line), error->message);
    web_line_bye (self->line, "protocol");
    return;
  }
  g_object_ref (self);
  take_message (self, message);
  g_object_unref (self);
}

static void
closed_cb (ModpageModerator *self)
{
  g_object_ref (self);
  self->welcome = FALSE;
  g_clear_handle_id (&self->tell_id, g_source_remove);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
  g_object_unref (self);
}

static void
modpage_moderator_dispose (GObject *object)
{
  ModpageModerator *self = MODPAGE_MODERATOR (object);

  g_clear_handle_id (&self->tell_id, g_source_remove);
  g_clear_pointer (&self->view, modpage_view_free);
  g_clear_object (&self->line);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (modpage_moderator_parent_class)->dispose (object);
}

static void
modpage_moderator_finalize (GObject *object)
{
  ModpageModerator *self = MODPAGE_MODERATOR (object);

  g_free (self->who);
  g_free (self->told);
  G_OBJECT_CLASS (modpage_moderator_parent_class)->finalize (object);
}

static void
modpage_moderator_class_init (ModpageModeratorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = modpage_moderator_dispose;
  object_class->finalize = modpage_moderator_finalize;

  signals[SIGNAL_HELLO] = g_signal_new ("hello", MODPAGE_TYPE_MODERATOR, G_SIGNAL_RUN_LAST, 0,
                                        g_signal_accumulator_true_handled, NULL, NULL,
                                        G_TYPE_BOOLEAN, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_ACTED] = g_signal_new ("acted", MODPAGE_TYPE_MODERATOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 2, POSTS_TYPE_ACT, G_TYPE_STRING);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", MODPAGE_TYPE_MODERATOR, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
modpage_moderator_init (ModpageModerator *self)
{
}

/**
 * modpage_moderator_new:
 * @line: an open line
 * @desk: the desk
 *
 * Returns: (transfer full): who is not welcome yet
 */
ModpageModerator *
modpage_moderator_new (WebLine *line, PostsDesk *desk)
{
  ModpageModerator *self = g_object_new (MODPAGE_TYPE_MODERATOR, NULL);

  self->line = g_object_ref (line);
  self->desk = g_object_ref (desk);
  self->view = modpage_view_new (desk, G_CALLBACK (modpage_moderator_touch), G_OBJECT (self));
  g_signal_connect_object (line, "text", G_CALLBACK (text_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (line, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

WebLine *
modpage_moderator_get_line (ModpageModerator *self)
{
  g_return_val_if_fail (MODPAGE_IS_MODERATOR (self), NULL);

  return self->line;
}

gboolean
modpage_moderator_get_welcome (ModpageModerator *self)
{
  g_return_val_if_fail (MODPAGE_IS_MODERATOR (self), FALSE);

  return self->welcome;
}

/**
 * modpage_moderator_welcome:
 * @self: who had the token
 * @title: the event's
 */
void
modpage_moderator_welcome (ModpageModerator *self, const char *title)
{
  g_return_if_fail (MODPAGE_IS_MODERATOR (self));

  self->welcome = TRUE;
  web_line_send (self->line,
                 web_words_end (web_words_text (web_words_new ("welcome"), "title", title)));
}

/**
 * modpage_moderator_set_facts:
 * @self: a moderator
 * @may_show: whether posts may be put on screen by moderators
 * @n_moderators: how many there are, with this one
 */
void
modpage_moderator_set_facts (ModpageModerator *self, gboolean may_show, guint n_moderators)
{
  g_return_if_fail (MODPAGE_IS_MODERATOR (self));

  self->may_show = !!may_show;
  self->n_moderators = n_moderators;
  modpage_moderator_touch (self);
}
