#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other ways in, with programs of others: Chromium pushes by WHIP, and another one takes its place; Janus is
pulled by WHEP, offers itself, and recommends a relay."""
import urllib.error
import urllib.parse
import urllib.request

from regie_browser import Chromium, make_camera, make_microphone
from regie_guests import write_guests_event
from regie_janus import Janus, JanusWhep, JanusWhip
from regie_networks import OWN, Turn, go_apart
from regie_testing import BLUE, GREEN, Regie, make_clip, source, tap, wait_until, write_event, write_secrets
from regie_whep import Program

TOKEN, HZ = 'Long-Token-of-the-Relay', 1000
# How a page pushes: with fetch () and RTCPeerConnection, and no library.
PUBLISH = '''
(async () => {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: true, audio: {echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
  const peer = window.peer = new RTCPeerConnection();
  for (const track of stream.getTracks()) peer.addTransceiver(track, {direction: 'sendonly', streams: [stream]});
  await peer.setLocalDescription();
  await new Promise(done => {
    const check = () => { if (peer.iceGatheringState === 'complete') done(); };
    peer.onicegatheringstatechange = check;
    check();
  });
  const answer = await fetch('%s', {method: 'POST', headers: {'Content-Type': 'application/sdp'},
                                    body: peer.localDescription.sdp});
  window.session = answer.headers.get('Location');
  await peer.setRemoteDescription({type: 'answer', sdp: await answer.text()});
  return answer.status;
})()
'''
END = "fetch(window.session, {method: 'DELETE'}).then(answer => answer.status)"
ONLY_DATA = '''
(async () => {
  const peer = new RTCPeerConnection();
  peer.createDataChannel('chat');
  await peer.setLocalDescription();
  return peer.localDescription.sdp;
})()
'''


def remote(show, name):
    return source(show.status, name)['remote']


def is_there(name):
    def there(status):
        found = source(status, name)
        return found['state'] == 'live' and found['remote']['connected'] and max(found['peak-db']) > -30 and \
            found['remote']['fps'] > 5
    return there


def answer_to(url, body, kind='application/sdp'):
    """The status of a POST, the token being in the address."""
    request = urllib.request.Request(url, body.encode(), {'Content-Type': kind})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def whip(stage):
    """Chromium pushes; a second one with the same address takes over; nobody else gets anything."""
    make_clip(stage.folder / 'room.mp4', BLUE, 440, 60)
    event = write_guests_event(stage, [], [{'id': 'room', 'kind': 'uri', 'uri': 'room.mp4', 'loop': True},
                                           {'id': 'phone', 'kind': 'whip', 'sound-settings': {'follows': 'always'}}])
    show = Regie(stage, event, go_live=False)
    show.wait_for_actions()
    show.wait_for(lambda status: source(status, 'phone').get('remote', {}).get('address'), 'its address', 20)
    url = remote(show, 'phone')['address']
    parts = urllib.parse.urlsplit(url)
    browser = Chromium(stage, make_camera(stage.folder / 'camera.mjpeg', GREEN, 320, 180, 25),
                       make_microphone(stage.folder / 'microphone.wav', HZ))

    def new_page():
        tab = browser.new_tab(f'{parts.scheme}://{parts.netloc}/')
        wait_until(lambda: tab.evaluate('document.readyState') == 'complete' and tab.evaluate('isSecureContext'), 'a page', 20)
        return tab
    first = new_page()
    offer = first.evaluate(ONLY_DATA)
    refused = [answer_to(url.rsplit('/', 1)[0] + '/' + 'A' * 27, offer), answer_to(url, 'v=0\r\nnonsense'),
               answer_to(url, offer), answer_to(url, '{}', 'application/json')]
    tap.check(all(400 <= status < 500 for status in refused),
              'a wrong token, nonsense, an offer of no picture and no sound, and another language are refused', refused)
    tap.check(first.evaluate(PUBLISH % url) == 201, 'Chromium pushes')
    show.wait_for(is_there('phone'), 'its picture and sound', 30)
    show.action('take', 'phone')
    show.wait_for(lambda status: status['program']['on-air'] == 'phone' and max(status['program']['peak-db']) > -30,
                  'it is seen and heard in the program')
    second = new_page()
    tap.check(second.evaluate(PUBLISH % url) == 201, 'a second one pushes to the same address')
    wait_until(lambda: second.evaluate('peer.connectionState') == 'connected', 'it to be connected', 20)
    show.wait_for(is_there('phone'), 'its picture and sound', 30)
    tap.check(first.evaluate(END) == 404, 'the first has no session any more, and cannot end the second’s')
    wait_until(lambda: first.evaluate('peer.connectionState') != 'connected', 'the first to be let go', 30)
    show.wait_for(is_there('phone'), 'the second, still', 20)
    tap.check(second.evaluate(END) == 200, 'the second ends its own')
    show.wait_for(lambda status: source(status, 'phone')['state'] != 'live' and not source(status, 'phone')['remote']['connected'],
                  'it to be gone', 20)
    show.stop()
    tap.check(url.rsplit('/', 1)[1] not in ''.join(show.stderr), 'the token is in no log')


def whep(stage):
    """Janus makes the offer itself, and says by which relay it may be found."""
    server = Janus(stage)
    turn = Turn(stage, OWN)
    front = JanusWhip(server, TOKEN)
    speaker = Program(stage, 'publish', front.url(), TOKEN, HZ, GREEN)
    tap.check(speaker.wait_for('posted')['status'] == 201, 'somebody pushes to Janus')
    _, publisher, _ = front.wait_for_publisher()
    back = JanusWhep(server, TOKEN, publisher, f'<turn:{OWN}:{turn.port}?transport=udp>; rel="ice-server"; '
                     f'username="{turn.USER}"; credential="{turn.PASSWORD}"; credential-type="password"')
    event = write_event(stage.folder, [{'id': 'room', 'kind': 'drawn'},
                                       {'id': 'janus', 'kind': 'whep', 'uri': back.url(), 'sound-settings': {'follows': 'always'}}])
    show = Regie(stage, event, go_live=False, secrets=write_secrets(stage.folder, {'whep:janus': TOKEN}))
    show.wait_for_actions()
    show.wait_for(is_there('janus'), 'the picture and sound of Janus', 45)
    tap.check(back.said[:2] == [('POST', 406), ('PATCH', 204)], 'the offer that Janus makes is answered', back.said)
    wait_until(lambda: turn.USER in turn.users(), 'the relay that it recommends to be asked', 20)
    tap.check(True, 'and the relay that it recommends is asked, by its password')
    show.action('remove-source', 'janus')
    wait_until(lambda: ('DELETE', 200) in back.said, 'it to be let go', 20)
    tap.check(show.stop() == 0, 'it is let go, and the show ends well')
    tap.check(all(secret not in ''.join(show.stderr) for secret in (TOKEN, turn.PASSWORD)), 'no secret is in a log')
    speaker.end()
    back.close()
    front.close()


go_apart()
tap.run(whip, whep)
