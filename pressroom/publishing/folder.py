"""A folder on this machine: versions side by side, and a link that rename(2) switches between them.

    /srv/www/newsroom             -> .newsroom.versions/20170531T070000Z-0123456789abcdef
    /srv/www/.newsroom.lock       the lock
    /srv/www/.newsroom.versions/
        history                   the versions that were live, oldest first; the last is live
        20170531T070000Z-…/       a version: never changed once it stands
        20170531T070000Z-….files  its files with their hashes
        20170531T070000Z-….assets its own style sheets, scripts and fonts, one a line
        20170531T….part/          a version in the making
        spare/                    the version that was dropped last: the next one is made of it

The link is the truth and `history` follows it, so a crash between the two is healed by whoever
comes next. A version's name ends with the hash of its tree. Files that did not change are hard
links to the version before, which is why a version must never be edited by hand. A new version is
made of the one dropped last, which is almost the same already: making and removing ten thousand
folders would take longer than all the rest.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import shutil
import stat
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pressroom.problems import PressroomError, UsageError
from pressroom.publishing.faults import UNCHANGED_EN, UNCHANGED_ZH, explained, saying
from pressroom.publishing.lock import PATIENCE, hold
from pressroom.publishing.media import asset
from pressroom.publishing.receipt import Receipt
from pressroom.publishing.targets import FolderTarget
from pressroom.publishing.tree import File, digest, whole
from pressroom.words import Words

# Versions kept, the live one included.
KEPT = 5

_BLOCK = 1 << 20

# Up to so many files and folders are synchronised one by one; beyond, one syncfs(2) is quicker.
_MANY = 500


class _Standing(msgspec.Struct, frozen=True, array_like=True):
    """A file as it stands in a version; size and time (nanoseconds) tell whether it was edited."""

    size: int
    digest: str
    mtime_ns: int

    def untouched(self, status: os.stat_result) -> bool:
        return (self.size, self.mtime_ns) == (status.st_size, status.st_mtime_ns)


def version_name(files: Mapping[str, File], now: datetime) -> str:
    """The name of a version made at an instant: when, and which tree."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{whole(files)}"


def put_live(
    tree: Path,
    files: Mapping[str, File],
    target: FolderTarget,
    *,
    now: datetime,
    patience: float = PATIENCE,
) -> Receipt:
    """Put `tree`, whose `files` were read just now, live at `target`; what fails changes nothing."""
    place = _Place(target.path)
    place.refuse_overlap(tree)
    place.refuse_stranger()
    with saying(f"在{target}建立文件夹", f"making the folders of {target}"):
        place.link.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            _make_folder(str(place.versions))
    with hold(place.lock, patience=patience):
        place.refuse_stranger()
        with saying(f"整理{place.versions}", f"tidying {place.versions}"):
            history = place.heal()
            place.tidy(history)
        before = history[-1] if history else ""
        standing = place.read_files(before)
        if before.endswith("-" + whole(files)) and place.intact(before, standing, files):
            return Receipt(str(target), before, before, kept=len(files), switched=False)
        name = place.free_name(version_name(files, now))
        try:
            sent = place.make(name, tree, files, before, standing)
            place.switch(name)
        except OSError as error:
            # The room that a half-made version takes up is given back at once where that works.
            place.clear_parts()
            raise explained(error, f"发布到{target}", f"publishing to {target}") from error
        except PressroomError:
            place.clear_parts()
            raise
        remarks = place.settle([*history, name])
    removed = sorted(set(standing) - set(files))
    return Receipt(
        str(target),
        name,
        before,
        tuple(sent),
        len(files) - len(sent),
        tuple(removed),
        True,
        remarks,
    )


def rollback(target: FolderTarget, *, patience: float = PATIENCE) -> Receipt:
    """Switch back to the version that was live before the one that is."""
    place = _Place(target.path)
    place.refuse_stranger()
    if not place.versions.is_dir():
        raise nothing_before(str(target))
    with hold(place.lock, patience=patience):
        with saying(f"整理{place.versions}", f"tidying {place.versions}"):
            history = place.heal()
        if len(history) < 2:
            raise nothing_before(str(target))
        bad, good = history[-1], history[-2]
        with saying(f"回退{target}", f"rolling back {target}"):
            place.switch(good)
        remarks = place.settle(history[:-1], drop=False)
        new, old = place.read_files(good), place.read_files(bad)
    changed = sorted(
        path for path in new if path not in old or new[path].digest != old[path].digest
    )
    removed = sorted(set(old) - set(new))
    return Receipt(
        str(target),
        good,
        bad,
        tuple(changed),
        len(new) - len(changed),
        tuple(removed),
        True,
        remarks,
    )


def nothing_before(target: str) -> PressroomError:
    """The words for a rollback where no earlier version is kept."""
    return PressroomError(
        f"{target}没有更早的版本可以回退。{UNCHANGED_ZH}",
        f"No earlier version is kept at {target}. {UNCHANGED_EN}",
    )


class _Place:
    """The link, the versions beside it and the lock; every method but the refusals needs the lock."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self.versions = link.parent / f".{link.name}.versions"
        self.lock = link.parent / f".{link.name}.lock"

    # -- refusals -----------------------------------------------------------------------------

    def refuse_stranger(self) -> None:
        """The link's place must be empty, an empty folder, or a link into our versions."""
        try:
            status = os.lstat(self.link)
            if stat.S_ISLNK(status.st_mode):
                ours = os.path.dirname(os.readlink(self.link)) in (
                    self.versions.name,
                    str(self.versions),
                )
            else:
                ours = stat.S_ISDIR(status.st_mode) and not os.listdir(self.link)
        except FileNotFoundError:
            return
        except OSError as error:
            raise explained(error, f"查看{self.link}", f"looking at {self.link}") from error
        if not ours:
            raise UsageError(
                f"{self.link}已经存在，而且不是由发布建立的；为免覆盖，没有动它。"
                "请把它改名或移走，或换一个目标。目标本身会成为一个链接，由网页服务器读取。",
                f"{self.link} exists and was not made by publishing; it was left alone. Rename it or "
                "move it away, or choose another target. The target itself becomes a link that the "
                "web server reads through.",
            )

    def refuse_overlap(self, tree: Path) -> None:
        """The tree cannot be the target, lie in a version, or hold the target."""
        inside, outside = tree.resolve(), self.link.parent.resolve()
        versions = outside / self.versions.name
        if (
            inside == outside / self.link.name
            or inside.is_relative_to(versions)
            or outside.is_relative_to(inside)
        ):
            raise UsageError(
                f"不能把{tree}发布到{self.link}：两者互相重叠。请换一个目标。",
                f"{tree} cannot be published to {self.link}: one lies in the other. Choose another target.",
            )

    # -- what is there ------------------------------------------------------------------------

    def live(self) -> str:
        """The version the link leads to, or an empty string."""
        try:
            name = os.path.basename(os.readlink(self.link))
        except OSError:
            return ""
        return name if (self.versions / name).is_dir() else ""

    def heal(self) -> list[str]:
        """The history, oldest first, made to agree with the link."""
        try:
            lines = (self.versions / "history").read_text("utf-8").split()
        except FileNotFoundError:
            lines = []
        history = [name for name in lines if (self.versions / name).is_dir()]
        live = self.live()
        if live in history:  # a crash after a rollback's switch leaves later versions behind it
            history = history[: history.index(live) + 1]
        elif live:  # a crash after a publication's switch leaves the live version out
            history.append(live)
        else:
            history = []
        history = history[-KEPT:]
        if history != lines:
            self.write_history(history)
        return history

    def tidy(self, history: Iterable[str]) -> None:
        """Keep the versions of the history and, of all else, one folder as the spare one."""
        keep = {"history", "spare"}
        for name in history:
            keep |= {name, f"{name}.files", f"{name}.assets"}
        spare = self.versions / "spare"
        for entry in list(os.scandir(self.versions)):
            if entry.name in keep:
                continue
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
            elif spare.exists():
                shutil.rmtree(entry.path)
            else:
                os.rename(entry.path, spare)

    def read_files(self, name: str) -> dict[str, _Standing]:
        """The files of a version with their hashes; nothing where no record is readable."""
        try:
            data = (self.versions / f"{name}.files").read_bytes()
            return msgspec.msgpack.decode(data, type=dict[str, _Standing])
        except (OSError, msgspec.MsgspecError):
            return {}

    def intact(
        self, name: str, standing: Mapping[str, _Standing], files: Mapping[str, File]
    ) -> bool:
        """Whether a version still has every file as it was written."""
        if len(standing) != len(files):
            return False
        top = os.path.join(self.versions, name)
        try:
            return all(
                path in files and entry.untouched(os.lstat(f"{top}/{path}"))
                for path, entry in standing.items()
            )
        except OSError:
            return False

    def free_name(self, name: str) -> str:
        """The name, or the name with a second's ordinal when the same tree was live that second."""
        instant, _, tree = name.partition("-")
        tries = (instant + (f".{number}" if number else "") + "-" + tree for number in range(1000))
        return next(name for name in tries if not (self.versions / name).exists())

    # -- making -------------------------------------------------------------------------------

    def make(
        self,
        name: str,
        tree: Path,
        files: Mapping[str, File],
        before: str,
        standing: Mapping[str, _Standing],
    ) -> list[str]:
        """Make the version `name`, safe on disk; returns the paths that had to be copied."""
        old = str(self.versions / before)
        part = _Part(self.versions / f"{name}.part", self.versions / "spare")
        part.keep_only(files)
        sent: list[str] = []
        written: dict[str, _Standing] = {}
        for path, file in files.items():
            entry = standing.get(path)
            if entry and entry.digest == file.digest and part.link(f"{old}/{path}", path, entry):
                written[path] = entry
                continue
            mtime_ns = part.copy(f"{tree}/{path}", path, file, entry)
            written[path] = _Standing(file.size, file.digest, mtime_ns)
            sent.append(path)
        self._carry_assets(part, files)
        _write(self.versions / f"{name}.files", msgspec.msgpack.encode(written))
        own = "".join(f"{path}\n" for path in files if asset(path))
        _write(self.versions / f"{name}.assets", own.encode())
        part.sync()
        os.rename(part.top, self.versions / name)
        _sync_path(self.versions)
        return sent

    def _carry_assets(self, part: _Part, files: Mapping[str, File]) -> None:
        """Give the new version the hashed style sheets, scripts and fonts of those kept before it.

        Whoever loaded a page a moment before the switch asks for its style sheet a moment after.
        Nothing but the theme is carried: pages, pictures and the search index may hold words that
        were withdrawn.
        """
        for record in sorted(self.versions.glob("*.assets")):
            version = record.with_suffix("")
            if not version.is_dir():
                continue
            for path in record.read_text("utf-8").splitlines():
                if path in files or not asset(path):
                    continue
                # What cannot stand beside the new tree's own files gives way to them.
                with contextlib.suppress(FileExistsError, FileNotFoundError, NotADirectoryError):
                    part.carry(f"{version}/{path}", path)

    def switch(self, name: str) -> None:
        """Let the link lead to a version, in one step."""
        fresh = self.link.parent / f".{self.link.name}.next"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(fresh)
        os.symlink(os.path.join(self.versions.name, name), fresh)
        if not self.link.is_symlink() and self.link.is_dir():
            os.rmdir(self.link)  # an empty folder that waited for the first publication
        os.replace(fresh, self.link)

    def settle(self, history: Sequence[str], *, drop: bool = True) -> tuple[Words, ...]:
        """Write down what is live and drop the oldest; the switch is done, so nothing here fails it."""
        try:
            _sync_path(self.link.parent)
            self.write_history(history[-KEPT:])
            if drop:
                self.tidy(history[-KEPT:])
        except OSError as error:
            problem = explained(error, "清理旧版本", "tidying old versions").words
            return (
                Words(
                    problem.zh.replace(UNCHANGED_ZH, "新版本已经上线；下次发布会再清理。"),
                    problem.en.replace(
                        UNCHANGED_EN, "The new version is live; the next publication tidies again."
                    ),
                ),
            )
        return ()

    def write_history(self, history: Sequence[str]) -> None:
        fresh = self.versions / "history.next"
        _write(fresh, "".join(f"{name}\n" for name in history).encode())
        os.replace(fresh, self.versions / "history")
        _sync_path(self.versions)

    def clear_parts(self) -> None:
        """Remove what was being made, as far as that is possible; the next publication does the rest."""
        with contextlib.suppress(OSError):
            for part in self.versions.glob("*.part"):
                shutil.rmtree(part, ignore_errors=True)
            shutil.rmtree(self.versions / "spare", ignore_errors=True)


class _Part:
    """A version in the making: what the spare folder already holds, and what was touched."""

    def __init__(self, top: Path, spare: Path) -> None:
        self.top = top
        self._top = str(top)
        self._inodes: dict[str, int] = {}
        self._folders: set[str] = {""}
        self._touched: set[str] = {""}
        if spare.is_dir():
            os.rename(spare, top)
        else:
            _make_folder(self._top)

    def keep_only(self, files: Mapping[str, File]) -> None:
        """Remove every file and folder that the new version has no use for."""
        needed = {"", *_folders(files)}
        self._sweep("", needed, files)
        for folder in sorted(needed - self._folders):
            self._make_folder(folder)

    def _sweep(self, folder: str, needed: Set[str], files: Mapping[str, File]) -> None:
        for entry in list(os.scandir(f"{self._top}/{folder}")):
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                if path in needed:
                    self._folders.add(path)
                    self._sweep(path, needed, files)
                else:
                    shutil.rmtree(entry.path)
                    self._touched.add(folder)
            elif path in files and entry.is_file(follow_symlinks=False):
                self._inodes[path] = entry.inode()
            else:
                os.unlink(entry.path)
                self._touched.add(folder)

    def _make_folder(self, folder: str) -> None:
        _make_folder(f"{self._top}/{folder}")
        self._folders.add(folder)
        self._touched |= {folder, folder.rpartition("/")[0]}

    def _clear(self, path: str) -> str:
        """Where `path` is to stand, with nothing there yet."""
        goal = f"{self._top}/{path}"
        if self._inodes.pop(path, None) is not None:
            os.unlink(goal)
        self._touched.add(path.rpartition("/")[0])
        return goal

    def link(self, old: str, path: str, entry: _Standing) -> bool:
        """Hard-link a file of the version before, if it is still what was written there."""
        try:
            status = os.lstat(old)
            if not entry.untouched(status):
                return False
            # The very file stands here already, from an earlier version.
            if self._inodes.get(path) != status.st_ino:
                os.link(old, self._clear(path))
        except (FileNotFoundError, PermissionError):
            return False  # removed by hand, or protected_hardlinks: it is copied instead
        return True

    def copy(self, source: str, path: str, file: File, before: _Standing | None) -> int:
        """Copy a file of the tree; returns its time in nanoseconds."""
        goal = self._clear(path)
        self._touched.add(path)
        return _copy(source, goal, file, before)

    def carry(self, old: str, path: str) -> None:
        """Hard-link a file that is not the new tree's own."""
        for folder in _folders([path]):
            if folder not in self._folders:
                self._make_folder(folder)
        os.link(old, f"{self._top}/{path}")
        self._touched.add(path.rpartition("/")[0])

    def sync(self) -> None:
        """Have all that was touched on disk: one by one if it is little, else the whole file system."""
        if len(self._touched) > _MANY:
            sync(self.top)
            return
        for path in sorted(self._touched, reverse=True):
            _sync_path(self.top / path)


def _folders(files: Iterable[str]) -> list[str]:
    """Every folder that the files need, parents first."""
    found: set[str] = set()
    for path in files:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return sorted(found)


def _make_folder(path: str) -> None:
    os.mkdir(path)
    os.chmod(path, 0o755)  # whatever the umask: the web server is another user


def _copy(source: str, goal: str, file: File, before: _Standing | None) -> int:
    """Copy one file and prove that it is the one that was read before; returns its time."""
    with open(source, "rb", buffering=0) as read:
        data = read.read(_BLOCK + 1) if file.size <= _BLOCK else b""
        with open(goal, "xb", buffering=0) as write:
            if file.size <= _BLOCK:
                same = digest(data) == file.digest
                _write_all(write.fileno(), data)
            else:
                same = _copy_large(read.fileno(), write.fileno(), file.digest)
            os.fchmod(write.fileno(), 0o644)
            mtime_ns = os.fstat(write.fileno()).st_mtime_ns
            # Web servers make their ETag of size and second; a changed file must not repeat one.
            if (
                before
                and before.size == file.size
                and mtime_ns // 10**9 <= before.mtime_ns // 10**9
            ):
                mtime_ns = (before.mtime_ns // 10**9 + 1) * 10**9
                os.utime(write.fileno(), ns=(mtime_ns, mtime_ns))
    if not same:
        raise PressroomError(
            f"发布过程中{source}有了变化。请等生成结束后再发布。{UNCHANGED_ZH}",
            f"{source} changed while it was being published; publish again when the build has ended. "
            f"{UNCHANGED_EN}",
        )
    return mtime_ns


def _copy_large(source: int, goal: int, expected: str) -> bool:
    total = hashlib.blake2b(digest_size=16)
    while block := os.read(source, _BLOCK):
        total.update(block)
        _write_all(goal, block)
    return total.hexdigest() == expected


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        _write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_path(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync(folder: Path) -> None:
    """Have everything on the file system of `folder` on disk: syncfs(2), else sync(2).

    One call, because a first version of ten thousand files in as many folders would need twenty
    thousand; an error that the disk reported late is raised here, before the switch.
    """
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)
