"""Compressed companions: the same text, the same bytes; nothing stale, nothing done twice."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.problems import PressroomError
from pressroom.publishing import precompress
from pressroom.publishing.compression import brotli_bytes, gzip_bytes

TEXT = "儿童福利与保护宣传周 Child Welfare and Protection Week\n".encode() * 50


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    top = tmp_path / "tree"
    for name in (
        "index.html",
        "zh/feed.atom.xml",
        "zh/r/release.txt",
        "static/site.0123456789abcdef.css",
        "e.ics",
    ):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(TEXT)
    (top / "photo.jpg").write_bytes(TEXT)
    (top / "tiny.json").write_bytes(b"{}")
    return top


def names(tree: Path) -> set[str]:
    return {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()}


def test_companions_stand_beside_text_and_nothing_else(tree: Path, tmp_path: Path) -> None:
    before = names(tree)
    done = precompress(tree, tmp_path / "cache")
    texts = before - {"photo.jpg", "tiny.json"}
    assert names(tree) - before == {name + ending for name in texts for ending in (".br", ".gz")}
    assert (done.standing, done.removed) == (10, 0)
    for name in texts:
        assert gzip.decompress((tree / f"{name}.gz").read_bytes()) == TEXT
        assert brotli.decompress((tree / f"{name}.br").read_bytes()) == TEXT


def test_equal_text_gives_equal_bytes_at_any_time(tree: Path, tmp_path: Path) -> None:
    precompress(tree, tmp_path / "cache")
    first = {name: (tree / name).read_bytes() for name in names(tree)}
    for name in names(tree):
        if name.endswith((".br", ".gz")):
            (tree / name).unlink()
        else:
            os.utime(tree / name, (1, 1))
    precompress(tree, tmp_path / "another cache")
    assert {name: (tree / name).read_bytes() for name in names(tree)} == first
    assert (tree / "index.html.gz").read_bytes()[4:8] == bytes(4), "no time in the head of gzip"


def test_nothing_is_compressed_twice(tree: Path, tmp_path: Path) -> None:
    # The texts are equal: one page and one style sheet, which is compressed harder, in two ways, and tiny.json.
    assert precompress(tree, tmp_path / "cache").compressed == 6
    times = {name: (tree / name).stat().st_mtime_ns for name in names(tree)}
    assert precompress(tree, tmp_path / "cache").compressed == 0
    assert {name: (tree / name).stat().st_mtime_ns for name in names(tree)} == times
    # Moved, copied, or built anew: the content counts.
    (tree / "index.html").rename(tree / "other.html")
    done = precompress(tree, tmp_path / "cache")
    assert (done.compressed, done.removed) == (0, 2)
    assert "index.html.br" not in names(tree)
    assert "other.html.br" in names(tree)


def test_an_edit_reaches_its_companions(tree: Path, tmp_path: Path) -> None:
    precompress(tree, tmp_path / "cache")
    other = TEXT.replace(b"Week", b"Work")  # of the same length
    (tree / "index.html").write_bytes(other)
    assert precompress(tree, tmp_path / "cache").compressed == 2
    assert gzip.decompress((tree / "index.html.gz").read_bytes()) == other
    assert gzip.decompress((tree / "e.ics.gz").read_bytes()) == TEXT


def test_nothing_stale_stays(tree: Path, tmp_path: Path) -> None:
    precompress(tree, tmp_path / "cache")
    (tree / "zh/r/release.txt").unlink()  # withdrawn
    (tree / "e.ics").write_bytes(b"x")  # no longer smaller
    (tree / "zh/left-behind.html.gz").write_bytes(b"from a build whose cache is lost")
    assert precompress(tree, tmp_path / "cache").removed == 5
    assert not {
        "zh/r/release.txt.gz",
        "zh/r/release.txt.br",
        "e.ics.br",
        "zh/left-behind.html.gz",
    } & names(tree)
    assert "index.html.gz" in names(tree)


def test_a_cache_cleaned_by_hand_is_made_again(tree: Path, tmp_path: Path) -> None:
    precompress(tree, tmp_path / "cache")
    for kept in (tmp_path / "cache").rglob("*.br"):
        kept.unlink()
    for companion in tree.rglob("*.br"):
        companion.unlink()
    precompress(tree, tmp_path / "cache")
    assert brotli.decompress((tree / "index.html.br").read_bytes()) == TEXT


def test_no_right_to_write(tree: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "cache"
    blocked.write_text("a file where a folder should be")
    with pytest.raises(PressroomError, match="compressing the files of") as caught:
        precompress(tree, blocked)
    assert "压缩" in caught.value.words.zh


@given(st.binary(max_size=2000))
def test_what_is_packed_can_be_unpacked(data: bytes) -> None:
    assert gzip.decompress(gzip_bytes(data)) == data
    assert brotli.decompress(brotli_bytes(data, 6)) == data
