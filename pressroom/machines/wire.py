"""A release as the wire carries it: plain text, both languages one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from pressroom.formats import day, edtf, instant
from pressroom.machines.prose import Block, Parts, blocks, links, wrapped
from pressroom.values import Accounts, ContactView, Part, ReleaseView, Value
from pressroom.words import Language, Words

# The words that pages use too are those of the catalogues in theme/locale.

# What wires and terminals have shown for decades; Chinese fits 36 characters.
COLUMNS: Final = 72

END_MARK: Final = "###"

PRESS_CONTACTS: Final = Words("新闻联系人", "Press contacts")
CURRENT: Final = Words("现任联系人", "current contact")
TELEPHONE: Final = Words("电话", "Telephone")
EMAIL: Final = Words("电子邮箱", "E-mail")
WECHAT: Final = Words("微信", "WeChat")
WEIBO: Final = Words("新浪微博", "Weibo")
NEWSLETTER: Final = Words("电子通讯", "E-newsletter")
HOURS: Final = Words("接听时间", "Hours")
SOURCES: Final = Words("资料来源", "Sources")
LINKS: Final = Words("文中链接", "Links in the text")
ADDRESS: Final = Words("网址", "Address")
PICTURES: Final = Words("图片", "Pictures")
ON_REQUEST: Final = Words("可向新闻联系人索取", "on request from the press contacts")
CORRECTION: Final = Words("更正", "Correction")
WITHDRAWN: Final = Words("新闻稿已撤回", "Press release withdrawn")
COMPILED: Final = Words(
    "本条消息由本站根据公开报道编写，来源见文后。",
    "This item was compiled from published reports, which are named below.",
)
STALE: Final = Words("英文版有较新的内容。", "The Chinese version of this item is more recent.")

_COLON: Final = Words("：", ": ")
_COMMA: Final = Words("，", ", ")


class Half(Value, frozen=True):
    """One language of a release, with what surrounds it.

    `site` is the absolute address of the site without a closing slash, "" where it is not known;
    relative addresses in the text are completed with it. `publisher` is the site's own name.
    """

    language: Language
    release: ReleaseView
    publisher: str
    site: str = ""
    notice: str = ""
    copyright: str = ""


class ReleaseFile(Value, frozen=True):
    """What release.txt, release.json and kit.zip are made of.

    `halves`: the page's own language first, then the other one where it is public. `modified`: the
    item's modified instant, ISO 8601 with an offset. `key` is the release's key without its folder
    ("2017/child-welfare-week").
    """

    key: str
    halves: tuple[Half, ...]
    published: str
    modified: str


# The plain text of a release by language, for whoever needs it more than once.
Texts = Mapping[Language, str]


def quiet(release: ReleaseView) -> ReleaseView:
    """A release without what its page shows beside it, so that a neighbour's change is not its own."""
    return msgspec.structs.replace(
        release,
        related=(),
        newer=None,
        older=None,
        text_href="",
        json_href="",
        kit_href="",
        contacts=tuple(msgspec.structs.replace(contact, qr="") for contact in release.contacts),
    )


def dateline(release: ReleaseView, language: Language) -> str:
    """`北京，2017年5月31日——` or `Beijing, 31 May 2017 – `, before the first paragraph's text."""
    when = day(release.day, language)
    where = _COMMA[language].join(text for text in (release.place, when) if text)
    return f"{where}——" if language == "zh" else f"{where} – "


def labelled(label: Words, text: str, language: Language) -> str:
    """`电话：…` or `Telephone: …`."""
    return f"{label[language]}{_COLON[language]}{text}"


def contact_lines(contact: ContactView, language: Language) -> list[str]:
    """A press contact in a few lines: name and role, then the ways to reach them."""
    name = contact.name
    if contact.other_name and contact.other_name != contact.name:
        name += f"（{contact.other_name}）" if language == "zh" else f" ({contact.other_name})"
    if contact.current_only:
        name += f"（{CURRENT.zh}）" if language == "zh" else f", {CURRENT.en}"
    lines = [
        _COMMA[language].join(text for text in (name, contact.role, contact.organisation) if text)
    ]
    for label, text in (
        (TELEPHONE, contact.telephone_shown or contact.telephone),
        (EMAIL, contact.email),
        (WECHAT, contact.wechat),
        (HOURS, contact.hours),
    ):
        if text:
            lines.append(labelled(label, text, language))
    return lines


def block_lines(block: Block, half: Half, lead: str = "") -> list[str]:
    """One block as lines; `lead` (the dateline) opens a paragraph."""
    language = half.language
    text = lead + block.text
    match block.kind:
        case "preformatted":
            return text.split("\n")
        case "rule":
            return ["* * *"]
        case "row":
            return wrapped(text.replace("\t", " | "), COLUMNS, language, "  ")
        case "item":
            pad = "  " * (block.depth - 1)
            mark = f"{pad}{block.marker} " if block.marker else f"{pad}  "
            return wrapped(text, COLUMNS, language, " " * len(mark), mark)
        case "quote":
            return wrapped(text, COLUMNS, language, "    ", "    ")
        case _:
            return wrapped(text, COLUMNS, language)


def body_blocks(parts: tuple[Part, ...]) -> list[Block]:
    """The text of a body without its pictures."""
    return [block for part in parts if part.html for block in blocks(part.html)]


def _paragraphs(half: Half, parts: tuple[Part, ...]) -> list[list[str]]:
    """The body with the dateline before its first paragraph; items of a list stay together."""
    out: list[list[str]] = []
    lead = dateline(half.release, half.language)
    previous = ""
    for block in body_blocks(parts):
        lines = block_lines(block, half, lead if block.kind == "paragraph" else "")
        if block.kind == "paragraph":
            lead = ""
        if out and block.kind == previous and block.kind in ("item", "row"):
            out[-1].extend(lines)
        else:
            out.append(lines)
        previous = block.kind
    return out


def picture_lines(half: Half, parts: tuple[Part, ...]) -> list[str]:
    """Caption, credit and whom to ask, for each picture of the body."""
    out: list[str] = []
    for picture in (part.picture for part in parts):
        if picture is None:
            continue
        text = " ".join(
            piece for piece in (picture.caption or picture.alt, picture.credit) if piece
        )
        if picture.on_request:
            text += f"（{ON_REQUEST.zh}）" if half.language == "zh" else f" ({ON_REQUEST.en})"
        out += wrapped(text, COLUMNS, half.language, "  ", "- ")
    return out


def text_of(half: Half, parts: Parts) -> str:
    """One language of a release as plain text, ending in a line break."""
    release, language = half.release, half.language

    def fill(text: str) -> list[str]:
        return wrapped(text, COLUMNS, language)

    pieces: list[list[str]] = []
    if release.section:
        pieces.append(fill(release.section))
    pieces.append(fill(release.title))
    if half.notice:
        pieces.append(fill(f"[{half.notice}]"))
    if release.withdrawn:
        at = instant(release.withdrawn.at, language)
        pieces.append(fill(labelled(WITHDRAWN, at, language)))
        pieces.append(fill(release.withdrawn.text))
    else:
        for notice in release.corrections:
            at = instant(notice.at, language)
            pieces.append(fill(labelled(CORRECTION, at, language)) + fill(notice.text))
        if release.stale:
            pieces.append(fill(STALE[language]))
        opened = parts(release.body)
        if release.compiled:
            pieces.append(fill(COMPILED[language]))
        pieces += _paragraphs(half, opened)
        # An item compiled from others' reports is no release of ours: the end mark is not for it.
        if not release.compiled:
            pieces.append([END_MARK])
        pictures = picture_lines(half, opened)
        if pictures:
            pieces.append([PICTURES[language], *pictures])
        linked = link_lines(half, opened)
        if linked:
            pieces.append([LINKS[language], *linked])
        if release.sources:
            pieces.append([SOURCES[language], *source_lines(half)])
        if release.boilerplate:
            boilerplate = [release.boilerplate_title, release.boilerplate]
            boilerplate += account_lines(release.accounts, language)
            pieces.append([line for text in boilerplate for line in fill(text)])
    if release.contacts:
        pieces.append([PRESS_CONTACTS[language]])
        for contact in release.contacts:
            pieces.append(
                [line for text in contact_lines(contact, language) for line in fill(text)]
            )
    if release.citation:
        pieces.append(fill(labelled(ADDRESS, release.citation, language)))
    return "\n\n".join("\n".join(lines) for lines in pieces if lines) + "\n"


def account_lines(accounts: Accounts, language: Language) -> list[str]:
    """Where the organisation itself can be met, a line each."""
    named = ((WEIBO, accounts.weibo), (WECHAT, accounts.wechat), (NEWSLETTER, accounts.newsletter))
    return [
        *accounts.websites,
        *(labelled(label, text, language) for label, text in named if text),
    ]


def link_lines(half: Half, parts: tuple[Part, ...]) -> list[str]:
    """The links of the body: their addresses stand here, so that the text can be taken over as it is."""
    return [
        line
        for words, address in links(body_blocks(parts), half.site)
        for line in wrapped(
            f"{words}{_COLON[half.language]}{address}", COLUMNS, half.language, "  ", "- "
        )
    ]


def source_texts(half: Half) -> list[str]:
    """The sources named, each with publisher, date as known and address."""
    out = []
    for source in half.release.sources:
        publisher = source.publisher if source.publisher != source.text else ""
        pieces = (source.text, publisher, edtf(source.date, half.language), source.href)
        out.append(_COMMA[half.language].join(piece for piece in pieces if piece))
    return out


def source_lines(half: Half) -> list[str]:
    """The same, wrapped as a list."""
    return [
        line
        for text in source_texts(half)
        for line in wrapped(text, COLUMNS, half.language, "  ", "- ")
    ]


def texts_of(values: ReleaseFile, parts: Parts) -> Texts:
    """Each language of a release as plain text: for its own file, for the kit and for ninjs."""
    return {half.language: text_of(half, parts) for half in values.halves}


def make(values: ReleaseFile, parts: Parts, texts: Texts | None = None) -> bytes:
    """release.txt in UTF-8: the page's language first, the other one after a line of =."""
    texts = texts or texts_of(values, parts)
    return f"\n{'=' * COLUMNS}\n\n".join(texts[half.language] for half in values.halves).encode()
