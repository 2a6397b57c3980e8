"""One publisher at a time: a lock that ends with the process that holds it.

flock(2) is used because the kernel lets go of it when the holder dies, however it dies: there is
nothing to time out and nothing to clean up. The file stays; only what is written in it changes.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pressroom.problems import PressroomError
from pressroom.publishing.faults import saying

# Seconds for which a second publisher waits by default: longer than a publication usually takes.
PATIENCE = 120.0

_AGAIN = 0.05
_NAMELESS = 1.0  # seconds to go on for where a lock is held by nobody's name


def owner() -> str:
    """Who holds a lock, in one line: process, machine, since when (UTC)."""
    since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return f"pid {os.getpid()} on {socket.gethostname()} since {since}"


def busy(what: str, holder: str) -> PressroomError:
    """The words for a publisher that waited long enough."""
    holder = holder or "?"
    return PressroomError(
        f"另一个发布正在进行，{what}已被占用（{holder}）。请等它结束后再发布。",
        f"{what} is taken by another publication ({holder}); publish again when it has ended.",
    )


@contextmanager
def hold(path: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock file `path` while the block runs; wait for it at most `patience` seconds.

    PressroomError names the holder when the waiting ends in vain.
    """
    with saying(f"为{path}加锁", f"locking {path}"):
        # Python opens with O_CLOEXEC: programs that we start do not inherit the lock.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(descriptor, path, patience)
        _write(descriptor, owner())
        try:
            yield
        finally:
            _write(descriptor, "")
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = os.pread(descriptor, 400, 0).decode(errors="replace").strip()
            # Nobody's name: the holder is about to write it, or about to let go.
            if time.monotonic() >= until + (0.0 if holder else _NAMELESS):
                raise busy(str(path), holder) from None
        time.sleep(_AGAIN)


def _write(descriptor: int, text: str) -> None:
    # Only a courtesy to those who wait: a full disk must not stop a publication here.
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)
    except OSError:
        pass
