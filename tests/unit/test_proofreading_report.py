"""How the proofreader speaks: text, JSON, GitHub; in Chinese and English; with and without colours."""

from __future__ import annotations

import json

import msgspec

from pressroom.problems import Problem, Severity
from pressroom.proofreading.report import (
    Waived,
    as_github,
    as_json,
    as_text,
    difference,
    line,
    render,
)
from pressroom.words import Words

ERROR = Problem(
    "content/releases/2017/x/en.md", 14, 20, "figures",
    Words("数字不一致：英文是“58,000”，中文是“5.9万”。", "the figure differs: “58,000” here, “5.9万” in the Chinese"),
    Words("改正其中一处。", "correct one"), "58,000", "zh.md:12 5.9万",
)  # fmt: skip
ADVICE = Problem(
    "content/a,b/zh.md", 3, 0, "spacing", Words("有多余的空格。", "more than one space"), Words("改为：一", "mended: a\nb"),
    "x  y", severity=Severity.ADVICE,
)  # fmt: skip
WAIVED = [
    Waived("content/b/zh.md", 9, "figures", "口径不同"),
    Waived("content/a/zh.md", 4, "names", "旧名"),
]


def test_a_problem_is_one_line_with_place_rule_both_sides_and_mend() -> None:
    assert line(ERROR, "en") == (
        "content/releases/2017/x/en.md:14:20 error figures: the figure differs: “58,000” here, “5.9万” in the Chinese"
        " ‹zh.md:12 5.9万› → correct one"
    )
    assert line(ERROR, "zh").startswith(
        "content/releases/2017/x/en.md:14:20 错误 figures: 数字不一致"
    )
    assert "\n" not in line(ADVICE, "en")


def test_colours_only_on_request() -> None:
    assert "\x1b[" not in as_text([ERROR, ADVICE], WAIVED, "en")
    assert "\x1b[31merror" in line(ERROR, "en", colours=True)


def test_text_lists_waivers_and_counts() -> None:
    lines = as_text([ADVICE, ERROR], WAIVED, "en").splitlines()
    assert lines[2:] == [
        "waived:",
        "  content/a/zh.md:4 names: 旧名",
        "  content/b/zh.md:9 figures: 口径不同",
        "1 error, 0 warnings, 1 advice",
    ]
    assert as_text([], [], "zh") == "错误0处，警告0处，建议0处。\n"


def test_json_holds_everything_in_both_languages() -> None:
    read = json.loads(as_json([ERROR, ADVICE], WAIVED))
    assert read["problems"][0] == {
        "path": "content/releases/2017/x/en.md", "line": 14, "column": 20, "rule": "figures", "severity": "error", "value": "58,000",
        "opposite": "zh.md:12 5.9万", "what": {"zh": ERROR.what.zh, "en": ERROR.what.en}, "mend": {"zh": "改正其中一处。", "en": "correct one"},
    }  # fmt: skip
    assert [one["allow"] for one in read["waived"]] == ["names", "figures"]


def test_github_commands_are_escaped() -> None:
    first, second = as_github([ERROR, ADVICE], "en").splitlines()
    assert first.startswith(
        "::error file=content/releases/2017/x/en.md,line=14,col=20,title=figures::the figure differs"
    )
    assert second.startswith("::notice file=content/a%2Cb/zh.md,line=3,title=spacing::")
    assert "%0A" in second


def test_render_chooses_the_format() -> None:
    assert render([ERROR], [], "json", "zh").startswith("{")
    assert render([ERROR], [], "github", "zh").startswith("::error")
    assert render([ERROR], [], "text", "zh").startswith("content/")


def test_problems_survive_the_cache() -> None:
    packed = msgspec.msgpack.encode([ERROR, ADVICE])
    assert msgspec.msgpack.decode(packed, type=list[Problem]) == [ERROR, ADVICE]


def test_a_mend_is_shown_as_a_diff() -> None:
    shown = difference("content/x/en.md", "a\nDay,Dr.\n", "a\nDay, Dr.\n")
    assert shown.splitlines() == [
        "--- a/content/x/en.md",
        "+++ b/content/x/en.md",
        "@@ -1,2 +1,2 @@",
        " a",
        "-Day,Dr.",
        "+Day, Dr.",
    ]
    assert difference("x", "same\n", "same\n") == ""
