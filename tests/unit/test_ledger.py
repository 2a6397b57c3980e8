"""The ledger: what was published, and what becomes of addresses that have no page any more."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pressroom import ledger
from pressroom.problems import PressroomError
from pressroom.redirects import Redirect
from tests.building import PROJECT

NOW = datetime(2024, 6, 1, tzinfo=UTC)
BUILT = frozenset(
    {
        "/",
        "/zh/",
        "/zh/releases/",
        "/zh/releases/2024/new/",
        "/zh/releases/2024/new/release.txt",
        "/zh/topics/",
        "/zh/topics/welfare/",
        "/zh/feed.json",
        "/zh/facts/",
    }
)


def settle(
    *addresses: str, said: dict[str, str] | None = None, withdrawn: set[str] | None = None
) -> ledger.Settled:
    known = dict.fromkeys(addresses, "2024-01-01T00:00:00+08:00")
    return ledger.settle(known, NOW, BUILT, said or {}, frozenset(withdrawn or ()))


def test_an_address_with_a_page_needs_nothing() -> None:
    assert settle("/zh/releases/2024/new/") == ledger.Settled([], [], [])


def test_a_vanished_address_stops_the_build_and_offers_the_line_to_write() -> None:
    (problem,) = settle("/zh/releases/2024/old/").problems
    assert problem.rule == "vanished"
    assert "/zh/releases/2024/old/: /zh/releases/2024/new/" in problem.mend.en
    assert "content/data/redirects.yaml" in problem.mend.zh


def test_only_an_address_that_is_new_is_offered_for_one_that_vanished() -> None:
    """A release that was there before is not where the other one went."""
    (problem,) = settle("/zh/releases/2024/ne/", "/zh/releases/2024/new/").problems
    assert "/zh/releases/2024/ne/: its new address" in problem.mend.en
    assert "/zh/releases/2024/ne/: gone" in problem.mend.en
    assert "/zh/releases/2024/ne/: 新地址" in problem.mend.zh


def test_a_vanished_item_is_told_once_with_all_that_lay_beside_it() -> None:
    problems = settle("/zh/releases/2024/old/", "/zh/releases/2024/old/kit.zip").problems
    assert [problem.value for problem in problems] == ["/zh/releases/2024/old/"]


def test_an_address_that_is_public_only_later_is_not_asked_for() -> None:
    settled = ledger.settle({"/zh/x/": "2024-06-02T00:00:00+08:00"}, NOW, BUILT, {}, frozenset())
    assert settled.problems == []


def test_what_staff_said_of_a_folder_holds_for_what_lies_in_it() -> None:
    settled = settle(
        "/zh/releases/2024/old/",
        "/zh/releases/2024/old/release.txt",
        "/zh/releases/2024/old/kit.zip",
        said={"/zh/releases/2024/old/": "/zh/releases/2024/new/"},
    )
    assert settled.redirects == [
        Redirect("/zh/releases/2024/old/", "/zh/releases/2024/new/"),
        Redirect("/zh/releases/2024/old/kit.zip", "/zh/releases/2024/new/"),
        Redirect("/zh/releases/2024/old/release.txt", "/zh/releases/2024/new/release.txt"),
    ]


def test_gone_on_purpose_is_gone_with_all_below() -> None:
    settled = settle("/zh/about/", "/zh/about/photo.jpg", said={"/zh/about/": "gone"})
    assert settled.gone == ["/zh/about/", "/zh/about/photo.jpg"]


@pytest.mark.parametrize(
    ("old", "fate"),
    [
        ("/zh/releases/2019/", "/zh/releases/"),
        ("/zh/topics/welfare/2019/", "/zh/topics/welfare/"),
        ("/zh/topics/lost/2019/", "/zh/topics/"),
        ("/zh/topics/lost/", "/zh/topics/"),
        ("/zh/topics/lost/feed.json", "/zh/feed.json"),
        ("/data/charts/villages.zh.png", "/zh/facts/"),
    ],
)
def test_lists_lead_to_the_list_above(old: str, fate: str) -> None:
    assert settle(old).redirects == [Redirect(old, fate)]


def test_files_beside_a_withdrawn_text_are_gone() -> None:
    settled = settle("/zh/releases/2024/new/kit.zip", withdrawn={"/zh/releases/2024/new/"})
    assert settled.gone == ["/zh/releases/2024/new/kit.zip"]


def test_pictures_and_contacts_that_went_are_gone() -> None:
    assert settle("/media/releases/2024/new/a-0123.jpg", "/contacts/x.vcf").gone == [
        "/contacts/x.vcf",
        "/media/releases/2024/new/a-0123.jpg",
    ]


def test_a_redirect_to_nothing_and_one_over_a_page_are_refused() -> None:
    nowhere = settle(said={"/zh/old/": "/zh/releases/2024/nw/"}).problems
    assert [problem.rule for problem in nowhere] == ["redirect"]
    assert "/zh/releases/2024/new/" in nowhere[0].mend.en
    assert settle(said={"/zh/releases/": "/zh/"}).problems


def test_the_ledger_is_sorted_keeps_first_instants_and_survives_a_merge(tmp_path: Path) -> None:
    ledger.record(
        tmp_path, {"/zh/b/": "2024-02-01T00:00:00+08:00", "/zh/a/": "2024-03-01T00:00:00+08:00"}
    )
    assert ledger.record(tmp_path, {"/zh/b/": "2025-01-01T00:00:00+08:00"}) == 0
    path = tmp_path / ledger.LEDGER
    assert (
        path.read_text() == "/zh/a/ 2024-03-01T00:00:00+08:00\n/zh/b/ 2024-02-01T00:00:00+08:00\n"
    )
    path.write_text(path.read_text() + "/zh/a/ 2024-01-01T00:00:00+08:00\n")
    assert ledger.read(tmp_path)["/zh/a/"] == "2024-01-01T00:00:00+08:00"


def test_a_ledger_that_cannot_be_written_says_that_the_site_is_live(tmp_path: Path) -> None:
    (tmp_path / ledger.LEDGER).mkdir()  # no file can take its place
    with pytest.raises(PressroomError, match="is live, but ledger") as caught:
        ledger._write(tmp_path / ledger.LEDGER, {"/zh/a/": "2024-03-01T00:00:00+08:00"})
    assert "再发布一次" in caught.value.words.zh
    assert [path.name for path in tmp_path.iterdir()] == [ledger.LEDGER]


@pytest.mark.needs("git")
def test_branches_that_both_published_merge_without_a_hand(tmp_path: Path) -> None:
    """Git's own merge, with the attributes of this repository, of lines added and words changed side by side."""

    def git(*arguments: str) -> None:
        named = ("-c", "user.name=Newsroom", "-c", "user.email=newsroom@example.org")
        subprocess.run(
            ["git", "-C", str(tmp_path), *named, *arguments], check=True, capture_output=True
        )

    def publish(letter: str, at: str) -> None:
        addresses = {f"/zh/{letter}/": at, "/zh/both/": at}
        ledger.record(tmp_path, addresses)
        ledger.record_words(tmp_path, {"/zh/a/": (letter * 12, at)})
        git("add", "--all")
        git("commit", "--quiet", "--message", letter)

    git("init", "--quiet", "--initial-branch", "main")
    shutil.copy(PROJECT / ".gitattributes", tmp_path)
    ledger.record(tmp_path, {"/zh/a/": "2024-01-01T00:00:00+08:00"})
    publish("a", "2024-01-02T00:00:00+08:00")
    for branch, at in (("b", "2024-03-01T00:00:00+08:00"), ("c", "2024-02-01T00:00:00+08:00")):
        git("checkout", "--quiet", "-b", branch, "main")
        publish(branch, at)
    git("merge", "--quiet", "--no-edit", "b")

    assert ledger.read(tmp_path) == {
        "/zh/a/": "2024-01-01T00:00:00+08:00",
        "/zh/b/": "2024-03-01T00:00:00+08:00",
        "/zh/both/": "2024-01-02T00:00:00+08:00",
        "/zh/c/": "2024-02-01T00:00:00+08:00",
    }
    # The words that were published last are those to compare with, and the next publication sorts again.
    ledger.record_words(tmp_path, {})
    assert (
        tmp_path / ledger.WORDS
    ).read_text() == "/zh/a/ bbbbbbbbbbbb 2024-03-01T00:00:00+08:00\n"
    ledger.record(tmp_path, {})
    lines = (tmp_path / ledger.LEDGER).read_text().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 4


def test_a_broken_ledger_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / ledger.LEDGER).write_text("/zh/a/ 2024-03-01T00:00:00+08:00\nnonsense\n")
    with pytest.raises(PressroomError, match=r"ledger\.txt:2"):
        ledger.read(tmp_path)
