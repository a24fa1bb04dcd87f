"""Codes of two public event ontologies for exports: PLOVER event types and the CAMEO codes they came from.

Which code stands for which of our types follows the crosswalk published with PLOVER in 2021, as far as it goes; it has
none for a plain statement, so ours is STATEMENT. Signing a formal agreement is SUPPORT there, which surprises.
The status (planned, concluded …) is kept beside the codes and does not change them, but for an agreement, which is only
intended until it is signed, and a transfer, which is no aid until it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.domain.event import EventType, Stage


@dataclass(frozen=True, slots=True)
class Codes:
    """Our verb, the CAMEO code, and the PLOVER type with its mode and context; None where the ontology has none."""

    verb: str
    cameo: str | None
    plover: str | None
    mode: str | None = None
    context: str | None = None


MILITARY = "military"

BY_TYPE: Mapping[EventType, Codes] = {
    EventType.MEETING: Codes("MEET", "040", "CONSULT", "meet", MILITARY),
    EventType.VISIT: Codes("VISIT", "042", "CONSULT", "visit", MILITARY),
    EventType.DIALOGUE: Codes("MEET", "046", "CONSULT", "negotiate", MILITARY),
    EventType.STAFF_TALKS: Codes("MEET", "046", "CONSULT", "negotiate", MILITARY),
    EventType.EXERCISE: Codes("EXERCISE", "062", "COOPERATE", None, MILITARY),
    EventType.DEPLOYMENT: Codes("EXERCISE", "062", "COOPERATE", None, MILITARY),
    EventType.AGREEMENT: Codes("SIGN", "057", "SUPPORT", None, MILITARY),
    EventType.TRANSFER: Codes("TRANSFER", "072", "AID", None, MILITARY),
    EventType.STATEMENT: Codes("STATEMENT", "010", "STATEMENT"),
    EventType.ANALYSIS: Codes("STATEMENT", None, "STATEMENT"),
    EventType.OTHER: Codes("OTHER", None, None),
}

BY_PHONE = Codes("MEET", "041", "CONSULT", "phone", MILITARY)
IN_A_THIRD_PLACE = Codes("MEET", "044", "CONSULT", "third-party", MILITARY)
INTENDED_AGREEMENT = Codes("AGREE", "030", "AGREE", None, MILITARY)
INTENDED_TRANSFER = Codes("AGREE", "0312", "AGREE", None, MILITARY)


def codes_of(
    event_type: EventType, stage: Stage | None = None, *, by_phone: bool = False, third_place: bool = False
) -> Codes:
    """The codes of a happening.

    `by_phone`: the participants only talked by telephone or video. `third_place`: they met in neither's country.
    """
    done = stage is Stage.CONCLUDED
    match event_type:
        case EventType.MEETING if by_phone:
            return BY_PHONE
        case EventType.MEETING if third_place:
            return IN_A_THIRD_PLACE
        case EventType.AGREEMENT if not done:
            return INTENDED_AGREEMENT
        case EventType.TRANSFER if not done:
            return INTENDED_TRANSFER
        case _:
            return BY_TYPE[event_type]
