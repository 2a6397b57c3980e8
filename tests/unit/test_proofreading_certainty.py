"""What stops a build and what is only worth a look: differences of figures, weighed."""

from __future__ import annotations

from datetime import date

import pytest

from pressroom.problems import Severity
from pressroom.proofreading import Bilingual, FactsLedger, Termbase, proofread
from tests.proofreading.texts import side


def said(zh: str, en: str) -> dict[str, set[Severity]]:
    """What is said of two bodies, by rule."""
    sides = [
        side(f"x/{language}.md", language, f"---\ntitle: {title}\n---\n\n{text}\n")[0]
        for language, title, text in (("zh", "标题", zh), ("en", "Title", en))
    ]
    item = Bilingual("x", "release", *sides, date(2023, 9, 20))
    found: dict[str, set[Severity]] = {}
    for one in proofread(item, Termbase(), FactsLedger()):
        if one.severity is not Severity.ADVICE:
            found.setdefault(one.rule, set()).add(one.severity)
    return found


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ("figures", "共有1,240户搬迁。", "In all 1,270 households moved."),
        ("figures", "共有5.9万个村。", "There are 590,000 villages."),
        ("figures", "覆盖率为62%，共40所学校。", "Coverage is high, in 40 schools."),
        ("figures", "三成的家庭参加了活动。", "Forty per cent of families took part."),
        ("figures", "第六届论坛开幕。", "The seventh forum opens."),
        ("figures", "拨款1,500万元修路。", "The road is to be repaired."),
        ("dates", "9月12日开工。", "Work begins on 13 September."),
        ("times", "晚上7点30分开演。", "The play begins at 8.30 p.m."),
        ("qualifiers", "超过1,200人到场。", "In the hall there were 1,200 people."),
        ("qualifiers", "近1,200人到场。", "More than 1,200 people came."),
    ],
)
def test_what_is_certain_stops_the_build(rule: str, zh: str, en: str) -> None:
    assert Severity.ERROR in said(zh, en).get(rule, set())


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        # one side's small count, year and gloss
        ("figures", "他带着3个徒弟进山。", "He went into the mountains with his apprentices."),
        ("figures", "2008年建成的大桥。", "The bridge across the bay."),
        ("figures", "面积为300亩。", "It covers 300 mu (about 49 acres)."),
        # a numeral that nobody can be sure to have read
        ("figures", "利润按七对三拆分。", "One of them takes 70 per cent."),
        # what follows from the figures around it
        ("figures", "男生530人，女生610人。", "There are 530 boys, 610 girls, 1,140 in all."),
        # figures that all differ by one factor are counted in another unit
        (
            "figures",
            "三块地分别为48垧、63垧和75垧。",
            "The three plots measure 3.2, 4.2 and 5 big units.",
        ),
        # words whose sense depends on what they stand for
        ("qualifiers", "纪录突破了26秒。", "The record is 26 seconds."),
        ("qualifiers", "超过5分钟没有应答。", "No answer came in 5 minutes."),
    ],
)
def test_what_may_be_a_free_translation_is_a_warning(rule: str, zh: str, en: str) -> None:
    assert said(zh, en).get(rule) == {Severity.WARNING}


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("全长1,200米。", "It is 1.2 kilometres long."),
        ("手术持续90分钟。", "The operation took an hour and a half."),
        ("半年到一年见效。", "It works after six to twelve months."),
        (
            "茶园300亩，每亩保费60元。",
            "The garden of 20 hectares is insured at 900 yuan a hectare.",
        ),
        ("花掉两角二分。", "It cost 22 fen."),
        ("成绩为2小时14分38秒。", "The time was 2:14:38."),
        ("判处有期徒刑十一年六个月。", "He was sentenced to eleven and a half years."),
        ("9月22日停业。", "It is closed on Friday."),
    ],
)
def test_the_same_in_other_units_is_the_same(zh: str, en: str) -> None:
    assert said(zh, en) == {}


ZH_TABLE = """| 项目 | 2026年（亿元） | 增长 |
| --- | --- | --- |
| 教育 | 11.4 | 5.6% |
| 卫生 | 5.2 | 4.0% |
| 住房 | 3.1 | 29.2% |"""
EN_TABLE = """| Item | 2026 (million yuan) | Change |
| --- | --- | --- |
| Education | 1,140 | 5.6% |
| Health | 520 | 4.0% |
| Housing | 310 | 29.2% |"""


def test_a_table_is_read_with_the_units_of_its_heads() -> None:
    assert said(ZH_TABLE, EN_TABLE) == {}
    caption = "单位：万人\n\n| 县 | 人口 |\n| --- | --- |\n| 甲 | 9.6 |\n| 乙 | 12 |"
    other = "(thousands)\n\n| County | People |\n| --- | --- |\n| A | 96 |\n| B | 120 |"
    assert said(caption, other) == {}


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("million yuan", "billion yuan", "figures"),
        ("million yuan", "million dollars", "currencies"),
        ("520", "530", "figures"),
    ],
)
def test_a_wrong_head_or_cell_of_a_table_is_one_error(right: str, wrong: str, rule: str) -> None:
    sides = [
        side(f"x/{language}.md", language, f"---\ntitle: {title}\n---\n\n{text}\n")[0]
        for language, title, text in (
            ("zh", "标题", ZH_TABLE),
            ("en", "Title", EN_TABLE.replace(right, wrong)),
        )
    ]
    found = proofread(Bilingual("x", "release", *sides, None), Termbase(), FactsLedger())
    (problem,) = [one for one in found if one.severity is Severity.ERROR]
    assert problem.rule == rule
    assert problem.line == (5 if right.startswith("million") else 8)
