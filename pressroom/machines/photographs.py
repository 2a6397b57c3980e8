"""Photographs with nothing embedded but credit and caption, their pixels untouched."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from html import escape
from typing import Final

from pressroom.problems import PressroomError
from pressroom.words import TAGS, Words

_SOI, _EOI, _SOS, _TEM = 0xD8, 0xD9, 0xDA, 0x01
_APP0, _APP1, _APP2, _APP13, _APP14, _APP15, _COM = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xEF, 0xFE
_XMP_NAMESPACE: Final = b"http://ns.adobe.com/xap/1.0/\0"
_LONGEST: Final = 65533  # of a JPEG segment's payload

_PNG: Final = b"\x89PNG\r\n\x1a\n"
# What a PNG's pixels need to be shown as they are; everything else is left behind.
_PNG_KEPT: Final = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"pHYs",
        b"IDAT",
        b"IEND",
    }
)


def _unreadable(name: str) -> PressroomError:
    return PressroomError(
        f"照片“{name}”读不通；请用看图软件重新另存为JPEG或PNG。",
        f"the photograph {name!r} is damaged or neither JPEG nor PNG; save it again as one of them",
    )


def xmp(credit: str, caption: Words) -> bytes:
    """Credit, rights and caption in both languages as an XMP packet (ISO 16684-1, IPTC Core)."""
    said = list(caption.said())
    default = f'<rdf:li xml:lang="x-default">{escape(said[0][1])}</rdf:li>' if said else ""
    words = "".join(
        f'<rdf:li xml:lang="{TAGS[language]}">{escape(text)}</rdf:li>' for language, text in said
    )
    description = (
        f"<dc:description><rdf:Alt>{default}{words}</rdf:Alt></dc:description>" if said else ""
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">'
        f"<photoshop:Credit>{escape(credit)}</photoshop:Credit>{description}"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def _dataset(record: int, number: int, value: bytes, limit: int) -> bytes:
    """One IIM dataset, cut to its limit without splitting a character (IPTC IIM 4.2, 1.5)."""
    cut = value[:limit].decode("utf-8", "ignore").encode() if record == 2 else value
    return struct.pack(">BBBH", 0x1C, record, number, len(cut)) + cut


def iim(credit: str, caption: Words) -> bytes:
    """The same as IPTC-IIM in a Photoshop resource: what older picture desks still read."""
    text = "\n".join(text for _, text in caption.said())
    data = _dataset(1, 90, b"\x1b%G", 32)  # the coded character set: UTF-8
    data += _dataset(2, 0, b"\0\4", 2) + _dataset(2, 110, credit.encode(), 32)
    if text:
        data += _dataset(2, 120, text.encode(), 2000)
    data += b"\0" * (len(data) % 2)
    return b"Photoshop 3.0\0" + b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(data)) + data


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _orientation(exif: bytes) -> int:
    """How the camera was held (Exif tag 0x0112), 1 where it is not said."""
    if not exif.startswith(b"Exif\0\0"):
        return 1
    tiff = exif[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 1
    start = struct.unpack_from(f"{order}I", tiff, 4)[0]
    if start + 2 > len(tiff):
        return 1
    for number in range(struct.unpack_from(f"{order}H", tiff, start)[0]):
        at = start + 2 + 12 * number
        if at + 12 > len(tiff):
            break
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, at)
        if tag == 0x0112 and 1 <= value <= 8:
            return int(value)
    return 1


def _turned(orientation: int) -> bytes:
    """An Exif segment that says the orientation and nothing else: without it the picture lies on its side."""
    return b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)


def _pieces(data: bytes, name: str) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG up to its end, each scan with its entropy-coded data."""
    at = 2
    while True:
        if at + 4 > len(data) or data[at] != 0xFF:
            if data[at : at + 2] == b"\xff\xd9":
                return
            raise _unreadable(name)
        marker = data[at + 1]
        if marker == 0xFF:  # fill
            at += 1
            continue
        if marker == _EOI:
            return  # What cameras append (previews, films) is not the picture.
        length = struct.unpack_from(">H", data, at + 2)[0]
        end = at + 2 + length
        if length < 2 or end > len(data):
            raise _unreadable(name)
        payload = data[at + 4 : end]
        if marker == _SOS:
            while True:
                found = data.find(b"\xff", end)
                if found < 0 or found + 1 >= len(data):
                    raise _unreadable(name)
                follows = data[found + 1]
                end = found + (1 if follows == 0xFF else 2)
                if follows not in (0x00, 0xFF, _TEM) and not 0xD0 <= follows <= 0xD7:
                    end = found
                    break
            yield marker, data[at:end]
        else:
            yield marker, payload
        at = end


def _jpeg(data: bytes, name: str, credit: str, caption: Words) -> bytes:
    head: list[bytes] = []
    rest: list[bytes] = []
    orientation = 1
    for marker, payload in _pieces(data, name):
        if marker == _SOS:
            rest.append(payload)
        elif marker == _APP1:
            orientation = _orientation(payload) if orientation == 1 else orientation
        elif marker == _APP0:
            if payload.startswith(b"JFIF\0") and not head:
                head.append(_segment(marker, payload[:12] + b"\0\0"))  # without its thumbnail
        elif marker == _APP2 and payload.startswith(b"ICC_PROFILE\0"):
            rest.append(_segment(marker, payload))  # colours are wrong without it
        elif marker == _APP14 and payload.startswith(b"Adobe"):
            rest.append(_segment(marker, payload))  # says how colours are coded
        elif not _APP0 <= marker <= _APP15 and marker != _COM:
            rest.append(_segment(marker, payload))
    if not any(piece[:2] == b"\xff\xda" for piece in rest):
        raise _unreadable(name)
    if orientation != 1:
        head.append(_segment(_APP1, _turned(orientation)))
    packet = _XMP_NAMESPACE + xmp(credit, caption)
    if len(packet) > _LONGEST:
        raise PressroomError(
            f"照片“{name}”的图注太长。", f"the caption of {name!r} is too long to be embedded"
        )
    head += [_segment(_APP1, packet), _segment(_APP13, iim(credit, caption))]
    return b"\xff\xd8" + b"".join(head) + b"".join(rest) + b"\xff\xd9"


def _png(data: bytes, name: str, credit: str, caption: Words) -> bytes:
    out = [_PNG]
    at = len(_PNG)
    text = b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(credit, caption)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            break
        if kind in _PNG_KEPT:
            out.append(data[at:end])
        if kind == b"IHDR":
            chunk = b"iTXt" + text
            out.append(struct.pack(">I", len(text)) + chunk + struct.pack(">I", zlib.crc32(chunk)))
        if kind == b"IEND":
            return b"".join(out)
        at = end
    raise _unreadable(name)


def captioned(data: bytes, name: str, credit: str, caption: Words) -> bytes:
    """A JPEG or PNG with credit and caption embedded and all else that is no picture left behind.

    Kept: pixels as they are coded, the colour profile, the orientation. Raises PressroomError for a
    damaged file or another format.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data, name, credit, caption)
    if data.startswith(_PNG):
        return _png(data, name, credit, caption)
    raise _unreadable(name)
