"""Numbers read by value: whatever form a newsroom writes them in, 0 to 10¹²."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.proofreading import numerals_en, numerals_zh
from pressroom.proofreading.tokens import CLOCK, DATE, NUMBER, PERCENT, PHONE, UNREADABLE, Token

# --- writers: the reverse of what is tested, written from the grammar of each language -------------

_ZH = "零一二三四五六七八九"


def chinese(value: int) -> str:
    """五万九千零六十: a number in Chinese characters, as it is read aloud."""
    if value == 0:
        return "零"
    text = ""
    for unit, name in ((10**12, "万亿"), (10**8, "亿"), (10**4, "万"), (1, "")):
        part, value = divmod(value, unit)
        if not part:
            continue
        gap = text and part < 1000
        text += ("零" if gap else "") + _section(part) + name
    return text[1:] if text.startswith("一十") else text


def _section(value: int) -> str:
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            text += ("零" if zero and text else "") + _ZH[digit] + name
            zero = False
        else:
            zero = bool(text)
    return text


_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def english(value: int) -> str:
    """fifty-nine thousand and sixty: a number in English words, the British way."""
    if value < 20:
        return _ONES[value]
    if value < 100:
        return _TENS[value // 10 - 2] + (f"-{_ONES[value % 10]}" if value % 10 else "")
    if value < 1000:
        return f"{_ONES[value // 100]} hundred" + (
            f" and {english(value % 100)}" if value % 100 else ""
        )
    for unit, name in (
        (10**12, "trillion"),
        (10**9, "billion"),
        (10**6, "million"),
        (1000, "thousand"),
    ):
        if value >= unit:
            rest = value % unit
            glue = " and " if rest < 100 else ", " if rest >= 1000 else " "
            return f"{english(value // unit)} {name}" + (glue + english(rest) if rest else "")
    raise AssertionError


def with_unit(value: int, unit: int, name: str) -> str | None:
    """3.2 with its unit, where at most six decimals say all of it."""
    scaled = Fraction(value, unit)
    micro = scaled * 10**6
    if micro.denominator != 1 or not value:
        return None
    text = f"{int(micro) // 10**6}.{int(micro) % 10**6:06}".rstrip("0").rstrip(".")
    return text + name


def chinese_forms(value: int) -> list[str]:
    forms = [str(value), f"{value:,}", chinese(value)]
    for unit, name in ((10**4, "万"), (10**8, "亿"), (10**12, "万亿")):
        if value >= unit:
            forms.append(with_unit(value, unit, name) or str(value))
    if value >= 10**8 and value % 10**4 == 0 and value // 10**4 % 10**4 >= 1000:
        forms.append(f"{value // 10**8}亿{value // 10**4 % 10**4}万")
    return forms


def english_forms(value: int) -> list[str]:
    forms = [str(value), f"{value:,}", english(value), english(value).capitalize()]
    for unit, name in (
        (10**6, " million"),
        (10**9, " billion"),
        (10**12, " trillion"),
        (10**3, " thousand"),
    ):
        if value >= unit:
            forms.append(with_unit(value, unit, name) or str(value))
    return forms


# Numbers as newsrooms write them: any, round ones, and the edges of the units.
VALUES = st.one_of(
    st.integers(0, 10**12),
    st.integers(0, 9999),
    st.builds(
        lambda digits, zeros: min(digits * 10**zeros, 10**12),
        st.integers(1, 9999),
        st.integers(0, 9),
    ),
    st.sampled_from(
        [
            0,
            1,
            10,
            11,
            20,
            100,
            101,
            110,
            1000,
            1001,
            9999,
            10**4,
            10**4 + 1,
            10**8,
            10**8 + 1,
            10**9,
            10**12,
        ]
    ),
)


def numbers(tokens: list[Token]) -> list[object]:
    return [token.value for token in tokens if token.kind == NUMBER]


@settings(deadline=None)
@given(VALUES)
def test_chinese_forms_read_back(value: int) -> None:
    for form in chinese_forms(value):
        assert numerals_zh.read(form) == value, form


@settings(deadline=None)
@given(VALUES)
def test_english_forms_read_back(value: int) -> None:
    for form in english_forms(value):
        assert numerals_en.read(form) == value, form


@settings(deadline=None)
@given(VALUES)
def test_chinese_forms_are_found_in_a_sentence(value: int) -> None:
    for form in chinese_forms(value):
        if form in ("一", "零"):
            continue
        found = numerals_zh.scan(f"共有{form}个村参加。")
        assert numbers(found) == [value], (form, found)


@settings(deadline=None)
@given(VALUES)
def test_english_forms_are_found_in_a_sentence(value: int) -> None:
    for form in english_forms(value):
        found = numerals_en.scan(f"Last year, {form} villages took part.")
        assert numbers(found) == [value], (form, found)


@settings(deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 6))
def test_decimals_read_back_in_both_languages(digits: int, places: int) -> None:
    value = Fraction(digits, 10**places)
    text = f"{digits // 10**places}.{digits % 10**places:0{places}}"
    assert numerals_zh.read(text) == value
    assert numerals_en.read(text) == value


@settings(deadline=None)
@given(st.integers(1, 100))
def test_percentages_are_equal_in_every_form(percent: int) -> None:
    forms_zh = [f"{percent}%", f"百分之{chinese(percent)}", f"{percent}％"]
    if percent % 10 == 0 and percent < 100:
        forms_zh.append(f"{_ZH[percent // 10]}成")
    for form in forms_zh:
        found = numerals_zh.scan(f"占{form}，")
        assert [(one.kind, one.value) for one in found] == [(PERCENT, percent)], form
    for form in (
        f"{percent} per cent",
        f"{percent}%",
        f"{english(percent)} per cent",
        f"{percent} percent",
    ):
        found = numerals_en.scan(f"It was {form} of all.")
        assert [(one.kind, one.value) for one in found] == [(PERCENT, percent)], form


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_dates_are_equal_in_every_form(day: date) -> None:
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    name = months[day.month - 1]
    digits = "".join("〇一二三四五六七八九"[int(c)] for c in str(day.year))
    for form in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}-{day.month:02}-{day.day:02}",
        f"{digits}年{chinese(day.month)}月{chinese(day.day)}日",
    ):
        assert [(t.kind, t.year, t.month, t.day) for t in numerals_zh.scan(f"于{form}开幕")] == [
            (DATE, day.year, day.month, day.day)
        ], form
    for form in (
        f"{day.day} {name} {day.year}",
        f"{name} {day.day}, {day.year}",
        f"{day.day}th {name} {day.year}",
        day.isoformat(),
    ):
        assert [
            (t.kind, t.year, t.month, t.day) for t in numerals_en.scan(f"It opens on {form}.")
        ] == [(DATE, day.year, day.month, day.day)], form


@settings(deadline=None)
@given(st.integers(0, 23), st.integers(0, 59))
def test_times_are_equal_in_every_form(hour: int, minute: int) -> None:
    value = hour * 60 + minute
    for form in (f"{hour}:{minute:02}", f"{hour}时{minute}分", f"{hour}点{minute}分"):
        assert [(t.kind, t.value) for t in numerals_zh.scan(f"定于{form}开始")] == [
            (CLOCK, value)
        ], form
    half = "a.m." if hour < 12 else "p.m."
    clock = hour % 12 or 12
    for form in (
        f"{hour}:{minute:02}",
        f"{clock}.{minute:02} {half}",
        f"{clock}:{minute:02} {half[0]}m",
    ):
        assert [(t.kind, t.value) for t in numerals_en.scan(f"It begins at {form} sharp")] == [
            (CLOCK, value)
        ], form


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(2, 9))
def test_fractions_are_equal_in_both_languages(top: int, bottom: int) -> None:
    if top >= bottom:
        return
    names = {
        3: "third",
        4: "quarter",
        5: "fifth",
        6: "sixth",
        7: "seventh",
        8: "eighth",
        9: "ninth",
    }
    found = numerals_zh.scan(f"约占{_ZH[bottom]}分之{_ZH[top]}。")
    assert [one.value for one in found] == [Fraction(top, bottom)]
    if bottom > 2:
        word = names[bottom] + ("s" if top > 1 else "")
        found = numerals_en.scan(f"It is {_ONES[top]} {word} of all.")
        assert [one.value for one in found] == [Fraction(top, bottom)]


@pytest.mark.parametrize(
    "text",
    [
        "一起",
        "万一下雨",
        "统一规划",
        "一些人",
        "一直",
        "之一",
        "唯一",
        "二维码",
        "十分重要",
        "千方百计",
        "五花八门",
        "百姓",
        "四川",
        "第一手",
        "不一定",
    ],
)
def test_chinese_words_that_only_look_like_numbers(text: str) -> None:
    assert [one for one in numerals_zh.scan(f"我们{text}的事。") if not one.soft] == []


@pytest.mark.parametrize(
    "text",
    [
        "one of them",
        "no one came",
        "one another",
        "someone",
        "everyone",
        "a few",
        "often",
        "weighty",
        "tend to",
        "at once",
        "a second later",
        "first of all",
        "may be",
        "march on",
        "the even more",
    ],
)
def test_english_words_that_only_look_like_numbers(text: str) -> None:
    assert [one for one in numerals_en.scan(f"They said {text} and left.") if not one.soft] == []


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("第六届", "the sixth"),
        ("第27届", "the 27th"),
        ("三至五", "three to five"),
        ("3—5", "3–5"),
        ("1.5万", "15,000"),
        ("两千三", "2,300"),
        ("三百二", "320"),
        ("约一米二高，", "1.2"),
        ("三年半", "three and a half years"),
        ("50多万", "500,000"),
        ("三千余", "3,000"),
        ("每万", "every 10,000"),
    ],
)
def test_pairs_of_forms(zh: str, en: str) -> None:
    left = [one.value for one in numerals_zh.scan(f"共{zh}人" if zh[-1] != "，" else zh)]
    right = [one.value for one in numerals_en.scan(f"There were {en} of them")]
    assert left == right


@pytest.mark.parametrize("text", ["1,23,4", "12,34", "5.9.万", "1,2345", "3.4.5"])
def test_numbers_that_no_one_can_read_are_quoted_back(text: str) -> None:
    (found,) = numerals_zh.scan(f"共{text}人")
    assert found.kind == UNREADABLE
    assert str(found.value) in text


@pytest.mark.parametrize("text", ["1,23,4 people", "5.9. million people", "11/08/2017"])
def test_english_numbers_that_no_one_can_read(text: str) -> None:
    assert numerals_en.scan(f"There were {text}.")[0].kind == UNREADABLE


@pytest.mark.parametrize(
    "text",
    [
        "+86 10 8531 2612",
        "+86 (10) 8531-2612",
        "010-8531 2612",
        "010-85312612",
        "(010) 8531 2612",
        "+86 10 85312612",
    ],
)
def test_telephone_numbers_are_equal_with_and_without_country_code(text: str) -> None:
    for scan in (numerals_zh.scan, numerals_en.scan):
        assert [(one.kind, one.value) for one in scan(f": {text} ")] == [(PHONE, "1085312612")]


@pytest.mark.parametrize(
    ("text", "years"), [("2017-2018", [2017, 2018]), ("1990–2000", [1990, 2000])]
)
def test_years_are_no_telephone_number(text: str, years: list[int]) -> None:
    assert numbers(numerals_en.scan(f"in {text} they came")) == years


@settings(deadline=None)
@given(
    st.text(
        alphabet="0123456789,.十百千万亿零一二三点分之成半%年月日时:-+() aAnd hundredmilion/第",
        max_size=60,
    )
)
def test_no_text_breaks_the_readers(text: str) -> None:
    for token in (*numerals_zh.scan(text), *numerals_en.scan(text)):
        assert 0 <= token.start <= token.end <= len(text)


PIECES = [
    "0",
    "1",
    "3",
    "9",
    "20",
    "2017",
    "３",
    "零",
    "一",
    "二",
    "两",
    "三",
    "十",
    "百",
    "千",
    "万",
    "亿",
    "半",
    "双",
    "点",
    "分",
    "秒",
    "时",
    "小时",
    "分钟",
    "年",
    "月",
    "日",
    "个",
    "成",
    "倍",
    "折",
    "元",
    "角",
    "毛",
    "块",
    "分之",
    "百分之",
    "%",
    "：",
    ":",
    ".",
    "，",
    "至",
    "第",
    "几",
    "多",
    "余",
    "超过",
    "近",
    "世纪",
    "年代",
    "星期",
    "晚",
    "米",
    "斤",
    "亩",
    "刻钟",
    "后",
    "开",
    "以上",
    "以下",
    "起",
    "翻",
    "番",
    "1:58.34",
    "²",
    "½",
    "a",
    "one",
    "three",
    "twelve",
    "thirty",
    "hundred",
    "thousand",
    "million",
    "billion",
    "dozen",
    "half",
    "quarter",
    "third",
    "-",
    "–",
    ",",
    "and",
    "to",
    "of",
    "in",
    "past",
    "per",
    "cent",
    "times",
    "fold",
    "hours",
    "minutes",
    "seconds",
    "years",
    "months",
    "o'clock",
    "p.m.",
    "noon",
    "January",
    "Monday",
    "28,",
    "st",
    "th",
    "yuan",
    "$",
    "£",
    "more",
    "than",
    "over",
    "upwards",
    "every",
    "decade",
    "fortnight",
]


@settings(max_examples=250, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9), st.sampled_from(["", " "]))
def test_no_run_of_numbers_and_units_breaks_the_readers(pieces: list[str], glue: str) -> None:
    text = glue.join(pieces)
    for token in (*numerals_zh.scan(text), *numerals_en.scan(text)):
        assert 0 <= token.start <= token.end <= len(text)


def test_a_number_run_into_its_scale_is_read() -> None:
    assert numbers(numerals_en.scan("3million people and 5thousand more")) == [3_000_000, 5_000]


def test_a_hostile_run_of_digits_is_read_in_time() -> None:
    """No pattern may take more than linear time on long runs of digits, spaces and units."""
    from time import process_time

    began = process_time()
    for piece in ("1 ", "1,", "9" * 50 + " ", "十", "百万", "1.", "(1", "1-", "one hundred and "):
        text = piece * 4000
        numerals_zh.scan(text)
        numerals_en.scan(text)
    assert process_time() - began < 20


def test_days_run_from_first_to_last_of_every_month() -> None:
    day = date(2024, 1, 1)
    while day.year == 2024:
        (found,) = numerals_zh.scan(f"{day.month}月{day.day}日")
        assert (found.month, found.day) == (day.month, day.day)
        day += timedelta(days=1)
