#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""While the show is on air or in rehearsal the computer stays awake, whoever of a desktop can be asked for that."""
import pathlib
import signal

from regie_session import Session
from regie_testing import RED, Regie, is_recording, make_clip, probe, tap, wait_until, write_event


def start(stage, *options):
    make_clip(stage.folder / 'red.mp4', RED, 440, 60)
    event = write_event(stage.folder, [{'id': 'red', 'kind': 'uri', 'uri': 'red.mp4'}])
    show = Regie(stage, event, go_live=False, options=list(options))
    show.wait_for_actions()
    return show


def logind_and_desktop(stage):
    """Both are asked when a rehearsal begins, and have it back at its end; off air nobody is asked."""
    session = Session(stage, 'logind', 'desktop', 'portal')
    show = start(stage)
    show.wait_for_running(1)
    tap.check(session.names() == ['ready'], 'off air nothing is held back', session.names())
    show.action('rehearse')
    block = session.wait_for(lambda call: call.get('mode') == 'block', 'a lock of logind')
    delay = session.wait_for(lambda call: call.get('mode') == 'delay', 'time to end the show')
    desktop = session.wait_for(lambda call: call['call'] == 'desktop.Inhibit', 'the desktop')
    tap.check(set(block['what'].split(':')) == {'shutdown', 'sleep', 'idle'} and block['who'] == 'Régie' and block['why'],
              'logind holds back shutting down, sleep and idling', block)
    tap.check(set(delay['what'].split(':')) == {'shutdown', 'sleep'}, 'and waits until the show was ended', delay)
    tap.check(desktop['flags'] == 15 and desktop['application'] == 'live.regie.Regie' and desktop['reason'],
              'the desktop holds back logout, too', desktop)
    show.action('go-live')
    show.wait_for(lambda status: status['state'] == 'live', 'live')
    show.wait_for_running(1)
    tap.check(len(session.find(call='logind.Inhibit')) == 2 and len(session.find(call='desktop.Inhibit')) == 1 and
              not session.find(call='released') and not session.find(call='portal.Inhibit'),
              'going live asks nobody again, and nobody else', session.names())
    show.action('end-live')
    session.wait_for(lambda call: call['call'] == 'desktop.Uninhibit' and call['cookie'] == 4711, 'the end at the desktop')
    wait_until(lambda: len(session.find(call='released')) == 2, 'the end at logind', 5)
    tap.check(True, 'at the end of the show all of it is given back')
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))


def portal(stage):
    """Where nobody else answers, the portal is asked."""
    session = Session(stage, 'portal')
    show = start(stage, '--go-live')
    asked = session.wait_for(lambda call: call['call'] == 'portal.Inhibit', 'the portal', 10)
    tap.check(asked['flags'] == 15 and asked['reason'], 'the portal holds back all it can', asked)
    show.action('end-live')
    session.wait_for(lambda call: call['call'] == 'portal.Close', 'the end at the portal')
    tap.check(True, 'and has it back at the end')
    show.stop()


def shutdown(stage):
    """The computer goes down all the same: the show ends well, and only then the computer may."""
    session = Session(stage, 'logind')
    show = start(stage, '--go-live')
    status = show.wait_for(is_recording, 'a recording')
    session.wait_for(lambda call: call.get('mode') == 'delay', 'the lock')
    show.wait_for_running(2)
    path = pathlib.Path(status['recording']['path'])
    session.process.send_signal(signal.SIGUSR1)
    tap.check(show.wait(10) == 0, 'the show ends by itself', ''.join(show.stderr[-3:]))
    wait_until(lambda: session.find(call='released', mode='delay'), 'the end of the lock', 5)
    tap.check(float(probe(path, '-show_format')['format'].get('duration', 0)) > 1.5, 'the recording is finished')
    tap.check([call['mode'] for call in session.find(call='released')][-1] == 'delay',
              'the computer had to wait for that', session.calls)
    said = path.with_suffix('.journal.txt').read_text()
    tap.check('goes down' in said, 'the journal has it', said)


def sleep(stage):
    """It sleeps all the same: that is said, and the show goes on afterwards."""
    session = Session(stage, 'logind')
    show = start(stage, '--go-live')
    status = show.wait_for(is_recording, 'a recording')
    session.wait_for(lambda call: call.get('mode') == 'delay', 'the lock')
    session.process.send_signal(signal.SIGUSR2)
    wait_until(lambda: len(session.find(call='logind.Inhibit', mode='delay')) == 2, 'the lock after waking', 5)
    tap.check(session.find(call='released', mode='delay') and not session.find(call='released', mode='block'),
              'sleep has not to wait for more than a sentence', session.calls)
    status = show.wait_for_running(1)
    tap.check(status['state'] == 'live' and 'goes to sleep' in ''.join(show.stderr) and 'awake' in ''.join(show.stderr),
              'it is said, and the show goes on', ''.join(show.stderr))
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))


tap.run(logind_and_desktop, portal, shutdown, sleep)
