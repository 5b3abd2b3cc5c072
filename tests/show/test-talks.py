#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a recording: one ordinary file, one for each talk, and what a crash cut off is repaired."""
import fcntl
import hashlib
import json
import pathlib

from gi.repository import GLib

from regie_pace import within
from regie_testing import (
    FRAME_S, NginxRtmp, Regie, Sound, artifact, flashes, gaps, make_flash_and_beep, n_lost_frames, packets, run,
    save_frame, tap, write_event)

TALKS = [
    {'title': 'Ouverture', 'speakers': ['Ada Lovelace'], 'affiliation': 'Londres'},
    {'title': 'Des éclairs: et “après” ?', 'speakers': ['Grace Hopper', 'Alan Turing']},
    {'title': 'Clôture'},
]
GOP_S = 2


def start(stage, go_live=True, **parts):
    make_flash_and_beep(stage.folder / 'flash.mp4', 60)
    event = write_event(
        stage.folder,
        [{'id': 'speaker', 'kind': 'drawn', 'drawing': 'speaker', 'muted': True},
         {'id': 'flash', 'kind': 'uri', 'uri': 'flash.mp4', 'loop': True}],
        title='Journée des éclairs', language='fr', talks=TALKS, recording={'folder': 'recordings'},
        **{'live-page': {'port': 0}}, **parts)
    show = Regie(stage, event, go_live=False)
    if go_live:
        show.go_live()
    return show


def exports(status, kind='talk'):
    return [entry for entry in status['exports'] if entry['kind'] == kind]


def are_done(status, n_talks):
    return (len(exports(status)) == n_talks and
            all(entry['state'] == 'done' for entry in exports(status)))


def is_ordinary(path):
    """No fragments, and tables that say where everything is."""
    data = pathlib.Path(path).read_bytes()
    counted = json.loads(run(
        ['ffprobe', '-v', 'error', '-show_entries', 'stream=nb_frames,codec_name', '-of', 'json', path]).stdout)
    at, boxes = 0, []
    while at + 8 <= len(data):
        size = int.from_bytes(data[at:at + 4], 'big')
        boxes.append(data[at + 4:at + 8].decode('latin1'))
        size = int.from_bytes(data[at + 8:at + 16], 'big') if size == 1 else size
        at += max(size, 8)
    return 'moof' not in boxes and 'moov' in boxes and all(
        int(stream.get('nb_frames', 0)) > 0
        for stream in counted['streams'] if stream.get('codec_name') in ('h264', 'aac'))


def describe(path):
    """Tags, chapters and duration."""
    return json.loads(run(['ffprobe', '-v', 'error', '-show_format', '-show_chapters', '-show_streams', '-of', 'json',
                           path]).stdout)


def complaints(path):
    """What ffmpeg says of it, but for what it says of every film with a thumbnail."""
    said = run(['ffmpeg', '-nostdin', '-v', 'warning', '-i', path, '-map', '0:V:0', '-map', '0:a:0', '-f', 'null',
                '-']).stderr.decode(errors='replace').splitlines()
    return '\n'.join(line for line in said if 'timescale not set' not in line and 'EOI missing' not in line)


def check_film(path, name, seconds, tolerance_s, covers=0):
    about = describe(path)
    tap.check(is_ordinary(path), f'{name}: an ordinary MP4')
    tap.check(abs(float(about['format']['duration']) - seconds) <= tolerance_s, f'{name}: as long as it should be',
              f"{about['format']['duration']} s, about {seconds:.2f} s wanted")
    tap.check(complaints(path) == '', f'{name}: ffmpeg decodes all of it without a word', complaints(path)[:300])
    times = [packet.time for packet in packets(path, 'v')]
    tap.check(within(len(gaps(times, FRAME_S, 0.001)), 0, 3), f'{name}: no picture is missing in it', f'{len(times)} pictures')
    cover = [stream for stream in about['streams'] if stream['disposition'].get('attached_pic')]
    thumbnail = path.with_suffix('.jpg')
    tap.check(len(cover) == covers and thumbnail.read_bytes()[:2] == b'\xff\xd8', f'{name}: has a thumbnail')
    return about


def check_offset(path, name):
    """Flash and beep are as far apart as they were, which is not at all."""
    sound = Sound(path).onsets()
    # A beep is one after half a second of silence: one at the very beginning cannot be told.
    pictures = [time for time in flashes(path) if time > Sound(path).start_s + 0.6]
    offsets = [min((onset - flash for onset in sound), key=abs) for flash in pictures]
    tap.check(len(offsets) >= 2 and all(abs(offset) <= 0.025 for offset in offsets),
              f'{name}: lips meet the sound', ', '.join(f'{offset * 1000:+.0f} ms' for offset in offsets))


def check_talk(entry, talk, name):
    path = pathlib.Path(entry['path'])
    about = check_film(path, name, (entry['end-ms'] - entry['start-ms']) / 1000, 0.1, covers=1)
    tags = about['format']['tags']
    first = packets(path, 'v')[0]
    tap.check(first.keyframe, f'{name}: begins with a keyframe')
    tap.check(tags.get('title') == talk['title'] and tags.get('artist', '') == ', '.join(talk.get('speakers', [])) and
              tags.get('album') == 'Journée des éclairs' and len(tags.get('date', '')) == 10,
              f'{name}: says title, speakers, event and date', json.dumps(tags, ensure_ascii=False))
    text = path.with_suffix('.txt').read_text()
    tap.check(text.splitlines()[0] == talk['title'] and 'Langue\u00a0: Français' in text and
              'Événement\u00a0: Journée des éclairs' in text and all(who in text for who in talk.get('speakers', [])),
              f'{name}: the text for the upload says it in the language of the event', text)
    return path


def next_talk_after(show, seconds):
    """The position of the talk that ends, as it was marked."""
    show.wait_for_running(seconds)
    show.action('next-talk')


def check_trim(show):
    """Shorter at both ends, and made again: the same file, whole at every moment."""
    entry = exports(show.status)[1]
    index = show.status['exports'].index(entry)
    before = pathlib.Path(entry['path'])
    old = before.stat().st_ino
    show.action('trim-talk', GLib.Variant('(ixx)', (index, entry['start-ms'] + 2100, entry['end-ms'] - 2100)))
    show.wait_for(lambda status: status['exports'][index]['state'] == 'done' and
                  status['exports'][index]['start-ms'] > entry['start-ms'], 'the trimmed talk', 20)
    trimmed = show.status['exports'][index]
    shorter_s = (entry['duration-ms'] - trimmed['duration-ms']) / 1000
    tap.check(trimmed['path'] == entry['path'] and before.stat().st_ino != old and
              1.5 <= shorter_s <= 2 * GOP_S + 1.5, 'trimmed: the same file is shorter', f'{shorter_s:.2f} s')
    check_talk(trimmed, TALKS[1], 'trimmed')
    check_offset(before, 'trimmed')
    show.action('export-talk', GLib.Variant('i', index))
    show.wait_for(lambda status: status['exports'][index]['state'] == 'done', 'the same once more', 20)


def talks(stage):
    """Three talks, live at a server: each has its file while the show goes on, and the recording at the end."""
    nginx = NginxRtmp(stage)
    show = start(stage, destinations=[{'id': 'nginx', 'url': nginx.url() + '/talks'}])
    next_talk_after(show, 7)
    show.action('take', 'flash')
    show.wait_for(lambda status: are_done({'exports': status['exports'][:1]}, 1), 'the first talk', 20)
    tap.check(show.status['state'] == 'live' and exports(show.status)[1]['state'] == 'off',
              'the first talk has its file while the second is given')
    recording = pathlib.Path(show.status['recording']['path'])
    log = json.loads(next(recording.parent.glob('*.regie.json')).read_text())
    tap.check([talk['title'] for talk in log['talks']] == [talk['title'] for talk in TALKS[:2]],
              'what was marked is on the disk at once', json.dumps(log['talks'], ensure_ascii=False))
    next_talk_after(show, 9)
    show.action('take', 'speaker')
    show.wait_for(lambda status: are_done({'exports': status['exports'][:2]}, 2), 'the second talk', 20)
    show.wait_for_running(5)
    lost = n_lost_frames(show.status)
    show.action('end-live')
    show.wait_for(lambda status: are_done(status, 3) and
                  [entry['state'] for entry in exports(status, 'recording')] == ['done'], 'all files', 25)
    tap.check(lost == 0, 'the show has missed no frame meanwhile', f'{lost}')
    for number, entry in enumerate(exports(show.status)):
        path = check_talk(entry, TALKS[number], f'talk {number + 1}')
        if number == 1:
            check_offset(path, 'talk 2')
            save_frame(path, 3, 'talks-second.png')
            artifact('talks-second.jpg').write_bytes(path.with_suffix('.jpg').read_bytes())
    names = sorted(path.name for path in recording.parent.glob('*.mp4'))
    tap.check(len(names) == 4 and any(name[16:] == 'Des éclairs  et “après”.mp4' for name in names),
              'four films, with readable names', f'{names}')
    whole = pathlib.Path(exports(show.status, 'recording')[0]['path'])
    about = check_film(whole, 'recording', exports(show.status)[2]['end-ms'] / 1000, 1.0)
    chapters = [(round(float(chapter['start_time']), 1), chapter['tags']['title']) for chapter in about['chapters']]
    tap.check([title for _, title in chapters] == [talk['title'] for talk in TALKS] and chapters[0][0] == 0 and
              6 <= chapters[1][0] <= 12, 'recording: a chapter for each talk', f'{chapters}')
    tap.check('0:00 Ouverture' in whole.with_suffix('.txt').read_text(), 'recording: the text lists the chapters')
    check_trim(show)
    show.stop()
    nginx.stop()
    sent = [packet.time for packet in packets(nginx.files()[0], 'v')]
    tap.check(not gaps(sent, FRAME_S, 0.002), 'the server missed no frame', f'{len(sent)} pictures')


def killed(stage):
    """SIGKILL in the second talk: the next start makes the recording and both talks of it, when nobody else has it."""
    show = start(stage)
    next_talk_after(show, 6)
    show.wait_for_running(6)
    recording = pathlib.Path(show.status['recording']['path'])
    show.kill()
    ended_s = max(packet.time for packet in packets(recording, 'v'))
    before = recording.read_bytes()
    locks = stage.folder / 'runtime' / 'regie'
    with open(locks / hashlib.sha256(str(recording).encode()).hexdigest(), 'rb') as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        again = start(stage, go_live=False)
        again.wait_for(lambda status: all(s['state'] == 'live' for s in status['sources']), 'the next start')
        again.wait_for_actions()
        again.action('forget-show')
        again.wait_for_running(2)
        tap.check(again.status['exports'] == [] and recording.read_bytes() == before,
                  'a recording that another Régie has is left alone')
        again.stop()
    again = start(stage, go_live=False)
    again.wait_for(lambda status: are_done(status, 2) and
                   [entry['state'] for entry in exports(status, 'recording')] == ['done'], 'the repair', 25)
    entry = exports(again.status, 'recording')[0]
    tap.check(entry['path'] == str(recording) and entry['repaired'], 'the recording is repaired where it is')
    about = check_film(recording, 'repaired', ended_s + FRAME_S, 0.6)
    tap.check([chapter['tags']['title'] for chapter in about['chapters']] == [talk['title'] for talk in TALKS[:2]],
              'repaired: its chapters are there')
    for number, talk in enumerate(exports(again.status)):
        check_talk(talk, TALKS[number], f'repaired talk {number + 1}')
    again.stop()
    third = start(stage, go_live=False)
    third.wait_for(lambda status: len(exports(status)) == 2, 'the start after that')
    third.wait_for_running(1)
    tap.check(exports(third.status, 'recording') == [] and are_done(third.status, 2),
              'what is done is not done again, and can still be trimmed')
    third.stop()


def resumed(stage):
    """SIGKILL, and the show goes on: at the end both files are one, and the talk that was given has one file, too."""
    show = start(stage)
    next_talk_after(show, 5)
    show.wait_for_running(3)
    recording = pathlib.Path(show.status['recording']['path'])
    show.kill()
    again = start(stage, go_live=False)
    again.wait_for_actions()
    again.action('resume-show')
    again.wait_for_live()
    next_talk_after(again, 4)
    again.wait_for_running(3)
    tap.check(len(list(recording.parent.glob('*Journée*.mp4'))) == 2, 'after the crash another file is recorded')
    again.action('end-live')
    again.wait_for(lambda status: are_done(status, 3) and
                   [entry['state'] for entry in exports(status, 'recording')] == ['done'], 'all files', 25)
    tap.check([path.name for path in recording.parent.glob('*Journée*.mp4')] == [recording.name] and
              is_ordinary(recording) and complaints(recording) == '', 'at the end they are one ordinary MP4')
    titles = [chapter['tags']['title'] for chapter in describe(recording)['chapters']]
    tap.check(titles == [talk['title'] for talk in TALKS], 'with a chapter for each talk', f'{titles}')
    uneven = gaps([packet.time for packet in packets(recording, 'v')], FRAME_S, 0.001)
    tap.check(len(uneven) <= 1, 'and its pictures go on evenly but where it broke off', f'{uneven}')
    again.stop()
    tap.check(f'Saved: {recording}\n' in again.stderr, 'and that one is named in the end', ''.join(again.stderr[-2:]))


def resumed_and_ended(stage):
    """SIGKILL just after a talk has begun; the show goes on and ends without another one: it has its file."""
    show = start(stage)
    next_talk_after(show, 5)
    show.wait_for_running(1)
    began_ms = exports(show.status)[1]['start-ms']
    show.kill()
    again = start(stage, go_live=False)
    again.wait_for_actions()
    again.action('resume-show')
    again.wait_for_live()
    again.wait_for_running(4)
    again.action('end-live')
    status = again.wait_for(lambda status: are_done(status, 2) and
                            [entry['state'] for entry in exports(status, 'recording')] == ['done'], 'all files', 25)
    second = exports(status)[1]
    tap.check(second['title'] == TALKS[1]['title'] and abs(second['start-ms'] - began_ms) <= GOP_S * 1000 and
              second['end-ms'] - second['start-ms'] >= 5000,
              'the talk that was given has one file, from its beginning to the end of the show', f'{second}')
    again.stop()


def one_only(stage):
    """A talk that nobody has called for: the show begins with it, and ends with it."""
    show = start(stage)
    show.wait_for_running(5)
    show.action('end-live')
    status = show.wait_for(lambda status: are_done(status, 1), 'its file', 25)
    talk = exports(status)[0]
    tap.check(talk['title'] == TALKS[0]['title'] and talk['start-ms'] == 0 and talk['end-ms'] >= 5000,
              'the first talk has its file without a word', f'{talk}')
    show.stop()


if __name__ == '__main__':
    tap.run(talks, killed, resumed, resumed_and_ended, one_only)
