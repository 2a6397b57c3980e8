"""What a publication did, told to whoever started it."""

from __future__ import annotations

import msgspec

from pressroom.words import Words


class Receipt(msgspec.Struct, frozen=True):
    """What is live now, and how it differs from what was live before.

    `version` and `before` are names of versions (`before` is empty at the first publication);
    `sent` and `removed` are paths relative to the tree, with slashes and sorted; `kept` counts the
    files that were live already and stayed as they were. `switched` is False when the very same
    tree was live already. `remarks` are things worth knowing that stopped nothing.
    """

    target: str
    version: str
    before: str = ""
    sent: tuple[str, ...] = ()
    kept: int = 0
    removed: tuple[str, ...] = ()
    switched: bool = True
    remarks: tuple[Words, ...] = ()

    @property
    def words(self) -> Words:
        """One sentence for the person who published."""
        if not self.switched:
            return Words(
                f"{self.target}：内容没有变化，线上仍是{self.version}。",
                f"{self.target}: nothing changed, {self.version} stays live.",
            )
        counts = (len(self.sent), self.kept, len(self.removed))
        return Words(
            "{}：{}已上线；新写{}个文件，沿用{}个，撤下{}个。".format(
                self.target, self.version, *counts
            ),
            "{}: {} is live; {} files written, {} kept, {} removed.".format(
                self.target, self.version, *counts
            ),
        )
