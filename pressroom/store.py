"""The cache: what was worked out before, believed only when it proves itself.

One SQLite file. Every row carries the BLAKE2 digest of its data and is checked when it is read;
the whole file belongs to one fingerprint of the software and is emptied when that differs. It is
always safe to delete, and a lock lets two builds share a folder, one after the other.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from pressroom.problems import PressroomError

_SCHEMA: Final = """
create table if not exists kept (name text primary key, proof blob not null, data blob not null) without rowid;
create table if not exists bodies (digest text primary key, data blob not null) without rowid;
"""


def digest(data: bytes) -> bytes:
    """16 bytes of BLAKE2b: enough that no two contents ever meet by chance."""
    return hashlib.blake2b(data, digest_size=16).digest()


def hexdigest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def part_of(key: str) -> str:
    """The part that an item's records are kept in: an edit writes those of its year anew, not all."""
    return key.rpartition("/")[0]


class Damaged(Exception):
    """The cache said something that does not prove itself; whoever relied on it starts afresh."""


@contextmanager
def _believing() -> Iterator[None]:
    """What SQLite finds wrong with the file is damage like any other."""
    try:
        yield
    except sqlite3.Error as error:
        raise Damaged(str(error)) from error


class Store:
    """The cache of one project."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.folder = folder
        self.path = folder / "pressroom.sqlite"
        self.fingerprint = fingerprint
        self._pid = -1
        self._open: sqlite3.Connection | None = None
        try:
            if self.get("fingerprint") != fingerprint.encode():
                self.clear()
        except Damaged:
            self.clear()

    def connection(self) -> sqlite3.Connection:
        """A connection of this process: SQLite's do not survive a fork."""
        if self._open is None or self._pid != os.getpid():
            connection = sqlite3.connect(self.path, timeout=60, isolation_level=None)
            try:
                connection.executescript(
                    "pragma synchronous=off; pragma journal_mode=truncate;" + _SCHEMA
                )
            except BaseException:
                connection.close()
                raise
            self._open, self._pid = connection, os.getpid()
        return self._open

    def close(self) -> None:
        if self._open is not None and self._pid == os.getpid():
            self._open.close()
        self._open = None

    def clear(self) -> None:
        """Forget everything."""
        self.close()
        try:
            for suffix in ("", "-journal", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    os.unlink(f"{self.path}{suffix}")
            self.put({"fingerprint": self.fingerprint.encode()})
        except (OSError, Damaged) as error:
            raise PressroomError(
                f"缓存{self.path}写不进（{error}）；检查磁盘空间和权限，或删去它。",
                f"the cache {self.path} cannot be written ({error}); look at disk space and permissions, or delete it",
            ) from error

    def get(self, name: str) -> bytes | None:
        """What was put under a name, or None; Damaged when it is not what was put."""
        with _believing():
            row = (
                self.connection()
                .execute("select proof, data from kept where name = ?", (name,))
                .fetchone()
            )
        if row is None:
            return None
        if not isinstance(row[1], bytes) or digest(name.encode() + row[1]) != row[0]:
            raise Damaged(name)
        return bytes(row[1])

    def names(self, start: str) -> set[str]:
        """The names under which something was put that begin so."""
        with _believing():
            rows = self.connection().execute(
                "select name from kept where name >= ? and name < ?", (start, f"{start}\U0010ffff")
            )
            return {row[0] for row in rows}

    def parts(self, name: str) -> dict[str, bytes]:
        """Everything that was put under `name/part`, by part; Damaged when one is not what was put."""
        with _believing():
            rows = (
                self.connection()
                .execute(
                    "select name, proof, data from kept where name >= ? and name < ?",
                    (f"{name}/", f"{name}0"),  # 0 follows / in ASCII
                )
                .fetchall()
            )
        found: dict[str, bytes] = {}
        for full, proof, data in rows:
            if not isinstance(data, bytes) or digest(full.encode() + data) != proof:
                raise Damaged(full)
            found[full[len(name) + 1 :]] = data
        return found

    def put(
        self,
        kept: Mapping[str, bytes],
        bodies: Iterable[tuple[str, str]] = (),
        drop: Iterable[str] = (),
        forget: Iterable[str] = (),
    ) -> None:
        """Keep all of this, drop names and forget bodies that nobody needs; or nothing of it."""
        with _believing():
            connection = self.connection()
            connection.execute("begin immediate")
            try:
                connection.executemany(
                    "insert or replace into kept values (?, ?, ?)",
                    ((name, digest(name.encode() + data), data) for name, data in kept.items()),
                )
                connection.executemany(
                    "delete from kept where name = ?", ((name,) for name in drop)
                )
                # A damaged body is replaced by the true one: its name is its digest.
                connection.executemany("insert or replace into bodies values (?, ?)", bodies)
                connection.executemany(
                    "delete from bodies where digest = ?", ((name,) for name in forget)
                )
                connection.execute("commit")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("rollback")
                raise

    def body(self, name: str) -> str:
        """The HTML kept under its own digest; Damaged when it is gone or not itself."""
        if not name:
            return ""
        with _believing():
            row = (
                self.connection()
                .execute("select data from bodies where digest = ?", (name,))
                .fetchone()
            )
        if row is None or not isinstance(row[0], str) or hexdigest(row[0].encode()) != name:
            raise Damaged(name)
        return row[0]


@contextmanager
def lock(folder: Path, patience: float = 600.0) -> Iterator[None]:
    """One build at a time in a folder; the system frees the lock of one that died."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise PressroomError(
                        "另一个构建还在进行，等了太久；请稍后再试。",
                        "another build has been running for too long; try again later",
                    ) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(handle)
