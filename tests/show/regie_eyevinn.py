# SPDX-License-Identifier: GPL-3.0-or-later
"""Eyevinn's WHIP endpoint, a server of others with libwebrtc that takes VP8 and no H.264."""
import json
import socket
import subprocess

from regie_servers import npm_folder, wait_for_port
from regie_testing import TESTS, Skipped, free_port


def own_address():
    """One of this machine that others see, or Skipped: WebRTC does not go over the loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(('192.0.2.1', 9))
            address = probe.getsockname()[0]
        except OSError:
            address = '127.0.0.1'
    if address.startswith('127.'):
        raise Skipped('this machine has no network')
    return address


class EyevinnWhip:
    """@eyevinn/whip-endpoint with libwebrtc, which says what it sees and hears."""

    def __init__(self, stage, token):
        own_address()
        modules = npm_folder()
        self.port = free_port()
        self.path = stage.folder / f'eyevinn-{self.port}'
        with open(self.path, 'w') as output:
            self.process = stage.start(
                ['node', TESTS / 'servers' / 'whip-endpoint.js', modules, self.port, f'Bearer {token}'],
                stdout=output, stderr=subprocess.STDOUT)
        wait_for_port(self.port, self.process, self.path)

    def url(self):
        return f'http://127.0.0.1:{self.port}/api/v2/whip/seen'

    def seen(self, kind):
        found = []
        for line in self.path.read_text(errors='replace').splitlines():
            if line.startswith('{"kind":') and line.endswith('}'):
                entry = json.loads(line)
                if entry['kind'] == kind:
                    found.append(entry)
        return found
