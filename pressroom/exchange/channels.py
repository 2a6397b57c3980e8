"""A release for other channels: WeChat's editor, an e-mail, plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final

import css_inline

from pressroom.formats import instant
from pressroom.machines import wire
from pressroom.machines.prose import Block, Parts, Span, absolute, address_of, blocks
from pressroom.machines.wire import Half
from pressroom.problems import UsageError
from pressroom.values import Picture, Value
from pressroom.words import TAGS, Language

_STYLES: Final = Path(__file__).parent / "styles"


class Export(Value, frozen=True):
    """A release in one language, to be handed to another channel.

    `modified` is the item's modified instant and `published` its public one, ISO with an offset;
    `sender` an address for From, "" where the newsroom has none.
    """

    half: Half
    key: str
    published: str
    modified: str
    sender: str = ""


# What a link becomes: in an e-mail itself, in WeChat its words and a number.
Linker = Callable[[Span], str]


def _spans(spans: Iterable[Span], link: Linker) -> str:
    out = []
    for span in spans:
        text = escape(span.text, quote=False).replace("\n", "<br>")
        if span.href:
            text = link(span)
        if span.bold:
            text = f"<strong>{text}</strong>"
        if span.italic:
            text = f"<em>{text}</em>"
        out.append(text)
    return "".join(out)


def _block(block: Block, link: Linker, lead: str = "") -> str:
    """One block as HTML of paragraphs only: editors drop lists' marks and tables' widths."""
    inner = escape(lead, quote=False) + _spans(block.spans, link)
    match block.kind:
        case "heading":
            return f'<p class="heading"><strong>{inner}</strong></p>'
        case "item":
            mark = f"{escape(block.marker)} " if block.marker else ""
            return f'<p class="item item-{min(block.depth, 3)}">{mark}{inner}</p>'
        case "quote":
            return f'<p class="quote">{inner}</p>'
        case "preformatted":
            return f'<p class="preformatted">{inner.replace("  ", "&nbsp; ")}</p>'
        case "rule":
            return '<p class="mark">* * *</p>'
        case _:
            return f"<p>{inner}</p>"


def _table(rows: list[Block], link: Linker) -> str:
    out = ["<table>"]
    for row in rows:
        cells: list[list[Span]] = [[]]
        for span in row.spans:
            first, *others = span.text.split("\t")
            cells[-1].append(Span(first, span.href, span.bold, span.italic))
            cells.extend([Span(text, span.href, span.bold, span.italic)] for text in others)
        out.append("<tr>" + "".join(f"<td>{_spans(cell, link)}</td>" for cell in cells) + "</tr>")
    return "".join([*out, "</table>"])


def _picture(picture: Picture, half: Half) -> str:
    """A photograph with its caption, or a plate that says whom to ask."""
    words = escape(
        " ".join(text for text in (picture.caption, picture.credit) if text), quote=False
    )
    address = absolute(picture.href, half.site) if picture.href else ""
    if picture.on_request or "://" not in address:
        return f'<p class="plate">{words}<br>{wire.ON_REQUEST[half.language]}</p>'
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width else ""
    return f'<p class="photo"><img src="{escape(address)}" alt="{escape(picture.alt)}"{size}></p><p class="caption">{words}</p>'


def _article(half: Half, parts: Parts, link: Linker) -> list[str]:
    """Headline to end mark, as pieces of HTML with classes."""
    release, language = half.release, half.language
    out = [f'<p class="title"><strong>{escape(release.title, quote=False)}</strong></p>']
    if half.notice:
        out.append(f'<p class="notice">{escape(half.notice, quote=False)}</p>')
    if release.withdrawn:
        at = wire.labelled(wire.WITHDRAWN, instant(release.withdrawn.at, language), language)
        return [
            *out,
            f'<p class="correction">{escape(at)}<br>{escape(release.withdrawn.text, quote=False)}</p>',
        ]
    for notice in release.corrections:
        at = wire.labelled(wire.CORRECTION, instant(notice.at, language), language)
        out.append(f'<p class="correction">{escape(at)}<br>{escape(notice.text, quote=False)}</p>')
    if release.compiled:
        out.append(f'<p class="notice">{escape(wire.COMPILED[language])}</p>')
    lead = wire.dateline(release, language)
    for part in parts(release.body):
        if part.picture is not None:
            out.append(_picture(part.picture, half))
        rows: list[Block] = []
        for block in blocks(part.html):
            if block.kind == "row":
                rows.append(block)
                continue
            if rows:
                out.append(_table(rows, link))
                rows = []
            opens = block.kind == "paragraph"
            out.append(_block(block, link, lead if opens else ""))
            lead = "" if opens else lead
        if rows:
            out.append(_table(rows, link))
    if not release.compiled:
        out.append(f'<p class="mark">{wire.END_MARK}</p>')
    return out


def _closing(half: Half) -> list[str]:
    """Boilerplate, contacts and the address to cite."""
    release, language = half.release, half.language
    out = []
    if release.sources and not release.withdrawn:
        out.append(f'<p class="heading"><strong>{wire.SOURCES[language]}</strong></p>')
        out += [
            f'<p class="small">{escape(text, quote=False)}</p>' for text in wire.source_texts(half)
        ]
    if release.boilerplate and not release.withdrawn:
        out.append(
            f'<p class="heading"><strong>{escape(release.boilerplate_title, quote=False)}</strong></p>'
        )
        out.append(f'<p class="small">{escape(release.boilerplate, quote=False)}</p>')
    if release.contacts:
        out.append(f'<p class="heading"><strong>{wire.PRESS_CONTACTS[language]}</strong></p>')
        for contact in release.contacts:
            lines = "<br>".join(
                escape(line, quote=False) for line in wire.contact_lines(contact, language)
            )
            out.append(f'<p class="small">{lines}</p>')
    if release.citation:
        out.append(
            f'<p class="small">{escape(wire.labelled(wire.ADDRESS, release.citation, language), quote=False)}</p>'
        )
    return out


@lru_cache(maxsize=2)
def _inliner(name: str) -> tuple[css_inline.CSSInliner, str]:
    css = (_STYLES / f"{name}.css").read_text(encoding="utf-8")
    # Nothing is fetched while a release is handed out.
    return css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False), css


def _inlined(pieces: Iterable[str], style: str) -> str:
    """HTML whose styles stand at every element; class names, of no more use, are gone."""
    inliner, css = _inliner(style)
    html: str = inliner.inline_fragment("\n".join(pieces), css)
    return re.sub(r' class="[^"]*"', "", html)


def wechat(values: Export, parts: Parts) -> bytes:
    """HTML to be pasted into the editor of a WeChat public account.

    That editor drops links to other sites, style sheets, classes, ids and scripts. So every element
    carries its style, and a link is its words with a number; the addresses stand at the end as text.
    """
    half = values.half
    addresses: list[str] = []

    def link(span: Span) -> str:
        plain = address_of(span, half.site)
        text = escape(span.text, quote=False)
        if not plain:
            return text
        if plain not in addresses:
            addresses.append(plain)
        return f"{text}<sup>[{addresses.index(plain) + 1}]</sup>"

    article = _article(half, parts, link)
    if addresses:
        article.append(f'<p class="heading"><strong>{wire.LINKS[half.language]}</strong></p>')
        article += [
            f'<p class="small">[{number}] {escape(text, quote=False)}</p>'
            for number, text in enumerate(addresses, 1)
        ]
    body = _inlined(
        ['<section class="article">', *article, *_closing(half), "</section>"], "wechat"
    )
    title = escape(half.release.title, quote=False)
    return (
        f'<!DOCTYPE html>\n<html lang="{TAGS[half.language]}">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    ).encode()


def _email_link(half: Half) -> Linker:
    def link(span: Span) -> str:
        address = absolute(span.href, half.site)
        text = escape(span.text, quote=False)
        return (
            f'<a href="{escape(address)}">{text}</a>'
            if "://" in address or address.startswith(("mailto:", "tel:"))
            else text
        )

    return link


def email(values: Export, parts: Parts) -> bytes:
    """A message (.eml) with the text and the same as HTML, which mail programs open as a draft to be sent.

    Nothing in it comes from a clock or from chance: its date is the release's.
    """
    half = values.half
    language = half.language
    body = _inlined(
        [
            '<div class="article">',
            *_article(half, parts, _email_link(half)),
            *_closing(half),
            "</div>",
        ],
        "email",
    )
    title = escape(half.release.title, quote=False)
    html = (
        f'<!DOCTYPE html>\n<html lang="{TAGS[language]}">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )
    message = EmailMessage(policy=SMTP)
    message["Subject"] = half.release.title
    if values.sender:
        message["From"] = values.sender
    message["Date"] = format_datetime(datetime.fromisoformat(values.modified).astimezone(UTC))
    message["Content-Language"] = TAGS[language]
    message["X-Unsent"] = "1"  # Outlook opens it for sending instead of for reading
    message.set_content(wire.text_of(half, parts), cte="base64")
    message.add_alternative(html, subtype="html", cte="base64")
    message.set_boundary(f"=_{values.key.replace('/', '-')}-{language}")
    for part in message.walk():
        if isinstance(part, MIMEPart) and not part.is_multipart():
            part["Content-Language"] = TAGS[language]
    return message.as_bytes()


def text(values: Export, parts: Parts) -> bytes:
    """The wire text in one language."""
    return wire.text_of(values.half, parts).encode()


CHANNELS: Final[dict[str, tuple[Callable[[Export, Parts], bytes], str]]] = {
    "wechat": (wechat, "html"),
    "email": (email, "eml"),
    "text": (text, "txt"),
}


def export(channel: str, values: Export, parts: Parts) -> tuple[str, bytes]:
    """A release for a channel: the name of a file and its bytes. UsageError for an unknown channel."""
    if channel not in CHANNELS:
        known = ", ".join(CHANNELS)
        raise UsageError(
            f"没有“{channel}”这个渠道；可用：{known}。",
            f"there is no channel {channel!r}; there are {known}",
        )
    make, extension = CHANNELS[channel]
    language: Language = values.half.language
    return f"{values.key.replace('/', '-')}.{language}.{extension}", make(values, parts)
