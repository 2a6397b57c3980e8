"""What is searched is what is public: nothing held, withdrawn or gone, and the same input the same bytes."""

from __future__ import annotations

import gzip
import io
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pressroom import indexer, search, search_index, shards
from pressroom.moments import read_instant
from pressroom.newsroom import Wish
from pressroom.store import Damaged, Store
from tests import building
from tests.site.test_held import Haystack
from tests.tiny import Tiny

pytestmark = pytest.mark.slow

HOUR = "2024-06-03T10:00:00+08:00"
BEFORE, AFTER = "2024-06-03T09:59:59+08:00", HOUR


def index(tiny: Tiny, at: str) -> dict[str, bytes]:
    """The files of the search index as a build at an instant leaves them."""
    tiny.newsroom.build(Wish(now=read_instant(at), output=tiny.output, jobs=1, search=True))
    return building.tree(tiny.output / "pagefind")


def opened(files: dict[str, bytes]) -> Haystack:
    return Haystack(
        {
            path: gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
            for path, data in files.items()
        }
    )


def newsroom(folder: Path) -> Tiny:
    tiny = Tiny(folder)
    tiny.release("2024/open", en_body="Plainword is public.\n", zh_body="公开的正文。\n")
    tiny.release(
        "2024/later",
        {"date": "2024-06-03", "embargo": HOUR},
        zh={"title": "虺虿蚍蚋的新闻"},
        en={"title": "Qvxheld news"},
        zh_body="蚝蚧蚣的正文。\n",
        en_body="Qvxbody of it.\n",
    )
    tiny.release("2024/draft", {"status": "draft"}, en={"title": "Qvxdraft news"})
    return tiny


def test_the_index_holds_what_is_public_and_nothing_else(tmp_path: Path) -> None:
    tiny = newsroom(tmp_path)
    before = opened(index(tiny, BEFORE))
    assert before.where(b"plainword")
    held = ("qvxheld", "Qvxheld", "qvxbody", "Qvxbody", "虺虿", "蚝蚧", "2024/later")
    draft = ("qvxdraft", "Qvxdraft", "2024/draft")
    assert [word for word in (*held, *draft) if before.where(word.encode())] == []
    # At its hour it is there, in both languages, by every word and by pieces of its title.
    after = opened(index(tiny, AFTER))
    assert [
        word
        for word in ("Qvxheld", "Qvxbody", "虺虿", "2024/later")
        if not after.where(word.encode())
    ] == []
    assert [word for word in draft if after.where(word.encode())] == []
    # Withdrawn, it is gone again, its title too.
    (tiny.content / "releases/2024/later/zh.md").write_text(
        (tiny.content / "releases/2024/later/zh.md")
        .read_text("utf-8")
        .replace(
            "status: public",
            "status: withdrawn\nwithdrawn: {at: 2024-06-04T09:00:00+08:00, zh: 撤回。, en: Withdrawn.}",
        ),
        "utf-8",
    )
    gone = opened(index(tiny, "2024-06-05T09:00:00+08:00"))
    assert [word for word in held if gone.where(word.encode())] == []
    tiny.close()


def test_the_same_records_are_the_same_bytes(tmp_path: Path) -> None:
    """In another folder, from another cache, and after a detour over another state."""
    one, other = newsroom(tmp_path / "one"), newsroom(tmp_path / "other")
    index(other, AFTER)
    first, second = index(one, BEFORE), index(other, BEFORE)
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []
    one.close()
    other.close()


# --- shards --------------------------------------------------------------------------------------


def record(at: int, said: str = "") -> search.Record:
    """One of many, six a year: a common word, one of its year, one of its own, and accents."""
    year = str(2001 + at // 6)
    return search.Record(
        order=f"{year}-{at % 6 + 1:02} {at:03}",
        address=f"/en/{at}/",
        kind="release",
        title=f"Release of {year}" if at % 4 else f"Réunion de {year}",
        day=year if at % 3 else "",
        texts=(f"common common wort{at} {'café' if at % 5 else 'cafe'} año{year} {said}",),
        words=("naïve",) if at % 7 == 0 else (),
        years=(year,),
        topics=("one", "two")[: at % 3],
    )


def made(folder: Path, records: Sequence[search.Record], jobs: int = 1) -> dict[str, bytes]:
    """The index of some records, as a cache that may know some of their shards has it made."""
    store = Store(folder, "test")
    target = folder / "pagefind"
    search_index.bring({"en": records}, (), target, store, lambda body: (), True, jobs)
    store.close()
    return building.tree(target / "en")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "SHARD", 6)


def shards_kept(folder: Path) -> set[str]:
    store = Store(folder, "test")
    names = store.names("shard:")
    store.close()
    return names


def test_however_it_is_cut_an_index_is_what_pagefind_makes_of_all_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [record(at) for at in range(60)]
    for folder in ("whole", "cut", "light", "light and cut"):
        (tmp_path / folder).mkdir()
    whole = made(tmp_path / "whole", records)
    with monkeypatch.context() as patch:
        patch.setattr(search_index, "SHARD", 6)
        assert len(search_index.cut(records)) == 10
        assert made(tmp_path / "cut", records, jobs=2) == whole
    with indexer.Service() as service:
        files = service.index(
            search.payload(each, "en", lambda body: (), search.Namebook(())) for each in records
        )
    assert said(whole) == said(files)
    assert len(said(whole)[0]) == 60
    # The heaviest words keep one place a page, and are told to be common.
    monkeypatch.setattr(shards, "CHUNK", 100)
    monkeypatch.setattr(shards, "HEAVY", 200)
    light = made(tmp_path / "light", records)
    # The weight counts pages, places and the sign before them; words are kept without their endings.
    assert json.loads(light["common.json"]).get("common") == 240, light["common.json"]
    assert json.loads(whole["common.json"]) == {}
    several = [path for path in light if path.startswith("index/")]
    assert len(several) > len([path for path in whole if path.startswith("index/")])
    words, all_words = said(light)[1], said(whole)[1]
    assert words.keys() == all_words.keys()
    assert [page[1] for page in words["common"][0]] == [
        each[1][:2] for each in all_words["common"][0]
    ]
    assert words["wort7"] == all_words["wort7"]
    monkeypatch.setattr(search_index, "SHARD", 6)
    assert made(tmp_path / "light and cut", records) == light


def said(files: dict[str, bytes]) -> tuple[list[Any], dict[str, Any], dict[str, Any], Any]:
    """What an index says, however its files are cut and called: pages, words, filters, the rest.

    A page is its fragment and its number of words; a word is [page, places, places in fields], and
    the same for each of its forms with accents. Pages count from the one before, as Pagefind has it.
    """
    (path,) = [path for path in files if path.endswith(".pf_meta")]
    version, pages, chunks, filters, sorts, fields = read(files[path])
    words: dict[str, Any] = {}
    for first, last, name in chunks:
        ((*entries,),) = read(files[f"index/{name}.pf_index"])
        # A query asks for the file between whose bounds a word lies.
        assert first <= entries[0][0]
        assert first <= last <= entries[-1][0]
        for word, places, forms in entries:
            words[word] = (places, sorted(forms))
    among: dict[str, Any] = {}
    for name, file in filters:
        key, values = read(files[f"filter/{file}.pf_filter"])
        assert key == name
        among[name] = sorted(values)
    told = [
        (gzip.decompress(files[f"fragment/{name}.pf_fragment"]), count) for name, count in pages
    ]
    return told, words, among, (version, sorts, fields)


def read(data: bytes) -> Any:
    """What a packed file of Pagefind's says, by a reader of CBOR that is not the one under test."""
    return value(io.BytesIO(gzip.decompress(data).removeprefix(b"pagefind_dcd")))


def value(source: io.BytesIO) -> Any:
    kind, number = divmod(source.read(1)[0], 32)
    if number > 23:
        number = int.from_bytes(source.read(1 << number - 24), "big")
    match kind:
        case 0:
            return number
        case 1:
            return -1 - number
        case 3:
            return source.read(number).decode()
        case 4:
            return [value(source) for _ in range(number)]
    raise AssertionError(kind)


@pytest.mark.usefixtures("small")
def test_an_edit_makes_one_shard_anew_and_the_same_bytes_as_all_anew(tmp_path: Path) -> None:
    """An edit, a new release, one in an old year, one that is gone, and back to the beginning."""
    records = [record(at) for at in range(60)]
    folder = tmp_path / "kept"
    folder.mkdir()
    first = made(folder, records)
    edited = [*records[:20], record(20, "edited"), *records[21:]]
    states = {
        "edited": (edited, 1),
        "new": ([*edited, record(60)], 1),
        # A seventh in a year: its shard is cut into months, six of them.
        "old": (sorted([*records, old(13)], key=lambda each: each.order), 6),
        "gone": ([*records[:30], *records[31:]], 1),
        "as it was": (records, 0),
    }
    known = shards_kept(folder)
    for name, (state, anew) in states.items():
        index = made(folder, state)
        fresh = tmp_path / name
        fresh.mkdir()
        assert index == made(fresh, state), name
        assert len(shards_kept(folder) - known) == 2 * anew, name
        known |= shards_kept(folder)
    assert made(folder, records) == first
    # What no state of late is made of is forgotten.
    assert len(shards_kept(folder)) < len(known)


def old(at: int) -> search.Record:
    return msgspec.structs.replace(
        record(at, "old"), order=f"2003-05 {at:03} old", address="/en/old/"
    )


@pytest.mark.usefixtures("small")
def test_only_files_whose_words_changed_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "CHUNK", 100)
    records = [record(at) for at in range(60)]
    before = made(tmp_path, records)
    times = {path: (tmp_path / "pagefind/en" / path).stat().st_mtime_ns for path in before}
    after = made(tmp_path, [*records, record(60)])
    same = [path for path in after if before.get(path) == after[path]]
    assert [
        path for path in same if (tmp_path / "pagefind/en" / path).stat().st_mtime_ns != times[path]
    ] == []
    words = {path for path in before if path.startswith("index/")}
    assert len(words & set(same)) > len(words) / 2
    assert len(set(same) - words) > 60


@pytest.mark.usefixtures("small")
def test_a_damaged_index_or_shard_is_noticed_and_made_anew(tmp_path: Path) -> None:
    records = [record(at) for at in range(30)]
    whole = made(tmp_path, records)
    folder = tmp_path / "pagefind/en"
    # Files of the output: gone, cut short, a stranger's.
    paths = sorted(whole)
    (folder / paths[0]).unlink()
    (folder / paths[-1]).write_bytes(whole[paths[-1]][:50])
    (folder / "index/stranger.pf_index").write_bytes(b"held")
    assert made(tmp_path, records) == whole
    # A shard that is gone is made again,
    store = Store(tmp_path, "test")
    store.put({}, drop=sorted(store.names("shard:"))[:3])
    store.close()
    assert made(tmp_path, [*records, record(30)]) != whole
    assert made(tmp_path, records) == whole
    # and one that is not what was kept is not believed: all of the cache is forgotten (newsroom.py).
    store = Store(tmp_path, "test")
    store.connection().execute("update kept set data = zeroblob(9) where name like 'shard:%:words'")
    store.close()
    with pytest.raises(Damaged):
        made(tmp_path, [*records, record(31)])
    (tmp_path / "pressroom.sqlite").unlink()
    assert made(tmp_path, records) == whole


def test_a_build_forgets_a_damaged_shard(tmp_path: Path) -> None:
    tiny = newsroom(tmp_path)
    before = index(tiny, BEFORE)
    store = tiny.newsroom.store()
    store.connection().execute("update kept set data = x'00' where name like 'shard:%'")
    shutil.rmtree(tiny.output / "pagefind")
    assert index(tiny, BEFORE) == before
    tiny.close()


def test_a_page_without_a_text_is_found(tmp_path: Path) -> None:
    bare = search.Record(order="", address="/zh/names/#bare", kind="name", title="儿童福利主任")
    store = Store(tmp_path, "test")
    target = tmp_path / "pagefind"
    search_index.bring({"zh": [bare]}, (), target, store, lambda body: (), True, 1)
    store.close()
    pages, words, *_ = said(building.tree(target / "zh"))
    assert [count for _, count in pages] != []
    assert {"福利主任", "主任"} <= words.keys()
