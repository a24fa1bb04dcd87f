"""What a replay calls a change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.domain.item import Article, PendingItem
from monitor.domain.judgement import Decision, Field, Judgement, Mention, Receipt, Span, Strength
from monitor.domain.run import Judged, Standing
from monitor.pipeline.replay import Change, change

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
ACCEPT, REVIEW, REJECT = Decision.ACCEPT, Decision.REVIEW, Decision.REJECT
CORE, PASSING = Strength.CORE, Strength.PASSING


def changed(
    before: tuple[Decision, Strength | None, str],
    after: tuple[Decision, Strength | None, str],
    verdict: Decision | None = None,
) -> Change | None:
    """The change from one judgement to another, each with entities of one letter."""
    article = Article("Talks", "", "en", NOW, NOW)
    item = PendingItem(1, 1, article, None, None, archive=False, refused=before[0] is not ACCEPT, verdict=verdict)
    mentions = tuple(Mention(letter, Span(Field.TITLE, 0, 1, "T"), "full name") for letter in after[2])
    judgement = Judgement(after[0], 0.5, after[1], "en", mentions, Receipt("2", (), ()))
    return change(Standing(item, before[0], before[1], frozenset(before[2])), Judged(item, judgement, None))


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ((REJECT, None, "a"), (ACCEPT, CORE, "ab"), "reject → accept"),
        ((ACCEPT, CORE, "a"), (REVIEW, CORE, "a"), "accept → review"),
        ((ACCEPT, CORE, "a"), (ACCEPT, PASSING, "ab"), "strength"),
        ((ACCEPT, CORE, "a"), (ACCEPT, CORE, "b"), "entities"),
        ((REVIEW, CORE, "a"), (REVIEW, CORE, ""), "entities"),
    ],
)
def test_the_weightiest_change_names_it(
    before: tuple[Decision, Strength | None, str], after: tuple[Decision, Strength | None, str], kind: str
) -> None:
    found = changed(before, after)
    assert found is not None
    assert found.kind == kind
    assert set(found.gained) == set(after[2]) - set(before[2])
    assert set(found.lost) == set(before[2]) - set(after[2])


@pytest.mark.parametrize(
    ("before", "after"),
    [((ACCEPT, CORE, "a"), (ACCEPT, CORE, "aa")), ((REJECT, None, "a"), (REJECT, None, "bc"))],
    ids=["the same", "rejected items feed nothing"],
)
def test_what_feeds_nothing_new_is_no_change(
    before: tuple[Decision, Strength | None, str], after: tuple[Decision, Strength | None, str]
) -> None:
    assert changed(before, after) is None


@pytest.mark.parametrize("verdict", [ACCEPT, REJECT])
def test_a_verdict_holds_the_decision(verdict: Decision) -> None:
    found = changed((REJECT, None, ""), (ACCEPT, CORE, ""), verdict)
    assert found is None or found.before is found.after is verdict


@pytest.mark.parametrize(
    ("decision", "refused", "verdict", "hindsight"),
    [
        (ACCEPT, True, None, True),
        (ACCEPT, False, None, False),
        (ACCEPT, True, ACCEPT, False),
        (ACCEPT, True, REJECT, False),
        (REVIEW, True, None, False),
        (REJECT, True, ACCEPT, False),
    ],
)
def test_hindsight_is_an_acceptance_that_only_changed_rules_made(
    decision: Decision, refused: bool, verdict: Decision | None, hindsight: bool
) -> None:
    article = Article("Talks", "", "en", NOW, NOW)
    item = PendingItem(1, 1, article, None, None, archive=False, refused=refused, verdict=verdict)
    judgement = Judgement(decision, 0.5, None, "en", (), Receipt("2", (), ()))
    assert Judged(item, judgement, None).hindsight is hindsight
