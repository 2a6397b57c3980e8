"""Compressed companions: name.br and name.gz beside every text file that gets smaller by it.

The bytes depend on the text alone. What was compressed once is kept by the text's hash, so that a
site of ten thousand pages with one edit compresses one page.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Set
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import brotli
import msgspec

from pressroom.memory import COMPANIONS
from pressroom.publishing.faults import saying
from pressroom.publishing.media import COMPRESSED, companion, hashed
from pressroom.publishing.tree import read_tree, walk


class Compressed(msgspec.Struct, frozen=True):
    """How many companions stand now, how many of them were compressed in this call, and how many went."""

    standing: int
    compressed: int
    removed: int


# Brotli's last steps cost ten times the time for a few per cent: worth it for what is kept for a
# year, not for ten thousand pages. The numbers are in docs/decisions/compression.md.
_PAGES, _KEPT = 6, 11

# Nanoseconds after which a result that nothing uses any more is dropped from the cache.
_LASTING_NS = 30 * 24 * 3600 * 10**9

# Part of the cache's name: another way of compressing finds none of the old results.
_MANNER: Final = f"2-{brotli.__version__}-{zlib.ZLIB_RUNTIME_VERSION}"


def brotli_bytes(data: bytes, quality: int) -> bytes:
    """RFC 7932, with the dictionary for text."""
    packed: bytes = brotli.compress(data, mode=brotli.MODE_TEXT, quality=quality)
    return packed


def gzip_bytes(data: bytes) -> bytes:
    """RFC 1952 with no name and no time in its head, so that equal text gives equal bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def precompress(
    tree: Path, cache: Path, found: dict[str, os.stat_result] | None = None
) -> Compressed:
    """Bring the companions in `tree` up to date; `cache` keeps them from one call to the next.

    `found` is what a walk found there, and is brought up to date too.

    A companion whose text is gone, or that is not smaller, is removed: beside text files, names
    that end in .br and .gz belong to this function.
    """
    with saying(f"压缩{tree}中的文件", f"compressing the files of {tree}"):
        found = dict(walk(tree)) if found is None else found
        standing = {path: status for path, status in found.items() if companion(path)}
        texts = {path: status for path, status in found.items() if path.endswith(COMPRESSED)}
        store = _Store(cache)
        results = {
            path + ending: f"{file.digest}-{_quality(path)}{ending}"
            for path, file in read_tree(tree, cache, texts).items()
            for ending in COMPANIONS
        }
        # Equal texts share one result, so each is made once.
        lacking = {result: name for name, result in results.items() if not store.has(result)}
        with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
            list(pool.map(partial(store.make, tree), lacking, lacking.values()))
        wanted = {name: result for name, result in results.items() if store.entries[result].size}
        for name, result in wanted.items():
            entry, status = store.entries[result], standing.get(name)
            if not status or (status.st_size, status.st_mtime_ns) != (entry.size, entry.mtime_ns):
                found[name] = store.place(tree, result, name)
        stale = standing.keys() - wanted.keys()
        for path in stale:
            (tree / path).unlink()
            del found[path]
        store.save(set(results.values()), changed=bool(lacking))
    return Compressed(len(wanted), len(lacking), len(stale))


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    """A result in the cache; no bytes mean that the text does not get smaller."""

    size: int
    mtime_ns: int


class _Store:
    """Results by the hash of their text, each in a file, with one list of them all."""

    def __init__(self, cache: Path) -> None:
        self._top = cache / f"companions-{_MANNER}"
        self._list = self._top / "results.msgpack"
        try:
            known = msgspec.msgpack.decode(self._list.read_bytes(), type=dict[str, _Entry])
        except (OSError, msgspec.MsgspecError):
            known = {}
        self.entries = known

    def _file(self, result: str) -> Path:
        return self._top / result[:2] / result

    def has(self, result: str) -> bool:
        return result in self.entries

    def make(self, tree: Path, result: str, name: str) -> None:
        """Compress the text of the companion `name` (safe to call from several threads)."""
        path = companion(name)
        data = (tree / path).read_bytes()
        packed = brotli_bytes(data, _quality(path)) if name.endswith(".br") else gzip_bytes(data)
        file = self._file(result)
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        fresh.write_bytes(packed if len(packed) < len(data) else b"")
        os.replace(fresh, file)
        status = os.stat(file)
        self.entries[result] = _Entry(status.st_size, status.st_mtime_ns)

    def place(self, tree: Path, result: str, name: str) -> os.stat_result:
        """Let a result stand beside its text: as a link to the cache where the file system allows it."""
        goal, file = tree / name, self._file(result)
        fresh = goal.with_name(f".{goal.name}.{os.getpid()}")
        if not file.exists():  # someone cleaned the cache by hand
            self.make(tree, result, name)
        try:
            os.link(file, fresh)
        except OSError:
            fresh.write_bytes(file.read_bytes())
            mtime_ns = self.entries[result].mtime_ns
            os.utime(fresh, ns=(mtime_ns, mtime_ns))
        os.replace(fresh, goal)
        return os.lstat(goal)

    def save(self, used: Set[str], *, changed: bool) -> None:
        """Write the list, without what no text has needed and what is older than a month."""
        if not changed:
            return
        before = time.time_ns() - _LASTING_NS
        for result, entry in list(self.entries.items()):
            if result not in used and entry.mtime_ns < before:
                self._file(result).unlink(missing_ok=True)
                del self.entries[result]
        fresh = self._list.with_name(f"{self._list.name}.{os.getpid()}")
        fresh.write_bytes(msgspec.msgpack.encode(self.entries))
        os.replace(fresh, self._list)


def _quality(path: str) -> int:
    return _KEPT if hashed(path) else _PAGES
