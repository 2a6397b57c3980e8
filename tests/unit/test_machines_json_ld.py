"""JSON-LD, read out of a page as a search engine does, and held against schema.org's vocabulary."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import html5lib
import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pressroom.machines import json_ld
from pressroom.values import (
    Alternate,
    Body,
    Card,
    ContactView,
    EditionView,
    Figure,
    FigureValue,
    Group,
    Head,
    Link,
    NameLink,
    NoticeView,
    Picture,
    PointView,
    ReleaseView,
    Shell,
    SourceView,
)

SITE = "https://newsroom.example"
PATH = "/zh/releases/2017/child-welfare-week/"
PUBLISHED = "2017-05-31T00:00:00+08:00"
XHTML = "{http://www.w3.org/1999/xhtml}"

SHELL = Shell(
    language="zh",
    tag="zh-Hans",
    name="演示新闻室",
    short_name="演示",
    tagline="中英双语公共信息",
    notice="本站为演示。",
    navigation=(),
    footer_links=(),
    footer_lines=(),
    icp="",
    site_url=SITE,
    style="",
    script="",
    feeds=(),
    noindex=True,
)


def head(path: str = PATH, **changes: Any) -> Head:
    twin = path.replace("/zh/", "/en/")
    plain = Head(
        path=path,
        canonical=SITE + path,
        title="标题",
        description="说明",
        kind="article",
        switch=None,
        alternates=(
            Alternate("zh-Hans", SITE + path),
            Alternate("en", SITE + twin),
            Alternate("x-default", SITE + path),
        ),
        breadcrumbs=(Link("/zh/", "首页"), Link("/zh/releases/", "新闻稿")),
        published=PUBLISHED,
        modified=PUBLISHED,
    )
    return msgspec.structs.replace(plain, **changes)


def contact(**changes: Any) -> ContactView:
    plain = ContactView(
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
        vcard="",
    )
    return msgspec.structs.replace(plain, **changes)


def card(kind: str, href: str, title: str) -> Card:
    return Card(href, kind, href, title, "", "zh", False)


PHOTO = Picture(
    "a.jpg", "alt", "图注", "© x", on_request=False, href="/media/a.jpg", width=1600, height=900
)
PLATE = Picture("b.jpg", "另一张", "未随站", "© y", on_request=True)


def release(**changes: Any) -> ReleaseView:
    plain = ReleaseView(
        title="中国儿童福利与保护宣传周启动",
        summary="摘要在此",
        section="新闻稿",
        day="2017-05-31",
        place="北京",
        compiled=False,
        body=Body("digest", pictures=(PLATE, PHOTO)),
        sources=(SourceView("意见", "zh", "国务院", "https://www.gov.cn/x", "2016-06"),),
        topics=(Link("/zh/topics/child-protection/", "儿童保护"),),
        programmes=(card("programme", "/zh/programmes/bsw/", "赤脚社工"),),
        event=card("event", "/zh/events/child-welfare-week/2017/", "宣传周（2017）"),
        contacts=(
            contact(),
            contact(key="me", name="Madeline Eisner", role="", telephone="+8613801009450"),
        ),
        corrections=(),
        withdrawn=None,
        published=PUBLISHED,
        modified="",
        related=(),
        newer=None,
        older=None,
        boilerplate_title="",
        boilerplate="",
    )
    return msgspec.structs.replace(plain, **changes)


def edition(**changes: Any) -> EditionView:
    plain = EditionView(
        href="/zh/events/child-welfare-week/2017/",
        title="中国儿童福利与保护宣传周（2017）",
        summary="摘要",
        language="zh",
        foreign=False,
        edition=2017,
        starts="2017-05-31",
        ends="",
        place="北京",
        theme="主题",
        hosts=(NameLink("民政部", "MCA", "", ""),),
        people=(NameLink("郑道", "Douglas Noble", "副代表", ""),),
        schedule=(PointView("15:00", "启动仪式"),),
        state="over",
    )
    return msgspec.structs.replace(plain, **changes)


CORRECTION = NoticeView("2017-06-02T09:00:00+08:00", "时间应为15:00。", "zh")
WITHDRAWAL = NoticeView("2017-07-01T09:00:00+08:00", "Issued by mistake.", "en")
SERIES = card("series", "/zh/events/child-welfare-week/", "宣传周")
FIGURE = Figure(
    "villages",
    "/zh/facts/#villages",
    "覆盖的村",
    "个村",
    (FigureValue("120", "", "2010", None), FigureValue("59000", "more-than", "2017-05-31", None)),
)

# What schema.org (29.x) lets each type say, as far as it is said here.
THING = {
    "@type",
    "@id",
    "name",
    "alternateName",
    "description",
    "disambiguatingDescription",
    "url",
    "image",
}
THING |= {"mainEntityOfPage"}
WORK = THING | {
    "inLanguage",
    "datePublished",
    "dateModified",
    "publisher",
    "author",
    "sourceOrganization",
    "contentLocation",
    "keywords",
    "about",
    "isAccessibleForFree",
    "correction",
    "creativeWorkStatus",
    "isBasedOn",
    "citation",
    "translationOfWork",
    "workTranslation",
    "isPartOf",
    "mainEntity",
    "text",
    "creator",
    "temporalCoverage",
}
EVENT = THING | {
    "inLanguage",
    "eventStatus",
    "startDate",
    "endDate",
    "location",
    "organizer",
    "superEvent",
    "subEvent",
}
VOCABULARY = {
    "NewsArticle": WORK | {"headline", "articleSection"},
    "CorrectionComment": WORK,
    "CreativeWork": WORK,
    "WebSite": WORK,
    "WebPage": WORK,
    "ContactPage": WORK,
    "CollectionPage": WORK,
    "AboutPage": WORK,
    "ImageObject": WORK | {"width", "height", "caption", "creditText"},
    "Dataset": WORK | {"variableMeasured", "distribution"},
    "DataDownload": WORK | {"contentUrl", "encodingFormat"},
    "PropertyValue": THING | {"unitText"},
    "Event": EVENT,
    "EventSeries": EVENT,
    "Organization": THING | {"contactPoint"},
    "Project": THING | {"foundingDate", "member"},
    "Place": THING,
    "ContactPoint": THING | {"contactType", "telephone", "email", "availableLanguage"},
    "BreadcrumbList": THING | {"itemListElement"},
    "ItemList": THING | {"itemListElement", "numberOfItems"},
    "ListItem": THING | {"position", "item"},
}

PAGES = {
    "release": json_ld.release(SHELL, head(), release(), "联合国儿童基金会驻华办事处"),
    "corrected": json_ld.release(SHELL, head(), release(corrections=(CORRECTION,), modified=CORRECTION.at)),
    "withdrawn": json_ld.release(SHELL, head(), release(withdrawn=WITHDRAWAL), "联合国儿童基金会"),
    "compiled": json_ld.release(SHELL, head(), release(compiled=True), "联合国儿童基金会"),
    "edition": json_ld.edition(SHELL, head("/zh/events/w/2017/"), edition(), SERIES, (contact(),), (CORRECTION,)),
    "edition-gone": json_ld.edition(SHELL, head("/zh/events/w/2017/"), edition(), SERIES, withdrawn=WITHDRAWAL),
    "series": json_ld.series(SHELL, head(SERIES.href), SERIES, (edition(), edition(starts="2010")), (contact(),)),
    "programme": json_ld.programme(
        SHELL, head("/zh/programmes/bsw/"), card("programme", "/zh/programmes/bsw/", "赤脚社工"), "2010",
        (NameLink("民政部", "MCA", "", ""),), (contact(),),
    ),
    "facts": json_ld.facts(SHELL, head("/zh/facts/"), "数据", (Group("bsw", "项目", figures=(FIGURE,)),)),
    "contacts": json_ld.contacts(SHELL, head("/zh/contacts/"), "媒体联系人", (contact(),)),
    "home": json_ld.home(SHELL, head("/zh/", breadcrumbs=()), (contact(),)),
    "collection": json_ld.collection(SHELL, head("/zh/releases/"), "新闻稿", (SERIES,)),
    "page": json_ld.page(SHELL, head("/zh/about/"), "关于", "AboutPage"),
}  # fmt: skip


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "@graph" not in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from nodes(each)


def graph(text: str) -> dict[str, dict[str, Any]]:
    """The nodes of the graph by type; each type stands there once, but for organisations."""
    loaded = json.loads(text)
    assert loaded["@context"] == "https://schema.org"
    return {node["@type"]: node for node in reversed(loaded["@graph"])}


@pytest.mark.parametrize("name", PAGES)
def test_every_word_is_schema_org_s_and_nothing_is_empty(name: str) -> None:
    found = list(nodes(json.loads(PAGES[name])))
    assert len(found) > 2
    for node in found:
        if set(node) != {"@id"}:
            assert set(node) <= VOCABULARY[node["@type"]], node
        assert not [key for key, value in node.items() if value in ("", None, [], {})], node


@pytest.mark.parametrize("name", PAGES)
def test_every_reference_is_to_a_node_of_the_page_and_every_address_is_absolute(name: str) -> None:
    found = list(nodes(json.loads(PAGES[name])))
    known = {node["@id"] for node in found if "@type" in node and "@id" in node}
    for node in found:
        if set(node) == {"@id"}:
            assert node["@id"] in known
        for key in ("@id", "url", "item", "contentUrl", "mainEntityOfPage"):
            assert str(node.get(key, "https://")).startswith("https://"), node


@pytest.mark.parametrize("name", PAGES)
def test_the_publisher_is_the_site_itself(name: str) -> None:
    found = list(nodes(json.loads(PAGES[name])))
    [publisher] = [
        node for node in found if node.get("@id") == f"{SITE}/#publisher" and "@type" in node
    ]
    assert publisher["name"] == "演示新闻室"
    for node in found:
        for key in ("publisher", "author", "creator"):
            if key in node and node["@type"] != "CreativeWork":
                assert node[key] == {"@id": f"{SITE}/#publisher"}


def test_a_release_says_what_its_page_shows() -> None:
    found = graph(PAGES["release"])
    article = found["NewsArticle"]
    assert article["@id"] == f"{SITE}{PATH}#release"
    assert article["headline"] == "中国儿童福利与保护宣传周启动"
    assert (article["inLanguage"], article["isAccessibleForFree"]) == ("zh-Hans", True)
    assert article["datePublished"] == article["dateModified"] == PUBLISHED
    assert article["contentLocation"] == {"@type": "Place", "name": "北京"}
    assert article["keywords"] == ["儿童保护"]
    assert [each["@type"] for each in article["about"]] == ["Event", "Project"]
    assert [image["url"] for image in article["image"]] == [f"{SITE}/media/a.jpg"]
    assert article["citation"][0]["datePublished"] == "2016-06"
    assert article["workTranslation"]["url"] == SITE + PATH.replace("/zh/", "/en/")
    assert "correction" not in article
    assert "isBasedOn" not in article


def test_the_contacts_are_the_source_s_own() -> None:
    article = graph(PAGES["release"])["NewsArticle"]
    source = next(
        node
        for node in json.loads(PAGES["release"])["@graph"]
        if node.get("@id") == article["sourceOrganization"]["@id"]
    )
    assert source["name"] == "联合国儿童基金会驻华办事处"
    first, second = source["contactPoint"]
    assert first == {
        "@type": "ContactPoint",
        "contactType": "新闻官员",
        "name": "刘莉",
        "telephone": "+861085312612",
        "email": "liliu@unicef.org",
        "availableLanguage": ["zh-Hans", "en"],
    }
    assert (second["name"], "contactType" in second) == ("Madeline Eisner", False)


def test_the_english_page_is_the_translation_of_the_default_one() -> None:
    english = head(PATH.replace("/zh/", "/en/"), alternates=head().alternates)
    article = graph(
        json_ld.release(msgspec.structs.replace(SHELL, language="en", tag="en"), english, release())
    )
    assert article["NewsArticle"]["translationOfWork"]["url"] == SITE + PATH
    alone = graph(json_ld.release(SHELL, head(alternates=()), release()))["NewsArticle"]
    assert "translationOfWork" not in alone
    assert "workTranslation" not in alone


def test_a_compiled_item_rests_on_its_sources_and_is_nobody_s_release() -> None:
    article = graph(PAGES["compiled"])["NewsArticle"]
    assert article["isBasedOn"] == [
        {
            "@type": "CreativeWork",
            "name": "意见",
            "url": "https://www.gov.cn/x",
            "publisher": {"@type": "Organization", "name": "国务院"},
            "datePublished": "2016-06",
        }
    ]
    assert "sourceOrganization" not in article


def test_a_correction_is_told() -> None:
    article = graph(PAGES["corrected"])["NewsArticle"]
    assert article["dateModified"] == CORRECTION.at
    assert article["correction"] == {
        "@type": "CorrectionComment",
        "text": "时间应为15:00。",
        "datePublished": CORRECTION.at,
        "inLanguage": "zh-Hans",
    }


def test_of_a_withdrawn_release_nothing_old_is_told() -> None:
    text = PAGES["withdrawn"]
    article = graph(text)["NewsArticle"]
    assert article["creativeWorkStatus"] == "Withdrawn"
    assert article["description"] == article["correction"]["text"] == "Issued by mistake."
    assert article["correction"]["inLanguage"] == "en"
    for old in ("摘要在此", "media", "儿童保护", "赤脚社工", "gov.cn", "北京"):
        assert old not in text, old


def test_of_a_withdrawn_edition_no_event_is_told() -> None:
    found = graph(PAGES["edition-gone"])
    assert "Event" not in found
    assert found["WebPage"]["creativeWorkStatus"] == "Withdrawn"
    assert "启动仪式" not in PAGES["edition-gone"]


@pytest.mark.parametrize(
    ("starts", "ends", "start", "end"),
    [
        ("2017-05-31", "", "2017-05-31", None),
        ("2017-05-31", "2017-06-06", "2017-05-31", "2017-06-06"),
        ("2017-05-31", "2017-06", "2017-05-31", None),
        ("2010", "", None, None),
        ("2010-06", "2010-06-07", None, None),
        ("2010-06-01~", "", None, None),
        ("2017-05-31/2017-06-01", "", None, None),
        ("", "", None, None),
    ],
)
def test_an_event_has_a_day_only_where_it_is_known(
    starts: str, ends: str, start: str | None, end: str | None
) -> None:
    text = json_ld.edition(
        SHELL, head("/zh/events/w/2017/"), edition(starts=starts, ends=ends), SERIES
    )
    event = graph(text)["Event"]
    assert (event.get("startDate"), event.get("endDate")) == (start, end)
    assert ("subEvent" in event) == (start is not None)


def test_a_point_of_the_programme_has_its_hour() -> None:
    event = graph(PAGES["edition"])["Event"]
    assert event["subEvent"] == [
        {"@type": "Event", "name": "启动仪式", "startDate": "2017-05-31T15:00:00+08:00"}
    ]
    assert event["superEvent"]["@id"] == f"{SITE}/zh/events/child-welfare-week/#series"
    assert event["organizer"] == [{"@type": "Organization", "name": "民政部"}]
    assert "郑道" not in PAGES["edition"]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("announced", "EventScheduled"),
        ("on", "EventScheduled"),
        ("over", "EventScheduled"),
        ("postponed", "EventPostponed"),
        ("cancelled", "EventCancelled"),
    ],
)
def test_the_state_of_an_event(state: str, status: str) -> None:
    event = graph(json_ld.edition(SHELL, head("/zh/events/w/2017/"), edition(state=state)))["Event"]
    assert event["eventStatus"] == f"https://schema.org/{status}"


def test_the_way_home() -> None:
    steps = graph(PAGES["release"])["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in steps] == [
        (1, "首页", f"{SITE}/zh/"),
        (2, "新闻稿", f"{SITE}/zh/releases/"),
        (3, "中国儿童福利与保护宣传周启动", SITE + PATH),
    ]
    assert "BreadcrumbList" not in graph(PAGES["home"])


def test_the_figures_are_a_data_set() -> None:
    data = graph(PAGES["facts"])["Dataset"]
    assert data["temporalCoverage"] == "2010/2017"
    assert data["variableMeasured"] == [
        {"@type": "PropertyValue", "name": "覆盖的村", "unitText": "个村"}
    ]
    assert [(each["contentUrl"], each["encodingFormat"]) for each in data["distribution"]] == [
        (f"{SITE}/data/facts.json", "application/json"),
        (f"{SITE}/data/facts.csv", "text/csv"),
    ]


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("短", "短"),
        ("x" * 110, "x" * 110),
        ("字" * 111, "字" * 109 + "…"),
        ("word " * 30, "word " * 20 + "word word…"),
    ],
)
def test_a_headline_has_at_most_110_characters(title: str, written: str) -> None:
    article = graph(json_ld.release(SHELL, head(), release(title=title)))["NewsArticle"]
    assert article["headline"] == written
    assert len(written) <= 110
    assert article.get("name", written) == (title if len(title) > 110 else written)


def test_without_an_address_of_the_site_paths_stay() -> None:
    bare = msgspec.structs.replace(SHELL, site_url="")
    alternates = tuple(
        Alternate(each.tag, each.href.removeprefix(SITE)) for each in head().alternates
    )
    article = graph(json_ld.release(bare, head(canonical="", alternates=alternates), release()))[
        "NewsArticle"
    ]
    assert article["url"] == PATH
    assert article["workTranslation"]["url"] == PATH.replace("/zh/", "/en/")


@given(st.text(min_size=1))
@example("</script><script>alert(1)</script>")
@example("<!--<script>")
@example(']]> & \u2028 " \\ \x00')
@settings(deadline=None)
def test_any_text_stays_inside_its_script_element(text: str) -> None:
    view = release(summary=text, corrections=(NoticeView(CORRECTION.at, text, "en"),))
    written = json_ld.release(SHELL, head(), view)
    assert "\u2028" not in written
    page = html5lib.parse(
        f'<script type="application/ld+json">{written}</script><p id="after">', treebuilder="etree"
    )
    [script] = page.iter(f"{XHTML}script")
    [after] = page.iter(f"{XHTML}p")
    assert after.get("id") == "after"
    article = graph(script.text or "")["NewsArticle"]
    assert article["description"] == article["correction"]["text"] == text
