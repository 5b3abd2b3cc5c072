#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tests/fuzz/run-fuzz.sh BUILD-FOLDER SECONDS [html|rules|mastodon|bluesky|x …]
# Fuzzes the parsers of posts with clang's libFuzzer and sanitizers, from the fixtures on. What it finds
# stays in BUILD-FOLDER/fuzz/NAME; a crash ends it.
set -eu
build=$1 seconds=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
flags="-g -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -I$build/src/common
  -I$root/src/common -I$root/src/posts $(pkg-config --cflags glib-2.0 gobject-2.0 gio-unix-2.0 json-glib-1.0)"
libs=$(pkg-config --libs glib-2.0 gobject-2.0 gio-unix-2.0 json-glib-1.0)
sources=
for name in bluesky-parser enums fold html item json links mastodon-parser memory network news post rules rules-look \
  rules-words splitter sse tags text x-parser; do
  sources="$sources $root/src/posts/posts-$name.c"
done
mkdir -p "$build/fuzz/objects"
for source in $sources "$root/src/common/common-util.c"; do
  # shellcheck disable=SC2086
  clang $flags -c "$source" -o "$build/fuzz/objects/$(basename "$source").o"
done
[ $# -gt 0 ] || set -- html rules mastodon bluesky x
for name in "$@"; do
  corpus=$build/fuzz/$name
  mkdir -p "$corpus"
  case $name in
  html | rules) cp "$root"/tests/posts/fixtures/mastodon/*.sse "$corpus" ;;
  *) find "$root/tests/posts/fixtures/$name" -type f ! -name '*.expect.json' -exec cp {} "$corpus" \; ;;
  esac
  # shellcheck disable=SC2086
  clang $flags -fsanitize=fuzzer "$here/fuzz-$name.c" "$build"/fuzz/objects/*.o -o "$build/fuzz/fuzz-$name" $libs
  "$build/fuzz/fuzz-$name" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048 \
    -artifact_prefix="$corpus-" -print_final_stats=1 "$corpus"
done
