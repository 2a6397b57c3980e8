"""Feeds, read back by feedparser, lxml, html5lib and against the rules of both formats."""

from __future__ import annotations

import json
from functools import partial
from typing import Any
from xml.etree import ElementTree

import feedparser
import html5lib
import msgspec
import nh3
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from markupsafe import Markup

from pressroom import markup
from pressroom.machines import absolute, escape, feeds, writable
from pressroom.values import (
    Alternate,
    Body,
    ContactView,
    EditionView,
    Link,
    NameLink,
    NoticeView,
    Part,
    Picture,
    ReleaseView,
    SourceView,
    Variant,
)
from pressroom.words import TAGS, Language
from tests.schemas import validator

SITE = "https://newsroom.example"
ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
PATH = "/zh/releases/2017/child-welfare-week/"
PUBLISHED = "2017-05-31T00:00:00+08:00"
CORRECTED = "2017-06-02T09:00:00+08:00"

HTML = (
    '<p id="top">超过5.9万个村，见<a href="/zh/programmes/barefoot-social-workers/">项目</a>、'
    '<a href="#top">上文</a>和<a href="https://www.unicef.cn/?a=1&amp;b=2">官网</a>。</p>'
    '<p>一行<br>又一行&nbsp;&lt;b&gt;</p><hr><ul><li lang="en">hukou</li></ul>'
)

PLATE = Picture("ceremony.jpg", "孩子们在台上", "启动仪式", "© 联合国儿童基金会", on_request=True)
PHOTO = Picture(
    "village.jpg",
    'A village, "seen" from above',
    "A village <in> the hills",
    "© somebody",
    on_request=False,
    href="/media/village.jpg",
    width=4000,
    height=3000,
    variants=(
        Variant("/media/village-640.avif", 640, "image/avif"),
        Variant("/media/village-640.jpg", 640, "image/jpeg"),
        Variant("/media/village-1280.jpg", 1280, "image/jpeg"),
        Variant("/media/village-2560.jpg", 2560, "image/jpeg"),
    ),
)
LIU_LI = ContactView(
    key="liu-li",
    name="刘莉",
    other_name="Liu Li",
    role="新闻官员",
    organisation="联合国儿童基金会驻华办事处",
    languages=("zh", "en"),
    telephone="+861085312612",
    telephone_shown="+86 10 8531 2612",
    email="liliu@unicef.org",
    wechat="",
    hours="",
    confirmed="2017-05-31",
    vcard="/contacts/liu-li.vcf",
)


def message(text: str) -> Markup:
    """A catalogue that answers as formats.Messages does, with Markup."""
    return Markup.escape(f"«{text} & more»")


LABELS = feeds.labels(message)


def release(**changes: Any) -> ReleaseView:
    plain = ReleaseView(
        title="中国儿童福利与保护宣传周启动",
        summary="让每个孩子在家门口就能得到福利和保护",
        section="新闻稿",
        day="2017-05-31",
        place="北京",
        compiled=False,
        body=Body(digest="body", pictures=(PLATE, PHOTO)),
        sources=(SourceView("国务院关于加强困境儿童保障工作的意见", "zh", date="2016-06"),),
        topics=(Link("/zh/topics/child-protection/", "儿童保护"),),
        programmes=(),
        event=None,
        contacts=(LIU_LI,),
        corrections=(),
        withdrawn=None,
        published=PUBLISHED,
        modified="",
        related=(),
        newer=None,
        older=None,
        boilerplate_title="关于我们",
        boilerplate="在190个国家和地区工作。",
    )
    return msgspec.structs.replace(plain, **changes)


def parts(body: Body) -> tuple[Part, ...]:
    assert body.digest == "body"
    return (Part(html=HTML), Part(picture=PLATE), Part(picture=PHOTO), Part(html="<p>完。</p>"))


def entry(
    view: ReleaseView | None = None, language: Language = "zh", **changes: Any
) -> feeds.Entry:
    made = feeds.release_entry(
        SITE,
        PATH,
        language,
        view or release(),
        LABELS,
        dateline="北京，2017年5月31日——",
        twin=Alternate("en", SITE + PATH.replace("/zh/", "/en/")),
    )
    return msgspec.structs.replace(made, **changes)


def feed(*entries: feeds.Entry, **changes: Any) -> feeds.FeedValues:
    values = feeds.FeedValues(
        id=feeds.identity(SITE, "/zh/feed.atom.xml"),
        language="zh",
        title="演示新闻室",
        subtitle="中英双语公共信息",
        site_url=SITE,
        self_href=f"{SITE}/zh/feed.atom.xml",
        home=f"{SITE}/zh/",
        author="演示新闻室",
        author_href=f"{SITE}/zh/",
        rights="本站为演示，并非联合国儿童基金会网站。",
        labels=LABELS,
        entries=entries,
        others=(
            feeds.OtherFeed("en", f"{SITE}/en/feed.atom.xml", feeds.ATOM_TYPE),
            feeds.OtherFeed("zh-Hans", f"{SITE}/zh/feed.json", feeds.JSON_TYPE),
        ),
        style="/static/feed.css",
    )
    return msgspec.structs.replace(values, **changes)


def content(made: feeds.Entry) -> str:
    return feeds.content(made, SITE, parts)


# RFC 4287, sections 3 and 4, as far as what we write needs it; all order is free.
ATOM_RULES = etree.RelaxNG(
    etree.fromstring(b"""
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="feed"><ref name="lang"/><interleave>
    <element name="id"><ref name="iri"/></element>
    <element name="title"><ref name="text"/></element>
    <element name="updated"><ref name="instant"/></element>
    <oneOrMore><element name="author"><ref name="person"/></element></oneOrMore>
    <optional><element name="subtitle"><ref name="text"/></element></optional>
    <optional><element name="rights"><ref name="text"/></element></optional>
    <zeroOrMore><ref name="link"/></zeroOrMore>
    <zeroOrMore><ref name="foreign"/></zeroOrMore>
    <zeroOrMore><ref name="entry"/></zeroOrMore>
  </interleave></element></start>
  <define name="entry"><element name="entry"><ref name="lang"/><interleave>
    <element name="id"><ref name="iri"/></element>
    <element name="title"><ref name="text"/></element>
    <element name="updated"><ref name="instant"/></element>
    <optional><element name="published"><ref name="instant"/></element></optional>
    <optional><element name="summary"><ref name="text"/></element></optional>
    <oneOrMore><ref name="link"/></oneOrMore>
    <zeroOrMore><ref name="category"/></zeroOrMore>
    <element name="content"><attribute name="type"><value>xhtml</value></attribute>
      <element name="div" ns="http://www.w3.org/1999/xhtml"><ref name="any"/></element></element>
  </interleave></element></define>
  <define name="person"><interleave><element name="name"><ref name="text"/></element>
    <optional><element name="uri"><ref name="iri"/></element></optional></interleave></define>
  <define name="link"><element name="link"><attribute name="href"><ref name="iri"/></attribute>
    <attribute name="rel"><choice><value>self</value><value>alternate</value><value>related</value></choice></attribute>
    <attribute name="type"><data type="string"><param name="pattern">[a-z]+/[a-z+]+</param></data></attribute>
    <optional><attribute name="hreflang"><data type="language"/></attribute></optional><empty/></element></define>
  <define name="category"><element name="category"><attribute name="term"><ref name="text"/></attribute>
    <optional><attribute name="scheme"><ref name="iri"/></attribute></optional>
    <optional><attribute name="label"/></optional><empty/></element></define>
  <define name="lang"><attribute name="xml:lang"><data type="language"/></attribute></define>
  <define name="iri"><data type="string"><param name="pattern">[a-z]+:\\S+</param></data></define>
  <define name="text"><data type="string"><param name="minLength">1</param></data></define>
  <define name="instant"><data type="dateTime">
    <param name="pattern">.*(Z|[+\\-][0-9][0-9]:[0-9][0-9])</param></data></define>
  <define name="foreign"><element><anyName><except><nsName/></except></anyName><ref name="any"/></element></define>
  <define name="any"><zeroOrMore><choice><text/><attribute><anyName/></attribute>
    <element><anyName/><ref name="any"/></element></choice></zeroOrMore></define>
</grammar>""")
)

# https://www.jsonfeed.org/version/1.1/, every field of it; what is not there must begin with "_".
_TEXT = {"type": "string", "minLength": 1}
_URL = {"type": "string", "pattern": r"^https?://\S+$"}
_INSTANT = {"type": "string", "format": "date-time", "pattern": "T.*(Z|[+-][0-9]{2}:[0-9]{2})$"}
_EXTENSION = {"^_[a-zA-Z]": {"type": "object"}}
_AUTHORS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"name": _TEXT, "url": _URL, "avatar": _URL},
        "minProperties": 1,
        "additionalProperties": False,
    },
}
JSON_RULES: dict[str, Any] = {
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "patternProperties": _EXTENSION,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": _TEXT,
        "home_page_url": _URL,
        "feed_url": _URL,
        "description": _TEXT,
        "user_comment": _TEXT,
        "next_url": _URL,
        "icon": _URL,
        "favicon": _URL,
        "authors": _AUTHORS,
        "language": {"type": "string", "pattern": "^[a-z]{2}(-[A-Z][a-z]{3})?$"},
        "expired": {"type": "boolean"},
        "hubs": {"type": "array"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
                "additionalProperties": False,
                "patternProperties": _EXTENSION,
                "properties": {
                    "id": _TEXT,
                    "url": _URL,
                    "external_url": _URL,
                    "title": _TEXT,
                    "content_html": _TEXT,
                    "content_text": _TEXT,
                    "summary": _TEXT,
                    "image": _URL,
                    "banner_image": _URL,
                    "date_published": _INSTANT,
                    "date_modified": _INSTANT,
                    "authors": _AUTHORS,
                    "tags": {"type": "array", "items": _TEXT},
                    "language": {"type": "string", "pattern": "^[a-z]{2}(-[A-Z][a-z]{3})?$"},
                    "attachments": {"type": "array"},
                },
            },
        },
    },
}


def valid_json(data: bytes) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(data)
    validator(JSON_RULES).validate(loaded)
    ids = [item["id"] for item in loaded["items"]]
    assert len(set(ids)) == len(ids)
    return loaded


def valid_atom(data: bytes) -> etree._Element:
    root = etree.fromstring(data)
    ATOM_RULES.assertValid(root)
    ids = [element.text for element in root.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids)
    return root


CORRECTION = NoticeView(CORRECTED, "时间应为15:00。", "zh")
WITHDRAWAL = NoticeView("2017-07-01T09:00:00+08:00", "Issued by mistake <sorry>.", "en")
STATES = {
    "plain": release(),
    "corrected": release(corrections=(CORRECTION,), modified=CORRECTED),
    "withdrawn": release(withdrawn=WITHDRAWAL, modified=WITHDRAWAL.at, corrections=(CORRECTION,)),
    "compiled": release(compiled=True, place="", contacts=()),
}


@pytest.mark.parametrize("state", STATES)
def test_both_formats_are_valid_in_every_state(state: str) -> None:
    values = feed(entry(STATES[state]))
    valid_atom(feeds.atom(values, parts))
    valid_json(feeds.json_feed(values, parts))


def test_an_empty_feed_is_valid() -> None:
    assert (
        valid_atom(feeds.atom(feed(), parts)).findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    )
    assert valid_json(feeds.json_feed(feed(), parts))["items"] == []


def test_feedparser_reads_what_the_page_says() -> None:
    view = STATES["corrected"]
    read = feedparser.parse(feeds.atom(feed(entry(view)), parts))
    assert not read.bozo
    assert read.feed.id == read.feed.links[0].href == f"{SITE}/zh/feed.atom.xml"
    assert read.feed.links[0].rel == "self"
    assert (read.feed.title, read.feed.subtitle) == ("演示新闻室", "中英双语公共信息")
    assert (read.feed.link, read.feed.language, read.feed.author) == (
        f"{SITE}/zh/",
        "zh-Hans",
        "演示新闻室",
    )
    assert read.feed.rights.startswith("本站为演示")
    [one] = read.entries
    assert one.id == one.link == SITE + PATH
    assert (one.title, one.summary) == (view.title, view.summary)
    assert one.published_parsed[:5] == (2017, 5, 30, 16, 0)
    assert one.updated_parsed[:5] == read.feed.updated_parsed[:5] == (2017, 6, 2, 1, 0)
    assert one.content[0].language == "zh-Hans"
    assert one.tags[0].label == "儿童保护"
    for text in (
        "北京，2017年5月31日——",
        "超过5.9万个村",
        "刘莉",
        "+86 10 8531 2612",
        "在190个国家",
        "###",
    ):
        assert text in one.content[0].value


def test_the_text_of_both_formats_is_the_same() -> None:
    values = feed(entry())
    root = valid_atom(feeds.atom(values, parts))
    from_atom = " ".join(root.find(f"{ATOM}entry/{ATOM}content").itertext()).split()
    [item] = valid_json(feeds.json_feed(values, parts))["items"]
    page = html5lib.parse(item["content_html"], treebuilder="etree")
    assert " ".join(page.itertext()).split() == from_atom


def test_every_address_in_a_text_is_absolute() -> None:
    root = valid_atom(feeds.atom(feed(entry()), parts))
    found = [
        value
        for element in root.iter()
        for name, value in element.items()
        if name in ("href", "src")
    ]
    assert f"{SITE}/zh/programmes/barefoot-social-workers/" in found
    assert f"{SITE}{PATH}#top" in found
    assert "https://www.unicef.cn/?a=1&b=2" in found
    assert f"{SITE}/media/village-1280.jpg" in found
    assert all(value.startswith(("https://", "tel:+", "mailto:")) for value in found)
    assert not [element for element in root.iter() if "id" in element.attrib]


def test_a_picture_on_request_is_a_plate_and_never_a_file() -> None:
    page = html5lib.parse(content(entry()), treebuilder="etree")
    plate, photo = page.iter(f"{XHTML}figure")
    assert plate.find(f"{XHTML}img") is None
    assert "".join(plate.itertext()) == f"{LABELS.on_request}孩子们在台上启动仪式© 联合国儿童基金会"
    image = photo.find(f"{XHTML}img")
    assert image is not None
    assert image.attrib == {
        "src": f"{SITE}/media/village-1280.jpg",
        "alt": 'A village, "seen" from above',
        "width": "4000",
        "height": "3000",
    }
    assert "A village <in> the hills" in "".join(photo.itertext())


def test_the_image_of_an_item_is_one_that_is_shipped() -> None:
    [item] = valid_json(feeds.json_feed(feed(entry()), parts))["items"]
    assert item["image"] == f"{SITE}/media/village-1280.jpg"
    [item] = valid_json(
        feeds.json_feed(feed(entry(release(body=Body("body", pictures=(PLATE,))))), parts)
    )["items"]
    assert "image" not in item


def test_a_correction_keeps_the_id_and_stands_on_top() -> None:
    before, after = entry(STATES["plain"]), entry(STATES["corrected"])
    assert before.id == after.id
    assert (before.updated, after.updated) == (PUBLISHED, CORRECTED)
    text = content(after)
    assert text.index("时间应为15:00。") < text.index("超过5.9万个村")
    assert "2017年6月2日09:00" in text
    [item] = valid_json(feeds.json_feed(feed(after), parts))["items"]
    assert item["_newsroom"] == {
        "state": "corrected",
        "notices": [{"date": CORRECTED, "language": "zh-Hans", "text": "时间应为15:00。"}],
    }
    assert "_newsroom" not in valid_json(feeds.json_feed(feed(before), parts))["items"][0]


def test_the_newest_correction_comes_first() -> None:
    later = NoticeView("2017-06-05T09:00:00+08:00", "姓名应为刘莉。", "zh")
    for notices in ((CORRECTION, later), (later, CORRECTION)):
        text = content(entry(release(corrections=notices)))
        assert text.index(later.text) < text.index(CORRECTION.text)


@pytest.mark.parametrize("maker", [feeds.atom, feeds.json_feed])
@pytest.mark.parametrize("careless", [False, True])
def test_a_withdrawn_entry_has_nothing_of_the_old_text(maker: Any, careless: bool) -> None:
    """Even when the caller leaves the old values in."""
    made = entry(STATES["withdrawn"])
    if careless:
        made = msgspec.structs.replace(entry(STATES["corrected"]), withdrawn=WITHDRAWAL)
    written = maker(feed(made), parts).decode()
    for old in (
        "5.9万",
        "家门口",
        "village",
        "ceremony",
        "启动仪式",
        "15:00",
        "190",
        "国务院",
        "###",
        "北京，",
    ):
        assert old not in written, old
    assert "Issued by mistake" in written
    assert "withdrawn" in written
    assert made.id in written
    assert "liliu@unicef.org" in written
    page = html5lib.parse(content(made), treebuilder="etree")
    [span] = page.iter(f"{XHTML}span")
    assert (span.get("lang"), span.text) == ("en", "Issued by mistake <sorry>.")


def test_an_entry_is_in_its_own_language() -> None:
    english = entry(release(title="The Week opens"), "en", id="urn:x", href=f"{SITE}/en/x/")
    root = valid_atom(feeds.atom(feed(entry(), english), parts))
    assert root.get(XML_LANG) == "zh-Hans"
    assert [each.get(XML_LANG) for each in root.iter(f"{ATOM}entry")] == ["zh-Hans", "en"]
    items = valid_json(feeds.json_feed(feed(entry(), english), parts))["items"]
    assert [item["language"] for item in items] == ["zh-Hans", "en"]


def test_the_other_language_is_told_but_never_opened_instead() -> None:
    root = valid_atom(feeds.atom(feed(entry()), parts))
    links = [dict(link.attrib) for link in root.iterfind(f"{ATOM}entry/{ATOM}link")]
    assert [(link["rel"], link["hreflang"]) for link in links] == [
        ("alternate", "zh-Hans"),
        ("related", "en"),
    ]
    # RFC 4287, 4.1.1: no two alternates of one type and language.
    alternates = [
        (link.get("type"), link.get("hreflang"))
        for link in root.iterfind(f"{ATOM}link")
        if link.get("rel") == "alternate"
    ]
    assert len(alternates) == len(set(alternates)) == 3


def test_a_browser_gets_a_style_sheet_and_a_link_home() -> None:
    data = feeds.atom(feed(), parts)
    assert b'<?xml-stylesheet type="text/css" href="/static/feed.css"?>\n<feed ' in data
    banner = valid_atom(data).find(f"{XHTML}div")
    assert LABELS.banner in "".join(banner.itertext())
    assert [link.get("href") for link in banner.iter(f"{XHTML}a")] == [f"{SITE}/zh/"]
    assert b"xml-stylesheet" not in feeds.atom(feed(style=""), parts)


def test_without_an_address_of_the_site_ids_are_still_permanent() -> None:
    made = feeds.release_entry("", PATH, "zh", release(), LABELS)
    assert made.id.startswith("urn:uuid:")
    assert made.id == feeds.identity("", PATH) != feeds.identity("", PATH + "x")
    assert made.href == PATH


def test_an_edition_says_when_and_where_as_exactly_as_known() -> None:
    event = EditionView(
        href="/zh/events/child-welfare-week/2010/",
        title="中国儿童福利周",
        summary="首届",
        language="zh",
        foreign=False,
        edition=2010,
        starts="2010",
        ends="",
        place="",
        theme="她的名字是今天",
        hosts=(NameLink("民政部", "MCA", "", ""), NameLink("北京师范大学", "BNU", "", "")),
        people=(),
        schedule=(),
        state="cancelled",
    )
    made = feeds.edition_entry(
        SITE, "zh", event, LABELS, Body("body"), PUBLISHED, contacts=(LIU_LI,)
    )
    assert made.facts == (
        (LABELS.when, f"2010年，{LABELS.cancelled}"),
        (LABELS.theme, "她的名字是今天"),
        (LABELS.hosts, "民政部和北京师范大学"),
    )
    valid_atom(feeds.atom(feed(made), parts))
    days = msgspec.structs.replace(event, starts="2017-05-31", ends="2017-06-06", state="over")
    made = feeds.edition_entry(SITE, "zh", days, LABELS, Body("body"), PUBLISHED)
    assert made.facts[0] == (LABELS.when, "2017年5月31日至6月6日")
    gone = feeds.edition_entry(
        SITE, "zh", event, LABELS, Body("body"), PUBLISHED, withdrawn=WITHDRAWAL
    )
    assert (gone.facts, gone.body, gone.summary) == ((), Body(), "")


def test_a_later_state_of_the_clock_changes_no_feed() -> None:
    on, over = (
        feeds.edition_entry(
            SITE,
            "en",
            EditionView(
                "/en/events/w/2017/",
                "W",
                "",
                "en",
                False,
                2017,
                "2017-05-31",
                "",
                "",
                "",
                (),
                (),
                (),
                state,
            ),
            LABELS,
            Body("body"),
            PUBLISHED,
        )
        for state in ("on", "over")
    )
    assert on == over


def test_labels_are_plain_text() -> None:
    assert LABELS.banner == "«feed.banner & more»"
    assert feeds.labels(lambda text: f"{text} &amp;").banner == "feed.banner &amp;"


# --- whatever is written in it -------------------------------------------------------------------

TEXTS = st.text(min_size=1, max_size=40)


@given(TEXTS, TEXTS)
@example("<script>alert(1)</script> & ]]> \x00\x0b\ufffe", '" \' onclick="x" <!-- -->')
@settings(max_examples=120, deadline=None)
def test_any_text_comes_back_as_it_was(title: str, notice: str) -> None:
    view = release(
        title="T" + title,
        topics=(Link("/zh/topics/x/", "t" + title),),
        corrections=(NoticeView(CORRECTED, notice, "en"),),
    )
    values = feed(entry(view), title="F" + title, rights=notice)
    root = etree.fromstring(feeds.atom(values, parts))
    assert root.findtext(f"{ATOM}title") == "F" + writable(title)
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == "T" + writable(title)
    assert root.find(f"{ATOM}entry/{ATOM}category").get("label") == "t" + writable(title)
    [span] = [each for each in root.iter(f"{XHTML}span") if each.get("lang") == "en"]
    assert (span.text or "") == writable(notice)
    [item] = json.loads(feeds.json_feed(values, parts))["items"]
    assert item["title"] == "T" + title


PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<b>", "<i>", "</b>", "<br>", "<hr>", "<ul>", "<li>", "</ul>", "</a>", "<q>", "<code>", "</code>",
        "<a href='/zh/?a=1&b=2'>", "<a href=#x>", "<a href=''>", "<a href='x/y' title='>'>", "<a href='//evil.example/'>",
        "<table>", "<tr>", "<td colspan=2>", "</table>", "<p title='a<b>c'>", "<abbr title='x\"y>z'>", "</abbr>",
        "<ol start=3>", "<b id='a\"b'>", "<p lang=en>", "<img src=/a.jpg>", "<script>x</script>", "<!-- x -->",
        "&nbsp;", "&copy;", "&lt;a href=\"/x\"&gt;", ' href="/x" ', "中文", " text ", "<", ">", "&", "]]>", "\x0c", "\x0b", "\ufffe",
    ]
)  # fmt: skip


def cleaned(html: str) -> str:
    """As bodies are cleaned."""
    return nh3.clean(
        html,
        tags=set(markup.TAGS),
        attributes={tag: set(names) for tag, names in markup.ATTRIBUTES.items()},
        link_rel=None,
    )


@given(st.lists(PIECES, max_size=25))
@settings(max_examples=300, deadline=None)
def test_clean_html_becomes_xml_that_html_reads_the_same_way(pieces: list[str]) -> None:
    clean = cleaned("".join(pieces))
    polyglot = feeds.polyglot(clean, partial(absolute, SITE, page=SITE + PATH))
    tree = ElementTree.fromstring(f'<div xmlns="http://www.w3.org/1999/xhtml">{polyglot}</div>')
    page = html5lib.parseFragment(polyglot, treebuilder="etree")
    source = html5lib.parseFragment(clean, treebuilder="etree")

    def shape(element: ElementTree.Element) -> list[tuple[str, str]]:
        flat = []
        for each in list(element.iter())[1:]:
            # A parser of HTML reads a form feed as a space; XML cannot hold one.
            flat.append((str(each.tag), "".join((each.text or "").split())))
        return flat

    assert shape(page) == [(tag, writable(text)) for tag, text in shape(source)]
    # Some broken HTML (a link around a table with a link) is cleaned into a tree that HTML cannot
    # write down: every parser of HTML, not only of ours, makes another one of it each time.
    if cleaned(clean) == clean:
        assert shape(tree) == shape(page)
    for each in tree.iter():
        assert each.get("href", SITE).startswith((f"{SITE}/zh/", SITE, "https://evil.example/"))
        assert "id" not in each.attrib
    # Attributes as they were, but for addresses and ids.
    for mine, theirs in zip(list(page.iter())[1:], list(source.iter())[1:], strict=True):
        assert {key: value for key, value in mine.items() if key != "href"} == {
            key: value for key, value in theirs.items() if key not in ("href", "id")
        }


@given(st.text(max_size=60))
def test_escaping_survives_a_parser_in_text_and_attribute(text: str) -> None:
    read = ElementTree.fromstring(f'<x a="{escape(text)}">{escape(text)}</x>')
    assert read.get("a") == (read.text or "") == writable(text)


def test_tags_are_those_of_the_site() -> None:
    assert TAGS == {"zh": "zh-Hans", "en": "en"}
