"""A receipt in one line."""

from __future__ import annotations

from monitor.domain.judgement import Field, Reason, Receipt, Span


def span(surface: str) -> Span:
    return Span(Field.TITLE, 0, len(surface), surface)


def line(*reasons: Reason) -> str:
    return Receipt("1", (), reasons).in_one_line


def test_it_tells_what_gave_most_of_each_family() -> None:
    long = span("a very long sentence with both in it")
    both = Reason("relation.subject", 3.5, "names both and the subject", (long,))
    pair = Reason("relation.pair", 2.0, "names the two side by side", (span("India and Japan"),))
    words = Reason("subject.strong", 2.4, "speaks of defence", (span("navies"), span("warship"), span("navies")))
    assert line(pair, words, both) == "names both and the subject · speaks of defence (navies, warship)"


def test_what_took_points_is_no_reason_why_it_is_here() -> None:
    assert line(Reason("penalty.sport", -3.0, "speaks of sport")) == ""


def test_three_words_are_enough() -> None:
    spans = tuple(map(span, ("one", "two", "three", "four")))
    assert line(Reason("subject.strong", 1.0, "speaks of defence", spans)) == "speaks of defence (one, two, three)"
