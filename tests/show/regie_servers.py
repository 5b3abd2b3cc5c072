# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers of others that a show publishes to: what streaming services and volunteers run."""
import hashlib
import os
import pathlib

from regie_testing import TESTS, Skipped


def npm_folder():
    """Where build-aux/install-deps has put the servers of tests/servers/package.json, or Skipped."""
    cache = pathlib.Path(os.environ.get('XDG_CACHE_HOME') or pathlib.Path.home() / '.cache')
    digest = hashlib.sha256((TESTS / 'servers' / 'package.json').read_bytes()).hexdigest()
    folder = cache / 'regie' / f'test-servers-{digest[:12]}'
    if not folder.is_dir():
        raise Skipped('npm could not install the servers of tests/servers/package.json here')
    return folder
