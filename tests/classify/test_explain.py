"""Segments of a judged article."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.classify.explain import marked
from monitor.classify.judge import Judge
from monitor.domain.item import Article
from monitor.domain.judgement import Field
from monitor.domain.watchlist import Watchlist

Make = Callable[..., Article]


def test_segments_carry_entities_rules_and_near_misses(watchlist: Watchlist, article: Make) -> None:
    item = article("Aland Navy and Bland: drills", "Roy spoke.")
    segments = marked(item, Judge(watchlist).judge(item))
    said = {
        segment.text: (segment.entities, segment.rules, segment.near_misses) for segment in segments if segment.marked
    }
    assert said["Aland Navy"] == (("aland-navy",), ("relation.meeting", "relation.pair", "subject.entity"), ())
    assert said["drills"] == ((), ("subject.strong",), ())
    assert said["Roy"] == ((), (), ("not ana-roy",))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["Aland", "Bland ", "Quiet Wave", " drills", "Roy", "\u200b", "カ\u3099"])).map("".join)
)
def test_the_segments_of_a_field_join_to_its_text(watchlist: Watchlist, article: Make, text: str) -> None:
    item = article(text, text[::-1])
    segments = marked(item, Judge(watchlist).judge(item))
    for field, whole in ((Field.TITLE, item.title), (Field.SUMMARY, item.summary)):
        assert "".join(segment.text for segment in segments if segment.field is field) == whole
