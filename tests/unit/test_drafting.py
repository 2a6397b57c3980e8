"""`new`: what it writes builds at once as a draft, reads in its own language, and takes nothing's place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pressroom import drafting
from pressroom.problems import PressroomError, Severity, UsageError
from pressroom.words import LANGUAGES, Language
from tests.tiny import Tiny

TODAY = date(2024, 6, 1)
MADE = (
    ("release", "winter-coats", "releases/2024/winter-coats"),
    ("event", "open-day", "events/open-day"),
    ("event", "open-week/2024", "events/open-week/2024"),
    ("programme", "coats", "programmes/coats"),
)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Tiny]:
    tiny = Tiny(tmp_path)
    yield tiny
    tiny.close()


def new(site: Tiny, kind: str, slug: str, lead: Language = "zh") -> str:
    made = drafting.draft(kind, slug, site.content, TODAY, lead)
    drafting.write(made, site.content)
    return made.folder


@pytest.mark.parametrize("lead", LANGUAGES)
@pytest.mark.parametrize(("kind", "slug", "folder"), MADE)
def test_builds_at_once_and_leaves_no_trace(
    site: Tiny, kind: str, slug: str, folder: str, lead: Language
) -> None:
    before = site.tree()
    assert new(site, kind, slug, lead) == folder
    outcome = site.build()
    assert {each.severity for each in outcome.problems} == {Severity.WARNING}
    # Of the contacts, whom nobody confirmed of late, the small site says something too.
    mine = [each for each in outcome.problems if each.path.startswith(f"content/{folder}/")]
    assert {each.rule for each in mine} == {"empty"}
    assert outcome.drafts >= 1
    assert site.tree() == before
    preview = site.tree(preview=True)
    for language in LANGUAGES:
        assert f"{language}/{folder}/index.html" in preview


@pytest.mark.parametrize(("kind", "slug", "folder"), MADE)
def test_each_file_speaks_its_own_language(site: Tiny, kind: str, slug: str, folder: str) -> None:
    new(site, kind, slug)
    texts = {each: (site.content / folder / f"{each}.md").read_text("utf-8") for each in LANGUAGES}
    comments = {
        each: [
            line
            for line in text.splitlines()
            if line.startswith("# ") and ":" not in line.split(" ")[1]
        ]
        for each, text in texts.items()
    }
    assert any("\u4e00" <= letter <= "\u9fff" for letter in "".join(comments["zh"]))
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in texts["en"])
    # What is common stands once.
    assert "\nstatus: draft\n" in texts["zh"]
    assert "status:" not in texts["en"]
    assert "zh.md" in texts["en"]


def test_the_common_fields_follow_whoever_starts(site: Tiny) -> None:
    folder = new(site, "release", "coats", "en")
    assert "\nstatus: draft\n" in (site.content / folder / "en.md").read_text("utf-8")
    assert "status: draft" not in (site.content / folder / "zh.md").read_text("utf-8")


def test_known_keys_are_listed_and_the_press_line_is_there(site: Tiny) -> None:
    text = (site.content / new(site, "release", "coats") / "zh.md").read_text("utf-8")
    assert "现有：beijing。" in text
    assert "现有：children、schools。" in text
    assert "contacts: [desk]" in text
    assert "date: 2024-06-01" in text


def filled(text: str, values: dict[str, str]) -> str:
    for key, value in values.items():
        assert f"\n{key}:\n" in text, key
        text = text.replace(f"\n{key}:\n", f"\n{key}: {value}\n")
    return text


def test_a_filled_release_goes_out(site: Tiny) -> None:
    folder = new(site, "release", "coats")
    zh, en = site.content / folder / "zh.md", site.content / folder / "en.md"
    text = filled(
        zh.read_text("utf-8"), {"title": "冬衣", "summary": "发放冬衣。", "place": "beijing"}
    )
    zh.write_text(text.replace("status: draft", "status: public") + "正文。\n", "utf-8")
    en.write_text(
        filled(en.read_text("utf-8"), {"title": "Coats", "summary": "Coats are given out."})
        + "The body.\n",
        "utf-8",
    )
    outcome = site.build()
    assert [each for each in outcome.problems if each.path.startswith(f"content/{folder}/")] == []
    assert outcome.drafts == outcome.held == 0
    assert b"Coats are given out." in (site.output / "en" / folder / "index.html").read_bytes()


def test_the_optional_fields_are_right_once_taken_in(site: Tiny) -> None:
    """Every commented field, its “# ” taken away, is one that the schema knows."""
    for kind, slug, folder in MADE:
        new(site, kind, slug)
        path = site.content / folder / "zh.md"
        head, _, tail = path.read_text("utf-8").partition("# 以下各项需要时才用")
        lines = []
        for line in tail.splitlines():
            word = line.removeprefix("# ")
            field = word.split(":")[0].isascii() and (
                word.split(":")[0].isidentifier() or word.startswith("  ")
            )
            lines.append(word if line.startswith("# ") and ":" in word and field else line)
        path.write_text(head + "# 以下各项需要时才用" + "\n".join(lines) + "\n", "utf-8")
        for photo in ("ceremony", "children"):
            site.photo(f"{folder}/photos/{photo}.jpg")
    errors = [(each.place, each.rule, each.value) for each in site.problems()]
    assert errors == []
    read = "".join((site.content / folder / "zh.md").read_text("utf-8") for _, _, folder in MADE)
    for field in ("embargo", "translation", "photos", "sources", "schedule", "accreditation"):
        assert f"\n{field}:" in read, field


def test_an_edition_brings_its_series_once(site: Tiny) -> None:
    new(site, "event", "week/2023")
    series = site.content / "events/week/zh.md"
    assert "kind: series" in series.read_text("utf-8")
    series.write_text(series.read_text("utf-8") + "写过了。\n", "utf-8")
    new(site, "event", "week/2024")
    assert series.read_text("utf-8").endswith("写过了。\n")
    assert "edition: 2024" in (site.content / "events/week/2024/zh.md").read_text("utf-8")


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "word"),
    [
        ("Winter Coats", "winter-coats"),
        ("winter_coats", "winter-coats"),
        ("冬衣", "child-welfare-week"),
        ("-coats", "coats"),
        ("coats--two", "coats-two"),
        ("", "child-welfare-week"),
        ("2024/coats", "/"),
        ("a/../../b", "/"),
        ("c" * 81, "81"),
        ("nul", "Windows"),
        ("com1", "Windows"),
    ],
)
def test_a_slug_that_cannot_be(site: Tiny, slug: str, word: str) -> None:
    with pytest.raises(UsageError) as caught:
        drafting.draft("release", slug, site.content, TODAY, "zh")
    assert word in caught.value.words.zh
    assert word in caught.value.words.en
    assert not (site.content / "releases").exists()


def test_an_unknown_kind(site: Tiny) -> None:
    with pytest.raises(UsageError) as caught:
        drafting.draft("realease", "coats", site.content, TODAY, "zh")
    assert "release" in caught.value.words.en
    assert "release" in caught.value.words.zh


def test_a_folder_that_exists_is_left_alone(site: Tiny) -> None:
    site.release("2024/coats")
    before = (site.content / "releases/2024/coats/zh.md").read_bytes()
    with pytest.raises(UsageError, match="exists already"):
        drafting.draft("release", "coats", site.content, TODAY, "zh")
    assert (site.content / "releases/2024/coats/zh.md").read_bytes() == before


def test_a_file_that_comes_between_is_not_overwritten(site: Tiny) -> None:
    made = drafting.draft("release", "coats", site.content, TODAY, "zh")
    site.write("releases/2024/coats/zh.md", "别人写的")
    with pytest.raises(PressroomError, match="cannot be written"):
        drafting.write(made, site.content)
    assert (site.content / "releases/2024/coats/zh.md").read_text("utf-8") == "别人写的"


def test_an_address_that_was_published_is_not_given_again(site: Tiny) -> None:
    (site.folder / "ledger.txt").write_text(
        "/zh/releases/2024/coats/ 2024-01-01T00:00:00+08:00\n", "utf-8"
    )
    with pytest.raises(UsageError, match="published once"):
        drafting.draft("release", "coats", site.content, TODAY, "zh")
    assert (
        drafting.draft("release", "hats", site.content, TODAY, "zh").folder == "releases/2024/hats"
    )


def test_broken_data_does_not_stand_in_the_way(site: Tiny) -> None:
    site.write("data/names.yaml", "beijing: [{")
    site.write("data/topics.yaml", b"\xff\xfe\x00")
    text = (site.content / new(site, "release", "coats") / "zh.md").read_text("utf-8")
    assert "现有：desk。" in text
