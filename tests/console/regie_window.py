# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the window share: an X server and a session bus of their own, and the real program
seen and driven as assistive tools do.
"""
import ctypes
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'show'))
from regie_pace import PATIENCE  # noqa: E402  pylint: disable=wrong-import-position

SKIP = 77
OVER_DIALOG = (300, 600)
PR_SET_PDEATHSIG = 1
APPLICATION_ID = 'live.regie.Regie'
OBJECT_PATH = '/live/regie/Regie'
PROGRAMS = ('Xvfb', 'dbus-daemon', 'xdotool')
# GTK 4.8 gives these for a part that nobody named.
CLASS_NAME = re.compile(r'(Gtk|Adw|Console)[A-Z][A-Za-z]*')
BUTTON_ROLES = ('push button', 'toggle button', 'check box', 'switch', 'radio button', 'page tab')


class Failure(Exception):
    """A claim about the window that does not hold."""


def wait_for(what, condition, timeout_s=40.0):
    """Waits until condition () gives something true, and returns it."""
    end = time.monotonic() + timeout_s * PATIENCE
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.1)
    raise Failure(f'Waited {timeout_s * PATIENCE:.0f} s in vain for: {what}')


def is_choice(node):
    """Whether it is a part that GTK 4.8 puts into each combo row: its button and its list."""
    parent = node.get_parent()
    return (node.get_name() in ('GtkListView', 'GtkListItemWidget') or parent is not None and
            (parent.get_role_name() == 'combo box' or parent.get_name() == 'GtkListView'))


def die_with_parent():
    """Leaves nothing running when the test itself is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Stage:
    """An X server and a session bus of our own, gone when the test is."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []

    def start(self, *command, **options):
        process = subprocess.Popen(command, start_new_session=True, preexec_fn=die_with_parent,
                                   **options)
        self.processes.append(process)
        return process

    def open(self):
        read_fd, write_fd = os.pipe()
        self.start('Xvfb', '-displayfd', str(write_fd), '-screen', '0', '1366x768x24',
                   '-nolisten', 'tcp', pass_fds=[write_fd], stderr=subprocess.DEVNULL)
        os.close(write_fd)
        with os.fdopen(read_fd) as pipe:
            display = pipe.readline().strip()
        if not display:
            raise Failure('Xvfb did not start')

        for name in ('runtime', 'home'):
            (self.folder / name).mkdir(mode=0o700)
        os.environ.update({
            'DISPLAY': f':{display}',
            'GDK_BACKEND': 'x11',
            'GTK_A11Y': 'atspi',
            'GSETTINGS_BACKEND': 'memory',
            'HOME': str(self.folder / 'home'),
            'XDG_RUNTIME_DIR': str(self.folder / 'runtime'),
            'XDG_CONFIG_HOME': str(self.folder / 'home' / 'config'),
            'XDG_DATA_HOME': str(self.folder / 'home' / 'data'),
            'XDG_CACHE_HOME': str(self.folder / 'home' / 'cache'),
            'XDG_STATE_HOME': str(self.folder / 'home' / 'state'),
            'LC_ALL': 'C.UTF-8',
            'LANGUAGE': 'C',
        })
        for name in ('WAYLAND_DISPLAY', 'AT_SPI_BUS_ADDRESS', 'NO_AT_BRIDGE'):
            os.environ.pop(name, None)

        bus = self.start('dbus-daemon', '--session', '--nofork', '--print-address=1',
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        os.environ['DBUS_SESSION_BUS_ADDRESS'] = bus.stdout.readline().strip()

    def close(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def start_keyring(stage):
    """A keyring that nobody has to unlock."""
    keyring = stage.start('gnome-keyring-daemon', '--unlock', '--components=secrets', '--foreground',
                          stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    keyring.stdin.write(b'test')
    keyring.stdin.close()


class Window:
    """The running program, seen through AT-SPI and D-Bus."""

    def __init__(self, process, artifacts, name='window'):
        import gi
        gi.require_version('Atspi', '2.0')
        from gi.repository import Atspi, Gio, GLib
        self.atspi, self.gio, self.glib = Atspi, Gio, GLib
        self.process = process
        self.artifacts = artifacts
        self.name = name
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        self.n_pictures = 0
        Atspi.init()

    def check_alive(self):
        if self.process.poll() is not None:
            raise Failure(f'regie ended with status {self.process.returncode}')

    def roots(self):
        self.check_alive()
        desktop = self.atspi.get_desktop(0)
        desktop.set_cache_mask(self.atspi.Cache.NONE)
        for i in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(i)
            if application is not None:
                application.set_cache_mask(self.atspi.Cache.NONE)
            if application is not None and application.get_process_id() == self.process.pid:
                yield application

    def walk(self, node=None):
        """Every accessible part; GTK 4.8 leaves out what is hidden, and says of no part that it shows."""
        pending = [node] if node is not None else list(self.roots())
        while pending:
            node = pending.pop()
            try:
                yield node
                children = [node.get_child_at_index(i) for i in range(node.get_child_count())]
            except self.glib.Error:
                continue
            pending.extend(child for child in reversed(children) if self.is_part(child))

    def is_part(self, node):
        """GTK 4.8 gives the application itself in place of a window that it does not know yet."""
        try:
            return node is not None and node.get_role() != self.atspi.Role.APPLICATION
        except self.glib.Error:
            return False  # it is gone meanwhile

    def find(self, roles, matches, inside=None):
        for node in self.walk(inside):
            try:
                if (roles is None or node.get_role_name() in roles) and matches(node.get_name() or ''):
                    return node
            except self.glib.Error:
                continue
        return None

    def button(self, name, timeout_s=40.0, inside=None):
        """The first button of that name, or whose name starts so if it ends with “*”."""
        def matches(text):
            if name.endswith('*'):
                return text.startswith(name[:-1])
            # A message dialog's button is called “_Cancel Cancel”.
            return text == name or text.endswith(f' {name}')
        return wait_for(f'a button “{name}”',
                        lambda: self.find(BUTTON_ROLES, matches, inside), timeout_s)

    def page(self, title):
        """The list of posts whose tab begins with @title."""
        return wait_for(f'the page “{title}”', lambda: self.find(
            ('panel', 'scroll pane', 'page tab panel'), lambda name: name.startswith(title)))

    def press(self, name, inside=None):
        node = self.button(name, inside=inside)
        if not node.do_action(0):
            raise Failure(f'“{name}” cannot be pressed')

    def answer(self, question, button):
        dialog = wait_for(f'the question “{question}”', lambda: self.find(
            ('dialog', 'alert', 'frame'), lambda name: name == question))
        self.check_names(question)
        self.picture('question')
        self.press(button, inside=dialog)
        wait_for(f'the end of “{question}”', lambda: not self.find(
            ('dialog', 'alert', 'frame'), lambda name: name == question))

    def wait_for_text(self, text, timeout_s=40.0):
        return wait_for(f'the text “{text}”',
                        lambda: self.find(None, lambda name: text in name), timeout_s)

    def wait_for_tally(self, shot, tally):
        def has_tally():
            return self.button(shot).get_description() == tally
        wait_for(f'{shot} to say {tally}', has_tally)

    def call(self, method, arguments):
        return self.bus.call_sync(APPLICATION_ID, OBJECT_PATH, 'org.gtk.Actions', method, arguments,
                                  None, self.gio.DBusCallFlags.NONE, 5000, None)

    def state(self, action):
        """An action's state over D-Bus, or None."""
        enabled, _, state = self.call('Describe', self.glib.Variant('(s)', (action,))).unpack()[0]
        return state[0] if enabled and state else None

    def activate(self, action, *parameters):
        self.call('Activate', self.glib.Variant('(sava{sv})', (action, list(parameters), {})))

    def key(self, *names, over=(1200, 750)):
        """Presses keys; without a window manager they go to the window under the pointer."""
        self.check_alive()
        subprocess.run(['xdotool', 'mousemove', *map(str, over), 'key', '--delay', '60', *names],
                       check=True, timeout=30)

    def set_value(self, name, value):
        """Moves a slider as assistive tools do."""
        node = wait_for(f'a slider “{name}”', lambda: self.find(('slider',), name.__eq__))
        self.atspi.Value.set_current_value(node, value)

    def picture(self, name):
        self.n_pictures += 1
        path = self.artifacts / f'{self.name}-{self.n_pictures:02d}-{name}.png'
        if shutil.which('import'):
            subprocess.run(['import', '-window', 'root', str(path)], check=False, timeout=30)

    def check_names(self, where):
        """Whoever cannot see the window must hear what each part that takes keys is."""
        nameless = []
        for node in self.walk():
            try:
                focusable = node.get_state_set().contains(self.atspi.StateType.FOCUSABLE)
                name = node.get_name()
                if is_choice(node):
                    continue
                if focusable and (not name or CLASS_NAME.fullmatch(name)):
                    parent = node.get_parent()
                    nameless.append(f'{node.get_role_name()} “{name}” in '
                                    f'{parent.get_role_name()} “{parent.get_name()}”')
            except self.glib.Error:
                continue
        if nameless:
            raise Failure(f'{where}: without a name: ' + ', '.join(nameless))


def _why_not():
    """What is missing here, in words, or None."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        return f'Not installed: {", ".join(missing)}'
    try:
        import gi
        gi.require_version('Atspi', '2.0')
    except (ImportError, ValueError) as error:
        return f'AT-SPI cannot be used from Python: {error}'
    return None


def _run(name, event, artifacts, stage, journey):
    log_path = artifacts / f'{name}-stderr.txt'
    with open(log_path, 'wb') as log:
        # A crash is a failure of the test, not something to come back from.
        process = stage.start(os.path.abspath(sys.argv[1]), '--no-watchdog', os.path.abspath(event), stdout=log,
                              stderr=subprocess.STDOUT, env={**os.environ, 'G_DEBUG': 'fatal-warnings'})
        window = Window(process, artifacts, name)
        window.stage = stage
        window.log_path = log_path
        try:
            journey(window)
        except Exception:
            window.picture('failed')
            print(log_path.read_text(errors='replace')[-4000:], file=sys.stderr)
            raise


def main(name, write_event, journey):
    """Runs @journey (window) on the event that write_event (stage) makes, or that is named after the
    program on the command line. Returns what the test exits with.
    """
    reason = _why_not()
    if reason:
        print(reason)
        return SKIP

    artifacts = pathlib.Path(os.environ.get('REGIE_TEST_ARTIFACTS', 'tests/artifacts')).resolve()
    artifacts.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f'regie-{name}-') as folder:
        stage = Stage(pathlib.Path(folder))
        try:
            stage.open()
            event = sys.argv[2] if len(sys.argv) > 2 else write_event(stage)
            if event is None:
                print('What the event is made of is not here')
                return SKIP
            _run(name, event, artifacts, stage, journey)
        except Failure as failure:
            print(f'FAILED: {failure}', file=sys.stderr)
            return 1
        finally:
            stage.close()
    print(f'The window did all of it. Screenshots: {artifacts}')
    return 0
