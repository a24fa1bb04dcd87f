from __future__ import annotations

import pytest

from monitor.domain.event import EventType, Stage
from monitor.events.codes import BY_TYPE, codes_of


def test_every_type_has_codes() -> None:
    assert set(BY_TYPE) == set(EventType)


@pytest.mark.parametrize(
    ("event_type", "stage", "cameo", "plover"),
    [
        (EventType.MEETING, Stage.CONCLUDED, "040", "CONSULT"),
        (EventType.VISIT, Stage.ANNOUNCED, "042", "CONSULT"),
        (EventType.DIALOGUE, Stage.CONCLUDED, "046", "CONSULT"),
        (EventType.EXERCISE, Stage.UNDER_WAY, "062", "COOPERATE"),
        (EventType.AGREEMENT, Stage.CONCLUDED, "057", "SUPPORT"),
        (EventType.AGREEMENT, Stage.ANNOUNCED, "030", "AGREE"),
        (EventType.TRANSFER, Stage.CONCLUDED, "072", "AID"),
        (EventType.TRANSFER, Stage.ANNOUNCED, "0312", "AGREE"),
        (EventType.STATEMENT, None, "010", "STATEMENT"),
    ],
)
def test_the_codes_follow_the_crosswalk(event_type: EventType, stage: Stage | None, cameo: str, plover: str) -> None:
    codes = codes_of(event_type, stage)
    assert (codes.cameo, codes.plover) == (cameo, plover)


def test_a_meeting_from_afar_or_in_a_third_country_has_its_own_code() -> None:
    assert codes_of(EventType.MEETING, by_phone=True).cameo == "041"
    assert codes_of(EventType.MEETING, third_place=True).cameo == "044"
    assert codes_of(EventType.EXERCISE, third_place=True) == codes_of(EventType.EXERCISE)
