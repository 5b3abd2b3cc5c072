/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "event-list.h"

#define MIN_SILENCE_S     3
#define MAX_SILENCE_S     120
#define DEFAULT_SILENCE_S 8

#define MAX_NAME_CHARS    20

static const char *const names[] = {
  "audience-frozen",
  "audience-gone",
  "audience-silent",
  "battery",
  "black",
  "channel",
  "clipping",
  "disk",
  "frozen",
  "guest-weak",
  "hum",
  "journal",
  "lips",
  "microphone",
  "overload",
  "recording",
  "silence",
  "source-lost",
  NULL,
};

/**
 * event_alarms_read:
 * @reader: a reader
 * @object: the section `alarms`
 * @self: (out): what it says
 */
void
event_alarms_read (EventReader *reader, JsonObject *object, EventAlarms *self)
{
  self->off_air = event_reader_boolean (reader, object, "off-air", FALSE);
  self->silence_s =
    event_reader_int (reader, object, "silence-s", MIN_SILENCE_S, MAX_SILENCE_S, DEFAULT_SILENCE_S);
  self->ignored =
    event_reader_strings (reader, object, "ignore", G_N_ELEMENTS (names), MAX_NAME_CHARS);
  for (guint i = 0; self->ignored[i] != NULL; i++) {
    g_autofree char *key = g_strdup_printf ("ignore[%u]", i);
    g_autofree char *suggestion = event_reader_suggest (self->ignored[i], names);

    if (!g_strv_contains (names, self->ignored[i]))
      event_reader_fail (reader, key, "is “%s”, expected an alarm such as “hum”%s",
                         self->ignored[i], suggestion);
  }
}

void
event_alarms_clear (EventAlarms *self)
{
  g_clear_pointer (&self->ignored, g_strfreev);
}
