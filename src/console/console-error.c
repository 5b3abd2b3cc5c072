/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-error.h"

#include "engine-types.h"
#include "event-types.h"
#include "livepage-server.h"
#include "posts-post.h"
#include "show-secrets.h"

#include <glib/gi18n.h>

static const char *
describe_engine (EngineError code)
{
  switch (code) {
  case ENGINE_ERROR_MISSING_ELEMENT:
    return _ ("A part of GStreamer is not installed. Install Régie again, or ask the person who "
              "installed it.");
  case ENGINE_ERROR_STREAM:
    return _ ("The picture or sound broke off. Régie tries again by itself.");
  case ENGINE_ERROR_NOT_FOUND:
    return _ ("The device, file or server is not there. Check the cable, the name or the network.");
  case ENGINE_ERROR_REFUSED:
    return _ ("The other side refused. Check the stream key and whether the broadcast is open "
              "there.");
  case ENGINE_ERROR_STALLED:
    return _ ("Nothing has arrived for too long. Check the cable or the network.");
  case ENGINE_ERROR_DISK_FULL:
    return _ ("The disk is full. Free some space, or record to another disk.");
  case ENGINE_ERROR_DISK_GONE:
    return _ (
      "The disk of the recording is gone. Plug it in again; Régie goes on there by itself.");
  case ENGINE_ERROR_DISK_SLOW:
    return _ (
      "The disk of the recording is too slow. Record to a faster one, such as the computer’s "
      "own.");
  case ENGINE_ERROR_DISK_STALLED:
    return _ (
      "The disk of the recording does not answer. Check its cable, or the network it is on; "
      "Régie goes on there by itself.");
  case ENGINE_ERROR_UNWRITABLE:
    return _ ("The recording folder cannot be written. Choose another folder in the event file.");
  case ENGINE_ERROR_UNSUPPORTED:
    return _ ("Régie does not know this kind of address, format or device.");
  case ENGINE_ERROR_PLACE_FULL:
    return _ (
      "The folder or web host that the show is published to is full. Free some space there; "
      "Régie tries again by itself.");
  case ENGINE_ERROR_PLACE_UNWRITABLE:
    return _ ("The folder that the show is published to cannot be written. Check that it is there "
              "and that you may write in it; Régie tries again by itself.");
  case ENGINE_ERROR_NOT_TAKEN:
    return _ (
      "The server does not take picture and sound as Régie sends them there: H.264 or VP8, and "
      "Opus. Ask who runs it.");
  case ENGINE_ERROR_TOO_LONG:
    return _ ("This text is too long to be read on screen. The live page shows all of it.");
  case ENGINE_ERROR_NAME:
    return _ (
      "The name of the server is not known. Check the address, and whether this computer is "
      "on the network.");
  case ENGINE_ERROR_CLOSED_AT_ONCE:
    return _ ("The server takes the connection and closes it at once: the stream key is probably "
              "wrong, or the broadcast is not open there. Régie tries again now and then.");
  case ENGINE_ERROR_BUSY:
    return _ ("Somebody is already publishing there with this stream key. Stop the other program; "
              "Régie tries again by itself.");
  case ENGINE_ERROR_PASSPHRASE:
    return _ (
      "The server turned the call away: the passphrase is probably not the one it expects.");
  case ENGINE_ERROR_UNCALLED:
    return _ ("Waiting for the other side to call.");
  case ENGINE_ERROR_CERTIFICATE_EXPIRED:
    return _ (
      "The certificate of the server has expired or is not valid yet. Check the date of this "
      "computer, then tell the people who run the server.");
  case ENGINE_ERROR_CERTIFICATE_HOST:
    return _ ("The certificate belongs to another server. Check the address; nothing was sent.");
  case ENGINE_ERROR_CERTIFICATE_UNKNOWN:
    return _ (
      "The certificate of the server is signed by nobody that this computer knows. Check the "
      "address; nothing was sent.");
  }
  return NULL;
}

static const char *
describe_event (EventError code)
{
  switch (code) {
  case EVENT_ERROR_UNREADABLE:
    return _ ("The event file cannot be read. Check that it is there and that you may open it.");
  case EVENT_ERROR_SYNTAX:
    return _ ("The event file is damaged: it is not written as it should be. Ask the person who "
              "prepared it.");
  case EVENT_ERROR_VERSION:
    return _ ("The event file was written by a newer Régie. Update Régie, then open it again.");
  case EVENT_ERROR_INVALID:
    return _ ("Something in the event file is missing or wrong. Ask the person who prepared it.");
  case EVENT_ERROR_UNWRITABLE:
    return _ ("The event file cannot be saved. Check that its folder can be written.");
  }
  return NULL;
}

static const char *
describe_posts (PostsError code)
{
  switch (code) {
  case POSTS_ERROR_SOURCE:
    return _ ("The posts cannot be read. Check the network; Régie tries again by itself.");
  case POSTS_ERROR_PARSE:
    return _ ("A post could not be understood and was left out. The others go on.");
  case POSTS_ERROR_STATE:
    return _ ("This post is no longer there, or was already dealt with.");
  }
  return NULL;
}

static const char *
describe_livepage (LivepageError code)
{
  switch (code) {
  case LIVEPAGE_ERROR_LISTEN:
    return _ ("The live page cannot be opened: its address is taken. Close the other Régie, or "
              "choose another port in the event file.");
  }
  return NULL;
}

static const char *
describe_show (ShowError code)
{
  switch (code) {
  case SHOW_ERROR_SECRETS:
    return _ ("The file with the stream keys is missing, not private, or not as it should be.");
  case SHOW_ERROR_NO_KEY:
    return _ ("The stream key is not in the keyring. Enter it under “Where the show goes”, or ask "
              "the person who prepared the event.");
  case SHOW_ERROR_KEYRING:
    return _ ("The keyring of this computer is closed or missing: the key was not kept. Unlock it, "
              "then enter the key again.");
  case SHOW_ERROR_NOT_FOUND:
    return _ ("What you asked for is no longer there.");
  case SHOW_ERROR_STATE:
    return _ ("This cannot be done now.");
  case SHOW_ERROR_FONT:
    return _ ("The font that the event names is not installed here: another one is used instead.");
  case SHOW_ERROR_MEMORY:
    return _ ("What was kept of an interrupted show cannot be read: Régie starts as usual.");
  case SHOW_ERROR_TIME:
    return _ ("This is not a time to count down to. Write it as 14:00; it must not have passed.");
  }
  return NULL;
}

/**
 * console_error_describe:
 * @error: (nullable): what went wrong, in any domain
 *
 * Turns an error, whose message is English and meant for the log, into what the operator reads.
 *
 * Returns: (transfer full): a sentence that says what is wrong and what to do
 */
char *
console_error_describe (const GError *error)
{
  const char *sentence = NULL;

  if (error == NULL)
    return g_strdup ("");

  if (error->domain == ENGINE_ERROR)
    sentence = describe_engine ((EngineError) error->code);
  else if (error->domain == EVENT_ERROR)
    sentence = describe_event ((EventError) error->code);
  else if (error->domain == POSTS_ERROR)
    sentence = describe_posts ((PostsError) error->code);
  else if (error->domain == LIVEPAGE_ERROR)
    sentence = describe_livepage ((LivepageError) error->code);
  else if (error->domain == SHOW_ERROR)
    sentence = describe_show ((ShowError) error->code);

  if (sentence != NULL)
    return g_strdup (sentence);

  /* Errors of libraries are in the reader's language already, or better than nothing. */
  return g_strdup_printf (_ ("Something went wrong: %s"), error->message);
}
