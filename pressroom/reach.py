"""Who can be reached: the contacts to name at an instant, and what `check` says of them in time.

A contact that ended stands nowhere; whoever named it gets its successor, else the general press
line. `horizon`, in seconds since the epoch, is today, or the later instant that is built for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from pressroom.lifecycle import seconds, valid
from pressroom.models import Contact, Data, Item
from pressroom.moments import CHINA, next_day, start_of
from pressroom.problems import Problem, Severity
from pressroom.words import Words

# How long before its end a contact is spoken of, and after how long without being confirmed.
SOON: Final = timedelta(days=60)
YEAR: Final = timedelta(days=365)


def reachable(data: Data, keys: Iterable[str], now: int) -> tuple[Contact, ...]:
    """The contacts to name: those named, their successors, else the general press line."""
    found: dict[str, Contact] = {}
    for key in keys:
        contact = _standing_in(data, key, now)
        if contact is not None:
            found[contact.key] = contact
    if not found:
        line = data.contacts.get(data.organisation.press_line)
        if line is not None and valid(line, now):
            found[line.key] = line
    return tuple(found.values())


def _standing_in(data: Data, key: str, now: int) -> Contact | None:
    """A contact, or whoever followed it, and whoever followed them."""
    seen: set[str] = set()
    contact = data.contacts.get(key)
    while contact is not None and not valid(contact, now) and contact.key not in seen:
        seen.add(contact.key)
        contact = data.contacts.get(contact.successor)
    return contact if contact is not None and valid(contact, now) else None


def unreachable(items: Mapping[str, Item], data: Data, horizon: int) -> Iterator[Problem]:
    """Public releases, today's and those to come, that would name nobody."""
    known: dict[tuple[tuple[str, ...], int], bool] = {}
    for item in items.values():
        if item.kind != "release":
            continue
        out = [at for at in (item.out_zh, item.out_en) if at is not None]
        if not out:
            continue
        asked = item.contacts, max(horizon, min(out))
        if asked not in known:
            known[asked] = bool(reachable(data, *asked))
        if not known[asked]:
            path, line = item.place_of("contacts") or (item.sides()[0].path, 0)
            yield Problem(
                path,
                line,
                0,
                "no-contact",
                Words(
                    "这篇新闻稿没有可以联系的人：所列联系人和他们的接替者都已到期，值班联系人也已到期。",
                    "this release has nobody to ring: its contacts, their successors and the press line "
                    "have all ended",
                ),
                Words(
                    "在contacts.yaml中写明接替者（successor），或改用仍在任的联系人。",
                    "name a successor in contacts.yaml, or a contact who is still there",
                ),
                ", ".join(item.contacts),
            )


def ageing(data: Data, path: str, horizon: int) -> Iterator[Problem]:
    """Contacts that will end soon, and those that nobody confirmed for a year; warnings, in `path`."""
    today = datetime.fromtimestamp(horizon, UTC)
    for contact in data.contacts.values():
        if not valid(contact, horizon):
            continue
        if contact.valid_until is not None and contact.valid_until - today <= SOON:
            end = contact.valid_until.astimezone(CHINA)
            day = f"{end:%Y-%m-%d %H:%M}"
            heirs = reachable(data, [contact.key], seconds(contact.valid_until))
            heir = heirs[0].key if heirs else ""
            yield Problem(
                path,
                contact.line,
                0,
                "contact-ends",
                Words(
                    f"联系人“{contact.key}”{day}到期，此后"
                    + (f"改为“{heir}”。" if heir else "没有人接替。"),
                    f"the contact {contact.key!r} ends at {day}; after that "
                    + (f"{heir!r} is named" if heir else "there is nobody"),
                ),
                Words(
                    "写明接替者（successor），或推迟valid_until。",
                    "name a successor, or put valid_until later",
                ),
                contact.key,
                severity=Severity.WARNING,
            )
        if today - start_of(next_day(contact.confirmed)) > YEAR:
            yield Problem(
                path,
                contact.line,
                0,
                "contact-unconfirmed",
                Words(
                    f"联系人“{contact.key}”最近一次确认是{contact.confirmed}，已超过一年。",
                    f"the contact {contact.key!r} was last confirmed on {contact.confirmed}, more than a "
                    "year ago",
                ),
                Words(
                    "打电话核实后，改写confirmed的日期。",
                    "ring and ask, then write the new day at confirmed",
                ),
                contact.key,
                severity=Severity.WARNING,
            )
