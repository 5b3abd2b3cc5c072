/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-reach-page.h"

#include "console-browser-warning.h"
#include "console-entry.h"
#include "console-error.h"
#include "console-field.h"
#include "console-files.h"
#include "console-reach-text.h"
#include "console-setting.h"
#include "console-turn-form.h"

#include <glib/gi18n.h>

/**
 * ConsoleReachPage:
 *
 * How guests reach this computer: from this network, from far away, and what helps them through
 * firewalls; and a test that says in words what does not work. Everything applies at once.
 */
struct _ConsoleReachPage {
  AdwBin parent_instance;

  ShowSession *session; /* construct-only */
  GuestRoom *room;      /* nullable */
  ConsoleEntry *entry;
  char *certificate; /* nullable: chosen, and its key is not yet */
  gboolean updating;
  AdwActionRow *certificate_row;
  GtkWidget *made_certificate;
  ConsoleField *public_address;
  ConsoleField *tunnel;
  ConsoleField *stun;
  AdwBin *turn;
  AdwComboRow *view;
  GtkListBox *results;
};

G_DEFINE_FINAL_TYPE (ConsoleReachPage, console_reach_page, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_ROOM,
  PROP_ENTRY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Of the template, see its id. */
static const char *const settings[] = { "lan", "port", "most", "relay_only", "hears" };

static char *
open_text (ConsoleReachPage *self, gboolean open, const char *address, const char *lan_address,
           const char *public_address)
{
  return console_reach_text_open (open, address, lan_address, public_address);
}

static char *
tunnel_text (ConsoleReachPage *self, GuestTunnelState state)
{
  return console_reach_text_tunnel (state);
}

static char *
error_text (ConsoleReachPage *self, const GError *error)
{
  return console_error_describe (error);
}

static gboolean
has_error (ConsoleReachPage *self, const GError *error)
{
  return error != NULL;
}

static gboolean
has_tunnel (ConsoleReachPage *self, GuestTunnelState state)
{
  return state != GUEST_TUNNEL_OFF;
}

static char *
test_text (ConsoleReachPage *self, gboolean checking)
{
  return g_strdup (checking ? _ ("Testing…") : _ ("Test now"));
}

static gboolean
can_test (ConsoleReachPage *self, gboolean checking)
{
  return !checking;
}

static void
test_cb (ConsoleReachPage *self)
{
  g_action_group_activate_action (show_session_get_actions (self->session), "check-reach", NULL);
}

/* Words that stand in the file as a list. */
static void
set_words (ConsoleReachPage *self, const char *path, char **words)
{
  g_auto (GStrv) before = console_entry_get_strings (self->entry, path);

  if (g_strv_equal ((const char *const *) before, (const char *const *) words))
    return;
  if (words[0] != NULL)
    console_entry_set_strings (self->entry, path, (const char *const *) words);
  else
    console_entry_set (self->entry, path, NULL);
}

static void
apply_tunnel_cb (ConsoleReachPage *self)
{
  g_autofree char *text = console_field_get_text (self->tunnel);
  g_auto (GStrv) words = NULL;

  if (self->entry == NULL)
    return;
  if (*text == '\0')
    words = g_new0 (char *, 1);
  else if (!g_shell_parse_argv (text, NULL, &words, NULL))
    return;
  set_words (self, "tunnel", words);
}

static void
apply_stun_cb (ConsoleReachPage *self)
{
  g_autofree char *text = console_field_get_text (self->stun);
  g_auto (GStrv) words = NULL;

  if (self->entry == NULL || !console_field_get_valid (self->stun))
    return;
  words = console_reach_text_split (text);
  set_words (self, "stun", words);
}

static char *
check_command (const char *text, gpointer user_data)
{
  return console_reach_text_check_command (text);
}

static char *
check_stun (const char *text, gpointer user_data)
{
  return console_reach_text_check_stun (text);
}

static char *
check_public (const char *text, gpointer user_data)
{
  return console_reach_text_check_public (text);
}

static void
key_chosen_cb (const char *path, gpointer user_data)
{
  ConsoleReachPage *self = user_data;

  if (self->entry == NULL || self->certificate == NULL)
    return;
  /* Both at once: one without the other is none. */
  console_entry_set_string (self->entry, "certificate", self->certificate);
  console_entry_set_string (self->entry, "certificate-key", path);
  g_clear_pointer (&self->certificate, g_free);
}

static void
certificate_chosen_cb (const char *path, gpointer user_data)
{
  ConsoleReachPage *self = user_data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->entry == NULL || !GTK_IS_WINDOW (root))
    return;
  g_free (self->certificate);
  self->certificate = g_strdup (path);
  console_files_choose (GTK_WINDOW (root), CONSOLE_FILES_CERTIFICATE_KEY, key_chosen_cb,
                        g_object_ref (self), g_object_unref);
}

static void
choose_certificate_cb (ConsoleReachPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (root))
    console_files_choose (GTK_WINDOW (root), CONSOLE_FILES_CERTIFICATE, certificate_chosen_cb,
                          g_object_ref (self), g_object_unref);
}

static void
made_certificate_cb (ConsoleReachPage *self)
{
  console_entry_set (self->entry, "certificate", NULL);
  console_entry_set (self->entry, "certificate-key", NULL);
}

/* First the program, then one line for each source that is no guest. */
static void
fill_view (ConsoleReachPage *self)
{
  GPtrArray *sources = event_file_get_sources (show_session_get_event (self->session));
  const char *view = console_entry_get_string (self->entry, "view", NULL);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint selected = 0;

  gtk_string_list_append (titles, _ ("None"));
  for (guint i = 0; i < sources->len; i++) {
    const EventSource *source = sources->pdata[i];

    if (source->kind == EVENT_SOURCE_GUEST)
      continue;
    gtk_string_list_append (titles, source->title);
    if (g_strcmp0 (view, source->id) == 0)
      selected = g_list_model_get_n_items (G_LIST_MODEL (titles)) - 1;
  }
  adw_combo_row_set_model (self->view, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (self->view, selected);
}

static void
view_selected_cb (ConsoleReachPage *self)
{
  GPtrArray *sources = NULL;
  guint left = adw_combo_row_get_selected (self->view);
  const char *id = NULL;

  if (self->updating || self->entry == NULL || left == GTK_INVALID_LIST_POSITION)
    return;
  sources = event_file_get_sources (show_session_get_event (self->session));
  for (guint i = 0; i < sources->len && left > 0; i++) {
    const EventSource *source = sources->pdata[i];

    if (source->kind != EVENT_SOURCE_GUEST && --left == 0)
      id = source->id;
  }
  console_entry_set_string (self->entry, "view", id);
}

static void
show_words (ConsoleField *field, char *text)
{
  g_autofree char *before = console_field_get_text (field);

  if (g_strcmp0 (before, text) != 0 && !gtk_widget_has_focus (GTK_WIDGET (field)))
    console_field_set_text (field, text);
}

/* As it would be typed, so that it can be changed. */
static char *
quote (char **words)
{
  g_autoptr (GString) command = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++) {
    g_autofree char *quoted = strpbrk (words[i], " \t\"'\\$`&|;<>()*?#~") != NULL
                                ? g_shell_quote (words[i])
                                : g_strdup (words[i]);

    g_string_append_printf (command, "%s%s", i > 0 ? " " : "", quoted);
  }
  return g_string_free (g_steal_pointer (&command), FALSE);
}

static void
changed_cb (ConsoleReachPage *self)
{
  g_auto (GStrv) tunnel = console_entry_get_strings (self->entry, "tunnel");
  g_auto (GStrv) stun = console_entry_get_strings (self->entry, "stun");
  g_autofree char *command = quote (tunnel);
  g_autofree char *servers = g_strjoinv (" ", stun);
  const char *certificate = console_entry_get_string (self->entry, "certificate", NULL);
  g_autofree char *name = certificate != NULL ? g_path_get_basename (certificate) : NULL;

  self->updating = TRUE;
  fill_view (self);
  show_words (self->tunnel, command);
  show_words (self->stun, servers);
  adw_action_row_set_subtitle (self->certificate_row,
                               name != NULL ? name : _ ("Régie made one: browsers warn once"));
  gtk_widget_set_visible (self->made_certificate, certificate != NULL);
  self->updating = FALSE;
}

static void
reach_changed_cb (ConsoleReachPage *self)
{
  GPtrArray *reach = guest_room_get_reach (self->room);
  GtkListBoxRow *row = NULL;

  while ((row = gtk_list_box_get_row_at_index (self->results, 0)) != NULL)
    gtk_list_box_remove (self->results, GTK_WIDGET (row));
  gtk_widget_set_visible (GTK_WIDGET (self->results), reach != NULL && reach->len > 0);
  for (guint i = 0; reach != NULL && i < reach->len; i++) {
    const GuestReach *result = reach->pdata[i];
    GtkWidget *line = adw_action_row_new ();
    g_autofree char *title = console_reach_text_title (result);
    g_autofree char *sentence = console_reach_text_sentence (result);
    g_autofree char *both = result->address != NULL
                              ? g_strdup_printf ("%s\n%s", result->address, sentence)
                              : g_strdup (sentence);

    adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (line), FALSE);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (line), title);
    adw_action_row_set_subtitle (ADW_ACTION_ROW (line), both);
    gtk_list_box_append (self->results, line);
  }
}

static void
console_reach_page_get_property (GObject *object, guint property_id, GValue *value,
                                 GParamSpec *pspec)
{
  ConsoleReachPage *self = CONSOLE_REACH_PAGE (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_ROOM:
    g_value_set_object (value, self->room);
    break;
  case PROP_ENTRY:
    g_value_set_object (value, self->entry);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_reach_page_set_property (GObject *object, guint property_id, const GValue *value,
                                 GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    CONSOLE_REACH_PAGE (object)->session = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_reach_page_constructed (GObject *object)
{
  ConsoleReachPage *self = CONSOLE_REACH_PAGE (object);

  G_OBJECT_CLASS (console_reach_page_parent_class)->constructed (object);

  self->entry = console_entry_new (self->session, CONSOLE_ENTRY_GUESTS, NULL);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  if (g_set_object (&self->room, show_session_get_guest_room (self->session))) {
    g_signal_connect_object (self->room, "notify::reach", G_CALLBACK (reach_changed_cb), self,
                             G_CONNECT_SWAPPED);
    reach_changed_cb (self);
  }
  adw_bin_set_child (self->turn, console_turn_form_new (self->session, self->entry));
  changed_cb (self);
  g_object_notify_by_pspec (object, properties[PROP_ROOM]);
  g_object_notify_by_pspec (object, properties[PROP_ENTRY]);
}

static void
console_reach_page_dispose (GObject *object)
{
  ConsoleReachPage *self = CONSOLE_REACH_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_REACH_PAGE);
  g_clear_object (&self->entry);
  g_clear_object (&self->room);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_reach_page_parent_class)->dispose (object);
}

static void
console_reach_page_finalize (GObject *object)
{
  g_free (CONSOLE_REACH_PAGE (object)->certificate);

  G_OBJECT_CLASS (console_reach_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-reach-page.ui");
  /* Bindings do not keep what they bind. */
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    gtk_widget_class_bind_template_child_full (widget_class, settings[i], FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, ConsoleReachPage, certificate_row);
  gtk_widget_class_bind_template_child (widget_class, ConsoleReachPage, made_certificate);
  gtk_widget_class_bind_template_child (widget_class, ConsoleReachPage, public_address);
  gtk_widget_class_bind_template_child (widget_class, ConsoleReachPage, tunnel);
  gtk_widget_class_bind_template_child (widget_class, ConsoleReachPage, stun);
  gtk_widget_class_bind_template_child (widget_class, ConsoleReachPage, turn);
  gtk_widget_class_bind_template_child (widget_class, ConsoleReachPage, view);
  gtk_widget_class_bind_template_child (widget_class, ConsoleReachPage, results);
  gtk_widget_class_bind_template_callback (widget_class, open_text);
  gtk_widget_class_bind_template_callback (widget_class, tunnel_text);
  gtk_widget_class_bind_template_callback (widget_class, error_text);
  gtk_widget_class_bind_template_callback (widget_class, has_error);
  gtk_widget_class_bind_template_callback (widget_class, has_tunnel);
  gtk_widget_class_bind_template_callback (widget_class, test_text);
  gtk_widget_class_bind_template_callback (widget_class, can_test);
  gtk_widget_class_bind_template_callback (widget_class, test_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_tunnel_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_stun_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_certificate_cb);
  gtk_widget_class_bind_template_callback (widget_class, made_certificate_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_selected_cb);
}

static void
console_reach_page_class_init (ConsoleReachPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_reach_page_get_property;
  object_class->set_property = console_reach_page_set_property;
  object_class->constructed = console_reach_page_constructed;
  object_class->dispose = console_reach_page_dispose;
  object_class->finalize = console_reach_page_finalize;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ROOM] = g_param_spec_object ("room", NULL, NULL, GUEST_TYPE_ROOM, ro);
  properties[PROP_ENTRY] = g_param_spec_object ("entry", NULL, NULL, CONSOLE_TYPE_ENTRY, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_BROWSER_WARNING);
  g_type_ensure (CONSOLE_TYPE_FIELD);
  g_type_ensure (CONSOLE_TYPE_SETTING);
  bind_template (widget_class);
}

static void
console_reach_page_init (ConsoleReachPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  console_field_set_check (self->public_address, check_public, NULL);
  console_field_set_check (self->tunnel, check_command, NULL);
  console_field_set_check (self->stun, check_stun, NULL);
}

GtkWidget *
console_reach_page_new (ShowSession *session)
{
  return g_object_new (CONSOLE_TYPE_REACH_PAGE, "session", session, NULL);
}
