"""Press contacts as vCard 4.0 (RFC 6350), both languages in one card."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from pressroom.formats import day
from pressroom.machines.prose import Parts
from pressroom.telephones import mobile
from pressroom.values import Value
from pressroom.words import TAGS, Words

PRODID: Final = "-//Pressroom//vCard//EN"

# RFC 6350, 3.2: no line is longer than 75 octets, not counting its end.
OCTETS: Final = 75

# The family names of two characters in common use; all others have one.
_TWO_CHARACTER_FAMILIES: Final = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "司徒",
        "东方",
        "独孤",
        "南宫",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "长孙",
        "宇文",
        "端木",
        "轩辕",
        "呼延",
        "百里",
    ]
)
_HAN: Final = re.compile(r"[\u3400-\u9fff]{2,4}")


class VCard(Value, frozen=True):
    """A press contact for address books.

    `uid` is stable for ever: see `uid_of`. `url` is the contact's place on the site and `source` the
    card's own address, both absolute or "". `confirmed` is an ISO day, `modified` an ISO instant.
    """

    uid: str
    name: Words
    role: Words
    organisation: Words
    languages: tuple[str, ...]
    telephone: str
    email: str
    modified: str
    wechat: str = ""
    hours: Words = Words()
    confirmed: str = ""
    url: str = ""
    source: str = ""


class VCards(Value, frozen=True):
    """What a .vcf file is made of: one contact, or all of them."""

    cards: tuple[VCard, ...]


def uid_of(site: str, key: str) -> str:
    """The UID of a contact: a name-based UUID of its address, the same in every build of a site."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{site}/contacts/{key}')}"


def structured(name: Words) -> Words:
    """Both names as vCard's N components, `family;given;;;`.

    A Chinese name begins with its family name. A Latin one ends with it, unless its first word is
    how the Chinese family name is read: Liu Li is 刘莉, Douglas Noble is 郑道.
    """
    chinese, latin = name.zh or name.en, name.en or name.zh
    family = ""
    if _HAN.fullmatch(chinese):
        size = 2 if len(chinese) > 2 and chinese[:2] in _TWO_CHARACTER_FAMILIES else 1
        family = chinese[:size]
        zh = _components(family, chinese[size:])
    else:
        zh = _latin_components(chinese, "")
    return Words(zh, _latin_components(latin, family))


def _latin_components(name: str, chinese_family: str) -> str:
    if _HAN.fullmatch(name):
        return structured(Words(name, "")).zh
    words = name.split()
    if len(words) < 2:
        return _components(name, "")
    if chinese_family and words[0].casefold() in _readings(chinese_family):
        return _components(words[0], " ".join(words[1:]))
    return _components(words[-1], " ".join(words[:-1]))


def _readings(family: str) -> frozenset[str]:
    """The ways a Chinese family name is written in Pinyin."""
    # Its tables take a tenth of a second to load: only when a card is written.
    from pypinyin import Style, pinyin

    readings = [""]
    for each in pinyin(family, style=Style.NORMAL, heteronym=True):
        readings = [before + one for before in readings for one in each]
    return frozenset(readings)


def _components(family: str, given: str) -> str:
    return f"{escaped(family)};{escaped(given)};;;"


def escaped(text: str) -> str:
    """Text as a value: backslash, comma, semicolon and line break (RFC 6350, 3.4)."""
    return re.sub(r"\r\n?|\n", r"\\n", re.sub(r"([\\,;])", r"\\\1", text))


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, no character split, each with its CRLF."""
    out: list[str] = []
    piece, used = "", 0
    for char in line:
        octets = len(char.encode())
        if used + octets > OCTETS:
            out.append(piece)
            piece, used = " ", 1
        piece += char
        used += octets
    return "\r\n".join([*out, piece]) + "\r\n"


def _alternatives(name: str, words: Words, altid: int, *, ready: bool = False) -> Iterator[str]:
    """One property in both languages; said once, without an alternative, where they are the same."""
    said = dict(words.said())
    if len(set(said.values())) == 1:
        text = next(iter(said.values()))
        # Latin letters for want of a confirmed Chinese form are no Chinese.
        language = "" if len(said) == 2 else f";LANGUAGE={TAGS[next(iter(said))]}"
        yield f"{name}{language}:{text if ready else escaped(text)}"
        return
    for language_, text in said.items():
        yield f"{name};ALTID={altid};LANGUAGE={TAGS[language_]}:{text if ready else escaped(text)}"


def _lines(card: VCard) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield f"PRODID:{PRODID}"
    yield f"UID:{card.uid}"
    if card.source:
        yield f"SOURCE:{card.source}"
    yield "KIND:individual"
    yield from _alternatives("FN", card.name, 1)
    yield from _alternatives("N", structured(card.name), 2, ready=True)
    yield from _alternatives("ORG", card.organisation, 3)
    yield from _alternatives("TITLE", card.role, 4)
    if card.telephone:
        kind = "work,cell" if mobile(card.telephone) else "work,voice"
        yield f"TEL;VALUE=uri;TYPE={kind}:tel:{card.telephone}"
    if card.email:
        yield f"EMAIL;TYPE=work:{escaped(card.email)}"
    if card.wechat:
        # RFC 9554, 3.3: a name on a service that has no address of its own.
        yield f"SOCIALPROFILE;SERVICE-TYPE=WeChat;VALUE=text:{escaped(card.wechat)}"
    for rank, language in enumerate(card.languages, 1):
        yield f"LANG;PREF={rank}:{language}"
    yield from _alternatives("NOTE", _note(card), 5)
    if card.url:
        yield f"URL:{card.url}"
    yield f"REV:{datetime.fromisoformat(card.modified).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield "END:VCARD"


def _note(card: VCard) -> Words:
    """Opening hours and when the contact was last confirmed."""
    zh, en = [], []
    if card.hours.zh:
        zh.append(card.hours.zh)
    if card.hours.en:
        en.append(card.hours.en)
    if card.confirmed:
        zh.append(f"{day(card.confirmed, 'zh')}核实")
        en.append(f"Last confirmed on {day(card.confirmed, 'en')}")
    return Words("；".join(zh), "; ".join(en))


def make(values: VCards, parts: Parts) -> bytes:
    """The .vcf file, UTF-8 with CRLF; several cards follow each other."""
    return "".join(folded(line) for card in values.cards for line in _lines(card)).encode()
