/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-alarm-bar.h"

#include "console-alarm-row.h"
#include "console-list.h"

#include <glib/gi18n.h>

#define N_JOURNAL_LINES 100

/**
 * ConsoleAlarmBar:
 *
 * The worst notice in one line, and behind a button all of them and what happened lately. It is not
 * there while nothing is wrong.
 */
struct _ConsoleAlarmBar {
  AdwBin parent_instance;

  ConsoleOverview *overview; /* nullable */
  GtkBox *notices;
  GtkBox *journal;
  GtkScrolledWindow *journal_window;
  gboolean reads_back;       /* the operator has gone up to older lines */
  GtkSliceListModel *recent; /* nullable */
};

G_DEFINE_FINAL_TYPE (ConsoleAlarmBar, console_alarm_bar, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_OVERVIEW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
has_notice (ConsoleAlarmBar *self, ConsoleNotice *notice)
{
  return notice != NULL;
}

static char *
more_text (ConsoleAlarmBar *self, guint n_notices)
{
  if (n_notices < 2)
    return g_strdup (_ ("Journal"));
  return g_strdup_printf (ngettext ("%u more", "%u more", n_notices - 1), n_notices - 1);
}

static GtkWidget *
create_notice (gpointer item, gpointer user_data)
{
  return console_alarm_row_new (item);
}

static GtkWidget *
create_line (gpointer item, gpointer user_data)
{
  ShowJournalEntry *entry = item;
  /* Translators: when something happened, see g_date_time_format() */
  g_autofree char *time = g_date_time_format (show_journal_entry_get_time (entry), _ ("%H:%M:%S"));
  g_autofree char *text = g_strdup_printf ("%s  %s", time, show_journal_entry_get_text (entry));
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, text);
  gtk_widget_add_css_class (label, "journal-line");
  return label;
}

static void
journal_changed_cb (ConsoleAlarmBar *self, guint position, guint n_removed, guint n_added,
                    GListModel *entries)
{
  const guint n = g_list_model_get_n_items (entries);

  gtk_slice_list_model_set_offset (self->recent, n > N_JOURNAL_LINES ? n - N_JOURNAL_LINES : 0);
}

/* The newest lines are the last ones: they are seen, unless somebody reads older ones. */
static void
follow_journal (ConsoleAlarmBar *self)
{
  GtkAdjustment *down = gtk_scrolled_window_get_vadjustment (self->journal_window);

  if (!self->reads_back)
    gtk_adjustment_set_value (down, gtk_adjustment_get_upper (down));
}

static void
journal_scrolled_cb (ConsoleAlarmBar *self)
{
  GtkAdjustment *down = gtk_scrolled_window_get_vadjustment (self->journal_window);

  self->reads_back = gtk_adjustment_get_value (down) + gtk_adjustment_get_page_size (down) + 1 <
                     gtk_adjustment_get_upper (down);
}

static void
popover_map_cb (ConsoleAlarmBar *self)
{
  self->reads_back = FALSE;
  follow_journal (self);
}

static void
set_overview (ConsoleAlarmBar *self, ConsoleOverview *overview)
{
  ShowSession *session = NULL;
  GListModel *entries = NULL;

  g_return_if_fail (self->overview == NULL || self->overview == overview);

  if (!g_set_object (&self->overview, overview))
    return;

  session = console_overview_get_session (overview);
  entries = show_session_get_journal (session);
  self->recent = gtk_slice_list_model_new (g_object_ref (entries), 0, N_JOURNAL_LINES);
  g_signal_connect_object (entries, "items-changed", G_CALLBACK (journal_changed_cb), self,
                           G_CONNECT_SWAPPED);
  journal_changed_cb (self, 0, 0, 0, entries);
  console_list_fill_box (self->notices, console_overview_get_notices (overview), create_notice,
                         NULL);
  console_list_fill_box (self->journal, G_LIST_MODEL (self->recent), create_line, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OVERVIEW]);
}

static void
console_alarm_bar_get_property (GObject *object, guint property_id, GValue *value,
                                GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_OVERVIEW:
    g_value_set_object (value, CONSOLE_ALARM_BAR (object)->overview);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_alarm_bar_set_property (GObject *object, guint property_id, const GValue *value,
                                GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_OVERVIEW:
    if (g_value_get_object (value) != NULL)
      set_overview (CONSOLE_ALARM_BAR (object), g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_alarm_bar_dispose (GObject *object)
{
  ConsoleAlarmBar *self = CONSOLE_ALARM_BAR (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_ALARM_BAR);
  g_clear_object (&self->recent);
  g_clear_object (&self->overview);

  G_OBJECT_CLASS (console_alarm_bar_parent_class)->dispose (object);
}

static void
console_alarm_bar_class_init (ConsoleAlarmBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_alarm_bar_get_property;
  object_class->set_property = console_alarm_bar_set_property;
  object_class->dispose = console_alarm_bar_dispose;

  properties[PROP_OVERVIEW] =
    g_param_spec_object ("overview", NULL, NULL, CONSOLE_TYPE_OVERVIEW,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_ALARM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-alarm-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleAlarmBar, notices);
  gtk_widget_class_bind_template_child (widget_class, ConsoleAlarmBar, journal);
  gtk_widget_class_bind_template_child (widget_class, ConsoleAlarmBar, journal_window);
  gtk_widget_class_bind_template_callback (widget_class, has_notice);
  gtk_widget_class_bind_template_callback (widget_class, more_text);
  gtk_widget_class_bind_template_callback (widget_class, popover_map_cb);
}

static void
console_alarm_bar_init (ConsoleAlarmBar *self)
{
  GtkAdjustment *down = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  down = gtk_scrolled_window_get_vadjustment (self->journal_window);
  g_signal_connect_object (down, "changed", G_CALLBACK (follow_journal), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (down, "value-changed", G_CALLBACK (journal_scrolled_cb), self,
                           G_CONNECT_SWAPPED);
}
