#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs into an empty folder, as whoever makes a package does, and looks at what came.

    check-install.py MESON BUILD-FOLDER DATA-FOLDER PREFIX BINDIR DATADIR LIBEXECDIR LOCALEDIR MANDIR
"""
import configparser
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ID = 'live.regie.Regie'
SKIP = 77


def read_keys(path, group):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(path, encoding='utf-8')
    return parser[group]


def expect(bindir, datadir, libexecdir, localedir, mandir, demo):
    files = {
        f'{bindir}/regie', f'{libexecdir}/regie/regie-watchdog', f'{libexecdir}/regie/regie-photo',
        f'{localedir}/fr/LC_MESSAGES/regie.mo',
        f'{mandir}/man1/regie.1'}
    files |= {f'{datadir}/{name}' for name in (
        f'applications/{ID}.desktop', f'metainfo/{ID}.metainfo.xml', f'dbus-1/services/{ID}.service',
        f'glib-2.0/schemas/{ID}.gschema.xml', f'mime/packages/{ID}.xml',
        f'icons/hicolor/scalable/apps/{ID}.svg', f'icons/hicolor/symbolic/apps/{ID}-symbolic.svg',
        f'icons/hicolor/scalable/mimetypes/{ID}.event.svg', 'bash-completion/completions/regie',
        'zsh/site-functions/_regie', 'fish/vendor_completions.d/regie.fish')}
    return files | {f'{datadir}/regie/demo/{path.relative_to(demo)}' for path in demo.rglob('*') if path.is_file()}


def check_list(root, expected):
    found = {'/' + str(path.relative_to(root)) for path in root.rglob('*') if not path.is_dir()}
    if found != expected:
        return [f'missing: {sorted(expected - found)}', f'not expected: {sorted(found - expected)}']
    return []


def check_entries(root, bindir, datadir):
    """What starts Régie starts the one that is installed."""
    faults = []
    service = read_keys(f'{root}{datadir}/dbus-1/services/{ID}.service', 'D-BUS Service')
    if service['Name'] != ID or service['Exec'] != f'{bindir}/regie --gapplication-service':
        faults.append(f'the service starts {service["Exec"]}')
    entry = read_keys(f'{root}{datadir}/applications/{ID}.desktop', 'Desktop Entry')
    if entry.get('DBusActivatable') != 'true' or entry['Exec'].split()[0] != 'regie' or entry['Icon'] != ID:
        faults.append(f'the menu entry is {dict(entry)}')
    mime = pathlib.Path(f'{root}{datadir}/mime/packages/{ID}.xml').read_text(encoding='utf-8')
    if [name for name in re.findall(r'mime-type type="([^"]*)"', mime) if f'{name};' not in entry['MimeType']]:
        faults.append('the menu entry does not open the files that are Régie’s')
    for icon in re.findall(r'<icon name="([^"]*)"', mime):
        if not os.path.exists(f'{root}{datadir}/icons/hicolor/scalable/mimetypes/{icon}.svg'):
            faults.append(f'the icon {icon} is not installed')
    return faults


def check_modes(root, programs):
    """Programs can be run, and nothing can be written by others."""
    faults = [f'{path} cannot be run' for path in programs if not os.access(f'{root}{path}', os.X_OK)]
    for path in root.rglob('*'):
        mode = path.lstat().st_mode & 0o777
        if mode & 0o022 or not mode & 0o004:
            faults.append(f'{path} has mode {mode:o}')
    return faults


def list_unbuilt(meson, build):
    """What would be installed, but was not built: a part of the tree was built alone."""
    installed = json.loads(subprocess.run([meson, 'introspect', build, '--installed'], check=True, capture_output=True,
                                          text=True).stdout)
    return [path for path in installed if path.startswith(build) and not os.path.exists(path)]


def main():
    meson, build, data, prefix, *names = sys.argv[1:]
    bindir, datadir, libexecdir, localedir, mandir = (os.path.join(prefix, name) for name in names)
    unbuilt = list_unbuilt(meson, build)
    if unbuilt:
        print('Not built:', *unbuilt)
        sys.exit(SKIP)
    with tempfile.TemporaryDirectory(prefix='regie-install-') as folder:
        root = pathlib.Path(folder)
        environment = {name: value for name, value in os.environ.items() if name != 'DESTDIR'}
        os.umask(0o022)
        subprocess.run([meson, 'install', '-C', build, '--no-rebuild', '--quiet', '--destdir', folder], check=True,
                       env=environment)
        faults = check_list(root, expect(bindir, datadir, libexecdir, localedir, mandir, pathlib.Path(data, 'demo')))
        faults = faults or check_entries(root, bindir, datadir) + check_modes(
            root, (f'{bindir}/regie', f'{libexecdir}/regie/regie-photo', f'{libexecdir}/regie/regie-watchdog'))
    if faults:
        sys.exit('\n'.join(faults))


main()
