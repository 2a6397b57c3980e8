"""Every rule says what it should, where it should, and nothing of texts that agree."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pressroom.models import Fact, Name, NameKind, Value
from pressroom.moments import read_uncertain
from pressroom.problems import Problem, Severity
from pressroom.proofreading import Bilingual, FactsLedger, Side, Termbase, Waiver, manual, proofread
from pressroom.proofreading.rules import ALL, NAMES
from pressroom.words import Words

PROJECT = Path(__file__).resolve().parents[2]
DAY = date(2017, 5, 31)

TERMS = Termbase(
    [
        Name(
            "mca",
            NameKind.ORGANISATION,
            Words("民政部", "Ministry of Civil Affairs"),
            Words("", "MCA"),
            (("en", "Ministry of Civil Affair"), ("zh", "国家民政部")),
        ),
        Name("noble", NameKind.PERSON, Words("郑道", "Douglas Noble"), Words("", "Dr Noble")),
        Name("ni", NameKind.PERSON, Words("倪春霞", "Ni Chunxia")),
        Name("song", NameKind.PERSON, Words("宋文珍", "Song Wenzhen")),
        Name("fang", NameKind.PERSON, Words("方一鸣", "Fang Yiming")),
        Name("wan", NameKind.PERSON, Words("万里程", "Wan Licheng")),
    ]
)

FACTS = FactsLedger(
    [
        Fact(
            "villages",
            "",
            Words("村", "Villages"),
            Words("个村", "villages"),
            (
                Value("120", read_uncertain("2010"), None, "", None),
                Value("59000", read_uncertain("2017-05-31"), None, "release:2017/week", None),
            ),
        )
    ]
)


def side(language: str, body: str, title: str = "", path: str = "") -> Side:
    """A language file: the body begins on line 5."""
    title = title or {"zh": "标题", "en": "Title"}[language]
    text = f"---\ntitle: {title}\nsummary: {title}\n---\n{body}\n"
    return Side(
        path or f"x/{language}.md",
        "zh" if language == "zh" else "en",
        text,
        5,
        {"title": (title, 2)},
    )


def item(zh: str | None, en: str | None, **more: object) -> Bilingual:
    made = {"key": "releases/2017/x", "kind": "release", "date": DAY, **more}
    return Bilingual(
        zh=side("zh", zh) if zh is not None else None,
        en=side("en", en) if en is not None else None,
        **made,  # type: ignore[arg-type]  # a test passes what it likes
    )


def said(zh: str | None, en: str | None, **more: object) -> list[Problem]:
    return proofread(item(zh, en, **more), TERMS, FACTS)


def rules(problems: list[Problem], weight: Severity | None = None) -> set[str]:
    return {one.rule for one in problems if weight is None or one.severity is weight}


AGREE = [
    ("共有5.9万个村。", "There are 59,000 villages."),
    ("共有59000个村。", "There are fifty-nine thousand villages."),
    ("共有五万九千个村。", "There are 59,000 villages."),
    ("投入3.2亿元。", "It costs 320 million yuan."),
    ("占三成。", "That is 30 per cent."),
    ("占七成二。", "That is 72 per cent."),
    ("约占三分之一。", "That is about one third."),
    ("三至五人一组。", "Groups of 3–5."),
    ("第六届开幕。", "The sixth one opens."),
    ("上世纪九十年代建成。", "It was built in the 1990s."),
    ("20世纪90年代建成。", "It was built in the 1990s."),
    ("超过100名儿童参加。", "More than 100 children took part."),
    ("100多名儿童参加。", "More than 100 children took part."),
    ("近100名儿童参加。", "Nearly 100 children took part."),
    ("2017年5月31日启动。", "It opened on 31 May 2017."),
    ("5月31日启动。", "It opened on 31 May 2017."),
    ("10月5日至7日举行。", "From 5 to 7 October."),
    ("晚上7时30分开始。", "It begins at 7.30 p.m."),
    ("19:30开始。", "It begins at 7.30 p.m."),
    ("中午12时开始。", "It begins at noon."),
    ("电话：010-8531 2612。", "Telephone: +86 10 8531 2612."),
    ("我们一起努力，万一下雨也不怕。", "Let us work together, whatever happens."),
    ("他是其中之一，统一安排。", "He is one of them; no one else is."),
    ("一个孩子来了。", "A child came."),
    ("增长了两倍。", "It has tripled."),
    ("翻了一番。", "It doubled."),
    ("由46%降至41.5%。", "It fell from 46 to 41.5 per cent."),
    ("每六人中有一人参加，约为六分之一。", "One in six took part."),
    ("方一鸣和万里程出席。", "Fang Yiming and Wan Licheng attended."),
    ("民政部公布。民政部还说。", "The Ministry of Civil Affairs announced it. The MCA added more."),
    ("见<https://x.example/zh/a>。", "See <https://x.example/en/a>."),
    ("气温达40摄氏度以上。", "It was more than 40 degrees."),
    ("18岁以上的人。", "People over 18."),
    ("不少于8课时。", "At least eight lessons."),
    ("不超过30秒。", "No more than 30 seconds."),
    ("两年零三个月完成。", "It took two years and three months."),
    ("近10%的人比2016年多。", "Nearly 10 per cent more than in 2016."),
]


@pytest.mark.parametrize(("zh", "en"), AGREE)
def test_what_agrees_is_left_alone(zh: str, en: str) -> None:
    assert said(zh, en) == []


DIFFER = [
    ("figures", "共有5.9万个村。", "There are 58,000 villages."),
    ("figures", "投入3.2亿元。", "It costs 3.2 million yuan."),
    ("figures", "占三成。", "That is 40 per cent."),
    ("figures", "约占三分之一。", "That is two thirds."),
    ("figures", "三至五人一组。", "Groups of 3–6."),
    ("figures", "第六届开幕。", "The seventh one opens."),
    ("figures", "提高3个百分点。", "It rose by 3 per cent."),
    ("figures", "三名儿童和四位老师到场。", "Three children and five teachers came."),
    ("figures", "型号CX-200召回。", "The model CX-300 is recalled."),
    ("figures", "增长了两倍。", "It doubled."),
    ("figures", "共有120个村。", "There are villages."),
    ("dates", "2017年5月31日启动。", "It opened on 30 May 2017."),
    ("dates", "2016年5月31日启动。", "It opened on 31 May 2017."),
    ("dates", "6月2日启动。", "It opens on 2 July."),
    ("times", "晚上7时30分开始。", "It begins at 7.15 p.m."),
    ("times", "上午9时30分开始。", "It begins at 9.30 p.m."),
    ("telephones", "电话：010-8531 2612。", "Telephone: +86 10 8531 2613."),
    ("qualifiers", "超过100名儿童参加。", "One hundred children took part: 100 of them."),
    ("qualifiers", "近100名儿童参加。", "More than 100 children took part."),
    ("qualifiers", "100名儿童参加。", "Nearly 100 children took part."),
    ("currencies", "投入320万美元。", "It costs 3.2 million yuan."),
    ("unreadable", "共有1,23,4个村。", "There are villages of many kinds."),
    ("unreadable", "共有5.9.万个村。", "There are villages of many kinds."),
    ("unreadable", "当天启动。", "It opens on 11/08/2017."),
    ("names", "民政部公布。", "The Ministry announced it."),
    ("names", "倪春侠出席会议。", "Ni Chunxia attended the meeting."),
    ("names", "倪春霞出席会议。", "Ni Chunxai attended the meeting."),
    (
        "variants",
        "民政部公布。",
        "The Ministry of Civil Affair announced it. The Ministry of Civil Affairs agreed.",
    ),
    (
        "first-mention",
        "民政部公布。民政部还说。",
        "The MCA announced it. The Ministry of Civil Affairs added more.",
    ),
    (
        "quotations",
        "郑道说：“最后一公里靠的是人，没有人不行。”",
        "The last mile depends on people, said Douglas Noble.",
    ),
    (
        "speakers",
        "倪春霞说，这很重要。宋文珍在场。",
        "It matters, said Song Wenzhen. Others were there.",
    ),
    ("links", "见[活动]({event}week)。", "See the event."),
    ("links", "见[活动]({event}week)。", "See the [event]({event}weak)."),
    ("links", "见[活动](/zh/events/week/)。", "See the event."),
    ("addresses", "见<https://x.example/a>。", "See <https://x.example/b>."),
    ("addresses", "写信至a@x.example。", "Write to b@x.example."),
    ("photographs", '![甲](photos/a.jpg "甲")', '![A](photos/b.jpg "A")'),
    (
        "left-over",
        "活动今天在子虚市启动，来自各地的志愿者和孩子们一同参加了启动仪式，现场气氛热烈。\n\nThe Government of China is extending the system to all of its villages now.",
        "It opened today in Zixu, with volunteers and children from many places, in high spirits.\n\nThe Government of China is extending the system to all of its villages now.",
    ),
    (
        "left-over",
        "今天启动。\n\n目前各地正在推广这一做法并将继续扩大覆盖面。",
        "It opened today.\n\n目前各地正在推广这一做法并将继续扩大覆盖面。",
    ),
    ("traditional", "兒童福利。", "Child welfare."),
    ("weekdays", "5月31日（星期二）启动。", "It opens on 31 May."),
    ("weekdays", "5月31日启动。", "It opens on Tuesday, 31 May."),
    ("dateline", "今天（5月30日）启动。", "It opened today, 30 May."),
    ("embargo", "本稿6月2日9时前请勿发布。", "Embargoed until 9:00 on 2 June."),
]


@pytest.mark.parametrize(("rule", "zh", "en"), DIFFER)
def test_what_differs_is_an_error_by_its_rule(rule: str, zh: str, en: str) -> None:
    errors = [one for one in said(zh, en) if one.severity is Severity.ERROR]
    assert rule in {one.rule for one in errors}, errors
    for one in errors:
        assert one.line >= 5
        assert one.what.zh
        assert one.what.en
        assert one.mend.zh
        assert one.mend.en


COPY = [
    ("spacing", "en", "It opened  today.", "It opened today."),
    ("spacing", "en", "On that Day,Dr. Noble spoke.", "On that Day, Dr. Noble spoke."),
    ("spacing", "en", "It opened , and closed.", "It opened, and closed."),
    ("spacing", "zh", "今天 启动仪式。", "今天启动仪式。"),
    ("punctuation", "en", "It opened，and closed.", "It opened, and closed."),
    ("punctuation", "zh", "今天启动,明天结束。", "今天启动，明天结束。"),
    ("punctuation", "zh", "共１００人。", "共100人。"),
    ("doubled", "en", "It opened in the the hall.", "It opened in the hall."),
    ("doubled", "zh", "今天启动，，后来结束。", "今天启动，后来结束。"),
    (
        "run-together",
        "en",
        "Follow us on Weibohttp://weibo.example/x now.",
        "Follow us on Weibo http://weibo.example/x now.",
    ),
    (
        "line-break",
        "zh",
        "全国各地的志愿者今天来到现场，\n同孩子们一起度过节日。",
        "全国各地的志愿者今天来到现场，同孩子们一起度过节日。",
    ),
    ("trailing-space", "en", "It opened today. ", "It opened today."),
    ("quotation-marks", "zh", '他们说"我们来了"。', "他们说“我们来了”。"),
    ("quotation-marks", "en", 'They said “come” and "go".', "They said “come” and “go”."),
]


@pytest.mark.parametrize(("rule", "language", "text", "mended"), COPY)
def test_slips_of_copy_are_advice_with_the_mended_line(
    rule: str, language: str, text: str, mended: str
) -> None:
    from pressroom.proofreading.copy import fix

    found = said(text, None) if language == "zh" else said(None, text)
    (one,) = [problem for problem in found if problem.rule == rule]
    assert one.severity is Severity.ADVICE
    assert mended in one.mend.zh
    assert mended in one.mend.en
    assert fix(side(language, text)) == side(language, mended).text


@pytest.mark.parametrize(
    "text",
    [
        "See <https://x.example/a,b> and write to a.b@x.example.",
        "| a | b |\n| --- | --- |\n| 1  | 2 |",
        "Version 1.2 costs $1,000; e.g. it's U.S.-made.",
        "He said: “Wait … what?!”",
    ],
)
def test_what_is_right_is_not_mended(text: str) -> None:
    from pressroom.proofreading.copy import fix

    assert fix(side("en", text)) == side("en", text).text


def test_autocorrect_speaks_where_our_own_rules_do_not() -> None:
    (one,) = said("会议（ 三人）今天举行。", None)
    assert one.rule == "autocorrect"
    assert "（三人）" in one.mend.zh


def test_a_paragraph_without_partner_is_named() -> None:
    zh = "今天在子虚市举行了启动仪式，共有120人参加。\n\n村民们带来了自己种的苹果，请客人品尝，大家有说有笑，一直坐到天黑。\n\n活动将于6月7日结束。"
    en = "A launch ceremony was held in Zixu today, with 120 people.\n\nThe event ends on 7 June."
    (one,) = said(zh, en)
    assert (one.rule, one.path, one.line) == ("paragraphs", "x/zh.md", 7)


def test_a_paragraph_split_in_two_is_answered() -> None:
    zh = "今天在子虚市举行了启动仪式，共有120人参加。村民们带来了自己种的苹果，请客人品尝，大家有说有笑，一直坐到天黑。\n\n活动将于6月7日结束。"
    en = "A launch ceremony was held in Zixu today, with 120 people.\n\nThe villagers had brought apples of their own and offered them to the guests; they talked and laughed and sat until it was dark.\n\nThe event ends on 7 June."
    assert said(zh, en) == []


def test_headings_lists_and_tables_correspond() -> None:
    zh = "## 时间\n\n- 6月1日\n- 6月2日\n\n| 村 | 人 |\n| --- | --- |\n| 甲 | 120 |\n"
    assert (
        said(
            zh,
            "## When\n\n- 1 June\n- 2 June\n\n| Village | People |\n| --- | --- |\n| A | 120 |\n",
        )
        == []
    )
    assert "headings" in rules(
        said(
            zh,
            "### When\n\n- 1 June\n- 2 June\n\n| Village | People |\n| --- | --- |\n| A | 120 |\n",
        )
    )
    assert "lists" in rules(
        said(zh, "## When\n\n- 1 June\n\n| Village | People |\n| --- | --- |\n| A | 120 |\n")
    )
    assert "tables" in rules(
        said(zh, "## When\n\n- 1 June\n- 2 June\n\n| Village | People |\n| --- | --- |\n| A |\n")
    )


def test_an_item_in_one_language_is_read_alone() -> None:
    assert said("共有5.9万个村。", None) == []
    assert rules(said(None, "There are 1,23,4 villages.")) == {"unreadable"}


def test_the_wrong_language_is_said_once() -> None:
    english = "There are 59,000 villages in the country, and each of them has someone in charge.\n\nThis is more than last year."
    assert [(one.rule, one.line) for one in said(english, english)] == [("wrong-language", 5)]


def test_a_live_page_takes_its_figures_from_the_ledger() -> None:
    problems = said(
        "现有5.9万个村。",
        "There are 59,000 villages.",
        live=True,
        kind="programme",
        key="programmes/x",
    )
    assert [one.rule for one in problems] == ["literal-figures"] * 2
    assert "{fact}villages" in problems[0].mend.en
    old = said(
        "起初有120个村。",
        "At first, 120 villages.",
        live=True,
        kind="programme",
        key="programmes/x",
    )
    assert "{fact}villages@2010" in old[0].mend.zh
    against = said(
        "现有6.1万个村。",
        "There are 61,000 villages.",
        live=True,
        kind="programme",
        key="programmes/x",
    )
    assert "contradicts" in against[0].what.en
    assert (
        said(
            "现有{fact}villages。",
            "There are {fact}villages.",
            live=True,
            kind="programme",
            key="programmes/x",
        )
        == []
    )


def test_a_release_states_what_the_ledger_cites_it_for() -> None:
    key = {"key": "releases/2017/week"}
    assert said("共有5.9万个村。", "There are 59,000 villages.", **key) == []
    assert [one.rule for one in said("共有6.1万个村。", "There are 61,000 villages.", **key)] == [
        "ledger"
    ] * 2
    assert rules(said("共有{fact}villages。", "There are {fact}villages.")) == {"ledger"}


def test_a_fact_without_its_twin_is_a_figure_missing() -> None:
    problems = said(
        "现有{fact}villages。", "There are {fact}counties.", live=True, kind="page", key="pages/x"
    )
    assert rules(problems) == {"figures"}


def test_an_embargo_in_the_front_matter_answers_the_one_in_the_text() -> None:
    stated = datetime(2017, 6, 2, 1, tzinfo=UTC)
    assert (
        said("本稿6月2日9时前请勿发布。", "Embargoed until 9:00 on 2 June.", embargo=stated) == []
    )


def test_an_event_is_on_its_day() -> None:
    event = {
        "kind": "event",
        "key": "events/week/2017",
        "starts": read_uncertain("2017-06-01"),
        "date": None,
    }
    assert said("活动6月1日举行。", "It is on 1 June.", **event) == []
    assert rules(said("活动6月3日举行。", "It is on 3 June.", **event)) == {"event-days"}


def test_relative_dates_are_advice() -> None:
    problems = said("去年6月开始。昨天结束。", "It began last June. It ended yesterday.")
    assert rules(problems) == {"relative-dates"}
    assert {one.severity for one in problems} == {Severity.ADVICE}
    assert said("数据注明日期。", "“See you tomorrow,” they cried again.") == []


def test_a_waiver_waives_its_rule_and_must_be_of_use() -> None:
    figures = Waiver("figures", "两边统计口径不同", 3, "x/zh.md")
    assert said("共有5.9万个村。", "There are 58,000 villages.", waivers=(figures,)) == []
    (unused,) = said("共有5.9万个村。", "There are 59,000 villages.", waivers=(figures,))
    assert (unused.rule, unused.path, unused.line) == ("unused-waiver", "x/zh.md", 3)
    (unknown,) = said("一。", "One.", waivers=(Waiver("figure", "", 3),))
    assert unknown.rule == "unknown-rule"
    assert "figures" in unknown.mend.en


def test_both_places_are_named() -> None:
    (one,) = said("甲。\n\n共有5.9万个村。", "First.\n\nThere are 58,000 villages.")
    assert (one.path, one.line, one.column, one.value) == ("x/en.md", 7, 11, "58,000")
    assert one.opposite == "zh.md:7 5.9万"


def test_problems_come_in_the_order_of_path_line_and_column() -> None:
    problems = said(
        "共有5.9万个村。\n\n共有1,23,4个县。",
        "There are 58,000 villages.\n\nThere are 1,23,4 counties,and towns.",
    )
    assert problems == sorted(problems)
    assert [(one.path, one.line) for one in problems] == sorted(
        (one.path, one.line) for one in problems
    )


def test_every_rule_is_documented_in_both_languages() -> None:
    assert len(NAMES) == len(ALL)
    for rule in ALL:
        assert rule.sentence.zh.endswith("。"), rule.name
        assert rule.sentence.en.rstrip("”").endswith("."), rule.name


def test_the_manual_lists_every_rule() -> None:
    for language, name in manual.PAPERS.items():
        text = (PROJECT / name).read_text(encoding="utf-8")
        assert manual.written(text, language) == text
        assert all(f"`{rule}`" in text for rule in NAMES)


# --- nothing breaks it ----------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["共有", "5.9万", "个村", "，", "。", "“", "”", "\n\n", "\n", "- ", "## ", "| a | b |\n", "1,23,4", "5月31日", "下午3点", "https://x.example/",
     "[x]({event}a)", "![a](photos/a.jpg \"b\")", "{fact}villages", "more than ", "59,000", " per cent", "31 May", "said", "“No,” ", "MCA", "倪春霞",
     "三成", "百分之", "分之", "一", "twelve", " hundred and ", "\x00", "\ufeff", "\u2028", "𠀀", "*", "_", "<b>", "]", "(", ")", "  ", "\t", "+86 10 8531 2612"]
)  # fmt: skip


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(PIECES, max_size=40), st.lists(PIECES, max_size=40), st.booleans())
def test_no_text_breaks_a_rule(zh: list[str], en: list[str], live: bool) -> None:
    from pressroom.proofreading.copy import fix

    one = item("".join(zh), "".join(en), live=live)
    for problem in proofread(one, TERMS, FACTS):
        assert problem.line >= 0
    for language in ("zh", "en"):
        assert isinstance(fix(side(language, "".join(zh if language == "zh" else en))), str)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_no_characters_break_a_rule(zh: str, en: str) -> None:
    proofread(item(zh, en), TERMS, FACTS)


def test_mending_twice_mends_nothing_more() -> None:
    from pressroom.proofreading.copy import fix

    for _, language, text, _ in COPY:
        once = fix(side(language, text))
        again = fix(Side("x/x.md", "zh" if language == "zh" else "en", once, 5))
        assert again == once
