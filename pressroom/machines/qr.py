"""A press contact as a QR code: a reader at a desk takes it over with the telephone in their hand."""

from __future__ import annotations

import io
from typing import Final

from pressroom.machines.vcard import VCard, escaped, structured
from pressroom.words import Language

# The quiet zone a reader needs around a code, in modules (ISO/IEC 18004, 6.3.8).
QUIET: Final = 4


def essentials(card: VCard, language: Language) -> str:
    """The card in as few characters as a camera needs: fewer characters, larger modules.

    vCard 3.0, because telephones' cameras read that version everywhere; the files are 4.0.
    """
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{structured(card.name)[language].removesuffix(';;;')}",
        f"FN:{escaped(card.name.best(language)[0])}",
    ]
    if card.organisation:
        lines.append(f"ORG:{escaped(card.organisation.best(language)[0])}")
    if card.telephone:
        lines.append(f"TEL:{card.telephone}")
    if card.email:
        lines.append(f"EMAIL:{escaped(card.email)}")
    return "\r\n".join([*lines, "END:VCARD"])


def draw(card: VCard, language: Language) -> str:
    """The code as one inline `<svg>`: attributes only, dark on light in every colour scheme.

    It takes the width of its place; the words beside it are the template's.
    """
    import segno  # only the page of contacts pays for it

    code = segno.make(essentials(card, language), error="m", encoding="utf-8", micro=False)
    out = io.BytesIO()
    code.save(
        out,
        kind="svg",
        border=QUIET,
        dark="#000",
        light="#fff",
        omitsize=True,
        xmldecl=False,
        svgns=False,
        nl=False,
        svgclass="qr",
        lineclass=None,
    )
    drawing = out.getvalue().decode()
    return drawing.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
