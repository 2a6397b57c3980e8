"""The drawing of a figure through time: honest axes, and every value said in words."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom import charts
from pressroom.values import Figure, FigureValue
from pressroom.words import LANGUAGES, Language

SVG = "{http://www.w3.org/2000/svg}"


def fact(*values: tuple[str, str, str]) -> Figure:
    return Figure(
        "villages",
        "/en/facts/#villages",
        "Villages <with> the approach",
        "villages",
        tuple(FigureValue(number, qualifier, as_of, None) for number, qualifier, as_of in values),
    )


VILLAGES = fact(
    ("120", "", "2010"),
    ("1000", "", "2015"),
    ("59000", "more-than", "2017-05-31"),
    ("120000", "", "2017/2018"),
)


def drawn(figure: Figure, language: Language = "en") -> ElementTree.Element:
    return ElementTree.fromstring(charts.draw(figure, language))


def marks(svg: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [each for each in svg if name in each.get("class", "").split()]


def per_cent(element: ElementTree.Element, attribute: str) -> float:
    return float(element.attrib[attribute].removesuffix("%"))


def test_heights_are_quantities_from_zero() -> None:
    svg = drawn(VILLAGES)
    base = float(marks(svg, "chart__base")[0].attrib["y1"])
    heights = [base - float(dot.attrib["cy"]) for dot in marks(svg, "chart__dot")]
    for height, value in zip(heights, VILLAGES.values, strict=True):
        assert height == pytest.approx(heights[-1] * float(value.number) / 120000, abs=0.06)


def test_distances_are_times() -> None:
    svg = drawn(VILLAGES)
    ticks = [per_cent(tick, "x1") for tick in marks(svg, "chart__tick")]
    start, end = ticks[0], ticks[-1] + (ticks[1] - ticks[0])
    assert len(ticks) == 9
    third = per_cent(marks(svg, "chart__dot")[2], "cx")
    share = (date(2017, 5, 31) - date(2010, 1, 1)).days / (date(2019, 1, 1) - date(2010, 1, 1)).days
    assert third == pytest.approx(start + share * (end - start), abs=0.1)


def test_an_uncertain_date_is_a_span_and_an_exact_one_a_dot() -> None:
    svg = drawn(VILLAGES)
    spans = [line for line in marks(svg, "chart__span") if line.attrib["y1"] == line.attrib["y2"]]
    years = [per_cent(span, "x2") - per_cent(span, "x1") for span in spans]
    assert len(spans) == 3
    assert years[0] == pytest.approx(years[1], abs=0.1)
    assert years[2] == pytest.approx(2 * years[0], abs=0.1)
    assert ["chart__dot--open" in dot.attrib["class"] for dot in marks(svg, "chart__dot")] == [
        True,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("language", "texts", "description"),
    [
        (
            "en",
            {"more than 59,000", "31 May 2017", "2017–2018", "120,000"},
            "31 May 2017, more than 59,000 villages",
        ),
        (
            "zh",
            {"超过5.9万", "2017年5月31日", "2017–2018年", "12万"},
            "2017年5月31日，超过5.9万villages",
        ),
    ],
)
def test_every_value_is_said_in_the_language(
    language: Language, texts: set[str], description: str
) -> None:
    svg = drawn(VILLAGES, language)
    assert texts <= {each.text for each in svg.iter(f"{SVG}text")}
    told = svg.find(f"{SVG}desc")
    assert told is not None
    assert description in (told.text or "")


def test_it_is_named_for_those_who_do_not_see_it() -> None:
    svg = drawn(VILLAGES)
    ids = {each.get("id"): each.text for each in svg}
    assert svg.get("role") == "img"
    title, _ = svg.attrib["aria-labelledby"].split()
    assert ids[title] == "Villages <with> the approach"


def test_no_style_attribute_and_no_script() -> None:
    text = str(charts.draw(VILLAGES, "en"))
    assert not re.search(r"style=|<script|<style|\son\w+=|href=", text)


@given(
    st.lists(
        st.tuples(
            st.integers(min_value=0, max_value=10**10).map(str),
            st.sampled_from(["", "more-than", "nearly", "about"]),
            st.sampled_from(
                ["1990", "2001~", "2010", "2015-02", "2016-02-29", "2017/2018", "2010/2017~"]
            ),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_figure_can_be_drawn_within_its_frame(values: list[tuple[str, str, str]]) -> None:
    for language in LANGUAGES:
        svg = drawn(fact(*values), language)
        height = float(svg.attrib["height"])
        for dot in marks(svg, "chart__dot"):
            assert 0 <= per_cent(dot, "cx") <= 100
            assert 0 <= float(dot.attrib["cy"]) <= height
