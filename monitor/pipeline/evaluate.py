"""Measuring the whole thought of `follow` on labelled articles: relevance, entities, events and stories at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.classify.evaluate import Evaluation, GoldItem, compare, gold_item
from monitor.classify.judge import Judge
from monitor.domain.figures import Share
from monitor.errors import InputError
from monitor.events.code import Coder
from monitor.events.evaluate import GoldEvent, checks, gold_event, score
from monitor.pipeline.offline import Assessed, accepted_only, assess, number_stories
from monitor.stories.evaluate import BCubed, bcubed


@dataclass(frozen=True, slots=True)
class Gold:
    """A labelled article with its event and story; `story` None: it stands alone. Of negatives both say nothing."""

    item: GoldItem
    event: GoldEvent
    story: str | None


@dataclass(frozen=True, slots=True)
class Misread:
    """What went wrong with one labelled article.

    `missed` and `invented` are entities of a relevant one; `slots` those of its event that are wrong.
    """

    gold: Gold
    assessed: Assessed
    missed: tuple[str, ...]
    invented: tuple[str, ...]
    slots: tuple[str, ...]

    @property
    def decided_wrong(self) -> bool:
        """Whether a relevant article was not accepted, or another one was."""
        return self.gold.item.relevant != self.assessed.accepted


@dataclass(frozen=True, slots=True)
class Measured:
    """All figures of one set of labelled articles; `slots` and `stories` are over the relevant ones."""

    judging: Evaluation
    slots: Mapping[str, Share]
    stories: BCubed
    misread: tuple[Misread, ...]


def gold(row: Mapping[str, object]) -> Gold:
    """A labelled article from its JSON object. Raises InputError naming the key that cannot be used."""
    item = gold_item(row)
    event, story = row.get("event"), row.get("story")
    if not isinstance(event, Mapping | None) or not isinstance(story, str | None):
        raise InputError(f"Item {item.id!r}: `event` must be an object and `story` a text, or each null.")
    try:
        return Gold(item, gold_event(event or {}), story or None)
    except InputError as error:
        raise InputError(f"Item {item.id!r}: {error}") from error


def measure(
    labelled: Sequence[Gold],
    judge: Judge,
    coder: Coder,
    ignored: frozenset[str],
    progress: Callable[[int], None] = lambda _done: None,
) -> Measured:
    """Judge, code and group all articles and compare; `ignored` entities are not scored.

    Only accepted articles are coded as events of the relation and grouped: a relevant one that is missed has all slots
    wrong and stands alone, and a wrongly accepted one spoils the story it is put into. Raises InputError for an id
    that stands twice.
    """
    _refuse_repeated(labelled)
    assessed = []
    for one in labelled:
        assessed.append(assess(one.item.article, judge, coder))
        progress(1)
    pairs = list(zip(labelled, assessed, strict=True))
    relevant = [(one, found) for one, found in pairs if one.item.relevant]
    misread = (_misread(one, found, ignored) for one, found in pairs)
    return Measured(
        judging=compare([(one.item, found.judgement) for one, found in pairs], ignored),
        slots=score((one.event, found.coding) for one, found in relevant),
        stories=_stories(labelled, assessed),
        misread=tuple(one for one in misread if one.decided_wrong or one.missed or one.invented or one.slots),
    )


def _stories(labelled: Sequence[Gold], assessed: Iterable[Assessed]) -> BCubed:
    true = {one.item.id: one.story or f"alone:{one.item.id}" for one in labelled if one.item.relevant}
    numbers, _ = number_stories([*accepted_only(assessed)])
    found = {one.item.id: str(number) for one, number in zip(labelled, numbers, strict=True) if number is not None}
    return bcubed(true, found)


def _misread(one: Gold, assessed: Assessed, ignored: frozenset[str]) -> Misread:
    if not one.item.relevant:
        return Misread(one, assessed, (), (), ())
    want, got = one.item.entities - ignored, frozenset(assessed.judgement.entities) - ignored
    wrong = (slot for slot, right in checks(one.event, assessed.coding).items() if not right)
    return Misread(one, assessed, tuple(sorted(want - got)), tuple(sorted(got - want)), tuple(wrong))


def _refuse_repeated(labelled: Sequence[Gold]) -> None:
    seen: set[str] = set()
    for one in labelled:
        if one.item.id in seen:
            raise InputError(f"Item {one.item.id!r} stands twice among the labelled items: give each its own id.")
        seen.add(one.item.id)
