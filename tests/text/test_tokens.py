"""Search words in three scripts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.text.tokens import query_words, search_words


def test_latin_and_devanagari_words_stay_whole_with_their_marks() -> None:
    assert search_words("JIMEX-25: रक्षा मंत्रियों") == ["jimex", "25", "रक्षा", "मंत्रियों"]


def test_unspaced_scripts_give_characters_and_bigrams() -> None:
    assert search_words("日印会談") == ["日", "印", "会", "談", "日印", "印会", "会談"]


def test_a_query_for_a_pair_of_characters_asks_for_the_bigram() -> None:
    assert query_words("日印") == ["日印"]
    assert query_words("印") == ["印"]


def test_width_and_case_do_not_matter() -> None:
    assert search_words("ＱＵＡＤ ﾏﾗﾊﾞｰﾙ") == search_words("quad マラバール")


@given(st.text("日印防衛マラ रक्षाabc-2 ", max_size=30), st.text("日印防衛マラ रक्षाabc-2 ", max_size=10))
def test_what_is_in_a_text_is_found_by_its_words(before: str, query: str) -> None:
    """Words of a query are among the words of any text that holds the query between blanks."""
    assert set(query_words(query)) <= set(search_words(f"{before} {query} "))
