"""All rules, in one place: name, what it asks, how much it weighs. docs/proofreading.md is made from this."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from pressroom.problems import Problem, Severity
from pressroom.proofreading import (
    copy,
    dates,
    facts,
    figures,
    language,
    names,
    shape,
    staleness,
    statements,
)
from pressroom.proofreading.pair import Pair
from pressroom.words import Words

ERROR, WARNING, ADVICE = Severity.ERROR, Severity.WARNING, Severity.ADVICE


class Rule(NamedTuple):
    """A rule: its name, as waivers and reports have it; its check; its weight; its sentence in Chinese."""

    name: str
    check: Callable[[Pair], Iterator[Problem]]
    severity: Severity
    zh: str

    @property
    def sentence(self) -> Words:
        """What the rule asks, in one sentence; the English is the check's docstring."""
        return Words(self.zh, " ".join((self.check.__doc__ or "").split()))


RULES: Final[tuple[tuple[Words, tuple[Rule, ...]], ...]] = (
    (
        Words("数字", "Figures"),
        (
            Rule(
                "figures",
                figures.figures,
                ERROR,
                "每个数字在另一种文字里都有等值的数字，写法不限：5.9万、59,000、fifty-nine thousand。",
            ),
            Rule(
                "dates",
                figures.dates,
                ERROR,
                "每个日期在另一种文字里都有对应的日期；年份明确时可以省略。",
            ),
            Rule(
                "times",
                figures.times,
                ERROR,
                "每个时刻在另一种文字里都有对应：晚7时30分、7.30 p.m.、19:30。",
            ),
            Rule(
                "telephones", figures.telephones, ERROR, "电话号码两边一致，+86和分隔符写不写均可。"
            ),
            Rule(
                "qualifiers", figures.qualifiers, ERROR, "“多、余、以上、超过”和“近”两边都要保留。"
            ),
            Rule("currencies", figures.currencies, ERROR, "两边都写了货币时，货币相同。"),
            Rule(
                "unreadable",
                figures.unreadable,
                ERROR,
                "没人读得懂的数字（1,23,4；5.9.万）和有两种读法的日期（11/08/2017）原样指出。",
            ),
        ),
    ),
    (
        Words("名称", "Names and terms"),
        (
            Rule(
                "names",
                names.names,
                ERROR,
                "一边用了名称表里的名称或术语，另一边要有它的规范写法。",
            ),
            Rule("variants", names.variants, ERROR, "名称表禁用的写法，连同规范写法一起指出。"),
            Rule(
                "first-mention",
                names.first_mention,
                ERROR,
                "正文第一次提到时写全称，之后才用简称。",
            ),
        ),
    ),
    (
        Words("引语", "Statements"),
        (
            Rule(
                "quotations",
                statements.quotations_kept,
                ERROR,
                "一边有直接引语的段落，另一边也有。",
            ),
            Rule("speakers", statements.speakers, ERROR, "一边归于某人的话，另一边归于同一个人。"),
            Rule("statements", statements.statements, WARNING, "一边写明是谁说的，另一边也写明。"),
        ),
    ),
    (
        Words("结构", "Shape"),
        (
            Rule(
                "paragraphs",
                shape.paragraphs,
                ERROR,
                "每段都有对应的段落；翻译时拆开或合并的不算缺。",
            ),
            Rule("headings", shape.headings, ERROR, "标题逐一对应，级别相同。"),
            Rule("lists", shape.lists, ERROR, "列表项逐一对应。"),
            Rule("tables", shape.tables, ERROR, "表格各行对应，格数相同。"),
            Rule("photographs", shape.photographs, ERROR, "两种文字放同样的照片，顺序相同。"),
            Rule(
                "links",
                shape.links,
                ERROR,
                "站内链接逐一对应，指向条目本身，不固定指向一种语言的页面。",
            ),
            Rule("addresses", shape.addresses, ERROR, "网址和邮箱两边相同，或互为对方语言的页面。"),
        ),
    ),
    (
        Words("时效", "Staleness"),
        (
            Rule(
                "out-of-step",
                staleness.out_of_step,
                WARNING,
                "经人核对一致后只改了一边的，另一边逐段标为过时。",
            ),
        ),
    ),
    (
        Words("语言", "Language"),
        (
            Rule("wrong-language", language.wrong_language, ERROR, "语言文件用的是自己的语言。"),
            Rule("left-over", language.left_over, ERROR, "没有漏译的段落、句子或标题。"),
            Rule(
                "traditional",
                language.traditional,
                ERROR,
                "简体文字里没有繁体字，名称表里的人名除外。",
            ),
        ),
    ),
    (
        Words("文字", "Copy"),
        (
            Rule(
                "spacing",
                copy.spacing,
                ADVICE,
                "没有重复的空格，标点后不缺空格，中文字之间没有空格。",
            ),
            Rule(
                "punctuation",
                copy.punctuation,
                ADVICE,
                "中文用全角标点，英文用半角标点；数字和字母用半角。",
            ),
            Rule("doubled", copy.doubled, ADVICE, "标点和虚词不重复。"),
            Rule("run-together", copy.run_together, ADVICE, "文字不与网址连在一起。"),
            Rule("line-break", copy.line_break, ADVICE, "中文句子中间不断行。"),
            Rule("trailing-space", copy.trailing_space, ADVICE, "行末没有空格。"),
            Rule(
                "quotation-marks",
                copy.quotation_marks,
                ADVICE,
                "一个文件只用一种引号（中文用弯引号），并且成对。",
            ),
            Rule("autocorrect", copy.autocorrect, ADVICE, "autocorrect对中文标点和全半角的建议。"),
        ),
    ),
    (
        Words("数据", "Facts ledger"),
        (
            Rule(
                "literal-figures",
                facts.literal_figures,
                ERROR,
                "随数据更新的页面用{fact}键引用项目数字，不直接写出。",
            ),
            Rule(
                "ledger",
                facts.ledger,
                ERROR,
                "数据引为来源的新闻稿要写有那个数字；注明日期的新闻稿把数字写出来。",
            ),
        ),
    ),
    (
        Words("日期", "Dates"),
        (
            Rule("weekdays", dates.weekdays, ERROR, "星期与日期相符，日期确实存在。"),
            Rule(
                "relative-dates",
                dates.relative_dates,
                ADVICE,
                "“去年6月”“昨天”“last June”日后读不准，写出年月。",
            ),
            Rule("dateline", dates.dateline, ERROR, "正文里的“今天”和电头的日期就是条目的日期。"),
            Rule(
                "embargo", dates.embargo, ERROR, "正文说到的禁发时间与front matter里的embargo一致。"
            ),
            Rule("event-days", dates.event_days, ERROR, "活动正文与front matter里的日期一致。"),
        ),
    ),
)

ALL: Final[tuple[Rule, ...]] = tuple(rule for _, family in RULES for rule in family)
NAMES: Final[frozenset[str]] = frozenset(rule.name for rule in ALL)
