"""Signs that an item is about another matter: another country, play, trade or learning; and when words are loose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from monitor.classify.case import Case, Sign, sign
from monitor.classify.context import THIRD_RULES, WEAK_RULE, third_country
from monitor.classify.found import EXTENT, FIRM_RULE, SUBJECT
from monitor.classify.gate import PLAY_RULES, SHOP_RULE, Evidence
from monitor.classify.match import Kind
from monitor.classify.namesakes import PERSON_RULE, THING_RULE
from monitor.domain.watchlist import AliasKind, EntityKind

OTHER_MATTERS = "penalty."
"""Rules of words that speak of another matter."""

BORNE_RULES = frozenset({PERSON_RULE, THING_RULE})
"""Rules of words for what may bear the name of an official, a ship or an exercise."""

_BORROWED = frozenset({EntityKind.PERSON, EntityKind.EXERCISE, EntityKind.SHIP, EntityKind.PLATFORM})
"""Kinds of entities whose names are short words that others bear."""

CERTAIN = 0.8
"""The score from which loose words are enough although others speak of another matter."""

TOPIC_RULES = PLAY_RULES | {"penalty.quiz"}
"""Rules of words that an item on the subject has next to none of: one of them in a title tells its topic."""

SOLD_RULES = frozenset({SHOP_RULE, "penalty.quiz"})
"""Rules of words of those who sell goods, and answers to examinees."""

TOPIC_COUNTS = (3, 6)
"""Numbers of distinct such words from which they tell the topic wherever they stand."""

FIGURE_RULE = "figure.act"
"""The rule of words for acts and people of the subject that others are spoken of by as well: "joint drill"."""

SHORT_NAME = 20
"""Characters up to which a name that asks for company may as well be something else's: "ACSA", "Cyber Dialogue"."""

LEAD = 4
"""The sentence up to which an item tells what it is; the title is number 0."""

HEAPED = 3
"""Times a word of four letters or more stands in a title that heaps keywords."""

_WORD = re.compile(r"[^\W\d_]{4,}")


def elsewhere(case: Case) -> Iterator[Sign]:
    """A title that names another country and not both sides, or one side with it: the relation is then elsewhere."""
    title, full = case.context.title, len(case.gatekeeper.gates) - 1
    shared = any(case.gatekeeper.is_shared(one) for one in title.evidence)
    if shared or (len(title.sides) == full and not case.context.elsewhere):
        return
    for one in title.evidence:
        if third_country(one, case.gatekeeper):
            yield sign(f"{THIRD_RULES}title", one)
    lead = case.context.sentences.get(1)
    if case.context.elsewhere and (lead is None or len(lead.sides) < full):
        yield Sign(f"{THIRD_RULES}aside", "aside", 0, len(case.reading.title.text))


def topic(case: Case) -> Iterator[Sign]:
    """Play, trade or learning as the item's own topic: words of it in the title, or many of them."""
    places = {one.key: one.found for one in case.evidence if one.found.owner in TOPIC_RULES}
    if not places:
        return
    found = next(iter(places.values()))
    if any(case.reading.in_title(one.start) for one in places.values()):
        yield Sign("penalty.topic", "title", found.start, found.end)
    for many in TOPIC_COUNTS:
        if len(places) >= many:
            yield Sign("penalty.topic", f"{many} words", found.start, found.end)


def heap(case: Case) -> Iterator[Sign]:
    """A title that says one word again and again: keywords heaped for search engines, not a sentence."""
    title = case.reading.title.folded
    word, times = max(Counter(_WORD.findall(title)).items(), key=lambda each: each[1], default=("", 0))
    if times >= HEAPED:
        yield Sign("penalty.heap", word, 0, len(title))


def is_loose(case: Case, score: float) -> bool:
    """Whether no institution of the subject stands with both sides, and the words that do are of little weight.

    They are so where the item names no act or arm of the subject either, unless two such words stand with both sides
    and nothing else is spoken of; and, unless the score is certain, where words of another matter stand in it.
    """
    full = len(case.gatekeeper.gates) - 1
    if any(sentence.institutional and len(sentence.sides) == full for sentence in case.context.sentences.values()):
        return False
    weighty = any(
        one.found.owner == FIRM_RULE or (SUBJECT in one.opens and one.found.target.kind is Kind.NAME)
        for one in case.evidence
    )
    if not weighty:
        return not _is_outspoken(case, score)
    return score < CERTAIN and any(one.found.owner.startswith(OTHER_MATTERS) for one in case.evidence)


def _is_outspoken(case: Case, score: float) -> bool:
    """Whether a sentence with both sides has words of the subject, in an item that speaks of nothing else.

    Two words are asked for, or one in a title that names the two side by side, where the score is certain.
    """
    if any(is_other(one) or third_country(one, case.gatekeeper) for one in case.evidence):
        return False
    full = len(case.gatekeeper.gates) - 1
    paired = score >= CERTAIN and any(case.reading.in_title(start) for start, _ in case.context.pairs)
    return any(
        len(sentence.sides) == full
        and len({one.key for one in sentence.evidence if _is_strong(one)}) > (0 if paired and number == 0 else 1)
        for number, sentence in case.context.sentences.items()
    )


def _is_strong(one: Evidence) -> bool:
    return SUBJECT in one.opens and one.found.owner != WEAK_RULE


def is_figurative(case: Case) -> bool:
    """Whether all that speaks of the subject may be said of other matters too, and words of another matter stand by it.

    Firemen and schools hold drills, poets and banks dialogues: where no body and no arms are named, they may be meant.
    """
    if not any(one.found.owner.startswith(OTHER_MATTERS) for one in case.evidence):
        return False
    figures = {EXTENT(one.found) for one in case.evidence if one.found.owner == FIGURE_RULE}
    speaking = [one for one in case.evidence if SUBJECT in one.opens]
    shared = {one.key for one in speaking if case.gatekeeper.is_shared(one)}
    return len(shared) <= 1 and all(_is_soft(case, one, figures) for one in speaking)


def is_bare(case: Case) -> bool:
    """Whether one name alone opens the subject, nothing bears it out, and words of another matter stand in the item.

    A firm may be called like an exercise and a town like a ship. What bears a name out is another word of the subject
    in a sentence with it, or an act of the subject in one with both sides, or anywhere for a surname; not loose words
    elsewhere: the firm may have sold boots to an army.
    """
    if not any(is_other(one) for one in case.evidence):
        return False
    figures = {EXTENT(one.found) for one in case.evidence if one.found.owner == FIGURE_RULE}
    speaking = [one for one in case.evidence if SUBJECT in one.opens and one.found.owner != WEAK_RULE]
    names = [one for one in speaking if one.found.target.kind is Kind.NAME]
    if len({one.key for one in names}) != 1 or not all(_is_borrowable(case, one) for one in names):
        return False
    places = {case.reading.sentence(one.found.start) for one in names}
    full = len(case.gatekeeper.gates) - 1
    called = all(_is_called(case, one) for one in names)
    both = {number for number, sentence in case.context.sentences.items() if called or len(sentence.sides) == full}
    others = [one for one in speaking if one.key != names[0].key and EXTENT(one.found) not in figures]
    return not any(
        case.reading.sentence(one.found.start) in (places | both if one.found.owner == FIRM_RULE else places)
        for one in others
    )


def _is_borrowable(case: Case, one: Evidence) -> bool:
    """Whether firms, towns and other people have such a name."""
    entity = case.gatekeeper.entity(one)
    return entity is not None and entity.kind in _BORROWED


def _is_called(case: Case, one: Evidence) -> bool:
    """Whether it is a short name of a person, which had conditions to meet."""
    entity, alias = case.gatekeeper.entity(one), one.found.target.alias
    return entity is not None and entity.kind is EntityKind.PERSON and alias is not None and not alias.unconditional


def is_abroad(case: Case) -> bool:
    """Whether one side is named by nothing but places, below a title of another matter or another country.

    A soldier wins a race in Tokyo, a minister meets his American colleague there: the other side is where it happened
    and no more.
    """
    if not (is_in_title(case) or case.context.title.thirds):
        return False
    acting: set[str] = set()
    for one in case.evidence:
        entity, alias = case.gatekeeper.entity(one), one.found.target.alias
        capital = one.found.target.kind is Kind.SIDE and alias is not None and alias.kind is AliasKind.SHORT
        if not capital and (entity is None or entity.kind is not EntityKind.PLACE):
            acting |= one.opens
    return len(acting - {SUBJECT}) < len(case.gatekeeper.gates) - 1


def is_other(one: Evidence) -> bool:
    """Whether a word speaks of another matter, or of what may bear a name; single letters say too little for that."""
    return one.found.owner.startswith(OTHER_MATTERS) or (one.found.owner in BORNE_RULES and len(one.key) > 1)


def is_in_title(case: Case) -> bool:
    """Whether words of another matter stand in the title."""
    return any(is_other(one) for one in case.context.title.evidence)


def is_sold(case: Case) -> bool:
    """Whether two words of a shop or a crammer stand in the title and the lead: whatever the goods are called."""
    words = {one.key for one in case.evidence if one.found.owner in SOLD_RULES and _is_early(case, one)}
    return len(words) > 1


def _is_early(case: Case, one: Evidence) -> bool:
    """Whether it stands before what the page of an outlet says of itself below an article."""
    return case.reading.sentence(one.found.start) <= LEAD


def _is_soft(case: Case, one: Evidence, figures: Collection[tuple[int, int]]) -> bool:
    """Whether a find is a loose word, a figure of speech, or a short name of both sides that asks for company."""
    if one.found.owner == WEAK_RULE or EXTENT(one.found) in figures:
        return True
    alias = one.found.target.alias
    short = alias is not None and not alias.unconditional and len(alias.text) <= SHORT_NAME
    return short and case.gatekeeper.is_shared(one)
