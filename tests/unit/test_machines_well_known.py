"""robots.txt as the standard library's crawler reads it; security.txt by the grammar of RFC 9116."""

from __future__ import annotations

import re
from urllib.robotparser import RobotFileParser

import pytest

from pressroom.machines import well_known
from pressroom.machines.well_known import RobotsValues, SecurityValues
from pressroom.moments import Unreadable
from pressroom.values import Body, Part

SITE = "https://newsroom.example"


def parts(body: Body) -> tuple[Part, ...]:
    raise AssertionError("these files open no body")


def robots(site_url: str = SITE, noindex: bool = False) -> str:
    return well_known.robots(RobotsValues(site_url, noindex), parts).decode()


@pytest.mark.parametrize("noindex", [False, True])
def test_every_crawler_may_read_every_page_also_the_word_noindex(noindex: bool) -> None:
    reader = RobotFileParser()
    reader.parse(robots(noindex=noindex).splitlines())
    for agent in ("Googlebot", "Baiduspider", "bingbot", "anything"):
        assert reader.can_fetch(agent, f"{SITE}/zh/releases/2017/child-welfare-week/")
    assert reader.site_maps() == [f"{SITE}/sitemap.xml", f"{SITE}/news-sitemap.xml"]


def test_the_first_line_signs_the_file() -> None:
    assert robots().splitlines()[0] == robots(noindex=True).splitlines()[0] == "# pressroom"
    assert ("noindex" in robots(noindex=True), "noindex" in robots()) == (True, False)


def test_a_site_without_an_address_names_no_sitemap() -> None:
    assert "Sitemap" not in robots("")


# RFC 9116, 4: field = name ":" SP value; a comment begins with "#". One field a line.
FIELD = re.compile(r"([A-Z][A-Za-z-]+): (\S.*)")


def security(**fields: str) -> list[tuple[str, str]]:
    values = SecurityValues(
        **{"contact": "security@newsroom.example", "expires": "2027-05-31", **fields}
    )
    read = []
    for line in well_known.security_txt(values, parts).decode().splitlines():
        match = FIELD.fullmatch(line)
        assert match is not None, line
        read.append((match[1], match[2]))
    return read


def test_security_says_whom_to_tell_until_when_and_in_which_languages() -> None:
    assert security(canonical=f"{SITE}/.well-known/security.txt") == [
        ("Contact", "mailto:security@newsroom.example"),
        ("Expires", "2027-05-31T00:00:00+08:00"),
        ("Preferred-Languages", "zh, en"),
        ("Canonical", f"{SITE}/.well-known/security.txt"),
    ]


@pytest.mark.parametrize(
    ("contact", "written"),
    [
        ("https://newsroom.example/report", "https://newsroom.example/report"),
        ("https://newsroom.example/@team", "https://newsroom.example/@team"),
        ("tel:+861085312612", "tel:+861085312612"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("a@b.example\nExpires: 2099-01-01", "mailto:a@b.example Expires: 2099-01-01"),
    ],
)
def test_a_contact_is_one_uri_on_one_line(contact: str, written: str) -> None:
    fields = security(contact=contact)
    assert fields[0] == ("Contact", written)
    assert [name for name, _ in fields].count("Expires") == 1


def test_expiry_is_the_setting_to_the_second_and_never_a_guess() -> None:
    assert dict(security(expires="2027-01-01T12:00:00Z"))["Expires"] == "2027-01-01T20:00:00+08:00"
    with pytest.raises(Unreadable):
        security(expires="11/08/2027")
