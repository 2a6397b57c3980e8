"""Renders the pages whose key changed, in parallel, and touches only files whose bytes changed.

A page's key is the hash of what it is given, of its template with everything it includes, and of
its language's catalogue; the software's own fingerprint guards the whole cache.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple

import msgspec

from pressroom.memory import (
    COMPANIONS,
    MARK,
    UNFINISHED,
    FileState,
    Memory,
    Still,
    Survey,
    Written,
    part_of,
    touch,
)
from pressroom.models import Item
from pressroom.parallel import spread
from pressroom.problems import PressroomError, UsageError
from pressroom.store import Store, digest
from pressroom.values import Body, Part, Value

Parts = Callable[[Body], tuple[Part, ...]]
Maker = Callable[[Any, Parts], Any]  # bytes, or a sequence of them


class Page(NamedTuple):
    """One file of the site, or several that are made in one go.

    `view(tools, *given)` makes the values; `given` is all that it sees and all that the key hashes.
    `make` is the name of a template, which gets a dictionary, or a maker, which gets one struct.
    A maker returns bytes, or, when it makes several files in one go, the bytes for each of `paths`.
    """

    path: str
    make: str | Maker
    view: Callable[..., Any]
    given: tuple[Any, ...]
    language: str = ""
    also: tuple[str, ...] = ()
    group: str = (
        ""  # the group of pages that it belongs to, when a stamp stands for what they are given
    )

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path, *self.also)


def files_of(page: Page, made: Any) -> Iterator[tuple[str, bytes]]:
    """The files of a page, each with its bytes; `made` is what its maker returned."""
    return zip(page.paths, (made,) if isinstance(made, bytes) else made, strict=True)


class Report(msgspec.Struct):
    """What one run did to the output folder."""

    pages: int = 0
    written: list[str] = []
    removed: list[str] = []
    rendered: int = 0
    unchanged: int = 0


# --- keys --------------------------------------------------------------------------------------

_encode: Final = msgspec.msgpack.Encoder(order="sorted").encode


class Keys:
    """Hashes what pages are given; a struct that many pages share is hashed once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, bytes]] = {}

    def token(self, given: Any) -> Any:
        """What stands for a value in a key."""
        kind = type(given)
        if kind is str or kind is int or kind is bool or given is None:
            return given
        if kind is Item:
            return given.digest
        known = self._known.get(id(given))
        if known is not None:
            return known[1]
        if kind is tuple:
            return [self.token(each) for each in given]
        if not isinstance(given, msgspec.Struct):
            raise TypeError(
                f"a page may be given records, values, texts and numbers, not {kind.__name__}"
            )
        found = digest(_encode((kind.__name__, given)))
        # The object is kept with its digest, so that its id is not given to another one.
        self._known[id(given)] = (given, found)
        return found

    def parts(self, page: Page, made_of: str) -> bytes:
        """Four bytes for the template and for each thing given: which of them changed."""
        return b"".join(
            (token if isinstance(token, bytes) else digest(_encode(token)))[:4]
            for token in (made_of, *map(self.token, page.given))
        )

    def key(self, page: Page, made_of: str) -> bytes:
        # An instance that makes files has no name of its own: its class has.
        make = (
            page.make
            if isinstance(page.make, str)
            else getattr(page.make, "__qualname__", type(page.make).__qualname__)
        )
        tokens: list[Any] = [make, page.view.__qualname__, made_of]
        known = self._known
        for given in page.given:
            # Most of what pages are given was given to another page before.
            met = known.get(id(given))
            tokens.append(met[1] if met is not None else self.token(given))
        return digest(_encode(tokens))


_REFERENCES: Final = re.compile(
    r"{%-?\s*(?:extends|include|import|from)\s+(.*?)(?:\s+import\b.*?|\s+with(?:out)? context|\s+ignore missing|\s+as\s+\w+)?\s*-?%}",
    re.DOTALL,
)
_NAME: Final = re.compile(r"""["']([^"']+)["']""")


def states(folders: Sequence[Path]) -> tuple[tuple[str, int, int, int], ...]:
    """What tells that a file below these folders changed: size, time and inode of each."""
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*.html")):
            state = path.stat()
            found.append((str(path), state.st_size, state.st_mtime_ns, state.st_ino))
    return tuple(found)


class Templates:
    """The theme's templates, and for each the digest of its text and of all that it draws in."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._sources: dict[str, bytes] = {}
        for folder in reversed(folders):
            for path in sorted(folder.rglob("*.html")):
                self._sources[path.relative_to(folder).as_posix()] = path.read_bytes()
        self._draws: dict[str, set[str]] = {}
        for name, source in self._sources.items():
            found: set[str] = set()
            for match in _REFERENCES.finditer(source.decode()):
                names = _NAME.findall(match[1])
                if not names:
                    raise PressroomError(
                        f"theme/templates/{name}：include和extends只能写固定的模板名：{match[0]}",
                        f"theme/templates/{name}: include and extends take fixed names only: {match[0]}",
                    )
                found.update(names)
            unknown = sorted(
                each for each in found if each not in self._sources and not each.startswith("!")
            )
            if unknown:
                # Its text could not be part of the key: a change in it would go unnoticed.
                raise PressroomError(
                    f"theme/templates/{name}：没有“{unknown[0]}”这个模板。",
                    f"theme/templates/{name}: there is no template {unknown[0]!r}",
                )
            self._draws[name] = found
        self._digests: dict[str, str] = {}

    def digest(self, name: str) -> str:
        found = self._digests.get(name)
        if found is None:
            reached = {name}
            waiting = [name]
            while waiting:
                for drawn in self._draws.get(waiting.pop(), ()):
                    if drawn not in reached:
                        reached.add(drawn)
                        waiting.append(drawn)
            parts = [
                each.encode() + b"\0" + self._sources.get(each, b"") for each in sorted(reached)
            ]
            found = self._digests[name] = digest(b"\0".join(parts)).hex()
        return found


# --- the output folder -------------------------------------------------------------------------


class Output:
    """The folder that is written to; it is ours alone, and nothing is written outside it.

    Folders at its top that are `foreign` are another module's: neither looked at nor cleared here.
    """

    def __init__(self, folder: Path, foreign: Iterable[str] = ()) -> None:
        self.folder = Path(os.path.realpath(folder))
        self.foreign = frozenset(foreign)
        self._made = {str(self.folder)}  # folders known to be there, and to be no links

    def claim(self, sources: Iterable[Path]) -> None:
        """Refuse a folder that contains the sources, or stands among them."""
        for source in sources:
            real = Path(os.path.realpath(source))
            if (
                real == self.folder
                or real.is_relative_to(self.folder)
                or self.folder.is_relative_to(real)
            ):
                raise UsageError(
                    f"输出文件夹{self.folder}与来源{source}重叠；请换一个。",
                    f"the output folder {self.folder} overlaps the source {source}; choose another",
                )
        if self.folder.exists() and not self.folder.is_dir():
            raise UsageError(f"{self.folder}不是文件夹。", f"{self.folder} is not a folder")

    def own(self, memory: Memory) -> None:
        """Refuse a folder that holds what we did not write: our mark is missing, and we remember none of it."""
        robots = self.folder / MARK
        try:
            there = os.listdir(self.folder) if self.folder.exists() else []
            ours = robots.is_file() and robots.read_bytes().startswith(b"# pressroom")
            if there and not ours and UNFINISHED not in there:
                known = memory.files()
                ours = bool(known) and known.issuperset(self.files())
        except OSError as error:
            raise UsageError(
                f"输出文件夹{self.folder}打不开：{error.strerror}。",
                f"the output folder {self.folder} cannot be opened: {error.strerror}",
            ) from error
        if there and not ours and UNFINISHED not in there:
            raise UsageError(
                f"{self.folder}里有不是本程序写的文件；为免误删，请换一个空文件夹。",
                f"{self.folder} holds files that were not written here; choose an empty folder, so that nothing is lost",
            )

    def path(self, name: str) -> str:
        """Where a page stands on disk; a path that would leave the folder is refused."""
        parts = name.split("/")
        if (
            not name
            or name.startswith("/")
            or ".." in parts
            or "" in parts
            or "\\" in name
            or "\0" in name
        ):
            raise PressroomError(
                f"路径“{name}”会写到输出文件夹之外。",
                f"the path {name!r} would leave the output folder",
            )
        return f"{self.folder}/{name}"

    def begin(self, name: str, data: bytes) -> os.stat_result | None:
        """Put `data` where nothing stands, in a folder that is marked as unfinished; None when something does.

        Should it end half-way, the next build finds a file that it does not remember, and looks at it.
        """
        target = self.path(name)
        folder = target.rsplit("/", 1)[0]
        if folder not in self._made:
            self._make(folder)
        try:
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        except FileExistsError:
            return None
        except OSError as error:
            raise _unwritable(target, error) from error
        try:
            _write_all(handle, data)
            return os.fstat(handle)
        except OSError as error:
            with suppress(OSError):
                os.unlink(target)
            raise _unwritable(target, error) from error
        finally:
            os.close(handle)

    def write(self, name: str, data: bytes) -> bool:
        """Put `data` there, whole or not at all; False when it stands there already."""
        target = self.path(name)
        try:
            with open(target, "rb") as there:
                if os.fstat(there.fileno()).st_size == len(data) and there.read() == data:
                    return False
        except (FileNotFoundError, NotADirectoryError):
            pass
        folder = target.rsplit("/", 1)[0]
        if folder not in self._made:
            self._make(folder)
        fresh = f"{target}.{os.getpid()}.part"
        try:
            with open(fresh, "wb", buffering=0) as file:
                _write_all(file.fileno(), data)
            os.replace(fresh, target)
        except OSError as error:
            with suppress(OSError):
                os.unlink(fresh)
            raise _unwritable(target, error) from error
        return True

    def _make(self, folder: str) -> None:
        """Make a folder and those above it; what was made here is known to be no link."""
        above = folder.rsplit("/", 1)[0]
        if above not in self._made:
            self._make(above)
        try:
            os.mkdir(folder)
            self._made.add(folder)
            return
        except OSError:
            pass  # it is there, or something else is, or it cannot be made: looked at below
        try:
            os.makedirs(folder, exist_ok=True)
        except FileExistsError:
            # A file of an earlier build stands where a folder is wanted now.
            path = folder
            while not os.path.lexists(path) or os.path.isdir(path):
                path = path.rsplit("/", 1)[0]
            os.unlink(path)
            os.makedirs(folder, exist_ok=True)
        except OSError as error:
            raise PressroomError(
                f"建不了文件夹{folder}：{error.strerror}。",
                f"the folder {folder} cannot be made: {error.strerror}",
            ) from error
        if os.path.realpath(folder) != folder:
            raise PressroomError(
                f"{folder}是一个链接，指向输出文件夹之外。",
                f"{folder} is a link out of the output folder",
            )
        self._made.add(folder)

    def files(self) -> Iterator[str]:
        """The path of every file below the folder."""
        waiting = [str(self.folder)]
        cut = len(str(self.folder)) + 1
        while waiting:
            folder = waiting.pop()
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if entry.name not in self.foreign or len(folder) >= cut:
                            waiting.append(entry.path)
                    else:
                        yield entry.path[cut:]

    def remove(self, names: Iterable[str]) -> list[str]:
        """Remove files and the folders that became empty."""
        removed = []
        folders = set()
        for name in names:
            os.unlink(f"{self.folder}/{name}")
            removed.append(name)
            folder = name.rpartition("/")[0]
            while folder:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
        for folder in sorted(folders, key=len, reverse=True):
            try:
                os.rmdir(f"{self.folder}/{folder}")
            except OSError:
                continue
        return removed


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _unwritable(target: str, error: OSError) -> PressroomError:
    return PressroomError(
        f"写不进{target}：{error.strerror}。",
        f"{target} cannot be written: {error.strerror}",
    )


def write(
    pages: Sequence[Page],
    output: Output,
    before: Memory,
    found: Survey,
    stamps: Mapping[str, bytes],
    still: Still,
    key_of: Callable[[Page], bytes],
    parts_of: Callable[[Page], bytes],
    render: Callable[[Page], Any],
    jobs: int,
    progress: Callable[[int, int], None] | None = None,
    compressed: bool = False,
) -> Report:
    """Bring the output folder to what `pages` say and what is `still` as it was, and nothing else.

    `before` and `found` are what is remembered of the output and how it differs from that; `stamps`
    are those of today, by group. Parts that are still are not looked at.
    """
    report = Report()
    # A folder that was looked into is remembered, even when nothing else of its part is asked for.
    looked = {part_of(f"{folder}/") for folder in found.settled.keys() | found.lost}
    opened = (before.headers.keys() - still.parts) | {part_of(page.path) for page in pages} | looked
    now = {name: before.part(name).rest(still, found) for name in opened}
    todo: list[tuple[Page, bytes]] = []
    wanted = {file.path for part in now.values() for file in part.files()}
    keys = [key_of(page) for page in pages]
    os.makedirs(output.folder, exist_ok=True)
    if not found.robots and not found.unfinished:
        (output.folder / UNFINISHED).touch()
        found.unfinished = True
    changed, count = found.changed, len(wanted)
    for page, key in zip(pages, keys, strict=True):
        wanted.add(page.path)
        count += 1 + len(page.also)
        if page.also:
            wanted.update(page.also)
        part = now[part_of(page.path)]
        if page.group in stamps:
            part.groups.setdefault(page.group, []).append(page.path)
        known = before.page(page.path)
        if (
            known is not None
            and known.key == key
            and (not changed or not any(file.path in changed for file in known.files))
        ):
            part.pages[page.path] = known
        else:
            todo.append((page, key))
    if len(wanted) != count:
        raise _twice(pages)
    count += sum(header.files for name, header in before.headers.items() if name not in opened)
    report.pages = count
    stale = [path for path in found.unknown if path not in wanted]
    for name in opened & before.headers.keys():
        for file in before.part(name).files():
            if file.path not in wanted and file.path not in found.gone:
                stale.append(file.path)
    if compressed:
        stale = [path for path in stale if not (path.endswith(COMPANIONS) and path[:-3] in wanted)]
        beside = (f"{path}{suffix}" for path in stale for suffix in COMPANIONS)
        stale = list(
            dict.fromkeys(
                (*stale, *(path for path in beside if os.path.lexists(output.path(path))))
            )
        )
    _clear_the_way(output, todo, stale, found.irregular, report)

    def work(
        batch: Sequence[tuple[Page, bytes]],
    ) -> list[tuple[list[tuple[bool, FileState]], bytes]]:
        done = []
        for page, _ in batch:
            made = render(page)
            files = []
            for path, data in files_of(page, made):
                state = output.begin(path, data) if found.unfinished else None
                fresh = state is not None or output.write(path, data)
                state = state or os.stat(output.path(path))
                files.append(
                    (fresh, FileState(path, state.st_size, state.st_mtime_ns, state.st_ino))
                )
            done.append((files, parts_of(page)))
        return done

    # One item's pages and files follow each other, in whichever language: they share its texts. The
    # mark of a finished folder is written last.
    todo.sort(key=lambda each: (each[0].path == MARK, each[0].path[3:]))
    most = len(todo) - (bool(todo) and todo[-1][0].path == MARK)
    finished = 0
    for start, results in chain(
        spread(work, todo[:most], jobs), ((most, work(each)) for each in [todo[most:]] if each)
    ):
        for (page, key), (files, parts) in zip(
            todo[start : start + len(results)], results, strict=True
        ):
            written = Written(key, parts, [file for _, file in files])
            now[part_of(page.path)].pages[page.path] = written
            report.rendered += 1
            report.written += [file.path for fresh, file in files if fresh]
        finished += len(results)
        if progress is not None:
            progress(finished, len(todo))
    gone = set(report.removed)
    report.removed += output.remove(path for path in stale if path not in gone)
    if found.unfinished:
        os.unlink(output.folder / UNFINISHED)
    report.unchanged = count - len(report.written)
    report.written.sort()
    report.removed.sort()
    touched = chain((path for page, _ in todo for path in page.paths), report.removed)
    touch(now, output.folder, touched)
    before.keep(now, stamps)
    return report


def untouched(store: Store, output: Output, surveyed: Callable[[], Survey]) -> Report | None:
    """The report of a folder that is as it was left, when nothing changed that it is made from; else None."""
    found = surveyed()
    if found.changed or found.unknown or found.unfinished or not found.robots:
        return None
    memory = Memory(store, output.folder)
    memory.settle(found)
    count = sum(header.files for header in memory.headers.values())
    return Report(pages=count, unchanged=count)


def _twice(pages: Sequence[Page]) -> PressroomError:
    """Two pages want one address: a fault of ours, said all the same."""
    counted = Counter(path for page in pages for path in page.paths)
    twice = sorted(path for path, count in counted.items() if count > 1)
    return PressroomError(
        f"两个页面要写到同一地址：{'、'.join(twice)}",
        f"two pages want the same address: {', '.join(twice)}",
    )


def _clear_the_way(
    output: Output,
    todo: Sequence[tuple[Page, bytes]],
    stale: Sequence[str],
    irregular: set[str],
    report: Report,
) -> None:
    """A folder where a file stood, a file where a folder stood, a link where a page will be: the old one goes."""
    folders: set[str] = set()
    for page, _ in todo:
        for path in page.paths:
            folder = path.rpartition("/")[0]
            while folder and folder not in folders:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
            if path in irregular:
                os.unlink(output.path(path))
    in_the_way = [path for path in stale if path in folders]
    # Only a path that some stale file lies below can be a folder now.
    above = {str(folder) for path in stale for folder in PurePosixPath(path).parents}
    for page, _ in todo:
        for path in page.paths:
            if path in above and os.path.isdir(output.path(path)):
                in_the_way += [each for each in stale if each.startswith(f"{path}/")]
    if in_the_way:
        report.removed += output.remove(dict.fromkeys(in_the_way))


__all__ = [
    "Keys",
    "Maker",
    "Output",
    "Page",
    "Parts",
    "Report",
    "Templates",
    "Value",
    "files_of",
    "untouched",
    "write",
]
