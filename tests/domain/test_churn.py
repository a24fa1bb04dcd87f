"""Old items under new names: found again by words where these are telling, or where most of a document came back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.churn import LONG_SUMMARY, Told, match_told

LONG = "The defence ministers of India and Japan met in New Delhi and agreed on further exercises. " * 2
WINDOW = [Told(f"Story {n}", "", f"day {n}") for n in range(6)]


def test_an_entry_of_the_same_telling_words_is_the_item_without_further_evidence() -> None:
    one = Told("Ministers meet", LONG, "5 May")
    assert match_told([WINDOW[0], one], [one], 30) == [1]


def test_short_words_alone_tell_nothing() -> None:
    assert match_told([Told("Briefing", "", "5 May")], [Told("Briefing", "", "5 May")], 10) == [None]
    assert match_told([Told("Briefing", "Short.", "")], [Told("Briefing", "Short.", "")], 1) == [None]


def test_titles_that_recur_are_new_where_the_rest_of_the_document_is_known_by_name() -> None:
    """Japan's defence ministry publishes batches of one date with titles that recur and no words."""
    batch = [Told("Press conference", "", "5 May"), Told("Scramble", "", "5 May")]
    assert match_told(batch, batch, 30) == [None, None]


def test_a_document_that_came_back_whole_is_the_old_one() -> None:
    assert match_told(WINDOW, WINDOW, 6) == list(range(6))


def test_news_among_what_came_back_is_new() -> None:
    assert match_told(WINDOW, [Told("News", "", "day 9"), *WINDOW[:5]], 6) == [None, 0, 1, 2, 3, 4]


def test_words_that_change_a_little_are_found_by_title_and_date_once_the_feed_churns() -> None:
    found = [Told(one.title, f"Seen {n} times", one.dated) for n, one in enumerate(WINDOW)]
    assert match_told(WINDOW, found, 6) == list(range(6))


def test_issues_of_a_series_are_new_whatever_they_share_but_their_dates() -> None:
    stored = [Told("Weekly briefing", LONG, f"day {n}") for n in range(5)]
    found = [Told(one.title, one.summary, f"{one.dated} of May") for one in stored]
    assert match_told(stored, found, 5) == [None] * 5


def test_telling_words_need_no_date() -> None:
    stored = [Told(f"Story {n}", LONG + str(n), "") for n in range(4)]
    assert match_told(stored, stored, 4) == list(range(4))


def test_a_daily_list_of_the_same_titles_is_new_every_day() -> None:
    stored = [Told(title, "", "day 1") for title in ("Morning", "Noon", "Evening")]
    assert match_told(stored, [Told(one.title, "", "day 2") for one in stored], 3) == [None, None, None]


told = st.builds(
    Told, st.sampled_from(["a", "b", ""]), st.sampled_from(["", "x" * LONG_SUMMARY]), st.sampled_from("12")
)


@given(st.lists(told, max_size=8), st.lists(told, max_size=8))
def test_no_item_is_given_to_two_entries(stored: list[Told], found: list[Told]) -> None:
    homes = [home for home in match_told(stored, found, len(found)) if home is not None]
    assert len(homes) == len(set(homes))
    assert all(0 <= home < len(stored) for home in homes)
