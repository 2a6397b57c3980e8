"""A new item's folder: both language files with their fields explained, as a draft that builds at once.

What is true in both languages stands once, in the file of whoever starts the draft; the other file
holds that language's words only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, get_args

import msgspec

from pressroom import ledger
from pressroom.library import read_text
from pressroom.models import FOLDERS, NameKind
from pressroom.problems import PressroomError, Problem, UsageError, nearest
from pressroom.schema import read_data
from pressroom.words import LANGUAGES, Language, Words, other
from pressroom.yamlread import KEY

DraftKind = Literal["release", "event", "programme"]
KINDS: Final[tuple[DraftKind, ...]] = get_args(DraftKind)

LONGEST: Final = 80  # characters of a slug: it is read aloud, typed and printed
SHOWN: Final = 12  # known keys that a comment lists

# Windows has devices of these names in every folder: a colleague there could not check the folder out.
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
)


class Known(msgspec.Struct):
    """The keys that front matter may name, as they stand in the content now."""

    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    press_line: str = ""


class Entry(NamedTuple):
    """One key of the front matter: what it is for, what it starts with, whose keys it takes."""

    key: str
    what: Words
    value: str = ""
    own: bool = False  # said in each language's file for itself
    optional: bool = False  # written as a comment, to be taken in
    known: str = ""  # a field of Known


class Draft(msgspec.Struct, frozen=True):
    """Folders to be written below content/, with their files."""

    folder: str
    files: tuple[tuple[str, str], ...]  # path below content/, text


# --- the fields, a table a kind ----------------------------------------------------------------

_TITLE: Final = Entry(
    "title",
    Words(
        "标题，必填。里面有冒号、引号一类的符号时，整个标题用英文双引号括起来。",
        'Headline, required. With a colon or quotation marks in it, put it in "double quotes".',
    ),
    own=True,
)
_SUMMARY: Final = Entry(
    "summary",
    Words(
        "摘要，必填：一两句话，用在列表、订阅和分享里。",
        "Summary, required: one or two sentences for lists, feeds and sharing.",
    ),
    own=True,
)
_STATUS: Final = Entry(
    "status",
    Words(
        "状态：draft是草稿；写好以后改成public；发布后要撤回时改成withdrawn。",
        "Status: draft; public once it is ready; withdrawn to take it back after publication.",
    ),
    "draft",
)
_CONTACTS: Final = Entry(
    "contacts",
    Words("新闻联系人：data/contacts.yaml里的键。", "Press contacts: keys in data/contacts.yaml."),
    "[$press_line]",
    known="contacts",
)
_TOPICS: Final = Entry(
    "topics",
    Words("主题：data/topics.yaml里的键。", "Topics: keys in data/topics.yaml."),
    "[]",
    known="topics",
)
_EMBARGO: Final = Entry(
    "embargo",
    Words(
        "解禁时间：在此之前不会以任何形式公开。不写时区就是北京时间。",
        "Embargo: nothing leaves before it. Without an offset it is China Standard Time.",
    ),
    "${day}T15:00:00+08:00",
    optional=True,
)
_TRANSLATION: Final = Entry(
    "translation",
    Words(
        "两种语言的先后：together（默认，都写好才公开）、zh-first、en-first、zh-only、en-only。",
        "Which language may go first: together (the default: neither without the other), zh-first, en-first, zh-only, en-only.",
    ),
    "together",
    optional=True,
)
_PHOTOS: Final = Entry(
    "photos",
    Words(
        "照片放进photos文件夹，在这里写署名；有儿童的要写同意书编号；没有文件、向联系人索取的写on_request。",
        "Photographs lie in photos/ and are credited here; with children in them name the consent form; on_request has no file, the press contacts send it.",
    ),
    '\n  ceremony.jpg: {credit: "© …"}'
    '\n  children.jpg: {credit: "© …", children: true, consent: "REF-123", consent_until: $next_year-12-31}'
    '\n  portrait.jpg: {credit: "© …", on_request: true}',
    optional=True,
)
_SOURCES: Final = Entry(
    "sources",
    Words(
        "来源；url和date没有就不写。",
        "Sources; leave url and date out where there is none.",
    ),
    '\n  - {zh: "…", en: "…", publisher: {zh: "…", en: "…"}, url: "https://www.example.org/", date: $day}',
    optional=True,
)

FIELDS: Final[Mapping[str, tuple[Entry, ...]]] = {
    "release": (
        _TITLE,
        _SUMMARY,
        Entry(
            "date",
            Words(
                "电头日期，必填。年份要与文件夹releases/$year一致。",
                "The dateline's day, required. Its year is that of the folder releases/$year.",
            ),
            "$day",
        ),
        Entry(
            "place",
            Words(
                "电头地点，必填：data/names.yaml里kind为place的键。",
                "The dateline's place, required: a key in data/names.yaml whose kind is place.",
            ),
            known="places",
        ),
        _STATUS,
        _CONTACTS,
        _TOPICS,
        Entry(
            "programmes", Words("有关的项目。", "Programmes it is about."), "[]", known="programmes"
        ),
        Entry(
            "event",
            Words("有关的活动，没有就空着。", "The event it is about, if any."),
            known="events",
        ),
        _EMBARGO,
        _TRANSLATION,
        Entry(
            "kind",
            Words(
                "不是本单位的新闻稿，而是根据公开报道编写的消息：",
                "Not a release of our own but a news item compiled from published reports:",
            ),
            "compiled",
            optional=True,
        ),
        _PHOTOS,
        _SOURCES,
    ),
    "event": (
        _TITLE,
        _SUMMARY,
        Entry("edition", Words("第几届，以年份表示。", "The edition, by its year."), "$edition"),
        Entry("theme", Words("主题词，没有就空着。", "The theme, if there is one."), own=True),
        Entry(
            "starts",
            Words(
                "开始日期；还没定下日子就写到月或年（$year-06、$year）。",
                "First day; as much as is known ($year-06, $year) until the day is set.",
            ),
        ),
        Entry("ends", Words("结束日期，没有就空着。", "Last day, if there is one.")),
        Entry(
            "place",
            Words("地点：data/names.yaml里的键。", "Place: a key in data/names.yaml."),
            known="places",
        ),
        Entry(
            "state",
            Words(
                "announced（照常举行）、postponed（延期）或cancelled（取消）。",
                "announced, postponed or cancelled.",
            ),
            "announced",
        ),
        _STATUS,
        _CONTACTS,
        Entry(
            "hosts",
            Words("主办方：data/names.yaml里的键。", "Hosts: keys in data/names.yaml."),
            "[]",
            known="organisations",
        ),
        Entry(
            "people",
            Words("出席者：data/names.yaml里的键。", "Who takes part: keys in data/names.yaml."),
            "[]",
            known="people",
        ),
        Entry(
            "schedule",
            Words("日程：钟点用北京时间。", "The programme of the day, in China Standard Time."),
            '\n  - {at: "15:00", zh: "…", en: "…"}',
            optional=True,
        ),
        Entry(
            "accreditation",
            Words("媒体如何报名。", "How journalists are accredited."),
            '{zh: "…", en: "…"}',
            optional=True,
        ),
        _EMBARGO,
        _TRANSLATION,
        _PHOTOS,
        _SOURCES,
    ),
    "series": (
        _TITLE,
        _SUMMARY,
        Entry(
            "kind",
            Words(
                "系列活动：各届放在它下面的文件夹里，如$slug/$year。",
                "A series: its editions stand in folders below it, such as $slug/$year.",
            ),
            "series",
        ),
        _STATUS,
        _CONTACTS,
        _EMBARGO,
        _TRANSLATION,
        _PHOTOS,
        _SOURCES,
    ),
    "programme": (
        _TITLE,
        _SUMMARY,
        Entry(
            "since",
            Words(
                "何时开始：知道到哪一级就写到哪一级，如2010。",
                "When it began: as much as is known, such as 2010.",
            ),
        ),
        _STATUS,
        _CONTACTS,
        Entry(
            "partners",
            Words("合作方：data/names.yaml里的键。", "Partners: keys in data/names.yaml."),
            "[]",
            known="organisations",
        ),
        Entry(
            "facts",
            Words(
                "项目的数据，按页面上的顺序：data/facts.yaml里的键。",
                "Its figures, in the order of the page: keys in data/facts.yaml.",
            ),
            "[]",
            known="facts",
        ),
        _TOPICS,
        _EMBARGO,
        _TRANSLATION,
        _PHOTOS,
        _SOURCES,
    ),
}

_OPENING: Final[Mapping[str, Words]] = {
    "release": Words("新闻稿草稿", "A draft of a release"),
    "event": Words("活动草稿", "A draft of an event"),
    "series": Words("系列活动草稿", "A draft of a series of events"),
    "programme": Words("项目草稿", "A draft of a programme"),
}

_BODY: Final[Mapping[str, Words]] = {
    "release": Words(
        "正文写在下面的“---”之后，段落之间空一行。不写电头、###、“关于我们”和联系人，网站会自动加上。\n"
        '数字直接写出，例如5.9万。照片单独成段：![照片内容](photos/ceremony.jpg "图片说明")',
        "The text goes below the next line of ---, with an empty line between paragraphs. No dateline, ###, boilerplate\n"
        "or contacts: the site adds them. Figures are written out. A photograph is a paragraph of its own:\n"
        '![what it shows](photos/ceremony.jpg "Caption")',
    ),
    "event": Words(
        "正文写在下面的“---”之后，段落之间空一行。时间、地点、主办方和日程由上面各项生成，正文里不必重复。",
        "The text goes below the next line of ---, with an empty line between paragraphs. When, where, hosts and\n"
        "programme come from the fields above and need not be repeated.",
    ),
    "series": Words(
        "正文写在下面的“---”之后，段落之间空一行。",
        "The text goes below the next line of ---, with an empty line between paragraphs.",
    ),
    "programme": Words(
        "正文写在下面的“---”之后，段落之间空一行。数据不直接写数字，写成{fact}键，如{fact}villages：数据更新时页面随之更新。",
        "The text goes below the next line of ---, with an empty line between paragraphs. A figure is written\n"
        "{fact}key, such as {fact}villages: when the fact changes, so does the page.",
    ),
}

_SHARED: Final = Words(
    "以“#”开头的是说明，写好后可以删去。中英文共同的信息只写在这一个文件里；en.md只写英文的文字。",
    "Lines with # explain, and may go. What both languages share is said once, in this file; zh.md holds the Chinese words only.",
)
_ELSEWHERE: Final = Words(
    "以“#”开头的是说明，写好后可以删去。日期、地点、状态等共同的信息写在en.md里，这里只写中文的文字。",
    "Lines with # explain, and may go. What both languages share (day, place, status and so on) stands in zh.md; here are the English words only.",
)
_IF_NEEDED: Final = Words(
    "以下各项需要时才用：去掉行首的“# ”即可。",
    "What follows is used when needed: take the “# ” away.",
)


# --- what there is -----------------------------------------------------------------------------


def known(content: Path) -> Known:
    """The keys of the content folder; what cannot be read has none, `build` and `check` say why."""
    found: dict[str, dict[str, Any]] = {}
    ignored: list[Problem] = []
    for name in ("names", "contacts", "topics", "facts"):
        got = read_text(content, content.name, f"data/{name}.yaml", ignored)
        found[name] = (read_data(name, "", got[0], ignored) if got else None) or {}
    got = read_text(content, content.name, "data/organisation.yaml", ignored)
    organisation = read_data("organisation", "", got[0], ignored) if got else None
    by_kind: dict[Any, list[str]] = {}
    for key, name in found["names"].items():
        by_kind.setdefault(name.kind, []).append(key)
    return Known(
        places=tuple(by_kind.get(NameKind.PLACE, ())),
        organisations=tuple(by_kind.get(NameKind.ORGANISATION, ())),
        people=tuple(by_kind.get(NameKind.PERSON, ())),
        contacts=tuple(found["contacts"]),
        topics=tuple(found["topics"]),
        facts=tuple(found["facts"]),
        programmes=tuple(_folders(content / "programmes")),
        events=tuple(_folders(content / "events", nested=True)),
        press_line=organisation.press_line if organisation is not None else "",
    )


def _folders(root: Path, nested: bool = False) -> Iterator[str]:
    """Keys of the items below a folder, newest editions first."""
    if not root.is_dir():
        return
    for folder in sorted(root.iterdir()):
        if folder.is_dir() and KEY.fullmatch(folder.name):
            if nested:
                editions = [
                    each.name
                    for each in folder.iterdir()
                    if each.is_dir() and each.name[:1].isdigit()
                ]
                yield from (f"{folder.name}/{each}" for each in sorted(editions, reverse=True))
            yield folder.name


# --- the texts ---------------------------------------------------------------------------------


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in text.split("\n")]


def _listed(keys: Iterable[str], language: Language) -> str:
    keys = list(keys)
    if not keys:
        return ""
    more = len(keys) > SHOWN
    if language == "zh":
        return f"现有：{'、'.join(keys[:SHOWN])}{'等' if more else ''}。"
    return f"Known: {', '.join(keys[:SHOWN])}{' and more' if more else ''}."


# Not \w: Chinese follows without a space.
_PLACE: Final = re.compile(r"\$(?:\{([a-z_]+)\}|([a-z_]+))")


def _entry(
    entry: Entry, language: Language, given: Mapping[str, str], keys: Known
) -> Iterator[str]:
    def filled(text: str) -> str:
        return _PLACE.sub(lambda match: given[match[1] or match[2]], text)

    yield from _comment(filled(entry.what[language]))
    if entry.known:
        listed = _listed(getattr(keys, entry.known), language)
        if listed:
            yield f"# {listed}"
    value = filled(entry.value)
    space = "" if value.startswith("\n") or not value else " "
    lines = f"{entry.key}:{space}{value}".split("\n")
    yield from (_comment("\n".join(lines)) if entry.optional else lines)


def file(kind: str, language: Language, lead: bool, given: Mapping[str, str], keys: Known) -> str:
    """One language file: with the common fields when it leads, else with that language's words only."""
    # An event that takes place once is no edition of anything.
    fields = [entry for entry in FIELDS[kind] if entry.key != "edition" or given["edition"]]
    lines: list[str] = ["---", f"# {_OPENING[kind][language]}{'。' if language == 'zh' else '.'}"]
    lines += _comment((_SHARED if lead else _ELSEWHERE)[language])
    for entry in fields:
        if entry.own or (lead and not entry.optional):
            lines += _entry(entry, language, given, keys)
    if lead:
        lines += ["", *_comment(_IF_NEEDED[language])]
        for entry in fields:
            if entry.optional:
                lines += _entry(entry, language, given, keys)
    lines += ["", *_comment(_BODY[kind][language]), "---", "", ""]
    return "\n".join(lines)


# --- the folder --------------------------------------------------------------------------------


def checked(slug: str) -> str:
    """A slug that can be an address for ever; UsageError with the nearest good one for any other."""
    if not KEY.fullmatch(slug):
        better = re.sub(r"[^a-z0-9]+", "-", slug.casefold()).strip("-")
        hint = (
            Words(f"可以写成{better}。", f"; {better} would do")
            if KEY.fullmatch(better)
            else Words(
                "请用英文或拼音，如child-welfare-week。",
                "; use English words, such as child-welfare-week",
            )
        )
        raise UsageError(
            f"“{slug}”不能作文件夹名：它就是网址，只用小写字母、数字和单个连字符。{hint.zh}",
            f"{slug!r} cannot be a folder's name: it is the address, made of a–z, 0–9 and single hyphens{hint.en}",
        )
    if len(slug) > LONGEST:
        raise UsageError(
            f"文件夹名有{len(slug)}个字符，最多{LONGEST}个：它就是网址，请写短些。",
            f"the folder's name has {len(slug)} characters; at most {LONGEST}: it is the address, make it shorter",
        )
    if slug in DEVICES:
        raise UsageError(
            f"“{slug}”是Windows保留的名字，那里的同事打不开这个文件夹；请换一个。",
            f"{slug!r} is a reserved name on Windows, where colleagues could not open the folder; choose another",
        )
    return slug


def draft(kind: str, slug: str, content: Path, today: date, lead: Language) -> Draft:
    """The folder of a new item, not yet written.

    `slug` is a release's or a programme's folder name; an event's, or `series/edition` for an edition,
    whose series is made along with it where there is none. A release goes into the year of `today`.
    Raises UsageError for an unknown kind, a slug that cannot be, a folder or address that exists.
    """
    if kind not in KINDS:
        like = nearest(kind, KINDS)
        raise UsageError(
            f"不能新建“{kind}”；可以新建release（新闻稿）、event（活动）、programme（项目）。"
            + (f"是不是{like}？" if like else ""),
            f"{kind!r} is no kind of item; there are release, event and programme"
            + (f"; did you mean {like}?" if like else ""),
        )
    parts = slug.strip("/").split("/")
    if len(parts) > (2 if kind == "event" else 1):
        raise UsageError(
            f"“{slug}”里不该有“/”：年份和文件夹由程序决定，只写最后的名字。"
            if kind != "event"
            else f"“{slug}”写得太深：活动是名字，某一届是名字/年份，如child-welfare-week/{today.year}。",
            f"no “/” in {slug!r}: the program knows year and folder, give the last name only"
            if kind != "event"
            else f"{slug!r} is too deep: an event is a name, an edition a name and a year, such as child-welfare-week/{today.year}",
        )
    for part in parts:
        checked(part)
    top = FOLDERS[kind]
    base = f"{top}/{today.year}" if kind == "release" else top
    folder = f"{base}/{'/'.join(parts)}"
    vacant(content, folder)
    given = {
        "slug": parts[0],
        "year": str(today.year),
        "day": today.isoformat(),
        "next_year": str(today.year + 1),
        "edition": parts[-1] if re.fullmatch(r"\d{4}", parts[-1]) else "",
    }
    keys = known(content)
    given["press_line"] = keys.press_line
    files = [*_both(kind, folder, lead, given, keys)]
    series = f"{base}/{parts[0]}"
    if len(parts) == 2 and not any(
        (content / series / f"{each}.md").exists() for each in LANGUAGES
    ):
        files += _both("series", series, lead, given, keys)
    return Draft(folder, tuple(files))


def _both(
    kind: str, folder: str, lead: Language, given: Mapping[str, str], keys: Known
) -> Iterator[tuple[str, str]]:
    for language in (lead, other(lead)):
        yield f"{folder}/{language}.md", file(kind, language, language == lead, given, keys)


def vacant(content: Path, folder: str) -> None:
    """UsageError when something stands in that folder, or ever stood at its address."""
    shown = f"{content.name}/{folder}"
    # A series may have got its editions first: only its own two files are in the way.
    taken = [name for name in ("zh.md", "en.md", "photos") if (content / folder / name).exists()]
    if taken or ((content / folder).exists() and not (content / folder).is_dir()):
        raise UsageError(
            f"{shown}已经存在；请换一个名字，或直接修改它。",
            f"{shown} exists already; choose another name, or edit it",
        )
    published = ledger.read(content.parent)
    for language in LANGUAGES:
        if f"/{language}/{folder}/" in published:
            raise UsageError(
                f"/{language}/{folder}/曾经发布过，不能再给另一条内容用；请换一个名字。",
                f"/{language}/{folder}/ was published once and cannot be given to something else; choose another name",
            )


def write(made: Draft, content: Path) -> list[Path]:
    """Write a draft's files; returns them. Nothing that exists is overwritten."""
    written = []
    try:
        for name, text in made.files:
            path = content / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
            written.append(path)
    except OSError as error:
        raise PressroomError(
            f"写不进{error.filename}：{error.strerror}。",
            f"{error.filename} cannot be written: {error.strerror}",
        ) from error
    return written
