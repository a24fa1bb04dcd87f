"""Names that here are somebody else's: a farmer called like the minister, a firm called like an exercise.

What stands right beside a name tells who bears it: a trade before it ("midfielder", "空港会社"), a word of firms, food
or places behind it ("Industries", "食堂"), an apposition (", a farmer from", ", 54,"). What is shown once holds for
every place of that name in the item. Offices and forces that somebody has left are nobody's of today.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container
from dataclasses import replace

from monitor.classify.found import FIRM_RULE, Found, Senses
from monitor.classify.reading import Reading
from monitor.domain.watchlist import Entity, EntityKind, Watchlist

NAMESAKE_RULES = "namesake."
PERSON_RULE = "namesake.person"
THING_RULE = "namesake.thing"
TRADE_RULE = "namesake.trade"
NEAR_RULE = "namesake.near"
FORMER_RULE = "namesake.former"
BRANCH_RULE = "namesake.branch"
"""Rules of words for trades of people; for firms, goods, places and plays; for such trades and things as the subject
speaks of too, so that they tell nothing of an item; for what somebody is no longer; and for what forces run
beside their trade."""

_OF_PEOPLE = frozenset({PERSON_RULE, TRADE_RULE})
_OF_THINGS = frozenset({THING_RULE, NEAR_RULE})

REACH = 100
"""Characters around a name in which a word is looked for that says who bears it."""

_THINGS = frozenset({EntityKind.EXERCISE, EntityKind.FORUM, EntityKind.AGREEMENT, EntityKind.SHIP})
"""Kinds of entities that no firm makes, so that a word for a firm says that a firm, a dish or a river is meant."""

_LEFT = frozenset({EntityKind.OFFICE, EntityKind.ORGANISATION})
"""Kinds of entities that people belong to and leave."""

_BEFORE = re.compile(r"[ 「『\"'“‘・]{0,2}")
"""What may stand between a trade and the name: a blank or a bracket."""

_BEHIND = re.compile(r"[」』\"'”’]?[ -]?(?:[A-Z][\w&]* ){0,2}|\d{1,4}")
"""What may stand between a name and the word for its firm: two more words of the firm's name, or a number."""

_APPOSITION = re.compile(
    r",? \(?(?:an?|the|who is an?|once an?|now an?|is an?|was an?) (?:(?! and )[^,.;:!?\n]){0,40}"
    r"|, (?:(?! and )[^,.;:!?\n]){0,25}"
)
"""What may stand between a name and the word that says who bears it; the second kind must end with that word."""

_ARTICLE = re.compile(r",? \(?(?:an?|the|who|once|now|is|was) ")
_END = re.compile(r"[,.;:!?)\n]|$| (?:from|of|in|at|by) ")

_AGE = re.compile(r", \d{2}(?=,| of | from |\.)|, (?:aged )?\d{2}(?=,)|,? ?\(\d{2}\)|さん|ちゃん")
"""An age behind a name, and how people without an office are called."""

_LEAD = re.compile(r"(?:(?:the|this|its|an?) (?:[\w-]+ ){0,2})?", re.IGNORECASE)
"""What may stand in the first sentence below a title before the word that says what the title named."""

_WHY = "somebody or something else bears the name here"
_GONE = "left by somebody, or a hospital, school or team of it"


class Namesakes:
    """Takes out of what stands in an article the names that others bear there."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._entities = watchlist.entities

    def without(self, reading: Reading, senses: Senses) -> Senses:
        """The senses less the namesakes, which become near misses."""
        cues = [cue for cue in senses.cues if cue.owner.startswith(NAMESAKE_RULES)]
        starts = [cue.start for cue in cues]
        firm = {reading.sentence(cue.start) for cue in senses.cues if cue.owner == FIRM_RULE}
        borne, gone = set[str](), set[Found]()
        for one in senses.names:
            aged = self._entities[one.owner].kind is EntityKind.PERSON and _AGE.match(reading.folded, one.end)
            if aged and reading.sentence(one.start) not in firm:
                borne.add(one.owner)
            near = cues[bisect_left(starts, one.start - REACH) : bisect_left(starts, one.end + REACH)]
            if any(self._is_borne(reading, one, cue) for cue in near):
                borne.add(one.owner)
            elif any(self._is_left(reading, one, cue) for cue in near):
                gone.add(one)
        return _less(senses, borne, gone) if borne or gone else senses

    def _is_borne(self, reading: Reading, one: Found, cue: Found) -> bool:
        entity = self._entities[one.owner]
        if entity.kind is EntityKind.PERSON:
            return cue.owner in _OF_PEOPLE and (_names(reading, one, cue) or _tells(reading, one, cue))
        if cue.owner not in _OF_THINGS:
            return False
        if entity.kind in _THINGS:
            return _names(reading, one, cue) or _tells(reading, one, cue)
        return (entity.kind is EntityKind.PLATFORM or _is_acronym(entity, one)) and _names(reading, one, cue)

    def _is_left(self, reading: Reading, one: Found, cue: Found) -> bool:
        if self._entities[one.owner].kind not in _LEFT:
            return False
        if cue.owner == FORMER_RULE:
            return cue.end <= one.start and bool(_BEFORE.fullmatch(reading.folded, cue.end, one.start))
        return cue.owner == BRANCH_RULE and 0 <= cue.start - one.end <= 1


def _less(senses: Senses, borne: Container[str], gone: Container[Found]) -> Senses:
    out = [one for one in senses.names if one.owner in borne or one in gone]
    misses = [Found(one.start, one.end, one.target, _GONE if one in gone else _WHY) for one in out]
    names = tuple(one for one in senses.names if one.owner not in borne and one not in gone)
    return replace(senses, names=names, near_misses=(*senses.near_misses, *misses))


def _is_acronym(entity: Entity, one: Found) -> bool:
    """Whether a short name of a body or an office, which asks for words of the relation."""
    alias = one.target.alias
    return entity.kind in _LEFT and alias is not None and alias.exact_case and not alias.unconditional


def _names(reading: Reading, one: Found, cue: Found) -> bool:
    """Whether a word right before or behind the name is part of what bears it."""
    if cue.end <= one.start:
        return bool(_BEFORE.fullmatch(reading.folded, cue.end, one.start))
    return one.end <= cue.start and bool(_BEHIND.fullmatch(reading.text, one.end, cue.start))


def _tells(reading: Reading, one: Found, cue: Found) -> bool:
    """Whether an apposition, or the sentence below a title that begins with the name, says who bears it."""
    if one.start == 0 and reading.sentence(cue.start) == 1:
        return bool(_LEAD.fullmatch(reading.text, reading.sentence_starts[1], cue.start))
    if cue.start < one.end or not _APPOSITION.fullmatch(reading.folded, one.end, cue.start):
        return False
    return bool(_ARTICLE.match(reading.folded, one.end) or _END.match(reading.folded, cue.end))
