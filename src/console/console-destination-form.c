/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-destination-form.h"

#include "console-address.h"
#include "console-air-text.h"
#include "console-destination-row.h"
#include "console-destinations.h"
#include "console-draft.h"
#include "console-error.h"
#include "console-field.h"
#include "console-files.h"
#include "console-key-hint.h"
#include "console-list.h"
#include "console-ways.h"

#include <glib/gi18n.h>

/**
 * ConsoleDestinationForm:
 *
 * All that is to be known of one destination, a new one or one of the event. Nothing applies before
 * it is saved: an address and its key belong together.
 */
struct _ConsoleDestinationForm {
  AdwBin parent_instance;

  ShowSession *session;
  const ShowService *service; /* static */
  char *id;                   /* nullable: it is not in the event yet */
  GArray *ways;               /* of ConsoleWay */
  EngineOutput *output;       /* nullable: what sends the show there */
  GCancellable *cancellable;  /* of asking the keyring */
  gboolean loading;
  gboolean changed; /* something is written here that the event does not know */

  GtkLabel *heading;
  AdwBin *state;
  GtkLabel *locked;
  GtkLabel *where;
  GtkWidget *page;
  GtkWidget *fields;
  GtkWidget *basics;
  GtkWidget *more;
  GtkWidget *bar;
  AdwComboRow *way;
  ConsoleField *address;
  GtkWidget *choose;
  GtkWidget *key_row;
  ConsoleField *key;
  GtkWidget *no_key_row;
  GtkSwitch *no_key;
  ConsoleField *name;
  GtkSwitch *enabled;
  ConsoleField *watch;
  GtkWidget *backup_row;
  ConsoleField *backup;
  AdwComboRow *key_kind;
  GtkWidget *latency_row;
  GtkSpinButton *latency;
  AdwComboRow *segments;
  GtkButton *save;
  GtkLabel *news;
};

G_DEFINE_FINAL_TYPE (ConsoleDestinationForm, console_destination_form, ADW_TYPE_BIN)

enum {
  SIGNAL_SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const ConsoleWay *
get_way (ConsoleDestinationForm *self)
{
  const guint selected = adw_combo_row_get_selected (self->way);

  return &g_array_index (self->ways, ConsoleWay, selected < self->ways->len ? selected : 0);
}

static EventKeyKind
get_key_kind (ConsoleDestinationForm *self)
{
  const EventKeyKind *kinds = NULL;
  const guint n_kinds = console_way_get_key_kinds (get_way (self), &kinds);
  const guint selected = adw_combo_row_get_selected (self->key_kind);

  return kinds[selected < n_kinds ? selected : 0];
}

static gboolean
has_key (ConsoleDestinationForm *self)
{
  return console_way_has_key (get_way (self)) &&
         (console_way_needs_key (get_way (self), self->service) ||
          !gtk_switch_get_active (self->no_key));
}

static void
update_save (ConsoleDestinationForm *self)
{
  const gboolean valid =
    console_field_get_valid (self->address) && console_field_get_valid (self->name) &&
    console_field_get_valid (self->watch) &&
    (console_field_get_valid (self->backup) || !console_way_has_backup (get_way (self))) &&
    (console_field_get_valid (self->key) || !has_key (self));

  gtk_widget_set_sensitive (GTK_WIDGET (self->save), valid && (self->changed || self->id == NULL));
}

static void
changed_cb (ConsoleDestinationForm *self)
{
  if (self->loading)
    return;

  self->changed = TRUE;
  gtk_label_set_text (self->news, "");
  update_save (self);
}

static char *
check_address (const char *text, gpointer user_data)
{
  ConsoleDestinationForm *self = user_data;

  return console_way_check_address (get_way (self), self->service, text);
}

static char *
check_backup (const char *text, gpointer user_data)
{
  ConsoleDestinationForm *self = user_data;
  const ConsoleWay *way = get_way (self);

  return console_way_has_backup (way) ? console_way_check_address (way, self->service, text) : NULL;
}

static char *
check_watch (const char *text, gpointer user_data)
{
  return console_address_check_watch (text);
}

static char *
check_key (const char *text, gpointer user_data)
{
  ConsoleDestinationForm *self = user_data;

  return console_way_check_key (get_way (self), self->service, get_key_kind (self), text);
}

/* What there is to write depends on how it is sent. */
static void
update_key (ConsoleDestinationForm *self)
{
  const ConsoleWay *way = get_way (self);
  const gboolean needed = console_way_needs_key (way, self->service);

  g_object_set (self->key, "title",
                show_service_get_key_name (self->service, way->kind, get_key_kind (self)), NULL);
  gtk_widget_set_visible (self->key_row, has_key (self));
  gtk_widget_set_visible (self->no_key_row, console_way_has_key (way) && !needed);
  console_field_check (self->key);
  update_save (self);
}

static void
fill_key_kinds (ConsoleDestinationForm *self)
{
  const ConsoleWay *way = get_way (self);
  g_autoptr (GListModel) names = console_way_create_key_names (way, self->service);

  adw_combo_row_set_model (self->key_kind, names);
  gtk_widget_set_visible (GTK_WIDGET (self->key_kind),
                          g_list_model_get_n_items (names) > 1 && console_way_has_key (way));
}

static void
update_way (ConsoleDestinationForm *self)
{
  const ConsoleWay *way = get_way (self);

  g_object_set (self->way, "subtitle", console_way_get_praise (way), NULL);
  g_object_set (self->address, "title", way->folder ? _ ("_Folder") : _ ("_Address"), "placeholder",
                console_way_get_example (way), NULL);
  gtk_widget_set_visible (self->choose, way->folder);
  gtk_widget_set_visible (self->backup_row, console_way_has_backup (way));
  gtk_widget_set_visible (self->latency_row, way->kind == EVENT_DESTINATION_SRT);
  gtk_widget_set_visible (GTK_WIDGET (self->segments), way->kind == EVENT_DESTINATION_HLS);
  update_key (self);
  console_field_check (self->address);
  console_field_check (self->backup);
  update_save (self);
}

static void
suggest_addresses (ConsoleDestinationForm *self)
{
  const ConsoleWay *way = get_way (self);
  g_autofree char *url = show_service_get_url (self->service, way->kind);

  console_field_set_text (self->address, way->folder ? "" : url);
  console_field_set_text (self->backup,
                          way->kind == EVENT_DESTINATION_RTMP && self->service->backup_url != NULL
                            ? self->service->backup_url
                            : "");
}

static void
way_changed_cb (ConsoleDestinationForm *self)
{
  if (self->loading || self->ways == NULL)
    return;

  /* An address of another kind is none of this one. */
  suggest_addresses (self);
  fill_key_kinds (self);
  update_way (self);
  changed_cb (self);
}

/* Whether there is one, or what it is. */
static void
key_changed_cb (ConsoleDestinationForm *self)
{
  if (self->loading || self->ways == NULL)
    return;

  update_key (self);
  changed_cb (self);
}

/* Who pastes an address with the key at its end gets both where they belong. */
static void
address_changed_cb (ConsoleDestinationForm *self)
{
  char *text = NULL, *url = NULL, *key = NULL;

  if (self->loading)
    return;

  text = console_field_get_text (self->address);
  if (get_way (self)->kind == EVENT_DESTINATION_RTMP &&
      show_service_split (self->service, text, &url, &key)) {
    console_field_set_text (self->key, key);
    console_field_set_text (self->address, url);
    gtk_label_set_text (self->news,
                        _ ("The key was at the end of the address: it is in its own field now."));
    console_field_forget (key);
    g_free (url);
  } else {
    changed_cb (self);
  }
  console_field_forget (text);
}

static void
folder_chosen_cb (const char *path, gpointer user_data)
{
  ConsoleDestinationForm *self = user_data;

  if (self->session != NULL)
    console_field_set_text (self->address, path);
}

static void
choose_cb (ConsoleDestinationForm *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (root))
    console_files_choose (GTK_WINDOW (root), CONSOLE_FILES_FOLDER, folder_chosen_cb,
                          g_object_ref (self), g_object_unref);
}

static void
open_page_cb (ConsoleDestinationForm *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (root) && self->service->key_page != NULL)
    gtk_show_uri (GTK_WINDOW (root), self->service->key_page, GDK_CURRENT_TIME);
}

/* Returns: (transfer full): what the form says, as the show's actions take it */
static char *
make_json (ConsoleDestinationForm *self)
{
  g_autofree char *title = console_field_get_text (self->name);
  g_autofree char *url = console_field_get_text (self->address);
  g_autofree char *backup_url = console_field_get_text (self->backup);
  g_autofree char *watch = console_field_get_text (self->watch);
  const ConsoleDraft draft = {
    .id = self->id,
    .title = title,
    .service = self->service->id,
    .way = *get_way (self),
    .url = url,
    .backup_url = backup_url,
    .watch = watch,
    .has_key = has_key (self),
    .key_kind = get_key_kind (self),
    .ts_segments = adw_combo_row_get_selected (self->segments) == 1,
    .latency_ms = gtk_spin_button_get_value_as_int (self->latency),
    .enabled = gtk_switch_get_active (self->enabled),
  };

  return console_draft_to_json (&draft);
}

static void
tell_saved (ConsoleDestinationForm *self, const char *news)
{
  gtk_label_set_text (self->news, news);
  gtk_button_set_label (self->save, _ ("Save"));
  console_key_hint_show (self->key, self->session, self->id, self->cancellable);
  g_signal_emit (self, signals[SIGNAL_SAVED], 0, self->id);
}

static void
key_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ConsoleDestinationForm) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (!show_session_store_key_finish (SHOW_SESSION (source), result, &error)) {
    g_warning ("A stream key could not be stored: %s", error->message);
    sentence = console_error_describe (error);
  }
  if (self->session != NULL)
    tell_saved (self, sentence != NULL ? sentence : _ ("Saved, and the key is in the keyring."));
}

static void
save_cb (ConsoleDestinationForm *self)
{
  const gboolean is_new = self->id == NULL;
  g_autofree char *url = console_field_get_text (self->address), *json = NULL;
  char *key = NULL;

  if (is_new) {
    g_autofree char *title = console_field_get_text (self->name);
    g_autoptr (GListModel) all = console_destinations_new (self->session);

    self->id = console_draft_make_id (title, all);
  }
  json = make_json (self);
  if (!console_destinations_put (self->session, self->id, is_new, json, url)) {
    if (is_new)
      g_clear_pointer (&self->id, g_free);
    return;
  }
  self->changed = FALSE;
  update_save (self);

  key = console_field_get_text (self->key);
  if (*key != '\0' && has_key (self)) {
    show_session_store_key_async (self->session, self->id, key, NULL, key_stored_cb,
                                  g_object_ref (self));
    self->loading = TRUE;
    console_field_set_text (self->key, "");
    self->loading = FALSE;
  } else {
    tell_saved (self, _ ("Saved."));
  }
  console_field_forget (key);
}

/* While it is being sent there, a change would break it off. */
static void
update_locked (ConsoleDestinationForm *self)
{
  const EngineOutputState state =
    self->output != NULL ? engine_output_get_state (self->output) : ENGINE_OUTPUT_STATE_OFF;
  const gboolean locked =
    state == ENGINE_OUTPUT_STATE_LIVE || state == ENGINE_OUTPUT_STATE_CONNECTING;

  gtk_label_set_text (self->locked, console_text_locked (show_session_get_state (self->session)));
  gtk_widget_set_visible (GTK_WIDGET (self->locked), locked);
  gtk_widget_set_sensitive (self->fields, !locked);
  gtk_widget_set_visible (self->bar, !locked);
}

/* Edited, it is sent there by another one. */
static void
update_output (ConsoleDestinationForm *self)
{
  EngineOutput *output = show_session_get_destination (self->session, self->id);

  if (self->output != NULL)
    g_signal_handlers_disconnect_by_func (self->output, update_locked, self);
  if (g_set_object (&self->output, output))
    adw_bin_set_child (self->state, output != NULL
                                      ? console_destination_row_new (self->session, output, TRUE)
                                      : NULL);
  if (output != NULL)
    g_signal_connect_object (output, "notify::state", G_CALLBACK (update_locked), self,
                             G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (self->state), output != NULL);
  update_locked (self);
}

static void
load_record (ConsoleDestinationForm *self, const EventDestination *record)
{
  const gboolean folder =
    record->kind == EVENT_DESTINATION_HLS && strstr (record->url, "://") == NULL;

  adw_combo_row_set_selected (self->way, console_ways_find (self->ways, record->kind, folder));
  fill_key_kinds (self);
  adw_combo_row_set_selected (self->key_kind,
                              console_way_find_key_kind (get_way (self), record->key_kind));
  console_field_set_text (self->name, record->title);
  console_field_set_text (self->address, record->url);
  console_field_set_text (self->backup, record->backup_url != NULL ? record->backup_url : "");
  console_field_set_text (self->watch, record->watch != NULL ? record->watch : "");
  gtk_switch_set_active (self->no_key, !record->has_key);
  gtk_switch_set_active (self->enabled, record->enabled);
  gtk_spin_button_set_value (self->latency, record->latency_ms);
  adw_combo_row_set_selected (self->segments, record->ts_segments ? 1 : 0);
}

static void
load (ConsoleDestinationForm *self)
{
  const EventDestination *record = console_destinations_find (self->session, self->id);
  const gboolean live = show_session_get_state (self->session) == SHOW_STATE_LIVE;
  g_autoptr (GListModel) titles = console_ways_create_titles (self->ways);

  self->loading = TRUE;
  adw_combo_row_set_model (self->way, titles);
  gtk_widget_set_visible (GTK_WIDGET (self->way), self->ways->len > 1);
  if (record != NULL) {
    load_record (self, record);
  } else {
    fill_key_kinds (self);
    suggest_addresses (self);
    console_field_set_text (self->name, show_service_get_title (self->service));
  }
  gtk_label_set_text (self->heading, show_service_get_title (self->service));
  gtk_label_set_text (self->where, show_service_get_where (self->service));
  gtk_widget_set_visible (self->page, self->service->key_page != NULL);
  gtk_button_set_label (self->save, record != NULL ? _ ("Save") : _ ("Add"));
  if (record == NULL && live)
    gtk_label_set_text (self->news,
                        _ ("The show is on air: it is sent there as soon as it is added."));
  self->loading = FALSE;
  self->changed = FALSE;
}

static void
console_destination_form_dispose (GObject *object)
{
  ConsoleDestinationForm *self = CONSOLE_DESTINATION_FORM (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_DESTINATION_FORM);
  g_clear_object (&self->output);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_destination_form_parent_class)->dispose (object);
}

static void
console_destination_form_finalize (GObject *object)
{
  ConsoleDestinationForm *self = CONSOLE_DESTINATION_FORM (object);

  g_clear_pointer (&self->ways, g_array_unref);
  g_free (self->id);

  G_OBJECT_CLASS (console_destination_form_parent_class)->finalize (object);
}

#define CHILD(name)                                      \
  {                                                      \
#name, G_STRUCT_OFFSET(ConsoleDestinationForm, name) \
  }

static const struct {
  const char *name;
  gssize offset;
} children[] = {
  CHILD (heading), CHILD (state),    CHILD (locked),      CHILD (where),   CHILD (page),
  CHILD (fields),  CHILD (basics),   CHILD (more),        CHILD (bar),     CHILD (way),
  CHILD (address), CHILD (choose),   CHILD (key_row),     CHILD (key),     CHILD (no_key_row),
  CHILD (no_key),  CHILD (name),     CHILD (enabled),     CHILD (watch),   CHILD (backup_row),
  CHILD (backup),  CHILD (key_kind), CHILD (latency_row), CHILD (latency), CHILD (segments),
  CHILD (save),    CHILD (news),
};

static void
console_destination_form_class_init (ConsoleDestinationFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = console_destination_form_dispose;
  object_class->finalize = console_destination_form_finalize;

  signals[SIGNAL_SAVED] = g_signal_new ("saved", CONSOLE_TYPE_DESTINATION_FORM, G_SIGNAL_RUN_LAST,
                                        0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (CONSOLE_TYPE_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-destination-form.ui");
  for (gsize i = 0; i < G_N_ELEMENTS (children); i++)
    gtk_widget_class_bind_template_child_full (widget_class, children[i].name, FALSE,
                                               children[i].offset);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, address_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, way_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_page_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
console_destination_form_init (ConsoleDestinationForm *self)
{
  self->cancellable = g_cancellable_new ();
  self->loading = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  console_list_set_name (self->basics, _ ("Address and key"));
  console_list_set_name (self->more, _ ("More"));
}

/**
 * console_destination_form_new:
 * @session: a show
 * @service: the platform
 * @id: (nullable): a destination of the event; `NULL` for a new one
 *
 * Returns: (transfer floating): the form
 */
GtkWidget *
console_destination_form_new (ShowSession *session, const ShowService *service, const char *id)
{
  ConsoleDestinationForm *self = g_object_new (CONSOLE_TYPE_DESTINATION_FORM, NULL);

  self->session = g_object_ref (session);
  self->service = service;
  self->id = g_strdup (id);
  self->ways = console_ways_new (service);
  console_field_set_check (self->address, check_address, self);
  console_field_set_check (self->backup, check_backup, self);
  console_field_set_check (self->watch, check_watch, self);
  console_field_set_check (self->key, check_key, self);
  load (self);
  update_way (self);
  console_key_hint_show (self->key, self->session, self->id, self->cancellable);
  g_signal_connect_object (show_session_get_destinations (session), "items-changed",
                           G_CALLBACK (update_output), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  update_output (self);
  return GTK_WIDGET (self);
}

const char *
console_destination_form_get_id (ConsoleDestinationForm *self)
{
  return self->id;
}

/* Returns: whether something is written there that would be lost with it */
gboolean
console_destination_form_get_changed (ConsoleDestinationForm *self)
{
  return self->changed;
}

gboolean
console_destination_form_can_save (ConsoleDestinationForm *self)
{
  return gtk_widget_is_sensitive (GTK_WIDGET (self->save)) && gtk_widget_get_visible (self->bar);
}

/* Returns: whether the event has taken it; if not, the show's “action-failed” has said why */
gboolean
console_destination_form_save (ConsoleDestinationForm *self)
{
  save_cb (self);
  return !self->changed;
}
