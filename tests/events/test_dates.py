"""Dates in text, relative to Thursday 5 June 2025."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.events.date_frame import Leaning, Precision
from monitor.events.dates import MOST_DATES, Bound, durations, find_dates
from monitor.events.words import fold

PUBLISHED = date(2025, 6, 5)


def days(text: str, published: date = PUBLISHED) -> list[str]:
    return [
        found.first.isoformat() if found.first == found.last else f"{found.first}..{found.last}"
        for found in find_dates(fold(text), published)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They meet on May 5, 2025 in the capital", ["2025-05-05"]),
        ("on 15 Nov 24.", ["2024-11-15"]),
        ("the 7th of July 2023", ["2023-07-07"]),
        ("2025-05-05", ["2025-05-05"]),
        ("reached port on Oct. 21, the ministry said", ["2025-10-21"]),
        ("from 24 February to 9 March", ["2025-02-24..2025-03-09"]),
        ("from Feb 24 to Mar 9", ["2025-02-24..2025-03-09"]),
        ("on 01 and 02 March 2023", ["2023-03-01..2023-03-02"]),
        ("May 5–7, 2025", ["2025-05-05..2025-05-07"]),
        ("between May 5 and 9", ["2025-05-05..2025-05-09"]),
        ("28 December to 3 January 2026", ["2025-12-28..2026-01-03"]),
        ("three days ago", ["2025-06-02"]),
        ("5 मई को दिल्ली में", ["2025-05-05"]),
        ("५ मई २०२५", ["2025-05-05"]),
        ("24 फरवरी से 9 मार्च तक", ["2025-02-24..2025-03-09"]),
        ("5月5日に会談", ["2025-05-05"]),
        ("令和7年5月5日", ["2025-05-05"]),
        ("平成元年1月8日", ["1989-01-08"]),
        ("昨年11月22日", ["2024-11-22"]),
        ("４日、会談した", ["2025-06-04"]),
        ("10月16日から21日まで", ["2025-10-16..2025-10-21"]),
        ("30日から2日まで", ["2025-05-30..2025-06-02"]),
        ("5月29、30の両日", ["2025-05-29..2025-05-30"]),
        ("海自は4日、2日から始まった訓練", ["2025-06-04", "2025-06-02"]),
        ("30 जुलाई से दो अगस्त तक", ["2025-07-30..2025-08-02"]),
        ("they met on christmas eve", ["2024-12-24"]),
        ("it began on the 2nd and runs to the 6th.", ["2025-06-02", "2025-06-06"]),
    ],
)
def test_written_dates_are_completed(text: str, expected: list[str]) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ministers met on Monday", "2025-06-02"),
        ("The ministers will meet on Monday", "2025-06-09"),
        ("They signed on Thursday", "2025-06-05"),
        ("next Thursday", "2025-06-12"),
        ("last Thursday", "2025-05-29"),
        ("The pact was signed on Tuesday and the ministers will talk later", "2025-06-03"),
        ("सोमवार को मुलाकात की", "2025-06-02"),
        ("सोमवार को मिलेंगे", "2025-06-09"),
        ("कल दिल्ली पहुंचेंगे", "2025-06-06"),
        ("कल दिल्ली पहुंचे", "2025-06-04"),
        ("月曜日に会談する予定", "2025-06-09"),
        ("明日、会談", "2025-06-06"),
        ("yesterday", "2025-06-04"),
        ("the day after tomorrow", "2025-06-07"),
        ("The ships sailed on Friday", "2025-05-30"),
        ("The drill opens Friday", "2025-06-06"),
        ("The talks were held on Friday and will be held again", "2025-05-30"),
        ("The ministers put a new text on the table on Friday", "2025-05-30"),
    ],
)
def test_the_clause_decides_which_way_a_day_lies(text: str, expected: str) -> None:
    assert days(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the drill runs from Tuesday to Friday", "2025-06-03..2025-06-06"),
        ("they trained from Monday to Tuesday", "2025-06-02..2025-06-03"),
        ("they will train from Monday to Tuesday", "2025-06-09..2025-06-10"),
        ("सोमवार से शुक्रवार तक अभ्यास चल रहा है", "2025-06-02..2025-06-06"),
    ],
)
def test_from_one_weekday_to_another(text: str, expected: str) -> None:
    assert days(text) == [expected]


def test_a_text_full_of_dates_is_read_as_far_as_it_tells_anything() -> None:
    assert len(find_dates(fold("1日、" * 4000), PUBLISHED)) <= MOST_DATES


def test_a_clause_without_tense_follows_the_article() -> None:
    folded = fold("Monday's session")
    assert find_dates(folded, PUBLISHED, leaning=Leaning.PAST)[0].first == date(2025, 6, 2)
    assert find_dates(folded, PUBLISHED, leaning=Leaning.FUTURE)[0].first == date(2025, 6, 9)


@pytest.mark.parametrize(
    "text",
    [
        "The 2+2 may be held soon",
        "troops march through May's hometown",
        "120 soldiers of the 34th Infantry Regiment",
        "INS Satpura and F-15 jets, 18 of them",
        "31 February",
        "99月99日",
        "8日間の訓練",
        "日印2プラス2",
        "मई",
        "",
    ],
)
def test_no_date_is_made_up(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize(
    ("text", "first", "precision"),
    [
        ("in November 2024", date(2024, 11, 1), Precision.MONTH),
        ("last November", date(2024, 11, 1), Precision.MONTH),
        ("next month", date(2025, 7, 1), Precision.MONTH),
        ("पिछले नवंबर में", date(2024, 11, 1), Precision.MONTH),
        ("昨年11月以来", date(2024, 11, 1), Precision.MONTH),
        ("来週", date(2025, 6, 9), Precision.WEEK),
        ("last week", date(2025, 5, 26), Precision.WEEK),
    ],
)
def test_vague_times_keep_their_precision(text: str, first: date, precision: Precision) -> None:
    (found,) = find_dates(fold(text), PUBLISHED)
    assert (found.first, found.precision) == (first, precision)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("It runs until June 12", date(2025, 6, 12)),
        ("the drill ends on March 2", date(2025, 3, 2)),
        ("12 जून तक चलेगा", date(2025, 6, 12)),
        ("17日まで続く", date(2025, 6, 17)),
    ],
)
def test_a_last_day_is_known_as_one(text: str, last: date) -> None:
    (found,) = find_dates(fold(text), PUBLISHED)
    assert (found.last, found.bound) == (last, Bound.LAST)


def test_a_range_gives_both_ends_even_with_a_word_for_the_last() -> None:
    (found,) = find_dates(fold("20日から23日まで"), date(2025, 6, 18))
    assert (found.first, found.last, found.bound) == (date(2025, 6, 20), date(2025, 6, 23), Bound.ANY)


def test_a_full_date_is_surer_than_a_guessed_year_and_that_than_a_weekday() -> None:
    sureness = [find_dates(fold(text), PUBLISHED)[0].confidence for text in ("5 May 2025", "5 May", "met on Monday")]
    assert sureness == sorted(sureness, reverse=True)
    assert sureness[0] == 1.0
    assert len(set(sureness)) == 3


@pytest.mark.parametrize(
    ("text", "length"),
    [("for five days", 5), ("a two-week drill", 14), ("8日間", 8), ("दो सप्ताह", 14), ("the 10-day visit", 10)],
)
def test_lengths_are_read(text: str, length: int) -> None:
    assert [found for found, _ in durations(fold(text))] == [length]


def test_days_ago_are_no_length() -> None:
    assert list(durations(fold("It ended five days ago"))) == []


@given(st.text(max_size=200), st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_any_text_on_any_day_gives_ordered_dates_within_it(text: str, published: date) -> None:
    folded = fold(text)
    found = find_dates(folded, published)
    assert all(one.first <= one.last and 0 <= one.start < one.end <= len(folded) for one in found)
    assert all(left.end <= right.start for left, right in pairwise(found))


@given(st.dates(date(1991, 1, 1), date(2090, 1, 1)), st.integers(-170, 170))
def test_a_year_left_out_is_found_again(published: date, offset: int) -> None:
    day = published + timedelta(days=offset)
    (found,) = find_dates(fold(f"{day.day} {day:%B}"), published)
    assert found.first == day


@pytest.mark.parametrize("text", ["12~15日に実施", "5月12〜15日", "12・15日"])
def test_a_japanese_range_may_write_its_day_once(text: str) -> None:
    (found,) = find_dates(fold(text), date(2025, 5, 14))
    assert (found.first, found.last) == (date(2025, 5, 12), date(2025, 5, 15))


@pytest.mark.parametrize("text", ["Exercise from Friday", "शुक्रवार से अभ्यास", "金曜日から訓練"])
def test_from_a_weekday_looks_ahead(text: str) -> None:
    (found,) = find_dates(fold(text), date(2025, 5, 14))
    assert found.first == date(2025, 5, 16)


def test_a_clause_without_a_cue_looks_where_its_sentence_looks() -> None:
    (found,) = find_dates(
        fold("On Friday the secretary, and the envoy, signed."), date(2025, 5, 14), leaning=Leaning.FUTURE
    )
    assert found.first == date(2025, 5, 9)
