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
    points = "| 学段 | 优良率 | 比上年（百分点） |\n| --- | --- | --- |\n| 小学 | 52.3% | 1.2 |"
    short = "| Level | Good | Change (points) |\n| --- | --- | --- |\n| Primary | 52.3% | 1.2 |"
    assert said(points, short) == {}
    assert said(points, short.replace("points", "per cent"))["figures"] == {Severity.ERROR}


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


SAME = ("第六届儿童周将于3月8日开幕。", "The sixth Children’s Week opens on 8 March.")
BOTH = (
    "第六届儿童周将于3月8日开幕，9日闭幕，第七届明年举行。",
    "The sixth Children’s Week opens on 8 March and closes on 9 March. The seventh is next year.",
)


@pytest.mark.parametrize("field", ["title", "summary", "theme"])
@pytest.mark.parametrize(
    ("zh", "en", "bodies", "weight"),
    [
        ("第六届儿童周3月8日开幕", "Seventh Children’s Week opens on 9 March", SAME, Severity.ERROR),
        ("第六届儿童周三月八日开幕", "The seventh Week opens on March 9th", SAME, Severity.ERROR),
        ("第六届儿童周3月8日至12日举行", "The seventh Week: 9–12 March", SAME, Severity.ERROR),
        # other figures beside them hide nothing, nor does it that the text has both
        ("第六届儿童周3月8日开幕，三天五场", "Seventh Week, 9 March: four in three days", SAME, Severity.ERROR),
        ("第六届儿童周3月8日开幕", "The seventh Children’s Week opens on 9 March", BOTH, Severity.WARNING),
        ("第七届儿童周3月8日开幕，共7场", "The sixth Week opens on 9 March: seven events", SAME, Severity.ERROR),
        ("第三届儿童周3月8日开幕", "The second Children’s Week opens on 9 March", SAME, Severity.ERROR),
    ],
)  # fmt: skip
def test_a_day_and_an_ordinal_of_a_field_are_compared(
    field: str, zh: str, en: str, bodies: tuple[str, str], weight: Severity
) -> None:
    other = "summary" if field == "title" else "title"
    sides = [
        side(f"x/{language}.md", language, f"---\n{other}: {name}\n{field}: '{text}'\n---\n\n{body}\n")[0]
        for language, name, text, body in (("zh", "消息", zh, bodies[0]), ("en", "News", en, bodies[1]))
    ]  # fmt: skip
    item = Bilingual("x", "release", *sides, date(2023, 9, 20))
    found = {
        one.rule: one
        for one in proofread(item, Termbase(), FactsLedger())
        if one.severity is not Severity.ADVICE
    }
    assert found.keys() == {"dates", "figures"}
    assert found["dates"].severity is weight
    assert {(one.path, one.line) for one in found.values()} == {("x/en.md", 3)}


def test_an_ordinal_of_a_title_that_the_other_side_never_says_is_a_warning() -> None:
    sides = [
        side(f"x/{language}.md", language, f"---\ntitle: {title}\n---\n\n{text}\n")[0]
        for language, title, text in (("zh", "第七届儿童周开幕", SAME[0]), ("en", "A Week opens", SAME[1]))
    ]  # fmt: skip
    found = proofread(
        Bilingual("x", "release", *sides, date(2023, 9, 20)), Termbase(), FactsLedger()
    )
    assert [(one.rule, one.severity, one.line) for one in found] == [
        ("figures", Severity.WARNING, 2)
    ]


@pytest.mark.parametrize(
    ("language", "lost"), [("zh", "| 乙 | 12 | 2.9 |\n"), ("en", "| B | 120,000 | 2.9 |\n")]
)
def test_a_row_left_out_of_a_table_is_one_error(language: str, lost: str) -> None:
    texts = {
        "zh": "| 县 | 托位（万个） | 每千人托位（个） |\n| --- | --- | --- |\n| 甲 | 9.6 | 3.7 |\n| 乙 | 12 | 2.9 |\n| 丙 | 14 | 3.2 |\n| 丁 | 15 | 3.3 |",
        "en": "| County | Places | Places per 1,000 people |\n| --- | --- | --- |\n| A | 96,000 | 3.7 |\n| B | 120,000 | 2.9 |\n| C | 140,000 | 3.2 |\n| D | 150,000 | 3.3 |",
    }
    assert said(texts["zh"], texts["en"]) == {}
    texts[language] = texts[language].replace(lost, "")
    sides = [
        side(f"x/{one}.md", one, f"---\ntitle: {title}\n---\n\n{texts[one]}\n")[0]
        for one, title in (("zh", "标题"), ("en", "Title"))
    ]
    found = proofread(Bilingual("x", "release", *sides, None), Termbase(), FactsLedger())
    (problem,) = [one for one in found if one.severity is Severity.ERROR]
    assert (problem.rule, problem.line) == ("tables", 8)


@pytest.mark.parametrize("lost", [0, 1, 2, 3])
def test_a_point_left_out_of_a_programme_is_one_error(lost: int) -> None:
    zh = ["- 7:00 签到", "- 8:20 亲子组出发", "- 9:30 水质检测小实验", "- 12:00 抽奖、公布筹款总额"]
    en = ["- 7.00 Registration", "- 8.20 Start of the family walk", "- 9.30 Testing the water", "- 12.00 Prize draw; the total raised"]  # fmt: skip
    del zh[lost]
    sides = [
        side(f"x/{language}.md", language, f"---\ntitle: {title}\n---\n\n" + "\n".join(points) + "\n")[0]
        for language, title, points in (("zh", "标题", zh), ("en", "Title", en))
    ]  # fmt: skip
    found = proofread(Bilingual("x", "release", *sides, None), Termbase(), FactsLedger())
    assert [(one.rule, one.line) for one in found if one.severity is Severity.ERROR] == [
        ("lists", 5 + lost)
    ]


CRAB_ZH = "头三年几乎看不到变化。第四年，红树林成活率终于过了七成。第六年，来越冬的水鸟从27种增加到61种。去年7月，有位护滩员在泥里发现了一只鲎，那是三十多年来的第一只。他给我打电话，声音都在抖。"
CRAB_EN = "In the first three years there was hardly any change. In the fourth, more than 70 per cent of the mangroves survived at last. In the sixth, the number of waterfowl species that winter here had gone up from 27 to 61. And last July one of the wardens found a horseshoe crab in the mud, the first in more than thirty years. He rang me, and his voice was shaking."
LESSON_ZH = "我们花了八年，才让第一只鲎回来。所以，有人问我经验是什么，我只有四个字：别急，别停。"
LESSON_EN = "It took us eight years to bring back the first horseshoe crab. So when people ask me what we have learned, I can say it in two sentences: Don't hurry. Don't stop."


def test_a_paragraph_that_its_neighbour_has_room_for_stops_nothing() -> None:
    en = f"{CRAB_EN}\n\n{LESSON_EN}"
    assert Severity.ERROR not in said(CRAB_ZH + LESSON_ZH, en).get("paragraphs", set())
    assert said(CRAB_ZH, en)["paragraphs"] == {Severity.ERROR}
