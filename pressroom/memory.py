"""What the output folder held after the last build, and how it differs from that now.

Kept file by file with size, times and inode, so that a file changed by another hand is noticed.
Files are looked at every time; into a folder only when its own times say that something came or
went, which spares half of the calls.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec

from pressroom.store import Store, hexdigest

# The mark of a finished folder, written last; and what stands there while it is written for the first time.
MARK: Final = "robots.txt"
UNFINISHED: Final = ".unfinished"

Place = tuple[int, int, int]  # a folder's mtime, ctime and inode
# A folder that was written to: its times are too young to tell of what comes after.
_TOUCHED: Final[Place] = (0, 0, 0)
_YOUNG: Final = 50_000_000  # nanoseconds: clocks of file systems tick only every few milliseconds


class FileState(msgspec.Struct, array_like=True):
    """A file in the output folder as it was written."""

    path: str
    size: int
    mtime: int
    inode: int


class Written(msgspec.Struct, array_like=True):
    """What is remembered of a page: the key it was made for, and its files."""

    key: bytes
    parts: bytes  # four bytes a part of the key, for `build --explain`
    files: list[FileState]


class Stamped(msgspec.Struct, array_like=True):
    """What is remembered of a group of pages: its stamp, and the first path of each of them."""

    stamp: bytes
    paths: list[str]


class Memory(msgspec.Struct, array_like=True):
    """What the folder held after the last build: pages by their first path, groups of pages by name."""

    pages: dict[str, Written] = {}
    groups: dict[str, Stamped] = {}
    folders: dict[str, Place] = {}  # every folder that holds something, "" for the whole

    def still(self, stamps: Mapping[str, bytes], changed: set[str]) -> dict[str, Stamped]:
        """The groups whose pages need not be planned: the stamp is the same, and their files are there."""
        found = {}
        for key, stamp in stamps.items():
            known = self.groups.get(key)
            if (
                known is not None
                and known.stamp == stamp
                and not (
                    changed
                    and any(
                        file.path in changed
                        for path in known.paths
                        for file in self.pages[path].files
                    )
                )
            ):
                found[key] = known
        return found

    def settled(self, found: Survey) -> Memory:
        """The same, with the state of the folders into which nobody needs to look again."""
        folders = {**self.folders, **found.settled}
        for folder in found.lost:
            folders.pop(folder, None)
        return Memory(self.pages, self.groups, folders)

    def touch(self, root: Path, paths: Iterable[str]) -> None:
        """Files at `paths` were written or removed: their folders, and those above, are looked into next time."""
        for folder in _folders_of(paths):
            if os.path.isdir(f"{root}/{folder}"):
                self.folders[folder] = _TOUCHED
            else:
                self.folders.pop(folder, None)


class Survey(msgspec.Struct):
    """How the output folder differs from what is remembered of it."""

    changed: set[str]  # files that are gone or not as they were written
    gone: set[str]  # those of them that are gone
    unknown: list[str]  # files that nobody remembers writing
    irregular: set[str]  # links and the like
    robots: bool  # whether the mark of a finished folder is there
    unfinished: bool
    settled: dict[str, Place]  # folders that were looked into and hold what is remembered
    lost: set[str]  # remembered folders that are none any more


_decoder: Final = msgspec.msgpack.Decoder(Memory)
_pack: Final = msgspec.msgpack.Encoder().encode


def _name(folder: Path) -> str:
    return f"output:{hexdigest(str(folder).encode())}"


def _part(path: str) -> str:
    """The part that a page is remembered in: `releases/2017`, or "" when it is no year's of releases."""
    return path[3:16] if path[3:12] == "releases/" and path[16:17] == "/" else ""


def _part_of_group(name: str) -> str:
    return name[:13] if name.startswith("releases/") else ""


def recall(store: Store, folder: Path) -> Memory:
    """What an output folder held after the last build; empty when nothing is known of it."""
    found = Memory({}, {}, {})
    for raw in store.parts(_name(folder)).values():
        part = _decoder.decode(raw)
        found.pages.update(part.pages)
        found.groups.update(part.groups)
        found.folders.update(part.folders)
    return found


def remember(store: Store, folder: Path, before: Memory, now: Memory) -> None:
    """Keep what the folder holds now, in the parts where it differs from what was kept."""
    parts: dict[str, Memory] = {}
    kinds: tuple[tuple[Callable[[str], str], str], ...] = (
        (_part, "pages"),
        (_part_of_group, "groups"),
        (_part, "folders"),
    )
    for part_of, kind in kinds:
        old, new = getattr(before, kind), getattr(now, kind)
        differing = [key for key, held in new.items() if old.get(key) != held]
        for key in chain(differing, old.keys() - new.keys()):
            parts.setdefault(part_of(key), Memory({}, {}, {}))
    if not parts:
        return
    for part_of, kind in kinds:
        for key, held in getattr(now, kind).items():
            part = parts.get(part_of(key))
            if part is not None:
                getattr(part, kind)[key] = held
    whole = _name(folder)
    store.put(
        {f"{whole}/{part}": _pack(held) for part, held in parts.items() if held.pages},
        drop=[f"{whole}/{part}" for part, held in parts.items() if not held.pages],
    )


def _folders_of(paths: Iterable[str]) -> set[str]:
    """The folders that files stand in, and those above them."""
    found = {""}
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


# --- looking -----------------------------------------------------------------------------------


def survey(store: Store, folder: Path, foreign: frozenset[str]) -> Survey:
    """Look at every file of the output folder but those in the `foreign` folders at its top."""
    memory = recall(store, folder)
    found = Survey(set(), set(), [], set(), False, False, {}, set())
    if not folder.exists():
        found.gone = {file.path for written in memory.pages.values() for file in written.files}
        found.changed = set(found.gone)
        return found
    look = _Look(str(folder), memory, found)
    look.at_folders(foreign)
    look.at_files()
    found.robots = os.path.lexists(f"{folder}/{MARK}")
    found.unfinished = os.path.lexists(f"{folder}/{UNFINISHED}")
    return found


class _Look:
    """One look at an output folder, which `found` tells of."""

    def __init__(self, root: str, memory: Memory, found: Survey) -> None:
        self.root = root
        self.memory = memory
        self.found = found

    def at_folders(self, foreign: frozenset[str]) -> None:
        folders = self.memory.folders
        waiting = []
        for folder, place in folders.items():
            try:
                state = os.lstat(f"{self.root}/{folder}")
            except OSError:
                self.found.lost.add(folder)
                continue
            if not stat.S_ISDIR(state.st_mode):
                self.found.lost.add(folder)
            elif place != (state.st_mtime_ns, state.st_ctime_ns, state.st_ino):
                waiting.append(folder)
        if "" not in folders:
            waiting.append("")
        known: set[str] = set()
        if waiting:
            known = {file.path for written in self.memory.pages.values() for file in written.files}
        bare = []
        young = time.time_ns() - _YOUNG
        while waiting:
            folder = waiting.pop()
            state = os.stat(f"{self.root}/{folder}")
            with os.scandir(f"{self.root}/{folder}") as entries:
                among = list(entries)
            clean = True
            for entry in among:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if path not in folders and path not in foreign:
                        waiting.append(path)
                        clean = False
                elif path not in known and path != UNFINISHED:
                    self.found.unknown.append(path)
                    clean = False
                    if not entry.is_file(follow_symlinks=False):
                        self.found.irregular.add(path)
            if not among and folder:
                bare.append(folder)
            elif clean and folder in folders and max(state.st_mtime_ns, state.st_ctime_ns) < young:
                place = (state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
                self.found.settled[folder] = place
        for folder in bare:  # no build leaves an empty folder
            while folder:
                try:
                    os.rmdir(f"{self.root}/{folder}")
                except OSError:
                    break
                folder = folder.rpartition("/")[0]

    def at_files(self) -> None:
        root, found = self.root, self.found
        for written in self.memory.pages.values():
            for file in written.files:
                path = file.path
                try:
                    state = os.lstat(f"{root}/{path}")
                except OSError:
                    state = None
                if state is None or (
                    found.lost and not found.lost.isdisjoint(_folders_of((path,)))
                ):
                    found.gone.add(path)
                    found.changed.add(path)
                elif (
                    state.st_mtime_ns != file.mtime
                    or state.st_size != file.size
                    or state.st_ino != file.inode
                ):
                    found.changed.add(path)
                    if stat.S_ISDIR(state.st_mode):
                        found.gone.add(path)
                    elif not stat.S_ISREG(state.st_mode):
                        found.irregular.add(path)
