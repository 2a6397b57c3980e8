"""The search index in shards: what Pagefind made of some records each, joined into one index.

Pagefind counts pages from the one before, and from nothing at the beginning. So of two shards the
second one's words follow the first one's as they are, but for the first number of each: joining is
copying bytes. The joined index is what Pagefind makes of all records at once, in files of our own
cutting, and lighter: Pagefind notes every place of every word, and of a word that stands on nearly
every page that is a hundred kilobytes, which a reader who looks for it would wait for.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, takewhile
from typing import Final

import msgspec

from pressroom import packed
from pressroom.packed import ARRAY, NEGATIVE, NUMBER, STEP, Packed, head, opened
from pressroom.store import hexdigest

# Places of words in one file of the index: a query fetches the file of each of its words, so they
# are kept small. A word with more of them has a file of its own.
CHUNK: Final = 6000
# A word with more places than this, some 12 KB, keeps its first place on each page only.
HEAVY: Final = 14_000


class Places(msgspec.Struct, array_like=True, gc=False):
    """Where a word stands in a shard.

    `rest` are the bytes of its pages but for the number of the first, `light` the same with but
    the first place of the word on each page, or nothing where that is the same. Pages count from 0
    in the shard; `weight` counts pages and places.
    """

    pages: int
    weight: int
    first: int
    last: int
    rest: bytes
    light: bytes = b""


class Shard(msgspec.Struct, array_like=True):
    """What Pagefind made of some records; nothing but their number of words is known of the pages."""

    pages: list[tuple[str, int]]  # digest of the fragment, number of words
    fields: list[str]
    filters: dict[str, dict[str, list[int]]]
    words: dict[str, Places]
    # Words with accents, by the plain word.
    forms: dict[str, dict[str, Places]]


class Joined(msgspec.Struct):
    """An index: bare bytes by path, fragments by path and digest, the name of its list of files."""

    name: str
    files: dict[str, bytes]
    fragments: dict[str, str]
    pages: int
    common: dict[
        str, int
    ]  # words that keep their first places only, with how often they stood there


# --- opening -----------------------------------------------------------------------------------


def open_shard(files: Mapping[str, bytes], tag: str) -> tuple[Shard, dict[str, bytes]]:
    """What Pagefind wrote, opened; and the packed fragments by their digests.

    `tag` is Pagefind's word for the language. Its list of files is [version, pages, chunks of the
    index, filters, sorts, fields].
    """
    shard = Shard([], [], {}, {}, {})
    fragments: dict[str, bytes] = {}
    for path in (path for path in files if path.startswith(f"pagefind.{tag}_")):
        _, pages, chunks, filters, _, fields = _list(packed.read(packed.unpack(files[path])))
        for page in _list(pages):
            name, words = _list(page)
            data = files[f"fragment/{name}.pf_fragment"]
            digest = hexdigest(data)
            fragments[digest] = data
            assert isinstance(words, int)
            shard.pages.append((digest, words))
        for chunk in _list(chunks):
            _open_words(packed.unpack(files[f"index/{_list(chunk)[2]}.pf_index"]), shard)
        for each in _list(filters):
            values = _list(packed.read(packed.unpack(files[f"filter/{_list(each)[1]}.pf_filter"])))
            shard.filters[str(values[0])] = {
                str(value): [page for page in _list(among) if isinstance(page, int)]
                for value, among in map(_list, _list(values[1]))
            }
        shard.fields = [str(field) for field in _list(fields)]
    return shard, fragments


def _list(value: Packed) -> list[Packed]:
    assert isinstance(value, list)
    return value


def _open_words(data: bytes, shard: Shard) -> None:
    """A file of the index: [[[word, [[page, places, places in fields], …], [[form, pages], …]], …]]."""
    _, at = opened(data, 0)
    count, at = opened(data, at)
    for _ in range(count):
        word, places, at = _open_word(data, at)
        if places.pages:
            shard.words[word] = places
        forms, at = opened(data, at)
        for _ in range(forms):
            form, places, at = _open_word(data, at)
            shard.forms.setdefault(word, {})[form] = places


def _open_word(data: bytes, at: int) -> tuple[str, Places, int]:
    """A word and its pages. Places are numbers after a negative one, their weight or their field."""
    _, at = opened(data, at)
    length, at = opened(data, at)
    word = data[at : at + length].decode()
    pages, at = opened(data, at + length)
    weight, first, last = pages, 0, 0
    light: list[bytes] = []
    start = done = at  # up to `done` it is copied
    for page in range(pages):
        step, at = opened(data, at + 1)
        last += step
        if not page:
            first, start, done = step, at, at
        for _ in range(2):
            before = at
            places, at = opened(data, at)
            weight += places
            begun, kept = at, 0
            while kept < places and data[at] >> 5 == NEGATIVE:
                at += STEP[data[at]]
                kept += 1
            if kept < places:
                at += STEP[data[at]]
                kept += 1
            if kept < places:
                light += (data[done:before], head(ARRAY, kept), data[begun:at])
                for _ in range(places - kept):
                    at += STEP[data[at]]
                done = at
    if light:
        light.append(data[done:at])
    return word, Places(pages, weight, first, last, data[start:at], b"".join(light)), at


# --- joining -----------------------------------------------------------------------------------


def join(shards: Sequence[Shard], tag: str, version: str) -> Joined:
    """One index of all shards, their pages one after the other: however they are cut, the same bytes."""
    shards = [shard for shard in shards if shard.pages]
    pages = [page for shard in shards for page in shard.pages]
    fields = shards[0].fields if shards else []
    if any(shard.fields != fields for shard in shards):
        raise ValueError("shards of records with different fields cannot be joined")
    names = _short(digest for digest, _ in pages)
    files: dict[str, bytes] = {}
    entries, weights = _words(shards)
    chunks = _chunks(entries, weights)
    bare = [
        head(ARRAY, 1) + head(ARRAY, len(chunk)) + b"".join(map(entries.__getitem__, chunk))
        for chunk in chunks
    ]
    called = _short(map(hexdigest, bare))
    listed: list[Packed] = []
    for data, (first, last) in zip(bare, _bounds(chunks), strict=True):
        name = f"{tag}_{called[hexdigest(data)]}"
        files[f"index/{name}.pf_index"] = data
        listed.append([first, last, name])
    filters: list[Packed] = []
    for key, values in sorted(_filters(shards).items()):
        data = packed.write([key, [[value, among] for value, among in sorted(values.items())]])
        name = f"{tag}_{hexdigest(data)[:7]}"
        files[f"filter/{name}.pf_filter"] = data
        filters.append([key, name])
    meta = packed.write(
        [
            version,
            [[f"{tag}_{names[digest]}", words] for digest, words in pages],
            listed,
            filters,
            [],
            list(fields),
        ]
    )
    name = f"{tag}_{hexdigest(meta)[:10]}"
    files[f"pagefind.{name}.pf_meta"] = meta
    return Joined(
        name,
        files,
        {f"fragment/{tag}_{names[digest]}.pf_fragment": digest for digest, _ in pages},
        len(pages),
        {word: weight for word, weight in sorted(weights.items()) if weight > HEAVY},
    )


def _words(shards: Sequence[Shard]) -> tuple[dict[str, bytes], dict[str, int]]:
    """The entry of every word, in the order of the alphabet, and how much each stands there."""
    weights: dict[str, int] = {}
    for shard in shards:
        for word, places in shard.words.items():
            weights[word] = weights.get(word, 0) + places.weight
        for word, forms in shard.forms.items():
            weights[word] = weights.get(word, 0) + sum(each.weight for each in forms.values())
    found: dict[str, _Run] = {}
    accented: dict[str, dict[str, _Run]] = {}
    offset = 0
    for shard in shards:
        for word, places in shard.words.items():
            run = found.get(word)
            if run is None:
                run = found[word] = _Run()
            run.add(places, offset, weights[word] > HEAVY)
        for word, forms in shard.forms.items():
            among = accented.setdefault(word, {})
            for form, places in forms.items():
                among.setdefault(form, _Run()).add(places, offset, weights[word] > HEAVY)
        offset += len(shard.pages)
    nothing = _Run()
    entries: dict[str, bytes] = {}
    for word in sorted(weights):
        runs = sorted(accented.get(word, {}).items())
        entries[word] = b"".join(
            (
                _THREE,
                packed.write(word),
                found.get(word, nothing).written(),
                head(ARRAY, len(runs)),
                *(head(ARRAY, 2) + packed.write(form) + run.written() for form, run in runs),
            )
        )
    return entries, weights


_THREE: Final = head(ARRAY, 3)


class _Run:
    """The pages of a word, one shard's after the other's."""

    __slots__ = ("last", "pages", "written_so_far")

    def __init__(self) -> None:
        self.pages = 0
        self.last = 0
        self.written_so_far: list[bytes] = []

    def add(self, places: Places, offset: int, light: bool) -> None:
        self.pages += places.pages
        self.written_so_far += (
            _THREE,
            head(NUMBER, places.first + offset - self.last),
            (places.light or places.rest) if light else places.rest,
        )
        self.last = places.last + offset

    def written(self) -> bytes:
        return head(ARRAY, self.pages) + b"".join(self.written_so_far)


def _chunks(entries: Iterable[str], weights: Mapping[str, int]) -> list[list[str]]:
    """The words of each file: cut where the least hash is, until what is left is light enough.

    So one new word, or one more place of a word, moves a cut or two near it and none elsewhere: of
    an edit only the files change that hold its words. Words that fill a file are cut off first.
    """
    words = list(entries)
    ranks = [zlib.crc32(word.encode()) for word in words]
    for at, word in enumerate(words):
        if weights[word] > CHUNK:
            ranks[at : at + 2] = [-1, -1][: len(words) - at]
    before = [0, *accumulate(weights[word] for word in words)]
    found: list[list[str]] = []
    waiting = [(0, len(words))] if words else []
    while waiting:
        start, end = waiting.pop()
        if end - start == 1 or before[end] - before[start] <= CHUNK:
            found.append(words[start:end])
        else:
            cut = min(range(start + 1, end), key=ranks.__getitem__)
            waiting += ((cut, end), (start, cut))
    return found


def _bounds(chunks: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The bounds of each file: its first word, as short as tells it from the last one before, and its last.

    A word that is still being typed comes before what it begins. Pagefind shortens the last word as
    well, and misses those that come after what is left of it: the more files, the more of them.
    """
    before = ""
    for chunk in chunks:
        first, last = chunk[0], chunk[-1]
        same = sum(
            1 for _ in takewhile(lambda two: two[0] == two[1], zip(before, first, strict=False))
        )
        yield (first[: same + 1] if before else first), last
        before = last


def _filters(shards: Sequence[Shard]) -> dict[str, dict[str, list[Packed]]]:
    found: dict[str, dict[str, list[Packed]]] = {}
    offset = 0
    for shard in shards:
        for name, values in shard.filters.items():
            for value, among in values.items():
                found.setdefault(name, {}).setdefault(value, []).extend(
                    page + offset for page in among
                )
        offset += len(shard.pages)
    return found


def _short(digests: Iterable[str]) -> dict[str, str]:
    """Names for digests: seven letters, for the list of files is fetched first; all where two meet."""
    found: dict[str, list[str]] = {}
    for digest in dict.fromkeys(digests):
        found.setdefault(digest[:7], []).append(digest)
    return {
        digest: name if len(alike) == 1 else digest
        for name, alike in found.items()
        for digest in alike
    }


__all__ = ["CHUNK", "HEAVY", "Joined", "Places", "Shard", "join", "open_shard"]
