#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Posts, from the wire to the desk: 5,000 a second for a minute, a Jetstream, how late they are, a day of
100,000 on the disk, what reading one costs beside Python and jq, and what a flood does to a show.

  REGIE=…/regie bench-posts.py [SECONDS] [flood|jetstream|latency|day|parse|show …]
"""
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / 'tests' / 'show'))
sys.path.insert(0, str(TOP / 'tests' / 'posts'))
os.environ.setdefault('REGIE', str(TOP / '_build' / 'src' / 'console' / 'regie'))
os.environ.setdefault('REGIE_DATA_DIR', str(TOP / 'data'))

from regie_testing import RED, Regie, Stage, make_picture, n_lost_frames, write_event, write_secrets  # noqa: E402
from standin import FIXTURES, Server  # noqa: E402

BENCH = pathlib.Path(os.environ['REGIE']).resolve().parents[2] / 'tests' / 'bench' / 'posts-bench'
SECONDS = int(next((argument for argument in sys.argv[1:] if argument.isdigit()), '60'))
TAG = 'NuitSolidaire26'
N_DAY = 100000


def run_bench(*arguments):
    done = subprocess.run([BENCH, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True,
                          timeout=SECONDS + 300)
    return json.loads(done.stdout)


def make_status(nth, text):
    """A post as Mastodon sends it, of an author who is not new."""
    return json.dumps({
        'id': str(115300000000065536 + nth), 'created_at': time.strftime('%Y-%m-%dT%H:%M:%S.000Z', time.gmtime()),
        'edited_at': None, 'in_reply_to_id': None, 'sensitive': False, 'spoiler_text': '', 'visibility': 'public',
        'language': 'fr', 'uri': f'https://a.example/users/u/statuses/{nth}', 'url': f'https://a.example/@u/{nth}',
        'content': f'<p>{text} <a href="https://a.example/tags/{TAG}" class="mention hashtag" rel="tag">#<span>{TAG}'
                   '</span></a></p><p>Merci &amp; bravo aux bénévoles&nbsp;!</p>',
        'reblog': None, 'media_attachments': [], 'mentions': [], 'tags': [{'name': TAG.lower()}], 'emojis': [],
        'card': None, 'poll': None, 'favourites_count': 0, 'reblogs_count': 0, 'replies_count': 0,
        'account': {'id': str(nth % 5000), 'username': f'u{nth % 5000}', 'acct': f'u{nth % 5000}', 'display_name': 'Léa M.',
                    'bot': False, 'created_at': '2019-03-04T00:00:00.000Z', 'note': '<p>Bénévole</p>',
                    'followers_count': 120, 'statuses_count': 40, 'url': f'https://a.example/@u{nth % 5000}',
                    'avatar_static': 'https://a.example/a.png', 'emojis': []}}, ensure_ascii=False)


class Mastodon:
    """Sends so many posts a second for as long as someone listens, each with the time of its sending."""

    def __init__(self, per_second, needs_token=False):
        self.per_second, self.needs_token, self.n, self.stream = per_second, needs_token, 0, None
        self.ready = threading.Event()
        self.server = Server(self.route)
        # Made before, so that making them does not take the processor that is measured.
        self.parts = make_status(0, 'NTH at=TIME').replace('115300000000065536', 'ID').replace(
            '/users/u/statuses/0', '/users/u/statuses/ID').split('ID')

    def make(self):
        self.n += 1
        post = str(115300000000065536 + self.n).join(self.parts)
        return post.replace('NTH', f'Message {self.n} de la salle').replace('TIME', str(time.monotonic_ns() // 1000))

    def route(self, request, connection):
        if request.path == '/api/v1/streaming/hashtag' and not (self.needs_token and not request.token):
            connection.stream('text/event-stream')
            connection.chunk(b':)\n')
            self.stream = connection
            self.ready.set()
            self.flood(connection)
            connection.hold()
        elif request.path.startswith('/api/v1/timelines/'):
            connection.fixture('mastodon/http/timeline-empty.json')
        else:
            connection.answer(404)

    def flood(self, connection):
        step_s = max(0.02, 1 / self.per_second) if self.per_second else 0
        due, began = 0, time.monotonic()
        while self.per_second:
            due = int((time.monotonic() - began) * self.per_second) + 1
            if due > self.n:
                connection.chunk(''.join(f'event: update\ndata: {self.make()}\n\n' for _ in range(due - self.n)).encode())
            time.sleep(step_s)


def turn(result):
    """Beside the time itself that of the processor: on a busy computer others take the rest."""
    return f'{result["longest-turn-ms"]:.1f} ms ({result["longest-turn-cpu-ms"]:.1f} of processor)'


def flood(_):
    mastodon = Mastodon(5000)
    result = run_bench('mastodon', mastodon.server.http, '-', SECONDS)
    print(f'flood: {mastodon.n / SECONDS:.0f} posts/s sent for {SECONDS} s, {result["posts"] / SECONDS:.0f} read, '
          f'{result["on-desk"]} on the desk, {result["dropped"]} dropped as the oldest that waited; '
          f'{result["cores"]:.2f} core, {result["memory-mb"]:.0f} MB (+{result["more-mb"]:.0f}), '
          f'longest turn of the main loop {turn(result)} (goal 50)')


class Jetstream:
    """So many events a second, so many of them posts, one post in fifty with the tag."""

    def __init__(self, events, posts):
        self.events, self.posts, self.n, self.n_ours = events, posts, 0, 0
        lines = (FIXTURES / 'bluesky' / 'firehose-noise.ndjson').read_text().splitlines()
        self.tagged = (FIXTURES / 'bluesky' / '01-normal.ndjson').read_text().splitlines()[0]
        self.noise = [line for line in lines if '"create"' in line and TAG.lower() not in line.lower()]
        self.rest = '{"did":"did:plc:moizu4bh5qpxtnikvvsepwcm","time_us":%d,"kind":"identity","identity":{"seq":1}}'
        self.server = Server(self.route)

    def route(self, request, connection):
        if request.path == '/subscribe':
            connection.websocket(request)
            threading.Thread(target=self.send, args=(connection,), daemon=True).start()
            connection.hold()
        elif request.path.startswith('/xrpc/'):
            connection.fixture('bluesky/http/getProfiles.json')
        else:
            connection.answer(404)

    def make(self):
        self.n += 1
        nth_post = self.n * self.posts // self.events
        if nth_post == (self.n - 1) * self.posts // self.events:
            return self.rest % (1790000000000000 + self.n)
        if nth_post % 50:
            return self.noise[nth_post % len(self.noise)]
        self.n_ours += 1
        return self.tagged.replace('3lzopen22ab2k', f'3lz{self.n:010d}')

    def send(self, connection):
        began = time.monotonic()
        try:
            while True:
                while self.n < (time.monotonic() - began) * self.events:
                    connection.frame(self.make().encode())
                time.sleep(0.02)
        except OSError:
            pass


def jetstream(_):
    for events, posts in ((100, 100), (500, 60)):
        server = Jetstream(events, posts)
        seconds = min(SECONDS, 30)
        result = run_bench('bluesky', server.server.ws, server.server.http, seconds)
        print(f'jetstream: {server.n / seconds:.0f} events/s, {server.n * posts / events / seconds:.0f} posts/s, '
              f'{server.n_ours} with the tag, {result["posts"]} read: {result["cores"] * 100:.2f} % of a core (goal 3), '
              f'longest turn {turn(result)}')


def latency(_):
    mastodon = Mastodon(20)
    result = run_bench('mastodon', mastodon.server.http, '-', min(SECONDS, 20))
    middle, most, longest = result['latency-ms']
    print(f'latency: from the wire to the desk\'s list {middle:.0f} ms (median), {most:.0f} ms (99 of 100), '
          f'{longest:.0f} ms (longest) of {result["on-desk"]} posts (goal 1000)')


def day(folder):
    store = folder / 'day.sqlite'
    filled = run_bench('day', store, N_DAY)
    opened = run_bench('open', store, N_DAY)
    print(f'day: {N_DAY} posts take {filled["more-mb"]:.0f} MB (goal 150) and {store.stat().st_size / 1e6:.0f} MB on the '
          f'disk, {filled["us-each"]:.0f} us each; opened again in {opened["open-ms"]:.0f} ms with {opened["posts"]} posts, '
          f'{opened["cpu-s"]:.1f} s of processor, +{opened["more-mb"]:.0f} MB, longest turn {turn(opened)}')


def cpu_of(command, **options):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def parse(folder):
    n = 20000
    lines = folder / 'posts.ndjson'
    lines.write_text('\n'.join(make_status(i, f'Message {i} de la salle') for i in range(n)) + '\n')
    ours = run_bench('parse', lines)
    assert ours['posts'] == n, ours
    python = ('import html, json, re, sys, unicodedata\n'
              'for line in open(sys.argv[1], encoding="utf-8"):\n'
              '    post = json.loads(line)\n'
              '    text = html.unescape(re.sub("<[^>]*>", "", post["content"]))\n'
              '    unicodedata.normalize("NFC", text), post["account"]["display_name"]\n')
    theirs = {'Python (json, re, html, NFC)': cpu_of([sys.executable, '-c', python, str(lines)])}
    if shutil.which('jq'):
        theirs['jq (two members)'] = cpu_of(['jq', '-c', '[.content, .account.display_name]', str(lines)])
    print(f'parse: a post {ours["cpu-s"] / n * 1e6:.0f} us: JSON, HTML to text, cleaning, an object')
    for name, spent in theirs.items():
        print(f'parse: {name} {spent / n * 1e6:.0f} us: ratio {ours["cpu-s"] / spent:.2f}')


def read_page(port):
    import urllib.request
    with urllib.request.urlopen(f'http://127.0.0.1:{port}/state.json', timeout=5) as answer:
        return answer.read().decode()


def take_down(show, mastodon, port):
    """How long after a post's end is told it is off the page, ten times."""
    late_ms = []
    for nth in range(10):
        nth_id = 900000000000000000 + nth
        post = make_status(0, f'Message {nth}').replace('115300000000065536', str(nth_id)).replace(
            'statuses/0', f'statuses/t{nth}')
        identifier = f'mastodon:127.0.0.1:{nth_id}'
        mastodon.stream.chunk(f'event: update\ndata: {post}\n\n'.encode())
        show.wait_for(lambda s: s['posts']['networks'][0]['posts'] > nth, 'the post', 30)
        show.action('show-post', identifier)
        show.wait_for(lambda s: s['posts']['on-screen'] == identifier, 'on screen', 30)
        while f'Message {nth}' not in read_page(port):
            time.sleep(0.02)
        began = time.monotonic()
        if nth % 2:
            mastodon.stream.chunk(f'event: delete\ndata: {nth_id}\n\n'.encode())
        else:
            edited = post.replace(f'Message {nth}', 'Autre chose')
            mastodon.stream.chunk(f'event: status.update\ndata: {edited}\n\n'.encode())
        while f'Message {nth}' in read_page(port):
            time.sleep(0.005)
        late_ms.append((time.monotonic() - began) * 1000)
        show.wait_for(lambda s: s['posts']['on-screen'] is None, 'off the screen', 30)
    return late_ms


def start_show(stage, mastodon, port):
    make_picture(stage.folder / 'red.png', RED)
    event = write_event(
        stage.folder, [{'id': 'red', 'title': 'Red', 'kind': 'still', 'picture': 'red.png'}],
        **{'live-page': {'port': port},
           'posts': {'tags': [TAG], 'networks': [
               {'kind': 'mastodon', 'server': mastodon.server.http, 'key': 'keyring'}]}})
    secrets = write_secrets(stage.folder, {'mastodon:127.0.0.1': 'good'})
    show = Regie(stage, event, go_live=True, secrets=secrets)
    show.wait_for_actions()
    assert mastodon.ready.wait(30), 'no stream was opened'
    return show


def memory_mb(pid):
    text = pathlib.Path(f'/proc/{pid}/status').read_text()
    return int(text.split('VmRSS:')[1].split()[0]) / 1024


def show(_):
    from regie_testing import free_port
    with Stage('posts') as stage:
        mastodon, port = Mastodon(0), free_port()
        running = start_show(stage, mastodon, port)
        running.wait_for_live(60)
        late_ms = sorted(take_down(running, mastodon, port))
        print(f'take-down: deleted or edited by its author, off the page {late_ms[4]:.0f} ms later (median), '
              f'{late_ms[-1]:.0f} ms (longest of 10; goal 1000)')
        before_mb, lost = memory_mb(running.pid), n_lost_frames(running.status)
        mastodon.per_second, mastodon.n, began = 5000, 0, time.monotonic()
        sender = threading.Thread(target=lambda: send_until_closed(mastodon), daemon=True)
        sender.start()
        time.sleep(SECONDS)
        status = running.status
        spent_s = time.monotonic() - began
        network = status['posts']['networks'][0]
        print(f'show: {mastodon.n / spent_s:.0f} posts/s for {spent_s:.0f} s into a show that is live, '
              f'{network["posts"]} read, {network["dropped"]} dropped; {n_lost_frames(status) - lost} frames repeated or '
              f'dropped (goal 0), {memory_mb(running.pid):.0f} MB (+{memory_mb(running.pid) - before_mb:.0f})')
        running.stop(60)


def send_until_closed(mastodon):
    try:
        mastodon.flood(mastodon.stream)
    except OSError:
        pass


def main():
    everything = {f.__name__: f for f in (parse, latency, jetstream, day, flood, show)}
    wanted = [a for a in sys.argv[1:] if not a.isdigit()] or everything
    with tempfile.TemporaryDirectory(prefix='regie-bench-') as folder:
        for name in wanted:
            everything[name](pathlib.Path(folder))
            sys.stdout.flush()


if __name__ == '__main__':
    main()
