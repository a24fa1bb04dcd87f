"""When two blocks of reports can or cannot be about the same happening, by what each says of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar

from monitor.domain.event import LASTING, EventType
from monitor.domain.story import STORY_WINDOW
from monitor.stories.facts import AT_TABLE, BY_PEOPLE, Facts, apart, gap

T = TypeVar("T")

BY_NAME = frozenset({EventType.EXERCISE, EventType.DIALOGUE})
"""Happenings that are two when their names are."""

TOLERANCE = timedelta(days=1)
"""Between the days that two reports give to one happening at a table: time zones, and the day of the report."""

LASTING_TOLERANCE = timedelta(days=4)
"""The same for what lasts: arrival, opening ceremony and sea phase are each called its beginning."""

EDITION_TOLERANCE = timedelta(days=21)
"""The same for an exercise known by its name: its phases are weeks apart at most, its editions months."""

TIED_WINDOW = timedelta(days=60)
"""How far apart in time reports of one happening may be that tell its day: an announcement, a yearbook's look back."""

SAME_NEWS = timedelta(days=1)
"""Reports no further apart than this were written from the same news."""

SAME_DAY = 0.25
SAME_SERIES = 0.15
SAME_EDITION = 0.3
SAME_PLACE = 0.1
SAME_PEOPLE = 0.25
SAME_TRAVELLER = 0.12
SAME_TIME = 0.1
"""What agreement in a fact adds to the similarity."""

MOSTLY = 0.6
"""Cosine of two counts of people from which they are mostly the same: one of two, two of three, three of four."""

TRIP = timedelta(days=4)
"""A person's calls no further apart than this are of one trip."""

OTHER_KIND = 0.15
OVER_BEFORE = 0.2
OTHER_PLACE = 0.2
"""What a difference takes away where it is no veto."""


def veto(left: Facts, right: Facts) -> bool:
    """Whether two blocks tell of different happenings, however alike their words are."""
    return (
        _too_far(left, right)
        or _other_days(left, right)
        or _other_series(left, right)
        or _other_place(left, right)
        or _other_called_off(left, right)
    )


def agreement(left: Facts, right: Facts) -> float:
    """What the facts add to or take from the similarity of two blocks that no veto keeps apart.

    Without entities there is no coding to go by, and it is 0.
    """
    if not left.entities or not right.entities:
        return 0.0
    bonus = SAME_DAY if left.span and right.span else 0.0
    if _share(left.series, right.series):
        bonus += SAME_EDITION if _same_edition(left, right) else SAME_SERIES
    if _same_people(left, right):
        bonus += SAME_PEOPLE
    elif _share(left.people, right.people) and gap(left, right) <= TRIP:
        bonus += SAME_TRAVELLER
    bonus += SAME_TIME if apart(left, right) <= SAME_NEWS else 0.0
    if _share(left.places, right.places):
        bonus += SAME_PLACE
    elif left.places and right.places and not _moving(left, right):
        bonus -= OTHER_PLACE
    bonus -= OTHER_KIND if _other_kind(left, right) else 0.0
    return bonus - (OVER_BEFORE if _over_before(left, right) or _over_before(right, left) else 0.0)


def _too_far(left: Facts, right: Facts) -> bool:
    limit = TIED_WINDOW if _awaited(left, right) or _awaited(right, left) else STORY_WINDOW
    return gap(left, right) > limit or apart(left, right) > TIED_WINDOW


def _awaited(left: Facts, right: Facts) -> bool:
    """Whether the left one, of the same name or people, was told of earlier and not yet called over."""
    same = _share(left.series, right.series) or _same_people(left, right)
    return same and left.latest < right.earliest and left.concluded_by is None


def _other_days(left: Facts, right: Facts) -> bool:
    if not left.span or not right.span:
        return False
    (a, b), (c, d) = left.span, right.span
    return max(a, c) - min(b, d) > _tolerance(left, right)


def _tolerance(left: Facts, right: Facts) -> timedelta:
    if _same_edition(left, right):
        return EDITION_TOLERANCE
    return LASTING_TOLERANCE if {left.type, right.type} & LASTING else TOLERANCE


def _same_edition(left: Facts, right: Facts) -> bool:
    """Two exercises of one name."""
    both = left.type is EventType.EXERCISE and right.type is EventType.EXERCISE
    return both and _share(left.series, right.series)


def _over_before(left: Facts, right: Facts) -> bool:
    """Whether the left one was called over before the right one's first day."""
    if left.concluded_by is None or right.span is None:
        return False
    return right.span[0] > left.concluded_by + _tolerance(left, right)


def _same_people(left: Facts, right: Facts) -> bool:
    """Whether mostly the same people take part."""
    return _alike(left.people, right.people) >= MOSTLY


def _alike(left: Mapping[str, int], right: Mapping[str, int]) -> float:
    """The cosine of two counts, 0 where one is empty."""
    product = sum(count * right[name] for name, count in left.items() if name in right)
    return product / math.hypot(*left.values()) / math.hypot(*right.values()) if product else 0.0


def _other_series(left: Facts, right: Facts) -> bool:
    """Two exercises or two dialogues of different names, neither of which the other side's reports know of.

    Meetings do not part: one is called by the names of several forums. Dialogues do, though one official may lead two
    of them on one day.
    """
    if not left.series or not right.series or left.type is not right.type:
        return False
    if left.type not in BY_NAME or (left.type is EventType.EXERCISE and _one_setting(left, right)):
        return False
    known_left, known_right = left.entities | left.series.keys(), right.entities | right.series.keys()
    return known_left.isdisjoint(right.series) and known_right.isdisjoint(left.series)


def _one_setting(left: Facts, right: Facts) -> bool:
    """One first day and one place: what the two sides call by different names."""
    same_day = left.span is not None and right.span is not None and left.span[0] == right.span[0]
    return same_day and _share(left.places, right.places)


def _other_place(left: Facts, right: Facts) -> bool:
    """Two tables in two places. What lasts may move, and so may a traveller within a few days."""
    both = left.type in AT_TABLE and right.type in AT_TABLE
    if not both or not left.places or not right.places or _share(left.places, right.places):
        return False
    return not (_share(left.people, right.people) and gap(left, right) <= TRIP)


def _other_called_off(left: Facts, right: Facts) -> bool:
    """An exercise that was called off, and something that is none, or the other way round."""
    one_is_exercise = (left.type is EventType.EXERCISE) != (right.type is EventType.EXERCISE)
    return one_is_exercise and (left.called_off or right.called_off)


def _moving(left: Facts, right: Facts) -> bool:
    """Whether what both tell of may be in one place after the other: a named exercise, or people on a trip."""
    return _same_edition(left, right) or (_same_people(left, right) and gap(left, right) <= TRIP)


def _other_kind(left: Facts, right: Facts) -> bool:
    """A table and a lasting happening without one: a visit may be either."""
    kinds = {left.type, right.type}
    return bool(kinds & AT_TABLE) and bool(kinds & (LASTING - BY_PEOPLE))


def _share(left: Mapping[T, int], right: Mapping[T, int]) -> bool:
    return not left.keys().isdisjoint(right.keys())
