/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-destination-row.h"

#include "common-util.h"
#include "console-air-text.h"
#include "console-audience-tile.h"
#include "console-error.h"
#include "console-key-dialog.h"

#include <glib/gi18n.h>

#define RESPONSE_CANCEL "cancel"
#define RESPONSE_TEST   "test"

/**
 * ConsoleDestinationRow:
 *
 * One destination: its state in words, what it misses, and what the operator can do about it.
 */
struct _ConsoleDestinationRow {
  AdwBin parent_instance;

  ShowSession *session;     /* construct-only */
  EngineOutput *output;     /* construct-only */
  gboolean compact;         /* construct-only: among other words about the same destination */
  EngineAudience *audience; /* nullable: the event does not say where it is watched */
  double sent_bps;          /* −1: not known */
  char *weak;               /* nullable: what is wrong with the network */
  char *test;               /* nullable: how a test of the upload goes, or has ended */
};

G_DEFINE_FINAL_TYPE (ConsoleDestinationRow, console_destination_row, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_OUTPUT,
  PROP_COMPACT,
  PROP_AUDIENCE,
  PROP_SENT_BPS,
  PROP_WEAK,
  PROP_TEST,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
state_text (ConsoleDestinationRow *self, EngineOutputState state, guint retry_in_s, double sent_bps,
            ShowState show_state)
{
  if (state != ENGINE_OUTPUT_STATE_OFF && show_state != SHOW_STATE_LIVE)
    return g_strdup (_ ("◌ Being tested"));
  return console_text_output_state (state, retry_in_s, sent_bps);
}

static char *
missed_text (ConsoleDestinationRow *self, gint64 missed_ms)
{
  EventFile *event = self->session != NULL ? show_session_get_event (self->session) : NULL;

  return console_text_missed (missed_ms,
                              event != NULL && event_file_get_recording (event)->enabled);
}

static gboolean
has_text (ConsoleDestinationRow *self, const char *text)
{
  return text != NULL && *text != '\0';
}

static gboolean
has_missed (ConsoleDestinationRow *self, gint64 missed_ms)
{
  return missed_ms >= 1000;
}

static gboolean
is_in_words (ConsoleDestinationRow *self, gboolean compact)
{
  return !compact;
}

static gboolean
can_test (ConsoleDestinationRow *self, ShowState state, EngineOutput *output,
          EngineOutputState output_state)
{
  return output != NULL && output_state == ENGINE_OUTPUT_STATE_OFF && state != SHOW_STATE_LIVE &&
         engine_output_get_kind (output) != ENGINE_OUTPUT_LIVE_PAGE;
}

static GVariant *
get_target (ConsoleDestinationRow *self)
{
  return g_variant_new_string (engine_output_get_id (self->output));
}

static void
retry_cb (ConsoleDestinationRow *self)
{
  gtk_widget_activate_action_variant (GTK_WIDGET (self), "app.retry-destination",
                                      get_target (self));
}

static void
test_response_cb (ConsoleDestinationRow *self, const char *response)
{
  if (self->output != NULL && g_str_equal (response, RESPONSE_TEST))
    g_action_group_activate_action (show_session_get_actions (self->session), "test-destination",
                                    get_target (self));
}

/* Some platforms show at once what they get. */
static void
test_cb (ConsoleDestinationRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);
  GtkWidget *dialog = NULL;
  g_autofree char *heading = NULL;

  if (!GTK_IS_WINDOW (root))
    return;
  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
  /* Translators: %s is a destination */
  heading = g_strdup_printf (_ ("Test the upload to %s?"), engine_output_get_title (self->output));
  dialog = adw_message_dialog_new (
    GTK_WINDOW (root), heading,
    _ ("The program is sent there for ten seconds, to see whether the network carries it. Most "
       "platforms show nothing of it before a broadcast is open there; Twitch shows it at once."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL, _ ("_Cancel"),
                                    RESPONSE_TEST, _ ("_Test"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_TEST,
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL);
  g_signal_connect_object (dialog, "response", G_CALLBACK (test_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* What is measured is no property of the output: it changes with every second. */
static void
measured_cb (ConsoleDestinationRow *self)
{
  EngineUplink uplink = { .sent_bps = -1 };
  const EngineUpload *upload = engine_output_get_upload (self->output);
  g_autofree char *weak = NULL;
  /* On air, what is sent says more than what was found out before. */
  const gboolean live = show_session_get_state (self->session) == SHOW_STATE_LIVE;
  g_autofree char *test = upload != NULL && !live ? console_text_upload (upload) : NULL;

  if (!engine_output_get_uplink (self->output, &uplink))
    uplink = (EngineUplink){ .sent_bps = -1 };
  weak = console_text_uplink (&uplink);
  if (self->sent_bps < uplink.sent_bps || self->sent_bps > uplink.sent_bps) {
    self->sent_bps = uplink.sent_bps;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENT_BPS]);
  }
  if (common_set_string (&self->weak, weak))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WEAK]);
  if (common_set_string (&self->test, test))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEST]);
}

static char *
error_sentence (ConsoleDestinationRow *self, const GError *error)
{
  return console_error_describe_destination (error);
}

static gboolean
needs_key (ConsoleDestinationRow *self, ShowSession *session, EngineOutput *output,
           EngineOutputState state, gboolean compact)
{
  return !compact && state != ENGINE_OUTPUT_STATE_LIVE && session != NULL && output != NULL &&
         show_session_needs_key (session, output);
}

static char **
key_classes (ConsoleDestinationRow *self, EngineOutputState state, const GError *error)
{
  const gboolean wanted = state == ENGINE_OUTPUT_STATE_REFUSED ||
                          g_error_matches (error, SHOW_ERROR, SHOW_ERROR_NO_KEY) ||
                          g_error_matches (error, SHOW_ERROR, SHOW_ERROR_NO_KEYRING) ||
                          g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_CLOSED_AT_ONCE);
  const char *classes[] = { wanted ? "suggested-action" : NULL, NULL };

  return g_strdupv ((char **) classes);
}

static char *
key_tooltip (ConsoleDestinationRow *self, const char *title)
{
  /* Translators: %s is a destination */
  return g_strdup_printf (_ ("Enter the stream key of %s"), title);
}

static void
enter_key_cb (ConsoleDestinationRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
  if (GTK_IS_WINDOW (root))
    console_key_dialog_ask (GTK_WINDOW (root), self->session, self->output);
}

static gboolean
is_in_trouble (ConsoleDestinationRow *self, EngineOutputState state)
{
  return state == ENGINE_OUTPUT_STATE_WAITING || state == ENGINE_OUTPUT_STATE_REFUSED;
}

static char **
state_classes (ConsoleDestinationRow *self, EngineOutputState state)
{
  const char *classes[] = { "small-note", NULL, NULL };

  switch (state) {
  case ENGINE_OUTPUT_STATE_LIVE:
    classes[1] = "good";
    break;
  case ENGINE_OUTPUT_STATE_WAITING:
  case ENGINE_OUTPUT_STATE_REFUSED:
    classes[1] = "bad";
    break;
  case ENGINE_OUTPUT_STATE_OFF:
  case ENGINE_OUTPUT_STATE_CONNECTING:
    break;
  }
  return g_strdupv ((char **) classes);
}

static void
console_destination_row_get_property (GObject *object, guint property_id, GValue *value,
                                      GParamSpec *pspec)
{
  ConsoleDestinationRow *self = CONSOLE_DESTINATION_ROW (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_OUTPUT:
    g_value_set_object (value, self->output);
    break;
  case PROP_COMPACT:
    g_value_set_boolean (value, self->compact);
    break;
  case PROP_AUDIENCE:
    g_value_set_object (value, self->audience);
    break;
  case PROP_SENT_BPS:
    g_value_set_double (value, self->sent_bps);
    break;
  case PROP_WEAK:
    g_value_set_string (value, self->weak);
    break;
  case PROP_TEST:
    g_value_set_string (value, self->test);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_destination_row_set_property (GObject *object, guint property_id, const GValue *value,
                                      GParamSpec *pspec)
{
  ConsoleDestinationRow *self = CONSOLE_DESTINATION_ROW (object);

  switch (property_id) {
  case PROP_SESSION:
    self->session = g_value_dup_object (value);
    break;
  case PROP_OUTPUT:
    self->output = g_value_dup_object (value);
    break;
  case PROP_COMPACT:
    self->compact = g_value_get_boolean (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

/* One whose address was changed is looked at by another one. */
static void
audiences_changed_cb (ConsoleDestinationRow *self)
{
  EngineAudience *audience =
    show_session_get_audience (self->session, engine_output_get_id (self->output));

  if (g_set_object (&self->audience, audience))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AUDIENCE]);
}

static void
console_destination_row_constructed (GObject *object)
{
  ConsoleDestinationRow *self = CONSOLE_DESTINATION_ROW (object);

  G_OBJECT_CLASS (console_destination_row_parent_class)->constructed (object);

  g_signal_connect_object (self->output, "measured", G_CALLBACK (measured_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->output, "notify::upload", G_CALLBACK (measured_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->output, "notify::state", G_CALLBACK (measured_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (show_session_get_audiences (self->session), "items-changed",
                           G_CALLBACK (audiences_changed_cb), self, G_CONNECT_SWAPPED);
  measured_cb (self);
  audiences_changed_cb (self);
}

static void
console_destination_row_finalize (GObject *object)
{
  ConsoleDestinationRow *self = CONSOLE_DESTINATION_ROW (object);

  g_free (self->weak);
  g_free (self->test);

  G_OBJECT_CLASS (console_destination_row_parent_class)->finalize (object);
}

static void
console_destination_row_dispose (GObject *object)
{
  ConsoleDestinationRow *self = CONSOLE_DESTINATION_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_DESTINATION_ROW);
  g_clear_object (&self->session);
  g_clear_object (&self->output);
  g_clear_object (&self->audience);

  G_OBJECT_CLASS (console_destination_row_parent_class)->dispose (object);
}

static void
console_destination_row_class_init (ConsoleDestinationRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_destination_row_get_property;
  object_class->set_property = console_destination_row_set_property;
  object_class->constructed = console_destination_row_constructed;
  object_class->dispose = console_destination_row_dispose;
  object_class->finalize = console_destination_row_finalize;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION, once);
  properties[PROP_OUTPUT] = g_param_spec_object ("output", NULL, NULL, ENGINE_TYPE_OUTPUT, once);
  properties[PROP_COMPACT] = g_param_spec_boolean ("compact", NULL, NULL, FALSE, once);
  properties[PROP_AUDIENCE] =
    g_param_spec_object ("audience", NULL, NULL, ENGINE_TYPE_AUDIENCE, ro);
  properties[PROP_SENT_BPS] = g_param_spec_double ("sent-bps", NULL, NULL, -1, G_MAXDOUBLE, -1, ro);
  properties[PROP_WEAK] = g_param_spec_string ("weak", NULL, NULL, NULL, ro);
  properties[PROP_TEST] = g_param_spec_string ("test", NULL, NULL, NULL, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_AUDIENCE_TILE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-destination-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, state_text);
  gtk_widget_class_bind_template_callback (widget_class, missed_text);
  gtk_widget_class_bind_template_callback (widget_class, has_text);
  gtk_widget_class_bind_template_callback (widget_class, has_missed);
  gtk_widget_class_bind_template_callback (widget_class, is_in_words);
  gtk_widget_class_bind_template_callback (widget_class, can_test);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, test_cb);
  gtk_widget_class_bind_template_callback (widget_class, error_sentence);
  gtk_widget_class_bind_template_callback (widget_class, is_in_trouble);
  gtk_widget_class_bind_template_callback (widget_class, state_classes);
  gtk_widget_class_bind_template_callback (widget_class, needs_key);
  gtk_widget_class_bind_template_callback (widget_class, key_classes);
  gtk_widget_class_bind_template_callback (widget_class, key_tooltip);
  gtk_widget_class_bind_template_callback (widget_class, enter_key_cb);
}

static void
console_destination_row_init (ConsoleDestinationRow *self)
{
  self->sent_bps = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * console_destination_row_new:
 * @session: a show
 * @output: one of its destinations
 * @compact: whether its name and key are to be seen beside it already
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
console_destination_row_new (ShowSession *session, EngineOutput *output, gboolean compact)
{
  return g_object_new (CONSOLE_TYPE_DESTINATION_ROW, "session", session, "output", output,
                       "compact", compact, NULL);
}
