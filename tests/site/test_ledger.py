"""Nothing published ever vanishes: whatever staff do to a site, every old address still answers."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import pytest

from pressroom import ledger, proofing, release_desk
from pressroom.desk import check
from pressroom.moments import iso, read_instant
from pressroom.newsroom import Wish
from pressroom.problems import ContentError, PressroomError, Problem
from pressroom.release_desk import public_sides, publish
from pressroom.verify import verify
from pressroom.views import LATEST
from tests import building
from tests.publishing.test_servers import nginx
from tests.tiny import Tiny

EDITS = 300 if os.environ.get("PRESSROOM_FULL") else 40
ATOM: Final = "{http://www.w3.org/2005/Atom}"
START = read_instant("2024-06-01T12:00:00+08:00")


def put_live(site: Tiny, live: Path, at: str, search: bool = False) -> Path:
    """Build and publish as the verb does, with the search index where it matters; returns the live tree."""
    tree = site.folder / "tree"
    wish = Wish(now=read_instant(at), output=tree, jobs=1, compressed=True, search=search)
    outcome = site.newsroom.build(wish)
    publish(site.newsroom, outcome, tree, str(live), read_instant(at))
    return live


def answer(tree: Path, address: str) -> int:
    """What a web server with the written maps answers: 200, 301, 410 or 404."""
    moved = dict(
        re.findall(r'"([^"]+)" "([^"]+)";', (tree / ".server/redirects.nginx.map").read_text())
    )
    if address in moved:
        target = moved[address]
        assert answer_of_file(tree, target), f"{address} leads to {target}, where there is nothing"
        return 301
    if address in (tree / ".server/gone.txt").read_text().split():
        return 410
    return 200 if answer_of_file(tree, address) else 404


def answer_of_file(tree: Path, address: str) -> bool:
    file = tree / (address[1:] + ("index.html" if address.endswith("/") else ""))
    return file.is_file()


def offered(problem: Problem) -> str:
    """The line that the message tells staff to write: the first suggestion, as it stands."""
    match = re.search(r"write “(/[^”]+)”", problem.mend.en)
    assert match, problem.mend.en
    return match[1]


def topics_of(site: Tiny, key: str, topics: str) -> None:
    path = site.content / key / "zh.md"
    path.write_text(re.sub(r"topics: .*", f"topics: {topics}", path.read_text("utf-8")), "utf-8")


def edit(site: Tiny, dice: random.Random, number: int, at: str) -> None:
    """One thing that staff do."""
    keys = sorted(
        p.relative_to(site.content).as_posix()
        for p in (site.content / "releases").glob("*/*")
        if p.is_dir()
    )
    act = (
        dice.choice(["add", "rename", "delete", "withdraw", "retopic", "add"])
        if len(keys) > 2
        else "add"
    )
    if act == "add":
        site.release(
            f"{dice.choice([2019, 2021, 2023])}/item-{number}",
            {"topics": dice.choice(["[welfare]", "[school]", "[]"])},
        )
        return
    key = dice.choice(keys)
    if act == "rename":
        shutil.move(site.content / key, site.content / f"{key}-moved-{number}")
    elif act == "delete":
        shutil.rmtree(site.content / key)
    elif act == "retopic":
        topics_of(site, key, dice.choice(["[welfare]", "[school]", "[]"]))
    elif "withdrawn:" not in (site.content / key / "zh.md").read_text("utf-8"):
        path = site.content / key / "zh.md"
        notice = (
            f'withdrawn: {{at: "{at}", zh: 本稿有误。, en: There was an error in it.}}\n---\n正文'
        )
        path.write_text(path.read_text("utf-8").replace("---\n正文", notice), "utf-8")


@pytest.mark.slow
@pytest.mark.needs("nginx")
def test_every_address_ever_published_answers_after_any_edits(tmp_path: Path) -> None:
    site = Tiny(tmp_path)
    site.write(
        "data/topics.yaml", "welfare: {zh: 福利, en: Welfare}\nschool: {zh: 学校, en: School}\n"
    )
    dice = random.Random(2017)
    live = tmp_path / "live"
    redirects = site.content / "data/redirects.yaml"
    lines: list[str] = []
    stopped = 0
    for number in range(EDITS):
        at = iso(START + timedelta(hours=number))
        edit(site, dice, number, at)
        for _ in range(4):
            try:
                put_live(site, live, at)
                break
            except ContentError as error:
                told = error.problems
                rules = {problem.rule for problem in told}
                if not rules <= {"vanished", "redirect"}:
                    pytest.fail(f"edit {number}: {rules}")
                stopped += 1
                for problem in told:
                    if problem.rule == "vanished":
                        line = offered(problem)
                        # Where nothing is like it there is no new address to offer: staff say that it is gone.
                        lines.append(
                            line if not line.endswith("address") else f"{problem.value}: gone"
                        )
                    else:
                        lines = [
                            each for each in lines if not each.startswith(f"{problem.value}: ")
                        ]
                        lines.append(f"{problem.value}: gone")
                redirects.write_text("".join(f"{line}\n" for line in dict.fromkeys(lines)), "utf-8")
        else:
            pytest.fail(f"edit {number}: what the messages offered did not settle it")
        if number % 10 == 9 or number == EDITS - 1:
            known = ledger.read(site.folder)
            lost = [address for address in known if answer(live, address) not in (200, 301, 410)]
            assert lost == []
    # The real server says the same of every one of them, and what it leads to is there.
    with nginx(live, tmp_path / "nginx") as server:
        for address in ledger.read(site.folder):
            said = server.get(address)
            assert said.status == answer(live, address), address
            if said.status == 301:
                assert server.get(said.headers["location"]).status == 200, address
    assert stopped, "no edit made an address vanish: the test would prove nothing"
    assert len(ledger.read(site.folder)) > 50


def test_what_stands_is_neither_moved_nor_gone(tmp_path: Path) -> None:
    """From the second publication on the ledger knows every file: none of them may be led away."""
    site = Tiny(tmp_path)
    site.release("2024/item")
    site.release("2024/gone", {"withdrawn": "{at: 2024-07-01, zh: 本稿有误。, en: In error.}"})
    for at in ("2024-06-01", "2024-06-02", "2024-07-01"):
        live = put_live(site, tmp_path / "live", at)
        led = (live / ".server/redirects.nginx.map").read_text()
        gone = set((live / ".server/gone.txt").read_text().split())
        standing = {
            ledger.address_of(path.relative_to(live).as_posix())
            for path in live.rglob("*")
            if path.is_file()
        }
        assert led == ""
        assert gone & standing == set()
    assert gone == {
        f"/{language}/releases/2024/gone/{name}"
        for language in ("zh", "en")
        for name in ("kit.zip", "release.txt")
    }


def test_feeds_tell_of_corrections_and_withdrawals_however_old(tmp_path: Path) -> None:
    """Whoever took an entry over long ago learns of it: the same id, a new updated."""
    site = Tiny(tmp_path)
    site.write("data/topics.yaml", "welfare: {zh: 福利, en: Welfare}\n")
    front = {"topics": "[welfare]"}
    for slug, more in (
        ("corrected", {"corrections": '[{at: "2024-07-01T09:00", zh: 更正。, en: A mend.}]'}),
        (
            "minor",
            {"corrections": '[{at: "2024-07-01T09:30", zh: 错字。, en: Typo., minor: true}]'},
        ),
        ("withdrawn", {"withdrawn": '{at: "2024-07-01T10:00", zh: 有误。, en: In error.}'}),
    ):
        site.release(f"2014/{slug}", {**front, **more}, en_body="Old words.\n")
    for number in range(LATEST):
        site.release(f"2024/new-{number}", front)

    def told(path: str, at: str) -> list[tuple[str, str]]:
        root = ElementTree.fromstring(site.tree(at)[path])
        return [
            (
                (entry.findtext(f"{ATOM}id") or "").rsplit("/", 2)[1],
                entry.findtext(f"{ATOM}updated") or "",
            )
            for entry in root.findall(f"{ATOM}entry")
        ]

    for path in ("en/feed.atom.xml", "zh/feed.atom.xml", "en/topics/welfare/feed.atom.xml"):
        before = told(path, "2024-06-30")
        assert {slug for slug, _ in before} == {f"new-{number}" for number in range(LATEST)}
        after = told(path, "2024-07-02")
        assert after[:2] == [
            ("withdrawn", "2024-07-01T10:00:00+08:00"),
            ("corrected", "2024-07-01T09:00:00+08:00"),
        ]
        assert "minor" not in dict(after)  # a typing mistake is not news
    assert b"In error." in site.tree("2024-07-02")["en/feed.json"]
    entry = next(
        each
        for each in ElementTree.fromstring(site.tree("2024-07-02")["en/feed.atom.xml"])
        if "withdrawn" in (each.findtext(f"{ATOM}id") or "")
    )
    assert b"Old words." not in ElementTree.tostring(entry)
    site.close()


def test_a_build_as_of_an_earlier_instant_asks_for_what_was_public_by_then(tmp_path: Path) -> None:
    """Going back and forth in time with nothing else changed: what vanished since is not passed over."""
    site = Tiny(tmp_path)
    site.release("2024/item")
    site.item("pages/about")
    put_live(site, tmp_path / "live", "2024-06-01")
    shutil.rmtree(site.content / "pages/about")
    assert site.problems("2024-05-31") == []
    assert {each.rule for each in site.problems("2024-06-02")} == {"vanished"}


def test_words_that_are_public_anyway_betray_no_held_item(tmp_path: Path) -> None:
    """A programme is spoken of long before its page is out; a held title anywhere else stops publishing."""
    site = Tiny(tmp_path)
    site.item(
        "programmes/late",
        {"embargo": "2030-01-01"},
        zh={"title": "赤脚社工项目的全部资料"},
        en={"title": "Barefoot Social Workers"},
    )
    site.release("2024/item", en_body="Of the Barefoot Social Workers.\n")
    put_live(site, tmp_path / "live", "2024-06-01")
    site.write("extra/note.txt", "赤脚社工项目的全部资料")
    with pytest.raises(ContentError) as caught:
        put_live(site, tmp_path / "live", "2024-06-02")
    assert [(each.path, each.rule) for each in caught.value.problems] == [("note.txt", "held")]
    assert not (tmp_path / "live/note.txt").exists()
    site.write("extra/note.txt", "/programmes/late/")
    with pytest.raises(ContentError):
        put_live(site, tmp_path / "live", "2024-06-02")


def test_a_tree_that_passed_is_read_again_only_where_it_may_fail_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def watched(tree: Path, paths: Sequence[str], *more: Any) -> Iterator[Problem]:
        read.extend(paths)
        return verify(tree, paths, *more)

    monkeypatch.setattr(release_desk, "verify", watched)
    site, live = Tiny(tmp_path), tmp_path / "live"
    site.release("2024/one")
    site.release("2024/two")
    site.write("extra/note.txt", "A title that nobody holds yet")
    put_live(site, live, "2024-06-01", search=True)
    words = set(live.glob("pagefind/en/index/*"))
    assert {"note.txt", "en/releases/2024/one/index.html"} <= set(read)
    read.clear()
    put_live(site, live, "2024-06-01T01:00", search=True)
    assert read == []
    site.append("releases/2024/one/en.md", "\nOne more.\n")
    site.append("releases/2024/one/zh.md", "\n再来一段。\n")
    put_live(site, live, "2024-06-02", search=True)
    assert "en/releases/2024/one/index.html" in read
    # Files of the search index have other names now; no link leads there.
    assert words - set(live.glob("pagefind/en/index/*"))
    assert not {"note.txt", "en/releases/2024/two/index.html"} & set(read)
    # What was innocent is read again when somebody holds a text that says the same.
    site.release(
        "2024/held", {"embargo": "2030-01-01"}, en={"title": "A title that nobody holds yet"}
    )
    with pytest.raises(ContentError) as caught:
        put_live(site, live, "2024-06-03")
    assert [each.path for each in caught.value.problems] == ["note.txt"]
    # A tree that failed has not passed.
    with pytest.raises(ContentError):
        put_live(site, live, "2024-06-04")
    # Where something went, every link is followed again.
    shutil.rmtree(site.content / "releases/2024/held")
    (site.content / "extra/note.txt").unlink()
    site.write("data/redirects.yaml", "/note.txt: gone\n")
    read.clear()
    put_live(site, live, "2024-06-05")
    assert "en/releases/2024/two/index.html" in read


def test_words_changed_without_a_correction_are_told_to_the_editor(tmp_path: Path) -> None:
    site = Tiny(tmp_path)
    photo = '\n\n![{}](photos/a.jpg "{}")\n'
    site.release(
        "2024/item",
        {"photos": "{a.jpg: {credit: c, on_request: true}}"},
        zh_body="正文。" + photo.format("图", "说明"),
        en_body="The body." + photo.format("A picture", "A caption"),
    )
    put_live(site, tmp_path / "live", "2024-06-01T12:00:00+08:00")

    def told() -> list[str]:
        site.build("2024-06-02T12:00:00+08:00")
        assert site.newsroom.last is not None
        read = site.newsroom.last.library
        return [
            problem.path for problem in proofing.rewritten(read, public_sides(site.newsroom.last))
        ]

    assert told() == []
    path = site.content / "releases/2024/item/en.md"
    text = path.read_text("utf-8")
    path.write_text(text.replace("A caption", "Another caption"), "utf-8")
    assert told() == ["content/releases/2024/item/en.md"], "a caption is words as well"
    path.write_text(text, "utf-8")
    site.append("releases/2024/item/zh.md", "\n多了一段。\n")
    site.append("releases/2024/item/en.md", "\nOne more paragraph.\n")
    assert told() == ["content/releases/2024/item/zh.md", "content/releases/2024/item/en.md"]
    path = site.content / "releases/2024/item/zh.md"
    text = path.read_text("utf-8")
    entry = 'corrections: [{at: "2024-06-02T09:00:00+08:00", zh: 补充一段。, en: A paragraph was added., minor: true}]\n---\n正文'
    path.write_text(text.replace("---\n正文", entry), "utf-8")
    assert told() == []


def test_an_event_that_moves_says_when_or_is_not_published(tmp_path: Path) -> None:
    """Postponed, announced again, moved: SEQUENCE rises with each, whatever the author forgets."""
    site, live = Tiny(tmp_path), tmp_path / "live"
    site.item("events/week", {"kind": "series"})

    def edition(**front: str) -> None:
        plain = {"edition": "2024", "starts": "2024-07-01", "place": "beijing"}
        site.item("events/week/2024", {**plain, **front})

    def sequence() -> int:
        found = re.search(rb"SEQUENCE:(\d+)", (live / "en/events/calendar.ics").read_bytes())
        assert found
        return int(found[1])

    edition()
    put_live(site, live, "2024-06-01T10:00")
    numbers = [sequence()]
    updated = ""
    for number, front in enumerate(
        ({"state": "postponed"}, {}, {"starts": "2024-07-02"}, {"schedule": '[{at: "15:00", zh: 始, en: a}]'}), 2
    ):  # fmt: skip
        edition(**front, **({"updated": updated} if updated else {}))
        at = f"2024-06-0{number}T10:00"
        with pytest.raises(ContentError) as caught:
            put_live(site, live, at)
        (problem,) = caught.value.problems
        assert (problem.path, problem.rule) == ("content/events/week/2024/zh.md", "rescheduled")
        source = (site.content / "events/week/2024/zh.md").read_text("utf-8").splitlines()
        assert source[problem.line - 1].startswith(
            "updated" if updated else "state" if "state" in front else "starts"
        )
        assert problem in check(site.newsroom, read_instant(at)).problems
        assert sequence() == numbers[-1], "what is live stays as it was"
        written = re.search(r"updated: (\S+)。", problem.mend.zh)
        assert written
        assert f"`updated: {written[1]}`" in problem.mend.en
        updated = written[1]
        edition(**front, updated=updated)
        put_live(site, live, at)
        numbers.append(sequence())
    assert numbers == sorted(set(numbers))
    # What calendars do not hold may change without it.
    site.append("events/week/2024/zh.md", "\n多了一段。\n")
    site.append("events/week/2024/en.md", "\nOne more paragraph.\n")
    put_live(site, live, "2024-06-09")
    assert sequence() == numbers[-1]


def test_nothing_changed_is_published_without_planning_a_page(tmp_path: Path) -> None:
    """What was verified, is live and is recorded is put live again as it is; all else is looked at anew."""
    # The ledger's lines are of the real clock: only after it is every one of them in the past.
    site, live = Tiny(tmp_path), tmp_path / "live"
    site.release("2024/item", {"embargo": "2040-06-05T10:00"})
    site.release("2024/old")
    note = site.write("extra/note.txt", "A word.")

    def planned(at: str, target: Path = live) -> bool:
        put_live(site, target, at)
        return site.newsroom.last is not None

    assert planned("2040-06-01")
    assert planned("2040-06-02"), "the ledger has new lines: what is missing is looked for again"
    trees = building.tree(live), building.tree(site.folder / "tree")
    assert any(path.endswith(".br") for path in trees[0])
    # In a process of its own too, and for another target.
    for at, target in (("2040-06-03", live), ("2040-06-04", tmp_path / "other")):
        site.close()
        assert not planned(at, target)
        assert building.tree(target) == trees[0]
        assert building.tree(site.folder / "tree") == trees[1]
    # What somebody took out of the tree, or put there, is seen; a companion is made again.
    tree = site.folder / "tree"
    (tree / "en/index.html.br").unlink()
    assert not planned("2040-06-04T01:00")
    for harm in (tree / "en/index.html", tree / "note.txt", tree / "stray.html", tree / "x.br"):
        harm.write_text("harm")
        assert planned("2040-06-04T02:00")
        assert (building.tree(live), building.tree(tree)) == trees
    # The hour of a held release is a change, and so is its coming and going in the content.
    assert planned("2040-06-05T10:00")
    assert planned("2040-06-05T10:01")
    assert not planned("2040-06-05T10:02")
    # A tree that was refused is not one that was published, even when all is as before again.
    before = building.tree(live)
    note.write_text("/releases/2024/held/")
    site.release("2024/held", {"embargo": "2050-01-01"})
    with pytest.raises(ContentError):
        put_live(site, live, "2040-06-06")
    note.write_text("A word.")
    shutil.rmtree(site.content / "releases/2024/held")
    assert planned("2040-06-06T01:00")
    assert building.tree(live) == before
    # Nor is one that could not be put live.
    note.write_text("Another word.")
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    with pytest.raises(PressroomError):
        put_live(site, nowhere, "2040-06-07")
    assert planned("2040-06-08")
