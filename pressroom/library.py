"""The content folder as records: every file read, ignored by rule, or refused by name.

A folder is read again only when a file in it changed; what was read is kept in the cache under
the folder's key with the digest of its bytes. The bodies' HTML is kept apart, under its own
digest, and read only when a page is rendered.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import msgspec

from pressroom import photofiles
from pressroom.lifecycle import goes_out, instants
from pressroom.markup import MAX_BYTES, Converter, line_of, render
from pressroom.models import (
    FOLDERS,
    Data,
    Item,
    Kind,
    Organisation,
    Photo,
    Side,
    Status,
    Translation,
)
from pressroom.parallel import spread
from pressroom.problems import Problem, Severity, nearest
from pressroom.schema import (
    DATA_FILES,
    OPTIONAL_DATA,
    Leaf,
    Waiver,
    cross_check,
    join,
    make_item,
    read_data,
    read_leaf,
    side_moment,
    softened,
    unknown_reference,
)
from pressroom.store import Damaged, Store, hexdigest, part_of
from pressroom.words import LANGUAGES, Language, Words
from pressroom.yamlread import FORBIDDEN, KEY

# Files that editors, systems and our own proofreader leave behind; all else must be content.
IGNORED: Final = re.compile(
    r"\.DS_Store|Thumbs\.db|desktop\.ini|\.gitkeep|\.gitignore|.*~|\.#.*|#.*#|.*\.sw[op]|~\$.*"
)
IGNORED_FOLDERS: Final = frozenset({".git", "__MACOSX", ".obsidian", ".idea", ".vscode"})

# What may go out as it is from content/extra/: nothing that a server or a browser would run.
EXTRA_SUFFIXES: Final = frozenset(
    {
        ".txt",
        ".pdf",
        ".png",
        ".jpg",
        ".jpeg",
        ".webp",
        ".avif",
        ".ico",
        ".csv",
        ".json",
        ".xml",
        ".docx",
        ".xlsx",
        ".zip",
        ".mp3",
        ".mp4",
        ".vtt",
    }
)

# What the site writes itself, today or when an item goes out: an extra file there would stop that build.
OWN_ADDRESSES: Final = re.compile(
    r"(?:zh|en|contacts|data|media|static|pagefind)/|(?:robots\.txt|sitemap[^/]*\.xml|news-sitemap\.xml|favicon\.ico"
    r"|icon\.svg|apple-touch-icon\.png|_redirects|\.well-known/security\.txt)$"
)

IN_STEP: Final = "in-step.txt"  # written by `check --in-step`, read by the proofreader
LANGUAGE_FILES: Final = ("zh.md", "en.md")

_name_of: Final = attrgetter("name")


def _ignored(name: str) -> bool:
    # Nearly every name is a key or a language file, and begins and ends with a letter.
    if name[0].isalnum() and name[-1].isalnum() and "." not in name:
        return False
    return name in IGNORED_FOLDERS or IGNORED.fullmatch(name) is not None


KIND_OF: Final[dict[str, Kind]] = {folder: kind for kind, folder in FOLDERS.items()}
# First parts of addresses that a page's slug may not take.
RESERVED: Final = frozenset(
    {
        "releases",
        "topics",
        "events",
        "programmes",
        "facts",
        "contacts",
        "names",
        "search",
        "corrections",
        "static",
        "data",
    }
)

Signature = tuple[
    tuple[str, int, int, int, int], ...
]  # (name, size, mtime, ctime, inode) of every file


class Entry(msgspec.Struct, array_like=True):
    """What is kept of a folder."""

    key: str
    signature: Signature
    digest: str
    item: Item | None
    problems: list[Problem]
    waivers: list[Waiver]
    in_step: str = ""  # the record of what both languages said when a person compared them
    folder: tuple[int, int, int] | None = None  # (mtime, ctime, inode) of a folder of plain files


class DataEntry(msgspec.Struct, array_like=True):
    signature: Signature
    data: Data | None
    problems: list[Problem]


class Kept(msgspec.Struct, array_like=True):
    """What is kept of the whole; the entries of the folders lie beside it, part by part."""

    scanned: int  # when, in nanoseconds: files as young as the scan may change unnoticed
    data: DataEntry | None
    lost: dict[str, list[Problem]] = {}  # by item, its references to nothing
    loose: set[str] = set()  # bodies that no record names any more; `serve` may still show them


class Folder(msgspec.Struct):
    """A folder of an item as it lies on disk."""

    key: str
    kind: Kind
    files: dict[str, os.stat_result]
    place: tuple[int, int, int] | None = (
        None  # its own times and inode, when it holds plain files only
    )


class Library(msgspec.Struct):
    """Everything the content folder says."""

    root: Path
    items: dict[str, Item]
    data: Data
    extra: dict[str, Path]  # path in the output → file
    problems: list[Problem]
    waivers: dict[str, list[Waiver]]
    in_step: dict[str, str]
    read: int  # folders looked at
    parsed: int  # of which read anew


class _Scan:
    """One walk over the content folder."""

    def __init__(
        self, root: Path, name: str, before: Mapping[str, Entry] | None = None, since: int = 0
    ) -> None:
        self.root = root
        self.name = name
        self.before = before or {}
        self.since = since  # nanoseconds; what is younger may have changed unnoticed
        self.folders: dict[str, Folder | None] = {}  # None: as it was
        self.data: dict[str, os.stat_result] = {}
        self.extra: dict[str, Path] = {}
        self.problems: list[Problem] = []

    def refuse(
        self, path: str, rule: str, what: Words, mend: Words = Words(), line: int = 0
    ) -> None:
        self.problems.append(
            Problem(f"{self.name}/{path}" if path else self.name, line, 0, rule, what, mend)
        )

    def entries(self, path: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.root / path) as found:
                listed = sorted(
                    (entry for entry in found if not _ignored(entry.name)),
                    key=_name_of,
                )
        except OSError as error:
            self.refuse(
                path,
                "unreadable",
                Words(
                    f"文件夹打不开：{error.strerror}。",
                    f"the folder cannot be opened: {error.strerror}",
                ),
                Words("检查权限。", "check its permissions"),
            )
            return []
        readable = [entry for entry in listed if entry.name.isprintable()]
        if len(readable) == len(listed):
            return readable
        for entry in listed:
            if not entry.name.isprintable():
                escaped = (
                    entry.name.encode("utf-8", "backslashreplace")
                    .decode()
                    .encode("unicode_escape")
                    .decode()
                )
                self.refuse(
                    f"{path}/{escaped}" if path else escaped,
                    "stray-file",
                    Words(
                        "这个文件名里有不可见的字符，或不是UTF-8。",
                        "this name holds invisible characters, or is not UTF-8",
                    ),
                    Words("改名或删去。", "rename or remove it"),
                )
        return readable

    def file(self, entry: os.DirEntry[str], path: str) -> os.stat_result | None:
        """A regular file's state; links, pipes and devices are refused."""
        state = entry.stat(follow_symlinks=False)
        if stat.S_ISREG(state.st_mode):
            return state
        if stat.S_ISLNK(state.st_mode):
            what = Words(
                "这是一个符号链接；链接可能指向内容之外。",
                "this is a symbolic link, which may lead out of the content",
            )
        else:
            what = Words("这不是普通文件。", "this is not a regular file")
        self.refuse(
            path,
            "file",
            what,
            Words("换成真正的文件，或删去。", "put the file itself here, or remove it"),
        )
        return None

    def stray(self, path: str, known: Sequence[str] = ()) -> None:
        like = nearest(path.rsplit("/", 1)[-1], known)
        self.refuse(
            path,
            "stray-file",
            Words(
                "这里不该有这个文件：它不会被读取，也不会发布。",
                "nothing reads or publishes this file here",
            ),
            Words(f"是不是“{like}”？", f"did you mean {like!r}?")
            if like
            else Words(
                "移走或删去；要原样发布的文件放进content/extra/。",
                "move or remove it; files to go out as they are belong in content/extra/",
            ),
        )

    def walk(self) -> None:
        for entry in self.entries(""):
            name = entry.name
            if entry.is_symlink() or not entry.is_dir(follow_symlinks=False):
                if self.file(entry, name) is not None:
                    self.stray(name)
            elif name == "data":
                for found in self.entries("data"):
                    path = f"data/{found.name}"
                    state = (
                        self.file(found, path) if not found.is_dir(follow_symlinks=False) else None
                    )
                    stem, dot, suffix = found.name.rpartition(".")
                    if state is not None and dot and suffix == "yaml" and stem in DATA_FILES:
                        self.data[stem] = state
                    elif state is not None or found.is_dir(follow_symlinks=False):
                        self.stray(path, [f"{file}.yaml" for file in DATA_FILES])
            elif name == "extra":
                self.walk_extra("extra")
            elif name in KIND_OF:
                self.walk_kind(
                    KIND_OF[name], name, name, 2 if name in ("releases", "events") else 1
                )
            else:
                like = nearest(name, [*KIND_OF, "data", "extra"])
                self.refuse(
                    name,
                    "stray-file",
                    Words(
                        f"content/里没有“{name}”这类文件夹。", f"content/ has no folder {name!r}"
                    ),
                    Words(f"是不是“{like}”？", f"did you mean {like!r}?")
                    if like
                    else Words(
                        f"可用：{'、'.join(KIND_OF)}、data、extra。",
                        f"known: {', '.join(KIND_OF)}, data, extra",
                    ),
                )

    def walk_kind(self, kind: Kind, path: str, top: str, depth: int) -> None:
        for entry in self.entries(path):
            here = f"{path}/{entry.name}"
            if self._as_before(here):
                continue
            if not entry.is_dir(follow_symlinks=False):
                if self.file(entry, here) is not None:
                    self.stray(here)
                continue
            if not KEY.fullmatch(entry.name):
                self.refuse(
                    here,
                    "folder",
                    Words(
                        f"文件夹名“{entry.name}”不能作地址。",
                        f"the folder name {entry.name!r} cannot be an address",
                    ),
                    Words(
                        "只用小写字母、数字和单个连字符；文件夹名就是网址，永不更改。",
                        "use a–z, 0–9 and single hyphens; the name is the address, for ever",
                    ),
                )
                continue
            if kind == "page" and entry.name in RESERVED:
                self.refuse(
                    here,
                    "folder",
                    Words(
                        f"“/{entry.name}/”是网站自己的地址。",
                        f"/{entry.name}/ is an address of the site itself",
                    ),
                    Words("换一个文件夹名。", "choose another folder name"),
                )
                continue
            if kind == "release" and depth == 2:
                if not re.fullmatch(r"\d{4}", entry.name):
                    self.refuse(
                        here,
                        "folder",
                        Words(
                            "新闻稿要放在年份文件夹里。", "releases stand in a folder of their year"
                        ),
                        Words(
                            "如releases/2017/child-welfare-week。",
                            "as in releases/2017/child-welfare-week",
                        ),
                    )
                    continue
                self.walk_kind(kind, here, top, 1)
            else:
                self.item(kind, here, top, depth)

    def _as_before(self, path: str) -> bool:
        """A folder in which nothing came, went or changed: only its own state and its files' are asked for.

        The inode of a file says that it is still the regular file that it was.
        """
        entry = self.before.get(path)
        if entry is None or entry.folder is None or max(entry.folder[:2]) >= self.since:
            return False
        base, since = f"{self.root}/{path}", self.since
        try:
            if _place(os.lstat(base)) != entry.folder:
                return False
            for name, size, mtime, ctime, inode in entry.signature:
                state = os.lstat(f"{base}/{name}")
                if (
                    state.st_mtime_ns != mtime
                    or state.st_size != size
                    or state.st_ino != inode
                    or state.st_ctime_ns != ctime
                    or mtime >= since
                    or ctime >= since
                ):
                    return False
        except OSError:
            return False
        self.folders[path] = None
        return True

    def item(self, kind: Kind, path: str, top: str, depth: int) -> None:
        files: dict[str, os.stat_result] = {}
        misnamed: dict[str, os.stat_result] = {}
        nested = False
        plain = True
        troubles = len(self.problems)
        for entry in self.entries(path):
            here = f"{path}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                plain = False
                if entry.name == "photos":
                    for picture in self.entries(here):
                        state = self.file(picture, f"{here}/{picture.name}")
                        if state is not None:
                            files[f"photos/{picture.name}"] = state
                elif kind == "event" and depth == 2:
                    nested = True
                    if KEY.fullmatch(entry.name):
                        if not self._as_before(here):
                            self.item(kind, here, top, 1)
                    else:
                        self.refuse(
                            here,
                            "folder",
                            Words(
                                f"文件夹名“{entry.name}”不能作地址。",
                                f"the folder name {entry.name!r} cannot be an address",
                            ),
                        )
                else:
                    self.stray(here, ["photos"])
                continue
            state = self.file(entry, here)
            if state is None:
                continue
            if entry.name in (*LANGUAGE_FILES, IN_STEP):
                files[entry.name] = state
            else:
                self.stray(here, LANGUAGE_FILES)
                if nearest(entry.name, LANGUAGE_FILES):
                    misnamed[entry.name] = state
        if not all(name in files for name in LANGUAGE_FILES):
            files.update(
                misnamed
            )  # one of the two, most likely: the item cannot be judged without it
        if any(name.endswith(".md") for name in files):
            place = None
            # A folder with a stray file is looked at every time: its problem is not kept.
            if plain and len(self.problems) == troubles:
                place = _place(os.stat(self.root / path))
            self.folders[path] = Folder(path, kind, files, place)
        elif not nested:
            self.refuse(
                path,
                "empty",
                Words(
                    "文件夹里没有zh.md，也没有en.md。",
                    "there is neither zh.md nor en.md in this folder",
                ),
                Words("写一个，或删去文件夹。", "write one, or remove the folder"),
            )

    def walk_extra(self, path: str) -> None:
        for entry in self.entries(path):
            here = f"{path}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                self.walk_extra(here)
            elif self.file(entry, here) is not None:
                out = here.removeprefix("extra/")
                if Path(entry.name).suffix.lower() not in EXTRA_SUFFIXES:
                    self.refuse(
                        here,
                        "extra",
                        Words(
                            f"“{entry.name}”这类文件不会发布。",
                            f"files like {entry.name!r} do not go out",
                        ),
                        Words(
                            f"可以发布：{'、'.join(sorted(EXTRA_SUFFIXES))}。",
                            f"these do: {', '.join(sorted(EXTRA_SUFFIXES))}",
                        ),
                    )
                elif entry.name.startswith(".") and not here.startswith("extra/.well-known/"):
                    self.stray(here)
                elif OWN_ADDRESSES.match(out):
                    self.refuse(
                        here,
                        "extra",
                        Words(
                            f"“/{out}”是网站自己的地址。",
                            f"/{out} is an address of the site itself",
                        ),
                        Words("换一个名字或文件夹。", "choose another name or folder"),
                    )
                else:
                    self.extra[out] = self.root / here


def _place(state: os.stat_result) -> tuple[int, int, int]:
    return state.st_mtime_ns, state.st_ctime_ns, state.st_ino


def _signature(files: Mapping[str, os.stat_result]) -> Signature:
    return tuple(
        (name, s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino) for name, s in files.items()
    )


def _young(signature: Signature, since: int) -> bool:
    # A file written while it was scanned could change once more without its times changing:
    # clocks of file systems tick only every few milliseconds.
    return any(mtime >= since or ctime >= since for _, _, mtime, ctime, _ in signature)


def read_text(
    root: Path, name: str, path: str, problems: list[Problem]
) -> tuple[str, bytes] | None:
    """A source file as text and bytes; None with the problem reported when it cannot be text."""
    shown = f"{name}/{path}"

    def refuse(what: Words, mend: Words = Words(), line: int = 0, rule: str = "encoding") -> None:
        problems.append(Problem(shown, line, 0, rule, what, mend))

    try:
        with open(root / path, "rb", buffering=0) as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        refuse(
            Words(
                f"文件打不开：{error.strerror}。", f"the file cannot be opened: {error.strerror}"
            ),
            Words("检查权限。", "check its permissions"),
            rule="unreadable",
        )
        return None
    if len(raw) > MAX_BYTES:
        refuse(
            Words(
                f"文件超过{MAX_BYTES // 1024}KB。",
                f"the file is larger than {MAX_BYTES // 1024} KB",
            ),
            Words("分成几篇。", "split it into several items"),
            rule="size",
        )
        return None
    try:
        source = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        likely = "UTF-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "GB18030"
        refuse(
            Words(
                f"文件不是UTF-8编码，可能是{likely}。", f"the file is not UTF-8; it may be {likely}"
            ),
            Words("在编辑器里另存为UTF-8。", "save it as UTF-8 in your editor"),
            line,
        )
        return None
    if "\r" in source:
        source = source.replace("\r\n", "\n").replace("\r", "\n")
    bad = FORBIDDEN.search(source)
    if bad:
        refuse(
            Words(
                f"含有不可见的控制字符U+{ord(bad[0]):04X}。",
                f"it contains the invisible character U+{ord(bad[0]):04X}",
            ),
            Words(
                "删去它；它多半是复制粘贴带来的。",
                "delete it; it usually comes from copying and pasting",
            ),
            source.count("\n", 0, bad.start()) + 1,
            "characters",
        )
        return None
    return source, raw


class FolderReader:
    """Reads one folder into an entry and its bodies; what it says depends on the bytes alone."""

    def __init__(self, root: Path, name: str, markdown_settings: Mapping[str, Any]) -> None:
        self.root = root
        self.name = name
        self.converter = Converter(markdown_settings)

    def read(self, folder: Folder) -> tuple[Entry, list[tuple[str, str]]]:
        problems: list[Problem] = []
        leaves: dict[Language, Leaf] = {}
        parts: list[bytes] = []
        # What seems to be missing may stand in zh-CN.md, which has been named.
        unread = any(name.endswith(".md") and name not in LANGUAGE_FILES for name in folder.files)
        for language in LANGUAGES:
            file = f"{language}.md"
            if file not in folder.files:
                continue
            path = f"{folder.key}/{file}"
            got = read_text(self.root, self.name, path, problems)
            if got is None:
                unread = True
                continue
            source, raw = got
            parts += [file.encode(), raw]
            leaves[language] = read_leaf(folder.kind, language, f"{self.name}/{path}", source)
        digests: dict[str, str] = {}
        for name in folder.files:
            if name.startswith("photos/"):
                try:
                    digests[name.removeprefix("photos/")] = self.photo(
                        f"{folder.key}/{name}", problems
                    )
                except OSError as error:
                    problems.append(
                        Problem(
                            f"{self.name}/{folder.key}/{name}",
                            0,
                            0,
                            "unreadable",
                            Words(
                                f"文件打不开：{error.strerror}。",
                                f"the file cannot be opened: {error.strerror}",
                            ),
                        )
                    )
        parts += [f"{name}={value}".encode() for name, value in digests.items()]
        in_step = ""
        if IN_STEP in folder.files:
            record = read_text(self.root, self.name, f"{folder.key}/{IN_STEP}", problems)
            in_step = record[0] if record else ""
        key_digest = hexdigest(b"\0".join([folder.key.encode(), *parts]))
        signature = _signature(folder.files)
        if not leaves:
            return Entry(folder.key, signature, key_digest, None, problems, []), []
        for leaf in leaves.values():
            problems += leaf.problems
        if unread:  # what seems to be missing may well stand in the file that is no text
            return Entry(folder.key, signature, key_digest, None, problems, []), []
        common = join(folder.kind, folder.key, leaves, problems)
        waivers = [
            waiver for leaf in leaves.values() for waiver in leaf.values.get("proofread", ())
        ]
        common.pop("proofread", None)
        self._check(folder, leaves, common, digests, problems)
        sides: dict[Language, Side] = {}
        bodies: list[tuple[str, str]] = []
        for language, leaf in leaves.items():
            rendered = render(
                self.converter, language, leaf.path, leaf.body, leaf.body_line, problems
            )
            body = hexdigest(rendered.html.encode())
            bodies.append((body, rendered.html))
            status, embargo = side_moment(leaf, leaves, common)
            for photo in rendered.photos:
                if photo.name not in common.get("photos", {}):
                    problems.append(
                        unknown_reference(
                            leaf.path,
                            photo.line,
                            photo.name,
                            common.get("photos", {}),
                            Words("照片（photos里的键）", "key in `photos`"),
                        )
                    )
            sides[language] = Side(
                language=language,
                path=leaf.path,
                title=leaf.values.get("title", ""),
                summary=leaf.values.get("summary", ""),
                status=status,
                embargo=embargo,
                body=body,
                body_line=leaf.body_line,
                refs=rendered.refs,
                photos=rendered.photos,
                facts=rendered.facts,
                theme=leaf.values.get("theme", ""),
                lines=leaf.lines,
            )
        common.pop("status", None)
        common.pop("embargo", None)
        problems = softened(problems, list(sides.values()))
        if any(problem.severity is Severity.ERROR for problem in problems):
            # Some fields may be unreadable: no record, so that nothing downstream meets half of one.
            return Entry(folder.key, signature, key_digest, None, problems, waivers, in_step), []
        common["photos"] = {
            name: msgspec.structs.replace(photo, digest=digests.get(name, ""))
            for name, photo in common.get("photos", {}).items()
        }
        item = make_item(folder.kind, folder.key, key_digest, sides, common)
        item = msgspec.structs.replace(
            item, out_zh=goes_out(item, "zh"), out_en=goes_out(item, "en")
        )
        item = msgspec.structs.replace(item, instants=tuple(sorted(set(instants(item)))))
        return Entry(folder.key, signature, key_digest, item, problems, waivers, in_step), bodies

    def photo(self, path: str, problems: list[Problem]) -> str:
        """The digest of a photograph's bytes; what is wrong with it goes into `problems`."""
        with open(self.root / path, "rb") as file:
            data = file.read(photofiles.MAX_BYTES + 1)
        if len(data) > photofiles.MAX_BYTES:
            megabytes = photofiles.MAX_BYTES // 1024 // 1024
            wrong: tuple[Words, Words] | None = (
                Words(f"照片超过{megabytes}MB。", f"the picture is larger than {megabytes} MB"),
                Words("缩小后再放进来。", "scale it down"),
            )
        else:
            wrong = photofiles.fault(data, path.rpartition("/")[2])
        if wrong is not None:
            problems.append(Problem(f"{self.name}/{path}", 0, 0, "picture", *wrong))
        return hexdigest(data)

    def _check(
        self,
        folder: Folder,
        leaves: Mapping[Language, Leaf],
        common: Mapping[str, Any],
        digests: Mapping[str, str],
        problems: list[Problem],
    ) -> None:
        """What holds between the fields of one folder."""
        first = next(iter(leaves.values()))

        def refuse(
            field: str,
            rule: str,
            what: Words,
            mend: Words = Words(),
            value: str = "",
            warn: bool = False,
        ) -> None:
            leaf = next((leaf for leaf in leaves.values() if field in leaf.lines), first)
            problems.append(
                Problem(
                    leaf.path,
                    leaf.lines.get(field, 1),
                    0,
                    rule,
                    what,
                    mend,
                    value,
                    severity=Severity.WARNING if warn else Severity.ERROR,
                )
            )

        day = common.get("date")
        if folder.kind == "release" and day is not None:
            year = folder.key.split("/")[1]
            if str(day.year) != year:
                refuse(
                    "date",
                    "folder",
                    Words(
                        f"date是{day.year}年，文件夹却在{year}里。",
                        f"the date is in {day.year}, the folder in {year}",
                    ),
                    Words("改日期，或把文件夹移到那一年。", "correct the date, or move the folder"),
                    str(day),
                )
        translation = common.get("translation", Translation.TOGETHER)
        only: Language | None = {Translation.ZH_ONLY: "zh", Translation.EN_ONLY: "en"}.get(
            translation
        )  # type: ignore[assignment]  # values are languages
        if only is not None:
            for language, leaf in leaves.items():
                if language != only:
                    problems.append(
                        Problem(
                            leaf.path,
                            1,
                            0,
                            "translation",
                            Words(
                                f"translation是{translation}，却有{language}.md。",
                                f"translation is {translation}, yet there is {language}.md",
                            ),
                            Words(
                                "删去这个文件，或改translation。",
                                "remove this file, or change `translation`",
                            ),
                        )
                    )
            if only not in leaves:
                refuse(
                    "translation",
                    "translation",
                    Words(
                        f"translation是{translation}，却没有{only}.md。",
                        f"translation is {translation}, yet there is no {only}.md",
                    ),
                )
        elif translation is Translation.TOGETHER and len(leaves) == 1:
            problems.append(
                Problem(
                    first.path,
                    0,
                    0,
                    "translation",
                    Words(
                        "只有一种语言，另一种写好之前不会发布。",
                        "one language alone is held until the other is there",
                    ),
                    Words(
                        "补上另一种语言，或写translation: zh-only等。",
                        "add the other language, or say `translation: zh-only` or the like",
                    ),
                    severity=Severity.WARNING,
                )
            )
        waited_for: Language | None = {Translation.ZH_FIRST: "zh", Translation.EN_FIRST: "en"}.get(
            translation
        )  # type: ignore[assignment]  # values are languages
        if waited_for is not None and waited_for not in leaves:
            problems.append(
                Problem(
                    first.path,
                    0,
                    0,
                    "translation",
                    Words(
                        f"translation是{translation}，{waited_for}.md写好之前不会发布。",
                        f"translation is {translation}: held until there is {waited_for}.md",
                    ),
                    severity=Severity.WARNING,
                )
            )
        withdrawn = common.get("withdrawn")
        statuses = {leaf.values.get("status") for leaf in leaves.values()}
        if Status.WITHDRAWN in statuses and withdrawn is None:
            refuse(
                "status",
                "missing",
                Words(
                    "status是withdrawn，却没有写withdrawn（时间和原因）。",
                    "status is withdrawn, yet `withdrawn` (when and why) is missing",
                ),
                Words(
                    "补上withdrawn: {at: …, zh: …, en: …}。", "add withdrawn: {at: …, zh: …, en: …}"
                ),
            )
        for field in ("corrections", "withdrawn"):
            notices = common.get(field) or ()
            for notice in notices if isinstance(notices, tuple) else (notices,):
                for language in leaves:
                    if not notice.text[language]:
                        refuse(
                            field,
                            "missing",
                            Words(
                                f"{field}缺少“{language}”的文字。",
                                f"{field} lacks its text in {language!r}",
                            ),
                            Words("两种语言都要告诉读者。", "readers of both languages are told"),
                        )
        photos: Mapping[str, Photo] = common.get("photos", {})
        for name, photo in photos.items():
            if name not in digests and not photo.on_request:
                refuse(
                    "photos",
                    "photograph",
                    Words(f"photos/里没有“{name}”。", f"there is no file photos/{name}"),
                    Words(
                        "放进文件，或写on_request: true。",
                        "put the file there, or say on_request: true",
                    ),
                    name,
                )
            if name in digests and photo.children and not photo.consent:
                refuse(
                    "photos",
                    "consent",
                    Words(
                        f"“{name}”上有儿童，却没有写consent。",
                        f"{name!r} shows children, yet names no consent",
                    ),
                    Words("写上同意书的编号。", "name the consent form’s reference"),
                    name,
                )
        for name in digests:
            if name not in photos:
                problems.append(
                    Problem(
                        f"{self.name}/{folder.key}/photos/{name}",
                        0,
                        0,
                        "stray-file",
                        Words("这张照片没有写进photos。", "this picture is not named in `photos`"),
                        Words(
                            "在zh.md或en.md的photos里写上它的来源，或移走文件。",
                            "name it with its credit in `photos`, or remove the file",
                        ),
                    )
                )
        if folder.kind == "event":
            nested = folder.key.count("/") == 2
            kind = common.get("kind", "edition" if nested else "")
            said = common.get("edition") if kind == "edition" and nested else None
            if said is not None and str(said) != folder.key.rsplit("/", 1)[-1]:
                refuse(
                    "edition",
                    "folder",
                    Words("edition与文件夹名不一致。", "`edition` differs from the folder’s name"),
                    value=str(said),
                )
            if nested and kind == "series":
                refuse(
                    "kind",
                    "folder",
                    Words("系列不能放在系列里。", "a series cannot stand inside a series"),
                )
            starts, ends = common.get("starts"), common.get("ends")
            if starts and ends and ends.last < starts.first:
                refuse(
                    "ends",
                    "order",
                    Words("ends早于starts。", "`ends` is before `starts`"),
                    value=ends.text,
                )


# --- the whole folder --------------------------------------------------------------------------

_KEPT: Final = "library"
# Bodies of a large archive are kept as they come: all of them together take as much memory as its records.
_AT_ONCE: Final = 500
_LOOSE: Final = 1000  # so many bodies that no record names are forgotten in one go
_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(Kept)
_part_decoder: Final = msgspec.msgpack.Decoder(list[Entry])
_entry_decoder: Final = msgspec.msgpack.Decoder(list[tuple[Entry, list[tuple[str, str]]]])


def load(root: Path, store: Store, markdown_settings: Mapping[str, Any], jobs: int) -> Library:
    """Read the content folder; what did not change since the last time comes from the cache."""
    scanned = time.time_ns() - 50_000_000
    name = root.name
    kept, before = _recall(store)
    scan = _Scan(root, name, before, kept.scanned)
    scan.walk()
    entries: dict[str, Entry] = {}
    todo: list[Folder] = []
    for key, folder in scan.folders.items():
        entry = before.get(key)
        if folder is None:
            entries[key] = before[key]
        elif (
            entry is not None
            and entry.signature == _signature(folder.files)
            and not _young(entry.signature, kept.scanned)
        ):
            entry.folder = folder.place
            entries[key] = entry
        else:
            todo.append(folder)
    places = {folder.key: folder.place for folder in todo}
    bodies: list[tuple[str, str]] = []
    for key, entry, found in _read_all(root, name, markdown_settings, todo, jobs):
        entry.folder = places[key]
        entries[key] = entry
        bodies += found
        if len(bodies) >= _AT_ONCE:
            store.put({}, bodies)
            bodies.clear()
    data = _read_data(root, name, scan, kept)
    problems = [*scan.problems, *data.problems]
    items: dict[str, Item] = {}
    for key in scan.folders:
        entry = entries[key]
        problems += entry.problems
        if entry.item is not None:
            items[key] = entry.item
    # An item that went, or that cannot be read any more, leaves others' references behind.
    gone = (before.keys() - entries.keys()) | {
        key for key, entry in before.items() if entry.item is not None and key not in items
    }
    lost = kept.lost
    changed = bool(todo) or bool(gone) or data is not kept.data
    if changed:
        if data.data is not None:
            again = (
                items.keys()
                if gone or data is not kept.data
                else {folder.key for folder in todo} | lost.keys()
            )
            lost = {key: found for key, found in lost.items() if key not in again and key in items}
            for key in again:
                nothing = list(_references_of(items[key], items, data.data)) if key in items else []
                if nothing:
                    lost[key] = nothing
        changed_parts = {part_of(folder.key) for folder in todo}
        changed_parts |= {part_of(key) for key in before.keys() - entries.keys()}
        parts: dict[str, list[Entry]] = {}
        for key, entry in entries.items():
            if part_of(key) in changed_parts:
                parts.setdefault(part_of(key), []).append(entry)
        loose = _loose(kept.loose, before, entries, items)
        forget = loose if len(loose) > _LOOSE else set()
        store.put(
            {
                _KEPT: _encoder.encode(Kept(scanned, data, lost, loose - forget)),
                **{f"{_KEPT}/{part}": _encoder.encode(found) for part, found in parts.items()},
            },
            bodies,
            drop=[f"{_KEPT}/{part}" for part in changed_parts - parts.keys()],
            forget=forget,
        )
    known = data.data
    if known is None:
        # No record of the data: nothing can be checked against it, the problems say why.
        library = Library(
            root, {}, _NO_DATA, scan.extra, problems, {}, {}, len(scan.folders), len(todo)
        )
        if not problems:
            problems.append(_missing_data(name, next(iter(DATA_FILES))))
        return library
    problems += [problem for found in lost.values() for problem in found]
    problems += check_facts(items, known, name)
    unread = [key for key, entry in entries.items() if entry.item is None]
    if unread:  # what refers to them refers to something
        problems = [one for one in problems if not _refers(one, unread)]
    return Library(
        root,
        items,
        known,
        scan.extra,
        problems,
        {key: entry.waivers for key, entry in entries.items() if entry.waivers},
        {key: entry.in_step for key, entry in entries.items() if entry.in_step},
        len(scan.folders),
        len(todo),
    )


def _recall(store: Store) -> tuple[Kept, dict[str, Entry]]:
    try:
        raw = store.get(_KEPT)
        if raw is not None:
            entries = [_part_decoder.decode(part) for part in store.parts(_KEPT).values()]
            return _decoder.decode(raw), {entry.key: entry for part in entries for entry in part}
    except (Damaged, msgspec.DecodeError):
        store.clear()
    return Kept(0, None), {}


def _read_all(
    root: Path, name: str, settings: Mapping[str, Any], todo: Sequence[Folder], jobs: int
) -> Iterator[tuple[str, Entry, list[tuple[str, str]]]]:
    reader: FolderReader | None = None

    def work(folders: Sequence[Folder]) -> list[bytes]:
        nonlocal reader
        if reader is None:
            reader = FolderReader(root, name, settings)
        return [_encoder.encode([reader.read(folder) for folder in folders])]

    for _, answers in spread(work, todo, jobs, batch=32, least=64):
        for raw in answers:
            for entry, bodies in _entry_decoder.decode(raw):
                yield entry.key, entry, bodies


def _loose(
    known: set[str],
    before: Mapping[str, Entry],
    entries: Mapping[str, Entry],
    items: Mapping[str, Item],
) -> set[str]:
    """The bodies that a record named once, and none names any more."""
    gone = known | {
        side.body
        for key, entry in before.items()
        if entry.item is not None and entries.get(key) is not entry
        for side in entry.item.sides()
    }
    return gone and gone - {side.body for item in items.values() for side in item.sides()}


def _refers(problem: Problem, unread: Sequence[str]) -> bool:
    """Whether a reference leads to an item that is there, and could not be read."""
    key = problem.value.rpartition(":")[2]
    return problem.rule == "reference" and any(one.endswith(f"/{key}") for one in unread)


def _missing_data(name: str, file: str) -> Problem:
    return Problem(
        f"{name}/data/{file}.yaml",
        0,
        0,
        "missing",
        Words("缺少这个文件。", "this file is missing"),
        Words("照README里的说明补上。", "add it as the README describes"),
    )


def _read_data(root: Path, name: str, scan: _Scan, kept: Kept) -> DataEntry:
    signature = _signature(scan.data)
    if (
        kept.data is not None
        and kept.data.signature == signature
        and kept.data.data is not None
        and not _young(signature, kept.scanned)
    ):
        return kept.data
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    raws: list[bytes] = []
    for file in DATA_FILES:
        if file not in scan.data:
            if file in OPTIONAL_DATA:
                continue
            problems.append(_missing_data(name, file))
            continue
        got = read_text(root, name, f"data/{file}.yaml", problems)
        if got is not None:
            raws.append(got[1])
            value = read_data(file, f"{name}/data/{file}.yaml", got[0], problems)
            if value is not None:
                values[file] = value
    if DATA_FILES.keys() - OPTIONAL_DATA - values.keys():
        return DataEntry(signature, None, problems)
    data = Data(**values, digest=hexdigest(b"\0".join(raws)))
    problems += cross_check(data, {file: f"{name}/data/{file}.yaml" for file in DATA_FILES})
    return DataEntry(signature, data, problems)


_NOBODY: Final = Organisation(
    Words(), Words(), Words(), Words(), Words(), Words(), Words(), press_line=""
)
_NO_DATA: Final = Data(_NOBODY, {}, {}, {}, {})


def check_facts(items: Mapping[str, Item], data: Data, name: str) -> list[Problem]:
    """Every programme and release that a fact names must be there."""
    problems: list[Problem] = []
    for fact in data.facts.values():
        path = f"{name}/data/facts.yaml"
        if fact.programme and f"programmes/{fact.programme}" not in items:
            problems.append(
                unknown_reference(
                    path,
                    fact.line,
                    fact.programme,
                    _slugs(items, "programmes/"),
                    Words("项目", "programme"),
                )
            )
        for value in fact.values:
            if value.source.startswith("release:"):
                key = f"releases/{value.source.removeprefix('release:')}"
                if key not in items:
                    problems.append(
                        unknown_reference(
                            path,
                            fact.line,
                            value.source,
                            _slugs(items, "releases/"),
                            Words("新闻稿", "release"),
                        )
                    )
    return problems


def _slugs(items: Mapping[str, Item], prefix: str) -> list[str]:
    return [key.removeprefix(prefix) for key in items if key.startswith(prefix)]


_COMMON: Final = (
    ("contacts", "contacts", Words("联系人", "contact")),
    ("topics", "topics", Words("主题", "topic")),
    ("hosts", "names", Words("名称", "name")),
    ("people", "names", Words("名称", "name")),
    ("partners", "names", Words("名称", "name")),
    ("facts", "facts", Words("数据", "fact")),
)


def _references_of(item: Item, items: Mapping[str, Item], data: Data) -> Iterator[Problem]:
    draft = all(side.status is Status.DRAFT for side in item.sides())

    def where(field: str) -> tuple[str, int]:
        return item.place_of(field) or (item.sides()[0].path, 0)

    def lost(
        path: str, line: int, value: str, known: Any, what: Words, unfinished: bool = draft
    ) -> Problem:
        problem = unknown_reference(path, line, value, known, what)
        return (
            msgspec.structs.replace(problem, severity=Severity.WARNING) if unfinished else problem
        )

    for field, table, what in _COMMON:
        keys: tuple[str, ...] = getattr(item, field)
        if keys:
            known = getattr(data, table)
            for key in keys:
                if key not in known:
                    yield lost(*where(field), key, known, what)
    if item.place and item.place not in data.names:
        yield lost(
            *where("place"), item.place, data.names, Words("地点（names里的键）", "place in names")
        )
    for slug in item.programmes:
        if f"programmes/{slug}" not in items:
            yield lost(
                *where("programmes"), slug, _slugs(items, "programmes/"), Words("项目", "programme")
            )
    if item.event and f"events/{item.event}" not in items:
        yield lost(*where("event"), item.event, _slugs(items, "events/"), Words("活动", "event"))
    for side in item.sides():
        own = side.status is Status.DRAFT
        for ref in side.refs:
            if not resolves(ref.kind, ref.key, items, data):
                kind_folder = FOLDERS.get(ref.kind)  # type: ignore[call-overload]  # contact and name have no folder
                known = (
                    _slugs(items, f"{kind_folder}/")
                    if kind_folder
                    else (data.contacts if ref.kind == "contact" else data.names)
                )
                yield lost(
                    side.path,
                    ref.line,
                    ref.key,
                    known,
                    Words(f"{{{ref.kind}}}", f"{{{ref.kind}}}"),
                    own,
                )
        for fact in side.facts:
            if fact.key not in data.facts:
                yield lost(side.path, fact.line, fact.key, data.facts, Words("数据", "fact"), own)
            elif fact.at and not any(
                value.as_of.text == fact.at for value in data.facts[fact.key].values
            ):
                yield lost(
                    side.path,
                    fact.line,
                    f"{fact.key}@{fact.at}",
                    [f"{fact.key}@{value.as_of.text}" for value in data.facts[fact.key].values],
                    Words("数值", "value of this fact"),
                    own,
                )


def resolves(kind: str, key: str, items: Mapping[str, Item], data: Data) -> bool:
    if kind == "contact":
        return key in data.contacts
    if kind == "name":
        return key in data.names
    return f"{kind}s/{key}" in items


__all__ = ["Library", "line_of", "load"]
