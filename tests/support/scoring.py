"""What publishers judge a reader by, in their own words, and how each of them behaves.

Rachel Kroll's feed reader score (rachelbythebay.com/fs), Earth Notes' duties of a client
(m.earth.org.uk/RSS-efficiency.html), what Open RSS asks of readers, and what this program promises beside.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime

from monitor.domain.asks import NO_ASKS, Asks

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PACE = timedelta(seconds=1)

UNCONDITIONAL = "Kroll 1: unconditional requests: the first only"
MODIFIED = "Kroll 2: If-Modified-Since is the last Last-Modified, byte for byte"
ETAG = "Kroll 3: If-None-Match is the last ETag, quotes included"
STALE = "Kroll 4: no validator older than the last 200's"
SPACING = "Kroll 5: at least an hour between requests, across restarts"
CLEAN = "Kroll 6: no cookie, no Referer, the address exactly as given"
THROTTLED = "Kroll 7: 429 is obeyed, without a quick retry"
FRESH = "Earth Notes 1, Open RSS: Cache-Control and Expires are waited out"
CONDITIONAL = "Earth Notes 2: conditional GET wherever a validator was given"
GZIP = "Earth Notes 3: gzip is accepted, and no coding that is not bounded"
SKIPPED = "Earth Notes 4: skipHours and skipDays are kept free"
RETRY = "Earth Notes 5: Retry-After on 429 and 503, in seconds and as a date"
AGENT = "Open RSS: one User-Agent, with name, version and contact"
TTL = "ttl and sy:updatePeriod are waited out"
PACED = "one host: at most one request a second, two at once"
GONE = "410: a look a week at most"
BACKOFF = "404 and 5xx in a row: ever longer waits"
MOVED = "301 and 308: adopted after a week, and then the old address is left alone"
STAYED = "302, 307 and redirects to web pages change nothing"
KEPT = "no feed is abandoned: asked again within its longest wait"
STORED = "every item published is stored, once"

CRITERIA = (
    UNCONDITIONAL, MODIFIED, ETAG, STALE, SPACING, CLEAN, THROTTLED, FRESH, CONDITIONAL, GZIP, SKIPPED, RETRY, AGENT,
    TTL, PACED, GONE, BACKOFF, MOVED, STAYED, KEPT, STORED,
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What a publisher answers at a moment instead of its feed."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Publisher:
    """One feed address and how it behaves. `every`: between two items. `skew`: of its clock, by which it dates answers.

    `instead` gives what is answered in place of the feed, None for the feed. `restless`: a new ETag for every 200,
    whatever the body. `listed`: the reader is told of this address. `moved_by`: when it must have
    moved; `stays`: it must not. `alone`: all its items come from this very address.
    """

    name: str
    host: str
    path: str
    every: timedelta = timedelta(hours=5)
    window: int = 20
    headers: dict[str, str] = field(default_factory=dict)
    expires: timedelta | None = None
    asks: Asks = NO_ASKS
    channel: str = ""
    validators: frozenset[str] = frozenset({"ETag", "Last-Modified"})
    restless: bool = False
    skew: timedelta = timedelta()
    instead: Callable[[datetime], Answer | None] = lambda _now: None
    listed: bool = True
    moved_by: datetime | None = None
    stays: bool = False
    alone: bool = True

    times: list[datetime] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)
    not_before: list[tuple[str, datetime]] = field(default_factory=list)

    def published(self, start: datetime, now: datetime) -> int:
        """How many items there are at `now`."""
        return 3 + (now - start) // self.every

    def told(self) -> datetime:
        """When it last answered with its feed, or that this had not changed."""
        return max(moment for moment, status in zip(self.times, self.statuses, strict=True) if status in {200, 304})

    def document(self, start: datetime, now: datetime) -> bytes:
        count = self.published(start, now)
        items = "".join(
            f"<item><guid>{self.path}#{n}</guid><title>Story {n} of {self.name}</title>"
            f"<link>http://{self.host}/story/{n}</link>"
            f"<pubDate>{format_datetime(start + n * self.every - 3 * self.every)}</pubDate></item>"
            for n in range(max(0, count - self.window), count)
        )
        return (
            '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
            f"<title>{self.name}</title>{self.channel}{items}</channel></rss>"
        ).encode()


class Score:
    """Requests judged and faults found, by criterion, with words on each fault."""

    def __init__(self) -> None:
        self.judged: Counter[str] = Counter()
        self.faults: defaultdict[str, list[str]] = defaultdict(list)

    def judge(self, criterion: str, fault: str | None) -> None:
        """Count one judgement; `fault` says what was wrong, None that nothing was."""
        self.judged[criterion] += 1
        if fault is not None:
            self.faults[criterion].append(fault)

    def rows(self) -> list[tuple[str, int, int]]:
        """Criterion, judgements, faults."""
        return [(criterion, self.judged[criterion], len(self.faults[criterion])) for criterion in CRITERIA]
