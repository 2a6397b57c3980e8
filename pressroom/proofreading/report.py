"""How the proofreader speaks: one line a problem, as text, JSON or GitHub's annotations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import unified_diff
from typing import Final, Literal

import msgspec

from pressroom.problems import Problem, Severity
from pressroom.words import Language, Words

Format = Literal["text", "json", "github"]


class Waived(msgspec.Struct, frozen=True, order=True):
    """A waiver in force, as it is listed at the end."""

    path: str
    line: int
    allow: str
    because: str


_WEIGHT: Final = {
    Severity.ERROR: Words("错误", "error"),
    Severity.WARNING: Words("警告", "warning"),
    Severity.ADVICE: Words("建议", "advice"),
}
_COLOUR: Final = {
    Severity.ERROR: "\x1b[31m",
    Severity.WARNING: "\x1b[33m",
    Severity.ADVICE: "\x1b[36m",
}
_BOLD: Final = "\x1b[1m"
_DIM: Final = "\x1b[2m"
_PLAIN: Final = "\x1b[0m"
_COMMAND: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}


def line(problem: Problem, language: Language, colours: bool = False) -> str:
    """One problem on one line: place, weight, rule, what, the other side, how to mend it."""
    weight, what, mend = (
        _WEIGHT[problem.severity][language],
        problem.what[language],
        problem.mend[language],
    )
    other = f" ‹{problem.opposite}›" if problem.opposite and problem.opposite not in what else ""
    arrow = f" → {mend}" if mend else ""
    if not colours:
        return _one_line(f"{problem.place} {weight} {problem.rule}: {what}{other}{arrow}")
    return _one_line(
        f"{_BOLD}{problem.place}{_PLAIN} {_COLOUR[problem.severity]}{weight}{_PLAIN} {problem.rule}: {what}{other}{_DIM}{arrow}{_PLAIN}"
    )


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def as_text(
    problems: Sequence[Problem], waived: Sequence[Waived], language: Language, colours: bool = False
) -> str:
    """The whole report for people: problems, waivers in force, and how many of each weight."""
    lines = [line(problem, language, colours) for problem in problems]
    if waived:
        lines.append(Words("豁免：", "waived:")[language])
        lines.extend(
            f"  {one.path}:{one.line} {one.allow}: {one.because}" for one in sorted(waived)
        )
    lines.append(summary(problems, language))
    return "\n".join(lines) + "\n"


def summary(problems: Iterable[Problem], language: Language) -> str:
    """How many errors, warnings and pieces of advice."""
    count = dict.fromkeys(Severity, 0)
    for problem in problems:
        count[problem.severity] += 1
    errors, warnings, advice = (count[one] for one in Severity)
    if language == "zh":
        return f"错误{errors}处，警告{warnings}处，建议{advice}处。"
    return f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}, {advice} advice"


class _Entry(msgspec.Struct):
    path: str
    line: int
    column: int
    rule: str
    severity: str
    value: str
    opposite: str
    what: dict[str, str]
    mend: dict[str, str]


def as_json(problems: Sequence[Problem], waived: Sequence[Waived]) -> str:
    """Problems and waivers for programs; texts in both languages."""
    entries = [
        _Entry(
            one.path,
            one.line,
            one.column,
            one.rule,
            one.severity.value,
            one.value,
            one.opposite,
            {"zh": one.what.zh, "en": one.what.en},
            {"zh": one.mend.zh, "en": one.mend.en},
        )
        for one in problems
    ]
    body = msgspec.json.encode({"problems": entries, "waived": sorted(waived)})
    return msgspec.json.format(body, indent=2).decode() + "\n"


def as_github(problems: Sequence[Problem], language: Language) -> str:
    """GitHub's workflow commands, which show on the changed lines of a pull request.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    lines = []
    for one in problems:
        place = f"file={_property(one.path)}"
        if one.line:
            place += f",line={one.line}" + (f",col={one.column}" if one.column else "")
        text = one.what[language] + (f" → {one.mend[language]}" if one.mend[language] else "")
        if one.opposite and one.opposite not in text:
            text += f" ‹{one.opposite}›"
        lines.append(
            f"::{_COMMAND[one.severity]} {place},title={_property(one.rule)}::{_data(text)}"
        )
    return "".join(f"{one}\n" for one in lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def render(
    problems: Sequence[Problem],
    waived: Sequence[Waived],
    form: Format,
    language: Language,
    colours: bool = False,
) -> str:
    """The report in a format; colours only where the caller writes to a terminal."""
    if form == "json":
        return as_json(problems, waived)
    if form == "github":
        return as_github(problems, language)
    return as_text(problems, waived, language, colours)


def difference(path: str, before: str, after: str) -> str:
    """What --fix changes in a file, as a unified diff."""
    return "".join(
        unified_diff(before.splitlines(True), after.splitlines(True), f"a/{path}", f"b/{path}")
    )
