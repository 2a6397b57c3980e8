"""Broken in each way the schema knows: every field of every kind and data file misspelled, empty, doubled, of a wrong type, missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from pressroom import schema
from pressroom.problems import Problem
from pressroom.schema import FRONT, read_data, read_leaf
from tests.schemas import URI

AT = "2024-01-02T09:00:00+08:00"
BOTH = "{zh: 甲, en: a}"
NOTICE = f"{{at: '{AT}', zh: 甲, en: a}}"

# A right value for every field of front matter there is.
RIGHT = {
    **dict.fromkeys(("title", "summary", "theme"), "词"),
    **dict.fromkeys(("place",), "beijing"),
    **dict.fromkeys(("contacts", "programmes", "topics", "hosts", "people"), "[one, two]"),
    **dict.fromkeys(("partners", "facts"), "[one, two]"),
    **dict.fromkeys(("embargo", "updated"), AT),
    **dict.fromkeys(("hours", "accreditation"), BOTH),
    "status": "public",
    "translation": "together",
    "sources": "[{zh: 甲, en: a, publisher: 乙, url: 'https://a.example/', date: 2024-01}]",
    "photos": "{a.jpg: {credit: x, on_request: true, children: true, consent: y}}",
    "corrections": f"[{NOTICE}]",
    "withdrawn": NOTICE,
    "proofread": "[{allow: figures, because: reason}]",
    "date": "2024-01-02",
    "event": "week/2024",
    "edition": "2024",
    "starts": "2024-05",
    "ends": "2024-06~",
    "schedule": "[{at: '15:00', zh: 甲, en: a}]",
    "state": "announced",
    "since": "2010",
}
KINDS = {"release": "compiled", "event": "edition"}

FIELDS = [(kind, field) for kind, fields in FRONT.items() for field in fields]


def lines(kind: str) -> list[str]:
    right = {**RIGHT, "kind": KINDS.get(kind, "")}
    return [f"{field}: {right[field]}" for field in FRONT[kind]]  # type: ignore[index]  # a Kind


def problems(kind: str, front: list[str]) -> list[Problem]:
    text = "\n".join(["---", *front, "---", "正文。", ""])
    return read_leaf(kind, "zh", "zh.md", text).problems  # type: ignore[arg-type]  # a Kind


def only(found: list[Problem], rule: str, line: int) -> Problem:
    """The one problem there is: its rule, its line, words in both languages."""
    assert [(each.rule, each.line) for each in found] == [(rule, line)], found
    assert found[0].what.zh
    assert found[0].what.en
    return found[0]


@pytest.mark.parametrize("kind", FRONT)
def test_what_is_right_is_right(kind: str) -> None:
    assert problems(kind, lines(kind)) == []


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_a_field_may_be_wrong_in_many_ways(kind: str, field: str) -> None:
    front = lines(kind)
    at = next(number for number, each in enumerate(front) if each.startswith(f"{field}:"))
    value = front[at].partition(": ")[2]

    def told(*instead: str) -> list[Problem]:
        return problems(kind, [*front[:at], *instead, *front[at + 1 :]])

    line = at + 2  # of the file: the fence is the first
    misspelt = [each for each in told(f"{field[:-1]}: {value}") if each.rule == "unknown-key"]
    assert only(misspelt, "unknown-key", line).mend.en == f"did you mean {field!r}?"
    # What `new` leaves open counts as not said; but not what decides whether something goes out.
    rules = FRONT[kind][field]  # type: ignore[index]  # a Kind
    if rules.required or rules.weighty:
        only(told(f"{field}:"), "empty", line)
    else:
        assert told(f"{field}:") == []
    only(told(front[at], front[at]), "duplicate-key", line + 1)
    wrong = "word" if value.startswith(("[", "{")) else "{one: two}"
    for each in told(f"{field}: {wrong}"):
        assert each.line == line
        assert each.rule in ("type", "unknown-value", "date", "key")
    assert told(f"{field}: {wrong}")


# --- data files --------------------------------------------------------------------------------

WORDS = {"zh": "甲", "en": "a"}
SOURCE = {**WORDS, "publisher": WORDS, "url": "https://a.example/", "date": "2024-01"}
RECORDS: dict[str, tuple[dict[str, Any], Any]] = {
    "contacts": (
        {
            "name": WORDS,
            "role": WORDS,
            "organisation": "agency",
            "languages": ["zh"],
            "telephone": "+861085312612",
            "email": "a@b.example",
            "wechat": "x",
            "hours": WORDS,
            "confirmed": "2024-01-02",
            "valid_until": AT,
            "successor": "b",
        },
        schema._CONTACT,
    ),
    "facts": (
        {
            "programme": "walk",
            "label": WORDS,
            "unit": WORDS,
            "values": [
                {
                    "value": "120",
                    "as_of": "2010",
                    "qualifier": "more-than",
                    "source": SOURCE,
                    "note": WORDS,
                }
            ],
        },
        schema._FACT,
    ),
    "names": (
        {
            "kind": "person",
            **WORDS,
            "short": WORDS,
            "pinyin": "jiǎ",
            "note": WORDS,
            "not": {"zh": ["乙"], "en": ["b"]},
            "source": SOURCE,
            "roles": [{**WORDS, "from": "2010", "to": "2017"}],
        },
        schema._NAME,
    ),
    "topics": (dict(WORDS), schema._TOPIC),
    "organisation": (
        {
            **dict.fromkeys(("name", "short_name", "tagline", "notice", "section"), WORDS),
            **dict.fromkeys(("boilerplate_title", "boilerplate"), WORDS),
            **dict.fromkeys(("weibo", "newsletter", "security_contact"), "https://a.example/"),
            "press_line": "desk",
            "email": "a@b.example",
            "wechat": "x",
            "icp": "x",
            "websites": ["https://a.example/"],
            "time_zone": "Asia/Shanghai",
            "footer": [WORDS],
            "security_expires": AT,
            "source_organisation": "agency",
        },
        schema._ORGANISATION,
    ),
}


def read(name: str, record: Any) -> list[Problem]:
    whole = record if name == "organisation" else {"one": record}
    text = yaml.dump(whole, allow_unicode=True, sort_keys=False, Dumper=Plain)
    found: list[Problem] = []
    read_data(name, f"{name}.yaml", text, found)
    return found


class Plain(yaml.SafeDumper):
    """Writes every mapping out: an alias is refused by the schema."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def places(record: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every key in a record, however deep."""
    if isinstance(record, dict):
        for key, value in record.items():
            yield (*before, key)
            yield from places(value, (*before, key))
    elif isinstance(record, list):
        for number, value in enumerate(record):
            yield from places(value, (*before, number))


def holder(record: Any, place: tuple[Any, ...]) -> Any:
    for step in place[:-1]:
        record = record[step]
    return record


@pytest.mark.parametrize("name", RECORDS)
def test_a_data_file_that_is_right_holds_every_field(name: str) -> None:
    record, fields = RECORDS[name]
    assert set(record) == set(fields)
    assert read(name, record) == []


@pytest.mark.parametrize(
    ("name", "place"),
    [(name, place) for name, (record, _) in RECORDS.items() for place in places(record)],
    ids=lambda each: each if isinstance(each, str) else ".".join(map(str, each)),
)
def test_a_field_of_a_data_file_may_be_wrong_in_many_ways(
    name: str, place: tuple[Any, ...]
) -> None:
    record, field = RECORDS[name][0], place[-1]

    misspelt = json.loads(json.dumps(record))
    inside = holder(misspelt, place)
    inside[f"{field}x"] = inside.pop(field)
    found = [each for each in read(name, misspelt) if each.rule == "unknown-key"]
    assert len(found) == 1
    assert field in found[0].mend.en
    assert field in found[0].mend.zh

    wrong = json.loads(json.dumps(record))
    inside = holder(wrong, place)
    inside[field] = "" if isinstance(inside[field], str) else "word"
    # A publisher may be one name in both languages, a source the key of a release.
    assert read(name, wrong) or (field in ("publisher", "source") and inside[field] == "word")


@pytest.mark.parametrize("name", RECORDS)
def test_a_field_that_is_required_is_missed(name: str) -> None:
    record, fields = RECORDS[name]
    for field in (field for field, rules in fields.items() if rules.required):
        found = read(name, {key: value for key, value in record.items() if key != field})
        assert [(each.rule, field in each.what.en) for each in found] == [("missing", True)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://a.example", "https://a.example"),
        ("https://a.example/item/新闻?题=甲#节", "https://a.example/item/%E6%96%B0%E9%97%BB?%E9%A2%98=%E7%94%B2#%E8%8A%82"),
        ("https://a.example/%E6%96%B0?a=[1]&b={2}|^`", "https://a.example/%E6%96%B0?a=%5B1%5D&b=%7B2%7D%7C%5E%60"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/a b", ""),
        ("https://新闻.example/", ""),
        ("https://a.example/#a#b", ""),
        ("ftp://a.example/", ""),
        ("www.a.example", ""),
    ],
)  # fmt: skip
def test_an_address_is_one_that_every_program_takes(written: str, read: str) -> None:
    leaf = read_leaf(
        "page", "zh", "zh.md",
        f"---\ntitle: 甲\nsummary: 乙\nsources: [{{zh: 甲, en: a, url: '{written}'}}]\n---\n正文。\n",
    )  # fmt: skip
    if read:
        assert leaf.problems == []
        (source,) = leaf.values["sources"]
        assert source.url == read
        assert URI.fullmatch(read)
    else:
        only(leaf.problems, "address", 4)
