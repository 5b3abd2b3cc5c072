#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes media files as they come from phones, from broken disks and from people who mean no good.

make-hostile-media.py FOLDER: does nothing when the folder was filled before.
"""
import pathlib
import random
import struct
import subprocess
import sys
import zlib

PICTURE = 'testsrc2=size=320x180:rate=30:duration=2'
SOUND = 'sine=frequency=440:sample_rate=48000:duration=2'
H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '15', '-bf', '0']
STAMP = 'complete-1'


def ffmpeg(folder, name, *options):
    subprocess.run(['ffmpeg', '-hide_banner', '-loglevel', 'error', '-nostdin', '-y', *options, str(folder / name)],
                   check=True, stdin=subprocess.DEVNULL)


def picture(source=PICTURE):
    return ['-f', 'lavfi', '-i', source]


def movie(folder, name, *options, source=PICTURE):
    ffmpeg(folder, name, *picture(source), '-f', 'lavfi', '-i', SOUND, *H264, '-pix_fmt', 'yuv420p', '-c:a', 'aac',
           '-shortest', *options)


def whole(folder):
    """What is odd, but in order."""
    movie(folder, 'movie.mp4')
    movie(folder, 'fast.mp4', '-movflags', '+faststart')
    movie(folder, 'movie.mkv')
    movie(folder, 'movie.ts')
    ffmpeg(folder, 'sound-8k.wav', '-f', 'lavfi', '-i', SOUND, '-ar', '8000', '-ac', '1')
    ffmpeg(folder, 'sound-96k.wav', '-f', 'lavfi', '-i', SOUND, '-ar', '96000', '-c:a', 'pcm_s24le')
    ffmpeg(folder, 'sound-only.ogg', '-f', 'lavfi', '-i', SOUND, '-c:a', 'libvorbis', '-ac', '2')
    movie(folder, 'surround.mp4', '-ac', '6')
    movie(folder, 'picture-only.webm', '-an', '-c:v', 'libvpx', '-deadline', 'realtime')
    ffmpeg(folder, 'yuv444.mp4', *picture(), *H264, '-pix_fmt', 'yuv444p')
    ffmpeg(folder, 'ten-bit.mp4', *picture(), *H264, '-pix_fmt', 'yuv420p10le')
    ffmpeg(folder, 'rotated.mp4', '-i', str(folder / 'movie.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90')
    ffmpeg(folder, 'uneven.mkv', *picture(), '-vf', "select='not(mod(n\\,7))+not(mod(n\\,3))'", '-vsync', 'vfr', *H264)
    ffmpeg(folder, 'tiny.mkv', *picture(), '-vf', 'format=yuv444p,scale=1:1,setsar=1', '-c:v', 'ffv1')
    ffmpeg(folder, 'odd.mkv', *picture(), '-vf', 'scale=321:241,setsar=1', '-c:v', 'ffv1', '-pix_fmt', 'yuv420p')
    ffmpeg(folder, 'anamorphic.mp4', *picture('testsrc2=size=180x180:rate=30:duration=2'), *H264, '-aspect', '16:9')
    ffmpeg(folder, 'interlaced.ts', *picture('testsrc2=size=352x288:rate=50:duration=2'), '-vf', 'interlace', '-c:v',
           'mpeg2video', '-flags', '+ildct+ilme')
    ffmpeg(folder, 'moving.gif', *picture('testsrc2=size=160x90:rate=10:duration=2'))
    ffmpeg(folder, 'alpha.webm', *picture(), '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-pix_fmt',
           'yuva420p')
    ffmpeg(folder, 'huge.png', *picture('color=gray:size=7680x4320:rate=1:duration=1'), '-frames:v', '1')
    ffmpeg(folder, 'huge.jpg', *picture('color=gray:size=7680x4320:rate=1:duration=1'), '-frames:v', '1')


def broken(folder):
    """What is not."""
    generator = random.Random(3)
    (folder / 'empty.mp4').write_bytes(b'')
    (folder / 'text.mp4').write_text('This is no film.\n' * 40)
    (folder / 'noise.mkv').write_bytes(generator.randbytes(100000))
    data = (folder / 'movie.mp4').read_bytes()
    (folder / 'no-head.mp4').write_bytes(data[5000:])
    (folder / 'no-tail.mp4').write_bytes(data[:len(data) // 2])
    data = (folder / 'fast.mp4').read_bytes()
    (folder / 'half.mp4').write_bytes(data[:len(data) * 2 // 3])
    (folder / 'head-only.mp4').write_bytes(data[:200])
    data = (folder / 'movie.mkv').read_bytes()
    (folder / 'half.mkv').write_bytes(data[:len(data) // 2])
    data = bytearray((folder / 'movie.ts').read_bytes())
    for _ in range(len(data) // 400):
        data[generator.randrange(len(data) // 5, len(data))] = generator.randrange(256)
    (folder / 'damaged.ts').write_bytes(data)
    # Written to a pipe, nobody knows how long it is.
    result = subprocess.run(['ffmpeg', '-hide_banner', '-loglevel', 'error', '-nostdin', '-i', str(folder / 'movie.mp4'),
                             '-c', 'copy', '-f', 'matroska', '-'], check=True, capture_output=True,
                            stdin=subprocess.DEVNULL)
    (folder / 'no-duration.mkv').write_bytes(result.stdout)


def strange_times(folder):
    ffmpeg(folder, 'negative.mkv', '-itsoffset', '-1', '-i', str(folder / 'movie.mkv'), '-c', 'copy',
           '-avoid_negative_ts', 'disabled')
    ffmpeg(folder, 'later.ts', '-i', str(folder / 'movie.ts'), '-c', 'copy', '-output_ts_offset', '5000')
    movie(folder, 'larger.ts', source='testsrc2=size=640x360:rate=25:duration=2')
    first = (folder / 'movie.ts').read_bytes()
    (folder / 'jump.ts').write_bytes(first + (folder / 'later.ts').read_bytes())
    (folder / 'back.ts').write_bytes((folder / 'later.ts').read_bytes() + first)
    (folder / 'changing.ts').write_bytes(first + (folder / 'larger.ts').read_bytes())


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def bombs(folder):
    """A few kilobytes that want gigabytes, and texts that want to read what is not theirs."""
    side = 30000
    compressor = zlib.compressobj(9)
    rows = b''.join(compressor.compress(bytes(side * 4 + 1)) for _ in range(300)) + compressor.flush()
    (folder / 'bomb.png').write_bytes(
        b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', side, side, 8, 6, 0, 0, 0)) +
        chunk(b'IDAT', rows) + chunk(b'IEND', b''))
    (folder / 'entity.svg').write_text(
        '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100"><text y="50">&x;</text></svg>')
    (folder / 'laughs.svg').write_text(
        '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a0 "ha">' +
        ''.join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)) +
        ']><svg xmlns="http://www.w3.org/2000/svg" width="300" height="100"><text y="50">&a9;</text></svg>')
    (folder / 'huge.svg').write_text('<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"><rect/></svg>')
    (folder / 'itself.m3u8').write_text('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nitself.m3u8\n')


def slides(folder):
    head = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n'
    page = ('2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n'
            '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]>>endobj\n')
    encryption = ('/ID[<31><31>]/Encrypt<</Filter/Standard/V 1/R 2/P -4'
                  '/O(01234567890123456789012345678901)/U(01234567890123456789012345678901)>>')
    (folder / 'locked.pdf').write_text(head + page + f'trailer<</Root 1 0 R/Size 4{encryption}>>\n%%EOF\n')
    (folder / 'no-pages.pdf').write_text(head + '2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n'
                                         'trailer<</Root 1 0 R/Size 3>>\n%%EOF\n')
    (folder / 'endless.pdf').write_text(head + '2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9999>>endobj\n'
                                        'trailer<</Root 1 0 R/Size 3>>\n%%EOF\n')
    (folder / 'broken.pdf').write_text('%PDF-1.7\n' + 'x' * 3000)
    mixed = folder / 'mixed'
    mixed.mkdir(exist_ok=True)
    for name in ('bomb.png', 'entity.svg', 'text.mp4', 'huge.svg'):
        (mixed / name).write_bytes((folder / name).read_bytes())
    (mixed / 'zero.png').write_bytes(b'')
    (mixed / 'film.jpg').write_bytes((folder / 'movie.mp4').read_bytes())
    (mixed / 'folder.png').mkdir(exist_ok=True)


def main():
    folder = pathlib.Path(sys.argv[1])
    if (folder / STAMP).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    whole(folder)
    broken(folder)
    strange_times(folder)
    bombs(folder)
    slides(folder)
    (folder / STAMP).touch()


main()
