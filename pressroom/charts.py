"""A figure through time as an SVG drawing, honest in both axes and readable on a telephone.

Decisions, and why:
- The value axis is linear and begins at zero, so that a height is a quantity. A logarithmic axis
  would make 120 and 1,000 as prominent as 120,000 and hide what the figure says; small values stay
  readable because every point carries its own number.
- The time axis is true: a year is as wide as any other year. A date known only to the year or as
  an interval is a bar as wide as what is not known, an exact day is a dot.
- Nothing joins the points: what happened between two counts is not known.
- Positions across are percentages and texts keep their size, so one drawing fits 320 px and 1,280.
- Colours are classes of the theme's stylesheet (`chart__…`), so dark and forced colours work.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Final

from markupsafe import Markup, escape

from pressroom.formats import edtf, figure, number, qualified
from pressroom.moments import read_uncertain
from pressroom.values import Figure, FigureValue
from pressroom.words import Language, Words

# Pixels; only heights are fixed.
_TOP: Final = 44
_PLOT: Final = 220
_BASE: Final = _TOP + _PLOT
_HEIGHT: Final = _BASE + 30

# Per cent of the width left free at both ends.
_MARGIN: Final = 1.0

# More years than this, and only every second, fifth … is written: four digits need 40 px at 320 px.
_YEARS_WRITTEN: Final = 7

_DESCRIPTION: Final = Words(
    "{label}，按时间先后：{points}。", "{label}, in order of time: {points}."
)
_POINT: Final = Words("{date}，{value}", "{date}, {value}")
_JOIN: Final = Words("；", "; ")


def _step(limit: float) -> int:
    """The distance of grid lines: 1, 2 or 5 times a power of ten, at most four lines."""
    rough = max(limit, 1) / 4
    power = 10 ** math.floor(math.log10(rough))
    return max(1, next(int(power * factor) for factor in (1, 2, 5, 10) if power * factor >= rough))


def _per_cent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


class _Scale:
    """Where a day and a quantity stand in the drawing."""

    def __init__(self, values: tuple[FigureValue, ...]) -> None:
        spans = [read_uncertain(value.as_of) for value in values]
        self.first = min(span.first for span in spans).year
        self.last = max(span.last for span in spans).year
        self.start = date(self.first, 1, 1).toordinal()
        self.end = date(self.last + 1, 1, 1).toordinal()
        top = max(float(value.number) for value in values)
        self.step = _step(top)
        self.top = max(top, self.step)

    def across(self, ordinal: float) -> float:
        """Per cent of the width for a day's ordinal number."""
        share = (ordinal - self.start) / (self.end - self.start)
        return _MARGIN + share * (100 - 2 * _MARGIN)

    def down(self, quantity: float) -> float:
        """Pixels from the upper edge."""
        return round(_BASE - quantity / self.top * _PLOT, 1)


def _grid(scale: _Scale, language: Language) -> list[str]:
    lines = []
    quantity = scale.step
    while quantity <= scale.top:
        y = scale.down(quantity)
        text = escape(number(str(quantity), language))
        lines.append(f'<line class="chart__grid" x1="0" x2="100%" y1="{y}" y2="{y}"/>')
        lines.append(f'<text class="chart__scale" x="0" y="{y}" dy="-5">{text}</text>')
        quantity += scale.step
    lines.append(f'<line class="chart__base" x1="0" x2="100%" y1="{_BASE}" y2="{_BASE}"/>')
    return lines


def _years(scale: _Scale) -> list[str]:
    count = scale.last - scale.first + 1
    every = next(
        step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if count / step <= _YEARS_WRITTEN
    )
    lines = []
    for year in range(scale.first, scale.last + 1):
        begin, end = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
        x = _per_cent(scale.across(begin))
        lines.append(f'<line class="chart__tick" x1="{x}" x2="{x}" y1="{_BASE}" y2="{_BASE + 5}"/>')
        if (year - scale.first) % every == 0:
            middle = _per_cent(scale.across((begin + end) / 2))
            lines.append(f'<text class="chart__year" x="{middle}" y="{_BASE + 21}">{year}</text>')
    return lines


def _point(
    scale: _Scale, value: FigureValue, unit: str, language: Language, *, last: bool
) -> list[str]:
    span = read_uncertain(value.as_of)
    begin, end = scale.across(span.first.toordinal()), scale.across(span.last.toordinal() + 1)
    middle = (begin + end) / 2
    y = scale.down(float(value.number))
    lines = [
        f'<line class="chart__stem" x1="{_per_cent(middle)}" x2="{_per_cent(middle)}"'
        f' y1="{y}" y2="{_BASE}"/>'
    ]
    if not span.exact:
        left, right = _per_cent(begin), _per_cent(end)
        lines.append(f'<line class="chart__span" x1="{left}" x2="{right}" y1="{y}" y2="{y}"/>')
        lines.extend(
            f'<line class="chart__span" x1="{x}" x2="{x}" y1="{y - 4}" y2="{y + 4}"/>'
            for x in (left, right)
        )
    name = "chart__dot" if span.exact else "chart__dot chart__dot--open"
    lines.append(f'<circle class="{name}" cx="{_per_cent(middle)}" cy="{y}" r="4.5"/>')
    text = escape(qualified(number(value.number, language), value.qualifier, language))
    when = escape(edtf(value.as_of, language))
    # A text stands over its point near the base line, else to the left of it, where it is free.
    if y > _BASE - 40:
        anchor, x, first = ("start" if middle < 12 else "middle"), middle, y - 27
        if anchor == "start":
            x = begin
    else:
        anchor, x, first = "end", begin, y - 1
    classes = "chart__label" + (" chart__label--last" if last else "")
    at, gap = _per_cent(x), ' dx="-10"' if anchor == "end" else ""
    # The halo's order is said here: the checker of the styles does not know this property.
    lines.append(
        f'<text class="{classes}" paint-order="stroke" text-anchor="{anchor}" x="{at}"'
        f' y="{first:g}"{gap}>{text}</text>'
    )
    lines.append(
        f'<text class="chart__date" text-anchor="{anchor}" x="{at}" y="{first + 16:g}"{gap}>{when}</text>'
    )
    return lines


def draw(fact: Figure, language: Language, *, height: int = _HEIGHT) -> Markup:
    """The history of a fact as one `<svg>`, with title and description; width: 100 % of its place.

    The theme's stylesheet colours it; the page gives the same values as a table.
    """
    scale = _Scale(fact.values)
    points = _JOIN[language].join(
        _POINT[language].format(
            date=edtf(value.as_of, language), value=figure(value, fact.unit, language)
        )
        for value in fact.values
    )
    description = _DESCRIPTION[language].format(label=fact.label, points=points)
    name = f"chart-{fact.key}"
    lines = [
        f'<svg class="chart__drawing" role="img" width="100%" height="{height}"'
        f' aria-labelledby="{name}-title {name}-desc" xmlns="http://www.w3.org/2000/svg">',
        f'<title id="{name}-title">{escape(fact.label)}</title>',
        f'<desc id="{name}-desc">{escape(description)}</desc>',
        f'<text class="chart__unit" x="0" y="12">{escape(fact.unit)}</text>',
        *_grid(scale, language),
        *_years(scale),
    ]
    for position, value in enumerate(fact.values, start=1):
        lines += _point(scale, value, fact.unit, language, last=position == len(fact.values))
    lines.append("</svg>")
    return Markup("".join(lines))
