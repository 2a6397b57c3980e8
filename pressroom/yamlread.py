"""YAML read strictly: all scalars are text with their line; what YAML would guess is refused.

PyYAML's C loader composes nodes; a shape says which keys a mapping may have and how each is read.
Duplicate keys, aliases, tags and several documents are refused. Every problem found is collected,
none ends the reading of the rest.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import quote

import yaml

from pressroom.moments import (
    Uncertain,
    Unreadable,
    read_clock,
    read_day,
    read_instant,
    read_uncertain,
)
from pressroom.problems import Problem, Severity, nearest
from pressroom.words import LANGUAGES, Words

T = TypeVar("T")
E = TypeVar("E", bound=enum.StrEnum)

KEY: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WEB: Final = re.compile(r"(https?://[A-Za-z0-9.-]+(?::[0-9]+)?)(/[^\s<>\"#]*(?:#[^\s<>\"#]*)?)?")
# What RFC 3986 lets stand in a path, a query or a fragment.
_BARE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~!$&'()*+,;=:@/?#%-]")
_FULL_WIDTH_KEY: Final = re.compile(r"^[ \t]*[A-Za-z_-]+：", re.MULTILINE)
# YAML 1.2 and XML both forbid these; the private-use area is kept for our own marks.
FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ue000-\uf8ff\ufffe\uffff]"
)


class Bad(Exception):
    """A value could not be read; its problem is already reported."""


class Document:
    """One file under reading: where problems go, and which line of the file its YAML begins on."""

    def __init__(self, path: str, first_line: int = 1) -> None:
        self.path = path
        self.first_line = first_line
        self.problems: list[Problem] = []

    def line(self, node: yaml.Node) -> int:
        return int(node.start_mark.line) + self.first_line

    def report(
        self,
        where: yaml.Node | int,
        rule: str,
        what: Words,
        mend: Words = Words(),
        value: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        line, column = (
            (where, 0)
            if isinstance(where, int)
            else (self.line(where), int(where.start_mark.column) + 1)
        )
        self.problems.append(
            Problem(self.path, line, column, rule, what, mend, value, severity=severity)
        )

    def refuse(
        self, where: yaml.Node | int, rule: str, what: Words, mend: Words = Words(), value: str = ""
    ) -> Bad:
        self.report(where, rule, what, mend, value)
        return Bad()


Reader = Callable[[Document, yaml.Node], T]


class Field(NamedTuple):
    read: Reader[Any]
    required: bool = False
    weighty: bool = (
        False  # may be left out, but not left empty: an embargo without its hour is a mistake
    )


Shape = Mapping[str, Field]


class _Loader(yaml.CBaseLoader):
    """PyYAML's C base loader; a node that says nothing of itself is what its form says."""

    # PyYAML looks for rules by path and by first letter, of which the base loader has none.
    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        return _BY_FORM[kind]


_BY_FORM: Final = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}


# What libyaml says of the slips that people make: what is wrong, and how to mend it.
_SLIPS: Final = {
    "tab character": (
        Words("缩进用了制表符（Tab）。", "a tab stands where only spaces may"),
        Words("把制表符改成空格。", "write spaces in place of the tab"),
    ),
    "cannot start any token": (
        Words(
            "行首是制表符，或文字以@、%一类的符号开头。",
            "the line begins with a tab, or a text with a sign such as @ or %",
        ),
        Words(
            "行首改用空格；以符号开头的文字用英文双引号括起来。",
            'write spaces in place of the tab; put such a text in "double quotes"',
        ),
    ),
    "mapping values are not allowed": (
        Words(
            "这一行里有第二个“冒号加空格”，或者缩进多了。",
            "a second colon with a space stands in this line, or it is indented too far",
        ),
        Words(
            "把第一个冒号后面的整段文字用英文双引号括起来，或去掉多余的缩进。",
            'put the whole text after the first colon in "double quotes", or indent it less',
        ),
    ),
    "could not find expected ':'": (
        Words("上面有一行没有“键: 值”里的冒号。", "a line above has no colon after its key"),
        Words("补上冒号和空格。", "add a colon and a space"),
    ),
    "unexpected end of stream": (
        Words("引号没有成对。", "a quotation mark is never closed"),
        Words("在文字末尾补上同样的引号。", "close it at the end of the text"),
    ),
    "did not find expected key": (
        Words("引号括住的文字后面还有别的字。", "something follows the closing quotation mark"),
        Words(
            "整段文字用一对英文双引号括起来，里面的引号写成“”。",
            'put the whole text in one pair of "double quotes", with “ ” inside it',
        ),
    ),
    "did not find expected ','": (
        Words("方括号或花括号没有成对。", "a bracket is never closed"),
        Words(
            "在列表末尾补上]，在一组键和值的末尾补上}。",
            "end the list with ], or the group of keys with }",
        ),
    ),
}


def _unknown_slip(error: yaml.MarkedYAMLError) -> tuple[Words, Words]:
    return (
        Words(f"YAML读不懂：{error.problem}。", f"this is not readable YAML: {error.problem}"),
        Words(
            "检查这一行和上一行的缩进、引号和冒号；含有冒号或引号的文字要用引号括起来。",
            "check indentation, quotation marks and colons here and one line above; quote texts with colons",
        ),
    )


def compose(document: Document, text: str) -> yaml.Node | None:
    """The root node of a YAML text, or None with the problem reported."""
    wide = _FULL_WIDTH_KEY.search(text)

    def full_width(found: re.Match[str]) -> None:
        document.report(
            document.first_line + text.count("\n", 0, found.start()),
            "yaml",
            Words("键名后面用了全角冒号“：”。", "a full-width colon “：” follows a key"),
            Words(
                "改成半角冒号加空格，如“status: draft”。",
                "write an ASCII colon and a space, as in “status: draft”",
            ),
            found[0].strip(),
        )

    try:
        node = yaml.compose(text, Loader=_Loader)
        if wide and isinstance(node, yaml.ScalarNode):
            full_width(wide)
            return None
        return node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line if mark else 0) + document.first_line
        if wide:
            full_width(wide)
            return None
        known = next((said for sign, said in _SLIPS.items() if sign in str(error.problem)), None)
        document.report(line, "yaml", *(known or _unknown_slip(error)))
    except yaml.reader.ReaderError as error:
        document.report(
            document.first_line,
            "characters",
            Words(
                f"含有不允许的字符：{error.reason}。", f"a character is not allowed: {error.reason}"
            ),
        )
    return None


def shape(
    document: Document, node: yaml.Node, fields: Shape, what: Words
) -> tuple[dict[str, Any], dict[str, int]]:
    """A mapping read field by field: the values that could be read, and the line of every key."""
    if not isinstance(node, yaml.MappingNode):
        raise document.refuse(
            node,
            "type",
            Words(
                f"{what.zh}应当是“键: 值”的形式。", f"{what.en} must be a mapping of keys to values"
            ),
            value=shown(node),
        )
    plain(document, node)
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in lines:
            document.report(
                key_node,
                "duplicate-key",
                Words(
                    f"“{key}”写了两次，第一次在第{lines[key]}行。",
                    f"{key!r} stands twice, first on line {lines[key]}",
                ),
                Words("只留一处。", "keep one"),
                key,
            )
            continue
        lines[key] = document.line(key_node)
        field = fields.get(key)
        if field is None:
            like = nearest(key, fields)
            document.report(
                key_node,
                "unknown-key",
                Words(f"{what.zh}没有“{key}”这个键。", f"{what.en} has no key {key!r}"),
                Words(f"是不是“{like}”？", f"did you mean {like!r}?")
                if like
                else Words(f"可用的键：{'、'.join(fields)}。", f"known keys: {', '.join(fields)}"),
                key,
            )
            continue
        if (
            isinstance(value_node, yaml.ScalarNode)
            and value_node.value == ""
            and not value_node.style
        ):
            if field.required or field.weighty:
                document.report(
                    key_node,
                    "empty",
                    Words(f"“{key}”是空的。", f"{key!r} is empty"),
                    Words("填上内容。", "fill it in"),
                    key,
                )
            continue
        try:
            values[key] = field.read(document, value_node)
        except Unreadable as error:
            document.report(value_node, "date", error.words, value=shown(value_node))
        except Bad:
            pass
    return values, lines


def missing(
    document: Document, where: yaml.Node | int, fields: Shape, lines: Mapping[str, int], what: Words
) -> None:
    """Report the required fields that are not there."""
    for key, field in fields.items():
        if field.required and key not in lines:
            document.report(
                where,
                "missing",
                Words(f"{what.zh}缺少“{key}”。", f"{what.en} lacks {key!r}"),
                Words(f"补上一行“{key}: …”。", f"add a line “{key}: …”"),
                key,
            )


# What the base loader calls a node that says nothing of itself.
_UNTAGGED: Final = frozenset(_BY_FORM.values())


def plain(document: Document, node: yaml.Node) -> None:
    """Refuse tags on a node and its keys (`!x`); they would change what a value is."""
    tag = node.tag
    if tag and tag not in _UNTAGGED:
        raise document.refuse(
            node,
            "tag",
            Words(f"不接受YAML标签“{tag}”。", f"YAML tags such as {tag!r} are not read here"),
            value=tag,
        )


def refuse_aliases(document: Document, text: str) -> None:
    """Aliases make one line mean another; composing them would hide where a value stands."""
    if "&" not in text and "*" not in text:
        return
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                mark = event.start_mark
                line = (mark.line if mark is not None else 0) + document.first_line
                document.report(
                    line,
                    "alias",
                    Words(
                        "不接受YAML的锚点和别名（&、*）。",
                        "YAML anchors and aliases (& and *) are not read here",
                    ),
                    Words("把内容写全，或用引号括起来。", "write the value out, or quote it"),
                )
    except yaml.YAMLError:
        return  # compose reports it


def shown(node: yaml.Node) -> str:
    """A value as it stands in the file, for messages."""
    return str(node.value)[:80] if isinstance(node, yaml.ScalarNode) else ""


# --- readers of single values ------------------------------------------------------------------


def scalar(document: Document, node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise document.refuse(
            node, "type", Words("这里应当是一段文字。", "this must be a plain text")
        )
    plain(document, node)
    value = str(node.value)
    # The file was looked through already; a double-quoted scalar can spell out what it did not hold.
    bad = FORBIDDEN.search(value)
    if bad:
        raise document.refuse(
            node,
            "characters",
            Words(
                f"含有不可见的控制字符U+{ord(bad[0]):04X}。",
                f"it contains the invisible character U+{ord(bad[0]):04X}",
            ),
            Words("删去它。", "delete it"),
        )
    return value


_LINE_ENDS: Final = re.compile("[\t\r\n\x85\u2028\u2029]+")


def text(document: Document, node: yaml.Node) -> str:
    """One line of text, not empty, without spaces around it."""
    value = scalar(document, node).strip()
    if not value:
        raise document.refuse(node, "empty", Words("这里是空的。", "this is empty"))
    return _LINE_ENDS.sub(" ", value)


def prose(document: Document, node: yaml.Node) -> str:
    """Text of several paragraphs."""
    value = scalar(document, node).strip()
    if not value:
        raise document.refuse(node, "empty", Words("这里是空的。", "this is empty"))
    return value


def key(document: Document, node: yaml.Node) -> str:
    value = scalar(document, node)
    if not KEY.fullmatch(value):
        raise document.refuse(
            node,
            "key",
            Words("键只用小写字母、数字和连字符。", "a key is made of a–z, 0–9 and single hyphens"),
            value=value,
        )
    return value


def path_key(document: Document, node: yaml.Node) -> str:
    """Keys joined by slashes: 2017/child-welfare-week."""
    value = scalar(document, node)
    if not all(KEY.fullmatch(part) for part in value.split("/")):
        raise document.refuse(
            node,
            "key",
            Words(
                "这里应当是“2017/child-welfare-week”这样的键。",
                "this must be a key such as 2017/child-welfare-week",
            ),
            value=value,
        )
    return value


def day(document: Document, node: yaml.Node) -> date:
    return read_day(scalar(document, node))


def instant(document: Document, node: yaml.Node) -> datetime:
    return read_instant(scalar(document, node))


def uncertain(document: Document, node: yaml.Node) -> Uncertain:
    return read_uncertain(scalar(document, node))


def uncertain_text(document: Document, node: yaml.Node) -> str:
    return read_uncertain(scalar(document, node)).text


def clock_or_instant(document: Document, node: yaml.Node) -> str:
    value = scalar(document, node)
    if len(value) <= 5:
        return read_clock(value)
    read_instant(value)
    return value


def flag(document: Document, node: yaml.Node) -> bool:
    value = scalar(document, node)
    if value in ("true", "false"):
        return value == "true"
    raise document.refuse(
        node, "type", Words("只能写true或false。", "write true or false"), value=value
    )


def whole(document: Document, node: yaml.Node) -> int:
    value = scalar(document, node)
    if re.fullmatch(r"[1-9][0-9]{0,3}", value):
        return int(value)
    raise document.refuse(
        node, "type", Words("这里应当是一个正整数。", "this must be a whole number"), value=value
    )


def number(document: Document, node: yaml.Node) -> str:
    value = scalar(document, node).replace(",", "").replace("_", "")
    if re.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?", value):
        return value
    raise document.refuse(
        node,
        "type",
        Words("这里应当是一个数，如59000。", "this must be a number such as 59000"),
        value=value,
    )


def web(document: Document, node: yaml.Node) -> str:
    """A web address as programs take it: copied from where a browser shows 新闻, it is read as %E6%96%B0…"""
    value = scalar(document, node)
    if match := _WEB.fullmatch(value):
        return match[1] + _BARE.sub(lambda bare: quote(bare[0]), match[2] or "")
    raise document.refuse(
        node,
        "address",
        Words(
            "这不是完整的网址：网址以https://或http://开头，中间没有空格，域名用字母写。",
            "this is not a whole web address: one begins with https:// or http://, holds no space, and its host is in plain letters",
        ),
        Words(
            "打开网页，从地址栏整个复制过来。", "open the page and copy the whole of its address"
        ),
        value,
    )


def email(document: Document, node: yaml.Node) -> str:
    value = scalar(document, node)
    if re.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", value):
        return value
    raise document.refuse(
        node, "address", Words("这不是电子邮箱地址。", "this is not an e-mail address"), value=value
    )


def one_of(kind: type[E]) -> Reader[E]:
    known = [member.value for member in kind]

    def read(document: Document, node: yaml.Node) -> E:
        value = scalar(document, node)
        try:
            return kind(value)
        except ValueError:
            like = nearest(value, known)
            raise document.refuse(
                node,
                "unknown-value",
                Words(f"没有“{value}”这个值。", f"{value!r} is not a known value"),
                Words(f"是不是“{like}”？", f"did you mean {like!r}?")
                if like
                else Words(f"可用：{'、'.join(known)}。", f"known: {', '.join(known)}"),
                value,
            ) from None

    return read


def many(read_one: Reader[T]) -> Reader[tuple[T, ...]]:
    def read(document: Document, node: yaml.Node) -> tuple[T, ...]:
        if not isinstance(node, yaml.SequenceNode):
            raise document.refuse(
                node,
                "type",
                Words("这里应当是一个列表，如[a, b]。", "this must be a list such as [a, b]"),
                value=shown(node),
            )
        plain(document, node)
        found: list[T] = []
        for entry in node.value:
            try:
                found.append(read_one(document, entry))
            except Unreadable as error:
                document.report(entry, "date", error.words, value=shown(entry))
            except Bad:
                pass
        return tuple(found)

    return read


_WORDS: Final[Shape] = {language: Field(text) for language in LANGUAGES}
_PROSE: Final[Shape] = {language: Field(prose) for language in LANGUAGES}
_TEXT: Final = Words("双语文字", "a text by language")


def words(document: Document, node: yaml.Node) -> Words:
    """{zh: …, en: …}, both said."""
    values, lines = shape(document, node, _WORDS, _TEXT)
    for language in LANGUAGES:
        if language not in lines:
            document.report(
                node,
                "missing",
                Words(f"缺少“{language}”一侧的文字。", f"the {language!r} side is missing"),
                value=language,
            )
    return Words(**values)


def some_words(document: Document, node: yaml.Node) -> Words:
    """{zh: …, en: …}, one of them at least."""
    values, _ = shape(document, node, _WORDS, _TEXT)
    return Words(**values)


def prose_words(document: Document, node: yaml.Node) -> Words:
    values, _ = shape(document, node, _PROSE, _TEXT)
    return Words(**values)


def record(fields: Shape, what: Words) -> Reader[dict[str, Any]]:
    """A mapping of named fields, with the required ones insisted on; `_line` is where it begins."""

    def read(document: Document, node: yaml.Node) -> dict[str, Any]:
        values, lines = shape(document, node, fields, what)
        missing(document, node, fields, lines, what)
        if any(field.required and name not in values for name, field in fields.items()):
            raise Bad
        return values

    return read


def table(
    read_one: Callable[[Document, str, yaml.Node, int], T],
    read_key: re.Pattern[str] = KEY,
    mend: Words = Words("只用小写字母、数字和连字符。", "use a–z, 0–9 and single hyphens"),
) -> Callable[[Document, yaml.Node], dict[str, T]]:
    """A mapping from keys to records, read one by one: `read_one(document, key, node, line)`."""

    def read(document: Document, node: yaml.Node) -> dict[str, T]:
        if not isinstance(node, yaml.MappingNode):
            raise document.refuse(
                node,
                "type",
                Words("这里应当是“键: 值”的形式。", "this must be a mapping"),
                value=shown(node),
            )
        plain(document, node)
        found: dict[str, T] = {}
        for key_node, value_node in node.value:
            name = str(key_node.value)
            if name in found:
                document.report(
                    key_node,
                    "duplicate-key",
                    Words(f"“{name}”写了两次。", f"{name!r} stands twice"),
                    value=name,
                )
                continue
            if not read_key.fullmatch(name):
                document.report(
                    key_node,
                    "key",
                    Words(f"“{name}”不能作键名。", f"{name!r} cannot be a key here"),
                    mend,
                    name,
                )
                continue
            try:
                found[name] = read_one(document, name, value_node, document.line(key_node))
            except Unreadable as error:
                document.report(value_node, "date", error.words)
            except Bad:
                pass
        return found

    return read
