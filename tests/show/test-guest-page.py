#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest's page by itself: both languages, every size, what it says when something is wrong, its checks."""
import datetime
import json
import os
import re
import sys

from gi.repository import GLib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import regie_browser  # noqa: E402
from regie_browser import Chromium, Firefox  # noqa: E402
from regie_desk import Desk  # noqa: E402
from regie_guests import GuestPage, guest, link, write_guests_event  # noqa: E402
from regie_testing import Regie, source, tap, wait_until  # noqa: E402

ROOM = {'id': 'room', 'title': 'Room', 'kind': 'drawn', 'drawing': 'speaker'}
SIZES = {'phone': (390, 844, True), 'small-phone': (360, 640, True), 'sideways': (844, 390, True),
         'laptop': (1366, 768, False), 'large': (1920, 1080, False)}
THUMB_PX = 44
CUE = 'Closer to the microphone, please'

# What is shown and can be pressed: its size, its name, and whether a finger meets it.
TARGETS = '''
(() => [...document.querySelectorAll('button, select, input')]
  .filter((element) => element.checkVisibility() && !element.disabled && !element.closest('dialog:not([open])'))
  .map((element) => {
    const box = (element.closest('label.switch') || element).getBoundingClientRect();
    const name = element.getAttribute('aria-label') || element.labels?.[0]?.textContent || element.textContent;
    return {id: element.id, name: name.trim(), width: box.width, height: box.height};
  }))()
'''
# Contrast of every text that is shown on a plain ground, by WCAG's formula; only what is too weak.
CONTRAST = '''
(() => {
  const read = (text) => text.match(/[\\d.]+/g).map(Number);
  const part = (value) => value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const colour = read(getComputedStyle(element).backgroundColor);
      if (colour.length === 3)
        return colour;
      if (colour[3] > 0)
        return null;
    }
    return null;
  };
  const weak = [];
  for (const element of document.querySelectorAll('body *')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!hasText || !element.checkVisibility() || element.closest('.unseen, option, :disabled'))
      continue;
    const style = getComputedStyle(element);
    const below = ground(element);
    if (!below)
      continue;
    const [a, b] = [light(read(style.color)), light(below)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const wanted = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700 ? 3 : 4.5;
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < wanted)
      weak.push(`${element.id || element.className} “${element.textContent.trim().slice(0, 30)}”: ${ratio.toFixed(1)}`);
  }
  return weak;
})()
'''
WORDS = "import('./guest-words.js').then((words) => JSON.stringify(words.WORDS))"


def start(stage, guests=('anna',), **parts):
    event = write_guests_event(stage, list(guests), [ROOM])
    event.write_text(json.dumps(dict(json.loads(event.read_text()), **parts)))
    show = Regie(stage, event, go_live=False)
    show.wait_for(lambda status: source(status, 'room')['state'] == 'live', 'the room', 25)
    show.wait_for_actions()
    return show


def shown(tab, identifier):
    """The text of an element as it is seen; None if it is not."""
    return tab.evaluate(f'(() => {{ const e = document.getElementById({json.dumps(identifier)});'
                        ' return e && e.checkVisibility() ? e.innerText.trim() : null; })()')


def wait_for_text(tab, identifier, text, timeout_s=20):
    return wait_until(lambda: (lambda now: now is not None and re.search(text, now) and now)(shown(tab, identifier)),
                      f'“{text}” in {identifier}', timeout_s)


def wait_for_report(page, predicate, what, timeout_s=20):
    return page.wait_for(predicate, what, timeout_s)


def come_in(page, as_far_as='following'):
    """Presses what a guest presses until he is there."""
    wait_for_report(page, lambda now: now['view'] == 'arrival', 'the arrival')
    page.tab.press('button', '^Come in$')
    wait_for_report(page, lambda now: now['connected'], 'the connection')
    if as_far_as != 'following':
        page.tab.press('button', 'Get ready to speak')
        wait_for_report(page, lambda now: (now['main'] or {}).get('sentFrames', 0) > 5, 'his picture goes out')
    if as_far_as == 'ready':
        page.tab.press('button', 'I am ready')
        wait_for_report(page, lambda now: now['place'] == 'ready', 'ready')


def test_words(stage):
    """Nothing is missing in a language, and French has its spaces."""
    show = start(stage)
    page = GuestPage(Chromium(stage).new_tab(), link(show, 'anna'))
    wait_for_report(page, lambda now: now['view'] == 'arrival', 'the arrival')
    words = json.loads(page.tab.evaluate(WORDS))
    tap.check(set(words['en']) == set(words['fr']), 'every text is there in both languages',
              set(words['en']) ^ set(words['fr']))
    tap.check(all(text.strip() for language in words.values() for text in language.values()), 'and none is empty')
    holes = [key for key in words['en'] if set(re.findall(r'\{\w+\}', words['en'][key])) !=
             set(re.findall(r'\{\w+\}', words['fr'][key]))]
    tap.check(not holes, 'both have the same places to fill', holes)
    wrong = [text for text in words['fr'].values()
             if re.search('[^\u202f][;!?]|[^\u00a0]:(?!//)|«[^\u00a0]|[^\u00a0]»', text)]
    tap.check(not wrong, 'French has a space that does not break before ; ! ? :', wrong)
    used = set(page.tab.evaluate("[...document.querySelectorAll('[data-text], [data-label]')]"
                                 '.map((element) => element.dataset.text || element.dataset.label)'))
    tap.check(used and used <= set(words['en']), 'the page asks for no text that is not there', used - set(words['en']))
    page.tab.press('button', 'Français')
    wait_for_text(page.tab, 'join', 'Entrer')
    tap.check(page.tab.evaluate('document.documentElement.lang') == 'fr', 'another language is one press away')
    tap.check(not page.tab.complaints, 'nothing is wrong in the browser’s eyes', page.tab.complaints)
    show.stop()


def check_look(tab, name):
    """At every size and in both languages: nothing sticks out, and a thumb meets every button."""
    wide, small, nameless = [], [], []
    for language in ('fr', 'en'):
        tab.evaluate(f"document.getElementById('language-{language}').click()")
        for size, (width, height, mobile) in SIZES.items():
            tab.resize(width, height, mobile)
            tab.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
            over = tab.evaluate('document.documentElement.scrollWidth - innerWidth')
            wide += [f'{size} {language}: {over} px'] if over > 0 else []
            targets = tab.evaluate(TARGETS)
            small += [f'{size} {language}: {target}' for target in targets
                      if min(target['width'], target['height']) < THUMB_PX - 0.5]
            nameless += [target['id'] for target in targets if not target['name']]
            if language == 'fr':
                tab.screenshot(f'guest-page-{name}-{size}.png')
    weak = tab.evaluate(CONTRAST)
    tap.check(not wide, f'{name}: nothing sticks out at any size', wide)
    tap.check(not small, f'{name}: every target has {THUMB_PX} px', small[:5])
    tap.check(not nameless, f'{name}: every control has a name', nameless)
    tap.check(not weak, f'{name}: every text can be read on its ground', weak)
    tab.resize(1366, 768)


def test_look(stage):
    """Arrival, following, green room, on air with a cue; at phone and desktop sizes, dark and light."""
    show = start(stage)
    tab = Chromium(stage).new_tab()
    page = GuestPage(tab, link(show, 'anna'))
    wait_for_report(page, lambda now: now['view'] == 'arrival', 'the arrival')
    check_look(tab, 'arrival')
    come_in(page)
    check_look(tab, 'following')
    tab.press('button', 'Get ready to speak')
    wait_for_report(page, lambda now: (now['main'] or {}).get('sentFrames', 0) > 5, 'his picture goes out')
    tab.call('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': 'light'}])
    check_look(tab, 'green-room')
    tab.press('button', 'I am ready')
    show.wait_for(lambda status: guest(status, 'anna')['place'] == 'ready', 'ready')
    show.action('take', 'anna')
    show.action('cue-guest', GLib.Variant('(ss)', ('anna', CUE)))
    wait_for_text(tab, 'where-word', '^ON AIR$')
    wait_until(lambda: CUE in (shown(tab, 'cues') or ''), 'the cue')
    check_look(tab, 'on-air')
    frame = tab.evaluate("getComputedStyle(document.body, '::after').borderTopWidth")
    tap.check(frame not in ('', '0px'), 'on air has its frame', frame)
    tap.check(tab.evaluate('document.title').startswith('● On air'), 'and its words in the title of the tab')
    spoken = tab.evaluate("document.getElementById('assertive').textContent")
    tap.check(CUE in spoken or 'on air' in spoken, 'both are read aloud', spoken)
    tap.check(not tab.complaints, 'nothing is wrong in the browser’s eyes', tab.complaints)
    show.stop()


def test_keyboard(stage):
    """All of it without a mouse; and the token is nowhere to be seen."""
    show = start(stage)
    tab = Chromium(stage).new_tab()
    url = link(show, 'anna')
    page = GuestPage(tab, url)
    token = url.split('#')[1]

    def press(key, code):
        for kind in ('keyDown', 'keyUp'):
            tab.call('Input.dispatchKeyEvent', type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                     text='\r' if key == 'Enter' and kind == 'keyDown' else '')

    def go_to(identifier):
        for _ in range(40):
            if tab.evaluate('document.activeElement.id') == identifier:
                return
            press('Tab', 9)
        raise AssertionError(f'no way to {identifier} by the keyboard')

    wait_for_report(page, lambda now: now['view'] == 'arrival', 'the arrival')
    tap.check(token not in tab.evaluate('location.href + document.documentElement.outerHTML'),
              'neither address nor page has the token')
    press('Tab', 9)
    tap.check(tab.evaluate('document.activeElement.id') == 'join', 'the first thing to press is the big button')
    press('Enter', 13)
    wait_for_report(page, lambda now: now['connected'], 'the connection')
    tap.check(page.report()['camera'] is None and page.report()['microphone'] is None, 'no camera is asked for yet')
    go_to('forward')
    press('Enter', 13)
    wait_for_report(page, lambda now: now['camera'] is not None, 'the camera')
    go_to('microphone')
    press('Enter', 13)
    wait_for_text(tab, 'microphone', 'Mic off')
    tap.check(tab.evaluate("document.getElementById('microphone').getAttribute('aria-pressed')") == 'false',
              'muted says so')
    show.wait_for(lambda status: not guest(status, 'anna')['microphone'], 'the crew knows that he is muted')
    go_to('leave')
    press('Enter', 13)
    tap.check(tab.evaluate("document.getElementById('leave-dialog').open"), 'leaving asks')
    press('Escape', 27)
    tap.check(not tab.evaluate("document.getElementById('leave-dialog').open"), 'Escape stays')
    tab.press('button', '^Leave$')
    tab.evaluate("document.getElementById('leave-now').click()")
    wait_for_text(tab, 'notice-title', 'You have left')
    show.wait_for(lambda status: guest(status, 'anna')['state'] == 'invited', 'the crew knows that he left')
    tap.check(page.report()['camera'] is None, 'the camera is off')
    tab.press('button', 'Come back')
    wait_for_report(page, lambda now: now['connected'] and now['place'] == 'following', 'he is back, and follows')
    show.stop()


def test_words_of_trouble(stage):
    """An honest sentence for whatever can be wrong before and during."""
    show = start(stage, ('anna', 'ben'))
    browser = Chromium(stage)
    url = link(show, 'anna')
    base = url.split('#')[0]
    for address, title in ((base, 'not complete'), (base + '#wrong', 'does not work')):
        tab = browser.new_tab(address)
        wait_for_text(tab, 'notice-title', title)
        tap.check(shown(tab, 'notice-text'), f'{title}: it says what to do', shown(tab, 'notice-text'))
        tab.close()
    for script, title in (
            ("Object.defineProperty(window, 'isSecureContext', {value: false})", 'not secure'),
            ("Object.defineProperty(window, 'RTCPeerConnection', {value: undefined})", 'too old')):
        tab = browser.new_tab()
        tab.prepare(script)
        tab.go(url)
        wait_for_text(tab, 'notice-title', title)
        tap.check(shown(tab, 'notice-text'), f'{title}: it says what to do', shown(tab, 'notice-text'))
        tab.close()
    for name, word in (('NotAllowedError', 'not allowed'), ('NotFoundError', 'No camera found'),
                       ('NotReadableError', 'busy')):
        tab = browser.new_tab()
        page = GuestPage(tab, 'about:blank')
        # No browser can be made to refuse its own camera from outside.
        tab.prepare('''(() => { const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          window.refuses = true;
          navigator.mediaDevices.getUserMedia = (wanted) => window.refuses && wanted.video
            ? Promise.reject(new DOMException('no', '%s')) : real(wanted); })()''' % name)
        tab.go(url)
        wait_for_report(page, lambda now: now['view'] == 'arrival', 'the arrival')
        tab.press('button', '^Come (back )?in$')
        wait_for_report(page, lambda now: now['connected'], 'the connection')
        if page.report()['place'] == 'following':
            tab.press('button', 'Get ready to speak')
        text = wait_for_text(tab, 'trouble-camera', word)
        tap.check(page.report()['microphone'] is not None, f'{word}: his sound works all the same', text)
        tab.evaluate('window.refuses = false')
        tab.press('button', 'Try again')
        wait_for_report(page, lambda now: now['camera'] is not None, 'the camera after another try')
        tab.close()
    page = GuestPage(browser.new_tab(), url)
    wait_for_report(page, lambda now: now['view'] == 'arrival', 'the arrival')
    show.action('revoke-guest', 'anna')
    wait_for_text(page.tab, 'notice-title', 'no longer valid')
    tap.check(page.report()['line'] == 'closed', 'who is revoked does not knock again')
    show.stop()


def test_takes_over(stage):
    """Reloaded he is where he was; opened elsewhere there is only one of him, and he can take himself back."""
    show = start(stage)
    browser = Chromium(stage)
    url = link(show, 'anna')
    page = GuestPage(browser.new_tab(), url)
    come_in(page, 'ready')
    page.tab.reload()
    wait_for_report(page, lambda now: now['connected'] and now['place'] == 'ready' and
                    (now['main'] or {}).get('sentFrames', 0) > 5, 'ready again after a reload')
    tap.check(show.wait_for(lambda status: guest(status, 'anna')['place'] == 'ready', 'ready'),
              'a reload brings him back to his place without a press')
    other = GuestPage(browser.new_tab(), url)
    wait_for_report(page, lambda now: now['notice'] == 'replaced', 'replaced')
    tap.check(page.report()['camera'] is None, 'the first window lets go of the camera')
    wait_for_report(other, lambda now: now['view'] == 'arrival', 'the other window')
    page.tab.press('button', 'Use it here')
    wait_for_report(page, lambda now: now['connected'] and (now['main'] or {}).get('sentFrames', 0) > 5, 'back here')
    wait_for_report(other, lambda now: now['notice'] == 'replaced', 'the other one is told')
    tap.check(page.report()['place'] == 'ready', 'and he is ready as before')
    show.stop()


def test_checks(stage):
    """The network gets its verdict, and a smaller picture is sent when the crew asks for it."""
    show = start(stage)
    page = GuestPage(Chromium(stage).new_tab(), link(show, 'anna'))
    come_in(page, 'green-room')
    page.tab.press('button', 'Check: Network')
    network = wait_for_report(page, lambda now: now['checks']['network'].get('bps'), 'the verdict', 15)['checks']['network']
    tap.check(network['verdict'] in ('good', 'enough') and network['rttMs'] < 350, 'this machine reaches itself', network)
    tap.check(re.search('Good|Enough', shown(page.tab, 'network-word')), 'and it is said in words',
              shown(page.tab, 'network-word'))
    show.action('ask-guest', GLib.Variant('(si)', ('anna', 180)))
    wait_for_report(page, lambda now: now['main']['sentHeight'] == 180, 'a smaller picture')
    show.wait_for(lambda status: guest(status, 'anna')['height'] == 180, 'it arrives')
    tap.check(shown(page.tab, 'banner-smaller'), 'he is told', shown(page.tab, 'banner-smaller'))
    show.action('ask-guest', GLib.Variant('(si)', ('anna', 0)))
    wait_for_report(page, lambda now: now['main']['sentHeight'] == 720, 'the whole picture', 30)
    tap.check(shown(page.tab, 'banner-smaller') is None, 'and no longer')
    show.stop()


def test_schedule(stage):
    """He knows how long he has still, what runs now, what the crew wants of him, and hears in stereo."""
    def at(minutes):
        return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)).isoformat('T', 'seconds')

    show = start(stage, talks=[
        {'title': 'Opening', 'speakers': ['Ada Lovelace'], 'start': at(-10), 'end': at(12)},
        {'title': 'What we learnt', 'speakers': ['Karim Benali', 'ANNA'], 'start': at(12)}])
    tab = Chromium(stage).new_tab()
    page = GuestPage(tab, link(show, 'anna'))
    come_in(page)
    wait_for_text(tab, 'schedule-mine', r'Your talk in 1[12]\smin')
    tap.check(shown(tab, 'now-title') == 'Opening' and shown(tab, 'next-title') == 'What we learnt',
              'he sees what runs and what comes')
    tap.check(shown(tab, 'live-word') == 'Not live yet', 'and that the show is not live yet')
    show.action('go-live')
    wait_for_text(tab, 'live-word', '^Live$')
    wait_for_report(page, lambda now: now['main']['framesDecoded'] > 10, 'the picture of the show')
    tap.check(shown(tab, 'program-cover') is None, 'the picture of the show is there')
    stereo = tab.evaluate('/^a=fmtp:\\d+ .*stereo=1/m.test(testPeer().localDescription.sdp)')
    tap.check(stereo, 'he asks for both channels')
    for text in (CUE, 'Two minutes left'):
        show.action('cue-guest', GLib.Variant('(ss)', ('anna', text)))
        wait_until(lambda text=text: text in (shown(tab, 'cues') or ''), text)
    tap.check(CUE not in shown(tab, 'cues'), 'a new message stands instead of the one before')
    tab.press('button', 'Understood')
    show.wait_for(lambda status: guest(status, 'anna')['cue'] is None, 'the crew knows that he has read it')
    wait_until(lambda: not shown(tab, 'cues'), 'no message any more')
    show.action('dismiss-guest', 'anna')
    wait_for_text(tab, 'notice-title', 'Thank you!')
    tab.press('button', 'Come back')
    wait_for_report(page, lambda now: now['connected'] and now['place'] == 'following', 'he is back with the same link')
    show.stop()


def hear(page, verdict):
    come_in(page)
    page.tab.press('button', 'Get ready to speak')
    wait_for_report(page, lambda now: now['microphone'] is not None, 'the microphone')

    def outcome():
        # A press misses while the page moves, and a browser may not get its loudspeaker in time: he presses again.
        now = page.report()['checks']['headphones']
        if now.get('verdict') in (None, 'failed'):
            page.tab.press('button', 'Check: Headphones')
        return now if now.get('verdict') not in (None, 'runs', 'failed') else None
    found = wait_until(outcome, 'the verdict', 20, 2)
    tap.check(found['verdict'] == verdict, f'the check says: {verdict}', found)


def test_headphones(stage):
    """A microphone that hears the loudspeaker is told from one that does not: real sound, both browsers."""
    show = start(stage, ('anna', 'ben', 'cleo'))
    desk = Desk(stage)
    desk.plug_sink('loudspeaker')
    desk.set_default_sink('loudspeaker')
    desk.plug_ear('ear', 'loudspeaker')
    desk.set_default('ear')
    # What is plugged in, not what a browser makes up.
    regie_browser.CHROMIUM_FLAGS[:] = [flag for flag in regie_browser.CHROMIUM_FLAGS
                                       if 'fake-device' not in flag and flag != '--mute-audio']
    regie_browser.FIREFOX_PREFERENCES['media.navigator.streams.fake'] = False
    browser = Chromium(stage)
    hear(GuestPage(browser.new_tab(), link(show, 'anna')), 'heard')
    hear(GuestPage(Firefox(stage), link(show, 'ben')), 'heard')
    desk.plug_microphone('apart', 300)
    desk.set_default('apart')
    hear(GuestPage(browser.new_tab(), link(show, 'cleo')), 'quiet')
    show.stop()


if __name__ == '__main__':
    tap.run(test_words, test_look, test_keyboard, test_words_of_trouble, test_takes_over, test_checks, test_schedule,
            test_headphones)
