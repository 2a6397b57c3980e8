"""JSON Schema with its formats looked at.

jsonschema passes over every format that it needs a further package for, `uri` and `date-time` among
them: a test that relied on it would never fail by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import jsonschema

# RFC 3986, hosts in brackets left out; RFC 3339, 5.6.
URI: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+"
    r"(?:#(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?"
)
INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.ASCII
)

FORMATS: Final = jsonschema.FormatChecker(["date"])


@FORMATS.checks("uri")
def _uri(value: object) -> bool:
    return not isinstance(value, str) or URI.fullmatch(value) is not None


@FORMATS.checks("date-time", ValueError)
def _instant(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return INSTANT.fullmatch(value) is not None and datetime.fromisoformat(value) is not None


def named(schema: Any) -> Iterator[str]:
    """Every format that a schema names."""
    if isinstance(schema, dict):
        if isinstance(schema.get("format"), str):
            yield schema["format"]
        schema = list(schema.values())
    if isinstance(schema, list):
        for each in schema:
            yield from named(each)


def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    """What judges by a schema, formats included; one whose formats nobody looks at is refused."""
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(named(schema)) <= set(FORMATS.checkers)
    return jsonschema.Draft202012Validator(schema, format_checker=FORMATS)
