"""Receipts and codings: what is read is what was written."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.event import Coding, EventType, Slot, Stage
from monitor.domain.judgement import Field, Mention, Reason, Receipt, Span
from monitor.store.codec import decode_coding, decode_receipt, encode_coding, encode_receipt

words = st.text(max_size=12)
points = st.floats(allow_nan=False, allow_infinity=False)
spans = st.builds(Span, st.sampled_from(Field), st.integers(0, 999), st.integers(0, 999), words)
reasons = st.lists(st.builds(Reason, words, points, words, st.lists(spans, max_size=2).map(tuple)), max_size=3)
gates = st.lists(st.tuples(words, words), max_size=3)
offices = st.lists(st.builds(Mention, words, spans, words, words), max_size=2)
receipts = st.builds(
    Receipt, words, gates.map(tuple), reasons.map(tuple), reasons.map(tuple), offices=offices.map(tuple)
)
slots = st.lists(st.builds(Slot, words, words, points, st.none() | spans), max_size=3)
names = st.lists(words, max_size=3).map(tuple)
codings = st.builds(
    Coding,
    type=st.sampled_from(EventType),
    stage=st.none() | st.sampled_from(Stage),
    start=st.none() | st.dates(),
    end=st.none() | st.dates(),
    place=st.none() | words,
    participants=names,
    series=st.none() | words,
    topics=names,
    slots=slots.map(tuple),
    credit=st.none() | words,
)


@given(receipts)
def test_a_receipt_survives_storing(receipt: Receipt) -> None:
    assert decode_receipt(json.loads(json.dumps(encode_receipt(receipt)))) == receipt


def test_a_receipt_from_before_titles_were_resolved_has_none() -> None:
    stored = encode_receipt(Receipt("1", (), ()))
    del stored["offices"]
    assert decode_receipt(stored) == Receipt("1", (), ())


@given(st.none() | codings)
def test_a_coding_survives_storing(coding: Coding | None) -> None:
    assert decode_coding(json.loads(json.dumps(encode_coding(coding)))) == coding


def test_what_is_stored_today_can_be_read_for_years() -> None:
    """This JSON is in databases: a change of the code that breaks it needs a migration."""
    stored = json.loads(
        '{"type":"meeting","stage":"under way","start":"2025-05-05","end":null,"place":"New Delhi",'
        '"participants":["a"],"series":null,"topics":[],"slots":[{"name":"stage","rule":"r","confidence":0.5,'
        '"span":{"field":"title","start":0,"end":4,"surface":"meet"}}]}'
    )
    slot = Slot("stage", "r", 0.5, Span(Field.TITLE, 0, 4, "meet"))
    meeting = Coding(EventType.MEETING, Stage.UNDER_WAY, date(2025, 5, 5), None, "New Delhi", ("a",), slots=(slot,))
    assert decode_coding(stored) == meeting
