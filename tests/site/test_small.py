"""Small sites look right too: nothing published yet, one language only, corrected, withdrawn, hardly known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reading import Page, html_addresses, local, read_page, words
from tests.tiny import Tiny

both = pytest.mark.parametrize("language", ["zh", "en"])


def at(site: Tiny, address: str) -> Page:
    return read_page(site.output, address)


def main(page: Page) -> str:
    return words(page.all("main")[0])


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    """Who the site is, and nothing else."""
    tiny = Tiny(tmp_path_factory.mktemp("empty"))
    for name in ("facts", "topics"):
        tiny.write(f"data/{name}.yaml", "{}\n")
    tiny.build()
    yield tiny
    tiny.close()


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    """Items in every state, told with as little as the schema allows."""
    tiny = Tiny(tmp_path_factory.mktemp("mixed"))
    about = {"event": "week/2024", "programmes": "[walk]", "topics": "[children]"}
    moment = "{at: 2024-03-01T09:00:00+08:00, zh: 原因, en: The reason}"
    tiny.item("events/week", {"kind": "series"})
    tiny.item("events/week/2024", {"edition": 2024, "starts": "2024"})
    tiny.item("programmes/walk")
    tiny.release("2024/corrected", {**about, "corrections": f"[{moment}]"})
    tiny.release("2024/gone", {**about, "withdrawn": moment})
    tiny.release("2024/han", {**about, "translation": "zh-only"}, only="zh")
    tiny.release("2024/latin", {**about, "translation": "en-only"}, only="en")
    tiny.item("events/week/2023", {"edition": 2023, "starts": "2023-05", "withdrawn": moment})
    tiny.item("pages/old", {"withdrawn": moment})
    tiny.build()
    yield tiny
    tiny.close()


NOTHING = {
    "": ("还没有发布新闻稿。", "No press release has been published yet."),
    "releases/": ("这里还没有新闻稿。", "There are no press releases here yet."),
    "topics/": ("还没有设置专题。", "There are no topics yet."),
    "events/": ("还没有活动信息。", "There are no events yet."),
    "programmes/": ("还没有项目信息。", "There are no programmes yet."),
    "facts/": ("还没有可以公布的数据。", "There are no figures yet."),
    "corrections/": (
        "迄今没有更正或撤回的内容。",
        "So far nothing has been corrected or withdrawn.",
    ),
}


@both
@pytest.mark.parametrize("place", NOTHING)
def test_an_empty_list_says_so(empty: Tiny, language: str, place: str) -> None:
    page = at(empty, f"/{language}/{place}")
    assert NOTHING[place][language == "en"] in main(page)
    assert len(page.all("h1")) == 1


def test_an_empty_site_has_its_front_and_a_page_for_the_lost(empty: Tiny) -> None:
    for address in ("/", "/404.html"):
        page = at(empty, address)
        assert {"/zh/", "/en/"} <= {link.get("href") for link in page.all("a")}
        assert page.all("article", "time") == []


def robots(page: Page) -> list[str]:
    return [meta.get("content", "") for meta in page.all("meta") if meta.get("name") == "robots"]


def test_one_setting_carries_the_notice_and_keeps_search_engines_out(
    empty: Tiny, tmp_path: Path
) -> None:
    addresses = html_addresses(empty.output)
    assert len(addresses) > 20
    kept_out = ("/search/", "/404.html")  # whatever the setting
    for address in addresses:
        assert robots(at(empty, address)) == [] or address.endswith(kept_out)
    shown = Tiny(tmp_path, like=empty)
    shown.append(
        "data/organisation.yaml", "notice: {zh: 这是演示。, en: This is a demonstration.}\n"
    )
    shown.build()
    for address in addresses:
        page = at(shown, address)
        text = words(page.all("body")[0])
        assert robots(page) == ["noindex"]
        assert ("这是演示。" in text) is not address.startswith("/en/")
        assert ("This is a demonstration." in text) is not address.startswith("/zh/")
    shown.close()


def test_no_heading_and_no_link_is_without_words(empty: Tiny, mixed: Tiny) -> None:
    for site in (empty, mixed):
        for address in html_addresses(site.output):
            page = at(site, address)
            bare = [
                f"{address}: <{local(each)} {each.attrib}>"
                for each in page.all("a", "h1", "h2", "h3", "h4", "dt", "th", "button", "title")
                if not words(each)
            ]
            assert bare == []


@pytest.mark.parametrize(
    ("slug", "here", "there", "label"),
    [
        ("han", "zh", "en", "In Chinese only"),
        ("latin", "en", "zh", "只有英文版"),
    ],
)
def test_an_item_in_one_language_stands_in_the_lists_of_the_other(
    mixed: Tiny, slug: str, here: str, there: str, label: str
) -> None:
    address = f"/{here}/releases/2024/{slug}/"
    own = at(mixed, address)
    title = words(own.all("h1")[0])
    tag = {"zh": "zh-Hans", "en": "en"}[here]
    assert not (mixed.output / there / "releases/2024" / slug).exists()
    for place in (
        *("", "releases/", "releases/2024/", "topics/children/", "topics/children/2024/"),
        *("events/week/2024/", "programmes/walk/"),
    ):
        page = at(mixed, f"/{there}/{place}")
        found = [link for link in page.all("a") if link.get("href") == address]
        assert [words(link) for link in found[:1]] == [title], place
        assert {(link.get("lang"), link.get("hreflang")) for link in found} == {(tag, tag)}, place
        assert label in main(page), place
    # Nothing points to what does not exist, and the switcher leads to where the item is listed.
    assert own.alternates() == {}
    switches = [link.get("href", "") for link in own.all("header")[0].iter("a") if link.get("lang")]
    assert len(switches) == 1
    listed = at(mixed, switches[0])
    assert listed.lang == {"zh": "en", "en": "zh-Hans"}[here]
    assert address in [link.get("href") for link in listed.all("a")]


@both
def test_what_was_corrected_or_withdrawn_is_listed_and_labelled(mixed: Tiny, language: str) -> None:
    says = {
        "zh": ("新闻稿已撤回", "内容已撤回", "原因", "已更正"),
        "en": ("Press release withdrawn", "Item withdrawn", "The reason", "Corrected"),
    }[language]
    page = at(mixed, f"/{language}/corrections/")
    titles = [words(heading) for heading in page.all("h2")]
    assert titles.count(says[0]) == 1
    assert titles.count(says[1]) == 2
    assert len(titles) == 4
    assert main(page).count(says[2]) == 4
    assert says[3] in main(at(mixed, f"/{language}/releases/"))


def test_source_lines_are_joined_as_each_language_is_set(tmp_path: Path) -> None:
    """A line break in the source is a space in English and nothing in Chinese."""
    tiny = Tiny(tmp_path)
    tiny.release(
        "2024/lines",
        zh_body="第一行，\n第二行和\nUNICEF。\n",
        en_body="The first line\nand the second.\n",
    )
    tiny.build()
    texts = {
        language: main(read_page(tiny.output, f"/{language}/releases/2024/lines/"))
        for language in ("zh", "en")
    }
    tiny.close()
    assert "第一行，第二行和UNICEF。" in texts["zh"].replace("和 UNICEF", "和UNICEF")
    assert "第一行，第二行" in texts["zh"]
    assert "The first line and the second." in texts["en"]


def test_what_is_known_only_roughly_is_shown_as_roughly(mixed: Tiny) -> None:
    """An edition of a year has no day, no place and nothing for a calendar."""
    for language, year in (("zh", "2024年"), ("en", "2024")):
        page = at(mixed, f"/{language}/events/week/2024/")
        terms = {
            words(row[0]): words(row[1])
            for row in page.all("div")
            if len(row) > 1 and local(row[0]) == "dt"
        }
        assert len(terms) == 1, terms
        assert next(iter(terms.values())).startswith(year)
        assert not list(Path(mixed.output / language / "events/week/2024").glob("*.ics"))
