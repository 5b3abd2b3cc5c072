/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "event-file.h"

static const char event_json[] =
  "{\"regie\": 1, \"title\": \"T\", \"zz\": {\"kept\": [1, 2.5]},\n"
  " \"sources\": [\n"
  "  {\"id\": \"room\", \"kind\": \"drawn\", \"zoo\": true,\n"
  "   \"picture-settings\": {\"zoom\": 2, \"mirror\": true, \"new\": 5}},\n"
  "  {\"id\": \"pages\", \"kind\": \"slides\", \"file\": \"talk.pdf\"},\n"
  "  {\"id\": \"guest\", \"kind\": \"uri\", \"uri\": \"rtsp://host/1\"},\n"
  "  {\"id\": \"film\", \"kind\": \"film\", \"file\": \"a.mp4\", \"then\": \"one\"} ],\n"
  " \"shots\": [\n"
  "  {\"id\": \"one\", \"layout\": \"full\", \"sources\": [\"guest\"]},\n"
  "  {\"id\": \"two\", \"layout\": \"side-by-side\", \"sources\": [\"room\", \"guest\"]},\n"
  "  {\"id\": \"pip\", \"layout\": \"picture-in-picture\", \"sources\": [\"guest\", \"room\"]},\n"
  "  {\"id\": \"talk\", \"layout\": \"slides-and-speaker\", \"sources\": [\"pages\", \"guest\"]},\n"
  "  {\"id\": \"three\", \"layout\": \"slides-and-two\", \"sources\": [\"pages\", \"room\", "
  "\"guest\"], \"background\": \"wall.png\"},\n"
  "  {\"id\": \"all\", \"layout\": \"everyone\", \"sources\": [\"room\", \"guest\"]},\n"
  "  {\"id\": \"wait\", \"layout\": \"pause\"} ],\n"
  " \"graphics\": {\"logo\": \"logo.svg\"}}";

static EventFile *
make_event (const char *path)
{
  g_autoptr (GError) error = NULL;
  EventFile *file = event_file_parse (event_json, -1, path, &error);

  g_assert_no_error (error);
  return file;
}

static void
count_cb (EventFile *file, guint *n_calls)
{
  ++*n_calls;
}

static void
count_notify_cb (EventFile *file, GParamSpec *pspec, guint *n_calls)
{
  ++*n_calls;
}

static const EventSource *
get_source (EventFile *file, const char *id)
{
  GPtrArray *sources = event_file_get_sources (file);

  for (guint i = 0; i < sources->len; i++) {
    const EventSource *source = sources->pdata[i];

    if (g_str_equal (source->id, id))
      return source;
  }
  return NULL;
}

static const EventShot *
get_shot (EventFile *file, const char *id)
{
  GPtrArray *shots = event_file_get_shots (file);

  for (guint i = 0; i < shots->len; i++) {
    const EventShot *shot = shots->pdata[i];

    if (g_str_equal (shot->id, id))
      return shot;
  }
  return NULL;
}

static void
edit (EventFile *file, const char *id, const char *json)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (event_file_edit (file, EVENT_ENTRIES_SOURCES, id, json, &error));
  g_assert_no_error (error);
}

static void
test_merges (void)
{
  g_autoptr (EventFile) file = make_event (NULL);
  g_autofree char *json = NULL;
  guint n_changes = 0;

  g_signal_connect (file, "changed", G_CALLBACK (count_cb), &n_changes);
  edit (file, "room",
        "{\"title\": \"Salle\", \"picture-settings\": {\"zoom\": null, \"tint\": 0.5, \"crop\": "
        "{\"left\": 0.1, \"top\": null}}, \"volume-db\": -3}");
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_cmpstr (get_source (file, "room")->title, ==, "Salle");
  g_assert_cmpfloat (get_source (file, "room")->volume_db, ==, -3);
  g_assert_cmpfloat (get_source (file, "room")->picture_settings.zoom, ==, 1);
  g_assert_cmpfloat (get_source (file, "room")->picture_settings.tint, ==, 0.5);
  g_assert_cmpfloat (get_source (file, "room")->picture_settings.crop_left, ==, 0.1);
  g_assert_true (get_source (file, "room")->picture_settings.mirror);

  json = event_file_to_json (file);
  g_assert_nonnull (strstr (json, "\"zz\": { \"kept\": [1, 2.5] }"));
  g_assert_nonnull (strstr (json, "\"zoo\": true"));
  g_assert_nonnull (strstr (json, "\"new\": 5"));
  g_assert_null (strstr (json, "null"));
  g_assert_null (strstr (json, "\"zoom\""));

  edit (file, "room", "{\"picture-settings\": null}");
  g_assert_false (get_source (file, "room")->picture_settings.mirror);
  g_assert_cmpuint (n_changes, ==, 2);
  edit (file, "room", "{\"volume-db\": -3, \"picture-settings\": null}");
  edit (file, "room", "{}");
  g_assert_cmpuint (n_changes, ==, 2);
}

static void
test_adds_and_moves (void)
{
  g_autoptr (EventFile) file = make_event (NULL);
  g_autoptr (GError) error = NULL;
  GPtrArray *shots = NULL;

  g_assert_true (event_file_add (file, EVENT_ENTRIES_SOURCES,
                                 "{\"id\": \"new\", \"kind\": \"camera\", \"device\": null}",
                                 &error));
  g_assert_no_error (error);
  g_assert_cmpstr (get_source (file, "new")->device, ==, "default");
  g_assert_true (
    event_file_add (file, EVENT_ENTRIES_SHOTS,
                    "{\"id\": \"eight\", \"layout\": \"full\", \"sources\": [\"new\"]}", &error));
  g_assert_no_error (error);
  g_assert_cmpint (get_shot (file, "eight")->key, ==, 8);

  g_assert_true (event_file_move (file, EVENT_ENTRIES_SHOTS, "eight", 0, &error));
  g_assert_true (event_file_move (file, EVENT_ENTRIES_SHOTS, "one", 99, &error));
  g_assert_true (event_file_move (file, EVENT_ENTRIES_SHOTS, "two", -5, &error));
  g_assert_no_error (error);
  shots = event_file_get_shots (file);
  g_assert_cmpuint (shots->len, ==, 8);
  g_assert_cmpstr (((EventShot *) shots->pdata[0])->id, ==, "two");
  g_assert_cmpstr (((EventShot *) shots->pdata[1])->id, ==, "eight");
  g_assert_cmpstr (((EventShot *) shots->pdata[2])->id, ==, "pip");
  g_assert_cmpstr (((EventShot *) shots->pdata[7])->id, ==, "one");
  g_assert_cmpint (get_shot (file, "one")->key, ==, 8);
}

typedef gboolean (*Change) (EventFile *file, GError **error);

static gboolean
add_known (EventFile *file, GError **error)
{
  return event_file_add (file, EVENT_ENTRIES_SOURCES, "{\"id\": \"room\", \"kind\": \"drawn\"}",
                         error);
}

static gboolean
add_nothing (EventFile *file, GError **error)
{
  return event_file_add (file, EVENT_ENTRIES_SHOTS, " \n", error);
}

static gboolean
add_half (EventFile *file, GError **error)
{
  return event_file_add (file, EVENT_ENTRIES_SHOTS, "{\"id\":", error);
}

static gboolean
add_list (EventFile *file, GError **error)
{
  return event_file_add (file, EVENT_ENTRIES_SHOTS, "[]", error);
}

static gboolean
edit_range (EventFile *file, GError **error)
{
  return event_file_edit (file, EVENT_ENTRIES_SOURCES, "guest",
                          "{\"title\": \"X\", \"picture-settings\": {\"zoom\": 9}}", error);
}

static gboolean
edit_id (EventFile *file, GError **error)
{
  return event_file_edit (file, EVENT_ENTRIES_SHOTS, "two", "{\"id\": \"too\"}", error);
}

static gboolean
edit_id_away (EventFile *file, GError **error)
{
  return event_file_edit (file, EVENT_ENTRIES_SHOTS, "two", "{\"id\": null}", error);
}

static gboolean
edit_nobody (EventFile *file, GError **error)
{
  return event_file_edit (file, EVENT_ENTRIES_SHOTS, "nobody", "{}", error);
}

static gboolean
edit_shot_source (EventFile *file, GError **error)
{
  return event_file_edit (file, EVENT_ENTRIES_SHOTS, "two", "{\"sources\": [\"room\", \"gast\"]}",
                          error);
}

static gboolean
remove_nobody (EventFile *file, GError **error)
{
  return event_file_remove (file, EVENT_ENTRIES_SOURCES, "nobody", error);
}

static gboolean
move_nobody (EventFile *file, GError **error)
{
  return event_file_move (file, EVENT_ENTRIES_SHOTS, "room", 0, error);
}

static const struct {
  const char *name;
  Change change;
  EventError code;
  const char *words;
} refused[] = {
  { "add-known", add_known, EVENT_ERROR_INVALID,
    "show.regie: sources[4].id is “room”, expected one" },
  { "add-nothing", add_nothing, EVENT_ERROR_INVALID, "the entry is empty, expected an object" },
  { "add-half", add_half, EVENT_ERROR_SYNTAX, "the entry: line 1, column 7: expected a value" },
  { "add-list", add_list, EVENT_ERROR_INVALID, "the entry is no object, expected an object" },
  { "edit-range", edit_range, EVENT_ERROR_INVALID,
    "sources[2].picture-settings.zoom is 9, expected a number from 1 to 8" },
  { "edit-id", edit_id, EVENT_ERROR_INVALID, "shots[1].id cannot be changed, expected “two”" },
  { "edit-id-away", edit_id_away, EVENT_ERROR_INVALID, "shots[1].id cannot be changed" },
  { "edit-nobody", edit_nobody, EVENT_ERROR_INVALID, "there is no shot “nobody”" },
  { "edit-shot-source", edit_shot_source, EVENT_ERROR_INVALID,
    "shots[1].sources[1] is “gast”, expected the id of a source" },
  { "remove-nobody", remove_nobody, EVENT_ERROR_INVALID, "there is no source “nobody”" },
  { "move-nobody", move_nobody, EVENT_ERROR_INVALID, "there is no shot “room”" },
};

/* All or nothing. */
static void
test_refuses (gconstpointer data)
{
  const guint index = GPOINTER_TO_UINT (data);
  g_autoptr (EventFile) file = make_event ("/tmp/show.regie");
  g_autofree char *before = event_file_to_json (file);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *sources = event_file_get_sources (file), *shots = event_file_get_shots (file);
  guint n_changes = 0;

  g_signal_connect (file, "changed", G_CALLBACK (count_cb), &n_changes);
  g_assert_false (refused[index].change (file, &error));
  g_assert_error (error, EVENT_ERROR, (int) refused[index].code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, refused[index].words));
  after = event_file_to_json (file);
  g_assert_cmpstr (before, ==, after);
  g_assert_true (event_file_get_sources (file) == sources && event_file_get_shots (file) == shots);
  g_assert_false (event_file_get_modified (file));
  g_assert_cmpuint (n_changes, ==, 0);
}

static void
assert_shot (EventFile *file, const char *id, EventLayout layout, const char *sources)
{
  const EventShot *shot = get_shot (file, id);
  g_autofree char *list = NULL;

  g_assert_nonnull (shot);
  list = g_strjoinv (" ", shot->sources);
  g_assert_cmpint (shot->layout, ==, layout);
  g_assert_cmpstr (list, ==, sources);
}

static void
test_removes_a_source (void)
{
  g_autoptr (EventFile) file = make_event (NULL);
  g_autoptr (EventFile) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;

  g_assert_true (event_file_remove (file, EVENT_ENTRIES_SOURCES, "guest", &error));
  g_assert_no_error (error);
  g_assert_null (get_source (file, "guest"));
  g_assert_null (get_shot (file, "one"));
  g_assert_null (get_source (file, "film")->then);
  assert_shot (file, "two", EVENT_LAYOUT_FULL, "room");
  assert_shot (file, "pip", EVENT_LAYOUT_FULL, "room");
  assert_shot (file, "talk", EVENT_LAYOUT_FULL, "pages");
  assert_shot (file, "three", EVENT_LAYOUT_SLIDES_AND_SPEAKER, "pages room");
  assert_shot (file, "all", EVENT_LAYOUT_EVERYONE, "room");
  assert_shot (file, "wait", EVENT_LAYOUT_PAUSE, "");
  json = event_file_to_json (file);
  again = event_file_parse (json, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (event_file_get_shots (again)->len, ==, 6);

  g_assert_true (event_file_remove (file, EVENT_ENTRIES_SOURCES, "room", &error));
  assert_shot (file, "three", EVENT_LAYOUT_FULL, "pages");
  g_assert_null (get_shot (file, "two"));
  g_assert_null (get_shot (file, "all"));
}

static void
test_removes_the_slides (void)
{
  g_autoptr (EventFile) file = make_event (NULL);

  g_assert_true (event_file_remove (file, EVENT_ENTRIES_SOURCES, "pages", NULL));
  assert_shot (file, "talk", EVENT_LAYOUT_FULL, "guest");
  assert_shot (file, "three", EVENT_LAYOUT_SIDE_BY_SIDE, "room guest");
}

static void
test_keeps_the_last (void)
{
  g_autoptr (EventFile) file = NULL;
  g_autoptr (GError) error = NULL;

  file =
    event_file_parse ("{\"regie\": 1, \"title\": \"T\", \"sources\": [{\"id\": \"a\", \"kind\": "
                      "\"drawn\"}, {\"id\": \"b\", \"kind\": \"drawn\"}], \"shots\": [{\"id\": "
                      "\"s\", \"layout\": \"full\", \"sources\": [\"a\"]}]}",
                      -1, NULL, NULL);
  g_assert_false (event_file_remove (file, EVENT_ENTRIES_SHOTS, "s", &error));
  g_assert_error (error, EVENT_ERROR, EVENT_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "the shot “s” cannot be removed"));
  g_clear_error (&error);
  g_assert_false (event_file_remove (file, EVENT_ENTRIES_SOURCES, "a", &error));
  g_assert_nonnull (strstr (error->message, "the source “a” cannot be removed"));
  g_clear_error (&error);
  g_assert_true (event_file_remove (file, EVENT_ENTRIES_SOURCES, "b", &error));
  g_assert_false (event_file_remove (file, EVENT_ENTRIES_SOURCES, "a", &error));
  g_assert_error (error, EVENT_ERROR, EVENT_ERROR_INVALID);
}

/* Somebody may still look at them. */
static void
test_old_records_stay (void)
{
  g_autoptr (EventFile) file = make_event (NULL);
  const EventSource *room = get_source (file, "room");
  const EventShot *two = get_shot (file, "two");

  for (int i = 0; i < 50; i++) {
    g_autofree char *change = g_strdup_printf ("{\"title\": \"Room %d\"}", i);

    edit (file, "room", change);
  }
  g_assert_true (event_file_remove (file, EVENT_ENTRIES_SHOTS, "two", NULL));
  g_assert_cmpstr (room->title, ==, "room");
  g_assert_cmpstr (two->sources[1], ==, "guest");
  g_assert_cmpstr (get_source (file, "room")->title, ==, "Room 49");
}

/* A folder with an event that is the user's own. */
typedef struct {
  char *folder;
  char *path;
  EventFile *file;
} Disk;

static void
disk_set_up (Disk *disk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  disk->folder = g_dir_make_tmp ("regie-edit-XXXXXX", NULL);
  disk->path = g_build_filename (disk->folder, "show.regie", NULL);
  g_assert_true (g_file_set_contents (disk->path, event_json, -1, NULL));
  disk->file = event_file_load (disk->path, &error);
  g_assert_no_error (error);
}

static void
disk_tear_down (Disk *disk, gconstpointer data)
{
  g_object_unref (disk->file);
  g_remove (disk->path);
  g_rmdir (disk->folder);
  g_free (disk->folder);
  g_free (disk->path);
}

static void
keep_result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
save (EventFile *file, const char *path, const char *edit_meanwhile, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  event_file_save_async (file, path, NULL, keep_result_cb, &result);
  if (edit_meanwhile != NULL)
    edit (file, "room", edit_meanwhile);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return event_file_save_finish (file, result, error);
}

static void
test_knows_what_is_saved (Disk *disk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EventFile) again = NULL;
  guint n_notifies = 0;

  g_signal_connect (disk->file, "notify::modified", G_CALLBACK (count_notify_cb), &n_notifies);
  g_assert_true (event_file_get_savable (disk->file));
  g_assert_false (event_file_get_modified (disk->file));
  edit (disk->file, "room", "{\"title\": \"1\"}");
  edit (disk->file, "room", "{\"title\": \"2\"}");
  g_assert_true (event_file_get_modified (disk->file));
  g_assert_cmpuint (n_notifies, ==, 1);

  g_assert_true (save (disk->file, NULL, "{\"title\": \"3\"}", &error));
  g_assert_no_error (error);
  g_assert_true (event_file_get_modified (disk->file));
  again = event_file_load (disk->path, &error);
  g_assert_cmpstr (get_source (again, "room")->title, ==, "2");
  g_assert_cmpuint (n_notifies, ==, 1);

  g_assert_true (save (disk->file, NULL, NULL, &error));
  g_assert_false (event_file_get_modified (disk->file));
  g_assert_cmpuint (n_notifies, ==, 2);
}

static void
test_says_why_not (Disk *disk, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (disk->folder, "no", "where.regie", NULL);
  g_autoptr (GError) error = NULL;

  edit (disk->file, "room", "{\"title\": \"1\"}");
  g_assert_false (save (disk->file, nowhere, NULL, &error));
  g_assert_error (error, EVENT_ERROR, EVENT_ERROR_UNWRITABLE);
  g_assert_true (g_str_has_prefix (error->message, "where.regie: cannot be saved: "));
  g_assert_cmpstr (event_file_get_path (disk->file), ==, disk->path);
  g_assert_true (event_file_get_modified (disk->file));
}

/* Somebody edits the file by hand during the show. */
static void
test_overwrites_nobody (Disk *disk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  edit (disk->file, "room", "{\"title\": \"1\"}");
  g_assert_true (save (disk->file, NULL, NULL, &error));
  edit (disk->file, "room", "{\"title\": \"2\"}");
  g_assert_true (save (disk->file, NULL, NULL, &error));
  g_assert_no_error (error);

  g_assert_true (g_file_set_contents (disk->path, "by hand", -1, NULL));
  edit (disk->file, "room", "{\"title\": \"3\"}");
  g_assert_false (save (disk->file, NULL, NULL, &error));
  g_assert_error (error, EVENT_ERROR, EVENT_ERROR_UNWRITABLE);
  g_assert_nonnull (strstr (error->message, "another program has changed the file"));
  g_assert_true (event_file_get_modified (disk->file));
  g_assert_true (g_file_get_contents (disk->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "by hand");
  g_clear_error (&error);

  /* Who says where it goes means it. */
  g_assert_true (save (disk->file, disk->path, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (event_file_get_modified (disk->file));
}

/* The same files, from another folder. */
static void
test_takes_its_paths_along (Disk *disk, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (disk->folder, "other", NULL);
  g_autofree char *path = g_build_filename (folder, "copy.regie", NULL);
  g_autofree char *logo = g_build_filename (disk->folder, "logo.svg", NULL);
  g_autofree char *film = g_build_filename (disk->folder, "a.mp4", NULL);
  g_autofree char *wall = g_build_filename (disk->folder, "wall.png", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (EventFile) again = NULL;

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_assert_true (save (disk->file, path, "{\"title\": \"later\"}", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (event_file_get_path (disk->file), ==, path);
  again = event_file_load (path, &error);
  g_assert_no_error (error);
  for (int i = 0; i < 2; i++) {
    EventFile *file = i == 0 ? again : disk->file;

    g_assert_cmpstr (event_file_get_graphics (file)->logo, ==, logo);
    g_assert_cmpstr (get_source (file, "film")->file, ==, film);
    g_assert_cmpstr (get_source (file, "guest")->uri, ==, "rtsp://host/1");
    g_assert_cmpstr (get_shot (file, "three")->background, ==, wall);
  }
  g_assert_cmpstr (get_source (again, "room")->title, ==, "room");
  g_assert_cmpstr (get_source (disk->file, "room")->title, ==, "later");
  g_assert_true (event_file_get_modified (disk->file));
  g_remove (path);
  g_rmdir (folder);
}

static void
test_keeps_its_hands_off (Disk *disk, gconstpointer data)
{
  g_autoptr (EventFile) shipped = NULL;
  g_autoptr (EventFile) own = NULL;

  g_setenv ("REGIE_DATA_DIR", disk->folder, TRUE);
  shipped = event_file_load (disk->path, NULL);
  g_assert_false (event_file_get_savable (shipped));
  g_setenv ("REGIE_DATA_DIR", "/nowhere", TRUE);
  own = event_file_load (disk->path, NULL);
  g_assert_true (event_file_get_savable (own));
  g_assert_cmpint (g_chmod (disk->path, 0444), ==, 0);
  if (access (disk->path, W_OK) == 0) {
    g_test_skip ("root may write everywhere");
    return;
  }
  g_clear_object (&own);
  own = event_file_load (disk->path, NULL);
  g_assert_false (event_file_get_savable (own));
}

#define ADD_DISK_TEST(name, function) \
  g_test_add ("/event/edit/" name, Disk, NULL, disk_set_up, function, disk_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event/edit/merges", test_merges);
  g_test_add_func ("/event/edit/adds-and-moves", test_adds_and_moves);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autofree char *path = g_strconcat ("/event/edit/refuses/", refused[i].name, NULL);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_refuses);
  }
  g_test_add_func ("/event/edit/removes-a-source", test_removes_a_source);
  g_test_add_func ("/event/edit/removes-the-slides", test_removes_the_slides);
  g_test_add_func ("/event/edit/keeps-the-last", test_keeps_the_last);
  g_test_add_func ("/event/edit/old-records-stay", test_old_records_stay);
  ADD_DISK_TEST ("knows-what-is-saved", test_knows_what_is_saved);
  ADD_DISK_TEST ("says-why-not", test_says_why_not);
  ADD_DISK_TEST ("overwrites-nobody", test_overwrites_nobody);
  ADD_DISK_TEST ("takes-its-paths-along", test_takes_its_paths_along);
  ADD_DISK_TEST ("keeps-its-hands-off", test_keeps_its_hands_off);
  return g_test_run ();
}
