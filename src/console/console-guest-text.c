/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-guest-text.h"

#include "console-text.h"

#include <glib/gi18n.h>
#include <math.h>

/**
 * console_guest_text_mark:
 * @state: how a guest is
 *
 * Returns: (transfer none): the sign of it, each of another shape: nobody has to see its colour
 */
const char *
console_guest_text_mark (GuestState state)
{
  switch (state) {
  case GUEST_STATE_INVITED:
    return "○";
  case GUEST_STATE_FOLLOWING:
    return "◔";
  case GUEST_STATE_GREEN_ROOM:
    return "◐";
  case GUEST_STATE_READY:
    return "✓";
  case GUEST_STATE_ON_AIR:
    return "●";
  case GUEST_STATE_WEAK:
    return "⚠";
  case GUEST_STATE_LOST:
    return "✕";
  case GUEST_STATE_REJOINED:
    return "↻";
  case GUEST_STATE_REVOKED:
    return "⊘";
  }
  g_return_val_if_reached ("");
}

/**
 * console_guest_text_class:
 * @state: how a guest is
 *
 * Returns: (transfer none): the style class of it
 */
const char *
console_guest_text_class (GuestState state)
{
  switch (state) {
  case GUEST_STATE_INVITED:
  case GUEST_STATE_FOLLOWING:
  case GUEST_STATE_REVOKED:
    return "guest-away";
  case GUEST_STATE_GREEN_ROOM:
    return "guest-waiting";
  case GUEST_STATE_READY:
  case GUEST_STATE_REJOINED:
    return "guest-ready";
  case GUEST_STATE_ON_AIR:
    return "guest-on-air";
  case GUEST_STATE_WEAK:
  case GUEST_STATE_LOST:
    return "guest-trouble";
  }
  g_return_val_if_reached ("");
}

/**
 * console_guest_text_state:
 * @state: how a guest is
 *
 * Returns: (transfer full): it in two or three words, with its sign
 */
char *
console_guest_text_state (GuestState state)
{
  const char *words = NULL;

  switch (state) {
  case GUEST_STATE_INVITED:
    words = _ ("Invited");
    break;
  case GUEST_STATE_FOLLOWING:
    words = _ ("Follows the event");
    break;
  case GUEST_STATE_GREEN_ROOM:
    words = _ ("In the green room");
    break;
  case GUEST_STATE_READY:
    words = _ ("Ready");
    break;
  case GUEST_STATE_ON_AIR:
    words = _ ("On air");
    break;
  case GUEST_STATE_WEAK:
    words = _ ("Weak network");
    break;
  case GUEST_STATE_LOST:
    words = _ ("Lost");
    break;
  case GUEST_STATE_REJOINED:
    words = _ ("Rejoined");
    break;
  case GUEST_STATE_REVOKED:
    words = _ ("Link revoked");
    break;
  }
  return g_strdup_printf ("%s %s", console_guest_text_mark (state), words);
}

/* Translators: %s is a guest, in all of these */
static const char *
get_sentence (GuestState state)
{
  switch (state) {
  case GUEST_STATE_INVITED:
    return _ ("%s has not come yet");
  case GUEST_STATE_FOLLOWING:
    return _ ("%s follows the event");
  case GUEST_STATE_GREEN_ROOM:
    return _ ("%s is in the green room");
  case GUEST_STATE_READY:
    return _ ("%s is ready");
  case GUEST_STATE_ON_AIR:
    return _ ("%s is on air");
  case GUEST_STATE_WEAK:
    return _ ("%s: weak network");
  case GUEST_STATE_LOST:
    return _ ("%s is lost");
  case GUEST_STATE_REJOINED:
    return _ ("%s is back");
  case GUEST_STATE_REVOKED:
    return _ ("The link of %s is revoked");
  }
  g_return_val_if_reached ("%s");
}

/**
 * console_guest_text_sentence:
 * @state: how a guest is
 * @name: the guest
 *
 * Returns: (transfer full): it as a sentence, with its sign
 */
char *
console_guest_text_sentence (GuestState state, const char *name)
{
  g_autofree char *words = console_text_format (get_sentence (state), name);

  return g_strdup_printf ("%s %s", console_guest_text_mark (state), words);
}

static const char *
get_way (GuestWay way)
{
  switch (way) {
  case GUEST_WAY_UNKNOWN:
    return NULL;
  case GUEST_WAY_DIRECT:
    return _ ("direct");
  case GUEST_WAY_RELAYED:
    return _ ("relayed");
  }
  g_return_val_if_reached (NULL);
}

static void
add (GPtrArray *parts, char *part)
{
  g_ptr_array_add (parts, part);
}

static char *
join (GPtrArray *parts)
{
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

/**
 * console_guest_text_line:
 * @health: how the connection goes
 * @way: how picture and sound travel
 *
 * Returns: (transfer full): round trip, loss and way; empty when nothing is known
 */
char *
console_guest_text_line (const GuestHealth *health, GuestWay way)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (health->rtt_ms >= 0)
    /* Translators: how long the way to a guest and back takes */
    add (parts, g_strdup_printf (_ ("%.0f ms there and back"), health->rtt_ms));
  if (health->lost_in_share >= 0)
    /* Translators: how much of what a guest sends gets lost */
    add (parts, g_strdup_printf (_ ("%.1f %% lost"), health->lost_in_share * 100));
  if (get_way (way) != NULL)
    add (parts, g_strdup (get_way (way)));
  return join (parts);
}

/**
 * console_guest_text_picture:
 * @health: how the connection goes
 * @camera_on: whether the guest sends a picture
 *
 * Returns: (transfer full): the size and rate of what comes from the guest; empty when nothing comes
 */
char *
console_guest_text_picture (const GuestHealth *health, gboolean camera_on)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (health->width_px > 0 && camera_on)
    /* Translators: width and height of a picture, and how many pictures there are in a second */
    add (parts, g_strdup_printf (_ ("%d×%d, %.0f pictures/s"), health->width_px, health->height_px,
                                 health->rate_fps));
  else if (health->in_bps > 0 && !camera_on)
    add (parts, g_strdup (_ ("camera off")));
  if (health->in_bps >= 1000000)
    add (parts, g_strdup_printf (_ ("%.1f Mbit/s"), health->in_bps / 1e6));
  else if (health->in_bps > 0)
    add (parts, g_strdup_printf (_ ("%.0f kbit/s"), health->in_bps / 1e3));
  return join (parts);
}
