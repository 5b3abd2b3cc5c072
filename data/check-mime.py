#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that the MIME package is taken by update-mime-database and claims *.regie."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    packages = pathlib.Path(folder, "packages")
    packages.mkdir()
    shutil.copy(sys.argv[1], packages)
    subprocess.run(["update-mime-database", folder], check=True)
    globs = pathlib.Path(folder, "globs2").read_text(encoding="utf-8").splitlines()
    if "50:application/x-regie-event:*.regie" not in globs:
        sys.exit("*.regie does not belong to application/x-regie-event")
