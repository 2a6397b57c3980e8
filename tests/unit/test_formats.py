"""Dates, numbers and lists as readers of either language meet them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from pressroom import catalogues, formats
from pressroom.values import Card, FigureValue, SourceView
from pressroom.words import LANGUAGES, Language

LOCALE = Path(__file__).parents[2] / "theme" / "locale"


def environment(language: Language, **templates: str) -> Environment:
    """An environment as the writer makes it, with templates from here and the real catalogues."""
    env = Environment(loader=DictLoader(templates), autoescape=True, undefined=StrictUndefined)
    formats.install(env, language, catalogues.load(LOCALE)[0])
    return env


class Kind(str):
    """A text of a kind of its own, as an enumeration's values are."""


@cache
def page_of(source: str) -> Template:
    return environment("en", page=source).get_template("page")


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2017-05-31", "2017年5月31日", "31 May 2017"),
        ("2016-02-01", "2016年2月1日", "1 February 2016"),
        ("", "", ""),
    ],
)
def test_day(text: str, zh: str, en: str) -> None:
    assert (formats.day(text, "zh"), formats.day(text, "en")) == (zh, en)


def test_month_with_and_without_its_year() -> None:
    assert formats.month("2017-05", "zh") == "2017年5月"
    assert formats.month("2017-05", "en") == "May 2017"
    assert formats.month_alone("2017-05", "zh") == "5月"
    assert formats.month_alone("2017-05", "en") == "May"


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2010", "2010年", "2010"),
        ("2016-06", "2016年6月", "June 2016"),
        ("2017-05-31", "2017年5月31日", "31 May 2017"),
        ("2010~", "2010年前后", "about 2010"),
        ("2017/2018", "2017–2018年", "2017–2018"),
        ("2010/2017~", "2010年至2017年前后", "2010 to about 2017"),
        ("2017-05/2017-06", "2017年5月至6月", "May\u2009–\u2009June 2017"),
        ("2017-05-30/2017-06-02", "2017年5月30日至6月2日", "30 May\u2009–\u20092 June 2017"),
        (
            "2016-12-31/2017-01-02",
            "2016年12月31日至2017年1月2日",
            "31 December 2016\u2009–\u20092 January 2017",
        ),
        ("2017-05-31/2017-05-31", "2017年5月31日", "31 May 2017"),
        ("2016/2017-05-31", "2016年至2017年5月31日", "2016 to 31 May 2017"),
        ("", "", ""),
    ],
)
def test_edtf_is_shown_no_more_exact_than_it_is(text: str, zh: str, en: str) -> None:
    assert (formats.edtf(text, "zh"), formats.edtf(text, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("first", "last", "zh", "en"),
    [
        ("2017-05-31", "", "2017年5月31日", "31 May 2017"),
        ("2017-05-31", "2017-05-31", "2017年5月31日", "31 May 2017"),
        ("2017-05-31", "2017-06-02", "2017年5月31日至6月2日", "31 May\u2009–\u20092 June 2017"),
        ("2010/2011", "2017~", "2010–2011年至2017年前后", "2010–2011 to about 2017"),
    ],
)
def test_an_event_from_day_to_day(first: str, last: str, zh: str, en: str) -> None:
    assert (formats.span(first, last, "zh"), formats.span(first, last, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("start", "end", "zh", "en"),
    [
        ("2015", "2018", "2015–2018年", "2015–2018"),
        ("2015", "", "2015年起", "since 2015"),
        ("", "2018", "至2018年", "until 2018"),
    ],
)
def test_a_post_may_be_held_still(start: str, end: str, zh: str, en: str) -> None:
    assert (formats.period(start, end, "zh"), formats.period(start, end, "en")) == (zh, en)


def test_instant_names_the_zone() -> None:
    assert formats.instant("2017-05-31T15:00:00+08:00", "zh") == "2017年5月31日15:00（北京时间）"
    assert (
        formats.instant("2017-05-31T15:00:00+08:00", "en")
        == "31 May 2017, 15:00, China Standard Time"
    )


def test_clock() -> None:
    assert formats.clock("2017-05-31T15:00:00+08:00") == "15:00"
    assert formats.clock("15:00") == "15:00"


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("0", "0", "0"),
        ("120", "120", "120"),
        ("1000", "1,000", "1,000"),
        ("59000", "5.9万", "59,000"),
        ("120000", "12万", "120,000"),
        ("59123", "59,123", "59,123"),
        ("123500", "12.35万", "123,500"),
        ("9999", "9,999", "9,999"),
        ("10000000", "1000万", "10,000,000"),
        ("100000000", "1亿", "100,000,000"),
        ("1410000000", "14.1亿", "1,410,000,000"),
        ("3.20", "3.20", "3.20"),
        ("12345.6", "12,345.6", "12,345.6"),
        ("-59000", "-5.9万", "-59,000"),
        ("many", "many", "many"),
    ],
)
def test_number(text: str, zh: str, en: str) -> None:
    assert (formats.number(text, "zh"), formats.number(text, "en")) == (zh, en)


@given(st.integers(min_value=0, max_value=10**14))
def test_a_number_is_never_rounded(value: int) -> None:
    """What is written can be read back as the same number, in both languages."""
    units = {"万": 10**4, "亿": 10**8, "万亿": 10**12}
    for language in LANGUAGES:
        written = formats.number(str(value), language).replace(",", "")
        digits = written.rstrip("万亿")
        unit = units.get(written.removeprefix(digits), 1)
        whole, _, part = digits.partition(".")
        assert int(whole + part) * unit == value * 10 ** len(part)


@pytest.mark.parametrize(
    ("qualifier", "number", "zh_unit", "en_unit", "zh", "en"),
    [
        ("more-than", "59000", "个村", "villages", "超过5.9万个村", "more than 59,000 villages"),
        ("nearly", "100", "名儿童", "children", "近100名儿童", "nearly 100 children"),
        ("about", "2000", "人", "people", "约2,000人", "about 2,000 people"),
        (
            "",
            "190",
            "个国家和地区",
            "countries and territories",
            "190个国家和地区",
            "190 countries and territories",
        ),
        ("", "12.5", "%", "%", "12.5%", "12.5%"),
        ("", "7", "", "", "7", "7"),
    ],
)
def test_fact_text(
    qualifier: str, number: str, zh_unit: str, en_unit: str, zh: str, en: str
) -> None:
    assert formats.fact_text("zh", qualifier, number, zh_unit) == zh
    assert formats.fact_text("en", qualifier, number, en_unit) == en
    value = FigureValue(number, qualifier, "2017", None)
    assert formats.figure(value, zh_unit, "zh") == zh
    assert formats.figure(value, en_unit, "en") == en


def test_fact_text_number_alone() -> None:
    assert formats.fact_text("zh", "more-than", "59000", "个村", "number") == "5.9万"
    assert formats.fact_text("en", "more-than", "59000", "villages", "number") == "59,000"


def test_qualifier_alone() -> None:
    assert formats.qualifier("more-than", "zh") == "超过"
    assert formats.qualifier("nearly", "en") == "nearly"
    assert formats.qualifier("", "en") == ""


def test_lists_and_names_of_languages() -> None:
    assert formats.conjunction(["河南", "四川", "云南"], "zh") == "河南、四川和云南"
    assert formats.conjunction(["Henan", "Sichuan", "Yunnan"], "en") == "Henan, Sichuan and Yunnan"
    assert formats.languages(("zh", "en"), "zh") == "中文和英语"
    assert formats.languages(("zh", "en"), "en") == "Chinese and English"


def test_lists_escape_texts_and_keep_markup() -> None:
    assert formats.conjunction(["<b>", Markup("<i>x</i>")], "en") == "&lt;b&gt; and <i>x</i>"
    assert formats.quoted("<b>", "zh") == "“&lt;b&gt;”"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+861085312612", "+86 10 8531 2612"),
        ("+8613801009450", "+86 138 0100 9450"),
        ("not a number", "not a number"),
    ],
)
def test_telephone(text: str, shown: str) -> None:
    assert formats.telephone(text) == shown


def test_host() -> None:
    assert formats.host("https://www.unicef.cn/") == "www.unicef.cn"
    assert formats.host("https://weibo.com/unicefchina") == "weibo.com/unicefchina"
    assert formats.host("www.unicef.cn") == "www.unicef.cn"


def test_dateline_runs_in_at_the_first_paragraph() -> None:
    assert formats.run_in("<p>Text</p>", "<b>Beijing</b> ") == "<p><b>Beijing</b> Text</p>"
    assert formats.run_in("<ul><li>x</li></ul>", "Beijing") == "<p>Beijing</p><ul><li>x</li></ul>"


def test_templates_write_in_their_own_language_or_in_the_one_they_name() -> None:
    source = "{{ '2017-05-31' | day }} / {{ '2017-05-31' | day(language='en') }}"
    assert environment("zh", x=source).get_template("x").render() == "2017年5月31日 / 31 May 2017"


def test_messages_come_from_the_catalogue_of_the_language() -> None:
    source = "{{ _('contact.title') }}|{{ say('en', 'contact.title') }}|{{ ngettext('years.release', 'years.releases', 2) }}"
    assert environment("zh", x=source).get_template("x").render() == "新闻联系人|Press contacts|2篇"
    assert (
        environment("en", x=source).get_template("x").render()
        == "Press contacts|Press contacts|2 releases"
    )


def test_values_in_messages_are_escaped() -> None:
    env = environment("en", x="{{ _('contact.wechat', account=name) }}")
    assert env.get_template("x").render(name="<b>&") == "WeChat: &lt;b&gt;&amp;"


@pytest.mark.parametrize(
    "source",
    ["{{ _('no.such.message') }}", "{{ _('no.such.message', a=1) }}", "{{ say('zh', 'no.such') }}"],
)
def test_a_missing_message_is_an_error(source: str) -> None:
    with pytest.raises(formats.MissingMessage):
        environment("en", x=source).get_template("x").render()


def test_a_message_without_its_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        environment("en", x="{{ _('contact.wechat', name='x') }}").get_template("x").render()


@given(st.text(st.sampled_from("a文&<>\"' ;"), max_size=12))
def test_what_a_template_writes_is_escaped_once(text: str) -> None:
    source = "{% macro quote(x) %}<q>{{ x }}</q>{% endmacro %}{{ x }}|{{ quote(x) }}|{{ ready }}|{{ 7 }}|{{ kind }}"
    said = page_of(source).render(x=text, ready=Markup("<b>&amp;</b>"), kind=Kind("<k>"))
    once = str(escape(text))
    assert said == f"{once}|<q>{once}</q>|<b>&amp;</b>|7|&lt;k&gt;"


def test_a_name_that_a_value_does_not_have_is_an_error() -> None:
    card = Card("k", "release", "/", "Title", "", "en", False)
    with pytest.raises(AttributeError):
        environment("en", x="{{ card.titel }}").get_template("x").render(card=card)


def test_components_are_made_once_and_write_the_values_they_are_given() -> None:
    env = environment(
        "en",
        part="{% macro show(x) %}<{{ x }}>{{ _('contact.title') }}{% endmacro %}",
        x="{% from 'part' import show %}{{ show(value) }}",
    )
    template = env.get_template("x")
    assert template.render(value="1") == "<1>Press contacts"
    assert template.render(value="2 & 3") == "<2 &amp; 3>Press contacts"


def test_a_source_is_named_with_its_publisher_and_a_title_in_its_marks() -> None:
    brochure = SourceView("宣传册（英文）", "zh", "联合国儿童基金会", "https://a.example/")
    assert formats.credit(brochure, "zh") == "宣传册（英文），联合国儿童基金会"
    own = {
        language: SourceView("标题, a title", language, href=f"/{language}/releases/2017/item/")
        for language in LANGUAGES
    }
    assert formats.credit(own["zh"], "zh") == "《标题, a title》"
    # A release in one language only keeps the marks of its own.
    assert formats.credit(own["zh"], "en") == "《标题, a title》"
    assert formats.credit(own["en"], "en") == "“标题, a title”"
