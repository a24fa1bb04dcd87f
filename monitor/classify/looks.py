"""The signs that rules count: words of the vocabulary, and how names, sides and subject stand together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from monitor.classify.case import Case, Sign, sign
from monitor.classify.context import JOINER, THIRD_RULES, third_country
from monitor.classify.found import SUBJECT
from monitor.classify.gate import PAIR_RULE, SIDE_RULES, Evidence
from monitor.classify.match import Kind
from monitor.classify.matters import elsewhere, heap, is_other, topic
from monitor.classify.namesakes import NAMESAKE_RULES

LIST_LENGTH = 3
"""Other countries in one sentence from which it speaks of many instead of two, unless the two stand side by side."""

FORCES_RULE = "relation.forces"
"""The rule of words for what acts for a country: its navy, its coast guard, its defence minister."""

_POSSESSIVE = re.compile(r".?|'s | (?:के|की|का) ")
"""What may stand between a side and what is its own: a blank, or a particle."""

FORCES_REACH = 13
"""Characters that may stand between a list of countries and the word for their forces: "officers of", "の"."""


def signs_of(case: Case) -> Iterator[Sign]:
    """Every sign in an article: its cues in order of place, then what the looks see."""
    for one in case.evidence:
        if one.found.target.kind is Kind.CUE:
            yield sign(one.found.owner, one)
    for look in _LOOKS:
        yield from look(case)


def _joint(case: Case) -> Iterator[Sign]:
    """Exercises, forums and agreements of the two sides, alone or in company; a tie is one beyond the subject."""
    for one in case.evidence:
        if case.gatekeeper.is_joint(one):
            yield sign("relation.joint" if SUBJECT in one.opens else "relation.tie", one)
        elif case.gatekeeper.is_shared(one):
            yield sign("relation.company" if SUBJECT in one.opens else "relation.several", one)


def _pair(case: Case) -> Iterator[Sign]:
    """The sides named one after the other, by themselves or among others."""
    for start, end in case.context.pairs:
        yield Sign(PAIR_RULE, "side by side", start, end)
    for start, end in case.context.lists:
        if _is_of_forces(case, start, end):
            yield Sign("relation.company", "forces of a list", start, end)
        else:
            yield Sign(f"{THIRD_RULES}list", "list", start, end)


def _is_of_forces(case: Case, start: int, end: int) -> bool:
    """Whether a list of countries tells whose forces or ministers act: such a list does more than name them."""
    cues = (one.found for one in case.evidence if one.found.owner == FORCES_RULE)
    return any(0 <= max(one.start - end, start - one.end) <= FORCES_REACH for one in cues)


def _sentences(case: Case) -> Iterator[Sign]:
    """Sentences that name both sides, with or without the subject, or within a list of countries."""
    for number, sentence in case.context.sentences.items():
        sides = [one for one in sentence.evidence if one.opens - {SUBJECT}]
        if len(sentence.sides) < len(case.gatekeeper.gates) - 1 or not sides:
            continue
        start, end = sides[0].found.start, sides[-1].found.end
        where = "title" if number == 0 else "summary"
        if _is_crowded(case, number):
            continue
        yield Sign("relation.sentence", where, start, end)
        if sentence.institutional:
            yield Sign("relation.subject", where, start, end)
        elif sentence.firm:
            yield Sign("relation.loose", where, start, end)


def _neighbours(case: Case) -> Iterator[Sign]:
    """Two sentences running that name both sides and the subject, in an item no sentence of which does so alone.

    Reports share their news out between a title and the line below it. Neither may name another country.
    """
    full = len(case.gatekeeper.gates) - 1
    if any(len(sentence.sides) == full and sentence.firm for sentence in case.context.sentences.values()):
        return
    for number, first in case.context.sentences.items():
        second = case.context.sentences.get(number + 1)
        if second is None or first.thirds or second.thirds or len(first.sides | second.sides) < full:
            continue
        if first.institutional or second.institutional:
            place = first.evidence[0].found
            yield Sign("relation.neighbours", "neighbours", place.start, place.end)


def _plain(case: Case) -> Iterator[Sign]:
    """An item that tells of the two and of an institution of the subject close together, and of nothing else.

    Tickers and headlines say so little that other rules hear next to nothing: what they leave out speaks for them.
    """
    if any(
        is_other(one) or one.found.owner.startswith(NAMESAKE_RULES) or third_country(one, case.gatekeeper)
        for one in case.evidence
    ):
        return
    full = len(case.gatekeeper.gates) - 1
    for number, first in case.context.sentences.items():
        second = case.context.sentences.get(number + 1, first)
        if len(first.sides | second.sides) >= full and (first.institutional or second.institutional):
            place = first.evidence[0].found
            yield Sign("relation.plain", "plain", place.start, place.end)


def _is_crowded(case: Case, number: int) -> bool:
    """Whether a sentence names the sides only among others: in a list, beside many, or one of them with another.

    A list of those whose forces act is no such crowd.
    """

    def holds(places: Sequence[tuple[int, int]]) -> bool:
        return any(case.reading.sentence(start) == number for start, _ in places)

    if number == 0 and case.context.elsewhere:
        return True
    many = len(case.context.sentences[number].thirds) >= LIST_LENGTH
    lists = [place for place in case.context.lists if not _is_of_forces(case, *place)]
    return holds(lists) or (many and not holds((*case.context.pairs, *case.context.lists)))


def _entities(case: Case) -> Iterator[Sign]:
    """Forces, officials and arms: what belongs to the subject and to one side or none."""
    for one in case.evidence:
        entity = case.gatekeeper.entity(one)
        if entity is not None and SUBJECT in one.opens and not case.gatekeeper.is_shared(one):
            yield sign("subject.entity", one)


def _counterparts(case: Case) -> Iterator[Sign]:
    """A body of each side: together they tell of the relation even where no country is named.

    With them, an exercise of many countries is one in which both sides take part; there a side's forces need no name.
    """
    full = len(case.gatekeeper.gates) - 1
    by_side = dict(reversed(list(_bodies(case))))
    if len(by_side) == full and not case.context.elsewhere:
        for one in by_side.values():
            yield Sign("relation.counterparts", "both", one.found.start, one.found.end)
    wide = [one for one in case.evidence if case.gatekeeper.is_wide_exercise(one)]
    if wide and len(by_side.keys() | {side for side, _ in _unnamed_forces(case)}) == full:
        for one in wide:
            yield sign("relation.company", one)
            yield sign("relation.guests", one)


def _bodies(case: Case) -> Iterator[tuple[str, Evidence]]:
    for one in case.evidence:
        side = case.gatekeeper.body_of(one)
        if side is not None:
            yield side, one


def _unnamed_forces(case: Case) -> Iterator[tuple[str, Evidence]]:
    """A side's word in a list or alone with a word for forces beside it, and words by which it means its own alone."""
    for one in case.evidence:
        if one.found.owner.startswith(SIDE_RULES):
            yield one.found.owner.removeprefix(SIDE_RULES), one
    for number, one in enumerate(case.evidence):
        if one.found.target.kind is Kind.SIDE and _has_arms_behind(case, number):
            yield one.found.owner, one
    for place in (*case.context.pairs, *case.context.lists):
        if _is_of_forces(case, *place):
            yield from _sides_within(case, *place)


def _has_arms_behind(case: Case, number: int) -> bool:
    """Whether forces or arms stand right behind a side's word, or behind the countries listed after it."""
    end = case.evidence[number].found.end
    for after in case.evidence[number + 1 :]:
        between = case.reading.folded[end : after.found.start]
        if after.found.owner == FORCES_RULE or SUBJECT in after.opens:
            return _POSSESSIVE.fullmatch(between) is not None
        country = after.opens or third_country(after, case.gatekeeper)
        if not country or not JOINER.fullmatch(between):
            return False
        end = after.found.end
    return False


def _sides_within(case: Case, start: int, end: int) -> Iterator[tuple[str, Evidence]]:
    """The sides named between two places by their own words."""
    for one in case.evidence:
        if start <= one.found.start < end and one.found.target.kind is Kind.SIDE:
            yield one.found.owner, one


def _meetings(case: Case) -> Iterator[Sign]:
    """A body of one side in a sentence that names the other: somebody acts, and with or towards whom."""
    for number, sentence in case.context.sentences.items():
        if len(sentence.sides) < len(case.gatekeeper.gates) - 1 or _is_crowded(case, number):
            continue
        yield from (sign("relation.meeting", one) for one in sentence.evidence if case.gatekeeper.body_of(one))


def _silent_title(case: Case) -> Iterator[Sign]:
    """A title that says nothing of all this, above a text in which no body of one side meets the other."""
    title = case.reading.title.text
    if title.strip() and not any(one.opens for one in case.context.title.evidence) and not any(_meetings(case)):
        yield Sign("title.silent", "title", 0, len(title))


_LOOKS: tuple[Callable[[Case], Iterator[Sign]], ...] = (
    _joint,
    _pair,
    _sentences,
    _neighbours,
    _plain,
    _entities,
    _counterparts,
    _meetings,
    elsewhere,
    _silent_title,
    topic,
    heap,
)
