"""What holds for every page: one heading, the notice, no inline code, each word in its language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

import yaml

from tests.building import PROJECT
from tests.reading import Page, local, words

HAN = re.compile(r"[\u3400-\u9fff]")


def organisation() -> dict[str, dict[str, str]]:
    text = (PROJECT / "content" / "data" / "organisation.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = yaml.safe_load(text)
    return loaded


def test_one_heading_and_a_title(page: Page) -> None:
    headings = [words(heading) for heading in page.all("h1")]
    if page.address in ("/", "/404.html"):  # one for each half
        assert headings
    else:
        assert len(headings) == 1
    assert all(headings)
    titles = [words(title) for title in page.all("title") if "svg" not in str(title.tag)]
    assert titles
    assert titles[0]


def test_headings_do_not_skip_a_level(page: Page) -> None:
    levels = [int(local(heading)[1]) for heading in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []


def test_skip_link_leads_to_the_main_part(page: Page) -> None:
    first = page.all("a")[0]
    main = page.all("main")
    assert len(main) == 1
    if page.address in ("/", "/404.html"):  # no navigation to jump over
        assert first in list(main[0].iter())
        return
    assert first.get("href") == "#" + main[0].get("id", "")


def test_notice_that_this_is_a_demonstration(page: Page) -> None:
    notice = organisation()["notice"]
    text = words(page.root)
    languages = ("zh", "en") if page.address in ("/", "/404.html") else (page.address[1:3],)
    for language in languages:
        assert " ".join(notice[language].split()) in text


def test_no_inline_script_or_style(page: Page) -> None:
    for element in page.elements:
        names = set(element.keys())
        assert "style" not in names, words(element)
        assert not [name for name in names if name.startswith("on")], words(element)
        assert local(element) != "style"
        assert not str(element.get("href", "")).lower().startswith(("javascript:", "data:"))
        if local(element) == "script" and element.get("type") != "application/ld+json":
            assert element.get("src")
            assert not words(element)


# What JSON-LD says in words that a reader of the page must find there too.
SAID = ("headline", "name", "description", "articleSection", "telephone", "email", "text")
# What names other pages, the site or its publisher, and not what stands on this one.
ELSEWHERE = {"WebSite", "NewsArticle", "Dataset", "DataDownload", "Place", "WebPage"}


def statements(node: Any, subject: str = "") -> Iterator[tuple[str, str, str]]:
    """(type, key, text) of everything that is said in words."""
    if isinstance(node, list):
        for each in node:
            yield from statements(each, subject)
    elif isinstance(node, dict):
        subject = str(node.get("@type", subject))
        for key, value in node.items():
            if key in SAID and isinstance(value, str):
                yield subject, key, value
            else:
                yield from statements(value, subject)


def test_json_ld_says_what_the_page_shows(page: Page) -> None:
    """https://developers.google.com/search/docs/appearance/structured-data/sd-policies: nothing unseen."""
    scripts = [each for each in page.all("script") if each.get("type") == "application/ld+json"]
    if page.address == "/404.html":
        assert scripts == []
        return
    assert len(scripts) == 1
    graph = json.loads(scripts[0].text or "")["@graph"]
    # Of a list there is a description too, which results of a search show under its title.
    descriptions = [
        each.get("content", "") for each in page.all("meta") if each.get("name") == "description"
    ]
    shown = re.sub(r"\s", "", " ".join([*map(words, page.all("title", "body")), *descriptions]))
    said = [
        (subject, key, text)
        for subject, key, text in statements(graph)
        if subject not in ELSEWHERE or (key == "headline")
    ]
    numbers = shown.replace("-", "")
    unseen = [
        (subject, key, text)
        for subject, key, text in said
        if re.sub(r"[\s-]", "", text) not in numbers
    ]
    assert unseen == []
    tags = {each["inLanguage"] for each in graph if isinstance(each.get("inLanguage"), str)}
    assert tags <= ({"zh-Hans", "en"} if page.address == "/" else {page.lang})
    crumbs = [each for each in graph if each["@type"] == "BreadcrumbList"]
    trail = [words(link) for link in page.all("a") if link.get("class") == "breadcrumbs__link"]
    if trail:
        assert [step["name"] for step in crumbs[0]["itemListElement"]][:-1] == trail
    else:
        assert crumbs == []


def test_every_image_has_a_text_and_a_size(page: Page) -> None:
    for image in page.all("img"):
        assert image.get("alt") is not None
        assert image.get("width")
        assert image.get("height")


def test_text_in_the_other_language_says_so(page: Page) -> None:
    """Chinese on an English page carries its lang; on a Chinese one it is never marked English."""

    def faults(element: Element, language: str) -> list[str]:
        if local(element) in ("script", "style"):
            return []
        language = element.get("lang", language)
        texts = [element.text or "", *(child.tail or "" for child in element)]
        texts += [element.get(name) or "" for name in ("alt", "title", "aria-label", "content")]
        here = [] if language.startswith("zh") else [text for text in texts if HAN.search(text)]
        return here + [fault for child in element for fault in faults(child, language)]

    assert faults(page.root, page.lang) == []
