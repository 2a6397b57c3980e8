"""Pagefind's packed files put in order and made light: the same records are the same bytes, and few.

Pagefind keeps filters in hash tables and writes them as they come, so their order, and with it the
names of the files, differs from run to run. Here the filters' files and the one that lists them
are read, sorted, and written again under names that follow from their content. And Pagefind notes
every place of every word; of a word that stands on nearly every page that is a hundred kilobytes,
which a reader who looks for it would wait for. They are CBOR (RFC 8949) of texts, numbers and
arrays only, behind a signature, compressed with gzip.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import MutableMapping
from typing import Final

SIGNATURE: Final = b"pagefind_dcd"  # opens every packed file of Pagefind's

Packed = int | str | list["Packed"]

_NUMBER, _NEGATIVE, _TEXT, _ARRAY = 0, 1, 3, 4


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


# How many bytes a number takes, by the first of them.
_STEP: Final = tuple(
    1 if number < 24 else 1 + (1 << number % 8) for number in (first & 31 for first in range(256))
)


def _opened(data: bytes, at: int) -> tuple[int, int]:
    """The length of the array, or of the text, at a place, and where its content begins."""
    number = data[at] & 31
    if number < 24:
        return number, at + 1
    size = _STEP[data[at]]
    return int.from_bytes(data[at + 1 : at + size], "big"), at + size


def _end(data: bytes, at: int) -> int:
    """Where the value at a place ends."""
    kind = data[at] >> 5
    if kind not in (_TEXT, _ARRAY):
        return at + _STEP[data[at]]
    length, at = _opened(data, at)
    if kind == _TEXT:
        return at + length
    for _ in range(length):
        at = _end(data, at)
    return at


def _first_places(plain: bytes) -> tuple[bytes, dict[str, int]]:
    """A file of the index with but the first place of each word on each page; and how many there were.

    The file is [[[word, [[page, places, places in fields], …], variants], …]]. Places are numbers
    after a negative one, their weight, each counted from the one before.
    """
    out: list[bytes] = []
    postings: dict[str, int] = {}
    done = 0  # up to here it is copied
    _, at = _opened(plain, 0)
    words, at = _opened(plain, at)
    for _ in range(words):
        _, at = _opened(plain, at)
        length, at = _opened(plain, at)
        word = plain[at : at + length].decode()
        pages, at = _opened(plain, at + length)
        postings[word] = pages
        for _ in range(pages):
            _, at = _opened(plain, at)
            at += _STEP[plain[at]]
            for _ in range(2):
                head = at
                places, at = _opened(plain, at)
                postings[word] += places
                start, kept = at, 0
                while kept < places and plain[at] >> 5 == _NEGATIVE:
                    at += _STEP[plain[at]]
                    kept += 1
                if kept < places:
                    at += _STEP[plain[at]]
                    kept += 1
                if kept < places:
                    out += (plain[done:head], _head(_ARRAY, kept), plain[start:at])
                    for _ in range(places - kept):
                        at += _STEP[plain[at]]
                    done = at
        at = _end(plain, at)
    out.append(plain[done:])
    return b"".join(out), postings


def make_light(files: MutableMapping[str, bytes], tag: str, limit: int) -> dict[str, int]:
    """Files of the index over `limit` bytes keep the first place of a word on a page, no others.

    Returns the words for which that was done, by how often they stood in the file: the order of
    results hardly hangs on them. `files` is changed in place, its list of files too.
    """
    postings: dict[str, int] = {}
    renamed: dict[str, str] = {}
    heavy = [
        path
        for path, data in files.items()
        if path.startswith(f"index/{tag}_") and len(data) > limit
    ]
    for path in heavy:
        plain = gzip.decompress(files.pop(path)).removeprefix(SIGNATURE)
        light, found = _first_places(plain)
        postings |= found
        data = gzip.compress(SIGNATURE + light, 9, mtime=0)
        fresh = f"{tag}_{_named(data, 7)}"
        renamed[path.removeprefix("index/").removesuffix(".pf_index")] = fresh
        files[f"index/{fresh}.pf_index"] = data
    path, listed = _listed(files, tag)
    chunks = listed[2]
    assert isinstance(chunks, list)
    for chunk in chunks:
        assert isinstance(chunk, list)
        chunk[2] = renamed.get(str(chunk[2]), chunk[2])
    files[path] = write(listed)
    return postings


def _listed(files: MutableMapping[str, bytes], tag: str) -> tuple[str, list[Packed]]:
    """The list of a language's files: [version, pages, chunks of the index, filters, sorts, fields]."""
    (path,) = [path for path in files if path.startswith(f"pagefind.{tag}_")]
    listed = read(files[path])
    assert isinstance(listed, list)
    return path, listed


def in_order(files: MutableMapping[str, bytes], tag: str) -> str:
    """Put the filters of a language's index in order; returns the new name of its list of files.

    `files` maps path to bytes and is changed in place; `tag` is Pagefind's word for the language.
    A filter's file is [name, [[value, pages], …]].
    """
    renamed: dict[str, str] = {}
    for path in [path for path in files if path.startswith(f"filter/{tag}_")]:
        name, values = _pair(read(files.pop(path)))
        assert isinstance(values, list)
        data = write([name, sorted(values, key=str)])
        fresh = f"{tag}_{_named(data, 7)}"
        renamed[path.removeprefix("filter/").removesuffix(".pf_filter")] = fresh
        files[f"filter/{fresh}.pf_filter"] = data
    path, listed = _listed(files, tag)
    del files[path]
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
