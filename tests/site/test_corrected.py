"""What readers and machines learn of a correction and of a withdrawal, in every place where they look."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree

import pytest

from tests.schemas import validator
from tests.tiny import Tiny
from tests.unit.test_machines_ninjs import STRUCTURE

PUBLIC: Final = "2024-02-01T10:00:00+08:00"
CORRECTED: Final = "2024-03-01T09:00:00+08:00"
WITHDRAWN: Final = "2024-04-01T08:00:00+08:00"
KEY: Final = "releases/2024/item/"
SAID: Final = {"zh": "原文写错了一处。", "en": "One word was wrong."}
WHY: Final = {"zh": "全文有误。", "en": "All of it was wrong."}
# What must be gone after the withdrawal: words of title, summary, body, caption, alt, credit, and a file's name.
OLD: Final = ("旧题", "旧摘要", "旧文", "旧图", "旧说明", "Old title", "Old summary", "Old words")
OLD_PHOTO: Final = ("Old alt", "Old caption", "Old credit", "oldphoto")

Trees = dict[str, dict[str, bytes]]


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trees]:
    """The site before the correction, at it, and at the withdrawal."""
    tiny = Tiny(tmp_path_factory.mktemp("corrected"))
    tiny.release(
        "2024/item",
        {
            "embargo": PUBLIC,
            "corrections": f'[{{at: "{CORRECTED}", zh: {SAID["zh"]}, en: {SAID["en"]}}}]',
            "withdrawn": f'{{at: "{WITHDRAWN}", zh: {WHY["zh"]}, en: {WHY["en"]}}}',
            "photos": "\n  oldphoto.jpg: {credit: Old credit}",
        },
        zh={"title": "旧题", "summary": "旧摘要。"},
        en={"title": "Old title", "summary": "Old summary."},
        zh_body='旧文。\n\n![旧图](photos/oldphoto.jpg "旧说明")\n',
        en_body='Old words.\n\n![Old alt](photos/oldphoto.jpg "Old caption")\n',
    )
    tiny.release(
        "2024/minor",
        {"corrections": f'[{{at: "{CORRECTED}", zh: 错字。, en: A typo., minor: true}}]'},
    )
    tiny.photo(f"{KEY}photos/oldphoto.jpg")
    yield {at: tiny.tree(at) for at in (PUBLIC, CORRECTED, WITHDRAWN)}
    tiny.close()


def page(tree: dict[str, bytes], language: str, address: str = KEY) -> str:
    return tree[f"{language}/{address}index.html"].decode()


def json_ld(text: str) -> dict[str, Any]:
    """The first thing that a page says of itself to search engines: the article."""
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert match
    article: dict[str, Any] = json.loads(match[1])["@graph"][0]
    return article


def feed_entry(tree: dict[str, bytes], language: str) -> tuple[dict[str, str], dict[str, Any]]:
    """The release in both feeds of a language."""
    atom = {
        child.tag.rpartition("}")[2]: "".join(child.itertext())
        for entry in ElementTree.fromstring(tree[f"{language}/feed.atom.xml"])
        if any(KEY in (child.text or "") for child in entry)
        for child in entry
    }
    (item,) = (
        item for item in json.loads(tree[f"{language}/feed.json"])["items"] if KEY in item["id"]
    )
    return atom, item


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_correction_stands_above_the_text_and_everywhere_else(
    trees: Trees, language: str
) -> None:
    before, after = trees[PUBLIC], trees[CORRECTED]
    said, text = SAID[language], page(after, language)
    body = {"zh": "旧文。", "en": "Old words."}[language]
    main = text[text.index("<main") :]
    assert main.index(f'datetime="{CORRECTED}"') < main.index(said) < main.index(body)
    assert said not in page(before, language)

    changes = page(after, language, "corrections/")
    assert said in changes
    assert f'href="/{language}/{KEY}"' in changes
    assert said not in page(before, language, "corrections/")

    was, now = json_ld(page(before, language)), json_ld(text)
    assert (was["dateModified"], now["dateModified"]) == (PUBLIC, CORRECTED)
    assert "correction" not in was
    assert (now["correction"]["text"], now["correction"]["datePublished"]) == (said, CORRECTED)

    (atom_was, item_was), (atom, item) = feed_entry(before, language), feed_entry(after, language)
    assert (atom["id"], item["id"]) == (atom_was["id"], item_was["id"])
    assert (atom_was["updated"], atom["updated"]) == (PUBLIC, CORRECTED)
    assert (item_was["date_modified"], item["date_modified"]) == (PUBLIC, CORRECTED)
    assert said in atom["content"]

    for tree, at in ((before, PUBLIC), (after, CORRECTED)):
        entry = tree["sitemap.xml"].decode().partition(f"/{language}/{KEY}</loc>")[2]
        assert entry.lstrip().startswith(f"<lastmod>{at}</lastmod>")
    assert json.loads(after[f"{language}/{KEY}release.json"])["versionCreated"] == CORRECTED


def test_a_minor_correction_is_dated_and_not_announced(trees: Trees) -> None:
    text = page(trees[CORRECTED], "en", "releases/2024/minor/")
    assert json_ld(text)["dateModified"] == CORRECTED
    for path, data in trees[CORRECTED].items():
        assert b"A typo." not in data, path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_withdrawal_says_why_and_leaves_nothing_else(trees: Trees, language: str) -> None:
    tree = trees[WITHDRAWN]
    text, why = page(tree, language), WHY[language]
    main = text[text.index("<main") :]
    assert main.index(f'datetime="{WITHDRAWN}"') < main.index(why)
    article = json_ld(text)
    assert (article["creativeWorkStatus"], article["dateModified"]) == ("Withdrawn", WITHDRAWN)
    assert why in page(tree, language, "corrections/")
    atom, item = feed_entry(tree, language)
    assert atom["updated"] == item["date_modified"] == WITHDRAWN
    assert why in atom["content"]
    release = json.loads(tree[f"{language}/{KEY}release.json"])
    assert (release["pubStatus"], release["versionCreated"]) == ("canceled", WITHDRAWN)
    assert [path for path in tree if path.startswith(f"{language}/{KEY}")] == [
        f"{language}/{KEY}index.html",
        f"{language}/{KEY}release.json",
    ]


def test_the_item_for_newsrooms_is_valid_in_every_state(trees: Trees) -> None:
    judge = validator(STRUCTURE)
    states = []
    for tree in trees.values():
        for path, data in tree.items():
            if path.endswith("release.json"):
                item = json.loads(data)
                judge.validate(item)
                states.append((item["pubStatus"], "edNote" in item))
    assert set(states) == {("usable", False), ("usable", True), ("canceled", True)}


def test_no_word_of_what_was_withdrawn_stands_anywhere(trees: Trees) -> None:
    everything = [*OLD, *OLD_PHOTO, *SAID.values()]
    was = b"\0".join(path.encode() + data for path, data in trees[CORRECTED].items())
    assert [word for word in everything if word.encode() not in was] == []
    left = {
        (word, path)
        for path, data in trees[WITHDRAWN].items()
        for word in everything
        if word.encode() in data or word in path
    }
    assert left == set()
