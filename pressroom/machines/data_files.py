"""Figures and names for programs and spreadsheets, and charts as files of their own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import msgspec
from markupsafe import escape

from pressroom import charts
from pressroom.formats import figure
from pressroom.machines.prose import Parts, wrapped
from pressroom.moments import read_uncertain
from pressroom.problems import PressroomError
from pressroom.values import Figure, FigureValue, Value
from pressroom.words import TAGS, Language, Words

# The structure of facts.json; it changes when a field changes its meaning or goes.
VERSION: Final = "1"


class FactValue(Value, frozen=True):
    """A figure at a date: `number` as written, `as_of` in EDTF, `href` absolute or ""."""

    number: str
    qualifier: str
    as_of: str
    source: Words = Words()
    publisher: Words = Words()
    href: str = ""
    note: Words = Words()


class FactEntry(Value, frozen=True):
    """A fact with its history, oldest first; `address` is its place on the facts page, absolute."""

    key: str
    programme: str
    label: Words
    unit: Words
    values: tuple[FactValue, ...]
    address: Words = Words()


class FactsFile(Value, frozen=True):
    """What facts.json and facts.csv are made of; `modified` is the latest instant of any fact."""

    name: Words
    notice: Words
    facts: tuple[FactEntry, ...]
    schema: str = ""  # absolute address of facts.schema.json
    modified: str = ""


class NameRow(Value, frozen=True):
    """A name in both languages; roles are (zh, en, from, to), the dates in EDTF or ""."""

    key: str
    kind: str
    name: Words
    short: Words
    pinyin: str
    roles: tuple[tuple[str, str, str, str], ...]
    address: Words = Words()


class NamesFile(Value, frozen=True):
    """What names.csv is made of."""

    names: tuple[NameRow, ...]


class Chart(Value, frozen=True):
    """A chart to take away: `source` is the line that stands inside it, `title` over it."""

    fact: Figure
    language: Language
    title: str
    source: str


class Empty(Value, frozen=True):
    """For a file that depends on nothing but the software."""


# --- figures -------------------------------------------------------------------------------------


def _said(words: Words) -> dict[str, str]:
    return dict(words.said())


def _number(text: str) -> int | float:
    """The number itself; content is checked to be one before it comes here."""
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _shown(fact: FactEntry, value: FactValue) -> Words:
    """The value as the site writes it, in both languages."""
    plain = FigureValue(value.number, value.qualifier, value.as_of, None)
    return Words(figure(plain, fact.unit.zh, "zh"), figure(plain, fact.unit.en, "en"))


def _value(fact: FactEntry, value: FactValue) -> dict[str, Any]:
    known = read_uncertain(value.as_of)
    out: dict[str, Any] = {
        "number": _number(value.number),
        "written": value.number,
        "qualifier": value.qualifier or None,
        "asOf": value.as_of,
        "earliest": known.first.isoformat(),
        "latest": known.last.isoformat(),
        "text": _said(_shown(fact, value)),
        "source": {"title": _said(value.source)},
    }
    if value.publisher:
        out["source"]["publisher"] = _said(value.publisher)
    if value.href:
        out["source"]["url"] = value.href
    if value.note:
        out["note"] = _said(value.note)
    return out


def facts_json(values: FactsFile, parts: Parts) -> bytes:
    """/data/facts.json; its structure is facts.schema.json."""
    out: dict[str, Any] = {"$schema": values.schema} if values.schema else {}
    out |= {"version": VERSION, "name": _said(values.name)}
    if values.notice:
        out["notice"] = _said(values.notice)
    if values.modified:
        out["modified"] = values.modified
    out["facts"] = [
        {
            "key": fact.key,
            "programme": fact.programme or None,
            "label": _said(fact.label),
            "unit": _said(fact.unit),
            "address": _said(fact.address),
            "history": [_value(fact, value) for value in fact.values],
        }
        for fact in values.facts
    ]
    return msgspec.json.format(msgspec.json.encode(out), indent=2) + b"\n"


def _object(
    description: str, properties: dict[str, Any], optional: Iterable[str] = ()
) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": [name for name in properties if name not in set(optional)],
        "additionalProperties": False,
    }


def schema(address: str = "") -> dict[str, Any]:
    """The JSON Schema of facts.json (draft 2020-12)."""
    text = {"type": "string"}
    words = _object("The same in Chinese and in English.", {"zh": text, "en": text}, ("zh", "en"))
    both = {"$ref": "#/$defs/words"}
    source = _object(
        "Where the value is from.",
        {"title": both, "publisher": both, "url": {"type": "string", "format": "uri"}},
        ("publisher", "url"),
    )
    value = _object(
        "The figure at a date.",
        {
            "number": {"type": "number", "description": "For computing."},
            "written": text | {"description": "As the source writes it: 3.20 is not 3.2."},
            "qualifier": {
                "enum": ["more-than", "nearly", "about", None],
                "description": "How the source limits the number; null: it is exact.",
            },
            "asOf": text
            | {
                "description": "When it was so, in EDTF (ISO 8601-2), no more exact than known: 2010, 2017-05-31, 2010/2017~."
            },
            "earliest": {
                "type": "string",
                "format": "date",
                "description": "First day that asOf can mean.",
            },
            "latest": {
                "type": "string",
                "format": "date",
                "description": "Last day that asOf can mean.",
            },
            "text": both
            | {"description": "The value as the site writes it, with qualifier and unit."},
            "source": source,
            "note": both,
        },
        ("note",),
    )
    fact = _object(
        "A figure with its history.",
        {
            "key": {
                "type": "string",
                "pattern": "^[a-z0-9-]+$",
                "description": "Its name, for ever.",
            },
            "programme": {
                "type": ["string", "null"],
                "description": "The programme it belongs to, or null.",
            },
            "label": both,
            "unit": both,
            "address": both | {"description": "Its place on the site, by language."},
            "history": {
                "type": "array",
                "items": value,
                "minItems": 1,
                "description": "Oldest first.",
            },
        },
    )
    root = _object(
        "Every figure of the site with its date and source.",
        {
            "$schema": {"type": "string", "format": "uri"},
            "version": {"const": VERSION, "description": "Of this structure."},
            "name": both,
            "notice": both | {"description": "What every page says of the site."},
            "modified": {"type": "string", "format": "date-time"},
            "facts": {"type": "array", "items": fact},
        },
        ("$schema", "notice", "modified"),
    )
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | (
        {"$id": address} if address else {}
    )
    return head | {"title": "facts.json"} | root | {"$defs": {"words": words}}


def facts_schema(values: FactsFile | Empty, parts: Parts) -> bytes:
    """/data/facts.schema.json."""
    address = values.schema if isinstance(values, FactsFile) else ""
    return msgspec.json.format(msgspec.json.encode(schema(address)), indent=2) + b"\n"


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    """RFC 4180 in UTF-8 with a byte order mark, without which Excel shows Chinese as rubbish."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def facts_csv(values: FactsFile, parts: Parts) -> bytes:
    """/data/facts.csv: one row a value, oldest first within a fact."""
    head = (
        "key", "programme", "label_zh", "label_en", "number", "qualifier", "unit_zh", "unit_en", "as_of",
        "text_zh", "text_en", "source_zh", "source_en", "publisher_zh", "publisher_en", "source_url",
        "address_zh", "address_en",
    )  # fmt: skip
    rows: list[Iterable[str]] = [head]
    for fact in values.facts:
        for value in fact.values:
            shown = _shown(fact, value)
            rows.append((
                fact.key, fact.programme, fact.label.zh, fact.label.en, value.number, value.qualifier,
                fact.unit.zh, fact.unit.en, value.as_of, shown.zh, shown.en, value.source.zh, value.source.en,
                value.publisher.zh, value.publisher.en, value.href, fact.address.zh, fact.address.en,
            ))  # fmt: skip
    return _csv(rows)


def names_csv(values: NamesFile, parts: Parts) -> bytes:
    """/data/names.csv: one row a name and role; a name without a role has one row."""
    rows: list[Iterable[str]] = [
        (
            "key",
            "kind",
            "zh",
            "en",
            "short_zh",
            "short_en",
            "pinyin",
            "role_zh",
            "role_en",
            "from",
            "to",
        )
    ]
    for name in values.names:
        own = (
            name.key,
            name.kind,
            name.name.zh,
            name.name.en,
            name.short.zh,
            name.short.en,
            name.pinyin,
        )
        rows += [(*own, *role) for role in name.roles or (("", "", "", ""),)]
    return _csv(rows)


# --- charts --------------------------------------------------------------------------------------

_WIDTH: Final = 960
_MARGIN: Final = 24
_HEAD: Final = 64
_FOOT: Final = 44
_PLOT: Final = 294

# The theme's classes in the colours of paper: a file that is taken away has no stylesheet around it.
_STYLE: Final = (
    "text{font-family:'Noto Sans SC','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;"
    "font-size:13px;fill:#333}"
    ".title{font-size:20px;fill:#111}.source{font-size:12px;fill:#555}"
    ".chart__grid{stroke:#ddd}.chart__base,.chart__tick{stroke:#666}.chart__stem{stroke:#bbb}"
    ".chart__span{stroke:#0a5c87;stroke-width:3}.chart__dot{fill:#0a5c87;stroke:#0a5c87;stroke-width:2}"
    ".chart__dot--open{fill:#fff}.chart__label{fill:#111}.chart__label--last{font-weight:700}"
    ".chart__year{text-anchor:middle}"
)


# What the font below can draw: GB 2312's punctuation, full-width forms and Chinese characters, ASCII.
_DRAWN: Final = frozenset("–—‘’“”…·©°€×÷½")
_FONT: Final = Path(__file__).parent / "fonts" / "NotoSansCJKsc-GB2312.otf"
_SCALE: Final = 2  # print and dense screens; 1,920 pixels wide


def _lines(
    text: str, columns: int, language: Language, x: int, y: int, step: int, name: str
) -> str:
    """A text as lines of an SVG, the first at `y`."""
    return "".join(
        f'<text class="{name}" x="{x}" y="{y + number * step}">{escape(line)}</text>'
        for number, line in enumerate(wrapped(text, columns, language))
    )


def chart_svg(values: Chart, parts: Parts) -> bytes:
    """A fact's chart as an SVG that stands alone: title above, source line below, white paper behind."""
    language = values.language
    # Columns of half a Chinese character, which is as wide as its letters are high.
    title_columns, source_columns = (_WIDTH - 2 * _MARGIN) // 10, (_WIDTH - 2 * _MARGIN) // 6
    head = _HEAD + 26 * (len(wrapped(values.title, title_columns, language)) - 1)
    foot = _FOOT + 18 * (len(wrapped(values.source, source_columns, language)) - 1)
    height = head + _PLOT + foot
    drawing = str(charts.draw(values.fact, language))
    # Nothing is cut at the drawing's edge; without that its layer takes as long as all the rest of a PNG.
    place = f'x="{_MARGIN}" y="{head}" width="{_WIDTH - 2 * _MARGIN}" overflow="visible"'
    inner = drawing.replace('width="100%"', place, 1)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}"'
        f' viewBox="0 0 {_WIDTH} {height}" xml:lang="{TAGS[language]}">'
        f"<style>{_STYLE}</style>"
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>'
        f"{_lines(values.title, title_columns, language, _MARGIN, 38, 26, 'title')}"
        f"{inner}"
        f"{_lines(values.source, source_columns, language, _MARGIN, head + _PLOT + 26, 18, 'source')}"
        "</svg>\n"
    ).encode()


def undrawable(text: str) -> str:
    """The characters of a text that a chart's PNG cannot show, "" when it can show all."""
    return "".join(char for char in text if not _drawable(char))


def _drawable(char: str) -> bool:
    if " " <= char <= "~" or char in _DRAWN or char == "\n":
        return True
    try:
        row = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return row in (0xA1, 0xA3) or row >= 0xB0


def chart_png(values: Chart, parts: Parts) -> bytes:
    """The same drawing as PNG, with the font that lies beside this module: the same bytes anywhere.

    Raises PressroomError for a character that the font does not have: an empty box is no name.
    """
    import resvg_py  # only a site with charts pays for it

    svg = chart_svg(values, parts).decode()
    missing = undrawable(re.sub(r"<style>.*?</style>|<[^>]*>", "", svg))
    if missing:
        raise PressroomError(
            f"图表“{values.title}”里的“{missing}”画不进PNG：所带字体没有这些字。",
            f"the chart {values.title!r} cannot be drawn as PNG: the font has no {missing!r}",
        )
    family = "Noto Sans CJK SC"
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=_SCALE,
            skip_system_fonts=True,
            font_files=[str(_FONT)],
            font_family=family,
            sans_serif_family=family,
        )
    )
