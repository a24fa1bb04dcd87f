from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.domain.event import Coding, EventType

Code = Callable[..., Coding]


@pytest.mark.parametrize(
    ("title", "services"),
    [
        ("Indian Navy and JMSDF begin JIMEX at Yokosuka", ("maritime",)),
        ("Dharma Guardian begins at East Fuji", ("land",)),
        ("भारतीय वायुसेना और जापान की वीर गार्जियन शुरू", ("air",)),
        ("日印の海上保安庁と沿岸警備隊が連携訓練", ("coast guard",)),
    ],
)
def test_the_services_are_those_of_the_series_or_of_the_forces(
    code: Code, title: str, services: tuple[str, ...]
) -> None:
    assert code(title).services == services


def test_a_service_named_in_passing_is_not_of_the_event(code: Code) -> None:
    coding = code("Dharma Guardian begins at East Fuji", "Last year the navies of both countries held JIMEX.")
    assert coding.services == ("land",)


def test_a_call_has_participants_and_no_place(code: Code) -> None:
    coding = code("Rajnath Singh speaks to Gen Nakatani by phone", "NEW DELHI: The ministers talked on Monday.")
    assert (coding.type, coding.by_phone, coding.place) == (EventType.MEETING, True, None)
    assert coding.participants == ("rajnath-singh", "gen-nakatani")


def test_every_filled_slot_has_its_evidence(code: Code) -> None:
    coding = code(
        "Indian Navy, JMSDF begin eighth edition of JIMEX 25 at Yokosuka on 5 May",
        "The coast guards were invited; undersea warfare is on the programme until 9 May.",
        "2025-05-05",
    )
    filled = {
        "type",
        "stage",
        "start",
        "end",
        "place",
        "participants",
        "series",
        "edition",
        "year",
        "services",
        "topics",
    }
    told = {slot.name for slot in coding.slots if slot.span is not None}
    assert filled <= told
    assert all(0 < slot.confidence <= 1 for slot in coding.slots)
