/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-shot-keys.h"

static void
give_key (ShowSession *session, ShowShot *shot, guint key)
{
  g_autofree char *json = g_strdup_printf ("{\"key\": %u}", key);

  g_action_group_activate_action (show_session_get_actions (session), "edit-shot",
                                  g_variant_new ("(ss)", show_shot_get_id (shot), json));
}

/**
 * console_shot_keys_give:
 * @session: the show
 * @shot: one of its shots
 * @key: the digit that takes it from now on, 1 to 9; 0 for none
 *
 * The other shots keep the keys they have, also those they only got by their place; the one that had
 * this key has none.
 *
 * Returns: (transfer full) (nullable): the title of the shot that lost @key
 */
char *
console_shot_keys_give (ShowSession *session, ShowShot *shot, guint key)
{
  GListModel *shots = show_session_get_shots (session);
  const guint n_shots = g_list_model_get_n_items (shots);
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  char *loser = NULL;

  /* Each change hands out the free digits anew: what they were has to be known before the first. */
  for (guint i = 0; i < n_shots; i++) {
    ShowShot *other = g_list_model_get_item (shots, i);
    guint number = show_shot_get_number (other);

    if (other != shot && key != 0 && number == key) {
      loser = g_strdup (show_shot_get_title (other));
      number = 0;
    }
    g_ptr_array_add (others, other);
    g_array_append_val (numbers, number);
  }
  for (guint i = 0; i < n_shots; i++) {
    if (others->pdata[i] != shot)
      give_key (session, others->pdata[i], g_array_index (numbers, guint, i));
  }
  give_key (session, shot, key);
  return loser;
}
