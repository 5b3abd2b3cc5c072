/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-sdp.h"

G_BEGIN_DECLS

#define GUEST_SDP_MAX_TYPES 128u

typedef enum {
  GUEST_CODEC_NONE,
  GUEST_CODEC_KNOWN,
  GUEST_CODEC_UNBOUND, /* another one's, sent again; of which is not known yet */
  GUEST_CODEC_REPAIR,  /* a known one's, sent again */
} GuestCodec;

/* One part of a description, or what holds for all. Texts are borrowed from the lines that were read. */
typedef struct {
  const char *kind;
  const char *mid;
  const char *ufrag;
  const char *password;
  const char *fingerprint;
  const char *setup;
  const char *direction;
  gboolean has_mux;
  gboolean has_reduced_size;
  gboolean is_bundle_only;
  guint port;
  guint8 types[GUEST_SDP_MAX_TYPES]; /* as they are in its first line */
  guint n_types;
  GuestCodec codecs[GUEST_SDP_MAX_TYPES];     /* by type */
  const char *encodings[GUEST_SDP_MAX_TYPES]; /* nullable; by type, such as `VP8/90000` */
  guint n_ssrcs;
  GString *lines; /* what is kept of the rest */
} GuestSdpPart;

typedef struct {
  GuestSdpPart session;
  GuestSdpPart parts[GUEST_SDP_MAX_MEDIA];
  guint n_parts;
  const char *bundle; /* nullable */
  gboolean is_lite;
  gboolean has_origin, has_name, has_time;
  guint n_candidates;
} GuestDescription;

char *_guest_sdp_write (const GuestDescription *description);

G_END_DECLS
