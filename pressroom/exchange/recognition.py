"""Which paragraph of a manuscript is what: headline, dateline, photograph, end mark, boilerplate, contact.

Rules look at form only. What can be read in two ways is kept in both, never decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import msgspec

from pressroom.exchange.reading import Manuscript, Paragraph
from pressroom.models import Contact, Name, NameKind
from pressroom.telephones import found as telephones_in
from pressroom.words import Language, Words, other

_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH: Final = (
    "|".join(_MONTHS)
    + "|"
    + "|".join(month[:3] + r"\.?" for month in _MONTHS if len(month) > 4)
    + "|Sept\\.?"
)
_NUMERIC: Final = r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
_ENGLISH_DAY: Final = rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH}),?\s+\d{{4}}|(?:{_MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
_CHINESE_DAY: Final = r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
_ISO_DAY: Final = r"\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}"
_DAY: Final = f"{_ENGLISH_DAY}|{_CHINESE_DAY}|{_ISO_DAY}|{_NUMERIC}"
_DASH: Final = r"\s*(?:[-–—―]+|电|讯|:|：)\s*"

_DATELINES: Final = (
    re.compile(rf"(?P<place>[A-Z][A-Za-z.'’ -]{{1,40}}?)\s*[,(]\s*(?P<day>{_DAY})\)?{_DASH}"),
    re.compile(
        rf"[（(]?(?P<place>[\u4e00-\u9fff]{{2,10}}?)\s*[，,、]?\s*(?P<day>{_DAY})[）)]?{_DASH}"
    ),
    re.compile(
        rf"(?P<day>{_DAY})\s*[，,]\s*(?P<place>[\u4e00-\u9fff]{{2,10}}?|[A-Z][A-Za-z.'’ -]{{1,40}}?){_DASH}"
    ),
)
# 新华社北京5月31日电: the year is not said.
_YEARLESS: Final = re.compile(
    r"(?P<place>[\u4e00-\u9fff]{2,12}?)(?P<day>\d{1,2}月\d{1,2}日)(?:电|讯)\s*"
)

_POSTED: Final = re.compile(
    rf"(?:(?:Posted|Published|Date|发布时间|发布日期|日期|时间)\s*[:：]?\s*(?:on\s+)?)?(?P<day>{_DAY})(?:\s+\d{{1,2}}:\d{{2}})?",
    re.IGNORECASE,
)
_LABEL: Final = frozenset(
    [
        "新闻稿",
        "新闻",
        "新闻发布",
        "新闻通稿",
        "通稿",
        "工作重点",
        "即时发布",
        "press release",
        "news release",
        "media release",
        "news",
        "for immediate release",
        "press statement",
    ]
)
_CREDIT: Final = re.compile(
    r"(?:©|\(c\)|（c）|photo(?:graph)?\s*(?:by|:|：)|credit\s*[:：]|图片来源|图片?[:：]|摄影|供图)",
    re.IGNORECASE,
)
_END: Final = re.compile(
    r"\\?#\s*\\?#\s*\\?#(?:\s*\\?#)*|[-–—]\s*30\s*[-–—]|[-–—]*\s*\[?(?:ends?|完)\]?\s*[-–—]*|[（(]完[)）]|\*\s*\*\s*\*",
    re.IGNORECASE,
)
_ABOUT: Final = re.compile(
    r"(?:\*\*)?(?:About\s+\S.{0,60}|关于\S.{0,30}|Note(?:s)? to editors:?|编者[注按][:：]?)(?:\*\*)?",
    re.IGNORECASE,
)
_CONTACTS: Final = re.compile(
    r"(?:for (?:further|more) information|(?:press|media) contacts?|contacts?\b|新闻联系|媒体联[系络]|联系人|垂询|欲?了解更多)",
    re.IGNORECASE,
)
_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_CHANNELS: Final = (
    (re.compile(r"weibo|微博", re.IGNORECASE), Words("微博", "Weibo")),
    (re.compile(r"wechat|微信", re.IGNORECASE), Words("微信", "WeChat")),
    (re.compile(r"newsletter|sign up|订阅|电子通讯", re.IGNORECASE), Words("订阅", "newsletter")),
    (re.compile(r"https?://|www\.", re.IGNORECASE), Words("网址", "web address")),
)
# Addresses are in no language.
_ADDRESS: Final = re.compile(r"https?://\S+|www\.\S+|\S+@\S+")
_DIVIDER: Final = re.compile(r"[=＝*_-]{8,}")
_QUOTATION: Final = re.compile(r"“[^”]{12,}”|\"[^\"]{12,}\"|「[^」]{12,}」")


class Photograph(msgspec.Struct, frozen=True):
    """A picture's place in the text; `image` is its number in the manuscript, -1 where it did not come along."""

    credit: str
    caption: str
    image: int = -1


class Recognised(msgspec.Struct):
    """One language of a manuscript. `body` holds Markdown and photographs in their order."""

    language: Language
    title: str = ""
    day: date | None = None
    readings: tuple[date, ...] = ()  # of the dateline, where there are several
    day_written: str = ""
    posted: str = ""
    posted_readings: tuple[date, ...] = ()
    place: str = ""  # a key
    place_written: str = ""
    body: list[tuple[str, str] | Photograph] = msgspec.field(default_factory=list)
    contacts: list[str] = msgspec.field(default_factory=list)
    unknown_contacts: list[str] = msgspec.field(default_factory=list)
    left_out: list[tuple[Words, str]] = msgspec.field(default_factory=list)
    unplaced: list[str] = msgspec.field(default_factory=list)
    quotations: int = 0


def language_of(text: str) -> Language:
    """The language most of a text is in: a Chinese character weighs as much as three letters."""
    text = _ADDRESS.sub("", text)
    han = len(re.findall(r"[\u3400-\u9fff]", text))
    latin = len(re.findall(r"[A-Za-z]", text))
    return "zh" if han * 3 > latin else "en"


def days_of(written: str) -> tuple[date, ...]:
    """Every day that a written date can mean, earliest first; none when it is no date."""
    numbers = [int(number) for number in re.findall(r"\d+", written)]
    candidates: list[tuple[int, int, int]] = []
    month = re.search(rf"\b({_MONTH})", written)
    if month and len(numbers) == 2:
        number = next(
            index for index, name in enumerate(_MONTHS, 1) if name.startswith(month[1][:3])
        )
        candidates = [(numbers[1], number, numbers[0])]
    elif len(numbers) == 3 and numbers[0] > 31:
        candidates = [(numbers[0], numbers[1], numbers[2])]
    elif len(numbers) == 3:
        candidates = [(numbers[2], numbers[1], numbers[0]), (numbers[2], numbers[0], numbers[1])]
    found = set()
    for candidate in candidates:
        try:
            found.add(date(*candidate))
        except ValueError:
            continue
    return tuple(sorted(found))


def sections(manuscript: Manuscript) -> list[list[Paragraph]]:
    """The manuscript by language: cut at a line of = or *, or where the language changes after an end mark."""
    out: list[list[Paragraph]] = [[]]
    ended = False
    language: Language | None = None
    for paragraph in manuscript.paragraphs:
        text = paragraph.text
        if _DIVIDER.fullmatch(text):
            if out[-1]:
                out.append([])
            ended, language = False, None
            continue
        if (
            ended
            and language
            and paragraph.kind != "image"
            and len(text) > 3
            and language_of(text) != language
            and not _EMAIL.search(text)
        ):
            out.append([])
            ended, language = False, None
        out[-1].append(paragraph)
        if _END.fullmatch(text):
            ended = True
            language = language_of(" ".join(one.text for one in out[-1]))
    return [section for section in out if any(one.text for one in section)]


class Recogniser:
    """Reads one language of a manuscript with what the newsroom knows: its contacts and places."""

    def __init__(self, contacts: Mapping[str, Contact], names: Mapping[str, Name]) -> None:
        self._emails = {
            contact.email.casefold(): key for key, contact in contacts.items() if contact.email
        }
        self._telephones = {
            contact.telephone: key for key, contact in contacts.items() if contact.telephone
        }
        self._places = {
            text.casefold(): key
            for key, name in names.items()
            if name.kind is NameKind.PLACE
            for _, text in name.name.said()
        }

    def read(self, paragraphs: list[Paragraph]) -> Recognised:
        """Head, body and tail of one language."""
        body_language = language_of(" ".join(one.text for one in paragraphs))
        found = Recognised(body_language)
        opening = self._head(paragraphs, found)
        closing = next(
            (at for at, one in enumerate(paragraphs[opening:], opening) if self._closes(one)),
            len(paragraphs),
        )
        self._body(paragraphs[opening:closing], found)
        self._tail(paragraphs[closing:], found)
        text = " ".join(one.text for one in paragraphs[opening:closing])
        found.quotations = len(_QUOTATION.findall(text))
        return found

    # --- before the text ---

    def _head(self, paragraphs: list[Paragraph], found: Recognised) -> int:
        """Section label, headline, posting date; returns where the text begins."""
        for at, paragraph in enumerate(paragraphs):
            text = paragraph.text.strip()
            if paragraph.kind == "image" or self._dateline(text):
                return at
            if not text:
                continue
            posted = _POSTED.fullmatch(text)
            if posted:
                found.posted = posted["day"]
                found.posted_readings = days_of(posted["day"])
            elif re.fullmatch(r"\[.*\]|［.*］", text):
                found.left_out.append((Words("告示", "notice"), text))
            elif not found.title:
                foreign = language_of(text) != found.language and len(text) <= 24
                if paragraph.level != 1 and (text.casefold() in _LABEL or foreign):
                    found.left_out.append((Words("栏目名", "section label"), text))
                else:
                    found.title = text
            else:
                return at
        return len(paragraphs)

    def _dateline(self, text: str) -> re.Match[str] | None:
        return next((match for pattern in _DATELINES if (match := pattern.match(text))), None)

    def _take_dateline(self, paragraph: Paragraph, found: Recognised) -> str:
        """The paragraph's Markdown without its dateline, whose place and day are noted."""
        text = paragraph.markdown
        plain = text.replace("**", "") if text.startswith("**") else text
        match = self._dateline(plain)
        if match:
            days = days_of(match["day"])
            found.day_written = match["day"]
            if len(days) == 1:
                found.day = days[0]
            else:
                found.readings = days
        else:
            match = _YEARLESS.match(plain)
            if not match:
                return text
            found.day_written = match["day"]
        found.place_written = re.sub(
            r"^(?:新华社|中新社|本报|本站)", "", match["place"].strip(" ,，")
        )
        found.place = self._places.get(found.place_written.casefold(), "")
        return plain[match.end() :]

    # --- the text ---

    def _closes(self, paragraph: Paragraph) -> bool:
        """Whether what follows is no longer the text: an end mark, or else boilerplate or contacts."""
        first = paragraph.lines[0].strip() if paragraph.lines else ""
        return bool(
            _END.fullmatch(paragraph.text.strip())
            or (_ABOUT.fullmatch(first) and not first.endswith((".", "。")))
            or (_CONTACTS.match(first) and len(first) < 60)
        )

    def _body(self, paragraphs: list[Paragraph], found: Recognised) -> None:
        at, first = 0, True
        while at < len(paragraphs):
            paragraph = paragraphs[at]
            at += 1
            if paragraph.kind == "image" or self._is_credit(paragraph):
                photograph, at = self._photograph(paragraphs, at - 1)
                found.body.append(photograph)
                continue
            markdown = paragraph.markdown
            if first and paragraph.kind == "paragraph":
                markdown = self._take_dateline(paragraph, found)
                first = False
            if markdown.strip():
                found.body.append(
                    (
                        paragraph.kind,
                        markdown.strip() if paragraph.kind != "item" else markdown.rstrip(),
                    )
                )

    @staticmethod
    def _is_credit(paragraph: Paragraph) -> bool:
        return len(paragraph.text) <= 80 and bool(_CREDIT.match(paragraph.text.strip()))

    def _photograph(self, paragraphs: list[Paragraph], at: int) -> tuple[Photograph, int]:
        """A picture's place, then its credit; the paragraph after a credit is its caption."""
        image = -1
        if paragraphs[at].kind == "image":
            image = paragraphs[at].image
            at += 1
        credit = caption = ""
        if at < len(paragraphs) and self._is_credit(paragraphs[at]):
            credit = paragraphs[at].lines[0].strip()
            caption = " ".join(line.strip() for line in paragraphs[at].lines[1:])
            at += 1
            if not caption and at < len(paragraphs) and paragraphs[at].kind == "paragraph":
                caption = paragraphs[at].text.strip()
                at += 1
        return Photograph(credit, caption, image), at

    # --- after the text ---

    def _tail(self, paragraphs: list[Paragraph], found: Recognised) -> None:
        boilerplate = False
        for paragraph in paragraphs:
            for line in paragraph.lines:
                text = line.strip()
                if not text:
                    continue
                if _END.fullmatch(text):
                    found.left_out.append((Words("结束符", "end mark"), text))
                elif _ABOUT.fullmatch(text):
                    boilerplate = True
                    found.left_out.append((Words("机构简介", "boilerplate"), text))
                elif self._contact(text, found) or (_CONTACTS.match(text) and len(text) < 60):
                    boilerplate = False
                elif boilerplate and len(text) > 60:
                    found.left_out.append((Words("机构简介", "boilerplate"), text))
                else:
                    kind = next((kind for pattern, kind in _CHANNELS if pattern.search(text)), None)
                    if kind:
                        boilerplate = False
                        found.left_out.append((kind, text))
                    elif boilerplate:
                        found.left_out.append((Words("机构简介", "boilerplate"), text))
                    else:
                        found.unplaced.append(text)

    def _contact(self, text: str, found: Recognised) -> bool:
        """A line with an e-mail address or a telephone number, matched with the newsroom's contacts."""
        emails = _EMAIL.findall(text)
        telephones = telephones_in(text)
        if not emails and not telephones:
            return False
        keys = [self._emails.get(one.casefold()) for one in emails]
        keys += [self._telephones.get(one) for one in telephones]
        known = [key for key in keys if key]
        for key in known:
            if key not in found.contacts:
                found.contacts.append(key)
        # Two people in one line, or an address and a number of different people: a person must look.
        if not known or len(set(known)) > 1:
            found.unknown_contacts.append(text)
        return True


def recognise(
    manuscript: Manuscript, contacts: Mapping[str, Contact], names: Mapping[str, Name]
) -> list[Recognised]:
    """Each language of a manuscript, in the order in which they stand in it."""
    recogniser = Recogniser(contacts, names)
    return [recogniser.read(section) for section in sections(manuscript)]


def unsaid(found: Iterable[Recognised]) -> list[Language]:
    """The languages in which the manuscript says nothing."""
    said = {one.language for one in found}
    return [language for language in (other("zh"), other("en")) if language not in said]
