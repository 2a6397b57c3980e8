"""Two languages that say the same: rules over one item in Chinese and English, pure and cached by content.

`proofread` reads both sides once and asks every rule; it depends on nothing but its arguments and
imports nothing of Pelican. Rules are listed in `rules`, what they read is in `model`.
"""

from __future__ import annotations

from pressroom.problems import Problem, Severity, nearest
from pressroom.proofreading.model import Bilingual, FactsLedger, Side, Termbase, Waiver
from pressroom.proofreading.pair import Pair
from pressroom.proofreading.rules import ALL, NAMES
from pressroom.words import Words

__all__ = ["Bilingual", "FactsLedger", "Side", "Termbase", "Waiver", "proofread"]


def proofread(item: Bilingual, termbase: Termbase, facts: FactsLedger) -> list[Problem]:
    """Every problem of one item, in the order of path, line and column, waived ones left out.

    A waiver that waives nothing, or names no rule, is a problem itself.
    """
    pair = Pair(item, termbase, facts)
    problems: list[Problem] = []
    for rule in ALL:
        problems.extend(rule.check(pair))
    if item.waivers:
        problems = _waived(item, problems)
    problems.sort()
    return problems


def _waived(item: Bilingual, problems: list[Problem]) -> list[Problem]:
    allowed = {waiver.allow for waiver in item.waivers}
    broken = {problem.rule for problem in problems}
    kept = [problem for problem in problems if problem.rule not in allowed]
    home = item.zh or item.en
    for waiver in item.waivers:
        path = waiver.path or (home.path if home else item.key)
        if waiver.allow not in NAMES:
            like = nearest(waiver.allow, NAMES)
            kept.append(
                Problem(
                    path,
                    waiver.line,
                    0,
                    "unknown-rule",
                    Words(
                        f"没有“{waiver.allow}”这条校对规则。", f"there is no rule {waiver.allow!r}"
                    ),
                    Words(f"是不是“{like}”？", f"did you mean {like!r}?")
                    if like
                    else Words(
                        f"可用：{'、'.join(sorted(NAMES))}。", f"known: {', '.join(sorted(NAMES))}"
                    ),
                    waiver.allow,
                )
            )
        elif waiver.allow not in broken:
            kept.append(
                Problem(
                    path,
                    waiver.line,
                    0,
                    "unused-waiver",
                    Words(
                        f"豁免“{waiver.allow}”没有用上：这一条没有违反它。",
                        f"the waiver of {waiver.allow!r} is not used: nothing here breaks that rule",
                    ),
                    Words("删去这条豁免。", "remove the waiver"),
                    waiver.allow,
                    severity=Severity.WARNING,
                )
            )
    return kept
