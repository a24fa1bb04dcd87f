"""Evidence of an event's slots: the surest report that says what the row says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from monitor.domain.digest import Source
from monitor.domain.event import Coding, Event, EventType, Slot, Stage, StageChange
from monitor.domain.evidence import Evidence, by_phone, evidence_of, most_told
from monitor.domain.judgement import Field, Mention, Span
from monitor.domain.ledger import EventReport, EventView, LedgerRow

NOW = datetime(2025, 5, 4, tzinfo=UTC)
DAY = date(2025, 5, 5)
EVENT = Event(
    type=EventType.MEETING,
    start=DAY,
    end=None,
    place="New Delhi",
    participants=("a", "b"),
    series=None,
    topics=(),
    changes=(StageChange(Stage.ANNOUNCED, NOW, "1", 1),),
    id=1,
)
SAYS = Coding(EventType.MEETING, Stage.ANNOUNCED, DAY, None, "New Delhi", ("a", "b"))


def span(surface: str) -> Span:
    return Span(Field.TITLE, 0, len(surface), surface)


def report(number: int, coding: Coding | None, *slots: Slot, mentions: tuple[Mention, ...] = ()) -> EventReport:
    source = Source(number, "Talks", None, "Wire", "en", None, NOW, None, "", archive=False)
    return EventReport(source, mentions, replace(coding, slots=slots) if coding else None)


def view(*reports: EventReport) -> EventView:
    return EventView(LedgerRow(EVENT, 1, "uid", 0, NOW), reports)


def test_the_surest_of_those_that_agree_with_the_row() -> None:
    unsure = report(1, SAYS, Slot("place", "dateline", 0.4, span("Delhi")))
    sure = report(2, SAYS, Slot("place", "words around", 0.9, span("New Delhi")))
    other = report(3, replace(SAYS, place="Tokyo"), Slot("place", "words around", 1.0, span("Tokyo")))
    found = evidence_of(view(unsure, sure, other, report(4, None)))
    assert found == (Evidence("place", "New Delhi", "words around", 0.9, span("New Delhi"), 2),)


def test_of_equals_the_first() -> None:
    slot = Slot("stage", "words", 0.8, span("to meet"))
    assert [one.item_id for one in evidence_of(view(report(1, SAYS, slot), report(2, SAYS, slot)))] == [1]


def test_a_rule_without_words_and_a_slot_the_row_does_not_keep() -> None:
    later = replace(SAYS, edition=8)
    found = evidence_of(view(report(1, later, Slot("start", "day of the report", 0.3), Slot("edition", "count", 0.9))))
    assert [(one.slot, one.value, one.span) for one in found] == [("start", "2025-05-05", None), ("edition", "8", None)]


def test_participants_have_the_words_that_first_name_them() -> None:
    named = Mention("a", span("Rajnath Singh"), "full name", "Minister")
    coded = report(1, SAYS, Slot("participants", "full name", 0.9, span("Rajnath Singh")), mentions=(named,))
    again = report(2, SAYS, mentions=(replace(named, sense="surname"),))
    assert evidence_of(view(coded, again)) == (Evidence("participant", "a", "full name", None, named.span, 1),)


def test_without_reports_there_is_none() -> None:
    assert evidence_of(view()) == ()


def test_what_most_reports_say() -> None:
    told = [replace(SAYS, edition=edition) for edition in (7, None, 8, 8, None, None)]
    shown = view(*(report(number, coding) for number, coding in enumerate(told)), report(9, None))
    assert most_told(shown, lambda coding: coding.edition) == 8
    assert most_told(shown, lambda coding: coding.year) is None
    assert most_told(view(), lambda coding: coding.year) is None


def test_silence_outvotes_nothing() -> None:
    navy = replace(SAYS, services=("navy",))
    shown = view(report(1, SAYS), report(2, SAYS), report(3, navy, Slot("services", "words", 0.7)))
    assert most_told(shown, lambda coding: coding.services) == ("navy",)
    assert [one.value for one in evidence_of(shown)] == ["navy"]


def test_a_call_is_one_unless_more_reports_name_where_they_met() -> None:
    silent, call, met = replace(SAYS, place=None), replace(SAYS, place=None, by_phone=True), SAYS
    assert by_phone(view(report(1, silent), report(2, silent), report(3, call)))
    assert by_phone(view(report(1, call), report(2, met)))
    assert not by_phone(view(report(1, call), report(2, met), report(3, met)))
    assert not by_phone(view(report(1, silent)))
    assert not by_phone(view())


def test_each_topic_has_evidence_whatever_else_other_reports_speak_of() -> None:
    cyber, space = (Slot("topics", topic, 0.8, span(topic)) for topic in ("cyber", "space"))
    gone = Slot("topics", "logistics", 0.8, span("logistics"))
    one = report(1, replace(SAYS, topics=("cyber",)), cyber)
    two = report(2, replace(SAYS, topics=("space", "cyber")), space, cyber, gone)
    row = replace(view(one, two).row, event=replace(EVENT, topics=("cyber", "space")))
    found = evidence_of(EventView(row, (one, two)))
    assert [(one.slot, one.value, one.item_id) for one in found] == [("topics", "cyber", 1), ("topics", "space", 2)]


def test_the_words_that_tell_a_call() -> None:
    call = replace(SAYS, place=None, by_phone=True)
    slot = Slot("mode", "phone", 0.9, span("by phone"))
    assert evidence_of(view(report(1, call, slot))) == (Evidence("mode", "phone", "phone", 0.9, slot.span, 1),)
    assert evidence_of(view(report(1, call, slot), report(2, SAYS), report(3, SAYS))) == ()
