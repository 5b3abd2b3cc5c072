/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-overview.h"

#include "common-util.h"
#include "console-error.h"
#include "console-network-text.h"
#include "console-notice.h"
#include "console-text.h"
#include "posts-network.h"

#include <glib/gi18n.h>

/**
 * ConsoleOverview:
 *
 * What the operator has to know about all of a show's parts together: how many destinations are
 * live, what is in trouble, where posts come from.
 *
 * It is a model, made from the parts' own states each time one of them changes.
 */
struct _ConsoleOverview {
  GObject parent_instance;

  ShowSession *session;  /* construct-only */
  GPtrArray *watched;    /* (element-type GObject): the items of the session's lists */
  GHashTable *were_live; /* (element-type EngineSource): a set, ever in this show */
  guint n_destinations;
  guint n_live;
  GListStore *notices; /* of ConsoleNotice, the worst first */
  char *networks;
};

G_DEFINE_FINAL_TYPE (ConsoleOverview, console_overview, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_N_DESTINATIONS,
  PROP_N_LIVE,
  PROP_WORST,
  PROP_N_NOTICES,
  PROP_NETWORKS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_number (ConsoleOverview *self, guint *field, guint value, int property_id)
{
  if (*field == value)
    return;

  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property_id]);
}

static void
set_string (ConsoleOverview *self, char **field, const char *value, int property_id)
{
  if (common_set_string (field, value))
    g_object_notify_by_pspec (G_OBJECT (self), properties[property_id]);
}

/* On air, alarms say it better, and what was dismissed stays away. */
static gboolean
has_alarms (ConsoleOverview *self)
{
  return show_session_get_state (self->session) == SHOW_STATE_LIVE;
}

static void
add_recording_warning (ConsoleOverview *self, GPtrArray *warnings)
{
  EngineRecording *recording = show_session_get_recording (self->session);
  const EngineRecordingState state = engine_recording_get_state (recording);
  const GError *error = engine_recording_get_error (recording);

  /* No alarm says that the disk is slow, or what is the matter with one that was left. */
  if (error != NULL &&
      (state == ENGINE_RECORDING_STATE_DEGRADED || state == ENGINE_RECORDING_STATE_STOPPED)) {
    g_ptr_array_add (warnings, console_error_describe (error));
    return;
  }
  if (has_alarms (self))
    return;

  switch (state) {
  case ENGINE_RECORDING_STATE_STOPPED:
    g_ptr_array_add (warnings, g_strdup (_ ("The recording has stopped: the disk is full or its "
                                            "folder is gone. The show goes on.")));
    break;
  case ENGINE_RECORDING_STATE_DEGRADED:
    g_ptr_array_add (warnings, g_strdup (_ ("The disk is nearly full. Free some space so that the "
                                            "recording can go on.")));
    break;
  case ENGINE_RECORDING_STATE_OFF:
  case ENGINE_RECORDING_STATE_RECORDING:
  case ENGINE_RECORDING_STATE_STOPPING:
    break;
  }
}

static void
add_output_warning (EngineOutput *output, GPtrArray *warnings)
{
  const char *title = engine_output_get_title (output);
  g_autofree char *sentence = NULL;

  switch (engine_output_get_state (output)) {
  case ENGINE_OUTPUT_STATE_REFUSED:
    sentence = console_error_describe_destination (engine_output_get_error (output));
    /* Translators: what is in trouble, then a sentence that says why */
    g_ptr_array_add (warnings, g_strdup_printf (_ ("%s: %s"), title, sentence));
    break;
  case ENGINE_OUTPUT_STATE_WAITING:
    g_ptr_array_add (warnings,
                     /* Translators: %s is a destination */
                     g_strdup_printf (_ ("%s: connection lost. Régie tries again by itself."),
                                      title));
    break;
  case ENGINE_OUTPUT_STATE_OFF:
  case ENGINE_OUTPUT_STATE_CONNECTING:
  case ENGINE_OUTPUT_STATE_LIVE:
    break;
  }
}

static gboolean
has_address (ConsoleOverview *self, EngineSource *source)
{
  GPtrArray *records = event_file_get_sources (show_session_get_event (self->session));

  for (guint i = 0; i < records->len; i++) {
    const EventSource *record = records->pdata[i];

    if (g_str_equal (record->id, engine_source_get_id (source)))
      return record->kind == EVENT_SOURCE_URI && strstr (record->uri, "://") != NULL &&
             !g_str_has_prefix (record->uri, "file:");
  }
  return FALSE;
}

static void
add_source_warning (ConsoleOverview *self, EngineSource *source, GPtrArray *warnings)
{
  const EngineSourceState state = engine_source_get_state (source);
  const GError *error = engine_source_get_error (source);
  const char *title = engine_source_get_title (source);
  g_autofree char *sentence = NULL;

  if (has_alarms (self) && engine_source_get_on_air (source))
    return;
  if (console_text_source_is_missing (state, error,
                                      g_hash_table_contains (self->were_live, source))) {
    g_ptr_array_add (warnings, console_text_missing_source (title, has_address (self, source)));
    return;
  }

  switch (state) {
  case ENGINE_SOURCE_STATE_FAILED:
    sentence = console_error_describe (error);
    /* Translators: what is in trouble, then a sentence that says why */
    g_ptr_array_add (warnings, g_strdup_printf (_ ("%s: %s"), title, sentence));
    break;
  case ENGINE_SOURCE_STATE_LOST:
    g_ptr_array_add (warnings,
                     /* Translators: %s is a source */
                     g_strdup_printf (_ ("%s: signal lost. Régie tries again by itself."), title));
    break;
  case ENGINE_SOURCE_STATE_OFF:
  case ENGINE_SOURCE_STATE_STARTING:
  case ENGINE_SOURCE_STATE_LIVE:
    break;
  }
}

/* The worst first: the recording, then where the show goes, this computer, then what comes in. */
static GPtrArray *
create_warnings (ConsoleOverview *self)
{
  GListModel *outputs = show_session_get_destinations (self->session);
  GListModel *sources = show_session_get_sources (self->session);
  GPtrArray *warnings = g_ptr_array_new_with_free_func (g_free);

  add_recording_warning (self, warnings);
  for (guint i = 0; i < g_list_model_get_n_items (outputs); i++) {
    g_autoptr (EngineOutput) output = g_list_model_get_item (outputs, i);

    add_output_warning (output, warnings);
  }
  if (show_session_get_overloaded (self->session) && !has_alarms (self))
    g_ptr_array_add (warnings, g_strdup (_ ("This computer cannot keep up: the picture stutters, "
                                            "the sound is kept. Close other programs.")));
  for (guint i = 0; i < g_list_model_get_n_items (sources); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (sources, i);

    add_source_warning (self, source, warnings);
  }
  return warnings;
}

static void
remember_live_sources (ConsoleOverview *self)
{
  GListModel *sources = show_session_get_sources (self->session);

  for (guint i = 0; i < g_list_model_get_n_items (sources); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (sources, i);

    if (engine_source_get_state (source) == ENGINE_SOURCE_STATE_LIVE)
      g_hash_table_add (self->were_live, g_object_ref (source));
  }
}

/* Alarms by how much the audience misses, then what the parts say of themselves. */
static GPtrArray *
create_notices (ConsoleOverview *self)
{
  GListModel *alarms = show_session_get_alarms (self->session);
  g_autoptr (GPtrArray) warnings = create_warnings (self);
  GPtrArray *notices = g_ptr_array_new_with_free_func (g_object_unref);

  for (int severity = SHOW_SEVERITY_URGENT; severity >= SHOW_SEVERITY_NOTICE; severity--) {
    for (guint i = 0; i < g_list_model_get_n_items (alarms); i++) {
      g_autoptr (ShowAlarm) alarm = g_list_model_get_item (alarms, i);

      if ((int) show_alarm_get_severity (alarm) == severity)
        g_ptr_array_add (notices, console_notice_new_for_alarm (alarm));
    }
  }
  for (guint i = 0; i < warnings->len; i++)
    g_ptr_array_add (notices, console_notice_new (warnings->pdata[i]));
  return notices;
}

static gboolean
are_shown (ConsoleOverview *self, GPtrArray *notices)
{
  GListModel *shown = G_LIST_MODEL (self->notices);

  if (g_list_model_get_n_items (shown) != notices->len)
    return FALSE;

  for (guint i = 0; i < notices->len; i++) {
    g_autoptr (ConsoleNotice) notice = g_list_model_get_item (shown, i);

    if (!console_notice_equals (notice, notices->pdata[i]))
      return FALSE;
  }
  return TRUE;
}

/* What has not changed stays as it is: a screen reader says a new sentence, not an old one again. */
static void
update_warnings (ConsoleOverview *self)
{
  g_autoptr (GPtrArray) notices = create_notices (self);
  g_autoptr (ConsoleNotice) worst = NULL;
  gboolean same_worst = FALSE;

  if (are_shown (self, notices))
    return;

  worst = g_list_model_get_item (G_LIST_MODEL (self->notices), 0);
  same_worst =
    worst != NULL && notices->len > 0 && console_notice_equals (worst, notices->pdata[0]);
  if (same_worst)
    g_list_store_splice (self->notices, 1,
                         g_list_model_get_n_items (G_LIST_MODEL (self->notices)) - 1,
                         notices->pdata + 1, notices->len - 1);
  else
    g_list_store_splice (self->notices, 0, g_list_model_get_n_items (G_LIST_MODEL (self->notices)),
                         notices->pdata, notices->len);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_NOTICES]);
  if (!same_worst)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORST]);
}

static void
watch_alarms_cb (ConsoleOverview *self, guint position, guint n_removed, guint n_added,
                 GListModel *alarms)
{
  for (guint i = position; i < position + n_added; i++) {
    g_autoptr (ShowAlarm) alarm = g_list_model_get_item (alarms, i);

    g_signal_connect_object (alarm, "notify", G_CALLBACK (update_warnings), self,
                             G_CONNECT_SWAPPED);
  }
  update_warnings (self);
}

static void
update_destinations (ConsoleOverview *self)
{
  GListModel *outputs = show_session_get_destinations (self->session);
  const guint n_destinations = g_list_model_get_n_items (outputs);
  /* A test of an upload is not the show. */
  const gboolean live = show_session_get_state (self->session) == SHOW_STATE_LIVE;
  guint n_live = 0;

  for (guint i = 0; i < n_destinations; i++) {
    g_autoptr (EngineOutput) output = g_list_model_get_item (outputs, i);

    if (live && engine_output_get_state (output) == ENGINE_OUTPUT_STATE_LIVE)
      n_live++;
  }
  set_number (self, &self->n_destinations, n_destinations, PROP_N_DESTINATIONS);
  set_number (self, &self->n_live, n_live, PROP_N_LIVE);
}

static void
update_networks (ConsoleOverview *self)
{
  GListModel *networks = show_session_get_networks (self->session);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (networks); i++) {
    g_autoptr (PostsNetwork) network = g_list_model_get_item (networks, i);

    g_ptr_array_add (words, console_text_network (network));
  }
  g_ptr_array_add (words, NULL);
  text = g_strjoinv (" · ", (char **) words->pdata);
  set_string (self, &self->networks, text, PROP_NETWORKS);
}

static void
update (ConsoleOverview *self)
{
  remember_live_sources (self);
  update_destinations (self);
  update_warnings (self);
  update_networks (self);
}

/* Only what can change the overview: a meter or a byte count moves many times a second. */
static void
item_notify_cb (ConsoleOverview *self, GParamSpec *pspec)
{
  if (strcmp (pspec->name, "state") == 0 || strcmp (pspec->name, "title") == 0 ||
      strcmp (pspec->name, "error") == 0 || strcmp (pspec->name, "on-air") == 0)
    update (self);
}

static void
unwatch (ConsoleOverview *self)
{
  for (guint i = 0; i < self->watched->len; i++)
    g_signal_handlers_disconnect_by_func (self->watched->pdata[i], item_notify_cb, self);
  g_ptr_array_set_size (self->watched, 0);
}

static void
watch (ConsoleOverview *self, gpointer object)
{
  g_signal_connect_object (object, "notify", G_CALLBACK (item_notify_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->watched, g_object_ref (object));
}

static void
lists_changed_cb (ConsoleOverview *self)
{
  GListModel *lists[] = {
    show_session_get_sources (self->session),
    show_session_get_destinations (self->session),
    show_session_get_networks (self->session),
  };

  unwatch (self);
  watch (self, show_session_get_recording (self->session));
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
    for (guint j = 0; j < g_list_model_get_n_items (lists[i]); j++) {
      g_autoptr (GObject) item = g_list_model_get_item (lists[i], j);

      watch (self, item);
    }
  }
  update (self);
}

static void
console_overview_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsoleOverview *self = CONSOLE_OVERVIEW (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_N_DESTINATIONS:
    g_value_set_uint (value, self->n_destinations);
    break;
  case PROP_N_LIVE:
    g_value_set_uint (value, self->n_live);
    break;
  case PROP_WORST:
    g_value_take_object (value, g_list_model_get_item (G_LIST_MODEL (self->notices), 0));
    break;
  case PROP_N_NOTICES:
    g_value_set_uint (value, g_list_model_get_n_items (G_LIST_MODEL (self->notices)));
    break;
  case PROP_NETWORKS:
    g_value_set_string (value, self->networks);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_overview_set_property (GObject *object, guint property_id, const GValue *value,
                               GParamSpec *pspec)
{
  ConsoleOverview *self = CONSOLE_OVERVIEW (object);

  switch (property_id) {
  case PROP_SESSION:
    self->session = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_overview_constructed (GObject *object)
{
  ConsoleOverview *self = CONSOLE_OVERVIEW (object);

  G_OBJECT_CLASS (console_overview_parent_class)->constructed (object);

  g_signal_connect_object (show_session_get_sources (self->session), "items-changed",
                           G_CALLBACK (lists_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (show_session_get_destinations (self->session), "items-changed",
                           G_CALLBACK (lists_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (show_session_get_networks (self->session), "items-changed",
                           G_CALLBACK (lists_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::overloaded", G_CALLBACK (update_warnings), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (show_session_get_alarms (self->session), "items-changed",
                           G_CALLBACK (watch_alarms_cb), self, G_CONNECT_SWAPPED);
  lists_changed_cb (self);
  watch_alarms_cb (self, 0, 0, g_list_model_get_n_items (show_session_get_alarms (self->session)),
                   show_session_get_alarms (self->session));
}

static void
console_overview_dispose (GObject *object)
{
  ConsoleOverview *self = CONSOLE_OVERVIEW (object);

  unwatch (self);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_overview_parent_class)->dispose (object);
}

static void
console_overview_finalize (GObject *object)
{
  ConsoleOverview *self = CONSOLE_OVERVIEW (object);

  g_ptr_array_unref (self->watched);
  g_hash_table_unref (self->were_live);
  g_object_unref (self->notices);
  g_free (self->networks);

  G_OBJECT_CLASS (console_overview_parent_class)->finalize (object);
}

static void
console_overview_class_init (ConsoleOverviewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_overview_get_property;
  object_class->set_property = console_overview_set_property;
  object_class->constructed = console_overview_constructed;
  object_class->dispose = console_overview_dispose;
  object_class->finalize = console_overview_finalize;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_DESTINATIONS] =
    g_param_spec_uint ("n-destinations", NULL, NULL, 0, G_MAXUINT, 0, ro);
  properties[PROP_N_LIVE] = g_param_spec_uint ("n-live", NULL, NULL, 0, G_MAXUINT, 0, ro);
  properties[PROP_WORST] = g_param_spec_object ("worst", NULL, NULL, CONSOLE_TYPE_NOTICE, ro);
  properties[PROP_N_NOTICES] = g_param_spec_uint ("n-notices", NULL, NULL, 0, G_MAXUINT, 0, ro);
  properties[PROP_NETWORKS] = g_param_spec_string ("networks", NULL, NULL, NULL, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
console_overview_init (ConsoleOverview *self)
{
  self->notices = g_list_store_new (CONSOLE_TYPE_NOTICE);
  self->watched = g_ptr_array_new_with_free_func (g_object_unref);
  self->were_live = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

ConsoleOverview *
console_overview_new (ShowSession *session)
{
  return g_object_new (CONSOLE_TYPE_OVERVIEW, "session", session, NULL);
}

ShowSession *
console_overview_get_session (ConsoleOverview *self)
{
  g_return_val_if_fail (CONSOLE_IS_OVERVIEW (self), NULL);

  return self->session;
}

guint
console_overview_get_n_destinations (ConsoleOverview *self)
{
  g_return_val_if_fail (CONSOLE_IS_OVERVIEW (self), 0);

  return self->n_destinations;
}

/**
 * console_overview_get_notices:
 * @self: an overview
 *
 * Returns: (transfer none): the list of [class@Console.Notice], the worst first
 */
GListModel *
console_overview_get_notices (ConsoleOverview *self)
{
  g_return_val_if_fail (CONSOLE_IS_OVERVIEW (self), NULL);

  return G_LIST_MODEL (self->notices);
}
