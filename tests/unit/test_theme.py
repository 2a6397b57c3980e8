"""The theme's own rules: components and their sheets, catalogues in step, colours that can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pressroom import catalogues
from pressroom.words import LANGUAGES

ROOT = Path(__file__).parents[2]
THEME = ROOT / "theme"
CSS = THEME / "static" / "css"
TEMPLATES = THEME / "templates"

# Sheets of the whole site; every other one belongs to a component.
SITEWIDE = {"tokens", "base", "layout", "utilities", "print"}


def sheets() -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in CSS.glob("*.css")}


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.S)


def test_every_component_has_its_sheet_and_every_sheet_its_component() -> None:
    components = {path.stem for path in (TEMPLATES / "components").glob("*.html")}
    assert components == set(sheets()) - SITEWIDE


def blocks_of(*templates: Path) -> set[str]:
    """The BEM blocks that templates write: `card` of card__title and card--lead."""
    text = "".join(path.read_text("utf-8") for path in templates)
    names = re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', text)))
    return {name.partition("__")[0].partition("--")[0] for name in names}


def test_a_component_sheet_styles_no_other_component() -> None:
    pages = blocks_of(*TEMPLATES.glob("*.html"))
    for name, css in sheets().items():
        if name in SITEWIDE:
            continue
        own = blocks_of(TEMPLATES / "components" / f"{name}.html") | pages
        for selector in re.findall(
            r"\.([a-z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", without_comments(css))
        ):
            assert selector.partition("__")[0].partition("--")[0] in own, f"{name}.css: .{selector}"


def test_classes_that_are_styled_are_written_somewhere() -> None:
    """No dead rules: every class of the sheets stands in a template, the charts or the script."""
    texts = "\n".join(
        path.read_text("utf-8")
        for path in [
            *TEMPLATES.rglob("*.html"),
            ROOT / "pressroom/charts.py",
            *(THEME / "static/js").glob("*.js"),
        ]
    )
    written = set(re.findall(r"[a-z][\w-]*", texts))
    styled = {
        selector
        for css in sheets().values()
        for selector in re.findall(
            r"\.([a-z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", without_comments(css))
        )
    }
    assert styled <= written


def test_layers_are_declared_in_one_line_and_every_rule_is_in_one() -> None:
    declared = re.findall(r"^@layer ([^;{]+);$", sheets()["tokens"], flags=re.M)
    assert declared == ["tokens, base, layout, components, utilities, print"]
    for name, css in sheets().items():
        blocks = re.findall(r"^@layer (\w+) \{$", without_comments(css), flags=re.M)
        expected = [name] if name in SITEWIDE else ["components"]
        assert blocks == expected, name
        outside = re.sub(r"^@layer [^;{]+;$", "", without_comments(css), flags=re.M)
        assert re.fullmatch(r"\s*@layer \w+ \{\n.*\n\}\s*", outside, flags=re.S), name


def test_faces_are_the_reader_s_own() -> None:
    """No face is loaded, no sheet fetches anything; Chinese faces come first on Chinese pages only."""
    for name, css in sheets().items():
        assert not re.search(r"@font-face|@import|url\(", without_comments(css)), name
    faces = re.findall(r"--(?:text|display): ([^;]+);", sheets()["tokens"])
    assert len(faces) == 4
    for chinese in faces[:2]:
        assert re.search(r"Noto S\w+ (CJK )?SC", chinese)
    for english in faces[2:]:
        assert english.index("SC") > english.index("Noto S")


def test_only_logical_properties() -> None:
    physical = re.compile(
        r"(?<![\w-])((margin|padding|border)-(left|right|top|bottom)|left|right|top|bottom|width|height|(min|max)-(width|height))\s*:"
    )
    for name, css in sheets().items():
        rules = re.sub(r"@media[^{]*", "", without_comments(css))
        assert not physical.search(rules), (name, physical.search(rules))


def test_templates_hold_no_inline_style_or_script() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), path.name
        for opening in re.findall(r"<script[^>]*>", text):
            assert "src=" in opening or 'type="application/ld+json"' in opening, path.name


def test_templates_say_nothing_outside_the_catalogues() -> None:
    """Every word a reader meets is a message or a value; names of formats are the same in both languages."""
    names = {"CSV", "JSON", "JSON Schema", "JSON Feed", "Atom", "SVG", "PNG"}
    for path in TEMPLATES.rglob("*.html"):
        bare = re.sub(
            r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!doctype html>|<[^>]*>",
            "\n",
            path.read_text("utf-8"),
            flags=re.S,
        )
        words = {line.strip() for line in bare.splitlines() if re.search(r"\w", line)}
        assert words <= names, path.name


def test_catalogues_are_complete_and_in_step() -> None:
    assert catalogues.faults(THEME, ROOT / "pressroom") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_a_note_for_the_translator(language: str) -> None:
    text = (THEME / "locale" / language / "LC_MESSAGES" / "messages.po").read_text("utf-8")
    entries = [
        entry
        for entry in text.split("\n\n")
        if 'msgid "' in entry and 'msgid ""\nmsgstr ""' not in entry
    ]
    assert entries
    assert [entry for entry in entries if "#. " not in entry] == []


def test_messages_keep_their_places_in_both_languages() -> None:
    found = catalogues.load(THEME / "locale")[0]
    ids = {
        str(message.id)
        for message in catalogues.extract(THEME, ROOT / "pressroom")
        if isinstance(message.id, str) and message.id
    }
    for key in ids:
        places = [
            set(re.findall(r"%\((\w+)\)s", found[language].gettext(key))) for language in LANGUAGES
        ]
        assert places[0] == places[1], key


# --- colours -----------------------------------------------------------------------------------


def tokens() -> dict[str, dict[str, str]]:
    css = sheets()["tokens"]
    light, dark = css.split("prefers-color-scheme: dark")
    return {
        scheme: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", part))
        for scheme, part in (("light", light), ("dark", dark))
    }


def luminance(colour: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(two)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "paper", 12),
        ("ink", "tint", 12),
        ("accent", "paper", 7),
        ("accent", "tint", 7),
        ("on-accent", "accent", 7),
        ("on-band", "band", 7),
        ("soft", "paper", 6),
        ("soft", "tint", 6),
    ],
)
def test_contrast(scheme: str, text: str, ground: str, least: float) -> None:
    """AAA for text and accent, well above AA for what is set in the softer grey."""
    colours = tokens()[scheme]
    assert contrast(colours[text], colours[ground]) >= least
