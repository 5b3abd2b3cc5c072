# SPDX-License-Identifier: GPL-3.0-or-later
"""A tunnel as volunteers have one: a command that Régie starts, which calls out, and a server far away
whose name and certificate the guests see. What is between them is a socket of the file system.

    regie_tunnel.py PORT SOCKET     lets what comes by the socket reach that port of this computer
"""
import os
import socket
import subprocess
import sys
import threading


def pump(source, target):
    try:
        while True:
            data = source.recv(1 << 16)
            if not data:
                break
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def join(one, other):
    for pair in ((one, other), (other, one)):
        threading.Thread(target=pump, args=pair, daemon=True).start()


def main():
    port, path = int(sys.argv[1]), sys.argv[2]
    if os.path.exists(path):
        os.unlink(path)  # of the one before, which Régie has ended
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(16)
        while True:
            caller, _ = listener.accept()
            try:
                join(caller, socket.create_connection(('127.0.0.1', port)))
            except OSError:
                caller.close()


if __name__ == '__main__':
    main()


class PublicEnd:
    """The far end: TLS at an address that everybody can reach, made by stunnel."""

    def __init__(self, stage, host, path):
        from regie_servers import Certificates, wait_for_port  # pylint: disable=import-outside-toplevel
        from regie_testing import free_port  # pylint: disable=import-outside-toplevel
        port, folder = free_port(), stage.folder / 'public-end'
        folder.mkdir()
        (folder / 'conf').write_text(
            f'foreground = yes\npid =\nsyslog = no\noutput = {folder}/log\ndebug = 4\n[guests]\n'
            f'accept = {host}:{port}\nconnect = {path}\ncert = {Certificates(stage).make("unknown")}\n')
        self.process = stage.start(['stunnel4', folder / 'conf'], stderr=subprocess.DEVNULL)
        wait_for_port(port, self.process, folder / 'log', host)
        self.url = f'https://{host}:{port}/'
