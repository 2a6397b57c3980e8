"""The proofreader keeps its figures: what it finds of planted mistakes, and what it says of clean texts.

Every kind of mistake is planted ten times into the whole corpus with PRESSROOM_FULL=1, as the figures in
docs/proofreading.md are measured; by default eight times into every third pair.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest

from pressroom.problems import Severity
from pressroom.proofreading import Bilingual, FactsLedger, proofread
from pressroom.proofreading.rules import NAMES
from tests.proofreading import benchmark, texts
from tests.proofreading.benchmark import EACH, Result, all_targets, measure

FULL = os.environ.get("PRESSROOM_FULL") == "1"
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def result() -> Result:
    return measure(all_targets(step=1 if FULL else 3), EACH if FULL else 8)


@pytest.mark.slow
def test_at_least_300_mistakes_over_all_rules_are_planted(result: Result) -> None:
    assert sum(result.planted.values()) >= 300
    assert set(result.planted) == NAMES


@pytest.mark.slow
def test_98_of_100_planted_mistakes_are_found_by_their_rule_on_their_line(result: Result) -> None:
    assert result.recall >= 0.98, [(one.kind, one.item.key, one.line) for one in result.missed]


@pytest.mark.slow
def test_clean_texts_draw_at_most_one_false_error_in_100_paragraphs(result: Result) -> None:
    assert result.paragraphs > 1000
    assert result.false_rate <= 1, result.false


@pytest.mark.slow
def test_no_rule_is_deaf(result: Result) -> None:
    """Every single rule finds most of its own mistakes: the sum hides no rule that does not work."""
    deaf = {rule for rule, planted in result.planted.items() if result.right[rule] < 0.6 * planted}
    assert deaf == set()


def test_the_sites_own_content_has_no_problem() -> None:
    items, names, facts = texts.content()
    assert len(items) >= 10
    found = [problem for item in items for problem in proofread(item, names, facts)]
    assert [problem for problem in found if problem.severity is not Severity.ADVICE] == []


def test_the_corpus_is_what_it_says() -> None:
    items, _, _ = texts.corpus()
    assert len(items) >= 100
    for item in items:
        for side in item.sides():
            assert benchmark.paragraphs_of(item) >= 2 * 3, item.key
            assert side.fields["title"]
            assert side.fields["summary"]
    styles = (texts.CORPUS / "README.md").read_text(encoding="utf-8")
    listed: set[int] = set()
    for first, last in re.findall(
        r"\b(\d{3})(?:–(\d{3}))?", styles.partition("| style |")[2].partition("\n\n")[0]
    ):
        listed.update(range(int(first), int(last or first) + 1))
    assert listed == {int(item.key[-3:]) for item in items}


@pytest.mark.slow
def test_the_manual_states_what_is_measured(result: Result) -> None:
    """To the last figure with PRESSROOM_FULL=1; else that it states every rule, in both languages alike."""
    tables = []
    for name in ("docs/proofreading.md", "docs/proofreading.zh.md"):
        text = (PROJECT / name).read_text(encoding="utf-8")
        if FULL:
            assert benchmark.stated(text, result, "zh" if ".zh." in name else "en") == text
        measured = text.partition("<!-- measured -->")[2].partition("<!-- /measured -->")[0]
        tables.append(re.findall(r"^\| ([a-z-]+) \| (\d.*) \|$", measured, re.MULTILINE))
    assert tables[0] == tables[1]
    assert {rule for rule, _ in tables[0]} == NAMES
    found = sum(int(row.split("|")[1]) for _, row in tables[0])
    planted = sum(int(row.split("|")[0]) for _, row in tables[0])
    assert found >= 0.98 * planted


def test_what_is_said_alike_in_both_languages_is_no_error() -> None:
    """Each line of same.txt says one thing in Chinese and in English, as newsrooms put it."""
    _, names, _ = texts.corpus()
    wrong = []
    for line in (texts.CORPUS.parent / "same.txt").read_text(encoding="utf-8").splitlines():
        zh, _, en = line.partition(" | ")
        sides = [
            texts.side(f"x/{language}.md", language, f"---\ntitle: {title}\n---\n\n{text}\n")[0]
            for language, title, text in (("zh", "标题", zh), ("en", "Title", en))
        ]
        item = Bilingual("x", "release", *sides, date(2023, 9, 20))
        said = proofread(item, names, FactsLedger())
        wrong += [(line, one.rule, one.what.en) for one in said if one.severity is Severity.ERROR]
    assert wrong == []
