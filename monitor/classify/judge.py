"""The judge: text → hits → senses → gates → less namesakes and strangers → points → band, with a receipt of it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.classify.case import Case
from monitor.classify.context import context
from monitor.classify.found import Senses
from monitor.classify.gate import Evidence, Gatekeeper, is_open
from monitor.classify.match import Matcher
from monitor.classify.matters import is_abroad, is_bare, is_figurative, is_in_title, is_loose, is_sold
from monitor.classify.mentions import Mentioner
from monitor.classify.namesakes import Namesakes
from monitor.classify.reading import Reading, read
from monitor.classify.score import reasons, squash
from monitor.classify.senses import Resolver
from monitor.classify.strangers import Strangers
from monitor.classify.strength import strength_of
from monitor.domain.item import Article
from monitor.domain.judgement import Decision, Judgement, Reason, Receipt, Strength
from monitor.domain.watchlist import Watchlist
from monitor.text.language import detect_language

CODE_VERSION = 7
"""Counts changes of this room that can change a judgement; bump it with each."""


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What the gates and the points come to."""

    decision: Decision
    score: float
    strength: Strength | None = None
    reasons: tuple[Reason, ...] = ()


_LOOSE = Reason("review.loose", 0.0, "loose words only, or some of another matter: to review at most")
_FIGURATIVE = Reason("review.figurative", 0.0, "words of another matter, and of the subject only what others say too")
_BARE = Reason("review.bare", 0.0, "words of another matter, and nothing bears out the one name that opens the subject")
_ABROAD = Reason("reject.abroad", 0.0, "a title of another matter or country, and one side is only where it happens")
_SOLD = Reason("reject.sold", 0.0, "words of a shop in the title and the lead: rejected")
_GATE_CLOSED = _Weighed(Decision.REJECT, 0.0)


class Judge:
    """Judges articles by one watchlist. Holds no state between articles and may be shared by threads."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._watchlist = watchlist
        self._matcher = Matcher(watchlist)
        self._resolver = Resolver(watchlist, self._matcher)
        self._gatekeeper = Gatekeeper(watchlist)
        self._namesakes = Namesakes(watchlist)
        self._strangers = Strangers(watchlist, self._gatekeeper)
        self._mentioner = Mentioner(watchlist)

    @property
    def rules_version(self) -> str:
        """The rules that judgements are made under: the watchlist's version and this code's."""
        return f"{self._watchlist.version}.{CODE_VERSION}"

    def judge(self, article: Article) -> Judgement:
        """Judge one article; any text whatever gives a judgement and never an exception."""
        reading = read(article)
        hits = self._matcher.scan(reading.folded)
        senses = self._resolver.resolve(reading, hits) if self._matcher.is_telling(reading.text, hits) else Senses()
        evidence = self._gatekeeper.evidence(reading, senses)
        gate = self._gatekeeper.gate(evidence, reading.text)
        if is_open(gate):
            senses = self._strangers.without(reading, self._namesakes.without(reading, senses), evidence)
            evidence = self._gatekeeper.evidence(reading, senses)
            gate = self._gatekeeper.gate(evidence, reading.text)
        verdict = self._weigh(reading, evidence) if is_open(gate) else _GATE_CLOSED
        return Judgement(
            decision=verdict.decision,
            score=verdict.score,
            strength=verdict.strength,
            language=detect_language(reading.text, article.language),
            mentions=self._mentioner.mentions(reading, senses),
            receipt=Receipt(
                rules_version=self.rules_version,
                gate=gate,
                reasons=(*verdict.reasons, *_notes(reading)),
                near_misses=self._mentioner.near_misses(reading, senses),
                offices=self._mentioner.offices(reading, senses),
            ),
        )

    def _weigh(self, reading: Reading, evidence: Sequence[Evidence]) -> _Weighed:
        case = Case(reading, evidence, context(reading, evidence, self._gatekeeper), self._gatekeeper)
        lines = reasons(case, self._watchlist)
        score = squash(sum(line.points for line in lines))
        decision, doubt = _doubted(case, score, self._band(score))
        lines += doubt
        core = self._watchlist.thresholds["core"]
        strength = None if decision is Decision.REJECT else strength_of(case, score, core)
        return _Weighed(decision, score, strength, tuple(lines))

    def _band(self, score: float) -> Decision:
        thresholds = self._watchlist.thresholds
        if score >= thresholds["accept"]:
            return Decision.ACCEPT
        return Decision.REVIEW if score >= thresholds["review"] else Decision.REJECT


def _doubted(case: Case, score: float, decision: Decision) -> tuple[Decision, list[Reason]]:
    """The decision that the score alone calls for, lowered where what made it is of little weight; and why."""
    if decision is Decision.REJECT:
        return decision, []
    for is_of_another, reason in ((is_sold, _SOLD), (is_abroad, _ABROAD)):
        if is_of_another(case):
            return Decision.REJECT, [reason]
    for is_doubtful, reason in ((is_figurative, _FIGURATIVE), (is_bare, _BARE)):
        if is_doubtful(case):
            return Decision.REJECT if is_in_title(case) else Decision.REVIEW, [reason]
    if decision is Decision.ACCEPT and is_loose(case, score):
        return Decision.REVIEW, [_LOOSE]
    return decision, []


def _notes(reading: Reading) -> tuple[Reason, ...]:
    if not reading.clipped:
        return ()
    return (Reason("text.clipped", 0.0, "only the beginning of this very long article was read"),)
