"""What stands below a headline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from monitor.digest.lines import event_lines
from monitor.domain.event import Event, EventType
from monitor.domain.watchlist import Watchlist
from monitor.watchlists import loader


def topics(names: tuple[str, ...], watchlist: Watchlist) -> str:
    event = Event(EventType.MEETING, None, None, None, (), None, names, ())
    return dict(event_lines(event, date(2025, 5, 5), "UTC", watchlist, titled=False))["Topics"]


def test_topics_are_named_as_the_watchlist_names_them(watchlist: Watchlist) -> None:
    assert topics(("acsa", "china-seas", "deep-sea-mining"), watchlist) == (
        "Reciprocal Provision of Supplies and Services · East and South China Seas · deep sea mining"
    )


def test_a_watchlist_without_names_shows_ids_as_words(watchlist: Watchlist) -> None:
    assert topics(("china-seas",), replace(watchlist, coding={})) == "china seas"


def test_every_topic_of_the_built_in_watchlists_has_one_name_and_every_name_a_topic() -> None:
    for built_in in loader.built_in():
        coding = loader.load(built_in).coding
        assert coding["topic_names"].keys() == coding["topics"].keys()
        assert all(len(names) == 1 for names in coding["topic_names"].values())
