"""The publishers of the simulated weeks: each behaves in a way of its own, on loopback addresses that some share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from monitor.domain.asks import Asks
from tests.support.scoring import DAY, HOUR, Answer, Publisher

START = datetime(2025, 5, 2, 9, 0, tzinfo=UTC)
NIGHT = (22, 23, 0, 1, 2, 3)
SYNDICATION = "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
WEEKEND = "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>"
LOGIN = b"<!doctype html><html><body>Please log in</body></html>"


def skipping(hours: Iterable[int]) -> str:
    return f"<skipHours>{''.join(f'<hour>{hour}</hour>' for hour in hours)}</skipHours>"


def during(first: float, last: float, answer: Answer) -> Callable[[datetime], Answer | None]:
    """That answer from the `first` to the `last` day, and the feed otherwise."""
    begin, end = START + first * DAY, START + last * DAY
    return lambda now: answer if begin <= now < end else None


def cast(port: int, length: timedelta) -> list[Publisher]:
    """The publishers of weeks of that length; `port` is where all are served."""
    days = length / DAY
    soon = min(2.0, days / 4)

    def wait(status: int, seconds: int) -> Answer:
        return Answer(status, {"X-Wait": str(seconds), "Retry-After": str(seconds)})

    def by_date(now: datetime) -> Answer | None:
        """Five hours, dated by a clock that is 300 days ahead."""
        if not soon / 2 <= (now - START) / DAY < soon:
            return None
        until = format_datetime(now + 300 * DAY + 5 * HOUR, usegmt=True)
        return Answer(503, {"X-Wait": "18000", "Retry-After": until})

    def to(host: str, path: str, status: int) -> Answer:
        return Answer(status, {"Location": f"http://{host}:{port}{path}"})

    return [
        Publisher("plain", "127.0.0.2", "/feed.xml"),
        Publisher("query", "127.0.0.2", "/rss?b=%2f&a=1~'(x)"),
        Publisher("restless", "127.0.0.2", "/restless", every=3 * DAY, restless=True),
        Publisher("only ETag", "127.0.0.3", "/a", validators=frozenset({"ETag"})),
        Publisher("only Last-Modified", "127.0.0.3", "/b", validators=frozenset({"Last-Modified"})),
        Publisher("no validators", "127.0.0.3", "/c", validators=frozenset()),
        Publisher("busy", "127.0.0.4", "/busy", every=timedelta(minutes=7), window=40),
        Publisher("slow", "127.0.0.4", "/slow", every=2 * DAY),
        Publisher(
            "fresh 3 h",
            "127.0.0.5",
            "/m",
            headers={"Cache-Control": "public, max-age=10800"},
            asks=Asks(fresh=3 * HOUR),
        ),
        Publisher(
            "fresh 16 y", "127.0.0.5", "/y", headers={"Cache-Control": "max-age=504911232"}, asks=Asks(fresh=5844 * DAY)
        ),
        Publisher(
            "old in a cache",
            "127.0.0.5",
            "/o",
            headers={"Cache-Control": "max-age=14400", "Age": "3600"},
            asks=Asks(fresh=3 * HOUR),
        ),
        Publisher(
            "expires, wrong clock", "127.0.0.6", "/e", expires=4 * HOUR, asks=Asks(fresh=4 * HOUR), skew=-400 * DAY
        ),
        Publisher("ttl 2 h", "127.0.0.6", "/ttl", channel="<ttl>120</ttl>", asks=Asks(ttl=2 * HOUR)),
        Publisher("ttl a week", "127.0.0.6", "/week", channel="<ttl>10080</ttl>", asks=Asks(ttl=7 * DAY)),
        Publisher("syndication", "127.0.0.7", "/sy", channel=SYNDICATION, asks=Asks(period=6 * HOUR)),
        Publisher(
            "night's rest", "127.0.0.7", "/night", channel=skipping(NIGHT), asks=Asks(skip_hours=frozenset(NIGHT))
        ),
        Publisher("weekend", "127.0.0.7", "/weekend", channel=WEEKEND, asks=Asks(skip_days=frozenset({5, 6}))),
        Publisher(
            "never welcome",
            "127.0.0.7",
            "/never",
            channel=skipping(range(24)),
            asks=Asks(skip_hours=frozenset(range(24))),
        ),
        Publisher("429 for a while", "127.0.0.8", "/t", instead=during(soon / 2, soon, Answer(429))),
        Publisher("429, in 3 h", "127.0.0.9", "/t3", instead=during(soon / 2, soon, wait(429, 10800))),
        Publisher(
            "503, in 2.5 days",
            "127.0.0.10",
            "/maintenance",
            instead=during(soon / 2, soon / 2 + 0.2, wait(503, 216000)),
        ),
        Publisher("503 by date, wrong clock", "127.0.0.11", "/dated", skew=300 * DAY, instead=by_date),
        Publisher("404 for days", "127.0.0.12", "/lost", instead=during(soon / 2, soon * 2, Answer(404))),
        Publisher("500 for days", "127.0.0.12", "/broken", instead=during(soon / 2, soon * 2, Answer(500))),
        Publisher("410", "127.0.0.13", "/gone", instead=during(soon, 400, Answer(410))),
        Publisher(
            "moved, 301",
            "127.0.0.14",
            "/old",
            alone=False,
            moved_by=START + (soon + 8) * DAY,
            instead=during(soon, 400, to("127.0.0.15", "/new", 301)),
        ),
        Publisher("its new place", "127.0.0.15", "/new", listed=False),
        Publisher(
            "away for a while, 302",
            "127.0.0.16",
            "/here",
            stays=True,
            alone=False,
            instead=during(soon, soon * 2, to("127.0.0.17", "/there", 302)),
        ),
        Publisher("where it was", "127.0.0.17", "/there", listed=False),
        Publisher(
            "redirected for ever, 307",
            "127.0.0.16",
            "/always",
            stays=True,
            alone=False,
            instead=during(0, 400, to("127.0.0.17", "/always", 307)),
        ),
        Publisher("where it always is", "127.0.0.17", "/always", listed=False),
        Publisher(
            "a portal, 301 to a page",
            "127.0.0.18",
            "/portal",
            stays=True,
            instead=during(soon, soon + 0.5, to("127.0.0.18", "/login", 301)),
        ),
        Publisher(
            "the page",
            "127.0.0.18",
            "/login",
            listed=False,
            validators=frozenset(),
            instead=during(0, 400, Answer(200, {"Content-Type": "text/html"}, LOGIN)),
        ),
    ]
