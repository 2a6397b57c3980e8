"""Zip archives of the same bytes for the same files.

Written by hand (APPNOTE.TXT 6.3.10): the standard library's zipfile takes longer for a kit's twenty
members than everything else in the kit, and gives zlib a window that costs more to set up than
such small files cost to compress. The tests read the archives back with zipfile.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Final

from pressroom.moments import CHINA
from pressroom.problems import PressroomError

_EARLIEST: Final = datetime(1980, 1, 1, tzinfo=CHINA)  # zip knows no time before it

_STORED, _DEFLATED = 0, 8
_VERSION: Final = 20  # 2.0: folders and deflate
_UNIX: Final = 3
_UTF8: Final = 0x800
_MODE: Final = 0o100644 << 16  # an ordinary file, written by its owner alone

# Flags, method, time, date, CRC-32, compressed and full size, length of the name: the same in both headers.
_COMMON: Final = "HHHHLLLH"
_LOCAL: Final = struct.Struct("<4sH" + _COMMON + "H")
_CENTRAL: Final = struct.Struct("<4sBBH" + _COMMON + "HHHHLL")
_END: Final = struct.Struct("<4sHHHHLLH")
_LARGEST: Final = 0xFFFFFFFF


# Below it, what compressing saves is less than what it takes.
_WORTH_IT: Final = 1024


# The parts that every Word file has in common are compressed once.
@lru_cache(maxsize=16)
def _deflated(data: bytes) -> bytes:
    """Raw deflate with a window of 8 kB: what is packed is text of a few kilobytes.

    Level 9 takes half as long again for 3 % less.
    """
    packer = zlib.compressobj(3, zlib.DEFLATED, -13, 6)
    return packer.compress(data) + packer.flush()


def packed(files: Iterable[tuple[str, bytes]], at: datetime, *, compress: bool = False) -> bytes:
    """Files, named in their order, as a zip with one time (China's clock) and one mode for all.

    A zip's times have no zone and count in steps of two seconds. Without `compress` the bytes do not
    depend on the version of zlib. Raises PressroomError for more than 4 GB.
    """
    local = max(at.astimezone(CHINA), _EARLIEST)
    day = (local.year - 1980) << 9 | local.month << 5 | local.day
    time = local.hour << 11 | local.minute << 5 | local.second // 2
    out: list[bytes] = []
    entries: list[bytes] = []
    offset = 0
    for name, data in files:
        title = name.encode()
        flags = 0 if name.isascii() else _UTF8
        method = _DEFLATED if compress and len(data) > _WORTH_IT else _STORED
        body = _deflated(data) if method == _DEFLATED else data
        common = (flags, method, time, day, zlib.crc32(data), len(body), len(data), len(title))
        if offset + len(body) + len(data) > _LARGEST:
            raise PressroomError(
                f"压缩包超过4 GB，放不下“{name}”。",
                f"the archive is over 4 GB: {name!r} does not fit",
            )
        header = _LOCAL.pack(b"PK\x03\x04", _VERSION, *common, 0)
        out += (header, title, body)
        entries.append(
            _CENTRAL.pack(
                b"PK\x01\x02", _VERSION, _UNIX, _VERSION, *common, 0, 0, 0, 0, _MODE, offset
            )
            + title
        )
        offset += len(header) + len(title) + len(body)
    directory = b"".join(entries)
    count = len(entries)
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), offset, 0)
    return b"".join((*out, directory, end))
