from __future__ import annotations

import pytest

from monitor.events.mood import Mood, MoodReader

READER = MoodReader.of(
    {
        "moods": {
            "told": ("no less",),
            "wished": ("suggests", "すべき"),
            "denied": ("no", "did not", "せず"),
            "recalled": ("years ago",),
        },
        "stages": {"cancelled": ("will not be held",)},
    }
)


@pytest.mark.parametrize(
    ("clauses", "moods"),
    [
        (["they met"], [Mood.TOLD]),
        (["he suggests that they meet"], [Mood.WISHED]),
        (["they did not meet"], [Mood.DENIED]),
        (["they met ten years ago"], [Mood.RECALLED]),
        (["no less than ten ships sailed"], [Mood.TOLD]),
        (["the drill will not be held and no date is set"], [Mood.TOLD]),
        (["a panel suggests india ", "and japan meet"], [Mood.WISHED, Mood.WISHED]),
        (["they did not sign the long awaited pact ", "and met again"], [Mood.DENIED, Mood.TOLD]),
        (["会談せず", "、声明を出した"], [Mood.DENIED, Mood.TOLD]),
    ],
)
def test_the_words_of_a_clause_give_its_mood(clauses: list[str], moods: list[Mood]) -> None:
    assert READER.read([(0, clause) for clause in clauses]) == moods


def test_a_mood_does_not_outlast_its_sentence() -> None:
    assert READER.read([(0, "a panel suggests india."), (1, "and japan met")]) == [Mood.WISHED, Mood.TOLD]
