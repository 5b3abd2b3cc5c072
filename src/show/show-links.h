/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "event-file.h"
#include "show-secrets.h"

G_BEGIN_DECLS

/* What is known of a link. */
typedef enum {
  SHOW_LINK_LOOKING,      /* whether it was made before: there is no token yet */
  SHOW_LINK_MADE,         /* it holds, and is about to be kept */
  SHOW_LINK_KEPT,         /* it holds after a restart as well */
  SHOW_LINK_FOR_THIS_RUN, /* it holds until Régie ends: it could not be kept */
  SHOW_LINK_REVOKED,      /* it is void, also after a restart */
} ShowLinkState;

#define SHOW_TYPE_LINK_STATE (show_link_state_get_type ())
GType show_link_state_get_type (void);

#define SHOW_TYPE_LINKS (show_links_get_type ())
G_DECLARE_FINAL_TYPE (ShowLinks, show_links, SHOW, LINKS, GObject)

/* The tokens of those who come from outside, by the id of their secret. Main thread only. Signals:
 *   "changed" (char *id): token or state is another · "not-kept" (char *id, GError *why) */
ShowLinks *show_links_new (EventFile *event);
void show_links_set_secrets (ShowLinks *self, ShowSecrets *secrets);
void show_links_want (ShowLinks *self, const char *id, const char *title);
void show_links_forget (ShowLinks *self, const char *id);
void show_links_revoke (ShowLinks *self, const char *id);
void show_links_renew (ShowLinks *self, const char *id);
const char *show_links_get_token (ShowLinks *self, const char *id);
ShowLinkState show_links_get_state (ShowLinks *self, const char *id);

G_END_DECLS
