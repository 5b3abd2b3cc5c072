#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that po/POTFILES.in is sorted and names every file that has something to translate.

    check-potfiles.py [SOURCE_ROOT]

Skipped (77) as long as there is no po/POTFILES.in.
"""
import pathlib
import re
import sys

CALL = re.compile(r'\b(_|N_|C_|NC_|ngettext|gettext|g_dngettext|g_dpgettext2)\s*\(\s*"')
# What is translated in each kind of file; a desktop file or metainfo always is.
KINDS = [
    ('src', '*.c', CALL),
    ('src', '*.h', CALL),
    ('ui', '*.ui', re.compile(r'translatable="(yes|true|1)"')),
    ('data', '*.desktop.in*', None),
    ('data', '*.metainfo.xml.in*', None),
    ('data', '*.gschema.xml', re.compile(r'gettext-domain=')),
]


def strip_comments(text):
    return re.sub(r'/\*.*?\*/', '', text, flags=re.DOTALL)


def find_translated(root):
    found = set()
    for folder, glob, pattern in KINDS:
        for path in (root / folder).rglob(glob):
            text = path.read_text(encoding='utf-8')
            if pattern is CALL:
                text = strip_comments(text)
            if pattern is None or pattern.search(text):
                found.add(path.relative_to(root).as_posix())
    return found


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    potfiles = root / 'po' / 'POTFILES.in'
    if not potfiles.exists():
        print('There is no po/POTFILES.in yet, so nothing is checked.')
        sys.exit(77)
    lines = [line.strip() for line in potfiles.read_text(encoding='utf-8').splitlines()]
    listed = [line for line in lines if line and not line.startswith('#')]
    translated = find_translated(root)

    complaints = [f'{name} is not listed, but has something to translate'
                  for name in sorted(translated - set(listed))]
    complaints += [f'{name} is listed, but has nothing to translate or is not there'
                   for name in sorted(set(listed) - translated)]
    if listed != sorted(set(listed)):
        complaints.append('the files are not sorted, or one is there twice')
    for complaint in complaints:
        print(f'{potfiles}: {complaint}')
    sys.exit(1 if complaints else 0)


if __name__ == '__main__':
    main()
