"""One language of a release as .docx (ECMA-376), written part by part for an editor's desk.

python-docx opens its template of 36 kB for every file: 75 ms and most of a kit's bytes. A release
needs six small parts; the tests read them back with python-docx and mammoth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from typing import Final

import msgspec

from pressroom.formats import instant
from pressroom.machines.archive import packed
from pressroom.machines.prose import Block, Parts, Span, absolute
from pressroom.machines.wire import (
    ADDRESS,
    COMPILED,
    CORRECTION,
    END_MARK,
    PRESS_CONTACTS,
    SOURCES,
    WITHDRAWN,
    Half,
    body_blocks,
    contact_lines,
    dateline,
    labelled,
    source_texts,
)
from pressroom.words import Language

# What Word has on any desk: the Latin face, then the Chinese ones for text and for headings.
LATIN: Final = "Times New Roman"
TEXT_FACE: Final = "宋体"
HEADING_FACE: Final = "黑体"

_TAGS: Final[dict[Language, str]] = {"zh": "zh-CN", "en": "en-GB"}  # Word knows no zh-Hans

_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"

_CONTENT_TYPES: Final = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/>'
    '<Override PartName="/docProps/core.xml"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
_RELATIONS: Final = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)

_BREAKS: Final = re.compile(r"([\n\t])")
_MARKS: Final = {"\n": "<w:br/>", "\t": "<w:tab/>"}
# XML 1.0 has no room for these, and content has no use for them.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


# A text that stands as it is.
_ORDINARY: Final = re.compile("[^\x00-\x1f&<>\ufffe\uffff]+")


def _face(chinese: str) -> str:
    """Word picks a face by script, and takes a Japanese one where the Chinese is not said."""
    return f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{chinese}" w:cs="{LATIN}"/>'


@lru_cache(maxsize=2)
def _styles(language: Language) -> str:
    """Text and headings; sizes in half points, distances in twentieths of a point."""
    bold = "<w:b/>" if language == "en" else ""  # 黑体 is bold as it is

    def style(key: str, name: str, paragraph: str, run: str, kind: str = "") -> str:
        return (
            f'<w:style w:type="paragraph" {kind}w:styleId="{key}"><w:name w:val="{name}"/>'
            + ("" if kind else '<w:basedOn w:val="Normal"/>')
            + f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
        )

    headings = "".join(
        style(
            f"Heading{level}",
            f"heading {level}",
            f'<w:keepNext/><w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="{level - 1}"/>',
            f'{_face(HEADING_FACE)}{bold}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>',
        )
        for level, size in ((1, 36), (2, 28), (3, 24), (4, 24))
    )
    return (
        f'{_XML}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{_face(TEXT_FACE)}'
        f'<w:sz w:val="24"/><w:szCs w:val="24"/><w:lang w:val="{_TAGS[language]}" w:eastAsia="zh-CN"/>'
        "</w:rPr></w:rPrDefault></w:docDefaults>"
        + style(
            "Normal",
            "Normal",
            '<w:spacing w:after="120" w:line="360" w:lineRule="auto"/>',
            "",
            'w:default="1" ',
        )
        + headings
        + style("Quote", "Quote", '<w:ind w:left="480" w:right="480"/>', "")
        + "</w:styles>"
    )


class _Writer:
    """Collects the paragraphs of a document and the addresses that they link to."""

    def __init__(self, half: Half) -> None:
        self.half = half
        self.body: list[str] = []
        self.links: list[str] = []

    def text(self, text: str, style: str = "", properties: str = "", *, bold: bool = False) -> None:
        """A paragraph of one form; a line break stays one."""
        self.body.append(_plain_paragraph(text, style, properties, bold))

    def paragraph(self, spans: Iterable[Span], style: str = "", properties: str = "") -> None:
        self.body.append(_paragraph("".join(map(self._span, spans)), style, properties))

    def block(self, block: Block, lead: str) -> None:
        """One block of the body; `lead` is the dateline, before the first paragraph."""
        spans = (Span(lead), *block.spans) if lead else block.spans
        match block.kind:
            case "heading":
                self.paragraph(spans, f"Heading{min(max(block.level, 2), 4)}")
            case "item":
                # The marker is written out: a list of Word's would go on counting from the last one.
                left = 480 * block.depth
                self.paragraph(
                    (Span(f"{block.marker}\t"), *spans) if block.marker else spans,
                    properties=f'<w:tabs><w:tab w:val="left" w:pos="{left}"/></w:tabs>'
                    f'<w:ind w:left="{left}"' + (' w:hanging="480"/>' if block.marker else "/>"),
                )
            case "quote":
                self.paragraph(spans, "Quote")
            case "rule":
                self.text("* * *", properties='<w:jc w:val="center"/>')
            case "paragraph" if self.half.language == "zh":
                # Two characters at the head of a paragraph, in characters, so that they scale.
                self.paragraph(
                    spans, properties='<w:ind w:firstLineChars="200" w:firstLine="480"/>'
                )
            case _:
                self.paragraph(spans)

    def table(self, rows: list[Block]) -> None:
        """Rows as a table with thin lines."""
        cells = [_cells(row) for row in rows]
        columns = max(len(row) for row in cells)
        sides = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        grid = f'<w:gridCol w:w="{8800 // columns}"/>' * columns
        out = [
            f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{sides}</w:tblBorders></w:tblPr>'
        ]
        out.append(f"<w:tblGrid>{grid}</w:tblGrid>")
        for row in cells:
            padded = [*row, *([()] * (columns - len(row)))]
            out.append("<w:tr>")
            out += [
                f"<w:tc><w:p>{''.join(map(self._span, spans))}</w:p></w:tc>" for spans in padded
            ]
            out.append("</w:tr>")
        out.append("</w:tbl>")
        self.body.append("".join(out))

    def _span(self, span: Span) -> str:
        # Chinese has no slanted letters: emphasis is bold there.
        slanted = span.italic and self.half.language != "zh"
        run = _run(
            span.text,
            bold=span.bold or (span.italic and not slanted),
            italic=slanted,
            underlined=bool(span.href),
        )
        if not span.href:
            return run
        address = absolute(span.href, self.half.site)
        if not address.startswith(("http:", "https:", "mailto:", "tel:")):
            return run
        self.links.append(address)
        return f'<w:hyperlink r:id="rId{len(self.links) + 1}" w:history="1">{run}</w:hyperlink>'


def _run(text: str, *, bold: bool = False, italic: bool = False, underlined: bool = False) -> str:
    form = "<w:b/>" if bold else ""
    form += "<w:i/>" if italic else ""
    form += '<w:u w:val="single"/>' if underlined else ""
    properties = f"<w:rPr>{form}</w:rPr>" if form else ""
    if _ORDINARY.fullmatch(text):
        return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'
    inner = "".join(
        _MARKS.get(piece) or f'<w:t xml:space="preserve">{escape(piece)}</w:t>'
        for piece in _BREAKS.split(_CONTROLS.sub("", text))
        if piece
    )
    return f"<w:r>{properties}{inner}</w:r>"


def _paragraph(runs: str, style: str, properties: str) -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    form = f"<w:pPr>{named}{properties}</w:pPr>" if named or properties else ""
    return f"<w:p>{form}{runs}</w:p>"


# What stands around a release's text stands around others' too: contacts, boilerplate, labels.
@lru_cache(maxsize=256)
def _plain_paragraph(text: str, style: str, properties: str, bold: bool) -> str:
    return _paragraph(_run(text, bold=bold), style, properties)


def _cells(row: Block) -> list[tuple[Span, ...]]:
    """The cells of a row: its spans, cut at every tab."""
    cells: list[list[Span]] = [[]]
    for span in row.spans:
        first, *others = span.text.split("\t")
        if first:
            cells[-1].append(msgspec.structs.replace(span, text=first))
        cells.extend([msgspec.structs.replace(span, text=text)] if text else [] for text in others)
    return [tuple(cell) for cell in cells]


def _body(writer: _Writer, parts: Parts) -> None:
    """What a release says between its headline and its contacts."""
    half, release, language = writer.half, writer.half.release, writer.half.language
    for notice in release.corrections:
        writer.text(labelled(CORRECTION, instant(notice.at, language), language), bold=True)
        writer.text(notice.text)
    if release.compiled:
        writer.text(COMPILED[language])
    lead = dateline(release, language)
    rows: list[Block] = []
    for block in body_blocks(parts(release.body)):
        if block.kind == "row":
            rows.append(block)
            continue
        if rows:
            writer.table(rows)
            rows = []
        writer.block(block, lead if block.kind == "paragraph" else "")
        lead = "" if block.kind == "paragraph" else lead
    if rows:
        writer.table(rows)
    if not release.compiled:
        writer.text(END_MARK, properties='<w:jc w:val="center"/>')
    if release.sources:
        writer.text(SOURCES[language], "Heading2")
        for text in source_texts(half):
            writer.text(text)
    if release.boilerplate:
        writer.text(release.boilerplate_title, "Heading2")
        writer.text(release.boilerplate)


def _core(half: Half, modified: str) -> str:
    """Who, what and when: from the release, never from this machine or its clock."""
    at = f"{datetime.fromisoformat(modified).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    who, title = escape(half.publisher), escape(_CONTROLS.sub("", half.release.title))
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:creator>{who}</dc:creator>"
        f"<dc:language>{_TAGS[half.language]}</dc:language><cp:lastModifiedBy>{who}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{at}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{at}</dcterms:modified></cp:coreProperties>'
    )


def document(half: Half, modified: str, parts: Parts) -> bytes:
    """The .docx file; `modified` is an ISO instant. The same bytes for the same release."""
    release, language = half.release, half.language
    writer = _Writer(half)
    if release.section:
        writer.text(release.section)
    writer.text(release.title, "Heading1")
    if half.notice:
        writer.text(f"[{half.notice}]")
    if release.withdrawn:
        writer.text(
            labelled(WITHDRAWN, instant(release.withdrawn.at, language), language), bold=True
        )
        writer.text(release.withdrawn.text)
    else:
        _body(writer, parts)
    if release.contacts:
        writer.text(PRESS_CONTACTS[language], "Heading2")
        for contact in release.contacts:
            writer.text("\n".join(contact_lines(contact, language)))
    if release.citation:
        writer.paragraph(
            (Span(labelled(ADDRESS, "", language)), Span(release.citation, release.citation))
        )
    page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1588" w:bottom="1440" w:left="1588" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>'
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_R}/hyperlink" Target="{escape(link)}" TargetMode="External"/>'
        for number, link in enumerate(writer.links, 2)
    )
    files = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELATIONS,
        "docProps/core.xml": _core(half, modified),
        "word/document.xml": f'{_XML}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{"".join(writer.body)}{page}</w:body></w:document>',
        "word/_rels/document.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_R}/styles" Target="styles.xml"/>{links}</Relationships>',
        "word/styles.xml": _styles(language),
    }
    return packed(
        [(name, text.encode()) for name, text in files.items()],
        datetime.fromisoformat(modified),
        compress=True,
    )
