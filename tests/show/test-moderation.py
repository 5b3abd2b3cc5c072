#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Posts are sorted from a telephone: the page in Chromium, two of them at once, hostile text, and the door shut."""
import json
import os
import pathlib
import re
import signal
import sys

from gi.repository import GLib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from regie_browser import Chromium  # noqa: E402
from regie_testing import Regie, tap, wait_until, write_event  # noqa: E402

ROOM = {'id': 'room', 'title': 'Room', 'kind': 'drawn', 'drawing': 'speaker'}
EVIL = '<img src=x onerror="window.stolen=1"><script>window.stolen=1</script> bonjour'
THUMB_PX = 44
NOTICE = "document.getElementById('notice-title')?.textContent ?? ''"
PHONE = (360, 640, True)
SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
# What is shown and can be pressed, too small for a thumb or without a name.
BAD_TARGETS = '''
[...document.querySelectorAll('button')].filter((button) => button.checkVisibility()).filter((button) => {
  const box = button.getBoundingClientRect();
  return Math.min(box.width, box.height) < %d || !(button.getAttribute('aria-label') || button.textContent.trim());
}).map((button) => button.outerHTML)
''' % THUMB_PX


def start(stage):
    posts = stage.folder / 'posts.ndjson'
    texts = ['Bonjour à tous', EVIL, 'Une question : à quelle heure ?', 'voir bit.ly/abc', 'à +33 6', 'Merci']
    posts.write_text(''.join(json.dumps({
        'at': 0, 'network': 'mastodon', 'id': f'mastodon:{number}',
        'author': {'id': f'mastodon:{number % 4}', 'name': f'Ada <{number % 4}>', 'handle': f'@ada{number % 4}@a.example',
                   'created': '2019-03-02T12:00:00Z', 'followers': 412},
        'text': text}) + '\n' for number, text in enumerate(texts)))
    event = write_event(stage.folder, [ROOM], posts={'networks': [{'kind': 'replay', 'file': 'posts.ndjson'}]})
    show = Regie(stage, event, go_live=False)
    show.wait_for_actions()
    show.wait_for(lambda s: s['posts']['incoming'] + s['posts']['held'] + s['posts']['hidden'] == 6, 'the posts', 30)
    return show


def open_page(show, reach='computer'):
    show.action('moderation', reach)
    return show.wait_for(lambda s: s['moderation']['link'], 'the link')['moderation']['link']


def line_is(tab, words):
    return wait_until(lambda: words in (tab.evaluate("document.getElementById('line')?.textContent") or ''), words, 30)


def names(tab):
    return tab.evaluate("[...document.querySelectorAll('.post')].map((post) => post.dataset.id)")


def wait_for_post(tab, identifier, there=True):
    wait_until(lambda: (identifier in names(tab)) == there, f'{identifier} is {"there" if there else "gone"}', 30)


def press_act(tab, identifier, act):
    """Once it is there."""
    button = f'document.querySelector(\'[data-id="{identifier}"] [data-act="{act}"]\')'
    wait_until(lambda: tab.evaluate(f'{button} !== null'), f'{act} at {identifier}', 30)
    tab.evaluate(f'{button}.click()')


def counts(status):
    return {name: status['posts'][name] for name in ('incoming', 'held', 'approved', 'hidden')}


def test_sort_from_a_phone(stage):
    """Two telephones and the control room see the same; strangers' text stays text; a new link throws out."""
    show = start(stage)
    before = counts(show.status)
    browser = Chromium(stage)
    link = open_page(show)
    tap.check(re.fullmatch(r'http://localhost:\d+/#[\w-]{27,}', link), 'the link has its secret behind the #', link)
    anna, ben = (browser.new_tab(link) for _ in range(2))
    for tab in (anna, ben):
        line_is(tab, 'Connected')
    show.wait_for(lambda s: s['moderation']['moderators'] == 2, 'the control room knows of both')
    secret = link.split('#')[1]
    tap.check(secret not in anna.evaluate('location.href + document.documentElement.outerHTML'),
              'neither address nor page has the secret')
    wait_for_post(anna, 'mastodon:1')
    tap.check(anna.evaluate("document.querySelector('[data-id=\"mastodon:1\"] .text').textContent").endswith('bonjour'),
              'the whole text is there')
    tap.check(anna.evaluate("document.querySelectorAll('main img, main script').length") == 0 and
              anna.evaluate('window.stolen') is None, 'what a stranger wrote is nothing but text')

    press_act(anna, 'mastodon:0', 'approve')
    wait_for_post(ben, 'mastodon:0', False)
    show.wait_for(lambda s: s['posts']['approved'] == before['approved'] + 1, 'approved')
    anna.press('button', '^Undo$')
    wait_for_post(ben, 'mastodon:0')
    show.wait_for(lambda s: s['posts']['approved'] == before['approved'], 'taken back')
    press_act(ben, 'mastodon:2', 'ask')
    ben.press('tab', '^Questions')
    wait_for_post(ben, 'mastodon:2')
    tap.check(anna.evaluate("document.querySelector('[data-act=\"show\"]')") is None, 'putting on screen is not theirs')
    show.set_state('moderators-may-show', GLib.Variant('b', True))
    press_act(ben, 'mastodon:2', 'show')
    show.wait_for(lambda s: s['posts']['on-screen'] == 'mastodon:2', 'on screen, now that they may')
    wait_until(lambda: 'On screen' in ben.evaluate("document.querySelector('.post').textContent"), 'it says so')
    show.action('refuse-post', 'mastodon:0')
    wait_for_post(anna, 'mastodon:0', False)
    press_act(anna, 'mastodon:1', 'block')
    anna.press('button', '^Block$')
    wait_for_post(anna, 'mastodon:1', False)
    # The author of 1 wrote 5 as well.
    show.wait_for(lambda s: s['posts']['hidden'] >= before['hidden'] + 3, 'all by that author are hidden')
    show.set_state('panic', GLib.Variant('b', True))
    wait_until(lambda: anna.evaluate("document.getElementById('panic').checkVisibility()"), 'the panic is told')

    show.action('renew-moderation-link')
    for tab in (anna, ben):
        wait_until(lambda tab=tab: 'no longer connected' in tab.evaluate(NOTICE), 'thrown out')
    show.wait_for(lambda s: s['moderation']['moderators'] == 0 and s['moderation']['link'] not in (None, link), 'nobody')
    cleo = browser.new_tab(link)
    wait_until(lambda: 'does not work' in cleo.evaluate(NOTICE), 'void')
    tap.check(not anna.complaints and not ben.complaints, 'nothing is wrong in the browser’s eyes',
              anna.complaints + ben.complaints)
    show.stop()


def test_look_and_return(stage):
    """On a small telephone in both languages; the network goes and comes; the door is shut."""
    show = start(stage)
    link = open_page(show)
    for language, lost in (('fr', 'Non connecté'), ('en', 'Not connected')):
        tab = Chromium(stage, language=language).new_tab(link)
        tab.resize(*PHONE)
        line_is(tab, {'fr': 'Connecté', 'en': 'Connected'}[language])
        for name in ('incoming', 'held', 'hidden'):
            tab.evaluate(f"document.getElementById('tab-{name}').click()")
            wait_until(lambda tab=tab: tab.evaluate(
                "document.querySelector('.post') !== null || !document.getElementById('empty').hidden"), 'the list')
            over = tab.evaluate('document.documentElement.scrollWidth - innerWidth')
            bad = tab.evaluate(BAD_TARGETS)
            tap.check(over <= 0, f'{language}, {name}: nothing sticks out', over)
            tap.check(not bad, f'{language}, {name}: a thumb meets everything, and it has a name', bad)
            tab.screenshot(f'moderation-{language}-{name}.png')
        tap.check(tab.evaluate('document.documentElement.lang') == language, 'it speaks the browser’s language')
        tab.evaluate("document.getElementById('tab-incoming').click()")
        if language == 'en':
            continue
        # It answers nothing for a while, as when the network is away.
        os.kill(show.pid, signal.SIGSTOP)
        line_is(tab, lost)
        tap.check(tab.evaluate("document.getElementById('list').inert"), f'{language}: nothing can be decided meanwhile')
        os.kill(show.pid, signal.SIGCONT)
        line_is(tab, {'fr': 'Connecté', 'en': 'Connected'}[language])
        wait_for_post(tab, 'mastodon:0')
        tap.check(True, f'{language}: it is back by itself, with all posts')
        tab.close()
    show.action('moderation', 'closed')
    show.wait_for(lambda s: s['moderation'] == {'reach': 'closed', 'link': None, 'moderators': 0, 'may-show': False,
                                                'error': None}, 'the door is shut')
    show.stop()


def test_words(stage):
    """Nothing is missing in a language, every reason has a word, and French has its spaces."""
    show = start(stage)
    tab = Chromium(stage).new_tab(open_page(show))
    line_is(tab, 'Connected')
    words = json.loads(tab.evaluate("import('./modpage-words.js').then((words) => JSON.stringify(words.WORDS))"))
    tap.check(set(words['en']) == set(words['fr']), 'every text is there in both languages',
              set(words['en']) ^ set(words['fr']))
    holes = [key for key in words['en'] if set(re.findall(r'\{\w+\}', words['en'][key])) !=
             set(re.findall(r'\{\w+\}', words['fr'][key]))]
    tap.check(not holes, 'both have the same places to fill', holes)
    wrong = [text for text in words['fr'].values()
             if re.search('[^\u202f][;!]|[^\u202f][?](?! Q)|[^\u00a0]:(?!//)', text) and not text.startswith('?')]
    tap.check(not wrong, 'French has a space that does not break before ; ! ? :', wrong)
    enums = (SOURCE / 'src' / 'posts' / 'posts-enums.c').read_text()
    reasons = re.findall(r'POSTS_REASON_[A-Z_]+,\s*"([a-z-]+)"', enums)
    missing = [name for name in reasons if f'reason-{name}' not in words['en'] and name != 'none']
    tap.check(len(reasons) > 20 and not missing, 'every reason has its words', missing)
    show.stop()


if __name__ == '__main__':
    tap.run(test_sort_from_a_phone, test_look_and_return, test_words)
