# SPDX-License-Identifier: GPL-3.0-or-later
"""How much time there is: a machine that others use as well is no slower product.

What is waited for may take PATIENCE times as long before a test gives up; that costs nothing where it comes in
time. What is measured keeps its limit on a machine with time to spare, and a wider one on a machine where
somebody waits for a processor most of the time. Speed itself is measured by the benchmarks.
"""
import os

PATIENCE = 3
# Per cent of the last minute in which somebody waited: three shows on two cores make 40 to 90.
PRESSED_PERCENT = 30


def is_pressed():
    """Whether the machine has more to do than it can."""
    try:
        with open('/proc/pressure/cpu', encoding='ascii') as pressure:
            numbers = dict(word.split('=') for word in pressure.readline().split()[1:])
        return max(float(numbers['avg10']), float(numbers['avg60'])) > PRESSED_PERCENT
    except (OSError, KeyError, ValueError):
        return os.getloadavg()[0] > (os.cpu_count() or 1)


def within(value, limit, pressed_limit=None):
    """Whether a measured time or number keeps its limit; on a pressed machine the wider one counts."""
    if value <= limit:
        return True
    return is_pressed() and value <= (4 * limit if pressed_limit is None else pressed_limit)
