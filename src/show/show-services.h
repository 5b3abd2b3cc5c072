/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "event-types.h"

G_BEGIN_DECLS

/* Where an address says <server>, the operator's own server is meant. */
#define SHOW_SERVICE_SERVER "<server>"

/* A picture of at most so many lines and pictures a second may have so much. */
typedef struct {
  int height_px;
  int rate_fps;
  int max_kbps;
} ShowServiceStep;

/**
 * ShowService:
 *
 * What is known of one platform. Limits that are 0 are not known to exist.
 */
typedef struct {
  const char *id;               /* as in an event file */
  const char *name;             /* see show_service_get_title () */
  guint kinds;                  /* 1 << EventDestinationKind, each that it takes */
  EventDestinationKind kind;    /* the one to begin with */
  const char *url;              /* nullable: its address; NULL: it is shown with the key */
  const char *backup_url;       /* nullable */
  const char *key_page;         /* nullable: the web page where the key is found */
  const char *hosts;            /* nullable: what its hosts end with, separated by spaces */
  const char *key_prefix;       /* nullable: what its keys begin with */
  const char *where;            /* where address and key are found; see show_service_get_where () */
  const ShowServiceStep *steps; /* nullable; the smallest picture first, {0} at the end */
  int max_kbps;                 /* of the picture, where no step applies */
  int max_height_px;
  int max_rate_fps;
  int max_audio_kbps;
} ShowService;

/* What people do wrong when they copy an address and a key. */
typedef enum {
  SHOW_MISTAKE_NONE,
  SHOW_MISTAKE_NO_ADDRESS,
  SHOW_MISTAKE_SPACES_IN_ADDRESS,
  SHOW_MISTAKE_WEB_PAGE,       /* where it is watched or set up, not where it is sent to */
  SHOW_MISTAKE_SCHEME,         /* the address begins in no way that this kind has */
  SHOW_MISTAKE_SERVER_MISSING, /* <server> was left as it is */
  SHOW_MISTAKE_KEY_IN_ADDRESS,
  SHOW_MISTAKE_SPACES_IN_KEY,
  SHOW_MISTAKE_ADDRESS_AS_KEY,
  SHOW_MISTAKE_OTHER_KEY, /* keys of this service look different */
} ShowMistake;

const ShowService *show_services_get (guint *n_services);
const ShowService *show_services_find (const char *id);
const ShowService *show_services_guess (const char *url);

const char *show_service_get_title (const ShowService *self);
const char *show_service_get_where (const ShowService *self);
const char *show_service_get_key_name (const ShowService *self, EventDestinationKind kind,
                                       EventKeyKind key_kind);
char *show_service_get_url (const ShowService *self, EventDestinationKind kind);
int show_service_get_max_kbps (const ShowService *self, int height_px, int rate_fps);
ShowMistake show_service_check (const ShowService *self, EventDestinationKind kind, const char *url,
                                const char *key);
gboolean show_service_split (const ShowService *self, const char *pasted, char **url, char **key);
const char *show_mistake_describe (ShowMistake mistake);

G_END_DECLS
