"""Markdown to clean HTML, with references, figures and photographs left open.

What an item's text refers to may change while the text does not, so the HTML keeps marks in
their place: they are resolved when a page is rendered. A mark is a private-use character, a
letter, a number and a closing character; content may not contain these characters itself.
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from xml.etree.ElementTree import Element

import markdown
import markdown.treeprocessors
import markdown.util
import msgspec
import nh3
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from pressroom import plain
from pressroom.models import FactRef, PhotoRef, Ref
from pressroom.plain import CLOSE, FACT, OPEN, REFERENCE, Opened
from pressroom.problems import Problem
from pressroom.words import Language, Words
from pressroom.yamlread import FORBIDDEN

# One mark, alone in its paragraph when it is a photograph.
MARK: Final = re.compile(f"<p>{OPEN}p(\\d+){CLOSE}</p>\n?|{OPEN}([lf])(\\d+){CLOSE}")

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 24
MAX_SECONDS: Final = 5.0

_REFERENCE: Final = re.compile(REFERENCE)
_ANY_BRACED: Final = re.compile(r"\{([A-Za-z]+)\}")
KNOWN_BRACES: Final = ("release", "event", "programme", "page", "contact", "name", "fact")

TAGS: Final = frozenset(
    [
        "p",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "strong",
        "em",
        "b",
        "i",
        "a",
        "blockquote",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "dl",
        "dt",
        "dd",
        "br",
        "hr",
        "sup",
        "sub",
        "code",
        "pre",
        "abbr",
        "cite",
        "q",
        "span",
    ]
)
ATTRIBUTES: Final = {
    "a": {"href", "title", "hreflang"},
    "ol": {"start"},
    "abbr": {"title"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "*": {"id", "lang"},
}
SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_TAG: Final = re.compile(r"<([?]|!\[|[A-Za-z][A-Za-z0-9:-]*)")
# What a link may begin with, besides a reference; Python-Markdown writes <a@b.example> as entities after \x02.
_LEADS_SOMEWHERE: Final = re.compile(r"https?://|mailto:|tel:|#|\x02", re.IGNORECASE)
_HREF: Final = re.compile(r'<a [^>]*?href="([^"]*)"')
_ENTITY: Final = re.compile(r"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+))")

_CLEANER: Final = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "svg",
        "math",
        "form",
    },
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    url_schemes=set(SCHEMES),
    link_rel=None,
    strip_comments=True,
)

_CJK: Final = (
    "\u2014\u2018-\u201d\u2026\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
)
_INLINE_TAG: Final = r"</?(?:strong|em|b|i|a|sup|sub|abbr|cite|q|span|code)\b[^>]*>"
# A line break between two Chinese characters shows as a space in browsers.
_CHINESE_BREAK: Final = re.compile(
    f"([{_CJK}{CLOSE}](?:{_INLINE_TAG})*) ?\n((?:{_INLINE_TAG})*[{_CJK}{OPEN}])"
)

_MONTHS: Final = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
_DATELINE: Final = re.compile(
    rf"\s*(?:\*\*)?(?:[A-Z][A-Za-z]+(?:[ ,]+[A-Z][A-Za-z]+)*,? (?:\()?\d{{1,2}} (?:{_MONTHS})\b[^\n]{{0,12}}?[–—-]"
    rf"|[A-Z][A-Za-z]+(?:[ ,]+[A-Z][A-Za-z]+)*, (?:{_MONTHS}) \d{{1,2}}\b[^\n]{{0,8}}?[–—-]"
    r"|[\u4e00-\u9fff]{2,8}[，,]? ?(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:电|讯|[—–-]))"
)


class Rendered(msgspec.Struct, array_like=True):
    """A body: HTML with marks, and what the marks stand for, in order."""

    html: str
    refs: tuple[Ref, ...]
    facts: tuple[FactRef, ...]
    photos: tuple[PhotoRef, ...]


class _FactPattern(InlineProcessor):
    def __init__(self, opened: Opened) -> None:
        super().__init__(FACT)
        self.opened = opened

    def handleMatch(  # type: ignore[override]  # types-Markdown knows the older kind of pattern only
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        self.opened.facts.append((m[1], m[2] or "", bool(m[3])))
        return f"{OPEN}f{len(self.opened.facts) - 1}{CLOSE}", m.start(), m.end()


class _Openings(Treeprocessor):
    """Links to items become marks, a photograph becomes a mark in a paragraph of its own."""

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self.opened = opened

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            match = _REFERENCE.fullmatch(link.get("href", ""))
            if match:
                self.opened.refs.append((match[1], match[2]))
                link.set("href", f"{OPEN}l{len(self.opened.refs) - 1}{CLOSE}")
            elif not _LEADS_SOMEWHERE.match(link.get("href", "")) or OPEN in link.get("href", ""):
                self.opened.links.append(link.get("href", ""))
        for block in root:
            pictures = list(block.iter("img"))
            if not pictures:
                continue
            marks = []
            for picture in pictures:
                self.opened.photos.append(
                    (picture.get("src", ""), picture.get("alt", ""), picture.get("title", ""))
                )
                marks.append(f"{OPEN}p{len(self.opened.photos) - 1}{CLOSE}")
            if (
                block.tag != "p"
                or (block.text or "").strip()
                or any(child.tag != "img" or (child.tail or "").strip() for child in block)
            ):
                self.opened.stray.append(pictures[0].get("src", ""))
            block.clear()
            block.tag = "p"
            block.text = marks[0]


# Without one of these in a text, an inline pattern of Python-Markdown cannot match it.
_TRIGGERS: Final = {
    "backtick": "`",
    "escape": "\\",
    "fact": "{",
    "reference": "[",
    "link": "[",
    "image_link": "[",
    "image_reference": "[",
    "short_reference": "[",
    "short_image_ref": "[",
    "autolink": "<",
    "automail": "<",
    "linebreak": "\n",
    "html": "<",
    "entity": "&",
}


class _Inline(markdown.treeprocessors.InlineProcessor):
    """Python-Markdown's inline processor, which does not try what cannot match.

    Most paragraphs of a release are plain: trying all fifteen patterns on each took half of the time
    of reading. What matches, and how, is Python-Markdown's; a test compares both on any text.
    """

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:
        if isinstance(data, markdown.util.AtomicString):
            return data
        if patternIndex == 0 and _PLAIN.fullmatch(data):
            return data
        names = [item.name for item in self.inlinePatterns._priority]  # type: ignore[attr-defined]  # not in types-Markdown
        count = len(names)
        start = 0
        while patternIndex < count:
            name = names[patternIndex]
            if start == 0 and _TRIGGERS.get(name, "") not in data:
                patternIndex += 1
                continue
            data, matched, start = self._InlineProcessor__applyPattern(  # type: ignore[attr-defined]  # mangled name
                self.inlinePatterns[name], data, patternIndex, start
            )
            if not matched:
                patternIndex += 1
        return data


# A text in which no pattern, ours or Markdown's, finds anything.
_PLAIN: Final = re.compile(r"[^`\\\[\]<&*_{\n!]*")


class _Newsroom(Extension):
    def __init__(self) -> None:
        super().__init__()
        self.opened = Opened()

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        md.inlinePatterns.register(_FactPattern(self.opened), "fact", 185)
        md.treeprocessors.register(_Inline(md), "inline", 20)
        md.treeprocessors.register(_Openings(self.opened), "openings", 15)


class Converter:
    """Python-Markdown with the site's settings, used again and again."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._newsroom = _Newsroom()
        configured = dict(settings)
        extensions = [*configured.pop("extensions", []), self._newsroom]
        known = {
            "extension_configs": configured.get("extension_configs", {}),
            "output_format": "html",
        }
        self._markdown = markdown.Markdown(extensions=extensions, **known)

    def convert(self, text: str) -> tuple[str, Opened]:
        """What Python-Markdown makes of a text, cleaned: HTML with marks, and what it leaves open."""
        opened = self._newsroom.opened
        opened.refs, opened.facts, opened.photos, opened.stray, opened.links = [], [], [], [], []
        self._markdown.reset()
        raw = self._markdown.convert(text)
        opened.tags = {tag.lower() for tag in _TAG.findall(raw)} - TAGS
        html = _CLEANER.clean(raw)
        # Links written as HTML are not in Markdown's tree.
        for address in _HREF.findall(html) if "<a " in text else ():
            if not _LEADS_SOMEWHERE.match(address) and not MARK.fullmatch(address):
                opened.links.append(address)
        if "<a>" in html and not opened.links:
            opened.links.append("<a>")  # the cleaner took its address out
        return html, opened


@contextmanager
def _time_box(seconds: float) -> Iterator[None]:
    """Stop a conversion that a hostile or broken text makes endless (main thread, POSIX)."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread gets signals
        return

    def stop(number: int, frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


_NESTING: Final = re.compile(r"^(?:[ \t]*(?:>|[-*+] |\d+[.)] ))+|^[ \t]+", re.MULTILINE)


def _too_deep(text: str) -> int:
    """The line on which lists, quotations or brackets nest deeper than anyone writes; 0 when none does."""
    for number, line in enumerate(text.split("\n"), 1):
        lead = _NESTING.match(line)
        if lead:
            indent = lead[0].expandtabs(4)
            if (
                indent.count(">") > MAX_DEPTH
                or len(indent) - len(indent.lstrip()) > 4 * MAX_DEPTH
                or len(indent) > 8 * MAX_DEPTH
            ):
                return number
        if (
            line.count("[") > 200
            or line.count("*") > 2000
            or line.count("`") > 2000
            or line.count("_") > 2000
        ):
            return number
    return 0


def line_of(text: str, needle: str, first_line: int, nth: int = 0) -> int:
    """The line on which the nth `needle` stands."""
    at = -1
    for _ in range(nth + 1):
        at = text.find(needle, at + 1)
        if at < 0:
            return first_line
    return first_line + text.count("\n", 0, at)


_EMPTY: Final = Rendered("", (), (), ())


def _too_much(text: str, first_line: int, refuse: Callable[..., None]) -> bool:
    """Whether a text holds what no parser should be given; said through `refuse`."""
    deep = _too_deep(text)
    if deep:
        refuse(
            first_line + deep - 1,
            "nesting",
            Words(
                "这里的列表、引用或括号套得太深。",
                "lists, quotations or brackets nest too deeply here",
            ),
            Words("改成较浅的结构。", "use a flatter structure"),
        )
        return True
    for entity in _ENTITY.finditer(text):
        code = int(entity[1], 16) if entity[1] else int(entity[2][:9])
        if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000 or FORBIDDEN.match(chr(code)):
            refuse(
                first_line + text.count("\n", 0, entity.start()),
                "characters",
                Words(
                    f"“{entity[0]};”代表一个不允许的字符。",
                    f"{entity[0] + ';'!r} stands for a character that is not allowed",
                ),
                Words("删去它。", "delete it"),
                entity[0],
            )
            return True
    return False


def render(
    converter: Converter,
    language: Language,
    path: str,
    text: str,
    first_line: int,
    problems: list[Problem],
) -> Rendered:
    """A body as clean HTML with marks; what is wrong with it goes into `problems`."""

    def refuse(line: int, rule: str, what: Words, mend: Words = Words(), value: str = "") -> None:
        problems.append(Problem(path, line, 0, rule, what, mend, value))

    read = plain.read(text)
    if read is None:
        if _too_much(text, first_line, refuse):
            return _EMPTY
        try:
            with _time_box(MAX_SECONDS):
                read = converter.convert(text)
        except (TimeoutError, RecursionError):
            refuse(
                first_line,
                "nesting",
                Words(
                    f"正文在{MAX_SECONDS:.0f}秒内没能转换完。",
                    f"the body could not be converted within {MAX_SECONDS:.0f} seconds",
                ),
                Words(
                    "检查有没有成堆的括号、星号或嵌套。",
                    "look for piles of brackets, asterisks or nesting",
                ),
            )
            return _EMPTY
    html, opened = read
    if "\n" in text and "<pre" not in html:
        html = _CHINESE_BREAK.sub(r"\1\2", html)
    if _DATELINE.match(text.lstrip("\n")):
        refuse(
            first_line + len(text) - len(text.lstrip("\n")),
            "dateline",
            Words(
                "正文开头有电头；电头由place和date自动生成。",
                "the body opens with a dateline; it is generated from place and date",
            ),
            Words(
                "删去正文开头的地点和日期。", "delete place and date from the opening of the body"
            ),
            text.strip().split("\n", 1)[0][:60],
        )
    if "h1" in opened.tags:
        match = re.search(r"^#(?!#).*$|^.+(?=\n=+[ \t]*$)", text, re.MULTILINE)
        refuse(
            first_line + text.count("\n", 0, match.start()) if match else first_line,
            "heading",
            Words(
                "正文里的标题从##开始；#是全页的标题。",
                "headings in a body begin at ##; # is the title of the page",
            ),
            Words("改成##。", "write ##"),
            match[0] if match else "",
        )
    for tag in sorted(opened.tags - {"h1"}):
        written = "^#{5,6}" if tag in ("h5", "h6") else f"<{re.escape(tag)}"
        at = re.search(written, text, re.IGNORECASE | re.MULTILINE)
        refuse(
            first_line + text.count("\n", 0, at.start()) if at else first_line,
            "html",
            Words(f"正文里不能用<{tag}>。", f"<{tag}> has no place in a body"),
            Words(
                "用Markdown写；标题用##到####，照片写成![说明](photos/…)。",
                "write Markdown: headings from ## to ####, photographs as ![alt](photos/…)",
            ),
            f"<{tag}>",
        )
    for address in opened.links:
        written = MARK.sub("{fact}", address)
        refuse(
            line_of(text, address or "]()", first_line),
            "address",
            Words(
                f"链接“{written}”读者打不开。",
                f"the link {written!r} leads nowhere a reader can go",
            ),
            Words(
                "写完整网址（https://…），或引用本站条目，如[文字]({release}2017/slug)。",
                "write the full address (https://…), or refer to an item as in [text]({release}2017/slug)",
            ),
            written,
        )
    counted: dict[str, int] = {}

    def where(needle: str) -> int:
        nth = counted.get(needle, 0)
        counted[needle] = nth + 1
        return line_of(text, needle, first_line, nth)

    for name in opened.stray:
        refuse(
            line_of(text, name, first_line),
            "photograph",
            Words("照片要单独成段。", "a photograph stands in a paragraph of its own"),
            Words("在照片前后各空一行。", "leave an empty line before and after it"),
            name,
        )
    photos = []
    for source, alt, caption in opened.photos:
        line = where(f"({source}") if source else first_line
        name = source.removeprefix("photos/")
        if not source.startswith("photos/") or "/" in name:
            refuse(
                line,
                "photograph",
                Words(
                    f"照片“{source}”不在本条目的photos/里。",
                    f"the picture {source!r} is not in this item's photos/",
                ),
                Words(
                    '把文件放进photos/，写成![说明](photos/文件名.jpg "图注")。',
                    'put the file in photos/ and write ![alt](photos/name.jpg "caption")',
                ),
                source,
            )
        if not alt.strip():
            refuse(
                line,
                "missing",
                Words("照片没有替代文字。", "the photograph has no alt text"),
                Words(
                    "写成![替代文字](photos/…)，让看不见的人知道照片里有什么。",
                    "write ![alt text](photos/…) for those who cannot see it",
                ),
                source,
            )
        if OPEN in alt + caption + source:
            refuse(
                line,
                "photograph",
                Words(
                    "照片的替代文字和图注里不能用{fact}。",
                    "{fact} cannot stand in a photograph’s alt text or caption",
                ),
                Words("把数字写出来。", "write the figure out"),
            )
        photos.append(PhotoRef(name, alt, caption, line))
    refs = tuple(Ref(kind, key, where(f"{{{kind}}}{key}")) for kind, key in opened.refs)
    facts = []
    for key, day, number_only in opened.facts:
        spelled = f"{{fact}}{key}@{day}" if day else f"{{fact}}{key}"
        facts.append(FactRef(key, day, number_only, where(spelled)))
    for match in _ANY_BRACED.finditer(html):
        refuse(
            line_of(text, match[0], first_line),
            "reference",
            Words(
                f"看不懂的引用“{match[0]}”。",
                f"{match[0]!r} is not a reference that can be read here",
            ),
            Words(
                f"可用：{'、'.join('{' + name + '}' for name in KNOWN_BRACES)}；链接写成[文字]({{release}}2017/slug)。",
                f"known: {', '.join('{' + name + '}' for name in KNOWN_BRACES)}; links are [text]({{release}}2017/slug)",
            ),
            match[0],
        )
    return Rendered(html, refs, tuple(facts), tuple(photos))
