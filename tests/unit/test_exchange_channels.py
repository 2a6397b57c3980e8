"""A release handed to other channels, read back as their programs read it."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime
from typing import Any

import html5lib
import pytest

from pressroom.exchange import channels
from pressroom.exchange.channels import Export
from pressroom.machines import wire
from pressroom.problems import UsageError
from pressroom.values import Body, Part
from pressroom.words import TAGS, Language
from tests.unit.machine_samples import (
    BODIES,
    CAPTIONS,
    CORRECTED,
    PUBLISHED,
    SITE,
    TITLES,
    half,
    parts,
    picture,
)


def export(language: Language, **state: bool) -> Export:
    return Export(
        half(language, **state),
        "2017/child-welfare-week",
        PUBLISHED,
        CORRECTED,
        "press@newsroom.example",
    )


def tree(data: bytes | str) -> Any:
    return html5lib.parse(data, treebuilder="etree", namespaceHTMLElements=False)


def words(html: str) -> list[str]:
    found = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    return [text.strip() for text in found.itertext() if text.strip()]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_wechat_gets_only_what_its_editor_keeps(language: Language) -> None:
    root = tree(channels.wechat(export(language, corrected=True), parts))
    assert root.get("lang") == TAGS[language]
    body = root.find("body")
    for node in body.iter():
        assert node.tag in {
            "body",
            "section",
            "p",
            "strong",
            "em",
            "br",
            "sup",
            "img",
            "table",
            "tbody",
            "tr",
            "td",
        }, node.tag
        assert set(node.keys()) <= {"style", "src", "alt", "width", "height"}, node.keys()
        if node.tag in ("section", "p"):
            assert node.get("style")
    assert root.find(".//a") is None
    assert root.find(".//script") is None
    assert root.find(".//style") is None
    text = "".join(body.itertext())
    for piece in words(BODIES[language]):
        assert piece in text
    # A link is its words, a number, and the address as text at the end.
    assert f"[1] {SITE}/{language}/programmes/barefoot-social-workers/" in text
    assert wire.dateline(half(language).release, language) in text
    for contact in half(language).release.contacts:
        assert contact.email in text
        assert contact.telephone_shown in text
    assert half(language).release.corrections == ()
    assert {"zh": "村数已改正。", "en": "The number of villages is corrected."}[language] in text


def test_a_picture_goes_to_wechat_by_its_full_address() -> None:
    def opener(body: Body) -> tuple[Part, ...]:
        return Part(html="<p>x</p>"), Part(picture=picture("zh", on_request=False))

    (image,) = tree(channels.wechat(export("zh"), opener)).iter("img")
    assert image.get("src") == f"{SITE}/zh/releases/2017/child-welfare-week/photos/ceremony.jpg"
    assert image.get("alt") == "一名男士站在讲台后"
    assert "max-width" in image.get("style")


def test_a_picture_on_request_is_a_plate_with_credit() -> None:
    root = tree(channels.wechat(export("zh"), parts))
    assert root.find(".//img") is None
    text = "".join(root.itertext())
    assert CAPTIONS.zh in text
    assert "© UNICEF/China/2017" in text
    assert "可向新闻联系人索取" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_email_says_the_same_twice(language: Language) -> None:
    data = channels.email(export(language), parts)
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert not message.defects
    assert message["Subject"] == TITLES[language]
    assert message["From"] == "press@newsroom.example"
    assert message["Date"].datetime == datetime.fromisoformat(CORRECTED).astimezone(UTC)
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == wire.text_of(half(language), parts)
    root = tree(html.get_content())
    hrefs = [node.get("href") for node in root.iter("a")]
    assert f"{SITE}/{language}/programmes/barefoot-social-workers/" in hrefs
    text = "".join(root.find("body").itertext())
    for piece in words(BODIES[language]):
        assert piece in text
    assert root.find(".//script") is None
    assert root.find(".//style") is None
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert data.isascii()


def test_the_same_release_gives_the_same_message() -> None:
    assert channels.email(export("zh"), parts) == channels.email(export("zh"), parts)


def test_a_withdrawn_release_goes_out_as_its_withdrawal() -> None:
    for make in (channels.wechat, channels.text):
        text = make(export("en", withdrawn=True), parts).decode()
        assert "withdrawn" in text
        assert "In 2010" not in text


def test_markup_in_the_words_stays_words() -> None:
    import msgspec

    values = export("en")
    release = msgspec.structs.replace(
        values.half.release, title='<script>alert("x")</script> & more'
    )
    values = msgspec.structs.replace(
        values, half=msgspec.structs.replace(values.half, release=release)
    )
    root = tree(channels.wechat(values, parts))
    assert root.find(".//script") is None
    assert root.find("head/title").text == release.title
    assert release.title in "".join(root.find("body").itertext())


def test_tables_and_quotations_reach_the_channels() -> None:
    html = "<blockquote><p>said</p></blockquote><table><tr><th>Year</th><td>2010</td></tr></table><pre>a  b</pre><hr>"

    def opener(body: Body) -> tuple[Part, ...]:
        return (Part(html=html),)

    root = tree(channels.wechat(export("en"), opener))
    assert ["".join(cell.itertext()) for cell in root.iter("td")] == ["Year", "2010"]
    assert "said" in "".join(root.itertext())
    assert "* * *" in "".join(root.itertext())


def test_channels_are_named_and_so_are_their_files() -> None:
    name, data = channels.export("text", export("zh"), parts)
    assert name == "2017-child-welfare-week.zh.txt"
    assert data.decode() == wire.text_of(half("zh"), parts)
    assert channels.export("wechat", export("en"), parts)[0] == "2017-child-welfare-week.en.html"
    assert channels.export("email", export("en"), parts)[0] == "2017-child-welfare-week.en.eml"
    with pytest.raises(UsageError) as refused:
        channels.export("weibo", export("zh"), parts)
    assert re.search("wechat.*email.*text", refused.value.words.en)
