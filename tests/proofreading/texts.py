"""The texts that the proofreader is measured on: the corpus, and the site's own content."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from pressroom.models import Fact, Kind, Name
from pressroom.moments import read_instant, read_uncertain
from pressroom.problems import Problem
from pressroom.proofreading import Bilingual, FactsLedger, Side, Termbase
from pressroom.schema import read_data
from pressroom.words import Language

ROOT: Final = Path(__file__).resolve().parents[2]
CORPUS: Final = Path(__file__).resolve().parent / "corpus"
CONTENT: Final = ROOT / "content"

KINDS: Final[dict[str, Kind]] = {
    "releases": "release",
    "events": "event",
    "programmes": "programme",
    "pages": "page",
}


def side(path: str, language: Language, text: str) -> tuple[Side, dict[str, Any]]:
    """A language file as the proofreader gets it, and what its front matter says."""
    lines = text.split("\n")
    end = lines.index("---", 1)
    head = "\n".join(lines[1:end])
    values: dict[str, Any] = yaml.load(head, Loader=yaml.CBaseLoader)
    fields = {}
    for number, line in enumerate(lines[:end], 1):
        name = line.partition(":")[0]
        if name in ("title", "summary", "theme"):
            fields[name] = (str(values[name]), number)
    return Side(path, language, text, end + 2, fields), values


def _names(path: Path) -> Termbase:
    names: dict[str, Name] = _data("names", path)
    return Termbase(names.values())


def _data(name: str, path: Path) -> Any:
    problems: list[Problem] = []
    data = read_data(name, path.name, path.read_text(encoding="utf-8"), problems)
    assert not problems, problems
    return data


@cache
def corpus() -> tuple[list[Bilingual], Termbase, FactsLedger]:
    """The pairs written for the benchmark, in order, with their names."""
    items = []
    for path in sorted(CORPUS.glob("*.zh.md")):
        number = path.name[:3]
        zh, values = side(f"corpus/{number}/zh.md", "zh", path.read_text(encoding="utf-8"))
        other = CORPUS / f"{number}.en.md"
        en, _ = side(f"corpus/{number}/en.md", "en", other.read_text(encoding="utf-8"))
        day = date.fromisoformat(values["date"])
        items.append(Bilingual(f"releases/{day.year}/{number}", "release", zh, en, day))
    return items, _names(CORPUS / "names.yaml"), FactsLedger()


def content() -> tuple[list[Bilingual], Termbase, FactsLedger]:
    """The site's own items in both languages, with its names and facts."""
    facts: dict[str, Fact] = _data("facts", CONTENT / "data/facts.yaml")
    return list(_items()), _names(CONTENT / "data/names.yaml"), FactsLedger(facts.values())


def _items() -> Iterator[Bilingual]:
    for path in sorted(CONTENT.rglob("zh.md")):
        key = path.parent.relative_to(CONTENT).as_posix()
        other = path.with_name("en.md")
        if not other.exists():
            continue
        zh, common = side(f"content/{key}/zh.md", "zh", path.read_text(encoding="utf-8"))
        en, more = side(f"content/{key}/en.md", "en", other.read_text(encoding="utf-8"))
        values = more | common
        yield Bilingual(
            key,
            KINDS[key.partition("/")[0]],
            zh,
            en,
            date.fromisoformat(values["date"]) if "date" in values else None,
            live=not key.startswith("releases/"),
            embargo=read_instant(values["embargo"]) if "embargo" in values else None,
            starts=read_uncertain(values["starts"]) if "starts" in values else None,
            ends=read_uncertain(values["ends"]) if "ends" in values else None,
        )
