"""What a clause names beside its news, and what the form of a title says: patterns of grammar, not words of a subject.

A pact that an exercise is held under, next month's meeting that this one prepares, the port call that goes on while
ministers meet: all are named as loudly as the news itself. A title that gives an order is no news, nor is a quotation.
"""

from __future__ import annotations

import re

from monitor.events.calendar_words import ORDINALS
from monitor.events.passage import LEAD_WEIGHT, Passage
from monitor.events.words import any_of, fold

REACH = 60
"""Characters before a name in which what sets it aside may begin."""

UNDER_PACT = re.compile(r"(?:\bunder|in line with|in keeping with|based on) (?:[a-z0-9'&-]+ ){0,5}$")
"""What stands directly before an agreement that a happening rests on, and that is not its news."""

TO_COME = re.compile(
    r"(?:\b(?:coming|upcoming|forthcoming|next) (?:[a-z]+(?:'s)? )?|\bprepar[a-z]+ (?:for|of) (?:[a-z]+ )?"
    r"|\b(?:offers?|proposals?|ideas?|hopes?) (?:of|for|on) (?:[a-z]+ ){0,3}"
    r"|(?:अगले|अगली|आगामी) (?:[^ ]+ )?|(?:来月|来週|来年|次回|次期)の?)$"
)
"""What stands directly before a happening that lies ahead of the news, or is its next edition."""

AWAITED = re.compile(r"(?: [^ ]+)? (?:की तैयारी|की पेशकश|का प्रस्ताव)|(?:会合|協議)?(?:の準備|に向け)")
"""The same behind it."""

PACT_SERVES = re.compile(
    r"(?: [^ ]+){0,2} (?:के तहत|के अंतर्गत)|[^、。]{0,4}に(?:基づ|もとづ)|で(?!合意|一致|署名|[はも])|を(?:適用|活用)"
)
"""The same behind it."""

EARLIER_OR_LATER = re.compile(r"[ ,]*(?:before|ahead of|as|while) ")

ATTRIBUTED = re.compile(
    r".*, (?:says?|said|warns?) [^,]+$|.*, (?:(?!sources?|officials?|reports?)[^ ,]+ ){1,3}(?:says?|said|warns?)$"
    r"|.*: (?:[^ :]+ ){0,4}(?:minister|secretary|chief|admiral|general|envoy|ambassador|official"
    r"|अधिकारी|मंत्री|सचिव|प्रमुख|राजदूत|एडमिरल)$|「[^」]{8,}」 ?[^「」、。]{2,14}$"
)
"""A title that is what somebody said, with the speaker behind it."""

OPENING = 300
"""Characters of a field that can hold its first sentence."""

NUMBERED = re.compile(
    rf"(?:\d(?:st|nd|rd|th)|\d(?:वीं|वां|वें)|{any_of(map(fold, ORDINALS)).pattern}|annual|वार्षिक)(?: [^ .।]+){{1,6}} "
    r"(?:talks|consultations|round|वार्ता|दौर)(?![a-z\u0900-\u0963])|第\d+回[^。]{2,24}(?:協議|会合|対話)"
)
"""Talks that are counted are an edition of a dialogue."""

TALKS = ("talks", "consultations", "round", "वार्ता", "दौर", "第")
"""What each of them holds, cheap to look for."""

URGING = re.compile(
    r"(?:let us|let|let's|don't|stop|forget|start|keep|give|make|build|bring|put|take|look|think|beware|mind) (?!off)"
    r"|.*(?:[うくぐすつぬむる]な|せよ|げよ|めよ|えよ|けよ|急げ|べし|を)$"
)
"""A title that tells somebody what to do: it opens with a bare verb, or ends in a command or a plea."""


def rests_on(text: str, start: int, end: int) -> bool:
    """Whether an agreement named at these offsets is only what a happening rests on."""
    return UNDER_PACT.search(text, max(0, start - REACH), start) is not None or PACT_SERVES.match(text, end) is not None


def is_ahead(text: str, start: int, end: int) -> bool:
    """Whether what is named at these offsets lies ahead of the news, or is talked of as a plan."""
    return TO_COME.search(text, max(0, start - REACH), start) is not None or AWAITED.match(text, end) is not None


def is_beside(text: str) -> bool:
    """Whether a clause of a title is set before, after or beside its news."""
    return EARLIER_OR_LATER.match(text) is not None


def counts_talks(passage: Passage) -> bool:
    """Whether the title or the first sentence counts the talks it tells of."""
    opening = passage.folded[:OPENING]
    found = NUMBERED.search(opening) if any(noun in opening for noun in TALKS) else None
    part = passage.part_at(found.start()) if found else None
    return part is not None and part.tells and part.weight >= LEAD_WEIGHT


def urges(title: str) -> bool:
    """Whether a folded title tells somebody what to do."""
    return URGING.match(title) is not None


def is_quoted(title: str) -> bool:
    """Whether a folded title is what somebody said."""
    return ATTRIBUTED.match(title) is not None
