"""The mood of a clause: whether it tells of a happening, or wishes for one, denies one, or looks back on an old one.

Only told clauses say what a report is about. What is wished ("should visit"), denied ("did not meet", "no deal") or
looked back on ("ten years ago", "marks the anniversary") makes the report a statement unless other clauses tell more.
A happening that was called off is no denial: its cancellation is news of it.
"""

from __future__ import annotations

from collections.abc import Mapping
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

    def read(self, clause: str) -> Mood:
        """The mood of a folded clause: that of its first word of mood, told without one."""
        found = next((Mood(hit.name) for hit in self.words.find(clause) if hit.name != Mood.TOLD), Mood.TOLD)
        return Mood.TOLD if found is Mood.DENIED and clause in self.setbacks else found
