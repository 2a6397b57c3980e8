"""Pagefind's packed files: what is in them, byte by byte.

They are CBOR (RFC 8949) of texts, numbers and arrays only, behind a signature, compressed with
gzip. Small ones are read into values; the words of an index, millions of numbers, are walked over
in place (shards.py).
"""

from __future__ import annotations

import gzip
from functools import cache
from typing import Final

SIGNATURE: Final = b"pagefind_dcd"  # opens every packed file of Pagefind's

Packed = int | str | list["Packed"]

NUMBER, NEGATIVE, TEXT, ARRAY = 0, 1, 3, 4

# Level 9 takes six times as long for 4 % less.
_LEVEL: Final = 6

# How many bytes a number takes, by the first of them.
STEP: Final = tuple(
    1 if number < 24 else 1 + (1 << number % 8) for number in (first & 31 for first in range(256))
)


def unpack(data: bytes) -> bytes:
    """The bare bytes of a packed file."""
    return gzip.decompress(data).removeprefix(SIGNATURE)


def pack(plain: bytes) -> bytes:
    return gzip.compress(SIGNATURE + plain, _LEVEL, mtime=0)


def read(plain: bytes) -> Packed:
    """What bare bytes say; ValueError when that is anything but one text, number or array."""
    value, end = _decode(plain, 0)
    if end != len(plain):
        raise ValueError("more than one value in a packed file")
    return value


def write(value: Packed) -> bytes:
    """A value as bare bytes."""
    if isinstance(value, int):
        return head(NUMBER, value)
    if isinstance(value, str):
        text = value.encode()
        return head(TEXT, len(text)) + text
    return head(ARRAY, len(value)) + b"".join(map(write, value))


@cache
def head(kind: int, number: int) -> bytes:
    """What a value begins with: its kind, and its length or the number itself."""
    if number < 24:
        return bytes([kind << 5 | number])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << (8 * size):
            return bytes([kind << 5 | code]) + number.to_bytes(size, "big")
    raise ValueError("a number too large to pack")


def opened(data: bytes, at: int) -> tuple[int, int]:
    """The number, or the length of the array or text, at a place, and where what follows begins."""
    number = data[at] & 31
    if number < 24:
        return number, at + 1
    size = STEP[data[at]]
    return int.from_bytes(data[at + 1 : at + size], "big"), at + size


def _decode(data: bytes, at: int) -> tuple[Packed, int]:
    kind, unit = data[at] >> 5, data[at] & 31
    if unit > 27:
        raise ValueError("a packed value of no definite length")
    number, at = opened(data, at)
    if kind == NUMBER:
        return number, at
    if kind == TEXT:
        return data[at : at + number].decode(), at + number
    if kind == ARRAY:
        values: list[Packed] = []
        for _ in range(number):
            value, at = _decode(data, at)
            values.append(value)
        return values, at
    raise ValueError(f"a packed value of the unknown kind {kind}")
