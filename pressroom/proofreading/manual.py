"""The manual's list of rules, made from the registry; `python -m pressroom.proofreading.manual` writes it.

Between the marks <!-- rules --> and <!-- /rules --> of docs/proofreading.md and .zh.md nothing is
written by hand.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from pressroom.problems import Severity
from pressroom.proofreading.rules import RULES
from pressroom.words import Language, Words

PAPERS: Final[dict[Language, str]] = {"zh": "docs/proofreading.zh.md", "en": "docs/proofreading.md"}
_MARKED: Final = re.compile(r"(?<=<!-- rules -->\n).*?(?=<!-- /rules -->)", re.DOTALL)

_HEAD: Final = Words("| 规则 | 程度 | 要求 |", "| rule | weight | what it asks |")
_WEIGHT: Final = {
    Severity.ERROR: Words("错误", "error"),
    Severity.WARNING: Words("警告", "warning"),
    Severity.ADVICE: Words("建议", "advice"),
}


def rules(language: Language) -> str:
    """Every rule in a table a family, as Markdown."""
    parts = []
    for family, members in RULES:
        lines = [f"### {family[language]}", "", _HEAD[language], "| --- | --- | --- |"]
        lines += [
            f"| `{rule.name}` | {_WEIGHT[rule.severity][language]} | {rule.sentence[language]} |"
            for rule in members
        ]
        parts.append("\n".join(lines))
    return "\n" + "\n\n".join(parts) + "\n\n"


def written(text: str, language: Language) -> str:
    """A manual with its list of rules brought up to date."""
    return _MARKED.sub(lambda _: rules(language), text)


def main(root: Path) -> None:
    for language, name in PAPERS.items():
        paper = root / name
        before = paper.read_text(encoding="utf-8")
        after = written(before, language)
        if after != before:
            paper.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main(Path(__file__).resolve().parents[2])
