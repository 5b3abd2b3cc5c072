# SPDX-License-Identifier: GPL-3.0-or-later
"""What drives posts-listen, for the tests of networks and chats."""

import json
import queue
import subprocess
import sys
import threading
import time
import traceback

from standin import FIXTURES

LISTEN = sys.argv[1]
TAG = 'NuitSolidaire26'
DEADLINE_S = 25
PACE = 20
TOKEN, REFUSED, QUOTA, BUSY, SILENT, SOURCE = 3, 4, 5, 6, 7, 0


def short(id):
    """The id as the network has it, without its name and its server."""
    return id.split(':', 2 if id.startswith(('mastodon', 'owncast')) else 1)[-1]


class Listener:
    """posts-listen, and what it says."""

    def __init__(self, kind, server, token=None, pace=PACE, **options):
        args = [LISTEN, kind, '--server', server, '--pace', str(pace)]
        for tag in options.pop('tags', [TAG]):
            args += ['--tag', tag]
        if token:
            args += ['--token', token]
        for name, value in options.items():
            args += ['--' + name.replace('_', '-'), str(value)]
        self.process = subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lines, self.heard = queue.Queue(), []
        self.posts, self.gone = {}, []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))
        self.lines.put(None)

    def until(self, condition, what, timeout=DEADLINE_S):
        """Reads on until an event, or what is known so far, fulfils the condition."""
        end = time.monotonic() + timeout
        while True:
            try:
                event = self.lines.get(timeout=max(end - time.monotonic(), 0.01))
            except queue.Empty:
                raise AssertionError(f'not in time: {what}; heard {self.heard[-6:]}') from None
            if event is None:
                raise AssertionError(f'ended ({self.process.wait()}): {what}')
            self.heard.append(event)
            if event['event'] == 'post':
                self.posts[short(event['id'])] = event
            elif event['event'] == 'gone':
                self.gone.append(event['id'])
                self.posts.pop(short(event['id']), None)
            if condition(event):
                return event

    def state(self, state, timeout=DEADLINE_S):
        return self.until(lambda e: e['event'] == 'state' and e['state'] == state, state, timeout)

    def post(self, id):
        return self.posts.get(id) or self.until(lambda e: id in self.posts, id) and self.posts[id]

    def say(self, command):
        self.process.stdin.write(command + '\n')
        self.process.stdin.flush()

    def stats(self):
        self.say('stats')
        return self.until(lambda e: e['event'] == 'stats', 'stats')

    def test_account(self, token):
        """Name, address, whether it is needed, whether it works, and the code of what is wrong."""
        self.say('test ' + token)
        said = self.until(lambda e: e['event'] == 'account', 'the test of an account')
        assert token not in json.dumps(said), said
        return said['id'], said['url'], bool(said['needed']), bool(said['works']), said['code']

    def close(self):
        self.process.stdin.close()
        code = self.process.wait(20)
        assert code == 0, code


def equal(a, b):
    assert a == b, f'{a!r} != {b!r}'


def read(name):
    return (FIXTURES / name).read_bytes()


def sizes(name):
    return json.loads(read(name))


def run(everything):
    """Runs the tests among the names of a module; says so as TAP."""
    tests = [(name, test) for name, test in everything.items() if name.startswith('test_')]
    wanted = sys.argv[2:]
    failed = 0
    tests = [t for t in tests if not wanted or any(w in t[0] for w in wanted)]
    print(f'1..{len(tests)}')
    for number, (name, test) in enumerate(tests, 1):
        start = time.monotonic()
        try:
            test()
            print(f'ok {number} {name} # {time.monotonic() - start:.1f} s', flush=True)
        except Exception:
            failed += 1
            print('# ' + traceback.format_exc().replace('\n', '\n# '))
            print(f'not ok {number} {name}', flush=True)
    return failed > 0
