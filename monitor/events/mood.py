"""The mood of a clause: whether it tells of a happening, or wishes for one, denies one, or looks back on an old one.

Only told clauses say what a report is about. What is wished ("should visit"), denied ("did not meet", "no deal") or
looked back on ("ten years ago", "marks the anniversary") makes the report a statement unless other clauses tell more.
A happening that was called off is no denial: its cancellation is news of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.events.words import Vocabulary

Groups = Mapping[str, Mapping[str, tuple[str, ...]]]


class Mood(StrEnum):
    """What a clause does with the happening it names."""

    TOLD = "told"
    WISHED = "wished"
    DENIED = "denied"
    RECALLED = "recalled"


SETBACKS = ("cancelled", "postponed")

CARRY = 20
"""Characters from a word of mood to the end of its clause within which it governs the next one as well: a clause is
cut at "and", where "suggests India and Japan meet" goes on."""


@dataclass(frozen=True, slots=True)
class MoodReader:
    """Reads moods with the words of a watchlist."""

    words: Vocabulary
    setbacks: Vocabulary

    @classmethod
    def of(cls, groups: Groups) -> MoodReader:
        """From the groups "moods" (keys as `Mood`; look-alikes under "told") and "stages"."""
        stages = groups.get("stages", {})
        return cls(Vocabulary.of(groups.get("moods", {})), Vocabulary.of({n: stages.get(n, ()) for n in SETBACKS}))

    def read(self, clauses: Sequence[tuple[int, str]]) -> list[Mood]:
        """The mood of each folded clause, given with the number of its sentence.

        It is that of the clause's first word of mood; told without one, unless the clause before carries on.
        """
        found: list[Mood] = []
        carried, last = Mood.TOLD, -1
        for sentence, text in clauses:
            hit = next((hit for hit in self.words.find(text) if hit.name != Mood.TOLD), None)
            goes_on = sentence == last and not (carried is Mood.DENIED and text.startswith((",", ":")))
            mood = Mood(hit.name) if hit else carried if goes_on else Mood.TOLD
            if mood is Mood.DENIED and text in self.setbacks:
                mood = Mood.TOLD
            found.append(mood)
            rest = len(text) - (hit.end if hit else 0)
            governs = rest <= CARRY and (hit is None or text[hit.start].isascii())
            carried, last = mood if governs else Mood.TOLD, sentence
        return found
