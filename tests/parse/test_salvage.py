"""Entries are saved from documents that cannot be read as a whole."""

from __future__ import annotations

import time

import pytest

from monitor.domain.feed import Failure, Fetched, ParsedFeed, ParseFailed, Validators
from monitor.parse import salvage
from monitor.parse.document import parse_document
from monitor.parse.json_feed import parse_json
from monitor.parse.patience import Deadline, OverrunError, at_most
from monitor.parse.salvage import parse_within
from tests.support.hostile import FIRST, TITLES, atom, json_feed, rdf, rss

SLOW = "<item><title>poison</title>" + "<a/>" * 60_000 + "</item>"


def read(body: bytes, seconds: float = 2.0, *, patient: bool = True) -> ParsedFeed | ParseFailed | None:
    return parse_within(Fetched("https://feeds.example/", body, None, None, Validators()), seconds, patient=patient)


def titles(result: object) -> set[str]:
    assert isinstance(result, ParsedFeed)
    return {entry.title for entry in result.entries}


@pytest.mark.parametrize(
    "body", [rss(SLOW), atom(SLOW.replace("item", "entry")), rdf(SLOW)], ids=["rss", "atom", "rdf"]
)
def test_an_entry_that_costs_too_much_costs_only_itself(body: bytes) -> None:
    result = read(body)
    assert titles(result) == TITLES
    assert isinstance(result, ParsedFeed)
    assert result.title == "Honest"
    assert (result.left_out, result.complete) == (1, False)


def test_what_stands_before_the_entries_may_be_the_poison() -> None:
    assert titles(read(rss(head="<a/>" * 60_000))) == TITLES


def test_an_impatient_reading_asks_for_more_time() -> None:
    assert read(rss(SLOW), 0.3, patient=False) is None


def failing_on_more_than_one(fetched: Fetched) -> ParsedFeed | ParseFailed:
    """Cannot read a whole document, and takes its time over an entry."""
    if fetched.body.count(b"<item") > 1:
        return ParseFailed(Failure.PARSER, "It fails.")
    time.sleep(0.02)
    return parse_document(fetched)


MANY = rss("".join(f"<item><title>{number}</title></item>" for number in range(200)))


def test_an_impatient_reading_that_runs_out_of_time_while_saving_asks_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(salvage, "parse_document", failing_on_more_than_one)
    assert read(MANY, 0.5, patient=False) is None
    assert isinstance(read(MANY, 30.0, patient=False), ParsedFeed)


def test_entries_lost_to_the_deadline_make_a_feed_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(salvage, "parse_document", failing_on_more_than_one)
    cut, whole = read(MANY, 0.5), read(MANY, 30.0)
    assert isinstance(cut, ParsedFeed)
    assert isinstance(whole, ParsedFeed)
    assert (cut.complete, len(cut.entries) + cut.left_out) == (False, len(whole.entries))
    assert (whole.complete, whole.left_out) == (True, 0)


def test_a_document_without_whole_entries_is_given_up_with_a_reason() -> None:
    result = read(b"<rss><channel><item>" + b"<a/>" * 500_000, 1.0)
    assert result == ParseFailed(Failure.PARSER, "Reading this document takes more than 1 seconds, so it was given up.")


def test_of_json_the_items_before_what_cannot_be_read_are_kept() -> None:
    deep = '{"x": ' + "[" * 100_000 + "]" * 100_000 + "}"
    found = parse_json(Fetched("https://feeds.example/", json_feed(deep), None, None, Validators()))
    assert titles(found) == FIRST


def swallowing() -> None:
    """Never ends, whatever `Exception` comes its way."""
    while True:
        try:
            sum(range(1000))
        except Exception:  # noqa: BLE001, S112 - as parsers do
            continue


def test_an_alarm_ends_what_swallows_exceptions() -> None:
    started = time.monotonic()
    with pytest.raises(OverrunError), at_most(0.1):
        swallowing()
    assert time.monotonic() - started < 1.0


def test_an_alarm_is_off_after_its_block() -> None:
    with at_most(0.05):
        pass
    time.sleep(0.15)
    assert Deadline(0.0).left == 0.0
