"""What travels between the parser's parent and its children."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.asks import Asks
from monitor.domain.catalogue import FeedLink, Outline, Outlines, PageLinks
from monitor.domain.feed import Failure, Fetched, NewFeed, ParsedEntry, ParsedFeed, ParseFailed, Pointers, Validators
from monitor.parse.wire import (
    MALFORMED,
    Answer,
    Task,
    pack_answer,
    pack_request,
    read_frame,
    unpack_answer,
    unpack_request,
    write_frame,
)

text = st.text(max_size=20)
maybe = st.none() | text
moments = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
texts = st.lists(text, max_size=3).map(tuple)
entries = st.builds(
    ParsedEntry, maybe, maybe, text, text, st.none() | moments.map(lambda m: m.replace(microsecond=0)), maybe, texts,
    texts, maybe, maybe,
)  # fmt: skip
waits = st.none() | st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds))
asks = st.builds(Asks, waits, waits, waits, st.frozensets(st.integers(0, 23)), st.frozensets(st.integers(0, 6)))
feeds = st.builds(
    ParsedFeed,
    text,
    text,
    maybe,
    maybe,
    maybe,
    st.lists(entries, max_size=3).map(tuple),
    st.integers(0, 9),
    st.builds(Pointers, maybe, maybe, maybe, st.booleans()),
    asks,
    st.booleans(),
)
failures = st.builds(ParseFailed, st.sampled_from(Failure), text)
pages = st.builds(PageLinks, st.lists(st.builds(FeedLink, text, text, st.booleans()), max_size=3).map(tuple))
new_feeds = st.builds(NewFeed, text, text, maybe, maybe, maybe, maybe, maybe, maybe, maybe)
outlines = st.builds(
    Outlines, st.lists(st.builds(Outline, st.integers(1, 9), new_feeds), max_size=3).map(tuple), st.integers(0, 9)
)


@settings(deadline=None)
@given(feeds | failures | pages | outlines)
def test_an_answer_arrives_as_it_was_sent(answer: Answer) -> None:
    assert unpack_answer(pack_answer(answer)) == answer


@pytest.mark.parametrize("title", ["links", "outlines", "failure", "page"])
def test_a_title_is_not_taken_for_the_kind_of_an_answer(title: str) -> None:
    feed = ParsedFeed(title, title, title, None, None, ())
    assert unpack_answer(pack_answer(feed)) == feed


@pytest.mark.parametrize(
    "answer",
    [None, 1, "feed", [], {}, {"links": [[]]}, ["feed"], ["page", 7], ["other", 1], ["failure", "no such", "x"],
     ["opml", [[1]], 0], [["feed"], 1], ["feed", "", "", None, None, None, 0, [], {}, True, [[None] * 4]]],
)  # fmt: skip
def test_what_no_child_sends_is_a_failure(answer: object) -> None:
    assert unpack_answer(json.dumps(answer).encode()) is MALFORMED


ENTRY: list[object] = [None, None, "title", "text", None, None, [], [], None, None, None]


@pytest.mark.parametrize(("place", "value"), [(0, 1), (2, None), (3, ["x"]), (4, "now"), (6, [1]), (10, "9")])
def test_a_value_of_another_kind_is_a_failure(place: int, value: object) -> None:
    """It would fail in the store, where the polls of other feeds are saved with it."""
    about: list[object] = ["feed", "", "rss20", None, None, None, 0, [], {}, True]
    assert isinstance(unpack_answer(json.dumps([*about, [ENTRY]]).encode()), ParsedFeed)
    broken = [*ENTRY[:place], value, *ENTRY[place + 1 :]]
    assert unpack_answer(json.dumps([*about, [broken]]).encode()) is MALFORMED


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[", b"[" * 200_000])
def test_what_is_no_json_is_a_failure(payload: bytes) -> None:
    assert unpack_answer(payload) is MALFORMED


@settings(deadline=None)
@given(text, st.binary(max_size=50), maybe, maybe, st.integers(1, 60), st.sampled_from(Task))
def test_a_request_arrives_as_it_was_sent(
    url: str, body: bytes, content_type: str | None, location: str | None, seconds: int, task: Task
) -> None:
    fetched = Fetched(url, body, content_type, location, Validators())
    assert unpack_request(*pack_request(fetched, seconds, task)) == (fetched, seconds, task)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=50), max_size=4))
def test_frames_arrive_in_order_and_then_nothing(payloads: list[bytes]) -> None:
    stream = io.BytesIO()
    for payload in payloads:
        write_frame(stream, payload)
    stream.seek(0)
    assert [read_frame(stream) for _ in payloads] == payloads
    assert read_frame(stream) is None


def test_a_frame_cut_short_or_too_long_is_none() -> None:
    stream = io.BytesIO()
    write_frame(stream, b"hello")
    assert read_frame(io.BytesIO(stream.getvalue()[:-1])) is None
    assert read_frame(io.BytesIO(stream.getvalue()), limit=4) is None
    assert read_frame(io.BytesIO(stream.getvalue()), limit=5) == b"hello"
