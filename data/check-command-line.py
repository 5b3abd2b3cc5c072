#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that the manual and the completions know the options that the program has, and no others.

    check-command-line.py REGIE MANUAL COMPLETION [COMPLETION ...]
"""

import os
import pathlib
import re
import subprocess
import sys

program, manual, *completions = sys.argv[1:]
# Those of the toolkit are for D-Bus, not for people; --help is not in its own list.
FOREIGN = {'--help-all', '--help-gapplication', '--gapplication-service'}


def ask_program():
    text = subprocess.run([program, '--help-all'], capture_output=True, text=True, check=True, timeout=30,
                          env={**os.environ, 'LC_ALL': 'C.UTF-8'}).stdout
    return set(re.findall(r'^ +(?:-\w, )?(--[a-z-]+)', text, re.MULTILINE)) - FOREIGN


def ask_bash(path):
    """Has bash complete “--”, as it does when somebody presses Tab."""
    script = ('source "$1"; COMP_WORDS=(regie --) COMP_CWORD=1; compopt() { :; }; _regie;'
              ' printf "%s\\n" "${COMPREPLY[@]}"')
    text = subprocess.run(['bash', '-c', script, 'bash', path], capture_output=True, text=True, check=True).stdout
    return {option.rstrip('=') for option in text.split()}


def read_options(path):
    text = pathlib.Path(path).read_text(encoding='utf-8').replace('\\-', '-')
    found = set(re.findall(r'(?<![a-z-])--[a-z][a-z-]*', text))
    return found | {'--' + name for name in re.findall(r' -l ([a-z-]+)', text)}


options = ask_program()
if len(options) < 5:
    sys.exit(f'the program tells of too few options: {options}')
wrong = False
for place, known in [(manual, read_options(manual))] + [
        (path, ask_bash(path) if path.endswith('/regie') else read_options(path)) for path in completions]:
    if known != options:
        wrong = True
        print(f'{place}: lacks {sorted(options - known)}, has {sorted(known - options)} besides')
roff = subprocess.run(['groff', '-man', '-ww', '-z', '-Kutf8', manual], capture_output=True, text=True, check=False)
if roff.returncode != 0 or roff.stderr:
    wrong = True
    print(roff.stderr)
sys.exit(wrong)
