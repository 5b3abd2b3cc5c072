/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-news.h"
#include "posts-twitch-parser.h"

#define MAX_LINE_BYTES 16384
#define MAX_NAME_BYTES 50
#define MAX_ID_BYTES   64
#define MAX_TAGS       100
#define ACTION         "\001ACTION "

/* A line of IRC: `@tags :prefix COMMAND first :rest`. All of it belongs to one copy of the line. */
typedef struct {
  GHashTable *tags;    /* name → value, as they came */
  char *login;         /* nullable: who says it */
  const char *command; /* never NULL */
  const char *target;  /* nullable: a channel */
  const char *rest;    /* nullable */
} Message;

static gboolean
is_made_of (const char *text, const char *letters, gsize max_bytes)
{
  const gsize length = text != NULL ? strlen (text) : 0;

  return length > 0 && length <= max_bytes && strspn (text, letters) == length;
}

static gboolean
is_id (const char *id)
{
  return is_made_of (id, "0123456789abcdefABCDEF-", MAX_ID_BYTES);
}

static gboolean
is_number (const char *id)
{
  return is_made_of (id, "0123456789", 20);
}

/**
 * posts_twitch_is_channel:
 * @name: (nullable): a name
 *
 * Returns: whether a channel may be called so, in small letters
 */
gboolean
posts_twitch_is_channel (const char *name)
{
  return is_made_of (name, "abcdefghijklmnopqrstuvwxyz0123456789_", MAX_NAME_BYTES);
}

/* Semicolons, spaces and ends of lines are written differently in a tag. */
static char *
unescape (const char *value)
{
  static const char from[] = ":s\\rn";
  static const char to[] = "; \\\r\n";
  g_autoptr (GString) plain = g_string_new (NULL);

  for (const char *p = value; p != NULL && *p != '\0'; p++) {
    const char *found = NULL;

    if (*p != '\\') {
      g_string_append_c (plain, *p);
      continue;
    }
    if (*++p == '\0')
      break;
    found = strchr (from, *p);
    g_string_append_c (plain, found != NULL ? to[found - from] : *p);
  }
  return g_string_free (g_steal_pointer (&plain), FALSE);
}

static void
read_tags (GHashTable *tags, char *text)
{
  guint n = 0;

  for (char *tag = text; tag != NULL && n < MAX_TAGS; n++) {
    char *next = strchr (tag, ';');
    char *equals = NULL;

    if (next != NULL)
      *next++ = '\0';
    equals = strchr (tag, '=');
    if (equals != NULL) {
      *equals = '\0';
      g_hash_table_replace (tags, tag, equals + 1);
    }
    tag = next;
  }
}

/* Cuts the first word off. */
static char *
cut (char **rest)
{
  char *word = *rest;
  char *space = word != NULL ? strchr (word, ' ') : NULL;

  *rest = space;
  while (*rest != NULL && **rest == ' ')
    *(*rest)++ = '\0';
  if (*rest != NULL && **rest == '\0')
    *rest = NULL;
  return word;
}

static gboolean
read_message (char *line, Message *message)
{
  char *rest = line;
  char *end = NULL;

  if (*rest == '@')
    read_tags (message->tags, cut (&rest) + 1);
  if (rest != NULL && *rest == ':') {
    message->login = cut (&rest) + 1;
    end = message->login + strcspn (message->login, "!@");
    *end = '\0';
  }
  message->command = cut (&rest);
  if (message->command == NULL || *message->command == '\0')
    return FALSE;
  if (rest != NULL && *rest != ':')
    message->target = cut (&rest);
  if (rest != NULL)
    message->rest = *rest == ':' ? rest + 1 : rest;
  return TRUE;
}

static const char *
get_tag (const Message *message, const char *name)
{
  return g_hash_table_lookup (message->tags, name);
}

static GDateTime *
read_time (const char *ms, GDateTime *received)
{
  guint64 number = 0;
  g_autoptr (GDateTime) claimed = NULL;

  if (ms != NULL && g_ascii_string_to_unsigned (ms, 10, 0, G_MAXINT64 / 1000, &number, NULL)) {
    g_autoptr (GDateTime) second = g_date_time_new_from_unix_utc ((gint64) (number / 1000));

    if (second != NULL)
      claimed = g_date_time_add (second, (GTimeSpan) (number % 1000) * G_TIME_SPAN_MILLISECOND);
  }
  return posts_news_clamp_time (claimed, received);
}

/* What someone does, “/me”, reads like what they say. */
static char *
read_text (const char *text)
{
  gsize length = 0;

  if (!g_str_has_prefix (text, ACTION))
    return g_strdup (text);
  text += strlen (ACTION);
  length = strlen (text);
  if (length > 0 && text[length - 1] == '\001')
    length--;
  return g_strndup (text, length);
}

static gboolean
read_post (const Message *message, GDateTime *received, PostsTwitchLine *line)
{
  const char *id = get_tag (message, "id");
  const char *user = get_tag (message, "user-id");
  g_autofree char *name = unescape (get_tag (message, "display-name"));
  g_autofree char *text = message->rest != NULL ? read_text (message->rest) : NULL;
  g_autofree char *post_id = g_strconcat ("twitch:", id, NULL);
  g_autofree char *author_id = g_strconcat ("twitch:", user, NULL);
  g_autoptr (GDateTime) created = read_time (get_tag (message, "tmi-sent-ts"), received);
  g_autofree char *handle = NULL;

  if (!is_id (id) || !is_number (user) || text == NULL || *text == '\0' ||
      !posts_twitch_is_channel (message->login))
    return FALSE;
  handle = g_strconcat ("@", message->login, NULL);
  const PostsPostFields fields = {
    .id = post_id,
    .network = POSTS_NETWORK_KIND_TWITCH,
    .author_id = author_id,
    .author_name = *name != '\0' ? name : message->login,
    .author_handle = handle,
    .n_followers = -1,
    .text = text,
    .created = created,
    .traits =
      get_tag (message, "reply-parent-msg-id") != NULL ? POSTS_TRAIT_REPLY : POSTS_TRAIT_NONE,
  };
  line->kind = POSTS_TWITCH_POST;
  line->post = posts_post_new (&fields);
  return TRUE;
}

static gboolean
read_gone (const char *id, gboolean is_valid, PostsTwitchKind kind, PostsTwitchLine *line)
{
  if (!is_valid)
    return FALSE;
  line->kind = kind;
  line->text = g_strconcat ("twitch:", id, NULL);
  return TRUE;
}

static gboolean
read_clear (const Message *message, PostsTwitchLine *line)
{
  const char *user = get_tag (message, "target-user-id");

  if (message->rest != NULL || user != NULL)
    return read_gone (user, is_number (user), POSTS_TWITCH_AUTHOR_GONE, line);
  line->kind = POSTS_TWITCH_ALL_GONE;
  return TRUE;
}

/* Most notices are about what others may do in the chat. */
static void
read_notice (const Message *message, PostsTwitchLine *line)
{
  static const char *const refusals[] = {
    "msg_channel_suspended", "msg_banned", "msg_channel_blocked",
    "msg_room_not_found",    "tos_ban",    NULL
  };
  const char *id = get_tag (message, "msg-id");

  /* Before there is a channel, all they say is why there will be none. */
  if (id != NULL ? !g_strv_contains (refusals, id)
                 : message->target == NULL || *message->target != '*')
    return;
  line->kind = POSTS_TWITCH_REFUSED;
  line->text = g_utf8_make_valid (message->rest != NULL ? message->rest : "", -1);
}

static gboolean
read_command (const Message *message, const char *channel, GDateTime *received,
              PostsTwitchLine *line)
{
  const char *id = get_tag (message, "target-msg-id");
  const char *target = message->target;
  const gboolean ours = target != NULL && *target == '#' && g_str_equal (target + 1, channel);

  if (g_str_equal (message->command, "PING")) {
    line->kind = POSTS_TWITCH_PING;
    line->text = g_strdup (message->rest != NULL ? message->rest : target);
  } else if (g_str_equal (message->command, "RECONNECT")) {
    line->kind = POSTS_TWITCH_RECONNECT;
  } else if (g_str_equal (message->command, "NOTICE")) {
    read_notice (message, line);
  } else if (target == NULL && (g_str_equal (message->command, "PRIVMSG") ||
                                g_str_has_prefix (message->command, "CLEAR"))) {
    return FALSE;
  } else if (ours && g_str_equal (message->command, "PRIVMSG")) {
    return read_post (message, received, line);
  } else if (ours && g_str_equal (message->command, "CLEARMSG")) {
    return read_gone (id, is_id (id), POSTS_TWITCH_GONE, line);
  } else if (ours && g_str_equal (message->command, "CLEARCHAT")) {
    return read_clear (message, line);
  } else if (ours && (g_str_equal (message->command, "ROOMSTATE") ||
                      g_str_equal (message->command, "JOIN"))) {
    line->kind = POSTS_TWITCH_JOINED;
  }
  return TRUE;
}

/**
 * posts_twitch_read_line:
 * @data: a line without its end, any bytes
 * @length: how many
 * @channel: the channel that we are in, in small letters
 * @received: when it came
 * @line: (out): what it says
 *
 * Returns: whether it could be understood; a command that is not known can
 */
gboolean
posts_twitch_read_line (const char *data, gsize length, const char *channel, GDateTime *received,
                        PostsTwitchLine *line)
{
  g_autofree char *copy = NULL;
  g_autoptr (GHashTable) tags = NULL;
  Message message = { 0 };

  *line = (PostsTwitchLine){ 0 };
  if (length == 0)
    return TRUE;
  if (length > MAX_LINE_BYTES || memchr (data, '\0', length) != NULL)
    return FALSE;
  copy = g_strndup (data, length);
  tags = g_hash_table_new (g_str_hash, g_str_equal);
  message.tags = tags;
  return read_message (copy, &message) && read_command (&message, channel, received, line);
}

void
posts_twitch_line_clear (PostsTwitchLine *line)
{
  g_clear_object (&line->post);
  g_clear_pointer (&line->text, g_free);
}
