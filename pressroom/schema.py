"""What may stand in a content file: front matter and data files, read into records.

One table a kind says which keys there are, how each is read and whether it must be there. A file
is read into a `Leaf`; the two leaves of a folder are joined into an `Item`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import yaml

from pressroom import telephones
from pressroom.models import (
    Contact,
    Data,
    EventState,
    Fact,
    Item,
    Kind,
    Name,
    NameKind,
    Notice,
    Organisation,
    Photo,
    Point,
    Qualifier,
    Role,
    Side,
    Source,
    Status,
    Topic,
    Translation,
    Value,
)
from pressroom.moments import iso, start_of
from pressroom.problems import Problem, Severity, nearest
from pressroom.words import LANGUAGES, Language, Words, other
from pressroom.yamlread import (
    Bad,
    Document,
    Field,
    Reader,
    Shape,
    clock_or_instant,
    compose,
    day,
    email,
    flag,
    instant,
    key,
    many,
    number,
    one_of,
    path_key,
    prose_words,
    record,
    refuse_aliases,
    scalar,
    shape,
    some_words,
    table,
    text,
    uncertain,
    uncertain_text,
    web,
    whole,
    words,
)

PHOTO_NAME: Final = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*\.(?:jpg|jpeg|png)")


# --- parts of an item --------------------------------------------------------------------------

_SOURCE: Final[Shape] = {
    "zh": Field(text),
    "en": Field(text),
    "publisher": Field(
        lambda d, n: words(d, n) if isinstance(n, yaml.MappingNode) else _same(text(d, n))
    ),
    "url": Field(web),
    "date": Field(uncertain_text),
}


def _same(value: str) -> Words:
    return Words(value, value)


def _source(document: Document, node: yaml.Node) -> Source:
    values = record(_SOURCE, Words("来源", "a source"))(document, node)
    title = Words(values.get("zh", ""), values.get("en", ""))
    if not title:
        raise document.refuse(
            node,
            "missing",
            Words("来源没有写名称。", "a source has no title"),
            Words("写上zh或en。", "add zh or en"),
        )
    return Source(
        title, values.get("publisher", Words()), values.get("url", ""), values.get("date", "")
    )


_PHOTO: Final[Shape] = {
    "credit": Field(text, required=True),
    "on_request": Field(flag),
    "children": Field(flag),
    "consent": Field(text),
    "consent_until": Field(uncertain),
}


def _photo(document: Document, name: str, node: yaml.Node, line: int) -> Photo:
    return Photo(name=name, **record(_PHOTO, Words("照片", "a photograph"))(document, node))


_photos: Final = table(
    _photo,
    PHOTO_NAME,
    Words(
        "写成ceremony.jpg这样：小写字母、数字、连字符，.jpg或.png。",
        "write it like ceremony.jpg: a–z, 0–9, hyphens, .jpg or .png",
    ),
)

_CORRECTION: Final[Shape] = {
    "at": Field(instant, required=True),
    "zh": Field(text),
    "en": Field(text),
    "minor": Field(flag),
}


def _notice(document: Document, node: yaml.Node) -> Notice:
    values = record(_CORRECTION, Words("更正或撤回", "a correction or withdrawal"))(document, node)
    return Notice(
        values["at"], Words(values.get("zh", ""), values.get("en", "")), values.get("minor", False)
    )


_POINT: Final[Shape] = {
    "at": Field(clock_or_instant, required=True),
    "zh": Field(text, required=True),
    "en": Field(text, required=True),
}


def _point(document: Document, node: yaml.Node) -> Point:
    values = record(_POINT, Words("日程", "a point of the programme"))(document, node)
    return Point(values["at"], Words(values["zh"], values["en"]))


class Waiver(msgspec.Struct, frozen=True, array_like=True):
    """A proofreading rule that this item may break, and why."""

    allow: str
    because: str
    line: int


_WAIVER: Final[Shape] = {"allow": Field(text, required=True), "because": Field(text, required=True)}


def _waiver(document: Document, node: yaml.Node) -> Waiver:
    return Waiver(
        **record(_WAIVER, Words("校对豁免", "a waiver"))(document, node), line=document.line(node)
    )


# --- front matter, a table a kind --------------------------------------------------------------

_EVERYWHERE: Final[Shape] = {
    "title": Field(text, required=True),
    "summary": Field(text, required=True),
    "status": Field(one_of(Status), weighty=True),
    "embargo": Field(instant, weighty=True),
    "translation": Field(one_of(Translation), weighty=True),
    "sources": Field(many(_source)),
    "updated": Field(instant),
    "photos": Field(_photos),
    "corrections": Field(many(_notice)),
    "withdrawn": Field(_notice, weighty=True),
    "contacts": Field(many(key)),
    "proofread": Field(many(_waiver)),
}

_RELEASE_KIND: Final = ("release", "compiled")
_EVENT_KIND: Final = ("series", "edition")


def _kind_of(known: Iterable[str]) -> Reader[str]:
    known = tuple(known)

    def read(document: Document, node: yaml.Node) -> str:
        value = scalar(document, node)
        if value not in known:
            raise document.refuse(
                node,
                "unknown-value",
                Words(f"没有“{value}”这个值。", f"{value!r} is not a known value"),
                Words(f"可用：{'、'.join(known)}。", f"known: {', '.join(known)}"),
                value,
            )
        return value

    return read


FRONT: Final[dict[Kind, Shape]] = {
    "release": {
        **_EVERYWHERE,
        "kind": Field(_kind_of(_RELEASE_KIND)),
        "date": Field(day, required=True),
        "place": Field(key, required=True),
        "status": Field(one_of(Status), required=True),
        "contacts": Field(many(key), required=True),
        "programmes": Field(many(key)),
        "event": Field(path_key),
        "topics": Field(many(key)),
    },
    "event": {
        **_EVERYWHERE,
        "kind": Field(_kind_of(_EVENT_KIND)),
        "edition": Field(whole),
        "starts": Field(uncertain),
        "ends": Field(uncertain),
        "place": Field(key),
        "theme": Field(text),
        "hosts": Field(many(key)),
        "people": Field(many(key)),
        "schedule": Field(many(_point)),
        "state": Field(one_of(EventState)),
        "hours": Field(words),
        "accreditation": Field(words),
        "topics": Field(many(key)),
        "programmes": Field(many(key)),
    },
    "programme": {
        **_EVERYWHERE,
        "since": Field(uncertain),
        "partners": Field(many(key)),
        "facts": Field(many(key)),
        "topics": Field(many(key)),
    },
    "page": dict(_EVERYWHERE),
}

KIND_NAMES: Final[dict[Kind, Words]] = {
    "release": Words("新闻稿", "a release"),
    "event": Words("活动", "an event"),
    "programme": Words("项目", "a programme"),
    "page": Words("页面", "a page"),
}

# Words differ by language; so may the moment of going out, where one language may go before the other.
_OF_A_SIDE: Final = frozenset({"title", "summary", "theme"})
_OF_A_SIDE_WHEN_APART: Final = frozenset({"status", "embargo"})


class Leaf(msgspec.Struct):
    """One language file: what its front matter says, where, and where its body begins."""

    language: Language
    path: str
    values: dict[str, Any]
    lines: dict[str, int]
    body: str
    body_line: int
    problems: list[Problem]


_FENCE: Final = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)


def read_leaf(kind: Kind, language: Language, path: str, source: str) -> Leaf:
    """Read one language file; every problem is in the leaf, nothing is raised."""
    document = Document(path, first_line=2)
    leaf = Leaf(language, path, {}, {}, "", 1, document.problems)
    fence = _FENCE.match(source)
    if not fence:
        document.report(
            1,
            "front-matter",
            Words(
                "文件开头没有用两行“---”围起来的信息。",
                "the file does not open with front matter between two lines of ---",
            ),
            Words(
                "照`new`生成的样子写：第一行“---”，然后是键和值，再一行“---”。",
                "begin with a line ---, then keys and values, then a line ---",
            ),
        )
        return leaf
    front = fence[1]
    leaf.body = source[fence.end() :]
    leaf.body_line = source.count("\n", 0, fence.end()) + 1
    what = KIND_NAMES[kind]
    refuse_aliases(document, front)
    node = compose(document, front)
    if node is None:
        if not document.problems:
            document.report(
                1, "front-matter", Words("文件开头的信息是空的。", "the front matter is empty")
            )
        return leaf
    try:
        leaf.values, leaf.lines = shape(document, node, FRONT[kind], what)
    except Bad:
        return leaf
    for name in ("title", "summary"):
        if name not in leaf.lines:
            document.report(
                1,
                "missing",
                Words(f"{what.zh}缺少“{name}”。", f"{what.en} lacks {name!r}"),
                Words(f"补上一行“{name}: …”。", f"add a line “{name}: …”"),
                name,
            )
    return leaf


# Problems that a draft may still have: what is not finished, not what is unreadable.
UNFINISHED: Final = frozenset(
    {"missing", "empty", "reference", "photograph", "folder", "dateline", "heading"}
)


def softened(problems: Iterable[Problem], sides: Sequence[Side]) -> list[Problem]:
    """In a draft, what is merely unfinished is a warning.

    Where one language is a draft and the other goes out, that is true of the draft's own words only:
    what is common goes out with the other.
    """
    drafts = {side.path: side for side in sides if side.status is Status.DRAFT}

    def unfinished(problem: Problem) -> bool:
        if problem.rule not in UNFINISHED or problem.severity is not Severity.ERROR:
            return False
        if len(drafts) == len(sides):
            return True
        mine = drafts.get(problem.path)
        return mine is not None and (problem.line >= mine.body_line or problem.value in _OF_A_SIDE)

    return [
        msgspec.structs.replace(problem, severity=Severity.WARNING)
        if unfinished(problem)
        else problem
        for problem in problems
    ]


def join(
    kind: Kind, item_key: str, leaves: Mapping[Language, Leaf], problems: list[Problem]
) -> dict[str, Any]:
    """The common fields of a folder, said in either file; both must agree. Returns field → value."""
    what = KIND_NAMES[kind]
    common: dict[str, Any] = {}
    said: dict[str, Leaf] = {}
    translation = next(
        (leaf.values["translation"] for leaf in leaves.values() if "translation" in leaf.values),
        Translation.TOGETHER,
    )
    apart = translation is not Translation.TOGETHER
    for leaf in leaves.values():
        for name, value in leaf.values.items():
            if name in _OF_A_SIDE or (apart and name in _OF_A_SIDE_WHEN_APART):
                continue
            if name in ("corrections", "withdrawn"):
                value = _with_sides(common.get(name), value)
                common[name] = value
                said.setdefault(name, leaf)
                continue
            if name in common and common[name] != value:
                first = said[name]
                problems.append(
                    Problem(
                        leaf.path,
                        leaf.lines[name],
                        1,
                        "agreement",
                        Words(
                            f"“{name}”与{first.path}第{first.lines[name]}行不一致。",
                            f"{name!r} differs from {first.path}:{first.lines[name]}",
                        ),
                        Words(
                            "两处写成一样，或只在一个文件里写。",
                            "make both the same, or say it in one file only",
                        ),
                        _plain(value),
                        _plain(common[name]),
                    )
                )
            else:
                common.setdefault(name, value)
                said.setdefault(name, leaf)
    # A key whose value could not be read is there all the same: it has its own problem already.
    there = {name for leaf in leaves.values() for name in leaf.lines}
    # Of a file that could not be read at all nobody knows what it says.
    readable = all(leaf.lines for leaf in leaves.values())
    for name, field in FRONT[kind].items():
        if readable and field.required and name not in there and name not in _OF_A_SIDE:
            first = next(iter(leaves.values()))
            problems.append(
                Problem(
                    first.path,
                    1,
                    0,
                    "missing",
                    Words(f"{what.zh}缺少“{name}”。", f"{what.en} lacks {name!r}"),
                    Words(
                        f"在任一语言的文件里补上“{name}: …”。",
                        f"add “{name}: …” in either language's file",
                    ),
                    name,
                )
            )
    return common


def _with_sides(before: Any, now: Any) -> Any:
    """Corrections said in each file in its own language are one: same instant, both texts."""
    if before is None:
        return now
    if isinstance(now, Notice):
        return _one_notice(before, now)
    joined = list(before)
    for notice in now:
        for position, known in enumerate(joined):
            if known.at == notice.at:
                joined[position] = _one_notice(known, notice)
                break
        else:
            joined.append(notice)
    return tuple(sorted(joined, key=lambda notice: notice.at))


def _one_notice(one: Notice, two: Notice) -> Notice:
    return Notice(
        one.at,
        Words(one.text.zh or two.text.zh, one.text.en or two.text.en),
        one.minor or two.minor,
    )


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_plain, value))
    return str(value)


def side_moment(
    leaf: Leaf, leaves: Mapping[Language, Leaf], common: Mapping[str, Any]
) -> tuple[Status, datetime | None]:
    """A side's own status and embargo, else the common ones, else the other side's."""
    twin = leaves.get(other(leaf.language))
    twin_values = twin.values if twin else {}
    status = leaf.values.get("status") or common.get("status") or twin_values.get("status")
    embargo = leaf.values.get("embargo") or common.get("embargo") or twin_values.get("embargo")
    return status or Status.PUBLIC, embargo


def make_item(
    kind: Kind,
    item_key: str,
    digest: str,
    sides: Mapping[Language, Side],
    common: dict[str, Any],
) -> Item:
    """The record of a folder; fields that only proofreading or drafts need are left behind."""
    values = {name: value for name, value in common.items() if name in Item.__struct_fields__}
    kind_said = common.get("kind", "")
    values.pop("kind", None)
    values["photos"] = tuple(common.get("photos", {}).values())
    return Item(
        key=item_key,
        kind=kind,
        slug=item_key.rsplit("/", 1)[-1],
        zh=sides.get("zh"),
        en=sides.get("en"),
        digest=digest,
        compiled=kind_said == "compiled",
        series=kind_said == "series",
        **values,
    )


# --- data files --------------------------------------------------------------------------------

_VALUE: Final[Shape] = {
    "value": Field(number, required=True),
    "as_of": Field(uncertain, required=True),
    "qualifier": Field(one_of(Qualifier)),
    "source": Field(lambda d, n: _source(d, n) if isinstance(n, yaml.MappingNode) else text(d, n)),
    "note": Field(words),
}


def _value(document: Document, node: yaml.Node) -> Value:
    values = record(_VALUE, Words("数值", "a value"))(document, node)
    source = values.get("source", "")
    return Value(
        values["value"],
        values["as_of"],
        values.get("qualifier"),
        source if isinstance(source, str) else "",
        source if isinstance(source, Source) else None,
        values.get("note", Words()),
    )


_FACT: Final[Shape] = {
    "programme": Field(key),
    "label": Field(words, required=True),
    "unit": Field(words, required=True),
    "values": Field(many(_value), required=True),
}


def _fact(document: Document, name: str, node: yaml.Node, line: int) -> Fact:
    values = record(_FACT, Words("数据", "a fact"))(document, node)
    if not values["values"]:
        raise document.refuse(
            node, "empty", Words("这项数据没有数值。", "this fact has no values"), value=name
        )
    dates = [value.as_of.last for value in values["values"]]
    if dates != sorted(dates):
        document.report(
            node,
            "order",
            Words("数值没有按时间先后排列。", "the values are not in order of time"),
            Words("最新的放在最后。", "put the newest last"),
            name,
        )
    return Fact(
        name, values.get("programme", ""), values["label"], values["unit"], values["values"], line
    )


_CONTACT: Final[Shape] = {
    "name": Field(words, required=True),
    "role": Field(words, required=True),
    "organisation": Field(key, required=True),
    "languages": Field(many(key)),
    "telephone": Field(text),
    "email": Field(email),
    "wechat": Field(text),
    "hours": Field(words),
    "confirmed": Field(day, required=True),
    "valid_until": Field(instant),
    "successor": Field(key),
}


def _contact(document: Document, name: str, node: yaml.Node, line: int) -> Contact:
    values = record(_CONTACT, Words("联系人", "a contact"))(document, node)
    telephone = values.get("telephone", "")
    if telephone:
        wrong = telephones.problem(telephone)
        if wrong is not None:
            raise document.refuse(node, "telephone", wrong, telephones.MEND, telephone)
        values["telephone_shown"] = telephones.shown(telephone)
    if not telephone and not values.get("email"):
        raise document.refuse(
            node,
            "missing",
            Words(
                "联系人没有电话，也没有邮箱。", "a contact needs a telephone or an e-mail address"
            ),
            value=name,
        )
    return Contact(
        key=name,
        line=line,
        **{"telephone": "", "email": "", **values},
    )


_ROLE: Final[Shape] = {
    "zh": Field(text, required=True),
    "en": Field(text, required=True),
    "from": Field(uncertain),
    "to": Field(uncertain),
}


def _role(document: Document, node: yaml.Node) -> Role:
    values = record(_ROLE, Words("职务", "a role"))(document, node)
    return Role(Words(values["zh"], values["en"]), values.get("from"), values.get("to"))


_NOT: Final[Shape] = {language: Field(many(text)) for language in LANGUAGES}
_NAME: Final[Shape] = {
    "kind": Field(one_of(NameKind), required=True),
    "zh": Field(text, required=True),
    "en": Field(text, required=True),
    "short": Field(some_words),
    "not": Field(lambda d, n: shape(d, n, _NOT, Words("错误写法", "wrong variants"))[0]),
    "roles": Field(many(_role)),
    "pinyin": Field(text),
    "source": Field(
        lambda d, n: _source(d, n).title.en if isinstance(n, yaml.MappingNode) else text(d, n)
    ),
    "note": Field(words),
}


def _name(document: Document, name: str, node: yaml.Node, line: int) -> Name:
    values = record(_NAME, Words("名称", "a name"))(document, node)
    wrong = values.get("not", {})
    return Name(
        name,
        values["kind"],
        Words(values["zh"], values["en"]),
        values.get("short", Words()),
        tuple((language, variant) for language in LANGUAGES for variant in wrong.get(language, ())),
        values.get("roles", ()),
        values.get("pinyin", ""),
        values.get("source", ""),
        values.get("note", Words()),
        line,
    )


_TOPIC: Final[Shape] = {"zh": Field(text, required=True), "en": Field(text, required=True)}


def _topic(document: Document, name: str, node: yaml.Node, line: int) -> Topic:
    values = record(_TOPIC, Words("主题", "a topic"))(document, node)
    return Topic(name, Words(values["zh"], values["en"]), line)


_ORGANISATION: Final[Shape] = {
    "name": Field(words, required=True),
    "short_name": Field(words, required=True),
    "tagline": Field(words, required=True),
    "notice": Field(words),
    "boilerplate_title": Field(words, required=True),
    "boilerplate": Field(prose_words, required=True),
    "section": Field(words, required=True),
    "press_line": Field(key, required=True),
    "email": Field(email),
    "weibo": Field(web),
    "wechat": Field(text),
    "websites": Field(many(web)),
    "newsletter": Field(web),
    "time_zone": Field(_kind_of(["Asia/Shanghai"])),
    "footer": Field(many(words)),
    "icp": Field(text),
    "security_contact": Field(web),
    # RFC 9116 demands a date, and the clock may not give it.
    "security_expires": Field(lambda d, n: iso(instant(d, n)), required=True),
    "source_organisation": Field(key),
}


def _organisation(document: Document, node: yaml.Node) -> Organisation:
    values = record(_ORGANISATION, Words("网站设置", "the organisation"))(document, node)
    values.pop("time_zone", None)
    values.setdefault("notice", Words())  # an organisation that runs its own site has none
    return Organisation(**values)


_ADDRESS: Final = re.compile(r"/(?:[^\s/]+/)*[^\s/]*")


def _redirect(document: Document, name: str, node: yaml.Node, line: int) -> str:
    value = scalar(document, node)
    if value != "gone" and not _ADDRESS.fullmatch(value):
        raise document.refuse(
            node,
            "address",
            Words(
                "这里应当是本站的地址，或gone。", "this must be an address of this site, or gone"
            ),
            Words("如/zh/releases/2017/slug/。", "such as /en/releases/2017/slug/"),
            value,
        )
    return value


DATA_FILES: Final[Mapping[str, Reader[Any]]] = {
    "organisation": _organisation,
    "contacts": table(_contact),
    "facts": table(_fact),
    "names": table(_name),
    "topics": table(_topic),
    "redirects": table(_redirect, _ADDRESS),
}
# Files that a site may do without.
OPTIONAL_DATA: Final = frozenset({"redirects"})


def read_data(name: str, path: str, source: str, problems: list[Problem]) -> Any:
    """One data file, or None when it cannot be read."""
    document = Document(path)
    refuse_aliases(document, source)
    node = compose(document, source)
    value: Any = None
    if node is not None:
        try:
            value = DATA_FILES[name](document, node)
        except Bad:
            value = None
    problems.extend(document.problems)
    return value


def cross_check(data: Data, paths: Mapping[str, str]) -> list[Problem]:
    """References between the data files."""
    problems: list[Problem] = []

    def lost(file: str, line: int, value: str, known: Iterable[str], what: Words) -> None:
        problems.append(unknown_reference(paths[file], line, value, known, what))

    for contact in data.contacts.values():
        if contact.organisation not in data.names:
            lost("contacts", contact.line, contact.organisation, data.names, Words("名称", "name"))
        if contact.successor and contact.successor not in data.contacts:
            lost(
                "contacts",
                contact.line,
                contact.successor,
                data.contacts,
                Words("联系人", "contact"),
            )
    if data.organisation.press_line not in data.contacts:
        lost(
            "organisation",
            1,
            data.organisation.press_line,
            data.contacts,
            Words("联系人", "contact"),
        )
    if (
        data.organisation.source_organisation
        and data.organisation.source_organisation not in data.names
    ):
        lost(
            "organisation",
            1,
            data.organisation.source_organisation,
            data.names,
            Words("名称", "name"),
        )
    return problems


def unknown_reference(
    path: str, line: int, value: str, known: Iterable[str], what: Words, column: int = 0
) -> Problem:
    """A reference to nothing, with the nearest known key."""
    like = nearest(value, known)
    return Problem(
        path,
        line,
        column,
        "reference",
        Words(f"没有“{value}”这个{what.zh}。", f"there is no {what.en} {value!r}"),
        Words(f"是不是“{like}”？", f"did you mean {like!r}?")
        if like
        else Words("先把它写进内容里，或改正这个键。", "add it to the content, or correct the key"),
        value,
    )


__all__ = [
    "DATA_FILES",
    "FRONT",
    "Leaf",
    "Waiver",
    "cross_check",
    "join",
    "make_item",
    "read_data",
    "read_leaf",
    "side_moment",
    "softened",
    "start_of",
    "unknown_reference",
]
