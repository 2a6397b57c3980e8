"""The newsroom kept in memory: a saved file is read again alone, a page is made when it is asked for.

Nothing is written but the cache: what is not public yet exists as pages only while somebody looks.
What is broken never takes the rest down: an item that cannot be read any more keeps its last good
record, and a theme or a settings file that fails keeps the last good site.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import jinja2
import msgspec
from pelican.settings import read_settings

from pressroom import library
from pressroom.formats import MissingMessage
from pressroom.library import FolderReader, Library
from pressroom.lifecycle import contact_instants, seconds
from pressroom.models import FOLDERS, Item
from pressroom.newsroom import Newsroom, Times
from pressroom.pages import Site
from pressroom.problems import PressroomError, Problem, Severity, UsageError
from pressroom.store import Damaged, lock
from pressroom.words import LANGUAGES, Language, Words
from pressroom.writer import Page, files_of

Settings = Mapping[str, Any]

# The files of an item: when only such a file changed, no other item needs a look.
_OWN_FILES: Final = frozenset({"zh.md", "en.md", library.IN_STEP})

UNTITLED: Final = Words("（还没有标题）", "(no headline yet)")


class Fault(UsageError):
    """The settings, the theme or the program fail: `problem` says where, as for content."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(
            f"{problem.place}: {problem.what.zh}", f"{problem.place}: {problem.what.en}"
        )
        self.problem = problem

    def __reduce__(self) -> tuple[type[Fault], tuple[Problem]]:
        return type(self), (self.problem,)


def open_newsroom(conf: Path, overrides: Settings) -> Newsroom:
    """The newsroom of a settings file; Fault, with its line, when that file cannot be run."""
    try:
        settings = read_settings(str(conf), dict(overrides))
    except PressroomError:
        raise
    except Exception as error:  # a settings file is a program: anything may happen in it
        raise Fault(_of_python(conf, error)) from error
    folders = [
        *settings.get("THEME_TEMPLATES_OVERRIDES", ()),
        Path(settings["THEME"]) / "templates",
    ]
    return Newsroom(settings, jinja2.FileSystemLoader(folders))


def _of_python(conf: Path, error: Exception) -> Problem:
    line = getattr(error, "lineno", 0) or 0
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).name == conf.name:
            line = frame.lineno or 0
    said = f"{type(error).__name__}: {error}"
    return Problem(
        conf.name,
        line,
        0,
        "settings",
        Words(f"设置文件运行不了：{said}", f"the settings cannot be run: {said}"),
    )


def of_template(error: Exception, theme: Path) -> Problem:
    """What went wrong while a page was made: in which template and line, where one is to blame."""
    name, line = "", 0
    if isinstance(error, jinja2.TemplateSyntaxError):
        name, line = error.filename or error.name or "", error.lineno
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename.endswith(".html"):
                name, line = frame.filename, frame.lineno or 0
    said = str(error) or type(error).__name__
    if isinstance(error, PressroomError):
        return Problem(_shown(name, theme), line, 0, "page", error.words)
    if name or isinstance(error, (jinja2.TemplateError, MissingMessage)):
        what = Words(f"模板出错：{said}", f"the template fails: {said}")
        return Problem(_shown(name, theme), line, 0, "template", what)
    kind = type(error).__name__
    what = Words(
        f"程序出错，请报告：{kind}: {said}",
        f"a fault of the program, please report it: {kind}: {said}",
    )
    return Problem("pressroom", 0, 0, "program", what)


def _shown(name: str, theme: Path) -> str:
    """A template's path as staff know it, relative to the project."""
    path = Path(name)
    if path.is_absolute() and path.is_relative_to(theme):
        return f"{theme.name}/{path.relative_to(theme).as_posix()}"
    return name or theme.name


class Stage:
    """The site as it stands in the files, drafts and held items among it."""

    def __init__(self, conf: Path, overrides: Settings, clock: Callable[[], datetime]) -> None:
        self.conf = conf
        self.overrides = overrides
        self.clock = clock
        self.newsroom = open_newsroom(conf, overrides)
        self.shown = 0  # how often the site changed
        self.site: Site | None = None
        self.kept: set[str] = set()  # items that stand with their last good record
        self.fault: Problem | None = None  # of the settings
        self.theme_fault: Problem | None = None
        self._library: Library | None = None
        self._good: Library | None = None  # the last one with readable data
        self._render: Callable[[Page], Any] | None = None
        self._others: dict[str, Page] | None = None  # every page that is no item's, by path

    # --- reading -------------------------------------------------------------------------------

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the files as they are."""
        found = list(self._library.problems) if self._library is not None else []
        return [*found, *(fault for fault in (self.fault, self.theme_fault) if fault is not None)]

    @property
    def behind(self) -> bool:
        """Whether something of what is shown is older than the files."""
        faults = self.fault is not None or self.theme_fault is not None
        return faults or bool(self.kept) or self._library is not self._good

    def read_all(self, jobs: int = 1) -> bool:
        """Read whatever changed, anywhere; returns whether anything had."""
        newsroom = self.newsroom
        with lock(newsroom.cache):
            try:
                fresh = newsroom.read(Times(), jobs)
            except Damaged:
                newsroom.store().clear()
                fresh = newsroom.read(Times(), jobs)
        last, self._library = self._library, fresh
        changed = last is None or bool(fresh.parsed) or _differ(last, fresh)
        before = self._good
        if not fresh.items and any(
            problem.severity is Severity.ERROR for problem in fresh.problems
        ):
            return changed  # the data cannot be read, and without it no item: what was shown stays
        broken = {
            _folder_of(problem) for problem in fresh.problems if problem.severity is Severity.ERROR
        }
        old = before.items if before is not None else {}
        lost = {
            key: item
            for key, item in old.items()
            if key not in fresh.items and f"{fresh.root.name}/{key}" in broken
        }
        self.kept = set(lost)
        if lost:
            # What refers to an item that is there, though broken, is not to blame.
            names = {key.partition("/")[2] for key in lost}
            fresh.problems = [
                each
                for each in fresh.problems
                if each.rule != "reference" or each.value not in names
            ]
            fresh.items.update(lost)
        self._good = fresh
        return changed

    def read(self, changed: Iterable[Path]) -> None:
        """Read again what these files belong to; everything, when they are not just items' own files."""
        keys = {self._item_of(path) for path in changed}
        found = self._library
        if found is None or found is not self._good or None in keys:
            self.read_all()
            return
        for key in keys:
            assert key is not None
            if not self._read_item(found, key):
                self.read_all()
                return

    def _item_of(self, path: Path) -> str | None:
        """The key of the item whose file this is; None when it may concern more than that item."""
        try:
            parts = path.relative_to(self.newsroom.content).parts
        except ValueError:
            return None
        if not parts:
            return None
        folder, name = parts[:-1], parts[-1]
        if folder and folder[-1] == "photos":
            folder = folder[:-1]
        elif name not in _OWN_FILES:
            return None
        key = "/".join(folder)
        there = self._library is not None and key in self._library.items
        return key if there and path.is_file() else None

    def _read_item(self, found: Library, key: str) -> bool:
        """Put an item's new record into the library; False when its folder is not what it was."""
        newsroom = self.newsroom
        name = found.root.name
        kind = library.KIND_OF[key.partition("/")[0]]
        scan = library._Scan(found.root, name)
        scan.item(kind, key, FOLDERS[kind], 2 if kind == "event" and key.count("/") == 1 else 1)
        folder = scan.folders.get(key)
        if folder is None:
            return False
        entry, bodies = FolderReader(found.root, name, newsroom.markdown).read(folder)
        mine = f"{name}/{key}"
        problems = [each for each in found.problems if _folder_of(each) != mine]
        problems += [each for each in scan.problems if _folder_of(each) == mine]
        problems += entry.problems
        if entry.item is None:
            self.kept.add(key)
        else:
            newsroom.store().put({}, bodies)
            found.items[key] = entry.item
            self.kept.discard(key)
            problems += library._references_of(entry.item, found.items, found.data)
        found.problems = problems
        return True

    # --- showing -------------------------------------------------------------------------------

    def renew(self) -> None:
        """Begin again with settings and theme as they are now; Fault when the settings cannot be run."""
        fresh = open_newsroom(self.conf, self.overrides)
        self.newsroom.store().close()
        self.newsroom = fresh
        self.fault = None

    def show(self) -> None:
        """Make a new site of what was read; the last one stays when theme or program fail."""
        good = self._good
        if good is None:
            return
        try:
            site = self.newsroom.site(_titled(good), seconds(self.clock()), True, Times())
            render = self.newsroom._renderer(site)
        except Exception as error:  # a theme that is being worked on may fail in any way
            self.theme_fault = of_template(error, self.newsroom.theme)
            return
        self.theme_fault = None
        self.site, self._render, self._others = site, render, None
        self.shown += 1

    def next_change(self) -> int | None:
        """When the site changes by itself, in seconds since the epoch; None when it does not."""
        if self._good is None or self.site is None:
            return None
        good, now = self._good, self.site.editions.now
        moments = {at for item in good.items.values() for at in item.instants}
        moments |= {
            at for contact in good.data.contacts.values() for at in contact_instants(contact)
        }
        return min((at for at in moments if at > now), default=None)

    def has(self, path: str) -> bool:
        """Whether there is a file at a path of the output."""
        return self._find(path) is not None

    def page(self, path: str) -> bytes | None:
        """The file at a path of the output, made now; None when there is none. Fault when it cannot be made."""
        page = self._find(path)
        if page is None:
            return None
        assert self._render is not None
        try:
            made = self._render(page)
        except Damaged:
            # The cache was emptied by another process: whatever is kept there is read anew.
            self.newsroom.store().clear()
            self.read_all()
            self.show()
            raise Fault(
                Problem(
                    ".cache",
                    0,
                    0,
                    "cache",
                    Words("缓存刚被清空，请刷新。", "the cache was emptied just now; reload"),
                )
            ) from None
        except Exception as error:  # a template that is being worked on may fail in any way
            raise Fault(of_template(error, self.newsroom.theme)) from error
        return dict(files_of(page, made))[path]

    def _find(self, path: str) -> Page | None:
        site = self.site
        if site is None:
            return None
        if path.startswith("sitemap"):
            # It lists all pages, so all are planned.
            whole = self.newsroom.site(site.library, site.editions.now, True, Times())
            return next((page for page in whole.pages() if path in page.paths), None)
        for key in _keys_in(path):
            item = site.editions.items.get(key)
            if item is not None:
                for page in site.of_item(item):
                    if path in page.paths:
                        return page
        if self._others is None:
            self._others = {each: page for page in site.of_no_item() for each in page.paths}
        return self._others.get(path)

    def close(self) -> None:
        self.newsroom.store().close()


def _differ(last: Library, fresh: Library) -> bool:
    """Whether two readings differ in more than items that were read anew."""
    return (
        last.items.keys() != fresh.items.keys()
        or last.data.digest != fresh.data.digest
        or last.extra != fresh.extra
        or last.problems != fresh.problems
    )


def _folder_of(problem: Problem) -> str:
    """The item's folder that a problem's file lies in, as it is shown: content/releases/2017/slug."""
    return problem.path.rpartition("/")[0].removesuffix("/photos")


def _keys_in(path: str) -> Iterator[str]:
    """The items, longest key first, that a path of the output may belong to."""
    parts = path.split("/")
    if parts[0] in (*LANGUAGES, "media") and len(parts) > 2:
        for end in range(len(parts) - 1, 2, -1):
            yield "/".join(parts[1:end])
        yield f"pages/{parts[1]}"


def _titled(found: Library) -> Library:
    """Drafts without a headline get a stand-in, so that there is something to click on."""
    bare = {
        key: item
        for key, item in found.items.items()
        if not all(side.title for side in item.sides())
    }
    if not bare:
        return found
    return msgspec.structs.replace(
        found, items={**found.items, **{key: _with_title(bare[key]) for key in bare}}
    )


def _with_title(item: Item) -> Item:
    sides: dict[Language, Any] = {}
    for side in item.sides():
        title = (
            side.title
            or f"{UNTITLED[side.language]}{' ' if side.language == 'en' else ''}{item.slug}"
        )
        sides[side.language] = msgspec.structs.replace(side, title=title)
    with suppress(KeyError):
        item = msgspec.structs.replace(item, zh=sides["zh"])
    with suppress(KeyError):
        item = msgspec.structs.replace(item, en=sides["en"])
    return item
