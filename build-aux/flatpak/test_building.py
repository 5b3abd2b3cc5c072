# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of `test`: the runtime is made, Régie is built in it, and what came of it is looked through."""
import json
import os
import pathlib
import re
import shutil
import subprocess

from regie_testing import Failure, run, tap

APP = 'live.regie.Regie'
HERE = pathlib.Path(__file__).resolve().parent
# What the real runtime has of what Régie and its modules are linked with; the stand-in has more.
IN_RUNTIME = re.compile(
    r'lib(adwaita-1|c|cairo|crypto|dl|gcc_s|gdk_pixbuf-2\.0|gio-2\.0|glib-2\.0|gmodule-2\.0|gnutls|gobject-2\.0|graphene-1\.0|'
    r'gst(app|audio|base|net|pbutils|rtp|sdp|video|webrtc)-1\.0|gstreamer-1\.0|gtk-4|json-glib-1\.0|m|pango-1\.0|'
    r'pangocairo-1\.0|pthread|secret-1|soup-3\.0|sqlite3|stdc\+\+)\.so\.|ld-linux')
OWN_PROGRAMS = ('bin/regie', 'libexec/regie/regie-watchdog')
LIBRARIES = {'libebur128', 'libopenjp2', 'libpoppler', 'libpoppler-glib', 'libqrencode', 'libsrt', 'libsrt-gnutls'}


def flatpak(*words, **options):
    return run(['flatpak', *words], **options).stdout.decode()


def show(command, what):
    """Runs what takes minutes and prints what it says."""
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, errors='replace')
    said = []
    for line in process.stdout:
        said.append(line)
        if re.match(r'\d\d:\d\d:\d\d |Building module', line):
            tap.note(line.rstrip())
    if process.wait() != 0:
        raise Failure(f'{what} failed:\n{"".join(said[-80:])}')


def copy_tree(top, into):
    """What git knows of, as it is on the disk."""
    shutil.rmtree(into, ignore_errors=True)
    names = run(['git', '-c', f'safe.directory={top}', '-C', top, 'ls-files', '-z', '--cached', '--others',
                 '--exclude-standard']).stdout.decode().split('\0')
    for name in filter(None, names):
        if (top / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(top / name, into / name)


def get_permissions(app=APP):
    """As the finish-args that lead to them."""
    found = []
    words = {'shared': 'share', 'sockets': 'socket', 'devices': 'device', 'filesystems': 'filesystem'}
    for line in flatpak('info', '--show-permissions', app).splitlines():
        key, equals, value = line.partition('=')
        if equals:
            found += [f'--{words.get(key, key)}={item}' for item in value.rstrip(';').split(';')]
    # The one is written down as both.
    return sorted(set(found) - ({'--socket=x11'} if '--socket=fallback-x11' in found else set()))


def needed_by(path):
    return re.findall(r'\(NEEDED\).*\[(.*)\]', run(['readelf', '-d', path]).stdout.decode())


def find_stray_libraries(files):
    """Problems of what is in /app, as sentences."""
    libraries = files / 'lib'
    problems = [f'{path.relative_to(files)} is there' for path in
                [*files.glob('lib64'), *files.glob('include'), *libraries.glob('libgst*-1.0.so*'),
                 *files.rglob('*.a'), *files.rglob('*.la'), *files.rglob('*.pc')]]
    problems += [f'{path.name} was not expected' for path in libraries.glob('*.so*')
                 if path.name.partition('.so')[0] not in LIBRARIES]
    plugins = [path.name for path in (libraries / 'gstreamer-1.0').iterdir()]
    if plugins != ['libgstsrt.so']:
        problems.append(f'plugins: {plugins}')
    for name in OWN_PROGRAMS:
        problems += [f'{name} needs {library}, which the runtime has not' for library in needed_by(files / name)
                     if not IN_RUNTIME.match(library) and not (libraries / library).exists()]
    return problems


def make_cases(top, cache):
    def runtime(_stage):
        """Stand-ins for GNOME's runtime are made, or are there, and are installed."""
        show([HERE / 'make-runtime', cache], 'making the stand-ins')
        flatpak('--user', 'remote-add', '--if-not-exists', '--no-gpg-verify', 'standin', f'file://{cache}/repo')
        flatpak('--user', 'install', '-y', '--noninteractive', '--or-update', 'standin', 'org.gnome.Platform//51',
                'org.gnome.Sdk//51')
        names = flatpak('--user', 'list', '--runtime', '--columns=application,branch')
        tap.check('org.freedesktop.Platform.codecs-extra\t51-extra' in names,
                  'the codecs come with the runtime by themselves', names)

    def build(_stage):
        """This tree is built strictly in the sandbox, and is installed."""
        copy_tree(top, cache / 'source')
        (cache / 'local.json').write_bytes(run([HERE / 'manifest', 'local', cache]).stdout)
        show(['flatpak-builder', '--user', '--disable-rofiles-fuse', '--force-clean', '--disable-download', '--ccache',
              '--install-deps-from=standin', f'--state-dir={cache}/state', f'--repo={cache}/app-repo',
              '--default-branch=stable', '--install', cache / 'build', cache / 'local.json'], 'the build')
        tap.check(APP in flatpak('--user', 'list', '--app', '--columns=application'), 'Régie is installed')

    def parts(_stage):
        """What is in it, and what the desktop gets of it."""
        wanted = json.loads((HERE / f'{APP}.json').read_text(encoding='utf-8'))['finish-args']
        tap.check(get_permissions() == sorted(wanted), 'it may do what the manifest says and nothing else',
                  ' '.join(get_permissions()))
        problems = find_stray_libraries(pathlib.Path(flatpak('info', '--show-location', APP).strip()) / 'files')
        tap.check(not problems, 'no library is there that should not be, and none is missing', '\n'.join(problems))

        share = pathlib.Path(os.environ['FLATPAK_USER_DIR']) / 'exports' / 'share'
        run(['desktop-file-validate', share / 'applications' / f'{APP}.desktop'])
        tap.check(True, 'the menu entry is valid')
        run(['appstreamcli', 'validate', '--no-net', share / 'metainfo' / f'{APP}.metainfo.xml'])
        tap.check(True, 'the description for software centres is valid')
        missing = [name for name in (f'dbus-1/services/{APP}.service', f'mime/packages/{APP}.xml',
                                     f'icons/hicolor/scalable/apps/{APP}.svg',
                                     f'icons/hicolor/symbolic/apps/{APP}-symbolic.svg',
                                     f'icons/hicolor/scalable/mimetypes/{APP}.event.svg') if not (share / name).exists()]
        tap.check(not missing, 'D-Bus service, file type and icons are exported', ' '.join(missing))

    def bundle(_stage):
        """One file holds it, and installs it elsewhere."""
        file = cache / 'regie.flatpak'
        flatpak('build-bundle', cache / 'app-repo', file, APP, 'stable')
        flatpak('--user', 'uninstall', '-y', '--noninteractive', APP)
        flatpak('--user', 'install', '-y', '--noninteractive', file)
        tap.check(APP in flatpak('--user', 'list', '--app', '--columns=application'), 'the bundle installs Régie',
                  f'{file.stat().st_size >> 20} MB')

    return runtime, build, bundle, parts
