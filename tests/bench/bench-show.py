#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Régie against ffmpeg, in turn in the same run: a 1080p30 camera and a 720p30 guest, picture in
picture, logo, lower third, 4.5 Mbit/s H.264 and AAC, to a FLV stream and a recording.

Prints CPU seconds of each process tree and their ratio; then what the window costs on top.
  REGIE=…/regie bench-show.py [SECONDS] [--window]
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REGIE = os.environ.get("REGIE", os.path.join(TOP, "_build", "src", "console", "regie"))
SECONDS = int(next((a for a in sys.argv[1:] if a.isdigit()), "30"))
X264 = ["-c:v", "libx264", "-preset", "superfast", "-profile:v", "high", "-b:v", "4500k",
        "-maxrate", "4500k", "-bufsize", "4500k", "-g", "60", "-bf", "0",
        "-x264-params", "scenecut=0:open-gop=0:nal-hrd=cbr:rc-lookahead=0:sync-lookahead=0:mbtree=0"]


def make_media(folder):
    """Two clips with moving detail and sound, as a camera and a guest would bring them."""
    common = ["ffmpeg", "-v", "error", "-y"]
    encode = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest"]
    subprocess.run(common + ["-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=30", "-f", "lavfi",
                             "-i", "sine=440:sample_rate=48000", "-t", str(SECONDS + 15), "-b:v", "6M"]
                   + encode + ["camera.mp4"], cwd=folder, check=True)
    subprocess.run(common + ["-f", "lavfi", "-i", "mandelbrot=size=1280x720:rate=30", "-f", "lavfi",
                             "-i", "sine=880:sample_rate=48000", "-t", str(SECONDS + 15), "-b:v", "2500k"]
                   + encode + ["guest.mp4"], cwd=folder, check=True)
    shutil.copy(os.path.join(TOP, "data", "demo", "logo.png"), folder)


def cpu_of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run_ffmpeg(folder, port):
    """The same work in one command: paced as live, sound mixed, one encode, two muxers."""
    before = cpu_of_children()
    text = ("drawbox=x=96:y=880:w=700:h=120:color=black@0.6:t=fill,"
            "drawtext=text='Speaker name':x=120:y=895:fontsize=44:fontcolor=white,"
            "drawtext=text='Title of the talk':x=120:y=950:fontsize=30:fontcolor=white")
    graph = ("[1:v]scale=512:288[pip];[0:v][pip]overlay=1360:744[duo];"
             f"[2:v]scale=300:-1[logo];[duo][logo]overlay=1580:43,{text},format=yuv420p[v];"
             "[0:a][1:a]amix=inputs=2:normalize=0[a]")
    command = ["ffmpeg", "-v", "error", "-y", "-re", "-i", "camera.mp4", "-re", "-i", "guest.mp4",
               "-i", "logo.png", "-filter_complex", graph, "-map", "[v]", "-map", "[a]", "-t",
               str(SECONDS)] + X264 + ["-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-f", "tee",
               f"[f=flv]rtmp://127.0.0.1:{port}/live/ffmpeg|"
               "[f=mp4:movflags=+frag_keyframe+empty_moov]ffmpeg.mp4"]
    subprocess.run(command, cwd=folder, check=True)
    return cpu_of_children() - before


def write_event(folder, port):
    event = {
        "regie": 1, "title": "Bench",
        "program": {"width": 1920, "height": 1080, "rate": 30, "video-kbps": 4500, "audio-kbps": 128},
        "sources": [{"id": "camera", "kind": "uri", "uri": "camera.mp4", "loop": True},
                    {"id": "guest", "kind": "uri", "uri": "guest.mp4", "loop": True}],
        "shots": [{"id": "duo", "layout": "picture-in-picture", "sources": ["camera", "guest"]},
                  {"id": "camera", "layout": "full", "sources": ["camera"]}],
        "graphics": {"logo": "logo.png", "logo-position": "top-right"},
        "talks": [{"title": "Title of the talk", "speakers": ["Speaker name"]}],
        "destinations": [{"id": "rtmp", "url": f"rtmp://127.0.0.1:{port}/live/regie"}],
        "recording": {"folder": "recordings"},
    }
    with open(os.path.join(folder, "bench.regie"), "w", encoding="utf-8") as file:
        json.dump(event, file)


def regie_environment(folder):
    environment = dict(os.environ, HOME=folder, XDG_RUNTIME_DIR=folder, GSETTINGS_BACKEND="memory",
                       REGIE_DATA_DIR=os.path.join(TOP, "data"))
    os.chmod(folder, 0o700)
    return environment


def gdbus(environment, action, parameters="[]"):
    subprocess.run(["gdbus", "call", "--session", "--dest", "live.regie.Regie", "--object-path",
                    "/live/regie/Regie", "--method", "org.gtk.Actions.Activate", action, parameters,
                    "{}"], env=environment, check=False, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def run_regie(folder, environment):
    before = cpu_of_children()
    process = subprocess.Popen([REGIE, "--headless", "bench.regie", "--go-live", "--for", str(SECONDS)],
                               cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    first = process.stdout.readline()
    gdbus(environment, "show-talk", "[<int32 -1>]")
    last = json.loads(process.communicate()[0].splitlines()[-1] or first)
    return cpu_of_children() - before, last


def process_cpu(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run_window(folder, environment):
    """CPU a second of the window on air, under Xvfb at 1366×768, software rendering."""
    display = ":93"
    xvfb = subprocess.Popen(["Xvfb", display, "-screen", "0", "1366x768x24"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    environment = dict(environment, DISPLAY=display, GDK_BACKEND="x11")
    environment.setdefault("GSETTINGS_SCHEMA_DIR",
                           os.path.join(os.path.dirname(REGIE), "..", "..", "data"))
    time.sleep(1)
    process = subprocess.Popen([REGIE, "bench.regie"], cwd=folder, env=environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(5)
        gdbus(environment, "go-live")
        gdbus(environment, "show-talk", "[<int32 -1>]")
        time.sleep(5)
        start, started = process_cpu(process.pid), time.monotonic()
        x_start = process_cpu(xvfb.pid)
        time.sleep(SECONDS)
        took = time.monotonic() - started
        return (process_cpu(process.pid) - start) / took, (process_cpu(xvfb.pid) - x_start) / took
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        xvfb.terminate()
        xvfb.wait()


def start_nginx(folder, port):
    with open(os.path.join(folder, "nginx.conf"), "w", encoding="ascii") as file:
        file.write(f"""load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; user root;
events {{ worker_connections 64; }}
rtmp {{ server {{ listen 127.0.0.1:{port}; application live {{ live on; }} }} }}
""")
    process = subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf", "-p", folder],
                               stderr=subprocess.DEVNULL)
    time.sleep(1)
    return process


def main():
    folder = tempfile.mkdtemp(prefix="regie-bench-")
    bus = subprocess.Popen(["dbus-daemon", "--session", "--print-address", "--nofork"],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    nginx = start_nginx(folder, 19350)
    try:
        make_media(folder)
        write_event(folder, 19350)
        environment = regie_environment(folder)
        environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        # The first start on a machine looks at all plugins; the ones after that do not.
        subprocess.run([REGIE, "--headless", "bench.regie", "--for", "1"], cwd=folder,
                       env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        ours, last = run_regie(folder, environment)
        theirs = run_ffmpeg(folder, 19350)
        # Régie runs a little longer than it is on air: what counts is CPU for a second of program.
        program = sum(last["program"][kind] for kind in ("mixed", "repeated")) / 30
        print(f"régie headless {ours:6.2f} CPU s for {program:.1f} s ({ours / program:.2f} core), frames "
              f"mixed {last['program']['mixed']} repeated {last['program']['repeated']} dropped "
              f"{last['program']['dropped']}, destinations "
              f"{[d['state'] for d in last['destinations']]}")
        print(f"ffmpeg         {theirs:6.2f} CPU s for {SECONDS:.1f} s ({theirs / SECONDS:.2f} core)")
        print(f"ratio régie / ffmpeg {ours / program / (theirs / SECONDS):.2f}")
        if "--window" in sys.argv:
            cost, x_cost = run_window(folder, environment)
            print(f"window on air {cost:.2f} core: {cost - ours / program:+.2f} core more than headless"
                  f" (and the X server {x_cost:.2f})")
    finally:
        for process in (nginx, bus):
            process.terminate()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


main()
