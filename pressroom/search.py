"""What the search page searches: a record for everything that is public, indexed by Pagefind.

Each language has an index of its own under /pagefind/{l}/, made from records, not from HTML files,
after the pages and only when a record changed. Why it is made as it is stands in
docs/decisions/search.md.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

import msgspec

from pressroom import formats, packed, views
from pressroom.machines import prose, wire
from pressroom.models import Item, Name, NameKind
from pressroom.pages import Site
from pressroom.problems import PressroomError
from pressroom.store import Damaged, Store, digest, hexdigest
from pressroom.values import Body, Part, Value
from pressroom.words import LANGUAGES, Language, Words

# The folder of the output that is this module's alone.
FOLDER: Final = "pagefind"

# "now": bring the index to what the site says. "later": leave an outdated one until that is asked
# for. "none": take an outdated one away, for it may hold what is not public any more.
Mode = Literal["now", "later", "none"]

KINDS: Final = ("release", "event", "programme", "page", "fact", "name", "contact")

Parts = Callable[[Body], tuple[Part, ...]]
Progress = Callable[[str, int, int], None]


# --- records -----------------------------------------------------------------------------------


class Record(Value, frozen=True):
    """What can be found: an address below the site, with an anchor where it is part of a page.

    `texts` and the body can be read on the page, and excerpts are taken from them; `words` only
    lead there. The body is a reference, so that a record tells whether it changed without its text.
    """

    address: str
    kind: str
    title: str
    day: str = ""  # as the page writes it
    texts: tuple[str, ...] = ()
    body: Body | None = None
    words: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def records(site: Site, language: Language) -> list[Record]:
    """All records of a language, in an order to which a new release is appended."""
    found = [*_facts(site, language), *_names(site, language), *_contacts(site, language)]
    items = [
        item
        for item in site.editions.items.values()
        if site.editions.shown(item, language)
        and site.editions.standing[item.key].withdrawn is None
    ]
    order = {kind: at for at, kind in enumerate(("page", "programme", "event", "release"))}
    items.sort(
        key=lambda item: (order[item.kind], item.date.isoformat() if item.date else "", item.key)
    )
    found += [_item(site, item, language) for item in items]
    return found


def _item(site: Site, item: Item, language: Language) -> Record:
    side = item.side(language)
    assert side is not None
    texts = [side.summary]
    words: list[str] = []
    years: tuple[str, ...] = ()
    day = ""
    if item.kind == "release" and item.date is not None:
        years, day = (str(item.date.year),), formats.day(item.date.isoformat(), language)
        if item.place in site.data.names:
            words += _said(site.data.names[item.place].name)
    elif item.kind == "event" and not item.series:
        view = site.edition(item, language)
        year = str(item.starts.first.year) if item.starts else str(item.edition or "")
        years, day = ((year,) if year else ()), formats.edtf(view.starts, language)
        texts += [
            view.theme,
            view.hours,
            *(point.text for point in view.schedule),
            view.accreditation,
        ]
        words += [view.place, *(link.text for link in (*view.hosts, *view.people))]
    elif item.kind == "programme":
        figures = [site.figure(key, language) for key in item.facts if key in site.facts]
        words += [figure.label for figure in figures]
        words += [link.text for link in site.name_links(item.partners, language)]
    for topic in item.topics:
        if topic in site.data.topics:
            words += _said(site.data.topics[topic].name)
    return Record(
        address=f"/{language}/{item.address}",
        kind=item.kind,
        title=side.title,
        day=day,
        texts=tuple(filter(None, texts)),
        body=views.body_of(item, language, site.open(item, language)),
        words=tuple(words),
        years=years,
        topics=tuple(topic for topic in item.topics if topic in site.data.topics),
    )


def _facts(site: Site, language: Language) -> Iterator[Record]:
    for key, fact in sorted(site.facts.items()):
        figure = site.figure(key, language)
        texts = []
        for shown in reversed(figure.values):
            number = formats.fact_text(language, shown.qualifier, shown.number, figure.unit, "full")
            when = formats.edtf(shown.as_of, language)
            source = shown.source.text if shown.source else ""
            stop = "。" if language == "zh" else "."
            comma = "，" if language == "zh" else ", "
            texts.append(comma.join(filter(None, (number, when, shown.note, source))) + stop)
        yield Record(
            address=figure.href,
            kind="fact",
            title=figure.label,
            texts=tuple(texts),
            words=(figure.other_label, figure.other_unit, *(value.number for value in fact.values)),
            years=tuple(sorted({str(value.as_of.first.year) for value in fact.values})),
        )


def _names(site: Site, language: Language) -> Iterator[Record]:
    for key, name in sorted(site.data.names.items()):
        view = views.name_view(name, language)
        if key in site.unspoken or not (view.name or view.other):
            continue
        roles = [role.text for role in view.roles]
        shown = [view.other, view.pinyin, view.short, view.other_short, *roles, view.note]
        yield Record(
            address=f"/{language}/names/#{key}",
            kind="name",
            title=view.name or view.other,
            texts=tuple(dict.fromkeys(text for text in shown if text and text != view.name)),
            words=tuple(_unaccented(view.pinyin)),
        )


def _contacts(site: Site, language: Language) -> Iterator[Record]:
    for view in site.contact_views(sorted(site.data.contacts), language):
        # With its labels: people type 刘莉电话, and each word has to stand somewhere.
        yield Record(
            address=f"/{language}/contacts/#{view.key}",
            kind="contact",
            title=view.name or view.other_name,
            texts=(wire.PRESS_CONTACTS[language], *wire.contact_lines(view, language)),
            words=tuple(filter(None, (view.other_name, view.telephone.lstrip("+")))),
        )


def _said(words: Words) -> list[str]:
    return [text for _, text in words.said()]


def _unaccented(pinyin: str) -> list[str]:
    """Xǔ Wèizhōu as people type it: Xu Weizhou, and xuweizhou."""
    if not pinyin:
        return []
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFD", pinyin)
        if not unicodedata.combining(letter)
    )
    return [plain, re.sub(r"[^A-Za-z]", "", plain).lower()]


# --- names in both languages -------------------------------------------------------------------


class _Entry(msgspec.Struct):
    forms: dict[Language, list[str]]
    words: list[str]  # all that leads to it


class Namebook:
    """Names and terms: which of them a text speaks of, and by what else they are looked for.

    A term whose note names another term (“the official title is Child Welfare Director”) is looked
    for by that one too.
    """

    def __init__(self, names: Iterable[Name]) -> None:
        known = list(names)
        self._entries = [self._entry(name) for name in known]
        for name, entry in zip(known, self._entries, strict=True):
            if name.kind is not NameKind.TERM:
                continue
            for fellow, theirs in zip(known, self._entries, strict=True):
                if fellow is name or fellow.kind is not NameKind.TERM:
                    continue
                if any(
                    form in note
                    for language, note in name.note.said()
                    for form in theirs.forms[language]
                ):
                    entry.words += _forms(fellow)
                    theirs.words += _forms(name)

    @staticmethod
    def _entry(name: Name) -> _Entry:
        forms: dict[Language, list[str]] = {
            language: [form for form in (name.name[language], name.short[language]) if form]
            for language in LANGUAGES
        }
        return _Entry(forms, [*_forms(name), *_unaccented(name.pinyin)])

    def words(self, text: str, language: Language) -> list[str]:
        """By what else the text can be looked for."""
        lower = text.lower()
        found: dict[str, None] = {}
        for entry in self._entries:
            if any(_speaks(text, lower, form, language) for form in entry.forms[language]):
                found.update(dict.fromkeys(entry.words))
        return list(found)


def _forms(name: Name) -> list[str]:
    forms = [*_said(name.name), *_said(name.short)]
    # The Chinese index has no stemmer: what is counted is asked for in the plural.
    if name.kind is NameKind.TERM and re.fullmatch(r"[A-Za-z -]+[a-rt-z]", name.name.en):
        forms.append(f"{name.name.en}s")
    return forms


def _speaks(text: str, lower: str, form: str, language: Language) -> bool:
    if language == "zh":
        return form in text
    return form.lower() in lower and _whole(form).search(text) is not None


@cache
def _whole(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(form)}s?(?!\w)", re.IGNORECASE)


# --- what Pagefind gets ------------------------------------------------------------------------

# Pagefind and the reader's browser divide Chinese into words by different dictionaries. Titles and
# names are found by any part of them because all their pieces up to this length are words of the
# index; the page cuts what is longer (search.js).
PIECE: Final = 4

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN: Final = re.compile(rf"[\w{_HAN}]+")
_CHINESE: Final = re.compile(f"[{_HAN}]")
_WORD: Final = re.compile(rf"[^\W{_HAN}]+")
_LATIN: Final = re.compile(rf"[^\W{_HAN}]{{{PIECE + 1},}}")


def pieces(text: str) -> list[str]:
    """The words under which every piece of a text is found; a text without Chinese is its own words."""
    found: dict[str, None] = {}
    for run in _RUN.findall(text.lower()):
        if _CHINESE.search(run):
            found.update(
                (run[at : at + length], None)
                for length in range(1, PIECE + 1)
                for at in range(len(run) - length + 1)
            )
            found.update((word, None) for word in _LATIN.findall(run))
        else:
            found[run] = None
    return list(found)


def _text(record: Record, parts: Parts) -> str:
    said = list(record.texts)
    for part in parts(record.body) if record.body is not None else ():
        if part.picture is not None:
            said += [part.picture.caption or part.picture.alt]
        else:
            said += [block.text for block in prose.blocks(str(part.html))]
    return "\n".join(said)


def payload(record: Record, language: Language, parts: Parts, book: Namebook) -> dict[str, Any]:
    """A record as Pagefind's service takes it."""
    text = _text(record, parts)
    meta = {"title": record.title}
    if record.day:
        meta["day"] = record.day
    own = pieces(record.title) if _CHINESE.search(record.title) else []
    if own:
        meta["pieces"] = " ".join(own)
    spoken = "\n".join((record.title, text, *record.words))
    more = [*record.words, *book.words(spoken, language)]
    # Latin words of the text are found there; a piece of Chinese may stand across two words of it.
    there = {*own, *_WORD.findall(text.lower())}
    words = [word for word in pieces("\n".join(more)) if word not in there]
    if words:
        meta["words"] = " ".join(words)
    filters = {"kind": [record.kind], "year": list(record.years), "topic": list(record.topics)}
    return {
        "type": "AddRecord",
        "url": record.address,
        "content": text,
        "language": language,
        "meta": meta,
        "filters": {key: values for key, values in filters.items() if values},
        "sort": {},
    }


# --- Pagefind ----------------------------------------------------------------------------------

# Postings in one file of the index: a query fetches the file of each of its words, so they are kept
# small. Pagefind reads it from this variable only, and calls it unstable: a test watches its effect.
CHUNK: Final = 6000
# Bytes: a file that is heavier, because one word fills it, keeps the first place on each page only.
HEAVY: Final = 12_000
_CHUNK_VARIABLE: Final = "PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE"

# What a browser fetches of all that Pagefind writes; the rest is for pages made by Pagefind's own
# interface, and for a worker that the policy of the search page does not reach.
_WANTED: Final = re.compile(
    r"common\.json|pagefind\.js|pagefind-entry\.json|wasm\.[a-z]+\.pagefind|pagefind\.[^/]+\.pf_meta|(?:filter|fragment|index)/[^/]+\.pf_[a-z]+"
)
_ENTRY: Final = "pagefind-entry.json"

# Words that fill files of the index by themselves, with how often they stood there: the page asks
# for the rarest words of a query, and for some of the common ones.
COMMON: Final = "common.json"


class _Service:
    """Pagefind's service, spoken to as its Python package does, which takes a tenth of a second an answer."""

    def __init__(self) -> None:
        from pagefind.service import get_executable

        program = get_executable()
        if program is None:
            raise PressroomError(
                "缺少pagefind程序；请重新运行python3 tasks.py安装。",
                "the program pagefind is missing; delete .venv and run python3 tasks.py again",
            )
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the service)
        self._process = subprocess.Popen(
            [str(program), "--service"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env={**os.environ, _CHUNK_VARIABLE: str(CHUNK)},
        )
        self._number = 0
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()
        self._said.close()

    def ask(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Send one request and wait for its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._number += 1
        message = json.dumps({"message_id": self._number, "payload": payload})
        try:
            self._process.stdin.write(base64.b64encode(message.encode()) + b",")
            self._process.stdin.flush()
            gathered = [self._rest]
            while b"," not in gathered[-1]:
                more = os.read(self._process.stdout.fileno(), 1 << 16)
                if not more:
                    raise self._stopped("")
                gathered.append(more)
        except OSError as error:
            raise self._stopped(str(error)) from error
        answer, _, self._rest = b"".join(gathered).partition(b",")
        said: dict[str, Any] = json.loads(base64.b64decode(answer))["payload"]
        if said["type"] == "Error":
            raise self._stopped(str(said.get("message", "")))
        return said

    def _stopped(self, why: str) -> PressroomError:
        self._said.seek(0)
        last = (self._said.read().decode("utf-8", "replace").strip().splitlines() or [""])[-1]
        reason = why or last or f"exit code {self._process.wait()}"
        return PressroomError(
            f"pagefind没有做成搜索索引：{reason}。",
            f"pagefind did not make the search index: {reason}",
        )


def index(
    found: Sequence[Record],
    language: Language,
    parts: Parts,
    names: Iterable[Name],
    folder: Path,
    progress: Progress | None = None,
) -> None:
    """Write the index of a language into an empty folder: the same records, the same bytes."""
    book = Namebook(names)
    with _Service() as service:
        number = service.ask({"type": "NewIndex", "config": {}})["index_id"]
        for at, record in enumerate(found):
            service.ask({**payload(record, language, parts, book), "index_id": number})
            if progress is not None and at % 50 == 0:
                progress("search", at, len(found))
        # Asked to write its files, Pagefind answers before the last of them is on the disk.
        files = service.ask({"type": "GetFiles", "index_id": number})["files"]
    made = {file["path"]: base64.b64decode(file["content"]) for file in files}
    # What Pagefind writes in the order of its hash tables is put in order.
    entry = json.loads(made[_ENTRY])
    common: dict[str, int] = {}
    for tag, each in entry["languages"].items():
        common |= packed.make_light(made, tag, HEAVY)
        each["hash"] = packed.in_order(made, tag)
    made[_ENTRY] = json.dumps(
        entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()
    wasm = {f"wasm.{each['wasm'] or 'unknown'}.pagefind" for each in entry["languages"].values()}
    common = {word: count for word, count in sorted(common.items()) if count > CHUNK}
    made[COMMON] = json.dumps(common, ensure_ascii=False, separators=(",", ":")).encode()
    for name, data in made.items():
        if _WANTED.fullmatch(name) and (not name.startswith("wasm.") or name in wasm):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(data)


def _files(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder, with its size and time."""
    found: dict[str, tuple[int, int]] = {}
    waiting = [(str(folder), "")]
    while waiting:
        path, base = waiting.pop()
        try:
            entries = list(os.scandir(path))
        except (FileNotFoundError, NotADirectoryError):
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, f"{base}{entry.name}/"))
            else:
                state = entry.stat(follow_symlinks=False)
                found[base + entry.name] = (state.st_size, state.st_mtime_ns)
    return found


# --- keeping the output's index in step --------------------------------------------------------


class Settled(msgspec.Struct):
    """What was done to the index: languages indexed anew, files written and removed."""

    indexed: list[Language] = []
    written: int = 0
    removed: int = 0
    pending: bool = False  # it was outdated and was left so


class _Kept(msgspec.Struct, array_like=True):
    """A file of a finished index as it was made."""

    size: int
    mtime: int
    digest: str


_KEEP: Final = 3  # indexes of a language kept: several output folders take turns

_encode: Final = msgspec.msgpack.Encoder(order="sorted").encode
_kept_decoder: Final = msgspec.msgpack.Decoder(dict[str, _Kept])


def settle(
    site: Site,
    output: Path,
    store: Store,
    parts: Parts,
    mode: Mode,
    progress: Progress | None = None,
) -> Settled:
    """Bring `output`/pagefind to what the site says, or say that it is pending.

    Finished indexes are kept beside the cache under the hash of all their records, so that two
    output folders of one site share the work. PressroomError when Pagefind or the disk fails.
    """
    done = Settled()
    target = output / FOLDER
    if mode == "none" and not target.is_dir():
        return done
    names = [name for key, name in sorted(site.data.names.items()) if key not in site.unspoken]
    try:
        for language in LANGUAGES:
            found = records(site, language)
            key = hexdigest(
                _encode(
                    [store.fingerprint, version("pagefind"), CHUNK, HEAVY, language, names, found]
                )
            )
            folder = store.folder / "search" / language / key
            kept = _kept(store, folder)
            if kept is None and mode == "now" and found:
                kept = _make(found, language, parts, names, folder, store, progress)
                done.indexed.append(language)
            if kept is not None:
                _install(kept, folder, target / language, done)
            elif mode == "later" and found:
                done.pending = True
            else:
                done.removed += _remove(target / language)
        done.removed += sum(_remove(path) for path in _strangers(target))
    except OSError as error:
        raise PressroomError(
            f"搜索索引写不进{error.filename or target}：{error.strerror}。",
            f"the search index cannot be written to {error.filename or target}: {error.strerror}",
        ) from error
    return done


def remember(store: Store, output: Path, whole: bytes, settled: Settled, mode: Mode) -> None:
    """Note that the index of an output folder is in step with `whole`, the digest of all it is made from."""
    fresh = b"1" if mode == "now" else b"0"
    note = fresh + whole + _listing(output)
    if not settled.pending and store.get(f"index:{output}") != note:
        store.put({f"index:{output}": note})


def untouched(store: Store, output: Path, whole: bytes, mode: Mode) -> bool:
    """Whether the index of an output folder is as it was left, and in step with `whole`."""
    note = store.get(f"index:{output}") or b""
    return note[1:] == whole + _listing(output) and (note[:1] == b"1" or mode != "now")


def _listing(output: Path) -> bytes:
    # What publishing compressed comes and goes beside its source.
    found = _files(output / FOLDER)
    return digest(
        _encode(sorted(each for each in found.items() if not each[0].endswith((".br", ".gz"))))
    )


def _name(folder: Path) -> str:
    return f"search:{folder.parent.name}:{folder.name}"


def _kept(store: Store, folder: Path) -> dict[str, _Kept] | None:
    """The files of a finished index, or None when there is none or it is not as it was made."""
    try:
        raw = store.get(_name(folder))
    except Damaged:
        return None
    if raw is None:
        return None
    kept = _kept_decoder.decode(raw)
    there = _files(folder)
    return kept if there == {name: (each.size, each.mtime) for name, each in kept.items()} else None


def _make(
    found: Sequence[Record],
    language: Language,
    parts: Parts,
    names: Iterable[Name],
    folder: Path,
    store: Store,
    progress: Progress | None,
) -> dict[str, _Kept]:
    beside = folder.parent
    beside.mkdir(parents=True, exist_ok=True)
    others = sorted(
        (path for path in beside.iterdir() if path != folder),
        key=lambda path: path.stat().st_mtime_ns,
    )
    for path in others:
        # What a build left that was killed, and indexes that had their turn long ago.
        if path.name.startswith(".") or path in others[: 1 - _KEEP]:
            shutil.rmtree(path)
    shutil.rmtree(folder, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=".", dir=beside))
    try:
        index(found, language, parts, names, fresh, progress)
        fresh.chmod(0o755)
        kept = {
            name: _Kept(size, mtime, hexdigest((fresh / name).read_bytes()))
            for name, (size, mtime) in _files(fresh).items()
        }
        fresh.replace(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    store.put({_name(folder): _encode(kept)})
    return kept


def _install(kept: Mapping[str, _Kept], folder: Path, target: Path, done: Settled) -> None:
    """Copy what differs; the file that names the others comes last, and old files go after it."""
    there = _files(target)
    todo = [name for name, each in kept.items() if there.get(name) != (each.size, each.mtime)]
    for name in sorted(todo, key=lambda name: (name == _ENTRY, name)):
        data = (folder / name).read_bytes()
        if hexdigest(data) != kept[name].digest:
            shutil.rmtree(folder)
            raise Damaged(f"{folder}/{name}")
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}.part")
        fresh.write_bytes(data)
        os.utime(fresh, ns=(kept[name].mtime, kept[name].mtime))
        fresh.replace(path)
        done.written += 1
    for name in there:
        # What publishing compressed lies beside its source.
        if name not in kept and name.removesuffix(".br").removesuffix(".gz") not in kept:
            (target / name).unlink()
            done.removed += 1


def _strangers(target: Path) -> list[Path]:
    if not target.is_dir():
        return []
    return [path for path in sorted(target.iterdir()) if path.name not in LANGUAGES]


def _remove(path: Path) -> int:
    if path.is_dir() and not path.is_symlink():
        count = len(_files(path))
        shutil.rmtree(path)
        return count
    if os.path.lexists(path):
        path.unlink()
        return 1
    return 0


__all__ = [
    "FOLDER",
    "KINDS",
    "Mode",
    "Namebook",
    "Record",
    "Settled",
    "index",
    "payload",
    "pieces",
    "records",
    "remember",
    "settle",
    "untouched",
]
