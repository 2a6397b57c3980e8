"""The interface's texts: gettext catalogues, read as they are written, and kept in step with their use."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.support import Translations

from pressroom.problems import PressroomError
from pressroom.store import Damaged, Store, hexdigest
from pressroom.words import LANGUAGES, LOCALES, Language

_OPTIONS: Final = {
    "**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"},
}


def path_of(locale: Path, language: Language) -> Path:
    return locale / language / "LC_MESSAGES" / "messages.po"


def load(
    locale: Path, store: Store | None = None
) -> tuple[dict[Language, Translations], dict[Language, str]]:
    """The catalogues, and the digest of each. Compiled ones are kept: reading .po files takes its time."""
    found: dict[Language, Translations] = {}
    digests: dict[Language, str] = {}
    for language in LANGUAGES:
        path = path_of(locale, language)
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise PressroomError(
                f"{path}打不开：{error.strerror}。", f"{path} cannot be opened: {error.strerror}"
            ) from error
        digests[language] = hexdigest(raw)
        name = f"catalogue:{digests[language]}"
        compiled: bytes | None = None
        if store is not None:
            try:
                compiled = store.get(name)
            except Damaged:
                compiled = None
        if compiled is None:
            buffer = BytesIO()
            write_mo(buffer, _read(path))
            compiled = buffer.getvalue()
            if store is not None:
                store.put({name: compiled})
        found[language] = Translations(BytesIO(compiled))
    return found, digests


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def extract(theme: Path, package: Path) -> Catalog:
    """Every message that templates and the package ask for, with the translator's notes."""
    catalogue = Catalog(charset="utf-8")
    sources: list[tuple[Path, str, list[tuple[str, str]], Mapping[str, Any]]] = [
        (
            theme / "templates",
            "theme/templates",
            [("**.html", "jinja2")],
            {"_": None, "say": (2,), "ngettext": (1, 2)},
        ),
        (package, "pressroom", [("**.py", "python")], {"say": None, "_": None, "say_in": (2,)}),
    ]
    for folder, name, methods, keywords in sources:
        for file, _line, message, comments, _context in extract_from_dir(
            folder, methods, _OPTIONS, keywords, comment_tags=("NOTE:",), strip_comment_tags=True
        ):
            if isinstance(message, str) and ("." not in message or " " in message):
                continue
            catalogue.add(message, None, [(f"{name}/{file}", 0)], auto_comments=comments)
    return catalogue


def update(theme: Path, package: Path) -> dict[Language, tuple[list[str], list[str]]]:
    """Bring the catalogues in step; returns, by language, what was added and what was dropped."""
    template = extract(theme, package)
    changes: dict[Language, tuple[list[str], list[str]]] = {}
    for language in LANGUAGES:
        path = path_of(theme / "locale", language)
        catalogue = _read(path)
        before = _ids(catalogue)
        wanted = _ids(template)
        for key in sorted(before - wanted):
            catalogue.delete(key)
        for message in template:
            if not message.id:
                continue
            known = catalogue.get(message.id)
            if known is None:
                catalogue.add(message.id, None, auto_comments=message.auto_comments)
            else:
                known.auto_comments = message.auto_comments or known.auto_comments
        catalogue.locale = LOCALES[language]
        for message in catalogue:
            message.locations = []
        buffer = BytesIO()
        write_po(
            buffer, catalogue, width=100, omit_header=False, sort_output=True, no_location=True
        )
        changes[language] = (sorted(wanted - before), sorted(before - wanted))
        # The head bears the hour of writing; what follows says whether anything is new.
        if buffer.getvalue().partition(b"\n\n")[2] != path.read_bytes().partition(b"\n\n")[2]:
            path.write_bytes(buffer.getvalue())
    return changes


def _ids(catalogue: Catalog) -> set[str]:
    return {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id
    }


def faults(theme: Path, package: Path) -> list[str]:
    """What keeps the catalogues from being complete: missing, unused, fuzzy or empty entries."""
    wanted = _ids(extract(theme, package))
    found = []
    for language in LANGUAGES:
        catalogue = _read(path_of(theme / "locale", language))
        there = _ids(catalogue)
        found += [f"{language}: missing {key}" for key in sorted(wanted - there)]
        found += [f"{language}: unused {key}" for key in sorted(there - wanted)]
        for message in catalogue:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            if message.id and (message.fuzzy or not all(texts)):
                found.append(f"{language}: fuzzy or empty {message.id}")
    return found
