"""The flow, in order: library, lifecycle, proofreading, editions, pages, writer.

`Newsroom` holds what stays the same between two builds of one process (settings, environments,
cache); `build` is one run over the content as it is now.
"""

from __future__ import annotations

import inspect
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jinja2
import msgspec
from babel.support import Translations
from markupsafe import Markup

from pressroom import (
    assets,
    catalogues,
    charts,
    editions,
    formats,
    ledger,
    library,
    memory,
    proofing,
    search_index,
    software,
    writer,
)
from pressroom.lifecycle import contact_instants, seconds, stand, state, valid
from pressroom.markup import MARK
from pressroom.moments import iso, read_instant
from pressroom.pages import SITEMAPS, STAMPED, Site, as_bytes
from pressroom.parallel import aside, cores
from pressroom.problems import ContentError, PressroomError, Problem, Severity, UsageError
from pressroom.redirects import redirect_maps
from pressroom.store import Damaged, Store, digest, lock
from pressroom.values import Body, Part
from pressroom.views import Tools, as_given
from pressroom.words import LANGUAGES, Language

if TYPE_CHECKING:
    from pressroom.proofreading.report import Waived

CLOCK: Final = "PRESSROOM_NOW"
_PELICANS: Final = "markdown.extensions.meta"
# Up to so many texts are proofread by one process beside the rest of the build.
FEW: Final = 16


class Wish(msgspec.Struct):
    """What one build is asked for."""

    now: datetime
    output: Path
    jobs: int = 0
    preview: bool = False
    compressed: bool = False  # keep .br and .gz beside the files: they are made after the build
    search: bool = False  # bring the search index in step, else take away an outdated one
    proofread: bool = True
    explain: str = ""
    progress: Callable[[str, int, int], None] | None = None
    newsroom: Newsroom | None = None  # who fulfilled the wish


class Outcome(msgspec.Struct):
    """What one build did."""

    report: writer.Report
    problems: list[Problem]
    read: int
    parsed: int
    drafts: int
    held: int
    times: dict[str, float]
    explanation: str = ""
    waived: Sequence[Waived] = ()


def clock(at: str = "") -> datetime:
    """The instant of the build: `--at`, else PRESSROOM_NOW, else now."""
    given = at or os.environ.get(CLOCK, "")
    return read_instant(given) if given else datetime.now(UTC).replace(microsecond=0)


class Bytecode(jinja2.BytecodeCache):
    """Compiled templates, in the cache that proves what it says."""

    def __init__(self, store: Store, catalogue: str) -> None:
        self.store = store
        # Messages are part of what is compiled: a language never meets another one's templates.
        self.catalogue = catalogue

    def _name(self, bucket: Any) -> str:
        return f"template:{self.catalogue}:{bucket.key}:{bucket.checksum}"

    def load_bytecode(self, bucket: Any) -> None:
        try:
            raw = self.store.get(self._name(bucket))
        except Damaged:
            return
        if raw is not None:
            bucket.bytecode_from_string(raw)

    def dump_bytecode(self, bucket: Any) -> None:
        self.store.put({self._name(bucket): bucket.bytecode_to_string()})


class Times:
    """Where the time goes."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.spent[step] = self.spent.get(step, 0.0) + time.perf_counter() - start


class Newsroom:
    """One project: its settings, its cache, and the environments its pages are rendered in."""

    def __init__(
        self, settings: Mapping[str, Any], loader: jinja2.BaseLoader | None = None
    ) -> None:
        self.settings = settings
        # In a Pelican run its Markdown reader has added its own reading of front matter to the setting.
        markdown = settings["MARKDOWN"]
        extensions = [each for each in markdown["extensions"] if each != _PELICANS]
        self.markdown: Mapping[str, Any] = {**markdown, "extensions": extensions}
        self.content = Path(settings["PATH"]).absolute()
        self.theme = Path(settings["THEME"]).absolute()
        self.project = self.content.parent
        self.site_url = str(settings["SITEURL"]).rstrip("/")
        if not self.site_url.startswith(("http://", "https://")):
            raise UsageError(
                "SITEURL要写成https://…，否则地图和订阅源里的地址不完整。",
                "SITEURL must begin with https://, or addresses in feeds and sitemaps would be incomplete",
            )
        self.loader = loader or jinja2.FileSystemLoader(self.theme / "templates")
        self.cache = Path(settings.get("PRESSROOM_CACHE") or self.project / ".cache").absolute()
        self.cache.mkdir(parents=True, exist_ok=True)
        self._store: Store | None = None
        # The site of the last build, for whoever publishes it; None when nothing had changed.
        self.last: Site | None = None
        self._to_seal: dict[str, bytes] = {}
        # A release's page and the files beside it open the same bodies, one after the other.
        self._opened: dict[Body, tuple[Part, ...]] = {}
        self._environments: tuple[Any, dict[Language, jinja2.Environment]] | None = None

    def store(self) -> Store:
        """The cache, opened once."""
        if self._store is None:
            # Settings that decide bytes and stand in no page's key.
            settings = [
                sorted(each.items()) for each in (self.markdown, self.settings["JINJA_ENVIRONMENT"])
            ]
            made_by = f"{software.fingerprint()} {settings!r}"
            self._store = Store(self.cache, made_by)
        return self._store

    # --- one build -----------------------------------------------------------------------------

    def build(self, wish: Wish) -> Outcome:
        """Bring the output folder to what the content says at `wish.now`.

        Raises ContentError, before anything is written, when the content has errors.
        """
        output = writer.Output(wish.output, (search_index.FOLDER,))
        output.claim([self.content, self.theme, self.project / "pressroom"])
        with lock(self.cache), lock(self._lock_of(output)):
            for attempt in range(2):
                try:
                    return self._build(wish, output)
                except Damaged as error:
                    if attempt:
                        raise PressroomError(
                            f"缓存{self.cache}用不了（{error}）；检查磁盘空间和权限，或删去它。",
                            f"the cache {self.cache} cannot be used ({error}); look at disk space and permissions, or delete it",
                        ) from error
                    self.store().clear()
        raise AssertionError("unreachable")

    def _lock_of(self, output: writer.Output) -> Path:
        from pressroom.store import hexdigest

        return self.cache / "locks" / hexdigest(str(output.folder).encode())

    def read(self, times: Times, jobs: int) -> library.Library:
        with times("open the cache"):
            store = self.store()
        with times("read"):
            return library.load(self.content, store, self.markdown, jobs)

    def site(
        self,
        read: library.Library,
        now: int,
        preview: bool,
        times: Times,
        stale: frozenset[str] = frozenset(),
    ) -> Site:
        """The site at an instant: lists, and all pages with what they depend on."""
        with times("lists"):
            lists = editions.make(read, now, preview)
        with times("theme"):
            translations, _ = catalogues.load(self.theme / "locale", self.store())
            addresses, files = assets.collect(self.theme / "static")
        return Site(
            read,
            lists,
            self._tools(translations),
            self.site_url,
            addresses,
            files,
            self.store(),
            stale,
        )

    def _build(self, wish: Wish, output: writer.Output) -> Outcome:
        times = Times()
        jobs = wish.jobs or cores()
        store = self.store()
        output.own(memory.Memory(store, output.folder))
        look = partial(
            memory.survey, store, output.folder, output.foreign, compressed=wish.compressed
        )
        # Looking at the output takes as long as looking at the content: beside each other, where there are cores.
        with aside(look, jobs) as surveyed:
            read = self.read(times, jobs)
            with times("proofread"):
                reading = proofing.Proofreading(read, store) if wish.proofread else None
                stale = reading.stale() if reading is not None else frozenset()
            # A past instant is built with today's undated pages: they may speak of what is public today.
            horizon = max(seconds(wish.now), int(time.time()))

            def proofread() -> proofing.Proof:
                if reading is None:
                    return proofing.UNREAD
                return reading.finish(jobs, horizon, wish.progress)

            # A few texts are proofread beside the planning of the pages, which does not ask for the answer.
            beside = (
                reading is not None
                and 0 < len(reading.todo) < FEW
                and stale is not None
                and not any(problem.severity is Severity.ERROR for problem in read.problems)
            )
            with aside(proofread, jobs if beside else 1) as proved, ExitStack() as stack:
                if not beside or stale is None:
                    with times("proofread"):
                        stale = _judged(read, proved()).stale
                if read.parsed > FEW:
                    # Many pages will be rendered, by processes that would each compile the templates.
                    stack.enter_context(aside(self.compile, jobs))
                return self._read_build(
                    wish, output, store, jobs, read, stale, proved, surveyed, times
                )

    def _read_build(
        self,
        wish: Wish,
        output: writer.Output,
        store: Store,
        jobs: int,
        read: library.Library,
        stale: frozenset[str],
        proved: Callable[[], proofing.Proof],
        surveyed: Callable[[], memory.Survey],
        times: Times,
    ) -> Outcome:
        if not self.settings.get("SAY_WHEN_STALE"):
            stale = frozenset()
        with times("compare"):
            whole = self._whole(read, wish, stale)
            asked_more = wish.explain or wish.preview
            asked_more = asked_more or not search_index.untouched(
                store, output.folder, whole, wish.search
            )
            known = None if asked_more else self._as_it_is(whole, store, output, surveyed)
        if known is not None:
            self.last = None
            proof = proved()
            problems = _problems(read, proof)
            return Outcome(
                known,
                problems,
                read.read,
                0,
                *self._waiting(read, wish),
                times.spent,
                "",
                proof.waived,
            )
        site = self.site(read, seconds(wish.now), wish.preview, times, stale)
        with times("theme"):
            keys = writer.Keys()
            templates = writer.Templates(self._template_folders())
            _, digests = catalogues.load(self.theme / "locale", self.store())

        def made_of(page: writer.Page) -> str:
            catalogue = digests["zh"] + digests["en"]
            return catalogue + (templates.digest(page.make) if isinstance(page.make, str) else "")

        with times("compare"):
            before, found = memory.Memory(store, output.folder), surveyed()
        with times("pages"):
            ground = "".join((digests["zh"], digests["en"], *map(templates.digest, STAMPED)))
            stamps = site.stamps(ground.encode())
            # Who asks why wants every page looked at.
            still = memory.Still(set(), set())
            if not wish.explain:
                still = before.still(stamps, found.changed)
            pages = list(site.pages(still.groups, _sitemaps(before, still)))
        if not wish.preview:
            pages += self._settled(site, partial(_paths, pages, still, before), wish.now)
        with times("proofread"):
            proof = _judged(read, proved())
            problems = _problems(read, proof)
        explanation = ""
        if wish.explain:
            explanation = explain(wish.explain, pages, keys, made_of, before)
        # From here on until all is done, no build may take the folder for what it was made from before.
        sealed = f"whole:{output.folder}"
        store.put({}, drop=[sealed])
        with times("write"):
            report = writer.write(
                pages,
                output,
                before,
                found,
                stamps,
                still,
                lambda page: keys.key(page, made_of(page)),
                lambda page: keys.parts(page, made_of(page)),
                self._renderer(site),
                jobs,
                partial(wish.progress, "write") if wish.progress else None,
                wish.compressed,
            )
        self._to_seal = {sealed: whole}
        if not wish.compressed:
            self.seal()
        self.last = site
        with times("search"):
            search_index.settle(
                site, output.folder, store, self.parts, wish.search, jobs, wish.progress
            )
            search_index.remember(store, output.folder, whole, wish.search)
        lists = site.editions
        return Outcome(
            report,
            problems,
            read.read,
            read.parsed,
            lists.drafts,
            lists.held,
            times.spent,
            explanation,
            proof.waived,
        )

    def seal(self) -> None:
        """Let the next build pass over a folder that was made of the same; what is published is sealed when it is live."""
        self.store().put(self._to_seal)

    def _whole(self, read: library.Library, wish: Wish, stale: frozenset[str]) -> bytes:
        """A digest of all that a build depends on: the same digest, the same site.

        Of the clock only what has passed counts of the instants at which anything may change by itself.
        """
        now = seconds(wish.now)
        theme = [
            path.relative_to(self.theme).as_posix().encode() + b"\0" + path.read_bytes()
            for path in sorted(self.theme.rglob("*"))
            if path.is_file()
        ]
        ledger_file = self.project / ledger.LEDGER
        written = ledger_file.stat().st_mtime if ledger_file.exists() else 0
        # As of an earlier instant only the addresses count that were public by then.
        past = now if now < written else 0
        parts = [
            repr((past, self.site_url, wish.preview, wish.compressed, sorted(stale))).encode(),
            read.data.digest.encode(),
            repr([valid(contact, now) for contact in read.data.contacts.values()]).encode(),
            "\n".join(state(item, now) for item in read.items.values()).encode(),
            *(
                f"{path}:{file.stat().st_mtime_ns}:{file.stat().st_size}".encode()
                for path, file in read.extra.items()
            ),
            ledger_file.read_bytes() if ledger_file.exists() else b"",
            *(
                Path(folder).read_bytes()
                for folder in _files_of(self.settings.get("THEME_TEMPLATES_OVERRIDES"))
            ),
            *theme,
        ]
        return digest(b"\0".join(parts))

    def _as_it_is(
        self,
        whole: bytes,
        store: Store,
        output: writer.Output,
        surveyed: Callable[[], memory.Survey],
    ) -> writer.Report | None:
        """The report of a build that has nothing to do, or None when something changed."""
        if store.get(f"whole:{output.folder}") != whole:
            return None
        return writer.untouched(store, output, surveyed)

    def _waiting(self, read: library.Library, wish: Wish) -> tuple[int, int]:
        """How many items are drafts and how many are held."""
        standing = [stand(item, seconds(wish.now)) for item in read.items.values()]
        drafts = sum(here.zh == "draft" or here.en == "draft" for here in standing)
        return drafts, sum(here.zh == "held" or here.en == "held" for here in standing)

    def _settled(
        self, site: Site, paths: Callable[[], Set[str]], now: datetime
    ) -> list[writer.Page]:
        """Pages and server files for every address that moved or is gone; ContentError for one that vanished."""
        withdrawn = frozenset(
            f"/{language}/{item.address}"
            for item in site.editions.items.values()
            if site.editions.standing[item.key].withdrawn is not None
            for language in LANGUAGES
        )
        settled = ledger.settle(
            ledger.read(self.project), now, ledger.Addresses(paths), site.data.redirects, withdrawn
        )
        if settled.problems:
            raise ContentError(settled.problems)
        files = redirect_maps(settled.redirects, settled.gone)
        return [
            writer.Page(path, as_bytes, as_given, (assets.Asset(path, data),))
            for path, data in files.items()
        ]

    # --- rendering -----------------------------------------------------------------------------

    def _tools(self, translations: Mapping[Language, Translations]) -> dict[Language, Tools]:
        def say_in(language: Language, message: str) -> str:
            text = str(translations[language].gettext(message))
            if text == message:
                raise formats.MissingMessage(f"{language}: {message}")
            return text

        return {
            language: Tools(language, partial(say_in, language), say_in) for language in LANGUAGES
        }

    def _template_folders(self) -> list[Path]:
        return [
            *map(Path, self.settings.get("THEME_TEMPLATES_OVERRIDES") or ()),
            self.theme / "templates",
        ]

    def environments(self) -> dict[Language, jinja2.Environment]:
        """One environment a language; made anew when a catalogue or a template changed."""
        translations, digests = catalogues.load(self.theme / "locale", self.store())
        made_of = (digests, writer.states(self._template_folders()))
        if self._environments is None or self._environments[0] != made_of:
            made: dict[Language, jinja2.Environment] = {}
            for language in LANGUAGES:
                environment = jinja2.Environment(
                    loader=self.loader,
                    bytecode_cache=Bytecode(
                        self.store(), f"{language}:{digests['zh']}:{digests['en']}"
                    ),
                    auto_reload=False,
                    cache_size=-1,  # all of them: the theme's templates are few
                    **self.settings["JINJA_ENVIRONMENT"],
                )
                formats.install(environment, language, translations)
                environment.filters["parts"] = self.parts
                environment.filters["drawing"] = partial(charts.draw, language=language)
                made[language] = environment
            self._environments = (made_of, made)
        return self._environments[1]

    def compile(self) -> None:
        """Compile all templates into the cache."""
        names = {
            path.relative_to(folder).as_posix()
            for folder in self._template_folders()
            for path in folder.rglob("*.html")
        }
        for environment in self.environments().values():
            for name in sorted(names):
                environment.get_template(name)

    def parts(self, body: Body) -> tuple[Part, ...]:
        """A body opened: its HTML with every mark resolved, and its pictures between."""
        known = self._opened.get(body)
        if known is None:
            if len(self._opened) >= 16:
                self._opened.clear()
            known = self._opened[body] = self._open(body)
        return known

    def _open(self, body: Body) -> tuple[Part, ...]:
        html = self.store().body(body.digest)
        if not html:
            return ()
        found: list[Part] = []
        text: list[str] = []
        at = 0
        for match in MARK.finditer(html):
            text.append(html[at : match.start()])
            at = match.end()
            if match[1] is not None:
                if "".join(text).strip():
                    found.append(Part(html=Markup("".join(text))))
                text = []
                picture = body.pictures[int(match[1])]
                if picture.name:
                    found.append(Part(picture=picture))
            elif match[2] == "l":
                text.append(str(Markup.escape(body.links[int(match[3])])))
            else:
                text.append(str(Markup.escape(body.figures[int(match[3])])))
        text.append(html[at:])
        if "".join(text).strip():
            found.append(Part(html=Markup("".join(text))))
        return tuple(found)

    def _renderer(self, site: Site) -> Callable[[writer.Page], Any]:
        environments: dict[Language, jinja2.Environment] = {}
        templates: dict[tuple[str, str], jinja2.Template] = {}

        def render(page: writer.Page) -> Any:
            language: Language = "en" if page.language == "en" else "zh"
            values = page.view(site.tools[language], *page.given)
            if not isinstance(page.make, str):
                return page.make(values, self.parts)
            if not environments:
                environments.update(self.environments())
            template = templates.get((language, page.make))
            if template is None:
                template = templates[language, page.make] = environments[language].get_template(
                    page.make
                )
            return template.render(values).encode()

        return render

    # --- other questions -----------------------------------------------------------------------

    def next_change(self, now: datetime) -> datetime | None:
        """The next instant at which a byte of the public site changes by itself, or None.

        Candidates come from the records: between two of them nothing changes. A page whose key differs
        is rendered for both, for what it is given may change without showing.
        """
        times = Times()
        with lock(self.cache):
            read = self.read(times, cores())
            errors = [problem for problem in read.problems if problem.severity is Severity.ERROR]
            if errors:
                raise ContentError(errors)
            start, before = seconds(now), None
            for at in sorted({each for each in all_instants(read) if each > start}):
                before = before or self._foreseen(read, start, times)
                after = self._foreseen(read, at, times)
                if before.differs(after):
                    return datetime.fromtimestamp(at, tz=UTC)
                before = after
        return None

    def _foreseen(self, read: library.Library, now: int, times: Times) -> Foreseen:
        site = self.site(read, now, False, times)
        return Foreseen(site.pages(), self._renderer(site))


class Foreseen:
    """The public site at an instant to come: its keys, and the bytes of a page when they are asked for."""

    def __init__(self, pages: Iterable[writer.Page], render: Callable[[writer.Page], Any]) -> None:
        keys = writer.Keys()
        self._pages = {page.path: page for page in pages}
        self._keys = {path: keys.key(page, "") for path, page in self._pages.items()}
        self._render = render

    def differs(self, other: Foreseen) -> bool:
        """Whether any path or any byte is another's."""
        if self._paths() != other._paths():
            return True
        changed = [path for path, key in self._keys.items() if other._keys.get(path) != key]
        return any(self._made(path) != other._made(path) for path in changed)

    def _paths(self) -> set[str]:
        return {path for page in self._pages.values() for path in page.paths}

    def _made(self, path: str) -> dict[str, bytes]:
        page = self._pages[path]
        made = self._render(page)
        return dict(writer.files_of(page, made))


def _problems(read: library.Library, proof: proofing.Proof) -> list[Problem]:
    return sorted([*read.problems, *proof.problems])


def _judged(read: library.Library, proof: proofing.Proof) -> proofing.Proof:
    """The proof, when nothing stands in the way of publishing; else ContentError."""
    problems = _problems(read, proof)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise ContentError(problems)
    return proof


def all_instants(read: library.Library) -> Iterator[int]:
    """Every instant at which anything may change by itself, in seconds since the epoch."""
    for item in read.items.values():
        yield from item.instants
    for contact in read.data.contacts.values():
        yield from contact_instants(contact)


def _paths(pages: Sequence[writer.Page], still: memory.Still, before: memory.Memory) -> set[str]:
    """The paths of all files of the site: of the pages that were planned, and of what is still as it was."""
    paths = {path for page in pages for path in page.paths}
    for part in before.parts():
        for group, firsts in part.groups.items():
            if group in still.groups:
                paths.update(file.path for path in firsts for file in part.pages[path].files)
    return paths


def _sitemaps(before: memory.Memory, still: memory.Still) -> dict[str, list[str]]:
    """The sitemaps that are still as they were, by year."""
    return {
        group.removeprefix(SITEMAPS): paths
        for group, paths in before.part("").groups.items()
        if group.startswith(SITEMAPS) and group in still.groups
    }


def _files_of(folders: Iterable[str] | None) -> list[Path]:
    return sorted(
        path for folder in folders or () for path in Path(folder).rglob("*") if path.is_file()
    )


def explain(
    path: str,
    pages: Sequence[writer.Page],
    keys: writer.Keys,
    made_of: Callable[[writer.Page], str],
    before: memory.Memory,
) -> str:
    """Why the page at `path` is written or not, in words."""
    wanted = path.strip("/")
    names = {wanted, f"{wanted}/index.html" if wanted else "index.html"}
    page = next((each for each in pages if each.path in names), None)
    if page is None:
        return f"{path}: no such page; 没有这个页面"
    known = before.page(page.path)
    if known is None:
        return f"{page.path}: written, for it is new; 写入：新页面"
    if known.key == keys.key(page, made_of(page)):
        return (
            f"{page.path}: not written, nothing it depends on changed; 未写入：所依赖的内容没有变化"
        )
    labels = [
        "template and messages 模板和界面文字",
        *list(inspect.signature(page.view).parameters)[1:],
    ]
    parts = keys.parts(page, made_of(page))
    if len(parts) != len(known.parts):
        changed = ["what it is given 所给的内容"]
    else:
        changed = [
            label
            for at, label in enumerate(labels)
            if parts[4 * at : 4 * at + 4] != known.parts[4 * at : 4 * at + 4]
        ]
    return f"{page.path}: written, for these changed 写入，因为以下内容有变化: {', '.join(changed)}"


__all__ = ["Newsroom", "Outcome", "Wish", "clock", "iso"]
