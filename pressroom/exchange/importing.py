"""A manuscript as a folder of content: what is sure is filled in, what is not is marked, nothing is guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from pressroom.exchange.reading import Manuscript, read
from pressroom.exchange.recognition import Photograph, Recognised, recognise
from pressroom.models import Contact, Name
from pressroom.problems import PressroomError, UsageError
from pressroom.words import LANGUAGES, Language, Words
from pressroom.yamlread import KEY

TODO: Final = "TODO"
_SMALL_WORDS: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "by",
        "for",
        "from",
        "has",
        "in",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "that",
        "the",
        "to",
        "was",
        "will",
        "with",
    ]
)
_SUGGESTED_WORDS: Final = 5


class Imported(msgspec.Struct, frozen=True):
    """A folder of content to be written: path below content/, its files, and what a person must decide."""

    folder: str
    files: tuple[tuple[str, bytes], ...]
    marks: tuple[Words, ...]


def suggested_slug(titles: Mapping[Language, str]) -> str:
    """A slug from the English headline, else from the Chinese one's Pinyin; "" where neither gives one."""
    words = re.findall(
        r"[a-z0-9]+",
        titles.get("en", "").casefold().replace("’", "").replace("'", "").replace(",", ""),
    )
    chosen = [word for word in words if word not in _SMALL_WORDS][:_SUGGESTED_WORDS]
    if not chosen and titles.get("zh"):
        # Its tables take a while to load; characters with several readings make this a suggestion only.
        from pypinyin import lazy_pinyin

        syllables = lazy_pinyin(re.sub(r"[^\u4e00-\u9fffA-Za-z0-9]", "", titles["zh"])[:8])
        chosen = re.findall(r"[a-z0-9]+", " ".join(syllables).casefold())
    return "-".join(chosen)


def _yaml(text: str) -> str:
    """Text as a double-quoted YAML scalar: JSON's quoting is YAML's."""
    return json.dumps(text, ensure_ascii=False)


def _comment(words: Words, value: str = "") -> str:
    line = f"# {words.zh} / {words.en}"
    return f"{line}: {value}" if value else line


def _readings(days: tuple[date, ...]) -> Words:
    return Words("或".join(map(str, days)), " or ".join(map(str, days)))


class _Folder:
    """Collects front matter, bodies and marks while a manuscript is written down."""

    def __init__(self, name: str, manuscript: Manuscript, found: list[Recognised]) -> None:
        self.name = name
        self.manuscript = manuscript
        self.found = {one.language: one for one in reversed(found)}
        self.marks: list[Words] = list(manuscript.marks)
        self.pictures: list[tuple[str, bytes]] = []
        self._photographs: dict[int, str] = {}

    def mark(self, zh: str, en: str) -> str:
        """Something a person must decide: told on the terminal and written as a comment."""
        self.marks.append(Words(zh, en))
        return f"# {TODO} {zh} / {en}"

    def lead(self) -> Language:
        """The language whose file carries what is common: the first one of the manuscript."""
        return next(language for language in LANGUAGES if language in self.found)

    # --- front matter ---

    def common(self) -> Iterator[str]:
        """What is true in both languages."""
        yield from self._date()
        yield from self._place()
        yield from self._contacts()
        yield from self._photos()

    def _date(self) -> Iterator[str]:
        days = {one.day for one in self.found.values() if one.day}
        if len(days) == 1:
            yield f"date: {days.pop()}"
        elif days:
            readings = _readings(tuple(sorted(days)))
            yield self.mark(
                f"date: 两种语言的电头日期不同：{readings.zh}",
                f"the two datelines differ: {readings.en}",
            )
        else:
            one = next(
                (one for one in self.found.values() if one.readings or one.day_written), None
            )
            if one and one.readings:
                readings = _readings(one.readings)
                yield self.mark(
                    f"date: 电头写的是“{one.day_written}”，可读作{readings.zh}，未作决定",
                    f"the dateline says {one.day_written!r}, which is {readings.en}; left undecided",
                )
            elif one:
                yield self.mark(
                    f"date: 电头只写了“{one.day_written}”，没有年份",
                    f"the dateline says {one.day_written!r} without a year",
                )
            else:
                yield self.mark(
                    "date: 没找到电头，请填发稿日期", "no dateline found: fill in the day"
                )
        for one in self.found.values():
            if one.posted and len(one.posted_readings) > 1:
                readings = _readings(one.posted_readings)
                yield self.mark(
                    f"发布日期写作“{one.posted}”，可读作{readings.zh}，未采用",
                    f"the posting date {one.posted!r} is {readings.en}; it was not used",
                )
            elif one.posted:
                yield _comment(
                    Words("文中的发布日期，未采用", "posting date in the file, not used"),
                    one.posted,
                )

    def _place(self) -> Iterator[str]:
        places = {one.place for one in self.found.values() if one.place}
        written = sorted({one.place_written for one in self.found.values() if one.place_written})
        if len(places) == 1:
            yield f"place: {places.pop()}"
        elif written:
            yield self.mark(
                f"place: “{'、'.join(written)}”在data/names.yaml里没有唯一对应的地名",
                f"{', '.join(written)!r} is not one place of data/names.yaml",
            )
        else:
            yield self.mark("place: 没找到地点", "no place found")

    def _contacts(self) -> Iterator[str]:
        keys = list(dict.fromkeys(key for one in self.found.values() for key in one.contacts))
        if keys:
            yield f"contacts: [{', '.join(keys)}]"
        else:
            yield self.mark(
                "contacts: 没有找到data/contacts.yaml里的联系人",
                "nobody of data/contacts.yaml was found",
            )
        for text in dict.fromkeys(
            text for one in self.found.values() for text in one.unknown_contacts
        ):
            yield self.mark(f"联系人待核对：{text}", f"a contact to be checked: {text}")

    def _photos(self) -> Iterator[str]:
        photographs = [
            piece
            for one in self._bodies_with_photographs()
            for piece in one.body
            if isinstance(piece, Photograph)
        ]
        if not photographs:
            return
        yield "photos:"
        for number, photograph in enumerate(photographs):
            name = self.name_of(number, photograph)
            shipped = photograph.image >= 0
            if shipped:
                self.pictures.append(
                    (f"photos/{name}", self.manuscript.pictures[photograph.image][1])
                )
            fields = [f"credit: {_yaml(photograph.credit)}"] if photograph.credit else []
            fields += [] if shipped else ["on_request: true"]
            yield f"  {name}: {{{', '.join(fields)}}}"
            if not photograph.credit:
                yield "  " + self.mark(f"{name}没有署名", f"{name} has no credit")
            if shipped:
                yield "  " + self.mark(
                    f"{name}如有儿童，写children、consent和consent_until",
                    f"if {name} shows children: children, consent, consent_until",
                )
            yield "  " + self.mark(
                f"{name}的替代文字待写", f"the alt text of {name} is to be written"
            )

    def _bodies_with_photographs(self) -> list[Recognised]:
        """Photographs are common to both languages: the fuller body names them."""
        counted = [
            (sum(isinstance(piece, Photograph) for piece in one.body), one)
            for one in self.found.values()
        ]
        return [max(counted, key=lambda pair: pair[0])[1]] if counted else []

    def name_of(self, number: int, photograph: Photograph) -> str:
        """photo-1.jpg and so on, the same in both languages."""
        if number not in self._photographs:
            extension = (
                self.manuscript.pictures[photograph.image][0] if photograph.image >= 0 else "jpg"
            )
            self._photographs[number] = f"photo-{number + 1}.{extension}"
        return self._photographs[number]

    # --- a file ---

    def file(self, language: Language) -> str:
        """zh.md or en.md."""
        one = self.found.get(language)
        lines = ["---"]
        if language == self.lead():
            lines.append(_comment(Words("导入自", "imported from"), self.name))
        lines.append("status: draft")
        if one is None:
            lines.append(
                self.mark(
                    "title、summary和正文待译成中文"
                    if language == "zh"
                    else "title、summary和正文待译成英文",
                    "title, summary and body are to be translated into "
                    + ("Chinese" if language == "zh" else "English"),
                )
            )
            return "\n".join([*lines, "---", ""])
        lines.append(
            f"title: {_yaml(one.title)}"
            if one.title
            else self.mark("title: 没找到标题", "no headline found")
        )
        lines.append(
            self.mark(
                f"summary: 摘要待写（{language}）", f"the summary is to be written ({language})"
            )
        )
        body = self._body(one)
        if language == self.lead():
            lines += self.common()
        if one.quotations:
            lines.append(
                self.mark(
                    f"{one.quotations}处直接引语，请核对原话和出处",
                    f"{one.quotations} direct quotations: check wording and source",
                )
            )
        for kind, text in one.left_out:
            lines.append(_comment(Words(f"未采用（{kind.zh}）", f"left out ({kind.en})"), text))
        for text in one.unplaced:
            lines.append(self.mark(f"不知该放哪里：{text}", f"where does this belong: {text}"))
        return "\n".join([*lines, "---", body, ""])

    def _body(self, one: Recognised) -> str:
        out: list[str] = []
        number = 0
        previous = ""
        for piece in one.body:
            if isinstance(piece, Photograph):
                title = f' "{piece.caption}"' if piece.caption else ""
                out.append(f"![](photos/{self.name_of(number, piece)}{title})")
                number += 1
                previous = "image"
                continue
            kind, markdown = piece
            if kind == "item" and previous == "item":
                out[-1] += f"\n{markdown}"
            else:
                out.append(markdown)
            previous = kind
        return "\n\n".join(out)


def _year(found: list[Recognised]) -> int:
    """The year of the folder: the dateline's, else that of every reading of every date."""
    years = {one.day.year for one in found if one.day}
    years = years or {day.year for one in found for day in one.readings}
    years = years or {day.year for one in found for day in one.posted_readings}
    if len(years) != 1:
        raise PressroomError(
            "看不出稿件是哪一年的：请在正文开头写上电头，例如“北京，2017年5月31日——”。",
            "the year of the release cannot be told: open the text with a dateline, such as “Beijing, 31 May 2017 – ”",
        )
    return years.pop()


def import_file(
    path: Path, slug: str, contacts: Mapping[str, Contact], names: Mapping[str, Name]
) -> Imported:
    """Read a manuscript into a folder of content.

    `slug` is the folder's name; with "" a suggestion is used and marked as one. Raises UsageError for
    a file or slug that cannot be, PressroomError for a manuscript without text or year.
    """
    if slug and not KEY.fullmatch(slug):
        raise UsageError(
            f"“{slug}”不能作文件夹名：只用小写字母、数字和连字符。",
            f"{slug!r} cannot be a folder's name: use small letters, digits and hyphens",
        )
    manuscript = read(path)
    found = recognise(manuscript, contacts, names)
    if not any(one.body for one in found):
        raise PressroomError(
            f"“{path.name}”里没有找到正文。", f"no text was found in {path.name!r}"
        )
    folder = _Folder(path.name, manuscript, found)
    if len(found) > len(folder.found):
        folder.mark(
            "同一种语言有几部分，只导入了第一部分",
            "a language has several parts; only the first was imported",
        )
    if not slug:
        slug = suggested_slug({one.language: one.title for one in found})
        if not slug:
            raise UsageError("请用--as给出文件夹名。", "name the folder with --as")
        folder.mark(
            f"文件夹名“{slug}”只是建议；发布以后不能再改",
            f"the folder's name {slug!r} is a suggestion; it cannot change once public",
        )
    lead = folder.lead()
    texts = {
        language: folder.file(language)
        for language in (lead, *(one for one in LANGUAGES if one != lead))
    }
    files = [(f"{language}.md", text.encode()) for language, text in texts.items()]
    return Imported(
        f"releases/{_year(found)}/{slug}", (*files, *folder.pictures), tuple(folder.marks)
    )


def write(imported: Imported, content: Path) -> Path:
    """Write the folder below `content`; nothing that exists is overwritten. Returns its path."""
    target = content / imported.folder
    if target.exists():
        raise UsageError(
            f"“{imported.folder}”已经存在；请用--as换一个名字。",
            f"{imported.folder!r} exists already; give another name with --as",
        )
    for name, data in imported.files:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return target
