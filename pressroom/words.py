"""The two languages of the site, and words said in both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, get_args

import msgspec

Language = Literal["zh", "en"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

# BCP 47 tags for lang and hreflang: the script is named because the region is not what matters.
TAGS: Final[dict[Language, str]] = {"zh": "zh-Hans", "en": "en"}

# CLDR locales for dates, numbers, lists and quotation marks.
LOCALES: Final[dict[Language, str]] = {"zh": "zh_Hans_CN", "en": "en_GB"}

# Open Graph knows territories only (https://ogp.me/#optional).
OG_LOCALES: Final[dict[Language, str]] = {"zh": "zh_CN", "en": "en_GB"}


def other(language: Language) -> Language:
    """The language on the other side of the page."""
    return "en" if language == "zh" else "zh"


class Words(msgspec.Struct, frozen=True, array_like=True, order=True):
    """The same thing said in Chinese and in English; an empty string where it is not said."""

    zh: str = ""
    en: str = ""

    def __getitem__(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)

    def best(self, language: Language) -> tuple[str, Language]:
        """The text in `language`, else in the other one, with the language it is in."""
        own = self[language]
        return (own, language) if own else (self[other(language)], other(language))

    def said(self) -> Iterator[tuple[Language, str]]:
        """Each language in which something is said, with its text."""
        for language in LANGUAGES:
            if self[language]:
                yield language, self[language]
