"""Press contacts in time: one that ended stands nowhere, its successor does, and `check` says so before."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pressroom.moments import read_instant
from pressroom.newsroom import Wish
from pressroom.problems import Severity
from tests import building
from tests.site.test_held import Haystack
from tests.tiny import Tiny

ADA = """
ada:
  name: {{zh: "甲某某", en: "Ada Ending"}}
  role: {{zh: "新闻官", en: "Press officer"}}
  organisation: agency
  languages: [zh, en]
  telephone: "+861085312612"
  email: ada@example.org
  hours: {{zh: "工作日9:00至17:30", en: "09:00–17:30 on workdays"}}
  confirmed: {confirmed}
  valid_until: 2030-03-01T00:00:00+08:00
  {successor}
"""
GRACE = """
grace:
  name: {zh: "乙某某", en: "Grace Following"}
  role: {zh: "新闻官", en: "Press officer"}
  organisation: agency
  languages: [en]
  email: grace@example.org
  confirmed: 2029-12-01
"""
BEFORE, AFTER = "2030-02-28T23:59:59+08:00", "2030-03-01T00:00:00+08:00"


def site(folder: Path, *, successor: str = "", confirmed: str = "2029-12-01") -> Tiny:
    tiny = Tiny(folder)
    tiny.append("data/contacts.yaml", ADA.format(successor=successor, confirmed=confirmed) + GRACE)
    tiny.release(
        "2030/named",
        {"date": "2030-01-02", "contacts": "[ada]"},
        en_body="Ask [her]({contact}ada).\n",
        zh_body="请问[她]({contact}ada)。\n",
    )
    return tiny


def everything(tiny: Tiny, at: str) -> Haystack:
    """All that is built at an instant, the search index included."""
    tiny.newsroom.build(Wish(now=read_instant(at), output=tiny.output, jobs=1, search=True))
    tree = building.tree(tiny.output)
    return Haystack(
        {
            path: gzip.decompress(data)
            if path.startswith("pagefind/") and data[:2] == b"\x1f\x8b"
            else data
            for path, data in tree.items()
        }
    )


@pytest.mark.slow
def test_a_contact_that_ended_is_nowhere_and_its_successor_is_there(tmp_path: Path) -> None:
    tiny = site(tmp_path, successor="successor: grace")
    before = everything(tiny, BEFORE)
    kinds = (
        "contacts/ada.vcf",
        "contacts/all.vcf",
        "release.json",
        "release.txt",
        ".txt",
        "index.html",
        "pf_fragment",
        "feed.",
    )
    told = before.where(b"ada@example.org")
    for kind in kinds[:-1]:
        assert any(kind in path for path in told), (kind, told)
    assert (
        "09:00–17:30 on workdays, China Standard Time".encode()
        in (tiny.output / "en/contacts/index.html").read_bytes()
    )
    after = everything(tiny, AFTER)
    for canary in (
        "ada@example.org",
        "Ada Ending",
        "甲某某",
        "+861085312612",
        "/contacts/ada",
        "#ada",
    ):
        assert after.where(canary.encode()) == [], canary
    page = (tiny.output / "en/releases/2030/named/index.html").read_text("utf-8")
    assert "Grace Following" in page
    assert "grace@example.org" in (tiny.output / "en/releases/2030/named/release.txt").read_text(
        "utf-8"
    )
    tiny.close()


def test_without_a_successor_the_press_line_answers(tmp_path: Path) -> None:
    tiny = site(tmp_path)
    tiny.build(AFTER)
    page = (tiny.output / "en/releases/2030/named/index.html").read_text("utf-8")
    assert "Press desk" in page
    assert "Ada Ending" not in page
    tiny.close()


def test_a_release_with_nobody_to_ring_stops_the_build(tmp_path: Path) -> None:
    tiny = site(tmp_path)
    data = tiny.content / "data/contacts.yaml"
    data.write_text(
        data.read_text("utf-8").replace(
            "  confirmed: 2017-01-01\n", "  confirmed: 2029-12-01\n  valid_until: 2030-02-01\n"
        ),
        "utf-8",
    )
    assert tiny.problems(BEFORE) == []
    (problem,) = tiny.problems(AFTER)
    assert (problem.rule, problem.value, problem.path) == (
        "no-contact",
        "ada",
        "content/releases/2030/named/zh.md",
    )
    text = (tiny.content / "releases/2030/named/zh.md").read_text("utf-8")
    assert text.splitlines()[problem.line - 1] == "contacts: [ada]"
    # A release that is public later is held to its own instant: `check` says so today.
    tiny.release(
        "2030/later",
        {"date": "2030-03-05", "contacts": "[ada]", "embargo": "2030-03-05T10:00:00+08:00"},
    )
    assert [each.path for each in tiny.problems(BEFORE)] == ["content/releases/2030/later/zh.md"]
    tiny.close()


@pytest.mark.parametrize(
    ("at", "successor", "confirmed", "said"),
    [
        ("2029-12-20T12:00:00+08:00", "", "2029-12-01", []),
        ("2030-01-15T12:00:00+08:00", "", "2029-12-01", [("contact-ends", "'desk' is named")]),
        ("2030-01-15T12:00:00+08:00", "successor: grace", "2029-12-01", [("contact-ends", "'grace' is named")]),
        ("2029-12-20T12:00:00+08:00", "", "2028-12-20", []),
        ("2029-12-22T12:00:00+08:00", "", "2028-12-20", [("contact-unconfirmed", "2028-12-20")]),
        (AFTER, "", "2020-01-01", []),  # what ended needs nobody's care
    ],
)  # fmt: skip
def test_check_warns_before_the_end_and_a_year_after_the_last_confirmation(
    tmp_path: Path, at: str, successor: str, confirmed: str, said: list[tuple[str, str]]
) -> None:
    tiny = site(tmp_path, successor=successor, confirmed=confirmed)
    problems = [each for each in tiny.build(at).problems if each.value == "ada"]
    assert [each.rule for each in problems] == [rule for rule, _ in said]
    lines = (tiny.content / "data/contacts.yaml").read_text("utf-8").splitlines()
    for problem, (_, words) in zip(problems, said, strict=True):
        assert words in problem.what.en
        assert problem.what.zh
        assert problem.severity is Severity.WARNING
        assert problem.path == "content/data/contacts.yaml"
        assert lines[problem.line - 1] == "ada:"
    tiny.close()
