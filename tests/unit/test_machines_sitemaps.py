"""Sitemaps, read back by lxml and held against the limits of the protocol."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pressroom.machines import sitemaps, writable
from pressroom.machines.sitemaps import NewsEntry, NewsValues, SitemapEntry, SitemapValues
from pressroom.values import Alternate, Body, Part

SITE = "https://newsroom.example"
NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


def parts(body: Body) -> tuple[Part, ...]:
    raise AssertionError("a sitemap opens no body")


def page(path: str, lastmod: str = "2017-05-31T00:00:00+08:00") -> list[SitemapEntry]:
    """A page in both languages."""
    zh, en = f"{SITE}/zh/{path}", f"{SITE}/en/{path}"
    alternates = (Alternate("zh-Hans", zh), Alternate("en", en), Alternate("x-default", zh))
    return [SitemapEntry(zh, lastmod, alternates), SitemapEntry(en, lastmod, alternates)]


def site(releases: int, years: int = 10) -> list[SitemapEntry]:
    entries = [
        *page(""),
        *page("about/"),
        *page("topics/child-protection/2017/"),
        *page("events/week/2017/"),
    ]
    for number in range(releases):
        entries += page(f"releases/{2017 - number % years}/release-{number}/")
    return entries


def built(planned: list[sitemaps.Planned]) -> dict[str, bytes]:
    return {path: maker(values, parts) for path, maker, values, _ in planned}


def read(data: bytes) -> etree._Element:
    return etree.fromstring(data)


def locs(data: bytes) -> list[str]:
    return [str(each) for each in read(data).xpath("/*/*/s:loc/text()", namespaces=NAMES)]


def test_a_small_site_is_one_file_with_every_language_and_true_dates() -> None:
    files = built(sitemaps.plan(page("releases/2017/child-welfare-week/"), SITE))
    assert list(files) == ["/sitemap.xml"]
    urls = read(files["/sitemap.xml"]).findall("s:url", NAMES)
    zh, en = (f"{SITE}/{language}/releases/2017/child-welfare-week/" for language in ("zh", "en"))
    assert [url.findtext("s:loc", namespaces=NAMES) for url in urls] == [en, zh]
    for url in urls:
        assert url.findtext("s:lastmod", namespaces=NAMES) == "2017-05-31T00:00:00+08:00"
        assert [dict(link.attrib) for link in url.findall("x:link", NAMES)] == [
            {"rel": "alternate", "hreflang": "zh-Hans", "href": zh},
            {"rel": "alternate", "hreflang": "en", "href": en},
            {"rel": "alternate", "hreflang": "x-default", "href": zh},
        ]


def test_what_is_not_known_is_not_written() -> None:
    data = sitemaps.sitemap(SitemapValues((SitemapEntry(f"{SITE}/zh/"),)), parts)
    [url] = read(data)
    assert [etree.QName(each).localname for each in url] == ["loc"]


def test_a_large_site_is_an_index_with_a_part_for_each_year_and_section() -> None:
    entries = site(600)
    files = built(sitemaps.plan(entries, SITE))
    index = files.pop("/sitemap.xml")
    assert read(index).tag == f"{{{NAMES['s']}}}sitemapindex"
    assert locs(index) == [SITE + path for path in files]
    assert list(files) == [
        *(f"/sitemap-{year}.xml" for year in range(2008, 2018)),
        "/sitemap-events.xml",
        "/sitemap-pages.xml",
    ]
    assert sorted(loc for data in files.values() for loc in locs(data)) == sorted(
        each.loc for each in entries
    )
    assert f"{SITE}/zh/topics/child-protection/2017/" in locs(files["/sitemap-2017.xml"])
    assert locs(files["/sitemap-pages.xml"]) == [
        f"{SITE}/{path}" for path in ("en/", "en/about/", "zh/", "zh/about/")
    ]


def test_a_new_release_changes_the_index_and_the_part_of_its_year() -> None:
    entries = site(600)
    before = built(sitemaps.plan(entries, SITE))
    after = built(
        sitemaps.plan([*page("releases/2012/aa/", "2026-01-01T00:00:00+08:00"), *entries], SITE)
    )
    assert {path for path in after if after[path] != before[path]} == {
        "/sitemap.xml",
        "/sitemap-2012.xml",
    }
    newest = read(after["/sitemap.xml"]).xpath(
        "s:sitemap[s:loc[contains(.,'2012')]]/s:lastmod/text()", namespaces=NAMES
    )
    assert newest == ["2026-01-01T00:00:00+08:00"]


def test_the_order_of_the_entries_does_not_matter() -> None:
    entries = site(600)
    assert built(sitemaps.plan(entries, SITE)) == built(sitemaps.plan(reversed(entries), SITE))


def test_a_year_that_stays_as_it_is_needs_no_entries_to_stand_in_the_index() -> None:
    entries = site(600)
    whole = sitemaps.plan(entries, SITE)
    rest = [each for each in entries if "/2012/" not in each.loc]
    newest = {"2012": "2017-05-31T00:00:00+08:00"}
    spared = sitemaps.plan(rest, SITE, True, newest, {"2012": ["/sitemap-2012.xml"]})
    assert spared == [each for each in whole if each[0] != "/sitemap-2012.xml"]


def test_a_site_that_is_to_be_divided_is_divided_however_small() -> None:
    assert len(sitemaps.plan(page("releases/2017/one/"), SITE)) == 1
    assert len(sitemaps.plan(page("releases/2017/one/"), SITE, divided=True)) == 2


def test_a_part_over_the_limits_is_divided_without_moving_what_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sitemaps, "MAX_URLS", 100)
    entries = site(1000, years=1)
    before = built(sitemaps.plan(entries, SITE))
    assert all(len(locs(data)) <= 100 for path, data in before.items() if path != "/sitemap.xml")
    after = built(
        sitemaps.plan([*entries, SitemapEntry(f"{SITE}/zh/releases/2017/one-more/")], SITE)
    )
    assert len([path for path in after if after[path] != before.get(path)]) == 1
    assert sorted(
        loc for path in before if path != "/sitemap.xml" for loc in locs(before[path])
    ) == sorted(each.loc for each in entries)


def test_a_part_of_too_many_bytes_is_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_BYTES", 200_000)
    files = built(sitemaps.plan(site(1000, years=1), SITE))
    assert len(files) > 5
    assert all(len(data) < 200_000 for data in files.values())


def test_the_limits_are_those_of_the_protocol() -> None:
    assert (sitemaps.MAX_URLS, sitemaps.MAX_BYTES, sitemaps.MAX_NEWS) == (50_000, 52_428_800, 1_000)


def test_ten_thousand_pages_take_the_time_of_one() -> None:
    entries = site(5300)
    took = []
    for _ in range(3):
        start = time.process_time()
        built(sitemaps.plan(entries, SITE))
        took.append(time.process_time() - start)
    assert len(entries) > 10_600
    assert min(took) < 0.15


ADDRESSES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=30
)


@given(ADDRESSES)
@settings(deadline=None)
def test_any_address_comes_back_as_a_url(text: str) -> None:
    loc = f"{SITE}/zh/{text}/"
    entry = SitemapEntry(loc, "", (Alternate("en", loc),))
    [url] = read(sitemaps.sitemap(SitemapValues((entry,)), parts))
    written = str(url[0].text)
    assert written.isascii()
    assert url[1].get("href") == written
    if text.isascii():
        assert written == loc


def news(**changes: Any) -> NewsEntry:
    fields = {
        "loc": f"{SITE}/zh/releases/2017/child-welfare-week/",
        "publication": "演示新闻室",
        "language": "zh",
        "title": "中国儿童福利与保护宣传周启动",
        "published": "2017-05-31T00:00:00+08:00",
    }
    return NewsEntry(**{**fields, **changes})


@given(st.text(min_size=1))
@settings(deadline=None)
def test_news_carry_what_google_asks_for(title: str) -> None:
    data = sitemaps.news_sitemap(NewsValues((news(title="T" + title),)), parts)
    [url] = read(data).findall("s:url", NAMES)
    found = {str(etree.QName(each).localname): each.text for each in url.iter() if len(each) == 0}
    assert found == {
        "loc": f"{SITE}/zh/releases/2017/child-welfare-week/",
        "name": "演示新闻室",
        "language": "zh-cn",
        "publication_date": "2017-05-31T00:00:00+08:00",
        "title": "T" + writable(title),
    }


def test_news_may_be_none_and_are_never_more_than_a_thousand() -> None:
    assert len(read(sitemaps.news_sitemap(NewsValues(()), parts))) == 0
    many = NewsValues(
        tuple(
            news(
                loc=f"{SITE}/en/{number}/",
                language="en",
                published=f"2017-05-{number % 2 + 30}T00:00:00+08:00",
            )
            for number in range(1200)
        )
    )
    kept = read(sitemaps.news_sitemap(many, parts)).findall("s:url", NAMES)
    assert len(kept) == 1000
    dates = [url.findtext(".//n:publication_date", namespaces=NAMES) for url in kept]
    assert dates == sorted(dates, reverse=True)
    assert dates.count("2017-05-31T00:00:00+08:00") == 600
