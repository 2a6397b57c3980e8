"""Pagefind's packed files put in order: the same records are the same bytes.

Pagefind keeps filters in hash tables and writes them as they come, so their order, and with it the
names of the files, differs from run to run. Here the filters' files and the one that lists them
are read, sorted, and written again under names that follow from their content. They are CBOR
(RFC 8949) of texts, numbers and arrays only, behind a signature, compressed with gzip.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import MutableMapping
from typing import Final

SIGNATURE: Final = b"pagefind_dcd"  # opens every packed file of Pagefind's

Packed = int | str | list["Packed"]

_NUMBER, _TEXT, _ARRAY = 0, 3, 4


def read(data: bytes) -> Packed:
    """The content of a packed file; ValueError when it holds anything but texts, numbers and arrays."""
    plain = gzip.decompress(data)
    value, end = _decode(plain.removeprefix(SIGNATURE), 0)
    if end != len(plain) - len(SIGNATURE):
        raise ValueError("more than one value in a packed file")
    return value


def write(value: Packed) -> bytes:
    return gzip.compress(SIGNATURE + _encode(value), 9, mtime=0)


def _decode(data: bytes, at: int) -> tuple[Packed, int]:
    kind, number = data[at] >> 5, data[at] & 31
    at += 1
    if number >= 24:
        size = 1 << (number - 24)
        if size > 8:
            raise ValueError("a packed value of no definite length")
        number = int.from_bytes(data[at : at + size], "big")
        at += size
    if kind == _NUMBER:
        return number, at
    if kind == _TEXT:
        return data[at : at + number].decode(), at + number
    if kind == _ARRAY:
        values: list[Packed] = []
        for _ in range(number):
            value, at = _decode(data, at)
            values.append(value)
        return values, at
    raise ValueError(f"a packed value of the unknown kind {kind}")


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << (8 * size):
            return bytes([kind << 5 | code]) + number.to_bytes(size, "big")
    raise ValueError("a number too large to pack")


def _encode(value: Packed) -> bytes:
    if isinstance(value, int):
        return _head(_NUMBER, value)
    if isinstance(value, str):
        text = value.encode()
        return _head(_TEXT, len(text)) + text
    return _head(_ARRAY, len(value)) + b"".join(map(_encode, value))


def _named(data: bytes, length: int) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()[:length]


def in_order(files: MutableMapping[str, bytes], tag: str) -> str:
    """Put the filters of a language's index in order; returns the new name of its list of files.

    `files` maps path to bytes and is changed in place; `tag` is Pagefind's word for the language.
    The list is [version, pages, chunks of the index, filters, sorts, fields]; a filter's file is
    [name, [[value, pages], …]].
    """
    renamed: dict[str, str] = {}
    for path in [path for path in files if path.startswith(f"filter/{tag}_")]:
        name, values = _pair(read(files.pop(path)))
        assert isinstance(values, list)
        data = write([name, sorted(values, key=str)])
        fresh = f"{tag}_{_named(data, 7)}"
        renamed[path.removeprefix("filter/").removesuffix(".pf_filter")] = fresh
        files[f"filter/{fresh}.pf_filter"] = data
    (path,) = [path for path in files if path.startswith(f"pagefind.{tag}_")]
    listed = read(files.pop(path))
    assert isinstance(listed, list)
    filters = listed[3]
    assert isinstance(filters, list)
    pairs = (_pair(each) for each in filters)
    listed[3] = sorted([[name, renamed[str(file)]] for name, file in pairs], key=str)
    data = write(listed)
    fresh = f"{tag}_{_named(data, 10)}"
    files[f"pagefind.{fresh}.pf_meta"] = data
    return fresh


def _pair(value: Packed) -> tuple[Packed, Packed]:
    assert isinstance(value, list)
    one, two = value
    return one, two
