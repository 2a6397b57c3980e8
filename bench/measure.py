"""One command, run and measured: wall time, processor time, peak memory, files written.

Wall time is of the whole process, from its start to its end. Processor time is what the kernel
counts for the process and all its descendants (wait4). Peak memory is the greatest sum of
proportional set sizes (PSS: shared memory is counted once, in equal shares) over all processes of
the command, sampled every 50 ms; sampling costs time, so a run is either timed or watched.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final

import msgspec

SAMPLE_SECONDS: Final = 0.05
# No build that is worth a row takes longer; what hangs is ended.
LIMIT_SECONDS: Final = 1800


# Byte code is kept, as it is on a machine that nobody told otherwise.
_AS_FOR_USERS: Final = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}


class Failed(Exception):
    """A command that did not do what its row says; the message holds the end of its output."""


class Run(msgspec.Struct, frozen=True):
    """One run: seconds of wall and processor time, peak memory in bytes (0 unless watched)."""

    wall: float
    cpu: float
    peak: int = 0


class Written(msgspec.Struct, frozen=True):
    """What a run left in its output folder and what of it was touched; `pages` are HTML files."""

    files: int
    pages: int
    touched_files: int
    touched_pages: int


class Result(msgspec.Struct):
    """One tool in one row at one size."""

    size: int
    tool: str
    row: str
    runs: list[Run]
    peak: int = 0  # bytes; 0 where it was not watched
    written: Written = Written(0, 0, 0, 0)  # by the last round

    @property
    def wall(self) -> float:
        return median(each.wall for each in self.runs)

    @property
    def cpu(self) -> float:
        return median(each.cpu for each in self.runs)


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    *,
    watch: bool = False,
) -> Run:
    """Run `command` in `folder`; its output goes to `log`. Failed when it does not end with 0."""
    with log.open("wb") as out:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**_AS_FOR_USERS, **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # all its processes can be found, and ended, by the session
        )
        limit = threading.Timer(LIMIT_SECONDS, os.killpg, (process.pid, 9))
        limit.start()
        watcher = _Watcher(process.pid) if watch else None
        if watcher:
            watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        limit.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if watcher:
            watcher.stop()
    if process.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise Failed(f"{' '.join(command)} ended with {process.returncode}:\n{tail}")
    return Run(wall, usage.ru_utime + usage.ru_stime, watcher.peak if watcher else 0)


class _Watcher(threading.Thread):
    """Samples the memory of a session's processes until told to stop."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.session = session
        self.peak = 0
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, sum(_pss(pid) for pid in _of_session(self.session)))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _of_session(session: int) -> list[int]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if os.getsid(int(name)) == session:
                    found.append(int(name))
            except OSError:
                continue  # it has ended meanwhile
    return found


def _pss(pid: int) -> int:
    """Proportional set size in bytes (proc(5), smaps_rollup); 0 when the process has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


# Path → (time of last change in ns, inode): a file written anew, or in place, differs in one of them.
Stamps = dict[str, tuple[int, int]]


def stamps(folder: Path) -> Stamps:
    """Every file below `folder`; empty when there is no such folder."""
    found: Stamps = {}
    waiting = [str(folder)] if folder.is_dir() else []
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    status = entry.stat(follow_symlinks=False)
                    found[entry.path] = (status.st_mtime_ns, status.st_ino)
    return found


def written(before: Stamps, after: Stamps) -> Written:
    touched = [path for path, stamp in after.items() if before.get(path) != stamp]
    return Written(
        files=len(after),
        pages=sum(path.endswith(".html") for path in after),
        touched_files=len(touched),
        touched_pages=sum(path.endswith(".html") for path in touched),
    )
