"""What documents ask of those who poll them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.asks import NO_ASKS, Asks
from monitor.domain.feed import Fetched, ParsedFeed, Validators
from monitor.parse.document import parse_document

SY = "http://purl.org/rss/1.0/modules/syndication/"


def asks(channel: str, after: str = "", encoding: str = "utf-8") -> Asks:
    document = (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0" xmlns:sy="{SY}"><channel><title>T</title>'
        f"{channel}<item><title>Story</title><description>d</description></item>{after}</channel></rss>"
    )
    parsed = parse_document(
        Fetched("https://a.example/rss", document.encode(encoding), "application/rss+xml", None, Validators())
    )
    assert isinstance(parsed, ParsedFeed)
    return parsed.asks


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("", NO_ASKS),
        ("<ttl>90</ttl>", Asks(ttl=timedelta(minutes=90))),
        ("<ttl> 60 </ttl>", Asks(ttl=timedelta(hours=1))),
        ("<ttl>0</ttl>", NO_ASKS),
        ("<ttl>soon</ttl>", NO_ASKS),
        ("<ttl>-5</ttl>", NO_ASKS),
        ("<ttl>999999999</ttl>", Asks(ttl=timedelta(days=366))),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", Asks(period=timedelta(hours=1))),
        (
            "<sy:updatePeriod> Daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            Asks(period=timedelta(hours=6)),
        ),
        (
            "<sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            Asks(period=timedelta(days=7)),
        ),
        ("<sy:updatePeriod>always</sy:updatePeriod>", NO_ASKS),
        ("<sy:updateFrequency>4</sy:updateFrequency>", NO_ASKS),
        (
            "<skipHours><hour>0</hour><hour> 13 </hour><hour>24</hour><hour>25</hour><hour>x</hour></skipHours>",
            Asks(skip_hours=frozenset({0, 13})),
        ),
        (
            "<skipDays><day>Saturday</day><day>sunday</day><day>Someday</day></skipDays>",
            Asks(skip_days=frozenset({5, 6})),
        ),
        ("<skipHours/>", NO_ASKS),
        ("<skipHours></skipHours>", NO_ASKS),
    ],
)
def test_wishes(channel: str, expected: Asks) -> None:
    assert asks(channel) == expected


def test_lists_after_the_entries_count_and_those_within_do_not() -> None:
    assert asks("", "<skipHours><hour>3</hour></skipHours>").skip_hours == {3}
    item = "<item><description><![CDATA[<skipHours><hour>4</hour></skipHours>]]></description></item>"
    assert asks(item).skip_hours == set()


def test_a_document_in_another_encoding_asks_the_same() -> None:
    assert asks("<skipHours><hour>3</hour></skipHours>", encoding="utf-16").skip_hours == {3}


def test_wishes_go_to_json_and_back() -> None:
    whole = Asks(timedelta(minutes=5), timedelta(days=2), timedelta(seconds=9), frozenset({0, 23}), frozenset({6}))
    assert Asks.of_plain(whole.plain()) == whole
    assert NO_ASKS.plain() == {}
