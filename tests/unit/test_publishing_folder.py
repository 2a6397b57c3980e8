"""The folder target: versions, the link, what is kept, what is refused."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pressroom.problems import PressroomError, UsageError
from pressroom.publishing import put_live, rollback
from tests.publishing.support import contents, make_tree, style_sheet, without_carried

NOW = datetime(2017, 5, 31, 7, 0, tzinfo=UTC)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return make_tree(tmp_path / "tree", "one", pages=6, same=4, own=2)


@pytest.fixture
def live(tmp_path: Path) -> Path:
    return tmp_path / "www" / "live"


def publish(tree: Path, live: Path) -> str:
    return put_live(tree, str(live), state=tree.parent / "state", now=NOW).version


def test_the_first_publication(tree: Path, live: Path) -> None:
    receipt = put_live(tree, str(live), state=tree.parent / "state", now=NOW)
    assert contents(live) == contents(tree)
    assert live.is_symlink()
    assert os.readlink(live) == f".live.versions/{receipt.version}"
    assert receipt.version.startswith("20170531T070000Z-")
    assert (receipt.before, receipt.kept, len(receipt.sent), receipt.removed) == ("", 0, 13, ())
    assert "13 files written" in receipt.words.en
    assert "新写13个文件" in receipt.words.zh


def test_what_changed_and_what_did_not(tree: Path, live: Path) -> None:
    first = publish(tree, live)
    make_tree(tree, "two", pages=6, same=4, own=1)
    receipt = put_live(tree, str(live), state=tree.parent / "state", now=NOW)
    assert (receipt.before, receipt.kept, len(receipt.sent)) == (first, 4, 8)
    assert receipt.removed == (
        "en/own/one-0/index.html",
        "en/own/one-1/index.html",
        style_sheet("one"),
    )
    assert without_carried(contents(live), "two") == contents(tree)
    same = "en/releases/2016/same-0/index.html"
    assert (live / same).samefile(live.parent / ".live.versions" / first / same)


def test_the_same_tree_again_changes_nothing(tree: Path, live: Path) -> None:
    first = publish(tree, live)
    receipt = put_live(tree, str(live), state=tree.parent / "state", now=NOW)
    assert (receipt.switched, receipt.version, receipt.sent) == (False, first, ())
    assert "nothing changed" in receipt.words.en


def test_a_hand_in_the_live_version_is_healed(tree: Path, live: Path) -> None:
    publish(tree, live)
    page = "zh/releases/2017/page-0/index.html"
    (live / page).write_bytes(b"defaced")
    receipt = put_live(tree, str(live), state=tree.parent / "state", now=NOW)
    assert receipt.sent == (page,)
    assert contents(live) == contents(tree)


def test_five_versions_are_kept_and_none_of_them_changes(tree: Path, live: Path) -> None:
    versions, seen = live.parent / ".live.versions", {}
    for number in range(9):
        make_tree(tree, f"v{number}", pages=6, same=4, own=number % 3)
        name = publish(tree, live)
        seen[name] = contents(versions / name)
        assert without_carried(contents(live), f"v{number}") == contents(tree)
    names = sorted(
        path.name for path in versions.iterdir() if path.is_dir() and path.name != "spare"
    )
    assert names == sorted(list(seen)[-5:])
    assert {name: contents(versions / name) for name in names} == {
        name: seen[name] for name in names
    }


def test_rollback_step_by_step(tree: Path, live: Path) -> None:
    names, trees = [], []
    for label in ("one", "two", "three"):
        make_tree(tree, label, pages=6)
        names.append(publish(tree, live))
        trees.append(contents(live))
    receipt = rollback(str(live))
    assert (receipt.version, receipt.before) == (names[1], names[2])
    assert contents(live) == trees[1]
    assert style_sheet("three") in receipt.removed
    assert rollback(str(live)).version == names[0]
    assert contents(live) == trees[0]
    with pytest.raises(PressroomError, match="No earlier version"):
        rollback(str(live))
    # What was rolled back is not what the next rollback leads to.
    make_tree(tree, "four", pages=6)
    publish(tree, live)
    assert rollback(str(live)).version == names[0]


def test_rollback_of_what_was_never_published(live: Path) -> None:
    with pytest.raises(PressroomError, match="No earlier version"):
        rollback(str(live))


def test_an_older_page_keeps_its_style_sheet(tree: Path, live: Path) -> None:
    publish(tree, live)
    make_tree(tree, "two", pages=6)
    publish(tree, live)
    assert style_sheet("one") in contents(live)
    assert not any("own/one" in path for path in contents(live)), "nothing but the theme is carried"
    # Not for ever: as long as the version that had it is kept.
    for number in range(5):
        make_tree(tree, f"v{number}", pages=6)
        publish(tree, live)
    assert style_sheet("one") not in contents(live)


def test_readers_of_another_user_may_read(tree: Path, live: Path) -> None:
    before = os.umask(0o077)
    try:
        (tree / "zh/secretive.html").write_bytes(b"x")
        publish(tree, live)
    finally:
        os.umask(before)
    for path in [live, *live.rglob("*"), live.parent / ".live.versions"]:
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path


def test_a_changed_file_never_repeats_an_etag(tree: Path, live: Path) -> None:
    """nginx makes an ETag of the time in seconds and the size."""
    page, seen = "zh/releases/2017/page-0/index.html", set()
    for number in range(5):
        (tree / page).write_bytes(b"edit %d" % number)
        publish(tree, live)
        status = (live / page).stat()
        seen.add((int(status.st_mtime), status.st_size))
    assert len(seen) == 5


def test_an_empty_folder_is_taken_over(tree: Path, live: Path) -> None:
    live.mkdir(parents=True)
    publish(tree, live)
    assert contents(live) == contents(tree)


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_is_somebody_elses_is_left_alone(tree: Path, live: Path, kind: str) -> None:
    live.parent.mkdir()
    if kind == "folder":
        live.mkdir()
        (live / "thesis.txt").write_text("mine")
    elif kind == "file":
        live.write_text("mine")
    else:
        live.symlink_to("/srv/elsewhere")
    with pytest.raises(UsageError, match="was not made by publishing") as caught:
        publish(tree, live)
    assert "为免覆盖" in caught.value.words.zh
    assert sorted(path.name for path in live.parent.iterdir()) == ["live"]


def test_tree_and_target_may_not_overlap(tree: Path, live: Path) -> None:
    for target in (tree, tree / "live", tree / "zh" / "live"):
        with pytest.raises(UsageError):
            put_live(tree, str(target), state=tree.parent / "state")
    publish(tree, live)
    with pytest.raises(UsageError, match="one lies in the other"):
        put_live(live, str(live), state=tree.parent / "state")


def test_what_is_no_file_is_refused(tree: Path, live: Path) -> None:
    publish(tree, live)
    before = contents(live)
    (tree / "zh/passwords").symlink_to("/etc/passwd")
    with pytest.raises(PressroomError, match="zh/passwords"):
        publish(tree, live)
    (tree / "zh/passwords").unlink()
    os.mkfifo(tree / "zh/pipe")
    with pytest.raises(PressroomError, match="zh/pipe"):
        publish(tree, live)
    assert contents(live) == before


def test_nothing_to_publish(tmp_path: Path, live: Path) -> None:
    with pytest.raises(PressroomError, match="no such file or folder"):
        put_live(tmp_path / "nowhere", str(live), state=tmp_path / "state")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="Build the site first"):
        put_live(tmp_path / "empty", str(live), state=tmp_path / "state")


def test_no_right_to_write(tree: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    with pytest.raises(PressroomError, match="The live site is as before") as caught:
        publish(tree, blocked / "www" / "live")
    assert "线上的网站没有改变" in caught.value.words.zh


def test_a_tree_that_changes_meanwhile(
    tree: Path, live: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hashes were read, then a build went over the tree: no half of it goes live."""
    publish(tree, live)
    before = contents(live)
    from pressroom.publishing import folder

    make = folder._Place.make

    def late(place: folder._Place, *arguments: object) -> list[str]:
        (tree / "zh/releases/2017/page-1/index.html").write_bytes(b"<p>newer")
        return make(place, *arguments)  # type: ignore[arg-type]  # handed on as they came

    make_tree(tree, "two", pages=6)
    monkeypatch.setattr(folder._Place, "make", late)
    with pytest.raises(PressroomError, match="changed while it was being published"):
        publish(tree, live)
    assert contents(live) == before
    assert not list((live.parent / ".live.versions").glob("*.part"))


def test_history_and_link_are_brought_together(tree: Path, live: Path) -> None:
    """A death between the switch and the note of it, in a publication and in a rollback."""
    history = live.parent / ".live.versions" / "history"
    names = []
    for label in ("one", "two", "three"):
        make_tree(tree, label, pages=6)
        names.append(publish(tree, live))
    history.write_text(
        "".join(f"{name}\n" for name in names[:2])
    )  # the third was switched to, not noted
    assert rollback(str(live)).version == names[1]
    history.write_text("".join(f"{name}\n" for name in names))  # the rollback was not noted
    assert rollback(str(live)).version == names[0]
    history.unlink()
    assert publish(tree, live)
    assert without_carried(contents(live), "three") == contents(tree)
