"""In step: what is recorded, what changed since, and that it merges and moves well."""

from __future__ import annotations

import subprocess
from pathlib import Path

import msgspec
import pytest

from pressroom.problems import Severity
from pressroom.proofreading import Bilingual, FactsLedger, Side, Termbase, proofread, step

ZH = "华胥省今天启动图书车项目，共有12辆车。\n\n车上有书，也有灯。孩子们都来了。\n\n项目明年结束。"
EN = "Huaxu today launched its book buses, 12 of them.\n\nThere are books on board, and lamps. The children all came.\n\nThe project ends next year."


def item(zh: str = ZH, en: str = EN, record: str = "", key: str = "releases/2017/x") -> Bilingual:
    def side(language: str, body: str) -> Side:
        text = f"---\ntitle: x\n---\n{body}\n"
        return Side(f"content/{key}/{language}.md", "zh" if language == "zh" else "en", text, 4)

    return Bilingual(key, "release", side("zh", zh), side("en", en), in_step=record)


def stale(one: Bilingual) -> list[tuple[str, int, str]]:
    found = proofread(one, Termbase(), FactsLedger())
    return [
        (p.path.rsplit("/", 1)[-1], p.line, p.what.en) for p in found if p.rule == "out-of-step"
    ]


RECORD = step.write(item())


def test_the_record_is_a_line_a_paragraph_in_the_order_of_the_texts() -> None:
    lines = [line for line in RECORD.splitlines() if line and not line.startswith("#")]
    assert [line.split(" ")[0] for line in lines] == ["zh"] * 3 + ["en"] * 3
    assert "华胥省今天启动图书车项" in lines[0]
    assert "The project ends" in lines[-1]
    assert step.read(RECORD) == step.read(RECORD + "<<<<<<< ours\n")


def test_nothing_is_marked_while_nothing_changed() -> None:
    assert stale(item(record=RECORD)) == []
    assert step.newer(item(record=RECORD)) is None


def test_without_a_record_nothing_is_marked() -> None:
    assert stale(item(zh=ZH + "\n\n又加了一段。")) == []


def test_the_folder_may_move_and_lines_may_be_wrapped() -> None:
    assert stale(item(record=RECORD, key="releases/2018/another-name")) == []
    assert stale(item(en=EN.replace("on board, and", "on board,\nand"), record=RECORD)) == []


def test_a_changed_paragraph_marks_its_partner_with_what_changed() -> None:
    changed = item(zh=ZH.replace("孩子们都来了。", "孩子们和老师都来了。"), record=RECORD)
    ((name, line, what),) = stale(changed)
    assert (name, line) == ("en.md", 6)
    assert "孩子们和老师都来了。" in what
    assert "车上有书" not in what
    assert step.newer(changed) == "zh"
    (problem,) = [
        p for p in proofread(changed, Termbase(), FactsLedger()) if p.rule == "out-of-step"
    ]
    assert problem.severity is Severity.WARNING


def test_a_changed_english_paragraph_marks_the_chinese() -> None:
    changed = item(en=EN.replace("ends next year", "goes on"), record=RECORD)
    assert [(name, line) for name, line, _ in stale(changed)] == [("zh.md", 8)]
    assert step.newer(changed) == "en"


def test_paragraphs_changed_together_are_in_step() -> None:
    both = item(
        zh=ZH.replace("灯", "灯和笔"), en=EN.replace("lamps", "lamps and pens"), record=RECORD
    )
    assert stale(both) == []
    assert step.newer(both) is None


def test_changes_in_different_paragraphs_mark_both_sides() -> None:
    both = item(
        zh=ZH.replace("灯", "灯和笔"), en=EN.replace("ends next year", "goes on"), record=RECORD
    )
    assert {(name, line) for name, line, _ in stale(both)} == {("en.md", 6), ("zh.md", 8)}


def test_a_paragraph_dropped_on_one_side_is_told() -> None:
    dropped = item(zh=ZH.replace("\n\n项目明年结束。", ""), record=RECORD)
    ((name, _, what),) = stale(dropped)
    assert name == "en.md"
    assert "项目明年结束" in what


def test_a_paragraph_added_on_one_side_is_told() -> None:
    added = item(
        zh=ZH + "\n\n另外，图书车还会去山里的每一所小学，孩子们可以把书借回家去读。", record=RECORD
    )
    ((name, line, what),) = stale(added)
    assert (name, line) == ("en.md", 8)
    assert "另外" in what


def test_paragraphs_may_change_places() -> None:
    parts = ZH.split("\n\n")
    assert stale(item(zh="\n\n".join([parts[0], parts[2], parts[1]]), record=RECORD)) == []


def test_the_record_depends_on_nothing_but_the_texts() -> None:
    other = msgspec.structs.replace(item(), key="releases/2018/y", live=True)
    assert step.write(other) == RECORD


@pytest.mark.parametrize(("first", "second"), [(1, 2), (0, 3), (2, 3)])
def test_two_branches_that_recorded_different_paragraphs_merge(
    tmp_path: Path, first: int, second: int
) -> None:
    """Each branch changed another paragraph in both languages and recorded it: git needs no help."""

    def at(*changed: int) -> Bilingual:
        return item(
            "\n\n".join(f"第{n}段{'又' * (n in changed)}写了不同的话。" for n in range(4)),
            "\n\n".join(f"Paragraph {n} {'t' * (n in changed)}says things." for n in range(4)),
        )

    for name, one in (("base", at()), ("ours", at(first)), ("theirs", at(second))):
        (tmp_path / name).write_text(step.write(one), encoding="utf-8")
    done = subprocess.run(
        ["git", "merge-file", "-p", "ours", "base", "theirs"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.decode() == step.write(at(first, second))


@pytest.mark.parametrize("text", ["", "nonsense\n", "zh 123\n", "en 3f2a9c1b5d7e\n"])
def test_a_damaged_record_marks_nothing(text: str) -> None:
    assert stale(item(zh=ZH + "\n\n又。", record=text)) == []
