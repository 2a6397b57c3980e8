"""Renders the pages whose key changed, in parallel, and touches only files whose bytes changed.

A page's key is the hash of what it is given, of its template with everything it includes, and of
its language's catalogue; the software's own fingerprint guards the whole cache. What the output
folder holds is remembered file by file with size, times and inode, so that a file changed by
another hand is noticed and written again.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from pressroom.models import Item
from pressroom.parallel import spread
from pressroom.problems import PressroomError, UsageError
from pressroom.store import Store, digest
from pressroom.values import Body, Part, Value

Parts = Callable[[Body], tuple[Part, ...]]
Maker = Callable[[Any, Parts], bytes]


class Page(NamedTuple):
    """One file of the site.

    `view(tools, *given)` makes the values; `given` is all that it sees and all that the key hashes.
    `make` is the name of a template, which gets a dictionary, or a maker, which gets one struct.
    """

    path: str
    make: str | Maker
    view: Callable[..., Any]
    given: tuple[Any, ...]
    language: str = ""


class Written(msgspec.Struct, array_like=True):
    """What is remembered of a file in the output folder."""

    key: bytes
    size: int
    mtime: int
    inode: int
    parts: bytes = b""  # four bytes a part of the key, for `build --explain`


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
        self._known: dict[int, tuple[object, str]] = {}

    def token(self, given: Any) -> Any:
        """What stands for a value in a key."""
        kind = type(given)
        if kind is str or kind is int or kind is bool or given is None:
            return given
        if kind is Item:
            return given.digest
        if kind is tuple:
            return [self.token(each) for each in given]
        known = self._known.get(id(given))
        if known is not None:
            return known[1]
        if not isinstance(given, msgspec.Struct):
            raise TypeError(f"a page may be given records, values, texts and numbers, not {kind.__name__}")
        found = digest(kind.__name__.encode() + _encode(given)).hex()
        # The object is kept with its digest, so that its id is not given to another one.
        self._known[id(given)] = (given, found)
        return found

    def parts(self, page: Page, made_of: str) -> bytes:
        """Four bytes for the template and for each thing given: which of them changed."""
        return b"".join(digest(_encode(each))[:4] for each in (made_of, *map(self.token, page.given)))

    def key(self, page: Page, made_of: str) -> bytes:
        make = page.make if isinstance(page.make, str) else page.make.__qualname__
        return digest(_encode([make, page.view.__qualname__, made_of, [self.token(each) for each in page.given]]))


_REFERENCES: Final = re.compile(r"{%-?\s*(?:extends|include|import|from)\s+(.*?)(?:\s+import\b.*?|\s+with(?:out)? context|\s+ignore missing|\s+as\s+\w+)?\s*-?%}", re.DOTALL)
_NAME: Final = re.compile(r"""["']([^"']+)["']""")


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
            parts = [each.encode() + b"\0" + self._sources.get(each, b"") for each in sorted(reached)]
            found = self._digests[name] = digest(b"\0".join(parts)).hex()
        return found


# --- the output folder -------------------------------------------------------------------------


class Output:
    """The folder that is written to; it is ours alone, and nothing is written outside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(os.path.realpath(folder))
        self._made: set[str] = set()

    def claim(self, sources: Iterable[Path]) -> None:
        """Refuse a folder that holds what we did not write, or that contains the sources."""
        for source in sources:
            real = Path(os.path.realpath(source))
            if real == self.folder or real.is_relative_to(self.folder) or self.folder.is_relative_to(real):
                raise UsageError(
                    f"输出文件夹{self.folder}与来源{source}重叠；请换一个。",
                    f"the output folder {self.folder} overlaps the source {source}; choose another",
                )
        if self.folder.exists() and not self.folder.is_dir():
            raise UsageError(f"{self.folder}不是文件夹。", f"{self.folder} is not a folder")
        robots = self.folder / "robots.txt"
        try:
            empty = not self.folder.exists() or not any(os.scandir(self.folder))
            ours = robots.is_file() and robots.read_bytes().startswith(b"# pressroom")
        except OSError as error:
            raise UsageError(
                f"输出文件夹{self.folder}打不开：{error.strerror}。", f"the output folder {self.folder} cannot be opened: {error.strerror}"
            ) from error
        if not empty and not ours and not (self.folder / UNFINISHED).exists():
            raise UsageError(
                f"{self.folder}里有不是本程序写的文件；为免误删，请换一个空文件夹。",
                f"{self.folder} holds files that were not written here; choose an empty folder, so that nothing is lost",
            )

    def path(self, name: str) -> str:
        """Where a page stands on disk; a path that would leave the folder is refused."""
        parts = name.split("/")
        if not name or name.startswith("/") or ".." in parts or "" in parts or "\\" in name or "\0" in name:
            raise PressroomError(f"路径“{name}”会写到输出文件夹之外。", f"the path {name!r} would leave the output folder")
        return f"{self.folder}/{name}"

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
                view = memoryview(data)
                while view:
                    view = view[file.write(view) :]
            os.replace(fresh, target)
        except OSError as error:
            try:
                os.unlink(fresh)
            except OSError:
                pass
            raise PressroomError(
                f"写不进{target}：{error.strerror}。", f"{target} cannot be written: {error.strerror}"
            ) from error
        return True

    def _make(self, folder: str) -> None:
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
                f"建不了文件夹{folder}：{error.strerror}。", f"the folder {folder} cannot be made: {error.strerror}"
            ) from error
        if os.path.realpath(folder) != folder:
            raise PressroomError(
                f"{folder}是一个链接，指向输出文件夹之外。", f"{folder} is a link out of the output folder"
            )
        self._made.add(folder)

    def files(self) -> dict[str, os.stat_result]:
        """Every file below the folder, with its state."""
        found: dict[str, os.stat_result] = {}
        waiting = [str(self.folder)]
        cut = len(str(self.folder)) + 1
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        found[entry.path[cut:]] = entry.stat(follow_symlinks=False)
        return found

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


# Stands in the folder while it is written for the first time: robots.txt, its mark, comes last.
UNFINISHED: Final = ".unfinished"

def remembered(store: Store, output: Output) -> Mapping[str, Written]:
    """What the folder held after the last build."""
    raw = store.get(f"output:{output.folder}")
    return {} if raw is None else _manifest_decoder.decode(raw)


_manifest_decoder: Final = msgspec.msgpack.Decoder(dict[str, Written])


def write(
    pages: Sequence[Page],
    output: Output,
    store: Store,
    key_of: Callable[[Page], bytes],
    parts_of: Callable[[Page], bytes],
    render: Callable[[Page], bytes],
    jobs: int,
    progress: Callable[[int, int], None] | None = None,
    compressed: bool = False,
) -> Report:
    """Bring the output folder to what `pages` say, and nothing else; returns what was done."""
    name = f"output:{output.folder}"
    report = Report(pages=len(pages))
    before = remembered(store, output)
    os.makedirs(output.folder, exist_ok=True)
    there = output.files()
    if "robots.txt" not in there and UNFINISHED not in there:
        (output.folder / UNFINISHED).touch()
        there[UNFINISHED] = os.stat(output.folder / UNFINISHED)
    manifest: dict[str, Written] = {}
    wanted = {page.path for page in pages}
    todo: list[tuple[Page, bytes]] = []
    for page in pages:
        key = key_of(page)
        known, state = before.get(page.path), there.get(page.path)
        if (
            known is not None
            and state is not None
            and known.key == key
            and known.size == state.st_size
            and known.mtime == state.st_mtime_ns
            and known.inode == state.st_ino
            and stat.S_ISREG(state.st_mode)
        ):
            manifest[page.path] = known
        else:
            if state is not None and not stat.S_ISREG(state.st_mode):
                os.unlink(output.path(page.path))
            todo.append((page, key))
    if len(wanted) != len(pages):
        seen: set[str] = set()
        twice = sorted({page.path for page in pages if page.path in seen or seen.add(page.path)})  # type: ignore[func-returns-value]  # add() returns None on purpose
        raise PressroomError(f"两个页面要写到同一地址：{'、'.join(twice)}", f"two pages want the same address: {', '.join(twice)}")

    def work(batch: Sequence[tuple[Page, bytes]]) -> list[tuple[bool, int, int, int, bytes]]:
        done = []
        before, data = b"", b""
        for page, key in batch:
            # The same key is the same bytes: what both languages share is made once.
            if key != before:
                data = render(page)
                before = key
            changed = output.write(page.path, data)
            state = os.stat(output.path(page.path))
            done.append((changed, state.st_size, state.st_mtime_ns, state.st_ino, parts_of(page)))
        return done

    # Both languages' files of one item side by side; the mark of a finished folder last.
    todo.sort(key=lambda each: (each[0].path == "robots.txt", each[0].path.partition("/")[2]))
    stale = [
        path
        for path in there
        if path not in wanted
        and path != UNFINISHED
        and not (compressed and path.endswith((".br", ".gz")) and path[:-3] in wanted)
    ]
    # A folder where a file stood, or a file where a folder stood: the old one goes first.
    wanted_folders = {path.rpartition("/")[0] for path in (page.path for page, _ in todo)}
    in_the_way = [path for path in stale if path in wanted_folders]
    if in_the_way:
        report.removed += output.remove(in_the_way)
    for page, _ in todo:
        target = output.path(page.path)
        if os.path.isdir(target):
            inside = [path for path in stale if path.startswith(f"{page.path}/")]
            report.removed += output.remove(inside)
    finished = 0
    for start, results in spread(work, todo, jobs):
        for (page, key), (changed, size, mtime, inode, parts) in zip(todo[start : start + len(results)], results, strict=True):
            manifest[page.path] = Written(key, size, mtime, inode, parts)
            report.rendered += 1
            if changed:
                report.written.append(page.path)
        finished += len(results)
        if progress is not None:
            progress(finished, len(todo))
    gone = set(report.removed)
    report.removed += output.remove(path for path in stale if path not in gone)
    if UNFINISHED in there:
        os.unlink(output.folder / UNFINISHED)
    report.unchanged = len(pages) - len(report.written)
    report.written.sort()
    report.removed.sort()
    if todo or report.removed or before.keys() != manifest.keys():
        store.put({name: _encode(manifest)})
    return report


__all__ = ["Keys", "Maker", "Output", "Page", "Parts", "Report", "Templates", "Value", "write"]
