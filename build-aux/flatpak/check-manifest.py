#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the manifest of the Flatpak.

    check-manifest.py [--self-test]

What is built from this tree without a network may differ from what goes to Flathub only in where sources come from: same
runtime, same permissions, same modules. Permissions are those that README.md explains, and what is downloaded is
pinned.
"""
import copy
import importlib.machinery
import importlib.util
import json
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
# A module may differ in these; the last one is Régie itself, and is built as Flathub builds it, but strictly.
MODULE_KEYS = {'build-commands', 'builddir', 'buildsystem', 'config-opts', 'sources'}
OWN_KEYS = {'config-opts', 'sources'}


def load_maker():
    loader = importlib.machinery.SourceFileLoader('manifest', str(HERE / 'manifest'))
    maker = importlib.util.module_from_spec(importlib.util.spec_from_loader('manifest', loader))
    sys.dont_write_bytecode = True
    loader.exec_module(maker)
    return maker


def without(module, keys):
    return {key: value for key, value in module.items() if key not in keys}


def compare(flathub, local):
    errors = [f'“{key}” differs between the manifests' for key in sorted(flathub.keys() | local.keys())
              if key != 'modules' and flathub.get(key) != local.get(key)]
    theirs, ours = flathub['modules'], local['modules']
    if [module['name'] for module in theirs] != [module['name'] for module in ours]:
        return errors + ['the manifests have other modules']
    for their, our in zip(theirs, ours):
        allowed = OWN_KEYS if our is ours[-1] else MODULE_KEYS
        if without(their, allowed) != without(our, allowed):
            errors.append(f'module “{our["name"]}” differs in more than its sources')
        errors += [f'module “{our["name"]}”: {source["type"]} “{source.get("path")}” would be downloaded'
                   for source in our['sources'] if source['type'] != 'dir' or 'url' in source]
    return errors


def check_sources(flathub):
    errors = []
    for module in flathub['modules']:
        for source in module['sources']:
            where = f'module “{module["name"]}”'
            if not source.get('url', '').startswith('https://'):
                errors.append(f'{where} does not come from an https address')
            elif source['type'] == 'archive' and not re.fullmatch('[0-9a-f]{64}', source.get('sha256', '')):
                errors.append(f'{where} has no checksum')
            elif source['type'] == 'git' and 'tag' not in source:
                errors.append(f'{where} has no tag')
    return errors


def check_permissions(flathub, readme):
    section = re.search(r'^### Permissions\n(.*?)^##', readme, re.DOTALL | re.MULTILINE)
    explained = re.findall(r'^\| `(--[^`]+)`', section.group(1) if section else '', re.MULTILINE)
    if sorted(explained) == sorted(flathub['finish-args']):
        return []
    return [f'README.md explains {sorted(explained)}, the manifest asks for {sorted(flathub["finish-args"])}']


def check_runtime(flathub):
    """The parts that one version number ties together."""
    made = re.search(r'^branch=(\d+)$', (HERE / 'make-runtime').read_text(encoding='utf-8'), re.MULTILINE).group(1)
    return [] if made == flathub['runtime-version'] else [f'make-runtime makes runtime {made}']


def check_version(flathub, meson):
    version = re.search(r"^  version: '([^']+)'", meson, re.MULTILINE).group(1)
    tag = flathub['modules'][-1]['sources'][0]['tag']
    return [] if tag == 'v' + version else [f'the manifest builds {tag}, meson.build says {version}']


def check_all(flathub, local, readme, meson):
    return (compare(flathub, local) + check_sources(flathub) + check_permissions(flathub, readme) +
            check_runtime(flathub) + check_version(flathub, meson))


def self_test(flathub, local, readme, meson):
    """Each thing that may go wrong is noticed."""
    def spoil(change):
        spoilt = copy.deepcopy(local)
        change(spoilt)
        return compare(flathub, spoilt)

    def spoil_flathub(change):
        spoilt = copy.deepcopy(flathub)
        change(spoilt)
        return check_all(spoilt, local, readme, meson)

    assert spoil(lambda m: m['finish-args'].append('--filesystem=home'))
    assert spoil(lambda m: m.update({'runtime-version': '50'}))
    assert spoil(lambda m: m['modules'].pop(0))
    assert spoil(lambda m: m['modules'][0].update({'build-options': {}}))
    assert spoil(lambda m: m['modules'][-1].update({'buildsystem': 'simple'}))
    assert spoil(lambda m: m['modules'][0].update({'sources': flathub['modules'][0]['sources']}))
    assert spoil_flathub(lambda m: m['modules'][0]['sources'][0].pop('sha256'))
    assert spoil_flathub(lambda m: m['modules'][0]['sources'][0].update({'url': 'http://example.org/a.tar'}))
    assert spoil_flathub(lambda m: m['finish-args'].append('--socket=session-bus'))
    assert spoil_flathub(lambda m: m['modules'][-1]['sources'][0].update({'tag': 'v9'}))
    assert spoil_flathub(lambda m: m.update({'runtime-version': '52'}))


def main():
    maker = load_maker()
    flathub = json.loads((HERE / 'live.regie.Regie.json').read_text(encoding='utf-8'))
    with tempfile.TemporaryDirectory() as folder:
        local = maker.make_local(maker.read(), pathlib.Path(folder))
    readme = (TOP / 'README.md').read_text(encoding='utf-8')
    meson = (TOP / 'meson.build').read_text(encoding='utf-8')
    if sys.argv[1:] == ['--self-test']:
        self_test(flathub, local, readme, meson)
        return
    errors = check_all(flathub, local, readme, meson)
    if errors:
        sys.exit('\n'.join(errors))


if __name__ == '__main__':
    main()
