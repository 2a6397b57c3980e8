"""Dates, numbers, lists and names of languages as each language writes them (CLDR, via Babel).

Everything here is a pure function of text in and text out; `install` hands the functions to a Jinja
environment as filters of its language. A template may name another language: `day(language)`.

Filters: day, month, month_alone, edtf, instant, clock, number, qualifier, with_unit, figure, latest,
conjunction, languages, quoted, telephone, host, run_in. Functions: _, ngettext, say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial
from typing import Any, Final, Literal, Protocol, cast

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal
from jinja2 import Environment, Template
from jinja2.ext import Extension
from markupsafe import Markup, escape

from pressroom.values import Figure, FigureValue, SourceView
from pressroom.words import LOCALES, OG_LOCALES, TAGS, Language, Words, other

Form = Literal["full", "number"]


class Translations(Protocol):
    """A gettext catalogue, as Babel's and the standard library's translation objects are."""

    def gettext(self, message: str) -> str: ...
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...


class MissingMessage(LookupError):
    """A template asks for a message that the catalogue of its language does not hold."""


# How a figure is qualified in running text. Keys: models.Qualifier.
QUALIFIED: Final[dict[str, Words]] = {
    "": Words("{}", "{}"),
    "more-than": Words("超过{}", "more than {}"),
    "nearly": Words("近{}", "nearly {}"),
    "about": Words("约{}", "about {}"),
}

# The title of a text, and what stands between it and its publisher.
TITLE: Final = Words("《{}》", "“{}”")
COMMA: Final = Words("，", ", ")

# "~" of EDTF, an open reading of a date.
ABOUT: Final = Words("{}前后", "about {}")
# An interval with an uncertain end is said in words: a dash beside "about" is hard to read.
BETWEEN: Final = Words("{}至{}", "{} to {}")
SINCE: Final = Words("{}起", "since {}")
UNTIL: Final = Words("至{}", "until {}")

# CLDR calls the zone 中国时间 and China Time; Chinese newsrooms say 北京时间, and the English name
# is the one that GB/T 7408 and airlines use.
IN_CHINA: Final = Words("{}（北京时间）", "{}, China Standard Time")
_ZONED: Final = re.compile(
    r"北京时间|中国时间|China Standard Time|China Time|Beijing time|\bCST\b", re.I
)

# CLDR 47, delimiters of zh_Hans and en_GB; Babel does not carry them.
# https://github.com/unicode-org/cldr-json/blob/main/cldr-json/cldr-misc-full/main/en-GB/delimiters.json
QUOTES: Final[dict[Language, tuple[str, str]]] = {"zh": ("“", "”"), "en": ("“", "”")}

# What each language calls itself, on the way to it.
ENDONYMS: Final = Words("中文", "English")

# Units that stand at the number without a space in English.
_TIGHT_UNITS: Final = ("%", "‰", "°", "℃")

# 万亿, 亿 and 万, and how many decimals a reader takes in with them; beyond that all digits are written.
_UNITS: Final = (10**12, 10**8, 10**4)
_COMPACT_DECIMALS: Final = 2


# --- dates -------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 15)
def day(text: str, language: Language) -> str:
    """`2017-05-31` → 2017年5月31日, 31 May 2017; "" stays ""."""
    return format_date(date.fromisoformat(text), "long", LOCALES[language]) if text else ""


@lru_cache(maxsize=4096)
def month(text: str, language: Language) -> str:
    """`2017-05` → 2017年5月, May 2017."""
    return format_skeleton("yMMMM", date.fromisoformat(f"{text}-01"), locale=LOCALES[language])


@lru_cache(maxsize=4096)
def month_alone(text: str, language: Language) -> str:
    """`2017-05` → 5月, May: under a heading that says the year."""
    pattern = Words("M月", "MMMM")[language]
    return format_date(date.fromisoformat(f"{text}-01"), pattern, LOCALES[language])


def _single(text: str, language: Language) -> str:
    """One EDTF date, as exactly as it is written."""
    plain = text.removesuffix("~")
    if len(plain) == 4:
        written = format_skeleton("y", date(int(plain), 1, 1), locale=LOCALES[language])
    elif len(plain) == 7:
        written = month(plain, language)
    else:
        written = day(plain, language)
    return ABOUT[language].format(written) if text.endswith("~") else written


def _interval(first: str, last: str, language: Language) -> str:
    """Two EDTF dates of the same exactness by CLDR's interval patterns, with months in full."""
    start, end = (date.fromisoformat(text + "0001-01-01"[len(text) :]) for text in (first, last))
    skeleton = {4: "y", 7: "yMMM", 10: "yMMMd"}[len(first)]
    field = "y" if start.year != end.year else "M" if start.month != end.month else "d"
    patterns = Locale.parse(LOCALES[language]).interval_formats[skeleton].get(field)
    if patterns is None:
        return _single(first, language)
    parts = zip((start, end), patterns, strict=True)
    return "".join(
        format_date(moment, pattern.replace("MMM", "MMMM"), LOCALES[language])
        for moment, pattern in parts
    )


@lru_cache(maxsize=4096)
def edtf(text: str, language: Language) -> str:
    """An EDTF date, no more exact than it is known: 2010年, 2016年6月, 2010年前后, 2017–2018年; "" stays ""."""
    first, _, last = text.partition("/")
    if not first:
        return ""
    if not last or first == last:
        return _single(first, language)
    if len(first) == len(last) and "~" not in text:
        return _interval(first, last, language)
    return BETWEEN[language].format(_single(first, language), _single(last, language))


def span(first: str, last: str, language: Language) -> str:
    """From one EDTF date to another; where the second is not known, the first alone."""
    if last in ("", first):
        return edtf(first, language)
    if "/" in first + last:
        return BETWEEN[language].format(edtf(first, language), edtf(last, language))
    return edtf(f"{first}/{last}", language)


def period(start: str, end: str, language: Language) -> str:
    """How long somebody held a post, open at either side: 2015年起, until 2017."""
    if start and end:
        return span(start, end, language)
    open_end = SINCE if start else UNTIL
    return open_end[language].format(edtf(start or end, language))


@lru_cache(maxsize=1 << 14)
def instant(text: str, language: Language) -> str:
    """`2017-05-31T15:00:00+08:00` → 2017年5月31日15:00（北京时间）, 31 May 2017, 15:00, China Standard Time."""
    pattern = Words("y年M月d日HH:mm", "d MMMM y, HH:mm")[language]
    moment = datetime.fromisoformat(text)
    return IN_CHINA[language].format(
        format_datetime(moment.replace(tzinfo=None), pattern, locale=LOCALES[language])
    )


def opening_hours(text: str, language: Language) -> str:
    """Opening hours with their time zone, where they name an hour and no zone yet."""
    named = re.search(r"\d:\d\d", text) and not _ZONED.search(text)
    return IN_CHINA[language].format(text) if named else text


def clock(text: str) -> str:
    """The time of day of an instant, or a time of day as it is: 15:00 in both languages."""
    return text[11:16] if "T" in text else text


# --- numbers -----------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 14)
def number(text: str, language: Language) -> str:
    """A number kept as exact as it is written: 59000 → 5.9万, 59,000; 3.20 → 3.20.

    Chinese takes 万 and 亿 where nothing is rounded away. What is not a number stays as it is.
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    exponent = value.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if language == "zh" and not decimals and abs(value) >= _UNITS[-1]:
        unit = next(unit for unit in _UNITS if abs(value) >= unit)
        if value * 10**_COMPACT_DECIMALS % unit == 0:
            return format_compact_decimal(
                value, locale=LOCALES[language], fraction_digits=_COMPACT_DECIMALS
            )
    places = f".{'0' * decimals}" if decimals else ""
    return format_decimal(value, format=f"#,##0{places}", locale=LOCALES[language])


def qualified(text: str, qualifier: str, language: Language) -> str:
    """A figure's text with its qualifier: 超过5.9万, more than 59,000."""
    return QUALIFIED[qualifier][language].format(text)


def qualifier(name: str, language: Language) -> str:
    """A qualifier alone, where the number is set larger than it: 超过, more than; "" stays ""."""
    return QUALIFIED[name][language].replace("{}", "").strip()


def with_unit(text: str, unit: str, language: Language) -> str:
    """A written number and its unit: 5.9万个村, 59,000 villages, 12%."""
    gap = " " if language == "en" and unit and not unit.startswith(_TIGHT_UNITS) else ""
    return f"{text}{gap}{unit}"


def fact_text(
    language: Language, qualifier: str, value: str, unit: str, form: Form = "full"
) -> str:
    """What `{fact}key` writes in a body (`form` "full") and `{fact}key#number` (the number alone)."""
    written = number(value, language)
    if form == "number":
        return written
    return qualified(with_unit(written, unit, language), qualifier, language)


def figure(value: FigureValue, unit: str, language: Language) -> str:
    """A fact's value in full: 超过5.9万个村, more than 59,000 villages."""
    return fact_text(language, value.qualifier, value.number, unit)


def latest(fact: Figure) -> FigureValue:
    """The newest value of a fact."""
    return fact.values[-1]


# --- lists, names, marks -----------------------------------------------------------------------


def conjunction(items: Iterable[object], language: Language) -> Markup:
    """Texts, or ready markup, joined as the language joins a list: A、B和C; A, B and C."""
    return Markup(format_list([escape(item) for item in items], locale=LOCALES[language]))


@lru_cache(maxsize=64)
def _language_list(codes: tuple[str, ...], language: Language) -> str:
    names = Locale.parse(LOCALES[language]).languages
    return format_list([names.get(code, code) for code in codes], locale=LOCALES[language])


def languages(codes: Iterable[str], language: Language) -> str:
    """Languages by name: 中文和英语, Chinese and English."""
    return _language_list(tuple(codes), language)


def quoted(text: str, language: Language) -> Markup:
    """A text between the language's quotation marks."""
    opening, closing = QUOTES[language]
    return Markup(f"{opening}{escape(text)}{closing}")


def titled(source: SourceView) -> str:
    """A source by its words; a release of this site, which is all title, in the marks of a title."""
    return (
        TITLE[source.language].format(source.text) if source.href.startswith("/") else source.text
    )


def credit(source: SourceView, language: Language) -> str:
    """A source in a line to take over: its title, then who published it."""
    return COMMA[language].join(filter(None, (titled(source), source.publisher)))


def run_in(html: str, opening: str) -> Markup:
    """Clean HTML with `opening` (ready markup) at the start of its first paragraph: the dateline."""
    if not html.startswith("<p>"):
        return Markup(f"<p>{opening}</p>{html}")
    return Markup(f"<p>{opening}{html[3:]}")


@lru_cache(maxsize=1024)
def telephone(text: str) -> str:
    """E.164 grouped for the eye: +861085312612 → +86 10 8531 2612; what cannot be read stays."""
    import phonenumbers  # 60 ms that only a site with telephone numbers needs

    try:
        parsed = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return text
    style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, style))


def host(address: str) -> str:
    """What a reader sees of an address: https://www.unicef.cn/en/ → www.unicef.cn/en."""
    return address.partition("//")[2].rstrip("/") or address


# --- what templates get ------------------------------------------------------------------------


# A message's open places, as in Python: %(day)s.
_PLACE: Final = re.compile(r"%\((\w+)\)s")


class Messages:
    """The catalogues of both languages, as plain text.

    A message that is missing is an error, never its own id; so is a place that gets no value.
    """

    def __init__(self, translations: Mapping[Language, Translations]) -> None:
        self._translations = translations
        self._pieces: dict[tuple[Language, str], list[Markup]] = {}

    def say(self, language: Language, message: str, /, **values: object) -> Markup:
        """A message of either language, for pages in both: `say('en', 'front.enter')`."""
        pieces = self._pieces.get((language, message))
        if pieces is None:
            text = self._translations[language].gettext(message)
            if text == message:
                raise MissingMessage(f"{message}: not in the catalogue of {language}")
            pieces = self._pieces[language, message] = _pieces(text)
        return _filled(pieces, values)

    def count(
        self, language: Language, one: str, many: str, amount: int, /, **values: object
    ) -> Markup:
        """A message that counts: `ngettext('years.release', 'years.releases', n)`, n as %(num)s."""
        text = self._translations[language].ngettext(one, many, amount)
        if text in (one, many):
            raise MissingMessage(f"{one}: not in the catalogue of {language}")
        return _filled(_pieces(text), {"num": number(str(amount), language), **values})


def _pieces(text: str) -> list[Markup]:
    """A message cut at its places: text, name, text, name … text."""
    return [escape(piece) for piece in _PLACE.split(text)]


def _filled(pieces: list[Markup], values: Mapping[str, object]) -> Markup:
    if len(pieces) == 1:
        return pieces[0]
    texts: list[str] = list(pieces)
    texts[1::2] = [escape(values[name]) for name in texts[1::2]]
    return Markup("".join(texts))


class FixedMessages(Extension):
    """Writes messages without values into the template when it is compiled.

    `{{ _('release.related') }}` costs a page nothing this way: the text becomes part of the
    markup around it. Only the name `_` with one constant argument is touched.
    """

    def filter_stream(self, stream: Any) -> Any:
        """Replace the tokens `_ ( "id" )` by the message as one string token."""
        say = cast("Callable[[str], Markup]", self.environment.globals["_"])
        held: list[Any] = []
        wanted = ("name", "lparen", "string", "rparen")
        for token in stream:
            held.append(token)
            if token.type != wanted[len(held) - 1] or (len(held) == 1 and token.value != "_"):
                yield from held
                held = []
            elif len(held) == len(wanted):
                yield type(token)(held[0].lineno, "string", str(say(held[2].value)))
                held = []
        yield from held


# What markupsafe's escape would write otherwise than it stands.
_SPECIAL: Final = re.compile("""[&<>"']""")


def _written(value: object) -> str:
    """As markupsafe's escape, quickly: most texts have nothing to escape, ready markup stays as it is."""
    if type(value) is Markup or (type(value) is str and _SPECIAL.search(value) is None):
        return value
    return escape(value)


class ComponentTemplate(Template):
    """A template whose macros are made once, and whose texts are escaped only where they need it.

    Jinja compares all globals at every `{% from … import … %}` to see whether the macros have to be
    made anew for this page. Ours never see a page's values but as arguments, and the globals are
    the environment's: on a release page the comparison was a fifth of the rendering.
    """

    @classmethod
    def _from_namespace(cls, environment: Any, namespace: Any, globals: Any) -> Any:
        # What a template puts out is joined to one text: it needs no Markup around every piece.
        namespace["escape"] = _written
        return super()._from_namespace(environment, namespace, globals)

    def _get_default_module(self, ctx: Any = None) -> Any:
        return super()._get_default_module()


def install(
    env: Environment, language: Language, translations: Mapping[Language, Translations]
) -> None:
    """Give an environment the messages, filters and functions of a language."""
    messages = Messages(translations)
    env.globals.update(
        lang=language,
        tags=TAGS,
        other_tag=TAGS[other(language)],
        og_locales=OG_LOCALES,
        endonyms=ENDONYMS,
        _=partial(messages.say, language),
        gettext=partial(messages.say, language),
        ngettext=partial(messages.count, language),
        say=messages.say,
    )
    env.add_extension(FixedMessages)
    env.template_class = ComponentTemplate
    # Values are structs: what is written `release.title` is an attribute, and never a key. A tenth
    # of the rendering of a release page; a name that does not exist is an error all the same.
    env.getattr = getattr  # type: ignore[assignment]  # a method by the builtin of the same meaning

    def localized(function: Callable[..., Any]) -> Callable[..., Any]:
        """A filter in the environment's language, or in one named as its last argument."""

        def wrapped(value: Any, *arguments: Any, language: Language = language) -> Any:
            return function(value, *arguments, language)

        return wrapped

    env.filters.update(
        {
            function.__name__: localized(function)
            for function in (
                day,
                month,
                month_alone,
                edtf,
                span,
                period,
                instant,
                number,
                qualifier,
                with_unit,
                figure,
                conjunction,
                languages,
                quoted,
                credit,
            )
        }
        | {function.__name__: function for function in (clock, telephone, host, latest, run_in)}
    )
