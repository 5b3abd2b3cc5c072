# SPDX-License-Identifier: GPL-3.0-or-later
"""Cameras, microphones and loudspeakers for a test, on a machine that has none of them.

PipeWire of our own, in a runtime folder of our own, has virtual ones: cameras are GStreamer programs
that give pictures, microphones hear a tone, loudspeakers can be listened to.
"""
import os
import shutil
import subprocess

from regie_testing import BLUE, RED, Failure, Skipped, wait_until


class Desk:
    """PipeWire with its session manager and its PulseAudio side, and what is plugged into it."""

    def __init__(self, stage):
        self.stage = stage
        for program in ('pipewire', 'wireplumber', 'pipewire-pulse', 'pactl', 'gst-launch-1.0'):
            if shutil.which(program) is None:
                raise Skipped(f'{program} is not installed')
        # Not with --exists, which compares the plugin's version with GStreamer's own.
        if subprocess.run(['gst-inspect-1.0', 'pipewiresink'], capture_output=True, check=False).returncode != 0:
            raise Skipped('the PipeWire elements of GStreamer are not installed')
        runtime = stage.environment['XDG_RUNTIME_DIR']
        self.log = open(stage.folder / 'pipewire.log', 'wb')  # pylint: disable=consider-using-with
        self._start('pipewire')
        wait_until(lambda: os.path.exists(f'{runtime}/pipewire-0'), 'pipewire', 10)
        self._start('wireplumber')
        self._start('pipewire-pulse')
        wait_until(lambda: os.path.exists(f'{runtime}/pulse/native'), 'pipewire-pulse', 10)
        # Its answer needs the session manager.
        wait_until(lambda: self._pactl('info', check=False), 'an answer of pipewire-pulse', 15)

    def _start(self, *command):
        return self.stage.start(command, stdout=subprocess.DEVNULL, stderr=self.log)

    def _pactl(self, *command, check=True):
        result = subprocess.run(['pactl', *command], env=self.stage.environment, capture_output=True, text=True,
                                check=False, timeout=10)
        if check and result.returncode != 0:
            raise Failure(f'pactl {" ".join(command)}: {result.stderr}')
        return result.stdout.strip() if result.returncode == 0 else ''

    def plug_camera(self, name, left=RED, right=BLUE, hardware=''):
        """Left half one colour, right half another, 640×360 at 30 pictures a second.

        hardware is what a camera says of itself, such as “device.vendor.id=0x046d”.
        """
        def argb(colour):
            return '0x' + bytes((255, *colour)).hex()
        half = 'video/x-raw,width=320,height=360,framerate=30/1'
        return self._start(
            'gst-launch-1.0', '-q', 'compositor', 'name=mix', 'background=black', 'sink_1::xpos=320',
            '!', 'video/x-raw,format=I420,width=640,height=360,framerate=30/1',
            '!', 'pipewiresink', 'mode=provide',
            f'stream-properties=props,media.class=Video/Source,node.name={name},node.description={name}' +
            (f',{hardware}' if hardware else ''),
            'videotestsrc', 'is-live=true', 'pattern=solid-color', f'foreground-color={argb(left)}',
            '!', half, '!', 'mix.',
            'videotestsrc', 'is-live=true', 'pattern=solid-color', f'foreground-color={argb(right)}',
            '!', half, '!', 'mix.')

    def unplug_camera(self, camera):
        camera.kill()
        camera.wait()

    def plug_microphone(self, name, hz):
        """A microphone that hears a tone: a sink into which it is played, and a source that takes it from there."""
        sink = self._pactl('load-module', 'module-null-sink', f'sink_name={name}-sink')
        tone = self._start('gst-launch-1.0', '-q', 'audiotestsrc', 'is-live=true', f'freq={hz}', 'volume=0.25', '!',
                           'audio/x-raw,rate=48000,channels=2', '!', 'pulsesink', f'device={name}-sink',
                           'buffer-time=100000')
        source_module = self._pactl('load-module', 'module-remap-source', f'master={name}-sink.monitor',
                                    f'source_name={name}')
        wait_until(lambda: f'\t{name}\t' in self._pactl('list', 'short', 'sources'), f'the microphone {name}', 10)
        return name, source_module, sink, tone

    def plug_ear(self, name, sink):
        """A microphone in front of that loudspeaker."""
        self._pactl('load-module', 'module-remap-source', f'master={sink}.monitor', f'source_name={name}')
        wait_until(lambda: f'\t{name}\t' in self._pactl('list', 'short', 'sources'), f'the microphone {name}', 10)

    def unplug_microphone(self, microphone):
        _, source_module, sink, tone = microphone
        self._pactl('unload-module', source_module)
        tone.kill()
        tone.wait()
        self._pactl('unload-module', sink)

    def set_default(self, name):
        self._pactl('set-default-source', name)

    def plug_sink(self, name):
        """Loudspeakers or headphones: what they play is heard by their monitor."""
        module = self._pactl('load-module', 'module-null-sink', f'sink_name={name}')
        wait_until(lambda: f'\t{name}\t' in self._pactl('list', 'short', 'sinks'), f'the sink {name}', 10)
        return module

    def unplug_sink(self, module):
        self._pactl('unload-module', module)

    def set_default_sink(self, name):
        self._pactl('set-default-sink', name)
