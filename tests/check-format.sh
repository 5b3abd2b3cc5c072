#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Checks that clang-format 14 would change nothing. Skipped (77) where it is not installed.
#   check-format.sh [SOURCE_ROOT]
set -eu

cd "${1:-$(dirname "$0")/..}"

formatter=
for candidate in clang-format-14 clang-format; do
  if command -v "$candidate" > /dev/null && "$candidate" --version | grep -q 'version 14\.'; then
    formatter=$candidate
    break
  fi
done
if [ -z "$formatter" ]; then
  echo "clang-format 14 is not installed (Debian package clang-format), so the format is not checked."
  exit 77
fi

find src tests -name '*.[ch]' -type f -print0 | xargs -0 "$formatter" --style=file --dry-run -Werror
