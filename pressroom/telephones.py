"""Telephone numbers: E.164 behind, grouped for the eye in front; wrong ones are named."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pressroom.words import Words

# Where a number written without a country code is dialled from.
REGION: Final = "CN"

_E164: Final = re.compile(r"\+[1-9]\d{6,14}")

MEND: Final = Words(
    "写成+8610…的形式：加号、国家代码、区号、号码，中间不留空。",
    "write it like +8610…: a plus sign, country code, area code and number, without spaces",
)


@lru_cache(maxsize=4096)
def shown(e164: str) -> str:
    """`+861085312612` as `+86 10 8531 2612`; what is no number stays as it is."""
    import phonenumbers  # its tables take long to load

    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def problem(e164: str) -> Words | None:
    """What is wrong with a number in E.164, or None. Source: ITU-T E.164 and libphonenumber's plans."""
    if not _E164.fullmatch(e164):
        return Words(
            f"电话号码“{e164}”不是E.164格式。",
            f"the telephone number {e164!r} is not in E.164 form",
        )
    import phonenumbers  # its tables take long to load

    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return Words(f"没有“{e164}”这样的国家代码。", f"{e164!r} begins with no country code")
    if not phonenumbers.is_valid_number(number):
        return Words(
            f"“{e164}”不是有效号码：位数或号段不对。",
            f"{e164!r} is no valid number: it has the wrong length or an unassigned range",
        )
    return None


def mobile(e164: str) -> bool:
    """Whether a number is a mobile telephone's."""
    import phonenumbers  # its tables take long to load

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return False
    return bool(kind == phonenumbers.PhoneNumberType.MOBILE)


def found(text: str) -> tuple[str, ...]:
    """The valid telephone numbers in a line of text, as E.164: `+ (86) 138 0100 9450` and its like."""
    import phonenumbers  # its tables take long to load

    # People write "+ (86) 10": the plus sign away from its number.
    tidy = re.sub(r"\+\s*\(?(\d{1,3})\)?", r"+\1 ", text)
    matches = phonenumbers.PhoneNumberMatcher(tidy, REGION)
    return tuple(
        str(phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164))
        for match in matches
    )
