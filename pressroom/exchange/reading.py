"""What a .docx, .txt or .md file says, as paragraphs with their Markdown."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from pressroom.machines.prose import Block, Span, blocks
from pressroom.problems import PressroomError, UsageError
from pressroom.words import Words

MAX_BYTES: Final = 30_000_000
MAX_UNPACKED: Final = 200_000_000  # a Word file larger than that is no release

_IMAGE: Final = re.compile("\uf8f0(\\d+)\uf8f1")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\uf8ff\ufeff]")
_HAN: Final = "\u3400-\u9fff\uff00-\uffef\u3000-\u303f"
_PICTURES: Final = {"image/jpeg": "jpg", "image/png": "png"}


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph: its lines as they stand, without markup, and as Markdown.

    `kind` is that of prose.Block; "image" is a picture's place, with its number or -1 where the
    picture itself did not come along. `level` is a heading's.
    """

    lines: tuple[str, ...]
    markdown: str
    kind: str = "paragraph"
    level: int = 0
    image: int = -1

    @property
    def text(self) -> str:
        return joined(self.lines)


class Manuscript(msgspec.Struct, frozen=True):
    """A file that was read: paragraphs, pictures (extension, bytes) and what its reader should know."""

    paragraphs: tuple[Paragraph, ...]
    pictures: tuple[tuple[str, bytes], ...] = ()
    marks: tuple[Words, ...] = ()


def joined(lines: Iterable[str]) -> str:
    """Wrapped lines as one: Chinese closes up, other scripts take a space."""
    text = ""
    for line in lines:
        line = line.strip()
        close = bool(re.search(f"[{_HAN}]$", text)) or bool(re.match(f"[{_HAN}]", line))
        text += line if not text or close else f" {line}"
    return text


def escaped(text: str) -> str:
    """Plain text as Markdown that means the same."""
    text = re.sub(r"([\\`*_\[\]{}])", r"\\\1", text).replace("<", "&lt;")
    text = re.sub(r"^(\s*)([#>+-])", r"\1\\\2", text, flags=re.MULTILINE)
    return re.sub(r"^(\s*\d+)([.)])", r"\1\\\2", text, flags=re.MULTILINE)


def read(path: Path) -> Manuscript:
    """The file's paragraphs; UsageError for another kind of file, a damaged or a huge one."""
    reader = {".docx": _docx, ".txt": _txt, ".md": _md}.get(path.suffix.lower())
    if reader is None:
        raise UsageError(
            f"“{path.name}”不是.docx、.txt或.md文件。",
            f"{path.name!r} is neither .docx, .txt nor .md",
        )
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PressroomError(
                f"“{path.name}”太大（超过{MAX_BYTES // 1_000_000} MB），不像是一篇新闻稿。",
                f"{path.name!r} is larger than {MAX_BYTES // 1_000_000} MB: too large for a release",
            )
        data = path.read_bytes()
    except OSError as failed:
        raise UsageError(
            f"读不到“{path.name}”：{failed.strerror}。",
            f"{path.name!r} cannot be read: {failed.strerror}",
        ) from failed
    return reader(path.name, data)


# --- text ------------------------------------------------------------------------------------------


def _decoded(name: str, data: bytes) -> tuple[str, tuple[Words, ...]]:
    """UTF-8, UTF-16 with its mark, or the GB 18030 of Chinese Windows, which is said."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError:
            pass
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as failed:
        raise PressroomError(
            f"“{name}”不是UTF-8，也不是GB 18030；请另存为UTF-8。",
            f"{name!r} is neither UTF-8 nor GB 18030; save it as UTF-8",
        ) from failed
    return text, (
        Words(
            "文件是按GB 18030读的，请核对有无乱码。",
            "the file was read as GB 18030: look for garbled characters",
        ),
    )


def _blocks_of(text: str) -> list[list[str]]:
    """Text in pieces between empty lines, without trailing spaces."""
    lines = [_FORBIDDEN.sub("", line).rstrip() for line in re.split(r"\r\n?|\n", text)]
    pieces: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            pieces[-1].append(line)
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _txt(name: str, data: bytes) -> Manuscript:
    text, marks = _decoded(name, data)
    found = []
    for lines in _blocks_of(text):
        if joined(lines) in ("\\", "[图片]", "[photo]"):  # where a converter left a picture out
            found.append(Paragraph((), "", "image"))
            continue
        items = re.compile(r"\s*(?:[•·●-]|\d{1,2}[.、)])\s+")
        if items.match(lines[0]):
            found += _items(lines, items)
        else:
            found.append(Paragraph(tuple(lines), escaped(joined(lines))))
    return Manuscript(tuple(found), marks=marks)


def _items(lines: list[str], mark: re.Pattern[str]) -> list[Paragraph]:
    """A list, an item to a paragraph; a line without a mark continues the one before."""
    items: list[list[str]] = []
    for line in lines:
        if mark.match(line):
            items.append([line])
        else:
            items[-1].append(line)
    out = []
    for item in items:
        lead = mark.match(item[0])
        first = item[0][lead.end() :] if lead else item[0]
        number = re.match(r"\s*(\d+)", item[0])
        text = joined([first, *item[1:]])
        out.append(
            Paragraph((text,), f"{number[1] + '.' if number else '-'} {escaped(text)}", "item")
        )
    return out


def _md(name: str, data: bytes) -> Manuscript:
    text, marks = _decoded(name, data)
    fence = re.match(r"---[ \t]*\n.*?\n---[ \t]*\n", text, re.DOTALL)
    if fence:
        text = text[fence.end() :]
        marks += (
            Words(
                "原文件开头的元数据没有采用。", "the front matter of the file was not taken over"
            ),
        )
    found = []
    for lines in _blocks_of(text):
        heading = re.fullmatch(r"(#{1,6})\s+(.*?)\s*#*", lines[0])
        if heading and len(lines) == 1:
            found.append(
                Paragraph(
                    (heading[2],),
                    f"{'#' * max(2, len(heading[1]))} {heading[2]}",
                    "heading",
                    len(heading[1]),
                )
            )
        elif joined(lines) == "\\" or re.fullmatch(r"!\[[^\]]*\]\([^)]*\)", joined(lines)):
            found.append(Paragraph((), "", "image"))
        elif re.match(r"\s*(?:[-*+]|\d+[.)])\s", lines[0]):
            found.append(Paragraph(tuple(lines), "\n".join(lines), "item"))
        elif lines[0].lstrip().startswith("|"):
            found.append(Paragraph(tuple(lines), "\n".join(lines), "row"))
        else:
            plain = tuple(re.sub(r"[*_`]|\\(?=[^\w\s])", "", line) for line in lines)
            found.append(Paragraph(plain, joined(lines)))
    return Manuscript(tuple(found), marks=marks)


# --- Word ------------------------------------------------------------------------------------------


def _docx(name: str, data: bytes) -> Manuscript:
    marks = list(_looked_into(name, data))
    # Half a second to load, and only imports need it.
    import mammoth  # type: ignore[import-untyped]  # mammoth ships no types

    pictures: list[tuple[str, bytes]] = []

    def keep(image: mammoth.documents.Image) -> dict[str, str]:
        extension = _PICTURES.get(image.content_type, "")
        with image.open() as opened:
            content = opened.read()
        if not extension:
            marks.append(
                Words(
                    f"有一张图片的格式（{image.content_type}）网页不能用，没有导入。",
                    f"a picture is {image.content_type}, which a page cannot show, and was left out",
                )
            )
            return {"src": "none"}
        pictures.append((extension, content))
        return {"src": f"picture:{len(pictures) - 1}"}

    try:
        html: str = mammoth.convert_to_html(
            io.BytesIO(data), convert_image=mammoth.images.img_element(keep)
        ).value
    except (
        Exception
    ) as failed:  # whatever its many parsers raise, the file is not a readable Word file
        raise _not_word(name) from failed
    html = re.sub(r'<img\b[^>]*src="picture:(\d+)"[^>]*>', "</p><p>\uf8f0\\1\uf8f1</p><p>", html)
    html = re.sub(r"<img\b[^>]*>", "", html)
    html = re.sub(r'<a id="[^"]*"></a>', "", html)
    return Manuscript(tuple(_from_blocks(blocks(html))), tuple(pictures), tuple(marks))


def _not_word(name: str) -> PressroomError:
    return PressroomError(
        f"“{name}”不是能读的Word文件（.docx）；请在Word里打开，另存为.docx。",
        f"{name!r} is no readable Word file; open it in Word and save it as .docx",
    )


def _looked_into(name: str, data: bytes) -> Iterable[Words]:
    """What a converter does not say: changes still tracked, comments in the margin."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise PressroomError(
                    f"“{name}”解开后太大。", f"{name!r} is too large when unpacked"
                )
            document = archive.read("word/document.xml").decode("utf-8", "replace")
            commented = (
                "word/comments.xml" in archive.namelist()
                and b"<w:comment " in archive.read("word/comments.xml")
            )
    except (zipfile.BadZipFile, KeyError, zlib.error, EOFError, RuntimeError) as failed:
        raise _not_word(name) from failed
    if re.search(r"<w:(?:ins|del)\s", document):
        yield Words(
            "原稿里还有没处理的修订；导入的是接受全部修订后的样子。",
            "the manuscript has tracked changes; it was read as if all were accepted",
        )
    if commented:
        yield Words(
            "原稿里有批注，没有导入。",
            "the manuscript has comments in its margin; they were left out",
        )


def _from_blocks(found: Iterable[Block]) -> Iterable[Paragraph]:
    rows: list[Block] = []
    for block in [*found, Block("rule", ())]:
        if block.kind == "row":
            rows.append(block)
            continue
        if rows:
            yield Paragraph(tuple(row.text.replace("\t", " ") for row in rows), _table(rows), "row")
            rows = []
        image = _IMAGE.fullmatch(block.text.strip())
        if image:
            yield Paragraph((), "", "image", image=int(image[1]))
        elif block.text.strip():
            lines = tuple(
                line for line in _FORBIDDEN.sub("", block.text).split("\n") if line.strip()
            )
            yield Paragraph(lines, _FORBIDDEN.sub("", _markdown(block)), block.kind, block.level)


def _inline(spans: Iterable[Span]) -> str:
    out = ""
    for span in spans:
        text = span.text.replace("\n", " ")
        core = text.strip()
        lead, trail = (
            text[: len(text) - len(text.lstrip())],
            text[len(text.rstrip()) :] if core else "",
        )
        words = escaped(core)
        if core and span.bold:
            words = f"**{words}**"
        if core and span.italic:
            words = f"*{words}*"
        if core and span.href.startswith(("http:", "https:", "mailto:")):
            words = f"[{words}]({span.href.replace(' ', '%20').replace(')', '%29')})"
        out += f"{lead}{words}{trail}"
    return out


def _markdown(block: Block) -> str:
    text = _inline(block.spans)
    match block.kind:
        case "heading":
            return f"{'#' * min(max(2, block.level), 4)} {text}"
        case "item":
            return f"{'    ' * (block.depth - 1)}{'-' if block.marker in ('', '•') else block.marker} {text}"
        case "quote":
            return f"> {text}"
        case _:
            return text


def _table(rows: list[Block]) -> str:
    cells = [
        [cell.replace("|", "\\|").strip() for cell in _inline(row.spans).split("\t")]
        for row in rows
    ]
    columns = max(len(row) for row in cells)
    lines = [f"| {' | '.join([*row, *[''] * (columns - len(row))])} |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * columns, *lines[1:]])
