# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks of our own: a machine that has nothing but itself, and several that are joined by lines,
routers and relays. They end with the test."""
import collections
import ctypes
import fcntl
import os
import pathlib
import random
import re
import select
import shutil
import socket
import struct
import subprocess
import threading
import time

from regie_eyevinn import own_address
from regie_testing import Failure, Skipped, run, wait_until

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
OWN = '192.168.77.1'


def go_apart():
    """This process, and what it starts from now on, gets a network of its own with one address that
    others could see, since browsers do not connect by the loopback alone. No port is taken in it, and
    nothing leaves it. Call it before anything else; where it is not allowed, all stays as it was."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if user != 0 and libc.unshare(CLONE_NEWUSER) == 0:
        pathlib.Path('/proc/self/setgroups').write_text('deny')
        pathlib.Path('/proc/self/uid_map').write_text(f'0 {user} 1')
        pathlib.Path('/proc/self/gid_map').write_text(f'0 {group} 1')
    if libc.unshare(CLONE_NEWNET) != 0:
        own_address()
        return
    for command in (['ip', 'link', 'set', 'lo', 'up'], ['ip', 'link', 'add', 'own', 'type', 'bridge'],
                    ['ip', 'address', 'add', f'{OWN}/24', 'dev', 'own'], ['ip', 'link', 'set', 'own', 'up'],
                    ['ip', 'route', 'add', 'default', 'dev', 'own']):
        run(command)


class Place:
    """A computer, or a router, somewhere else: a network of its own that ends with the case."""

    def __init__(self, stage):
        self.holder = stage.start(['unshare', '-n', 'sleep', '1000'], stderr=subprocess.DEVNULL)
        self.prefix = ('nsenter', '-t', str(self.holder.pid), '-n')
        wait_until(lambda: self.holder.poll() is not None or self._is_apart(), 'a network', 5)
        if self.holder.poll() is not None:
            raise Skipped('only an administrator can make a network')
        self.run('ip', 'link', 'set', 'lo', 'up')

    def _is_apart(self):
        try:
            return os.readlink(f'/proc/{self.holder.pid}/ns/net') != os.readlink('/proc/self/ns/net')
        except OSError:
            return False

    def run(self, *command):
        return run([*self.prefix, *command])

    def wrap(self, stage, command, name):
        """A program that runs `command` here."""
        path = stage.folder / f'{name}-{self.holder.pid}'
        path.write_text(f'#!/bin/sh\nexec {" ".join(self.prefix)} "{command}" "$@"\n')
        path.chmod(0o755)
        return str(path)


def join(here, here_name, here_address, there, there_name, there_address):
    """A line between two places, None being this one; addresses with their length."""
    at = here.holder.pid if here else os.getpid()
    try:
        run(['ip', 'link', 'add', here_name, 'netns', str(at), 'type', 'veth', 'peer', 'name', there_name,
             'netns', str(there.holder.pid)])
    except Failure as failure:
        raise Skipped(f'no network can be made here: {failure}') from None
    plug(here, here_name, here_address)
    plug(there, there_name, there_address)


def plug(place, name, address):
    """The end of a line in a place gets its address, and carries."""
    prefix = place.prefix if place else ()
    if address:
        run([*prefix, 'ip', 'address', 'add', address, 'dev', name])
    run([*prefix, 'ip', 'link', 'set', name, 'up'])


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            raise Skipped(f'{program} is not installed')


class Stutter(threading.Thread):
    """A line that is carried by hand, packet by packet, since not every system can delay them itself: for some
    moments all wait longer, for others less, and none overtakes another, as where people share a radio."""

    TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454ca, 0x2, 0x1000
    MOMENT_S = 0.05

    def __init__(self, here, there, place):
        super().__init__(daemon=True)
        self.least_s = self.most_s = 0.0
        self.random = random.Random(7)
        try:
            self.ends = [self._open(name) for name in (here, there)]
            run(['ip', 'link', 'set', there, 'netns', str(place.holder.pid)])
        except (OSError, Failure) as failure:
            raise Skipped(f'no network can be made here: {failure}') from None
        self.start()

    def _open(self, name):
        end = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        fcntl.ioctl(end, self.TUNSETIFF, struct.pack('16sH22x', name.encode(), self.IFF_TAP | self.IFF_NO_PI))
        return end

    def run(self):
        try:
            # What a busy machine adds is not meant.
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), -15)
        except OSError:
            pass
        one, other = self.ends
        waiting = {one: collections.deque(), other: collections.deque()}
        delays, until = {one: 0.0, other: 0.0}, 0.0
        while True:
            due = min((queue[0][0] for queue in waiting.values() if queue), default=None)
            ready, _, _ = select.select(self.ends, [], [], None if due is None else max(0, due - time.monotonic()))
            now = time.monotonic()
            if now > until:
                until = now + self.MOMENT_S
                delays = {end: self.random.uniform(self.least_s, self.most_s) for end in self.ends}
            for end in ready:
                try:
                    packet = os.read(end, 65536)
                except OSError:
                    return  # the other computer is gone
                queue = waiting[other if end == one else one]
                queue.append((max(now + delays[end], queue[-1][0] if queue else 0), packet))
            for end, queue in waiting.items():
                while queue and queue[0][0] <= now:
                    self._write(end, queue.popleft()[1])

    @staticmethod
    def _write(end, packet):
        try:
            os.write(end, packet)
        except OSError:
            pass  # that end is down: lost


class Cable:
    """From this computer to another, where a guest sits; it can be cut, mended, narrow, and lossy. A shaky one
    can also stutter."""

    OURS, THEIRS = '198.18.7.1', '198.18.7.2'

    def __init__(self, stage, shaky=False):
        need('iptables', 'tc')
        self.place = Place(stage)
        self.stutter = Stutter('cable', 'here', self.place) if shaky else None
        ours, theirs = ((None, 'cable', f'{self.OURS}/30'), (self.place, 'here', f'{self.THEIRS}/30'))
        if shaky:
            plug(*ours)
            plug(*theirs)
        else:
            join(*ours, *theirs)
        self.place.run('ip', 'route', 'add', 'default', 'via', self.OURS)

    @staticmethod
    def cut():
        run(['ip', 'link', 'set', 'cable', 'down'])

    @staticmethod
    def mend():
        run(['ip', 'link', 'set', 'cable', 'up'])

    def lose(self, share):
        """That share of the media's packets, in both directions; 0 stops it."""
        # Dropped where they arrive, since who sends would be told of what is dropped before it leaves.
        rule = ['-p', 'udp', '-m', 'statistic', '--mode', 'random', '--probability', str(share), '-j', 'DROP']
        for prefix, name in ((self.place.prefix, 'here'), ((), 'cable')):
            run([*prefix, 'iptables', '-F', 'INPUT'])
            if share:
                run([*prefix, 'iptables', '-A', 'INPUT', '-i', name, *rule])

    def shake(self, least_ms, most_ms):
        """How long each packet takes, now more, now less."""
        self.stutter.least_s, self.stutter.most_s = least_ms / 1000, most_ms / 1000

    def narrow(self, up_kbps=None, down_kbps=None):
        """What goes from the guest to us, and from us to him; None: as wide as it is."""
        for prefix, name, kbps in ((self.place.prefix, 'here', up_kbps), ((), 'cable', down_kbps)):
            if kbps:
                # A queue of a fifth of a second, as a home router has.
                run([*prefix, 'tc', 'qdisc', 'replace', 'dev', name, 'root', 'tbf', 'rate', f'{kbps}kbit',
                     'burst', '4kb', 'latency', '200ms'])
            else:
                subprocess.run([*prefix, 'tc', 'qdisc', 'del', 'dev', name, 'root'], capture_output=True, check=False)


class Internet:
    """What is between houses; this process is a server in it, with this address."""

    OURS = '203.0.113.1'

    def __init__(self):
        need('iptables')
        run(['ip', 'link', 'add', 'internet', 'type', 'bridge'])
        run(['ip', 'address', 'add', f'{self.OURS}/24', 'dev', 'internet'])
        run(['ip', 'link', 'set', 'internet', 'up'])
        self.n_houses = 0

    def house(self, stage):
        self.n_houses += 1
        return House(stage, self.n_houses)

    def close(self):
        subprocess.run(['ip', 'link', 'del', 'internet'], capture_output=True, check=False)


class House:
    """A computer behind a router that hides it."""

    def __init__(self, stage, number):
        self.router, self.place = Place(stage), Place(stage)
        self.address, inside, own = f'203.0.113.{10 + number}', f'10.7.{number}.1', f'10.7.{number}.2'
        join(None, f'house{number}', None, self.router, 'outside', f'{self.address}/24')
        run(['ip', 'link', 'set', f'house{number}', 'master', 'internet'])
        join(self.router, 'inside', f'{inside}/24', self.place, 'line', f'{own}/24')
        self.router.run('ip', 'route', 'add', 'default', 'via', Internet.OURS)
        self.router.run('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward')
        self.place.run('ip', 'route', 'add', 'default', 'via', inside)

    def hide(self, symmetric):
        """Keeps the port where it can, or takes another one for each that is spoken to."""
        self.router.run('iptables', '-t', 'nat', '-F')
        self.router.run('iptables', '-F')
        self.router.run('iptables', '-t', 'nat', '-A', 'POSTROUTING', '-o', 'outside', '-j', 'MASQUERADE',
                        *(['--random-fully'] if symmetric else []))
        # Whoever was not spoken to is not let in, and does not take the port away either.
        for chain in ('INPUT', 'FORWARD'):
            self.router.run('iptables', '-A', chain, '-i', 'outside', '-m', 'conntrack', '--ctstate', 'NEW,INVALID',
                            '-j', 'DROP')

    def block_udp(self):
        """As some offices do: only what TCP carries gets out."""
        self.router.run('iptables', '-I', 'FORWARD', '-p', 'udp', '-j', 'DROP')


class Turn:
    """coturn, a STUN server and TURN relay of others: by a fixed password, or a secret that is shared."""

    USER, PASSWORD, SECRET = 'regie', 'p:ss=w0rd', 'a shared secret'

    def __init__(self, stage, host, shared_secret=False, prefix=()):
        need('turnserver')
        self.host, self.port = host, 3478
        self.folder = stage.folder / 'turn'
        self.folder.mkdir()
        credentials = (['--use-auth-secret', f'--static-auth-secret={self.SECRET}'] if shared_secret else
                       ['--lt-cred-mech', '-u', f'{self.USER}:{self.PASSWORD}'])
        self.log = self.folder / 'log'
        with open(self.log, 'wb') as log:
            self.process = stage.start(
                [*prefix, 'turnserver', '-n', f'--listening-ip={host}', f'--relay-ip={host}', f'--listening-port={self.port}',
                 '--min-port=40000', '--max-port=40999', *credentials, '-r', 'test', '--fingerprint', '--no-tls',
                 '--no-dtls', '--no-cli', '--allow-loopback-peers', f'--userdb={self.folder}/db', '--pidfile',
                 f'{self.folder}/pid', '--log-file=stdout', '--simple-log', '--verbose'],
                stdout=log, stderr=log, cwd=self.folder)

        def listening():
            if self.process.poll() is not None:
                raise Failure(f'coturn ended: {self.log.read_text()[-500:]}')
            try:
                socket.create_connection((host, self.port), timeout=1).close()
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                    probe.settimeout(1)
                    probe.connect((host, self.port))
                    probe.send(b'\x00\x01\x00\x00\x21\x12\xa4\x42are you here')
                    return len(probe.recv(200)) > 0
            except OSError:
                return False
        wait_until(listening, 'coturn', 15)

    def allocations(self):
        """How many relays it has made."""
        return len(re.findall(r'ALLOCATE processed, success', self.log.read_text(errors='replace')))

    def users(self):
        """For whom it has made relays, by what name and over which protocol: name → set of protocols."""
        text = self.log.read_text(errors='replace')
        found = {}
        for session, user in re.findall(r'session (\d+): realm <[^>]*> user <([^>]+)>: incoming packet ALLOCATE processed, success',
                                        text):
            found.setdefault(user, set()).update(
                name for name in ('UDP', 'TCP') if re.search(rf'session {session}: .*\b{name}\b', text))
        return found
