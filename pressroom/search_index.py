"""The search index: made of shards, of which only those are made anew in which a record changed.

Each language has an index of its own under /pagefind/{l}/. Pagefind is given the records of a shard
at once; shards are kept in the cache under the hash of their records, joined, and what differs is
written into the output. Why it is made as it is stands in docs/decisions/search.md.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import msgspec

from pressroom import indexer, packed, shards
from pressroom.models import Name
from pressroom.pages import Site
from pressroom.parallel import aside, spread
from pressroom.problems import PressroomError
from pressroom.search import Namebook, Parts, Record, payload, records
from pressroom.store import Damaged, Store, digest, hexdigest
from pressroom.words import LANGUAGES, Language

# The folder of the output that is this module's alone.
FOLDER: Final = "pagefind"

Progress = Callable[[str, int, int], None]


# --- shards ------------------------------------------------------------------------------------

# Records that Pagefind is given at once, at most: what an edit costs.
SHARD: Final = 200


def cut(found: Sequence[Record], place: int = 0) -> list[list[Record]]:
    """Records, in their order, in shards: all in one, or one for each kind, decade, year, month, …

    Where shards end depends on what stands in each of them alone: an edit changes one, and a new
    record at most divides one.
    """
    whole = len(found) <= SHARD or all(place >= len(record.order) for record in found)
    if whole:
        return [list(found)] if found else []
    return [
        shard
        for _, among in groupby(found, lambda record: record.order[: place + 1])
        for shard in cut(list(among), place + 1)
    ]


class _Task(msgspec.Struct):
    """A shard to be made."""

    key: str
    language: Language
    records: list[Record]


def _made(parts: Parts, book: Namebook, tasks: Sequence[_Task]) -> list[tuple[bytes, bytes]]:
    """Shards as they are kept: their words, their fragments."""
    made = []
    with indexer.Service() as service:
        for task in tasks:
            files = service.index(
                payload(record, task.language, parts, book) for record in task.records
            )
            shard, fragments = shards.open_shard(files, task.language)
            made.append((_encode(shard), _encode(fragments)))
    return made


def _make(
    tasks: Sequence[_Task],
    parts: Parts,
    names: Iterable[Name],
    store: Store,
    jobs: int,
    progress: Progress | None,
) -> None:
    """Make shards and keep them."""
    total = sum(len(task.records) for task in tasks)
    done = 0
    # Pagefind takes a while to start, longest for Chinese: a few shards are made at a time.
    batch = max(1, min(8, len(tasks) // (2 * jobs)))
    work = partial(_made, parts, Namebook(names))
    for start, made in spread(work, tasks, jobs, batch=batch, least=2):
        for task, (shard, fragments) in zip(tasks[start:], made, strict=False):
            store.put(dict(zip(_rows(task.key), (shard, fragments), strict=True)))
            done += len(task.records)
            if progress is not None:
                progress("search", done, total)


def _rows(key: str) -> tuple[str, str]:
    """Where a shard's words are kept, and its fragments."""
    return f"{_SHARD}{key}:words", f"{_SHARD}{key}:fragments"


def _keep(keys: Sequence[str], store: Store) -> None:
    """Forget the shards that no index of late is made of: states of a site take turns."""
    name = "shards in turn"
    raw = store.get(name)
    turns = _turns_decoder.decode(raw) if raw is not None else []
    kept = [sorted(keys), *(turn for turn in turns if turn != sorted(keys))][:_TURNS]
    if kept != turns:
        lasting = {each for turn in kept for key in turn for each in _rows(key)}
        store.put({name: _encode(kept)}, drop=store.names(_SHARD) - lasting)


_SHARD: Final = "shard:"
_TURNS: Final = 3

_encode: Final = msgspec.msgpack.Encoder(order="sorted").encode
_turns_decoder: Final = msgspec.msgpack.Decoder(list[list[str]])
_shard_decoder: Final = msgspec.msgpack.Decoder(shards.Shard)
_files_decoder: Final = msgspec.msgpack.Decoder(dict[str, bytes])


# --- an index ----------------------------------------------------------------------------------

_ENTRY: Final = "pagefind-entry.json"

# The heaviest words, with how often they stood there: the page asks for the rare words of a query,
# and for some of the common ones.
COMMON: Final = "common.json"


def _scripts(language: Language, store: Store) -> dict[str, bytes]:
    """What a browser runs, and the file that names the index, as Pagefind writes them.

    The rest is for pages made by Pagefind's own interface, and for a worker that the policy of the
    search page does not reach.
    """
    name = f"pagefind:{language}"
    raw = store.get(name)
    if raw is not None:
        return _files_decoder.decode(raw)
    with indexer.Service() as service:
        files = service.index([{"url": "/", "content": "0", "language": language}])
    engine = json.loads(files[_ENTRY])["languages"][language]["wasm"] or "unknown"
    found = {path: files[path] for path in ("pagefind.js", f"wasm.{engine}.pagefind", _ENTRY)}
    store.put({name: _encode(found)})
    return found


class _Index:
    """An index joined from its shards: its files by path, each made when it is asked for."""

    def __init__(
        self, language: Language, keys: Sequence[str], scripts: Mapping[str, bytes], store: Store
    ) -> None:
        self._store = store
        self._fragments: dict[str, bytes] = {}
        self._waiting = list(keys)
        entry = json.loads(scripts[_ENTRY])
        opened = [_shard_decoder.decode(self._kept(_rows(key)[0])) for key in keys]
        joined = shards.join(opened, language, entry["version"])
        self._packed = joined.files
        self._fragment = joined.fragments
        entry["languages"][language] |= {"hash": joined.name, "page_count": joined.pages}
        self._bare = {**scripts, _ENTRY: _written(entry), COMMON: _written(joined.common)}
        # What is in each file; Pagefind packs a fragment before it is named.
        self.digests = joined.fragments | {
            path: hexdigest(data) for path, data in (self._packed | self._bare).items()
        }

    def data(self, path: str) -> bytes:
        """The file at a path."""
        if path in self._packed:
            return packed.pack(self._packed[path])
        if path in self._bare:
            return self._bare[path]
        while self._fragment[path] not in self._fragments:
            more = self._kept(_rows(self._waiting.pop())[1])
            self._fragments |= _files_decoder.decode(more)
        return self._fragments[self._fragment[path]]

    def _kept(self, name: str) -> bytes:
        kept = self._store.get(name)
        if kept is None:
            raise Damaged(name)
        return kept


def _written(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# --- keeping the output's index in step --------------------------------------------------------


class _Standing(msgspec.Struct, array_like=True):
    """A file of the output as it was written; the digest is of what is in it before it is packed."""

    size: int
    mtime: int
    digest: str


class _Installed(msgspec.Struct):
    """An output folder's index of a language: the shards it is made of, and its files."""

    shards: list[str] = []
    files: dict[str, _Standing] = {}


_installed_decoder: Final = msgspec.msgpack.Decoder(_Installed)


def settle(
    site: Site,
    output: Path,
    store: Store,
    parts: Parts,
    wanted: bool,
    jobs: int,
    progress: Progress | None = None,
) -> None:
    """Bring `output`/pagefind to what the site says; or, not wanted, take away what is outdated.

    It may hold what is not public any more. PressroomError when Pagefind or the disk fails.
    """
    target = output / FOLDER
    if not wanted and not target.is_dir():
        return
    names = [name for key, name in sorted(site.data.names.items()) if key not in site.unspoken]
    found = {language: records(site, language) for language in LANGUAGES}
    try:
        bring(found, names, target, store, parts, wanted, jobs, progress)
        for path in target.iterdir() if target.is_dir() else ():
            if path.name not in LANGUAGES:
                _remove(path)
    except OSError as error:
        raise PressroomError(
            f"搜索索引写不进{error.filename or target}：{error.strerror}。",
            f"the search index cannot be written to {error.filename or target}: {error.strerror}",
        ) from error


def bring(
    found: Mapping[Language, Sequence[Record]],
    names: Sequence[Name],
    target: Path,
    store: Store,
    parts: Parts,
    wanted: bool,
    jobs: int,
    progress: Progress | None = None,
) -> None:
    """Let `target`/{l} be the index of a language's records: the same records, the same bytes."""
    named = digest(_encode(names))
    needed: list[str] = []
    tasks: list[_Task] = []
    late: dict[Language, list[str]] = {}
    known = store.names(_SHARD)
    for language, those in found.items():
        cuts = cut(those)
        keys = [hexdigest(_encode([language, named, shard])) for shard in cuts]
        needed += keys
        if keys and _stands(target / language, keys, store):
            continue
        if not (keys and wanted):
            _remove(target / language)
            continue
        late[language] = keys
        tasks += [
            _Task(key, language, shard)
            for key, shard in zip(keys, cuts, strict=True)
            if not known.issuperset(_rows(key))
        ]
    if tasks:
        _make(tasks, parts, names, store, jobs, progress)
    scripts = {language: _scripts(language, store) for language in late}

    def install(language: Language) -> _Installed:
        index = _Index(language, late[language], scripts[language], store)
        return _install(index, late[language], target / language, store)

    with ExitStack() as stack:
        # Each language in a process of its own, the last one here.
        others = list(late)[:-1]
        waiting = {
            language: stack.enter_context(aside(partial(install, language), jobs))
            for language in others
        }
        done = {language: install(language) for language in late if language not in waiting}
        done |= {language: result() for language, result in waiting.items()}
    for language, installed in done.items():
        store.put({_installed_name(target / language): _encode(installed)})
    if wanted:
        _keep(needed, store)


def _installed_name(folder: Path) -> str:
    return f"installed:{folder}"


def _installed(folder: Path, store: Store) -> _Installed:
    raw = store.get(_installed_name(folder))
    return _installed_decoder.decode(raw) if raw is not None else _Installed()


def _stands(folder: Path, keys: Sequence[str], store: Store) -> bool:
    """Whether a folder's index is made of these shards and is as it was written."""
    known = _installed(folder, store)
    if known.shards != list(keys):
        return False
    there = _files(folder)
    return all(
        there.pop(path, None) == (each.size, each.mtime) for path, each in known.files.items()
    ) and all(_source(path) in known.files for path in there)


def _source(path: str) -> str:
    """What publishing compressed lies beside its source."""
    return path.removesuffix(".br").removesuffix(".gz")


def _install(index: _Index, keys: Sequence[str], folder: Path, store: Store) -> _Installed:
    """Write what differs; the file that names the others comes last, and old files go after it."""
    there, known = _files(folder), _installed(folder, store).files
    standing: dict[str, _Standing] = {}
    for path in sorted(index.digests, key=lambda path: (path == _ENTRY, path)):
        digest, before, status = index.digests[path], known.get(path), there.get(path)
        if before is None or before.digest != digest or status != (before.size, before.mtime):
            data, goal = index.data(path), folder / path
            if status is None or status[0] != len(data) or goal.read_bytes() != data:
                goal.parent.mkdir(parents=True, exist_ok=True)
                fresh = goal.with_name(f"{goal.name}.{os.getpid()}.part")
                fresh.write_bytes(data)
                fresh.replace(goal)
            written = goal.stat()
            before = _Standing(written.st_size, written.st_mtime_ns, digest)
        standing[path] = before
    for path in there:
        if path not in standing and _source(path) not in standing:
            (folder / path).unlink()
    return _Installed(list(keys), standing)


def remember(store: Store, output: Path, whole: bytes, wanted: bool) -> None:
    """Note that the index of an output folder is in step with `whole`, the digest of all it is made from."""
    note = (b"1" if wanted else b"0") + whole + _listing(output)
    if store.get(f"index:{output}") != note:
        store.put({f"index:{output}": note})


def untouched(store: Store, output: Path, whole: bytes, wanted: bool) -> bool:
    """Whether the index of an output folder is as it was left, and in step with `whole`."""
    note = store.get(f"index:{output}") or b""
    return note[1:] == whole + _listing(output) and (note[:1] == b"1" or not wanted)


def _listing(output: Path) -> bytes:
    # What publishing compressed comes and goes beside its source.
    found = _files(output / FOLDER)
    return digest(_encode(sorted(each for each in found.items() if _source(each[0]) == each[0])))


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


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink()


__all__ = ["FOLDER", "SHARD", "bring", "cut", "remember", "settle", "untouched"]
