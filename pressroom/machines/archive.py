"""Zip archives of the same bytes for the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from pressroom.moments import CHINA

_EARLIEST: Final = datetime(1980, 1, 1, tzinfo=CHINA)  # zip knows no time before it


def packed(files: Iterable[tuple[str, bytes]], at: datetime, *, compress: bool = False) -> bytes:
    """Files, named in their order, as a zip with one time (China's clock) and one mode for all.

    A zip's times have no zone and count in steps of two seconds. Without `compress` the bytes do not
    depend on the version of zlib.
    """
    local = max(at.astimezone(CHINA), _EARLIEST)
    when = (local.year, local.month, local.day, local.hour, local.minute, local.second)
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=9 if compress else None) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, when)
            entry.compress_type = method
            entry.create_system = 3  # else it tells which system built it
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data)
    return out.getvalue()
