"""What stands of an item changes at the instants that it names, at no other, and only forwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from pressroom.lifecycle import Standing, event_phase, goes_out, instants, stand
from pressroom.models import EventState, Item, Notice, Side, Status, Translation
from pressroom.moments import read_uncertain
from pressroom.words import LANGUAGES, Language, Words

START = datetime(2024, 1, 1, tzinfo=UTC)
# Near each other, so that hours often meet.
moments = st.integers(0, 200).map(lambda hours: START + timedelta(hours=hours))
days = st.integers(0, 8).map(lambda number: date(2024, 1, 1) + timedelta(days=number))
notices = st.builds(Notice, moments, st.just(Words("因", "why")), st.booleans())
states = st.sampled_from([Status.PUBLIC, Status.PUBLIC, Status.PUBLIC, Status.DRAFT])


@st.composite
def items(draw: st.DrawFn) -> Item:
    def side(language: Language) -> Side | None:
        if draw(st.integers(0, 9)) == 0:
            return None
        embargo = draw(st.none() | moments)
        return Side(language, f"{language}.md", "t", "s", draw(states), embargo, "", 1)

    kind = draw(st.sampled_from(["release", "event", "page"]))
    span = sorted((draw(days), draw(days)))
    item = Item(
        key=f"{kind}s/x",
        kind=kind,  # type: ignore[arg-type]  # one of them
        slug="x",
        zh=side("zh"),
        en=side("en"),
        digest="",
        translation=draw(st.sampled_from(list(Translation))),
        date=draw(days) if kind == "release" else None,
        updated=draw(st.none() | moments),
        corrections=tuple(draw(st.lists(notices, max_size=2))),
        withdrawn=draw(st.none() | notices),
        starts=read_uncertain(span[0].isoformat()) if kind == "event" else None,
        ends=draw(st.sampled_from([None, read_uncertain(span[1].isoformat())])),
        state=draw(st.sampled_from(list(EventState))),
    )
    return msgspec.structs.replace(item, out_zh=goes_out(item, "zh"), out_en=goes_out(item, "en"))


def shows(item: Item, at: int) -> tuple[Standing, str]:
    return stand(item, at), event_phase(item, at) if item.kind == "event" else ""


FIRST = int(START.timestamp())
seconds = st.integers(FIRST - 86_400, FIRST + 20 * 86_400)


@given(items(), seconds, seconds)
def test_nothing_changes_between_the_instants_that_are_named(
    item: Item, one: int, other: int
) -> None:
    one, other = sorted((one, other))
    if not any(one < at <= other for at in instants(item)):
        assert shows(item, one) == shows(item, other)
    # And to the second: before the first of them all is as it ever was.
    first = min((at for at in instants(item) if at > one), default=None)
    if first is not None:
        assert shows(item, first - 1) == shows(item, one)


@given(items(), seconds)
def test_a_side_is_public_from_its_hour_on_and_not_a_second_before(item: Item, at: int) -> None:
    for language in LANGUAGES:
        out = goes_out(item, language)
        assert stand(item, at).shown(language) == (out is not None and out <= at)


@given(items(), seconds)
def test_together_means_together(item: Item, at: int) -> None:
    here = stand(item, at)
    if item.translation is Translation.TOGETHER:
        assert here.shown("zh") == here.shown("en")
    if item.translation is Translation.ZH_FIRST and here.shown("en"):
        assert here.shown("zh")
    if item.translation is Translation.EN_FIRST and here.shown("zh"):
        assert here.shown("en")


@given(items(), seconds, seconds)
def test_time_runs_forwards(item: Item, one: int, other: int) -> None:
    """Held, public, withdrawn: what readers met once is never taken back without a notice."""
    before, after = (stand(item, at) for at in sorted((one, other)))
    order = ("absent", "draft", "held", "public", "withdrawn")
    for language in LANGUAGES:
        assert order.index(before.phase(language)) <= order.index(after.phase(language))
    assert before.modified <= after.modified
    assert before.told <= after.told
    assert set(before.corrections) <= set(after.corrections)
    if before.withdrawn is not None:
        assert after.withdrawn == before.withdrawn
