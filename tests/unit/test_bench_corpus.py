"""The made-up archive: the same every time, the same in both languages, and true to the contract."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import phrases
from bench.corpus import (
    FIRST_DAY,
    LANGUAGES,
    LAST_DAY,
    Archive,
    Content,
    number,
    write,
)
from bench.formats import Eleventy, Hugo, Pelican, body_for, standing
from pelicanconf import MARKDOWN
from pressroom import library, proofing
from pressroom.schema import DATA_FILES, join, read_data, read_leaf
from pressroom.store import Store

ARCHIVE = Archive(500)
SOME = [ARCHIVE.release(index) for index in range(0, 500, 7)]

NUMBER_WORDS = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|"
    r"thousands?|millions?|half|first|second|third|once|twice|double[ds]?|single|pairs?)\b",
    re.IGNORECASE,
)
NUMBER_CHARACTERS = re.compile(r"[〇零一二两三四五六七八九十百千万亿半]")
MONTHS = {
    name: str(position + 1)
    for position, name in enumerate(
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ]
    )
}


def every_pair() -> list[phrases.Pair]:
    lists = (
        phrases.TITLES,
        phrases.SUMMARIES,
        phrases.LEADS,
        phrases.BODY,
        phrases.QUOTES,
        phrases.QUOTED,
        phrases.HEADINGS,
        phrases.LIST_ITEMS,
        phrases.SOURCES,
        *phrases.PHOTOS.values(),
    )
    return [pair for pairs in lists for pair in pairs] + [
        phrases.LIST_INTRO,
        phrases.EARLIER,
        phrases.AT_EVENT,
        phrases.NOTICE,
    ]


def figures(text: str) -> Counter[str]:
    """All figures of a text in plain digits, whichever language writes them; links left out."""
    text = re.sub(r"\]\([^)]*\)", "]", text)
    text = re.sub(r"(\d+(?:\.\d+)?)万", lambda found: str(round(float(found[1]) * 10_000)), text)
    for name, position in MONTHS.items():
        text = re.sub(rf"\b{name}\b", position, text)
    return Counter(re.findall(r"\d+", text.replace(",", "")))


def test_the_archive_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(Archive(60), [Content(tmp_path / name)])
    one, two = (
        {
            file.relative_to(tmp_path / name): file.read_bytes()
            for file in sorted((tmp_path / name).rglob("*"))
            if file.is_file()
        }
        for name in ("one", "two")
    )
    assert one == two
    assert len([path for path in one if path.parts[0] == "releases"]) == 120


def test_a_release_does_not_depend_on_those_written_before() -> None:
    alone = Archive(500).release(7 * 20)
    assert alone == SOME[20]


@pytest.mark.parametrize("pair", every_pair(), ids=lambda pair: pair[0][:30])
def test_a_sentence_has_the_same_slots_in_both_languages_and_no_number_words(
    pair: phrases.Pair,
) -> None:
    english, chinese = pair
    assert Counter(re.findall(r"\{+(\w+)", english)) == Counter(re.findall(r"\{+(\w+)", chinese))
    assert not NUMBER_WORDS.search(english)
    assert not NUMBER_CHARACTERS.search(chinese)


def test_both_languages_agree() -> None:
    for release in SOME:
        english, chinese = release.body["en"], release.body["zh"]
        assert figures(english) == figures(chinese), release.key
        assert figures(release.title["en"]) == figures(release.title["zh"])
        assert [block[:2] for block in english.split("\n\n") if block[0] in "#-!"] == [
            block[:2] for block in chinese.split("\n\n") if block[0] in "#-!"
        ]
        assert english.count("\n\n") == chinese.count("\n\n")
        assert english.count("\n- ") == chinese.count("\n- ")
        assert english.count("“") == chinese.count("“") == english.count("”") == chinese.count("”")
        targets = [re.findall(r"\]\(([^ )]+)", body) for body in (english, chinese)]
        assert targets[0] == targets[1]
        names = {**phrases.PLACES, **phrases.ORGANISATIONS, **phrases.PEOPLE}
        # A link's text is another release's title, with names of its own: they are counted too.
        for pair in names.values():
            assert (pair[0] in english) == (pair[1] in chinese), (release.key, pair)


def test_releases_have_the_real_shape() -> None:
    lengths = [len(release.body["en"].split()) for release in SOME]
    assert 550 <= sum(lengths) / len(lengths) <= 650
    assert all(len(release.photos) == 2 for release in SOME)
    assert {len(release.topics) for release in SOME} == {1, 2, 3}
    assert {topic for release in SOME for topic in release.topics} == set(phrases.TOPICS)
    assert any(release.edition for release in SOME)
    assert any(release.programmes for release in SOME)
    assert all("{release}" in release.body["en"] for release in SOME[1:])


def test_dates_are_spread_and_titles_are_unique() -> None:
    heads = [ARCHIVE.head(index) for index in range(500)]
    assert heads[0].date == FIRST_DAY
    assert heads[-1].date == LAST_DAY
    assert heads == sorted(heads, key=lambda head: head.date)
    assert len({head.date.year for head in heads}) == 20
    for language in LANGUAGES:
        assert len({head.title[language] for head in heads}) == 500
    assert ARCHIVE.head(503).date == LAST_DAY


def test_links_go_to_earlier_releases() -> None:
    for release in SOME[1:]:
        for key in re.findall(r"\{release\}([^)]+)", release.body["zh"]):
            position = int(key.rpartition("-")[2])
            assert position < release.index
            assert ARCHIVE.head(position).key == key


def test_an_edit_changes_one_word() -> None:
    before, after = ARCHIVE.release(250), ARCHIVE.release(250, revision="birch")
    for language in LANGUAGES:
        assert after.body[language] == before.body[language].replace("none", "birch")
    assert before.title == after.title


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (617, "617", "617"),
        (9800, "9,800", "9800"),
        (12400, "12,400", "1.24万"),
        (10123, "10,123", "10123"),
    ],
)
def test_numbers_are_written_as_each_language_writes_them(
    value: int, english: str, chinese: str
) -> None:
    assert number(value, "en") == english
    assert number(value, "zh") == chinese


def test_our_content_is_read_without_a_problem(tmp_path: Path) -> None:
    write(Archive(40), [Content(tmp_path)])
    folders = {"releases": "release", "events": "event", "programmes": "programme", "pages": "page"}
    read = 0
    for file in sorted(tmp_path.rglob("zh.md")):
        kind = folders[file.relative_to(tmp_path).parts[0]]
        leaves = {
            language: read_leaf(
                kind, language, language, file.with_name(f"{language}.md").read_text("utf-8")
            )
            for language in LANGUAGES
        }
        problems = [problem for leaf in leaves.values() for problem in leaf.problems]
        join(kind, str(file.parent.relative_to(tmp_path)), leaves, problems)
        assert problems == []
        read += 1
    assert read == 40 + 1 + 20 + 3 + 4
    written_data = sorted((tmp_path / "data").glob("*.yaml"))
    assert {file.stem for file in written_data} == {
        "organisation",
        "contacts",
        "facts",
        "names",
        "topics",
    }
    for file in written_data:
        problems = []
        assert file.stem in DATA_FILES
        assert read_data(file.stem, file.name, file.read_text("utf-8"), problems)
        assert problems == []


def test_the_peers_get_the_same_releases(tmp_path: Path) -> None:
    archive = Archive(30)
    write(
        archive,
        [Hugo(tmp_path / "hugo"), Eleventy(tmp_path / "eleventy"), Pelican(tmp_path / "pelican")],
    )
    title = archive.head(29).title["zh"]
    slug = archive.head(29).slug
    for peer in ("hugo", "eleventy", "pelican"):
        files = [
            file for file in (tmp_path / peer).rglob("*.md") if re.search(r"-\d{5}", str(file))
        ]
        assert len(files) == 60
        texts = [file.read_text("utf-8") for file in files if slug in str(file)]
        assert any(title in text for text in texts)
        for file in files:
            assert not re.search(r"\{(?:release|event|fact)\}", file.read_text("utf-8"))


def test_references_become_addresses_and_photographs_plates() -> None:
    release = next(release for release in SOME if release.edition)
    body = body_for(release, "en", "/en/")
    assert f"](/en/events/sample-week/{release.edition}/)" in body
    assert re.search(r"\]\(/en/releases/\d{4}/[a-z0-9-]+/\)", body)
    assert body.count('<figure class="plate">') == 2
    assert release.photos[0].credit in body
    assert not [1 for *_, texts, more in standing() for text in texts if "{" in text]


def test_the_proofreader_has_nothing_to_say(tmp_path: Path) -> None:
    content = tmp_path / "content"
    write(Archive(40), [Content(content)])
    (tmp_path / "cache").mkdir()
    store = Store(tmp_path / "cache", "test")
    read = library.load(content, store, MARKDOWN, 1)
    assert read.problems == []
    assert len(read.items) == 40 + 1 + 20 + 3 + 4
    # The horizon is the archive's own future, so that the test does not ask what day it is.
    horizon = int(datetime(2025, 7, 1, tzinfo=UTC).timestamp())
    assert proofing.check(read, store, 1, horizon).problems == []
