"""Every address of the contract answers, and every page stands in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading import SITE_URL, Page, file_of, html_addresses, inside, read_page, words

ONCE = (
    *("/", "/404.html", "/sitemap.xml", "/news-sitemap.xml", "/robots.txt"),
    *("/.well-known/security.txt", "/data/facts.json", "/data/facts.csv"),
    *("/contacts/madeline-eisner.vcf", "/contacts/liu-li.vcf", "/contacts/all.vcf"),
)

IN_BOTH = (
    *("", "releases/", "releases/2017/", "releases/2017/child-welfare-week/"),
    *(
        f"releases/2017/child-welfare-week/{name}"
        for name in ("release.txt", "release.json", "kit.zip")
    ),
    *("releases/2016/child-welfare-week/", "releases/2015/child-welfare-week/"),
    *("topics/", "topics/child-protection/", "topics/child-protection/2017/"),
    *("topics/child-protection/feed.atom.xml", "topics/child-protection/feed.json"),
    *("events/", "events/child-welfare-week/", "events/child-welfare-week/2017/"),
    *("events/child-welfare-week/2017/event.ics", "events/calendar.ics", "events/feed.atom.xml"),
    *(f"events/child-welfare-week/{year}/" for year in (2010, 2015, 2016)),
    *("programmes/", "programmes/barefoot-social-workers/", "facts/", "contacts/", "names/"),
    *("search/", "corrections/", "about/", "subscribe/", "accessibility/", "privacy/"),
    *("feed.atom.xml", "feed.json"),
)


@pytest.mark.parametrize(
    "wanted", [*ONCE, *(f"/{language}/{rest}" for language in ("zh", "en") for rest in IN_BOTH)]
)
def test_address_answers(built: Path, wanted: str) -> None:
    file = file_of(built, wanted)
    assert file.is_file()
    assert file.stat().st_size > 0


def test_no_source_goes_out(built: Path) -> None:
    """Pelican copies whatever lies in a content folder; here nothing that was read goes out as it is."""
    sources = {".md", ".yaml", ".yml", ".toml", ".py", ".po", ".rst", ".docx"}
    assert [file for file in built.rglob("*") if file.suffix.lower() in sources] == []


def test_every_page_stands_in_both_languages(built: Path) -> None:
    """All items of the real content are in both languages; so are all their lists."""
    pages = html_addresses(built)
    for here, there in (("/zh/", "/en/"), ("/en/", "/zh/")):
        lone = [page for page in pages if page.startswith(here)]
        assert [page for page in lone if there + page.removeprefix(here) not in pages] == []


def test_page_says_in_which_languages_it_exists(page: Page, built: Path) -> None:
    """hreflang is complete and reciprocal, names the page itself, and x-default is as designed."""
    if page.address == "/404.html":
        assert page.alternates() == {}
        return
    alternates = page.alternates()
    canonical = [link.get("href") for link in page.all("link") if link.get("rel") == "canonical"]
    assert canonical == [SITE_URL + page.address]

    if page.address in ("/", "/zh/", "/en/"):
        expected = {"zh-Hans": "/zh/", "en": "/en/", "x-default": "/"}
    else:
        rest = page.address[len("/zh/") :]
        expected = {"zh-Hans": f"/zh/{rest}", "en": f"/en/{rest}", "x-default": f"/zh/{rest}"}
    assert alternates == {tag: SITE_URL + path for tag, path in expected.items()}
    for target in alternates.values():
        path = inside(target)
        assert path is not None
        assert read_page(built, path).alternates() == alternates


def test_page_names_its_language(page: Page) -> None:
    if page.address.startswith("/en/"):
        assert page.lang == "en"
    else:
        assert page.lang == "zh-Hans"


def test_switcher_leads_to_the_same_page_in_the_other_language(page: Page) -> None:
    if page.address in ("/", "/404.html"):  # both languages stand on this page
        assert {half.get("lang") for half in page.all("section", "div", "main")} >= {"en"}
        return
    here, there = ("/zh/", "/en/") if page.address.startswith("/zh/") else ("/en/", "/zh/")
    twin = there + page.address.removeprefix(here)
    switches = [
        link
        for link in page.all("a")
        if link.get("href") == twin and link.get("hreflang") and words(link)
    ]
    assert switches, f"no link to {twin} that says its language"
    assert {link.get("lang") for link in switches} == {"en" if there == "/en/" else "zh-Hans"}
