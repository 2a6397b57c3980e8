"""The records: what the content folder says, typed, with nothing of when or where it is shown.

Every record is immutable. Keys are paths: an item's key is its folder below `content/`
("releases/2017/child-welfare-week"), a reference in front matter or in a body names the same
folder in the newsroom's words ("release:2017/child-welfare-week").
"""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Final, Literal

import msgspec

from pressroom.moments import Uncertain
from pressroom.words import LANGUAGES, Language, Words

Kind = Literal["release", "event", "programme", "page"]

# The folder below content/ in which items of a kind live; it is the first part of their address too.
FOLDERS: Final[dict[Kind, str]] = {
    "release": "releases",
    "event": "events",
    "programme": "programmes",
    "page": "pages",
}


class Status(enum.StrEnum):
    DRAFT = "draft"
    PUBLIC = "public"
    WITHDRAWN = "withdrawn"


class Translation(enum.StrEnum):
    """Which language may be public without the other."""

    TOGETHER = "together"
    ZH_FIRST = "zh-first"
    EN_FIRST = "en-first"
    ZH_ONLY = "zh-only"
    EN_ONLY = "en-only"


class EventState(enum.StrEnum):
    ANNOUNCED = "announced"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Qualifier(enum.StrEnum):
    MORE_THAN = "more-than"
    NEARLY = "nearly"
    ABOUT = "about"


class NameKind(enum.StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    TERM = "term"


class Record(msgspec.Struct, frozen=True, array_like=True):
    """The base of every record: immutable, compact in the cache."""


# --- what an item says -------------------------------------------------------------------------


class Source(Record, frozen=True):
    """Where something is known from; `url` and `date` (EDTF) where they exist."""

    title: Words
    publisher: Words = Words()
    url: str = ""
    date: str = ""


class Photo(Record, frozen=True):
    """A photograph of an item: its file (or none, when it is on request) and its rights.

    Captions and alt texts differ by language and stand in the bodies.
    """

    name: str
    credit: str
    on_request: bool = False
    children: bool = False
    consent: str = ""
    consent_until: Uncertain | None = None
    digest: str = ""  # of the file's bytes, hexadecimal; empty when on request


class Notice(Record, frozen=True):
    """A correction or a withdrawal: when, and what readers are told."""

    at: datetime
    text: Words
    minor: bool = False


class Point(Record, frozen=True):
    """A point of an event's programme: `at` is a time of day (15:00) or an instant."""

    at: str
    text: Words


class PhotoRef(Record, frozen=True):
    """A photograph where it stands in a body."""

    name: str
    alt: str
    caption: str
    line: int


class Ref(Record, frozen=True):
    """A reference in a body or in front matter, e.g. ("release", "2017/child-welfare-week")."""

    kind: str
    key: str
    line: int


class FactRef(Record, frozen=True):
    """`{fact}villages@2010#number` in a body: key, date or "", whether the number alone is wanted."""

    key: str
    at: str
    number_only: bool
    line: int


class Side(Record, frozen=True):
    """What one language file says for itself."""

    language: Language
    path: str  # relative to the project
    title: str
    summary: str
    status: Status
    embargo: datetime | None
    body: str  # digest of the rendered parts, the key under which the library keeps them
    body_line: int
    refs: tuple[Ref, ...] = ()
    photos: tuple[PhotoRef, ...] = ()
    facts: tuple[FactRef, ...] = ()
    theme: str = ""
    lines: dict[str, int] = {}  # field of the front matter → its line


class Item(Record, frozen=True):
    """One folder: a release, event (series or edition), programme or page, in one or both languages."""

    key: str
    kind: Kind
    slug: str
    zh: Side | None
    en: Side | None
    digest: str  # of everything the folder says, hexadecimal
    out_zh: int | None = (
        None  # when the side goes out, in seconds since the epoch; None: never as it stands
    )
    out_en: int | None = None
    translation: Translation = Translation.TOGETHER
    date: date | None = None
    place: str = ""
    contacts: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    event: str = ""
    topics: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    updated: datetime | None = None
    photos: tuple[Photo, ...] = ()
    corrections: tuple[Notice, ...] = ()
    withdrawn: Notice | None = None
    compiled: bool = False  # a news item compiled from named reports, not a release of our own
    # events
    series: bool = False
    edition: int | None = None
    starts: Uncertain | None = None
    ends: Uncertain | None = None
    hosts: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    schedule: tuple[Point, ...] = ()
    state: EventState = EventState.ANNOUNCED
    hours: Words = Words()
    accreditation: Words = Words()
    # programmes
    since: Uncertain | None = None
    partners: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    # Every instant at which what is shown of it may change by itself, in seconds since the epoch, in order.
    instants: tuple[int, ...] = ()

    def side(self, language: Language) -> Side | None:
        return self.zh if language == "zh" else self.en

    def sides(self) -> tuple[Side, ...]:
        return tuple(side for side in (self.zh, self.en) if side is not None)

    def place_of(self, field: str) -> tuple[str, int] | None:
        """File and line of a field of the front matter, in the first language that has it."""
        return next(
            ((side.path, side.lines[field]) for side in self.sides() if field in side.lines), None
        )

    @property
    def languages(self) -> tuple[Language, ...]:
        return tuple(language for language in LANGUAGES if self.side(language) is not None)

    @property
    def address(self) -> str:
        """The path below /{l}/ at which the item stands, with a closing slash."""
        return f"{self.key.removeprefix('pages/')}/"


# --- what the data files say -------------------------------------------------------------------


class Value(Record, frozen=True):
    """A figure at a date. `number` is kept as written, so that 3.20 stays 3.20."""

    number: str
    as_of: Uncertain
    qualifier: Qualifier | None
    source: str  # a reference "release:2017/child-welfare-week", or empty
    citation: Source | None
    note: Words = Words()


class Fact(Record, frozen=True):
    """A figure with its history, newest last."""

    key: str
    programme: str
    label: Words
    unit: Words
    values: tuple[Value, ...]
    line: int = 0


class Contact(Record, frozen=True):
    """A press contact."""

    key: str
    name: Words
    role: Words
    organisation: str
    telephone: str  # E.164
    email: str
    confirmed: date
    languages: tuple[str, ...] = ()  # spoken, where they are known
    telephone_shown: str = ""  # grouped for the eye
    wechat: str = ""
    hours: Words = Words()
    valid_until: datetime | None = None
    successor: str = ""
    line: int = 0


class Role(Record, frozen=True):
    text: Words
    start: Uncertain | None = None
    end: Uncertain | None = None


class Name(Record, frozen=True):
    """A person, organisation, place or term with its one right form in each language."""

    key: str
    kind: NameKind
    name: Words
    short: Words = Words()
    wrong: tuple[
        tuple[Language, str], ...
    ] = ()  # variants that must not be used (`not` in the file)
    roles: tuple[Role, ...] = ()
    pinyin: str = ""
    source: str = ""
    note: Words = Words()
    line: int = 0


class Topic(Record, frozen=True):
    key: str
    name: Words
    line: int = 0


class Organisation(Record, frozen=True):
    """Who publishes the site, and what every page says."""

    name: Words
    short_name: Words
    tagline: Words
    notice: Words  # the demonstration notice; empty turns it off, and noindex with it
    boilerplate_title: Words
    boilerplate: Words
    section: Words  # the label over a release
    press_line: str  # key of the contact to ask when no other is reachable
    email: str = ""
    weibo: str = ""
    wechat: str = ""
    websites: tuple[str, ...] = ()
    newsletter: str = ""
    footer: tuple[Words, ...] = ()
    icp: str = ""
    security_contact: str = ""
    security_expires: str = ""
    source_organisation: str = ""  # key in names: the organisation whose news this is


class Data(Record, frozen=True):
    """All data files together."""

    organisation: Organisation
    contacts: dict[str, Contact]
    facts: dict[str, Fact]
    names: dict[str, Name]
    topics: dict[str, Topic]
    redirects: dict[str, str] = {}  # old address → new one, or "gone"
    digest: str = ""
