"""What is searched is what is public: nothing held, withdrawn or gone, and the same input the same bytes."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pressroom.moments import read_instant
from pressroom.newsroom import Wish
from tests import building
from tests.site.test_held import Haystack
from tests.tiny import Tiny

pytestmark = pytest.mark.slow

HOUR = "2024-06-03T10:00:00+08:00"
BEFORE, AFTER = "2024-06-03T09:59:59+08:00", HOUR


def index(tiny: Tiny, at: str) -> dict[str, bytes]:
    """The files of the search index as a build at an instant leaves them."""
    tiny.newsroom.build(Wish(now=read_instant(at), output=tiny.output, jobs=1, search="now"))
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


def test_the_size_of_the_index_s_files_is_heeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pagefind calls the variable unstable: if it went unread, a common word would weigh too much again."""
    from pressroom import search

    records = [
        search.Record(
            f"/en/{at}/", "page", f"Page {at}", texts=(f"word{at} " * 50 + "common " * 50,)
        )
        for at in range(60)
    ]

    def made(name: str) -> dict[str, bytes]:
        folder = tmp_path / name
        folder.mkdir()
        search.index(records, "en", lambda body: (), (), folder)
        return building.tree(folder)

    few = made("as it is")
    monkeypatch.setattr(search, "CHUNK", 500)
    many = made("small files")
    assert len([path for path in many if path.startswith("index/")]) > len(
        [path for path in few if path.startswith("index/")]
    )
    # A word that fills its file keeps one place a page, and is told to be common.
    monkeypatch.setattr(search, "HEAVY", 300)
    light = made("light files")
    assert b'"common":' in light["common.json"]
    heaviest = [
        max(len(data) for path, data in files.items() if path.startswith("index/"))
        for files in (many, light)
    ]
    assert heaviest[1] < heaviest[0]
