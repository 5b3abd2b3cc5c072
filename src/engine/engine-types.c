/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-types.h"

G_DEFINE_QUARK (engine_error, engine_error)

G_DEFINE_ENUM_TYPE (EngineError, engine_error,
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_MISSING_ELEMENT, "missing-element"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_MISSING_CODEC, "missing-codec"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_STREAM, "stream"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_NOT_FOUND, "not-found"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_STALLED, "stalled"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_DISK_FULL, "disk-full"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_UNWRITABLE, "unwritable"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_UNSUPPORTED, "unsupported"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_TOO_LONG, "too-long"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_NAME, "name"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_CLOSED_AT_ONCE, "closed-at-once"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_BUSY, "busy"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_PASSPHRASE, "passphrase"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_UNCALLED, "uncalled"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_CERTIFICATE_EXPIRED, "certificate-expired"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_CERTIFICATE_HOST, "certificate-host"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_CERTIFICATE_UNKNOWN, "certificate-unknown"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_DISK_GONE, "disk-gone"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_DISK_SLOW, "disk-slow"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_DISK_STALLED, "disk-stalled"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_PLACE_FULL, "place-full"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_PLACE_UNWRITABLE, "place-unwritable"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_SCREEN_REFUSED, "screen-refused"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_SCREEN_UNSUPPORTED, "screen-unsupported"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_CAMERA_ASKED, "camera-asked"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_CAMERA_REFUSED, "camera-refused"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_CAMERA_UNREACHABLE, "camera-unreachable"),
                    G_DEFINE_ENUM_VALUE (ENGINE_ERROR_NOT_TAKEN, "not-taken"))

G_DEFINE_ENUM_TYPE (EngineSourceState, engine_source_state,
                    G_DEFINE_ENUM_VALUE (ENGINE_SOURCE_STATE_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (ENGINE_SOURCE_STATE_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (ENGINE_SOURCE_STATE_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (ENGINE_SOURCE_STATE_LOST, "lost"),
                    G_DEFINE_ENUM_VALUE (ENGINE_SOURCE_STATE_FAILED, "failed"))

G_DEFINE_ENUM_TYPE (EngineOutputState, engine_output_state,
                    G_DEFINE_ENUM_VALUE (ENGINE_OUTPUT_STATE_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (ENGINE_OUTPUT_STATE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (ENGINE_OUTPUT_STATE_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (ENGINE_OUTPUT_STATE_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (ENGINE_OUTPUT_STATE_REFUSED, "refused"))

G_DEFINE_ENUM_TYPE (EngineVerdict, engine_verdict,
                    G_DEFINE_ENUM_VALUE (ENGINE_VERDICT_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (ENGINE_VERDICT_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (ENGINE_VERDICT_GOOD, "good"),
                    G_DEFINE_ENUM_VALUE (ENGINE_VERDICT_TIGHT, "tight"),
                    G_DEFINE_ENUM_VALUE (ENGINE_VERDICT_TOO_SLOW, "too-slow"),
                    G_DEFINE_ENUM_VALUE (ENGINE_VERDICT_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (ENGINE_VERDICT_UNREACHABLE, "unreachable"))

G_DEFINE_ENUM_TYPE (EngineOutputKind, engine_output_kind,
                    G_DEFINE_ENUM_VALUE (ENGINE_OUTPUT_RTMP, "rtmp"),
                    G_DEFINE_ENUM_VALUE (ENGINE_OUTPUT_SRT, "srt"),
                    G_DEFINE_ENUM_VALUE (ENGINE_OUTPUT_WHIP, "whip"),
                    G_DEFINE_ENUM_VALUE (ENGINE_OUTPUT_HLS, "hls"),
                    G_DEFINE_ENUM_VALUE (ENGINE_OUTPUT_LIVE_PAGE, "live-page"))

G_DEFINE_ENUM_TYPE (EngineRecordingState, engine_recording_state,
                    G_DEFINE_ENUM_VALUE (ENGINE_RECORDING_STATE_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (ENGINE_RECORDING_STATE_RECORDING, "recording"),
                    G_DEFINE_ENUM_VALUE (ENGINE_RECORDING_STATE_STOPPING, "stopping"),
                    G_DEFINE_ENUM_VALUE (ENGINE_RECORDING_STATE_DEGRADED, "degraded"),
                    G_DEFINE_ENUM_VALUE (ENGINE_RECORDING_STATE_STOPPED, "stopped"))

G_DEFINE_ENUM_TYPE (EngineFollow, engine_follow,
                    G_DEFINE_ENUM_VALUE (ENGINE_FOLLOW_ALWAYS, "always"),
                    G_DEFINE_ENUM_VALUE (ENGINE_FOLLOW_SEEN, "seen"),
                    G_DEFINE_ENUM_VALUE (ENGINE_FOLLOW_NEVER, "never"))

G_DEFINE_ENUM_TYPE (EngineLoudnessWord, engine_loudness_word,
                    G_DEFINE_ENUM_VALUE (ENGINE_LOUDNESS_SILENT, "silent"),
                    G_DEFINE_ENUM_VALUE (ENGINE_LOUDNESS_QUIET, "quiet"),
                    G_DEFINE_ENUM_VALUE (ENGINE_LOUDNESS_GOOD, "good"),
                    G_DEFINE_ENUM_VALUE (ENGINE_LOUDNESS_LOUD, "loud"))

G_DEFINE_BOXED_TYPE (EngineFrame, engine_frame, engine_frame_ref, engine_frame_unref)

/**
 * engine_frame_new:
 * @pixels: (transfer full): @stride_bytes × @height_px bytes
 * @width_px: at least 1
 * @height_px: at least 1
 * @stride_bytes: bytes from one row to the next, at least 4 × @width_px
 *
 * Any thread.
 *
 * Returns: (transfer full): the frame
 */
EngineFrame *
engine_frame_new (GBytes *pixels, int width_px, int height_px, int stride_bytes)
{
  g_return_val_if_fail (pixels != NULL, NULL);
  g_return_val_if_fail (width_px > 0 && height_px > 0, NULL);
  g_return_val_if_fail (stride_bytes >= 4 * width_px, NULL);

  EngineFrame *self = g_new0 (EngineFrame, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->pixels = pixels;
  self->width_px = width_px;
  self->height_px = height_px;
  self->stride_bytes = stride_bytes;
  return self;
}

EngineFrame *
engine_frame_ref (EngineFrame *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
engine_frame_unref (EngineFrame *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count)) {
    g_bytes_unref (self->pixels);
    g_free (self);
  }
}

/**
 * engine_enum_get_nick:
 * @type: one of this room's enum types
 * @value: one of its values
 *
 * Returns: the word for the value that state lines and logs use, such as `live`
 */
const char *
engine_enum_get_nick (GType type, int value)
{
  g_autoptr (GEnumClass) enum_class = g_type_class_ref (type);
  const GEnumValue *enum_value = g_enum_get_value (enum_class, value);

  return enum_value != NULL ? enum_value->value_nick : "unknown";
}
