"""What lies beside a release, made in one go: its kit once, its text and ninjs item in each language."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from pressroom.machines import kit, ninjs, wire
from pressroom.machines.prose import Parts

NAMES = ("release.json", "release.txt", "kit.zip")
# Of a withdrawn release only the machine-readable item stays, and says so.
WITHDRAWN_NAMES = ("release.json",)


def make(values: kit.Kit, parts: Parts) -> Sequence[bytes]:
    """The files by name (NAMES or WITHDRAWN_NAMES), and for each name by language, as in `halves`."""
    release = values.release
    halves = release.halves
    texts = wire.texts_of(release, parts)
    # In each file its own language stands first.
    owns = [
        msgspec.structs.replace(
            release, halves=(half, *(each for each in halves if each is not half))
        )
        for half in halves
    ]
    files = [ninjs.make(own, parts, texts) for own in owns]
    if any(half.release.withdrawn for half in halves):
        return files
    files += [wire.make(own, parts, texts) for own in owns]
    files += [kit.make(values, parts, texts)] * len(halves)
    return files
