/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include <jerror.h>

#include "posts-photo-formats.h"

/* Each scan of a progressive picture is as much work as all of it, and costs a sender nothing. */
#define MAX_SCANS 64

typedef struct {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf failed;
  PostsPhotoAnswer answer;
  int cut;
  uint8_t *line; /* owned, nullable */
  const uint8_t *data;
  size_t length;
  unsigned largest_px;
  PostsPhotoRaw *raw;
} Job;

static void
error_exit_cb (j_common_ptr jpeg)
{
  Job *job = jpeg->client_data;

  job->answer = jpeg->err->msg_code == JERR_OUT_OF_MEMORY ? POSTS_PHOTO_ANSWER_MEMORY
                                                          : POSTS_PHOTO_ANSWER_BROKEN;
  longjmp (job->failed, 1);
}

/* What is missing would be grey. */
static void
emit_message_cb (j_common_ptr jpeg, int level)
{
  if (level < 0 && (jpeg->err->msg_code == JWRN_JPEG_EOF || jpeg->err->msg_code == JWRN_HIT_MARKER))
    ((Job *) jpeg->client_data)->cut = 1;
}

static void
output_message_cb (j_common_ptr jpeg)
{
}

static void
progress_cb (j_common_ptr jpeg)
{
  Job *job = jpeg->client_data;

  if (job->jpeg.input_scan_number > MAX_SCANS) {
    job->answer = POSTS_PHOTO_ANSWER_TOO_LARGE;
    longjmp (job->failed, 1);
  }
}

static unsigned
find_orientation (Job *job)
{
  for (jpeg_saved_marker_ptr marker = job->jpeg.marker_list; marker != NULL;
       marker = marker->next) {
    const unsigned orientation = posts_photo_read_orientation (marker->data, marker->data_length);

    if (orientation != 1)
      return orientation;
  }
  return 1;
}

/* Inks as Adobe writes them, the other way round. */
static void
convert_inks (const uint8_t *from, uint8_t *to, unsigned width, int inverted)
{
  for (unsigned x = 0; x < width; x++, from += 4, to += 4) {
    for (unsigned i = 0; i < 3; i++) {
      const unsigned ink = inverted ? from[i] : 255U - from[i];
      const unsigned black = inverted ? from[3] : 255U - from[3];

      to[i] = (uint8_t) (ink * black / 255);
    }
    to[3] = 255;
  }
}

static void
read_lines (Job *job)
{
  struct jpeg_decompress_struct *jpeg = &job->jpeg;
  const int inks = jpeg->out_color_space == JCS_CMYK;

  while (jpeg->output_scanline < jpeg->output_height) {
    uint8_t *to = job->raw->rgba + (size_t) jpeg->output_scanline * jpeg->output_width * 4;
    JSAMPROW row = inks ? job->line : to;

    jpeg_read_scanlines (jpeg, &row, 1);
    if (inks)
      convert_inks (job->line, to, jpeg->output_width, jpeg->saw_Adobe_marker);
  }
}

static PostsPhotoAnswer
run (Job *job)
{
  struct jpeg_decompress_struct *jpeg = &job->jpeg;
  PostsPhotoAnswer answer = POSTS_PHOTO_ANSWER_OK;
  unsigned longer = 0;

  jpeg_mem_src (jpeg, job->data, job->length);
  jpeg_save_markers (jpeg, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header (jpeg, TRUE);
  answer = posts_photo_check_size (jpeg->image_width, jpeg->image_height);
  if (answer != POSTS_PHOTO_ANSWER_OK)
    return answer;

  longer = jpeg->image_width > jpeg->image_height ? jpeg->image_width : jpeg->image_height;
  jpeg->scale_denom = 8;
  for (jpeg->scale_num = 1; jpeg->scale_num < 8; jpeg->scale_num++)
    if (longer * jpeg->scale_num / 8 >= job->largest_px)
      break;
  jpeg->out_color_space = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK
                            ? JCS_CMYK
                            : JCS_EXT_RGBA;
  jpeg_start_decompress (jpeg);
  answer = posts_photo_make_room (job->raw, jpeg->output_width, jpeg->output_height);
  job->line = malloc ((size_t) jpeg->output_width * 4);
  if (answer != POSTS_PHOTO_ANSWER_OK || job->line == NULL)
    return POSTS_PHOTO_ANSWER_MEMORY;
  read_lines (job);
  job->raw->orientation = find_orientation (job);
  return job->cut ? POSTS_PHOTO_ANSWER_BROKEN : POSTS_PHOTO_ANSWER_OK;
}

PostsPhotoAnswer
posts_photo_read_jpeg (const uint8_t *data, size_t length, unsigned largest_px, PostsPhotoRaw *raw)
{
  Job job = { .data = data, .length = length, .largest_px = largest_px, .raw = raw };

  job.jpeg.err = jpeg_std_error (&job.errors);
  job.jpeg.client_data = &job;
  job.errors.error_exit = error_exit_cb;
  job.errors.emit_message = emit_message_cb;
  job.errors.output_message = output_message_cb;
  job.progress.progress_monitor = progress_cb;
  if (setjmp (job.failed) == 0) {
    jpeg_create_decompress (&job.jpeg);
    job.jpeg.progress = &job.progress;
    job.answer = run (&job);
  }
  jpeg_destroy_decompress (&job.jpeg);
  free (job.line);
  return job.answer;
}
