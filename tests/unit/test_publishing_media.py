"""What a file is to a server: by its name, and nothing else."""

from __future__ import annotations

import pytest

from pressroom.publishing.media import asset, companion, hashed, media_type, wave


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("zh/index.html", "text/html; charset=utf-8"),
        ("zh/feed.atom.xml", "application/xml; charset=utf-8"),
        ("zh/feed.json", "application/feed+json; charset=utf-8"),
        ("data/facts.json", "application/json; charset=utf-8"),
        ("sitemap.xml", "application/xml; charset=utf-8"),
        ("contacts/liu-li.vcf", "text/vcard; charset=utf-8"),
        ("PHOTO.JPG", "image/jpeg"),
        ("_redirects", "application/octet-stream"),
        ("pagefind/wasm.zh.pagefind", "application/octet-stream"),
    ],
)
def test_types(path: str, expected: str) -> None:
    assert media_type(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("static/site.0123456789abcdef.css", True),
        ("static/site.0123456789abcdef.css.br", True),
        ("zh/r/ceremony-640.deadbeef.avif", True),
        ("pagefind/fragment/zh_a1b2c3d.pf_fragment", True),
        ("static/site.css", False),
        ("static/20170531.css", False),
        ("zh/releases/2017/deadbeef/index.html", False),
        ("pagefind/pagefind.js", False),
    ],
)
def test_hashed_names(path: str, expected: bool) -> None:
    assert hashed(path) == expected


def test_only_the_theme_outlives_its_version() -> None:
    assert asset("static/site.0123456789abcdef.css")
    assert asset("static/js/search.0123456789abcdef.js.gz")
    # These hold words or pictures of a release, which may have been withdrawn.
    assert not asset("zh/releases/2017/week/ceremony-640.deadbeef.avif")
    assert not asset("static/photos/ceremony.0123456789abcdef.avif")
    assert not asset("pagefind/fragment/zh_a1b2c3d.pf_fragment")


def test_companions_are_known_by_what_they_accompany() -> None:
    assert companion("zh/index.html.br") == "zh/index.html"
    assert companion("data/facts.csv.gz") == "data/facts.csv"
    assert companion("archive.tar.gz") == ""
    assert companion("zh/index.html") == ""


@pytest.mark.parametrize(
    ("number", "paths"),
    [
        (0, ["static/site.0123456789abcdef.css", "zh/releases/2017/week/kit.zip", "zh/r/photo.jpg",
             "zh/releases/2017/week/release.txt", "pagefind/index/zh_a1b2c3d.pf_index"]),
        (1, ["zh/releases/2017/week/index.html", "zh/events/week/2017/index.html", "404.html", "en/about/index.html"]),
        (2, ["index.html", "zh/index.html", "zh/releases/index.html", "zh/releases/2017/index.html",
             "en/topics/child-protection/2017/index.html", "zh/feed.atom.xml", "en/topics/a/feed.json",
             "zh/events/week/index.html", "zh/events/calendar.ics", "sitemap.xml", "news-sitemap.xml", "robots.txt",
             "data/facts.json", "pagefind/pagefind-entry.json"]),
    ],
)  # fmt: skip
def test_the_order_in_which_files_may_appear(number: int, paths: list[str]) -> None:
    assert {path: wave(path) for path in paths} == dict.fromkeys(paths, number)
