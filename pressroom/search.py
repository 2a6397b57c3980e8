"""What the search page searches: a record for everything that is public.

Records are made from what is said, not from HTML files. Why they are as they are stands in
docs/decisions/search.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, Final

import msgspec

from pressroom import formats, views
from pressroom.machines import prose, wire
from pressroom.models import Item, Name, NameKind
from pressroom.pages import Site
from pressroom.values import Body, Part, Value
from pressroom.words import LANGUAGES, Language, Words

# What changes often stands last: whatever follows a record that is new is counted anew.
KINDS: Final = ("fact", "name", "contact", "page", "programme", "event", "release")

Parts = Callable[[Body], tuple[Part, ...]]


# --- records -----------------------------------------------------------------------------------


class Record(Value, frozen=True):
    """What can be found: an address below the site, with an anchor where it is part of a page.

    `texts` and the body can be read on the page, and excerpts are taken from them; `words` only
    lead there. The body is a reference, so that a record tells whether it changed without its text.
    """

    order: str  # by which records stand, the newest last
    address: str
    kind: str
    title: str
    day: str = ""  # EDTF; how a page writes it is asked when the record is indexed
    texts: tuple[str, ...] = ()
    body: Body | None = None
    words: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def records(site: Site, language: Language) -> list[Record]:
    """All records of a language, in an order to which a new release is appended."""
    items = (
        _item(site, item, language)
        for item in site.editions.items.values()
        if site.editions.shown(item, language)
        and site.editions.standing[item.key].withdrawn is None
    )
    found = [*_facts(site, language), *_names(site, language), *_contacts(site, language), *items]
    return sorted(found, key=lambda record: record.order)


def _order(kind: str, key: str, day: str = "") -> str:
    return f"{KINDS.index(kind)} {day} {key}"


def _item(site: Site, item: Item, language: Language) -> Record:
    side = item.side(language)
    assert side is not None
    texts = [side.summary]
    words: list[str] = []
    years: tuple[str, ...] = ()
    day = ""
    if item.kind == "release" and item.date is not None:
        years, day = (str(item.date.year),), item.date.isoformat()
        if item.place in site.data.names:
            words += _said(site.data.names[item.place].name)
    elif item.kind == "event" and not item.series:
        view = site.edition(item, language)
        year = str(item.starts.first.year) if item.starts else str(item.edition or "")
        years, day = ((year,) if year else ()), view.starts
        texts += [
            view.theme,
            view.hours,
            *(point.text for point in view.schedule),
            view.accreditation,
        ]
        words += [view.place, *(link.text for link in (*view.hosts, *view.people))]
    elif item.kind == "programme":
        figures = [site.figure(key, language) for key in item.facts if key in site.facts]
        words += [figure.label for figure in figures]
        words += [link.text for link in site.name_links(item.partners, language)]
    for topic in item.topics:
        if topic in site.data.topics:
            words += _said(site.data.topics[topic].name)
    return Record(
        order=_order(item.kind, item.key, item.date.isoformat() if item.date else ""),
        address=f"/{language}/{item.address}",
        kind=item.kind,
        title=side.title,
        day=day,
        texts=tuple(filter(None, texts)),
        body=views.body_of(item, language, site.open(item, language)),
        words=tuple(words),
        years=years,
        topics=tuple(topic for topic in item.topics if topic in site.data.topics),
    )


def _facts(site: Site, language: Language) -> Iterator[Record]:
    for key, fact in sorted(site.facts.items()):
        figure = site.figure(key, language)
        texts = []
        for shown in reversed(figure.values):
            number = formats.fact_text(language, shown.qualifier, shown.number, figure.unit, "full")
            when = formats.edtf(shown.as_of, language)
            source = shown.source.text if shown.source else ""
            stop = "。" if language == "zh" else "."
            comma = "，" if language == "zh" else ", "
            texts.append(comma.join(filter(None, (number, when, shown.note, source))) + stop)
        yield Record(
            order=_order("fact", key),
            address=figure.href,
            kind="fact",
            title=figure.label,
            texts=tuple(texts),
            words=(figure.other_label, figure.other_unit, *(value.number for value in fact.values)),
            years=tuple(sorted({str(value.as_of.first.year) for value in fact.values})),
        )


def _names(site: Site, language: Language) -> Iterator[Record]:
    for key, name in sorted(site.data.names.items()):
        view = views.name_view(name, language)
        if key in site.unspoken or not (view.name or view.other):
            continue
        roles = [role.text for role in view.roles]
        shown = [view.other, view.pinyin, view.short, view.other_short, *roles, view.note]
        yield Record(
            order=_order("name", key),
            address=f"/{language}/names/#{key}",
            kind="name",
            title=view.name or view.other,
            texts=tuple(dict.fromkeys(text for text in shown if text and text != view.name)),
            words=tuple(_unaccented(view.pinyin)),
        )


def _contacts(site: Site, language: Language) -> Iterator[Record]:
    for view in site.contact_views(sorted(site.data.contacts), language):
        # With its labels: people type 刘莉电话, and each word has to stand somewhere.
        yield Record(
            order=_order("contact", view.key),
            address=f"/{language}/contacts/#{view.key}",
            kind="contact",
            title=view.name or view.other_name,
            texts=(wire.PRESS_CONTACTS[language], *wire.contact_lines(view, language)),
            words=tuple(filter(None, (view.other_name, view.telephone.lstrip("+")))),
        )


def _said(words: Words) -> list[str]:
    return [text for _, text in words.said()]


def _unaccented(pinyin: str) -> list[str]:
    """Xǔ Wèizhōu as people type it: Xu Weizhou, and xuweizhou."""
    if not pinyin:
        return []
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFD", pinyin)
        if not unicodedata.combining(letter)
    )
    return [plain, re.sub(r"[^A-Za-z]", "", plain).lower()]


# --- names in both languages -------------------------------------------------------------------


class _Entry(msgspec.Struct):
    forms: dict[Language, list[str]]
    words: list[str]  # all that leads to it


class Namebook:
    """Names and terms: which of them a text speaks of, and by what else they are looked for.

    A term whose note names another term (“the official title is Child Welfare Director”) is looked
    for by that one too.
    """

    def __init__(self, names: Iterable[Name]) -> None:
        known = list(names)
        self._entries = [self._entry(name) for name in known]
        for name, entry in zip(known, self._entries, strict=True):
            if name.kind is not NameKind.TERM:
                continue
            for fellow, theirs in zip(known, self._entries, strict=True):
                if fellow is name or fellow.kind is not NameKind.TERM:
                    continue
                if any(
                    form in note
                    for language, note in name.note.said()
                    for form in theirs.forms[language]
                ):
                    entry.words += _forms(fellow)
                    theirs.words += _forms(name)

    @staticmethod
    def _entry(name: Name) -> _Entry:
        forms: dict[Language, list[str]] = {
            language: [form for form in (name.name[language], name.short[language]) if form]
            for language in LANGUAGES
        }
        return _Entry(forms, [*_forms(name), *_unaccented(name.pinyin)])

    def words(self, text: str, language: Language) -> list[str]:
        """By what else the text can be looked for."""
        lower = text.lower()
        found: dict[str, None] = {}
        for entry in self._entries:
            if any(_speaks(text, lower, form, language) for form in entry.forms[language]):
                found.update(dict.fromkeys(entry.words))
        return list(found)


def _forms(name: Name) -> list[str]:
    forms = [*_said(name.name), *_said(name.short)]
    # The Chinese index has no stemmer: what is counted is asked for in the plural.
    if name.kind is NameKind.TERM and re.fullmatch(r"[A-Za-z -]+[a-rt-z]", name.name.en):
        forms.append(f"{name.name.en}s")
    return forms


def _speaks(text: str, lower: str, form: str, language: Language) -> bool:
    if language == "zh":
        return form in text
    return form.lower() in lower and _whole(form).search(text) is not None


@cache
def _whole(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(form)}s?(?!\w)", re.IGNORECASE)


# --- what Pagefind gets ------------------------------------------------------------------------

# Pagefind and the reader's browser divide Chinese into words by different dictionaries. Titles and
# names are found by any part of them because all their pieces up to this length are words of the
# index; the page cuts what is longer (search.js).
PIECE: Final = 4

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN: Final = re.compile(rf"[\w{_HAN}]+")
_CHINESE: Final = re.compile(f"[{_HAN}]")
_WORD: Final = re.compile(rf"[^\W{_HAN}]+")
_LATIN: Final = re.compile(rf"[^\W{_HAN}]{{{PIECE + 1},}}")


def pieces(text: str) -> list[str]:
    """The words under which every piece of a text is found; a text without Chinese is its own words."""
    found: dict[str, None] = {}
    for run in _RUN.findall(text.lower()):
        if _CHINESE.search(run):
            found.update(
                (run[at : at + length], None)
                for length in range(1, PIECE + 1)
                for at in range(len(run) - length + 1)
            )
            found.update((word, None) for word in _LATIN.findall(run))
        else:
            found[run] = None
    return list(found)


def _text(record: Record, parts: Parts) -> str:
    said = list(record.texts)
    for part in parts(record.body) if record.body is not None else ():
        if part.picture is not None:
            said += [part.picture.caption or part.picture.alt]
        else:
            said += [block.text for block in prose.blocks(str(part.html))]
    return "\n".join(said)


def payload(record: Record, language: Language, parts: Parts, book: Namebook) -> dict[str, Any]:
    """A record as Pagefind's service takes it."""
    text = _text(record, parts)
    own = pieces(record.title) if _CHINESE.search(record.title) else []
    spoken = "\n".join((record.title, text, *record.words))
    more = [*record.words, *book.words(spoken, language)]
    # Latin words of the text are found there; a piece of Chinese may stand across two words of it.
    there = {*own, *_WORD.findall(text.lower())}
    words = [word for word in pieces("\n".join(more)) if word not in there]
    filters = {"kind": [record.kind], "year": list(record.years), "topic": list(record.topics)}
    return {
        "url": record.address,
        # Pagefind leaves out a page without a text.
        "content": text or record.title,
        "language": language,
        # Every record has every field: shards number their fields alike.
        "meta": {
            "title": record.title,
            "day": formats.edtf(record.day, language),
            "pieces": " ".join(own),
            "words": " ".join(words),
        },
        "filters": {key: values for key, values in filters.items() if values},
        "sort": {},
    }


__all__ = ["KINDS", "PIECE", "Namebook", "Record", "payload", "pieces", "records"]
