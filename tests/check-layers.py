#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that every room includes only what it may (see CONTRIBUTING.md, "Rooms").

    check-layers.py [SOURCE_ROOT]
    check-layers.py --self-test
"""
import pathlib
import re
import sys
import tempfile

# Each room, and the rooms it may use besides itself.
ROOMS = {
    'common': [],
    'event': ['common'],
    'engine': ['common'],
    'posts': ['common'],
    'web': ['common'],
    'guest': ['engine', 'web', 'common'],
    'livepage': ['posts', 'common'],
    'modpage': ['posts', 'web', 'common'],
    'show': ['livepage', 'modpage', 'posts', 'guest', 'web', 'engine', 'event', 'common'],
    'control': ['show', 'livepage', 'modpage', 'posts', 'guest', 'web', 'engine', 'event', 'common'],
    'console': ['control', 'show', 'livepage', 'modpage', 'posts', 'guest', 'web', 'engine', 'event', 'common'],
}
# System headers that only some rooms may see.
SYSTEM = [
    ('GTK and libadwaita', re.compile(r'^(gtk|gdk|gsk|adwaita)([/.-]|$)'), {'console'}),
    ('GStreamer', re.compile(r'^gst/'), {'engine', 'guest'}),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


def room_of_header(name):
    """The room whose header this is, by its first word; None for any other header."""
    room = name.split('-')[0]
    return room if '-' in name and '/' not in name and room in ROOMS else None


def check_include(room, quote, name):
    """Says what is wrong with an include in a room's file, or returns None."""
    if name.startswith('..') or '/../' in name:
        return 'leaves its folder; rooms find each other through meson dependencies'
    for what, pattern, rooms in SYSTEM:
        # gdk-pixbuf draws without a display and is no part of GTK.
        if pattern.match(name) and not name.startswith('gdk-pixbuf/') and room not in rooms:
            return f'{what} belongs to {" and ".join(sorted(rooms))} only'
    other = room_of_header(name)
    if other is None or other == room:
        return None
    if name.endswith('-private.h'):
        return f'is private to {other}'
    if other not in ROOMS[room]:
        return f'{room} may use {", ".join(ROOMS[room]) or "no other room"}, not {other}'
    return None


def check_tree(root):
    """Returns the complaints about a source tree, and how many files were read."""
    complaints, n_files = [], 0
    for path in sorted((root / 'src').rglob('*.[ch]')):
        room = path.relative_to(root / 'src').parts[0]
        if room not in ROOMS:
            complaints.append(f'{path}: {room} is no room that this check knows')
            continue
        if not path.name.startswith((f'{room}-', 'main.')):
            complaints.append(f'{path}: a file of the room {room} is named {room}-….c or {room}-….h')
        n_files += 1
        for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
            match = INCLUDE.match(line)
            problem = match and check_include(room, *match.groups())
            if problem:
                complaints.append(f'{path}:{number}: {match.group(2)}: {problem}')
    return complaints, n_files


def self_test():
    """Each rule finds the one line that breaks it, and nothing else."""
    bad = [
        ('event', '#include "../common/common-util.h"'),
        ('event', '#include "engine-source.h"'),
        ('posts', '#include "livepage-server.h"'),
        ('engine', '# include <gtk/gtk.h>'),
        ('show', '#include <gst/gst.h>'),
        ('guest', '#include "show-session.h"'),
        ('engine', '#include "guest-peer.h"'),
        ('show', '#include "engine-bridge-private.h"'),
        ('control', '#include <adwaita.h>'),
        ('web', '#include "guest-room.h"'),
    ]
    good = [
        ('event', '#include "common-util.h"'),
        ('engine', '#include "engine-bridge-private.h"'),
        ('engine', '#include <gdk-pixbuf/gdk-pixbuf.h>'),
        ('guest', '#include <gst/gst.h>'),
        ('console', '#include <gtk/gtk.h>'),
        ('guest', '#include "engine-bridge.h"'),
        ('modpage', '#include "web-server.h"'),
        ('show', '#include "guest-peer.h"'),
        ('livepage', '#include "posts-post.h"'),
    ]
    for lines, expected in ((bad, 1), (good, 0)):
        for room, line in lines:
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / 'src' / room / f'{room}-x.c'
                path.parent.mkdir(parents=True)
                path.write_text(line + '\n', encoding='utf-8')
                complaints, _ = check_tree(pathlib.Path(folder))
            if len(complaints) != expected:
                sys.exit(f'{room}: {line}: {len(complaints)} complaints, expected {expected}')


def main():
    if sys.argv[1:] == ['--self-test']:
        self_test()
        return
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    complaints, n_files = check_tree(root)
    if n_files == 0:
        complaints.append(f'{root}/src: there is nothing to check')
    print(*complaints, sep='\n')
    sys.exit(1 if complaints else 0)


if __name__ == '__main__':
    main()
