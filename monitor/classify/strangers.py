"""Names that here belong to other countries: a minister of theirs, a forum or pact of theirs with one of the two.

Every country has a defence minister, and either side holds a "2+2" with many. Such titles and general names ask for
words of the relation, and those may stand in the item for another reason. So what stands next to them decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from monitor.classify.context import clauses, third_country
from monitor.classify.found import JOINT, SUBJECT, Found, Senses
from monitor.classify.gate import PARTNER_RULES, SIDE_RULES, Evidence, Gatekeeper
from monitor.classify.reading import Reading
from monitor.domain.watchlist import EntityKind, Watchlist

LINK = 3
"""Characters that may stand between a country and its minister: a blank, or a possessive ("Russia's ")."""

NAME = re.compile(r"(?:の|'s | के | की )?[^\s、。,.;:]{0,10}\s?")
"""What may stand between a country and the title of its minister where the minister's name comes first."""

_BORROWED = "stands with another country, and not with both sides"
_FOREIGN = "the office of another country"
_NOT_ALONE = "means its own press's side only where no other country is named"


class Strangers:
    """Takes out of what stands in an article the general names that mean something of another country."""

    def __init__(self, watchlist: Watchlist, gatekeeper: Gatekeeper) -> None:
        self._watchlist = watchlist
        self._gatekeeper = gatekeeper
        self._sides = frozenset(side.id for side in watchlist.sides)

    def without(self, reading: Reading, senses: Senses, evidence: Sequence[Evidence]) -> Senses:
        """The senses less the strangers, which become near misses; `evidence` is what the senses say of the gates."""
        general = [one for one in senses.names if self._is_general(one)]
        titles = [one for one in (*senses.names, *senses.cues) if self._is_title(one)]
        partners = [one for one in senses.cues if one.owner.startswith(PARTNER_RULES)]
        if not (general or titles or partners):
            return senses
        thirds = [one.found for one in evidence if third_country(one, self._gatekeeper)]
        if not thirds:
            return senses
        out = [(one, _NOT_ALONE) for one in partners]
        out += [(one, _FOREIGN) for one in titles if _belongs(reading, one, thirds)]
        out += [(one, _BORROWED) for one in self._borrowed(reading, general, evidence, thirds)]
        return _less(senses, out)

    def _is_general(self, one: Found) -> bool:
        """Whether a thing of the two alone is named by words that ask for others: "2+2", "ACSA", "Cyber Dialogue"."""
        alias = one.target.alias
        return alias is not None and not alias.unconditional and self._watchlist.entities[one.owner].side == JOINT

    def _is_title(self, one: Found) -> bool:
        """Whether the find is an office, or a word by which a press means its own officials."""
        entity = self._watchlist.entities.get(one.owner)
        return one.owner.startswith(SIDE_RULES) or (entity is not None and entity.kind is EntityKind.OFFICE)

    def _borrowed(
        self, reading: Reading, general: Sequence[Found], evidence: Sequence[Evidence], thirds: Sequence[Found]
    ) -> list[Found]:
        """General names whose sentence does not name both sides, where it or the title names another country.

        Where the title names an official or force of each side, the general names are theirs.
        """
        met = {self._gatekeeper.body_of(one) for one in evidence if reading.in_title(one.found.start)}
        if met >= self._sides:
            return []
        if split := self._in_other_clauses(reading, general, evidence, thirds):
            return split
        named = self._named(reading, evidence, general)
        among = {reading.sentence(one.start) for one in thirds}
        if 0 not in among and named.get(0, set()) >= self._sides:
            return []
        if 0 in among and named.get(0, set()) < self._sides:
            return [one for one in general if named.get(reading.sentence(one.start), set()) < self._sides]
        numbers = {reading.sentence(one.start) for one in general}
        lacking = {number for number in numbers & among if named.get(number, set()) < self._sides}
        return [one for one in general if reading.sentence(one.start) in lacking]

    def _in_other_clauses(
        self, reading: Reading, general: Sequence[Found], evidence: Sequence[Evidence], thirds: Sequence[Found]
    ) -> list[Found]:
        """General names of a title's clause that names another country and not both sides, and those behind it."""
        for start, end in clauses(reading.title.folded):
            if not any(start <= one.start < end for one in general):
                continue
            own = [one for one in evidence if start <= one.found.start < end and one.found not in general]
            sides = {gate for one in own for gate in one.opens - {SUBJECT}}
            if len(sides) < len(self._sides) and any(start <= one.start < end for one in thirds):
                return list(general)
        return []

    def _named(self, reading: Reading, evidence: Sequence[Evidence], general: Sequence[Found]) -> dict[int, set[str]]:
        """The sides that each sentence names by something else than the general names themselves."""
        named: dict[int, set[str]] = {}
        for one in evidence:
            if one.found not in general:
                named.setdefault(reading.sentence(one.found.start), set()).update(one.opens - {SUBJECT})
        return named


def _belongs(reading: Reading, one: Found, thirds: Sequence[Found]) -> bool:
    """Whether a title stands right behind another country's name, or behind that and the name of its holder."""
    general = one.target.alias is not None and not one.target.alias.unconditional
    for third in thirds:
        if 0 <= one.start - third.end <= LINK:
            return True
        if general and third.end <= one.start and NAME.fullmatch(reading.text, third.end, one.start):
            return True
    return False


def _less(senses: Senses, strangers: Sequence[tuple[Found, str]]) -> Senses:
    out = {one for one, _ in strangers}
    misses = [Found(one.start, one.end, one.target, why) for one, why in strangers]
    return replace(
        senses,
        names=tuple(one for one in senses.names if one not in out),
        cues=tuple(one for one in senses.cues if one not in out),
        near_misses=(*senses.near_misses, *misses),
    )
