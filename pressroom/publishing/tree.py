"""A built tree as a list of files with the hash of each; what was hashed before is not read again."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from pressroom.problems import PressroomError

# A file whose time is this near to the moment of hashing may still change without its time showing
# it, so its hash is not remembered. Git calls such entries racily clean.
_TOO_FRESH_NS = 1_000_000_000

_MEMORY = "hashes.msgpack"


class File(msgspec.Struct, frozen=True, array_like=True):
    """One file: its size in bytes and the hash of its bytes (BLAKE2b, 128 bits, hexadecimal)."""

    size: int
    digest: str


class _Remembered(msgspec.Struct, frozen=True, array_like=True):
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    digest: str

    def still(self, status: os.stat_result) -> bool:
        return (self.size, self.mtime_ns, self.ctime_ns, self.inode) == (
            status.st_size,
            status.st_mtime_ns,
            status.st_ctime_ns,
            status.st_ino,
        )


def digest(data: bytes) -> str:
    """The hash that names content throughout publishing."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def walk(top: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every regular file below `top` as (path with slashes, lstat), in no particular order.

    A symbolic link, a device, a pipe or a name that is not UTF-8 is refused: it could lead a
    server out of the tree, and no build writes one.
    """
    pending = [("", os.fspath(top))]
    while pending:
        prefix, folder = pending.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                path = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    pending.append((path + "/", entry.path))
                elif entry.is_file(follow_symlinks=False) and path.isprintable():
                    yield path, entry.stat(follow_symlinks=False)
                else:
                    raise PressroomError(
                        f"{top}中的{path!r}不是普通文件，不能发布。请从生成的网站中去掉它。",
                        f"{path!r} in {top} is not a plain file and cannot be published; "
                        "remove it from the built site.",
                    )


def read_tree(
    tree: Path,
    memory: Path,
    found: Mapping[str, os.stat_result] | None = None,
) -> dict[str, File]:
    """The files of `tree`, sorted by path; only those of `found`, where a walk found them already.

    `memory` is a folder in which hashes are remembered from one call to the next; it may be
    missing, and what is unreadable in it is forgotten.
    """
    remembered = _recall(memory)
    found = dict(walk(tree)) if found is None else found
    now = time.time_ns()
    known: dict[str, _Remembered] = {}
    unread: list[str] = []
    for path, status in found.items():
        entry = remembered.get(path)
        if entry is not None and entry.still(status):
            known[path] = entry
        else:
            unread.append(path)
    with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
        for path, hashed in zip(
            unread, pool.map(lambda path: _hash(tree / path), unread), strict=True
        ):
            status = found[path]
            known[path] = _Remembered(
                status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, hashed
            )
    lasting = {
        path: entry
        for path, entry in known.items()
        if max(entry.mtime_ns, entry.ctime_ns) < now - _TOO_FRESH_NS
    }
    if lasting != remembered:
        _remember(memory, lasting)
    return {path: File(known[path].size, known[path].digest) for path in sorted(known)}


def whole(files: Mapping[str, File]) -> str:
    """The hash of a whole tree: of every path and every file's hash (64 bits, hexadecimal)."""
    total = hashlib.blake2b(digest_size=8)
    for path in sorted(files):
        total.update(f"{path}\0{files[path].digest}\n".encode())
    return total.hexdigest()


def _hash(path: Path) -> str:
    with open(path, "rb", buffering=0) as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _recall(memory: Path) -> dict[str, _Remembered]:
    try:
        return msgspec.msgpack.decode((memory / _MEMORY).read_bytes(), type=dict[str, _Remembered])
    except (OSError, msgspec.MsgspecError):
        return {}


def _remember(memory: Path, entries: Mapping[str, _Remembered]) -> None:
    memory.mkdir(parents=True, exist_ok=True)
    fresh = memory / f"{_MEMORY}.{os.getpid()}"
    fresh.write_bytes(msgspec.msgpack.encode(entries))
    os.replace(fresh, memory / _MEMORY)
