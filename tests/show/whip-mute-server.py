#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoint of regie_whip.py, which finds a way to the other side and then never exchanges keys."""
import asyncio

from aiortc.rtcdtlstransport import RTCDtlsTransport
import regie_whip


async def never(*_):
    await asyncio.sleep(3600)


RTCDtlsTransport.start = never
regie_whip.main()
