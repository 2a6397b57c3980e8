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

from pressroom.publishing.faults import saying
from pressroom.publishing.media import COMPANIONS, COMPRESSED, companion, hashed
from pressroom.publishing.tree import read_tree, walk


class Compressed(msgspec.Struct, frozen=True):
    """How many companions stand now, how many of them were compressed in this call, and how many went."""

    standing: int
    compressed: int
    removed: int


# Brotli's last steps cost ten times the time for a few per cent: worth it for what is kept for a
# year, not for ten thousand pages. The numbers are in docs/decisions/compression.md.
_PAGES, _KEPT = 6, 11

# Seconds after which a result that nothing uses any more is dropped from the cache.
_LASTING = 30 * 24 * 3600

# Part of a cached name: another way of compressing finds none of the old results.
_MANNER: Final = f"2-{brotli.__version__}-{zlib.ZLIB_RUNTIME_VERSION}"


def brotli_bytes(data: bytes, quality: int) -> bytes:
    """RFC 7932, with the dictionary for text."""
    packed: bytes = brotli.compress(data, mode=brotli.MODE_TEXT, quality=quality)
    return packed


def gzip_bytes(data: bytes) -> bytes:
    """RFC 1952 with no name and no time in its head, so that equal text gives equal bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def precompress(tree: Path, cache: Path) -> Compressed:
    """Bring the companions in `tree` up to date; `cache` keeps them from one call to the next.

    A companion whose text is gone, or that is not smaller, is removed: beside text files, names
    that end in .br and .gz belong to this function.
    """
    with saying(f"压缩{tree}中的文件", f"compressing the files of {tree}"):
        texts = read_tree(tree, cache, lambda path: path.endswith(COMPRESSED))
        store = cache / "companions"
        standing = {path: status for path, status in walk(tree) if companion(path)}
        kept = {
            path + ending: _cached(store, texts[path].digest, path, ending)
            for path in texts
            for ending in COMPANIONS
        }
        # Equal texts share one result, so each is made once: by its place in the cache.
        lacking = {place: name for name, place in kept.items() if _status(place) is None}
        with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
            list(pool.map(partial(_compress, tree), lacking.values(), lacking.keys()))
        wanted: set[str] = set()
        for name, place in kept.items():
            status = os.stat(place)
            if not status.st_size:
                continue
            wanted.add(name)
            old = standing.get(name)
            if not old or (old.st_size, old.st_mtime_ns) != (status.st_size, status.st_mtime_ns):
                _place(place, status, tree / name)
        stale = sorted(set(standing) - wanted)
        for path in stale:
            (tree / path).unlink()
        if lacking:
            _forget(store, set(kept.values()))
    return Compressed(len(wanted), len(lacking), len(stale))


def _quality(path: str) -> int:
    return _KEPT if hashed(path) else _PAGES


def _status(path: Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _cached(store: Path, text: str, path: str, ending: str) -> Path:
    name = f"{text}-{_quality(path)}-{_MANNER}{ending}"
    return store / name[:2] / name


def _compress(tree: Path, name: str, kept: Path) -> None:
    """Make one companion in the cache; an empty file there says that it does not get smaller."""
    path = companion(name)
    data = (tree / path).read_bytes()
    packed = brotli_bytes(data, _quality(path)) if name.endswith(".br") else gzip_bytes(data)
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_name(f"{kept.name}.{os.getpid()}")
    fresh.write_bytes(packed if len(packed) < len(data) else b"")
    os.replace(fresh, kept)


def _place(kept: Path, status: os.stat_result, goal: Path) -> None:
    """Let the companion stand in the tree: a link to the cache where the file system allows it."""
    fresh = goal.with_name(f".{goal.name}.{os.getpid()}")
    try:
        os.link(kept, fresh)
    except OSError:
        fresh.write_bytes(kept.read_bytes())
        os.utime(fresh, ns=(status.st_mtime_ns, status.st_mtime_ns))
    os.replace(fresh, goal)


def _forget(store: Path, used: Set[Path]) -> None:
    """Drop what no text has needed and what is older than a month."""
    before = time.time() - _LASTING
    for path, status in walk(store):
        if status.st_mtime < before and store / path not in used:
            (store / path).unlink(missing_ok=True)
