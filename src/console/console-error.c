/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-error.h"

#include "common-util.h"
#include "engine-types.h"
#include "event-types.h"
#include "guest-types.h"
#include "livepage-server.h"
#include "posts-photo-error.h"
#include "posts-post.h"
#include "show-secrets.h"
#include "web-types.h"

#include <glib/gi18n.h>

/* One for each code: the test “every error has a sentence” asks for them. */
static const char *const engine_sentences[] = {
  [ENGINE_ERROR_MISSING_ELEMENT] =
    N_ ("A part of GStreamer is not installed. Install Régie again, or ask the person who "
        "installed it."),
  [ENGINE_ERROR_MISSING_CODEC] = N_ (
    "The codec for this is not installed. As a Flatpak, Régie gets it by “flatpak install flathub "
    "org.freedesktop.Platform.codecs-extra”, on Debian with the packages gstreamer1.0-libav and "
    "gstreamer1.0-plugins-ugly."),
  [ENGINE_ERROR_STREAM] = N_ ("The picture or sound broke off. Régie tries again by itself."),
  [ENGINE_ERROR_NOT_FOUND] =
    N_ ("The device, file or server is not there. Check the cable, the name or the network."),
  [ENGINE_ERROR_REFUSED] =
    N_ ("The other side refused. Check the stream key and whether the broadcast is open "
        "there."),
  [ENGINE_ERROR_STALLED] = N_ ("Nothing has arrived for too long. Check the cable or the network."),
  [ENGINE_ERROR_DISK_FULL] = N_ ("The disk is full. Free some space, or record to another disk."),
  [ENGINE_ERROR_DISK_GONE] =
    N_ ("The disk of the recording is gone. Plug it in again; Régie goes on there by itself."),
  [ENGINE_ERROR_DISK_SLOW] =
    N_ ("The disk of the recording is too slow. Record to a faster one, such as the computer’s "
        "own."),
  [ENGINE_ERROR_DISK_STALLED] =
    N_ ("The disk of the recording does not answer. Check its cable, or the network it is on; "
        "Régie goes on there by itself."),
  [ENGINE_ERROR_UNWRITABLE] =
    N_ ("The recording folder cannot be written. Choose another folder in the event file."),
  [ENGINE_ERROR_UNSUPPORTED] = N_ ("Régie does not know this kind of address, format or device."),
  [ENGINE_ERROR_PLACE_FULL] =
    N_ ("The folder or web host that the show is published to is full. Free some space there; "
        "Régie tries again by itself."),
  [ENGINE_ERROR_PLACE_UNWRITABLE] =
    N_ ("The folder that the show is published to cannot be written. Check that it is there "
        "and that you may write in it; Régie tries again by itself."),
  [ENGINE_ERROR_SCREEN_REFUSED] =
    N_ ("The screen is not shown: whoever was asked said no, or ended it. Press “Ask again”, and "
        "choose a screen or a window."),
  [ENGINE_ERROR_SCREEN_UNSUPPORTED] =
    N_ ("This desktop does not let programs show its screen. Install its portal "
        "(xdg-desktop-portal and the part for this desktop), or connect the screen’s output with "
        "a grabber."),
  [ENGINE_ERROR_CAMERA_ASKED] =
    N_ ("The desktop asks whether Régie may use cameras. Say yes there."),
  [ENGINE_ERROR_CAMERA_REFUSED] =
    N_ ("Régie may not use cameras. Allow it in the desktop’s settings, under Apps, Régie, Camera; "
        "then press “Ask again”."),
  [ENGINE_ERROR_CAMERA_UNREACHABLE] =
    N_ ("No camera can be reached from inside the sandbox that Régie runs in. This desktop needs "
        "xdg-desktop-portal and PipeWire; ask the person who looks after this computer."),
  [ENGINE_ERROR_NOT_TAKEN] =
    N_ ("The server does not take picture and sound as Régie sends them there: H.264 or VP8, and "
        "Opus. Ask who runs it."),
  [ENGINE_ERROR_TOO_LONG] =
    N_ ("This text is too long to be read on screen. The live page shows all of it."),
  [ENGINE_ERROR_NAME] =
    N_ ("The name of the server is not known. Check the address, and whether this computer is "
        "on the network."),
  [ENGINE_ERROR_CLOSED_AT_ONCE] =
    N_ ("The server takes the connection and closes it at once: the stream key is probably "
        "wrong, or the broadcast is not open there. Régie tries again now and then."),
  [ENGINE_ERROR_BUSY] =
    N_ ("Somebody is already publishing there with this stream key. Stop the other program; "
        "Régie tries again by itself."),
  [ENGINE_ERROR_PASSPHRASE] =
    N_ ("The server turned the call away: the passphrase is probably not the one it expects."),
  [ENGINE_ERROR_UNCALLED] = N_ ("Waiting for the other side to call."),
  [ENGINE_ERROR_CERTIFICATE_EXPIRED] =
    N_ ("The certificate of the server has expired or is not valid yet. Check the date of this "
        "computer, then tell the people who run the server."),
  [ENGINE_ERROR_CERTIFICATE_HOST] =
    N_ ("The certificate belongs to another server. Check the address; nothing was sent."),
  [ENGINE_ERROR_CERTIFICATE_UNKNOWN] =
    N_ ("The certificate of the server is signed by nobody that this computer knows. Check the "
        "address; nothing was sent."),
};

static const char *
describe_engine (guint code)
{
  return code < G_N_ELEMENTS (engine_sentences) && engine_sentences[code] != NULL
           ? _ (engine_sentences[code])
           : NULL;
}

static const char *
describe_event (EventError code)
{
  switch (code) {
  case EVENT_ERROR_UNREADABLE:
    if (common_is_sandboxed ())
      return _ ("The event file cannot be read. If it is there, the sandbox that Régie runs in was "
                "not given it: open it with “Open another event…”.");
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
  case POSTS_ERROR_TOKEN:
    return _ (
      "The network wants an account: its token is missing, or not valid any more. Make a new "
      "one on the network’s site.");
  case POSTS_ERROR_REFUSED:
    return _ ("The network does not allow this account, or this address, to read posts. Check the "
              "event file, and what the account may do.");
  case POSTS_ERROR_QUOTA:
    return _ ("What may be spent on posts is spent. No more are read from there.");
  case POSTS_ERROR_BUSY:
    return _ ("The network asks to wait. Régie goes on by itself.");
  case POSTS_ERROR_SILENT:
    return _ ("Nothing comes from the network any more. Régie connects again by itself.");
  case POSTS_ERROR_UNDO:
    return _ ("There is nothing that can be taken back: a decision can be for ten seconds.");
  case POSTS_ERROR_STORE:
    return _ ("The posts cannot be kept on the disk: after a crash they would be lost. Check that "
              "there is space.");
  }
  return NULL;
}

static const char *
describe_photo (PostsPhotoError code)
{
  switch (code) {
  case POSTS_PHOTO_ERROR_NONE:
    return _ ("This post has no photo.");
  case POSTS_PHOTO_ERROR_ADDRESS:
    return _ ("The photo is not shown: it lies on a server that Régie fetches nothing from.");
  case POSTS_PHOTO_ERROR_SOURCE:
    return _ ("The photo is not shown: it could not be fetched in time. Check the network.");
  case POSTS_PHOTO_ERROR_BUSY:
    return _ ("The photo is not shown: too many others were asked for at once.");
  case POSTS_PHOTO_ERROR_KIND:
    return _ ("The photo is not shown: it is not a JPEG, PNG, WebP or GIF picture.");
  case POSTS_PHOTO_ERROR_TOO_LARGE:
    return _ ("The photo is not shown: it is too large.");
  case POSTS_PHOTO_ERROR_BROKEN:
    return _ ("The photo is not shown: it is broken or cut off.");
  case POSTS_PHOTO_ERROR_STOPPED:
    return _ (
      "The photo is not shown: reading it went wrong and was stopped. It may be an attack; the "
      "show was not touched.");
  case POSTS_PHOTO_ERROR_READER:
    return _ (
      "Photos are not shown: the part of Régie that reads them is missing, or this computer cannot "
      "lock it in. Install Régie again, or ask the person who installed it.");
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
describe_web (WebError code)
{
  switch (code) {
  case WEB_ERROR_INVALID:
    return _ ("The other side sent something that is not understood. It is not used.");
  case WEB_ERROR_LISTEN:
    return _ ("The guests’ page cannot be opened: its port is taken. Close the other program, or "
              "choose another port in “Reaching Régie”.");
  case WEB_ERROR_CERTIFICATE:
    return _ (
      "The certificate or its key cannot be read, or they do not belong together. Choose them "
      "again in “Reaching Régie”.");
  case WEB_ERROR_CERTIFICATE_OLD:
    return _ ("The certificate has run out. Choose a new one in “Reaching Régie”.");
  case WEB_ERROR_CERTIFICATE_MADE:
    return _ ("No certificate could be made: the folder for Régie’s data cannot be written.");
  }
  return NULL;
}

static const char *
describe_guest (GuestError code)
{
  switch (code) {
  case GUEST_ERROR_MISSING_ELEMENT:
    return _ ("A part of GStreamer is not installed. Install Régie again, or ask the person who "
              "installed it.");
  case GUEST_ERROR_STREAM:
    return _ ("The connection to the guest broke off. It is made again by itself.");
  case GUEST_ERROR_INVALID:
    return _ ("The other side sent something that is not understood. It is not used.");
  case GUEST_ERROR_NOT_TAKEN:
    return _ ("The other side has no picture or sound that Régie can use. Another browser, such as "
              "Chrome or Firefox, helps.");
  case GUEST_ERROR_NO_WAY:
    return _ ("No way was found through the guest’s network or this one. A TURN server helps, see "
              "“Reaching Régie”.");
  case GUEST_ERROR_VANISHED:
    return _ (
      "Nothing comes from the guest any more: the network broke off, or the page was closed. "
      "It comes back by itself.");
  case GUEST_ERROR_TOO_SLOW:
    return _ ("The connection was not made in time. It is tried again by itself.");
  case GUEST_ERROR_ADDRESS:
    return _ ("The address of a STUN or TURN server is not one. Correct it in “Reaching Régie”.");
  case GUEST_ERROR_TUNNEL_MISSING:
    return _ ("The program of the tunnel is not installed. Install it, or correct the command in "
              "“Reaching Régie”.");
  case GUEST_ERROR_TUNNEL:
    return _ ("The tunnel’s program ended. Régie starts it again by itself; check the command in "
              "“Reaching Régie”.");
  case GUEST_ERROR_ABSENT:
    return _ ("The guest is not there now, so nothing can be sent.");
  case GUEST_ERROR_TOO_LONG:
    return _ ("This text is too long for the guest’s page: 200 characters at most.");
  case GUEST_ERROR_STARVED:
    return _ ("The guest is connected, but their picture or sound does not come. It is asked for "
              "again by itself.");
  }
  return NULL;
}

static const char *
describe_show (ShowError code)
{
  switch (code) {
  case SHOW_ERROR_SECRETS:
    return _ ("The file with the stream keys is missing, not private, or not as it should be.");
  case SHOW_ERROR_NO_KEYRING:
    return _ (
      "This computer’s keyring does not answer: it is closed, or there is none. Unlock it, or "
      "enter the stream key under “Where the show goes”: it then holds until Régie is "
      "closed.");
  case SHOW_ERROR_NO_KEY:
    return _ ("The stream key is not in the keyring. Enter it under “Where the show goes”, or ask "
              "the person who prepared the event.");
  case SHOW_ERROR_KEYRING:
    return _ (
      "The keyring of this computer is closed or missing: what was entered holds until Régie is "
      "closed, and is asked for again the next time. Unlock the keyring, or have one "
      "installed, such as GNOME Keyring.");
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
 * console_error_describe_destination:
 * @error: (nullable): what went wrong with a destination
 *
 * As console_error_describe (), where what is not there can only be a server.
 *
 * Returns: (transfer full): a sentence that says what is wrong and what to do
 */
char *
console_error_describe_destination (const GError *error)
{
  if (g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND))
    return g_strdup (
      _ ("The server does not answer. Check its address and this computer’s network; "
         "Régie tries again by itself."));
  if (g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_STALLED))
    return g_strdup (_ ("The server takes nothing any more. Régie connects anew by itself."));
  if (g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_STREAM))
    return g_strdup (_ ("The connection broke off. Régie tries again by itself."));
  return console_error_describe (error);
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
    sentence = describe_engine ((guint) error->code);
  else if (error->domain == EVENT_ERROR)
    sentence = describe_event ((EventError) error->code);
  else if (error->domain == POSTS_ERROR)
    sentence = describe_posts ((PostsError) error->code);
  else if (error->domain == POSTS_PHOTO_ERROR)
    sentence = describe_photo ((PostsPhotoError) error->code);
  else if (error->domain == LIVEPAGE_ERROR)
    sentence = describe_livepage ((LivepageError) error->code);
  else if (error->domain == WEB_ERROR)
    sentence = describe_web ((WebError) error->code);
  else if (error->domain == GUEST_ERROR)
    sentence = describe_guest ((GuestError) error->code);
  else if (error->domain == SHOW_ERROR)
    sentence = describe_show ((ShowError) error->code);

  if (sentence != NULL)
    return g_strdup (sentence);

  /* Errors of libraries are in the reader's language already, or better than nothing. */
  return g_strdup_printf (_ ("Something went wrong: %s"), error->message);
}
