"""What is wrong, where, and how to mend it: in both languages, for people.

PressroomError            whatever stops a command, said in words
├── UsageError            wrong arguments or a missing tool: exit code 2
└── ContentError          the content has errors: carries the problems, exit code 1
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import msgspec

from pressroom.words import Words


class Severity(enum.StrEnum):
    """How much a problem weighs: an error stops the build, a warning and advice never do."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing found in a source file.

    `path` is relative to the project, with slashes; `line` and `column` count from 1, and 0 means
    the file as a whole. `rule` is the rule's name, `value` the offending text as it stands,
    `opposite` the text on the other language's side where the rule compares the two.
    """

    path: str
    line: int
    column: int
    rule: str
    what: Words
    mend: Words = Words()
    value: str = ""
    opposite: str = ""
    severity: Severity = Severity.ERROR

    @property
    def place(self) -> str:
        """`path:line:column`, as editors and terminals understand it."""
        parts = [self.path]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


class PressroomError(Exception):
    """Something stopped the command; `words` say what happened and how to mend it."""

    exit_code = 1

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = Words(zh, en)

    def __reduce__(self) -> tuple[type[PressroomError], tuple[object, ...]]:
        """Errors travel from worker processes with both their texts."""
        return type(self), (self.words.zh, self.words.en)


class UsageError(PressroomError):
    """A wrong argument, setting or environment."""

    exit_code = 2


class ContentError(PressroomError):
    """The content has errors; every one of them is in `problems`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = sorted(problems)
        count = sum(problem.severity is Severity.ERROR for problem in self.problems)
        super().__init__(
            f"内容有{count}处错误，未写出任何文件。",
            f"{count} errors in the content; nothing was written.",
        )

    def __reduce__(self) -> tuple[type[PressroomError], tuple[object, ...]]:
        return type(self), (self.problems,)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, or None when none is close."""
    found = get_close_matches(word.strip().strip("：:").lower(), list(known), n=1, cutoff=0.6)
    return found[0] if found else None
