"""What the output folder held after the last build, and how it differs from that now.

Kept file by file with size, times and inode, so that a file changed by another hand is noticed.
Files are looked at every time; into a folder only when its own times say that something came or
went, which spares half of the calls.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import Final

import msgspec

from pressroom.store import Damaged, Store, hexdigest

# The mark of a finished folder, written last; and what stands there while it is written for the first time.
MARK: Final = "robots.txt"
UNFINISHED: Final = ".unfinished"
COMPANIONS: Final = (".br", ".gz")  # what publishing puts beside a file

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


class Remembered(msgspec.Struct, array_like=True):
    """What is remembered of a year's releases, or of all the rest."""

    pages: dict[str, Written]  # by their first path
    groups: dict[str, list[str]]  # the first paths of each group of pages
    folders: dict[str, Place]  # every folder that holds something, "" for the whole

    def files(self) -> Iterator[FileState]:
        return (file for written in self.pages.values() for file in written.files)

    def rest(self, still: Still, found: Survey) -> Remembered:
        """What of it is still as it was, and its folders as they were found."""
        groups = {group: paths for group, paths in self.groups.items() if group in still.groups}
        pages = {path: self.pages[path] for paths in groups.values() for path in paths}
        folders = {
            folder: found.settled.get(folder, place)
            for folder, place in self.folders.items()
            if folder not in found.lost
        }
        return Remembered(pages, groups, folders)


class Header(msgspec.Struct, array_like=True):
    """What is read of a part at every build."""

    stamps: dict[str, bytes]  # of each group of pages
    files: int
    loose: bool  # whether some of its pages are in no group


class Still(msgspec.Struct):
    """What need not be planned: groups of pages, and parts in which nothing is."""

    groups: set[str]
    parts: set[str]


class Memory:
    """What an output folder held after the last build, part by part; a part is read when it is asked for."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._name = hexdigest(str(folder).encode())
        headers = store.parts(f"{_HEADERS}:{self._name}")
        self.headers = {name: _header(raw) for name, raw in headers.items()}
        self._parts: dict[str, Remembered] = {}

    def part(self, name: str) -> Remembered:
        known = self._parts.get(name)
        if known is None:
            known = Remembered({}, {}, {})
            if name in self.headers:
                raw = self._store.get(f"{_PARTS}:{self._name}/{name}")
                if raw is None:
                    raise Damaged(name)
                known = _part(raw)
            self._parts[name] = known
        return known

    def parts(self) -> Iterator[Remembered]:
        return map(self.part, self.headers)

    def files(self) -> set[str]:
        """The path of every file."""
        return {file.path for part in self.parts() for file in part.files()}

    def page(self, path: str) -> Written | None:
        return self.part(part_of(path)).pages.get(path)

    def still(self, stamps: Mapping[str, bytes], changed: Set[str]) -> Still:
        """What need not be planned: the stamp is the same, and the files are there, none of them `changed`."""
        today: dict[str, dict[str, bytes]] = {}
        for name, stamp in stamps.items():
            today.setdefault(part_of_group(name), {})[name] = stamp
        disturbed = {part_of(path) for path in changed}
        still = Still(set(), set())
        for name, header in self.headers.items():
            mine = today.get(name, {})
            if name and not header.loose and name not in disturbed and header.stamps == mine:
                still.parts.add(name)
                still.groups.update(mine)
                continue
            same = [group for group, stamp in mine.items() if header.stamps.get(group) == stamp]
            if name in disturbed:
                part = self.part(name)
                lost = {
                    path
                    for path, written in part.pages.items()
                    if any(file.path in changed for file in written.files)
                }
                same = [group for group in same if lost.isdisjoint(part.groups[group])]
            still.groups.update(same)
        return still

    def settle(self, found: Survey) -> None:
        """Remember the folders that were looked into, when nothing else changed."""
        now: dict[str, Remembered] = {}
        stamps: dict[str, bytes] = {}
        for folder, place in found.settled.items():
            name = part_of(f"{folder}/")
            if name not in now:
                known = self.part(name)
                now[name] = msgspec.structs.replace(known, folders=dict(known.folders))
                stamps |= self.headers[name].stamps
            now[name].folders[folder] = place
        self.keep(now, stamps)

    def keep(self, now: Mapping[str, Remembered], stamps: Mapping[str, bytes]) -> None:
        """Remember what the parts hold now, where it differs."""
        put: dict[str, bytes] = {}
        drop: list[str] = []
        for name, part in now.items():
            names = f"{_HEADERS}:{self._name}/{name}", f"{_PARTS}:{self._name}/{name}"
            if not part.pages:
                drop += names
                continue
            grouped = sum(map(len, part.groups.values()))
            header = Header(
                {group: stamps[group] for group in part.groups},
                sum(len(written.files) for written in part.pages.values()),
                grouped < len(part.pages),
            )
            if header != self.headers.get(name) or part != self.part(name):
                put |= zip(names, (_pack(header), _pack(part)), strict=True)
        if put or drop:
            self._store.put(put, drop=drop)


_HEADERS: Final = "stamps"
_PARTS: Final = "output"
_header: Final = msgspec.msgpack.Decoder(Header).decode
_part: Final = msgspec.msgpack.Decoder(Remembered).decode
_pack: Final = msgspec.msgpack.Encoder().encode


def part_of(path: str) -> str:
    """The part that a file is remembered in: `releases/2017`, or "" when it is no year's of releases."""
    return path[3:16] if path[3:12] == "releases/" and path[16:17] == "/" else ""


def part_of_group(name: str) -> str:
    """The part that a group's pages are remembered in; a group is named after an item or a list."""
    return name[:13] if name.startswith("releases/") else ""


def folders_of(paths: Iterable[str]) -> set[str]:
    """The folders that files stand in, and those above them."""
    found = {""}
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def touch(now: Mapping[str, Remembered], root: Path, paths: Iterable[str]) -> None:
    """Files at `paths` were written or removed: their folders, and those above, are looked into next time."""
    for folder in folders_of(paths):
        holder = now.get(part_of(f"{folder}/"))
        if holder is None:
            continue  # nothing of its part was planned; that it was written to, its own times tell
        if os.path.isdir(f"{root}/{folder}"):
            holder.folders[folder] = _TOUCHED
        else:
            holder.folders.pop(folder, None)


# --- looking -----------------------------------------------------------------------------------


def survey(store: Store, folder: Path, foreign: frozenset[str], compressed: bool) -> Survey:
    """Look at every file of the output folder but those in the `foreign` folders at its top.

    With `compressed`, the .br and .gz of a remembered file are not unknown.
    """
    memory = Memory(store, folder)
    found = Survey(set(), set(), [], set(), False, False, {}, set())
    if not folder.exists():
        found.gone = memory.files()
        found.changed = set(found.gone)
        return found
    look = _Look(str(folder), memory, found)
    look.at_folders(foreign, compressed)
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

    def at_folders(self, foreign: frozenset[str], compressed: bool) -> None:
        folders: dict[str, Place] = {}
        for part in self.memory.parts():
            folders |= part.folders
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
        known = self.memory.files() if waiting else set()
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
                elif compressed and path.endswith(COMPANIONS) and path[:-3] in known:
                    continue
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
        for part in self.memory.parts():
            for file in part.files():
                path = file.path
                try:
                    state = os.lstat(f"{root}/{path}")
                except OSError:
                    state = None
                if state is None or (found.lost and not found.lost.isdisjoint(folders_of((path,)))):
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
