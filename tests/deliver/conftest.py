"""A frozen digest to deliver."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.domain.digest import FrozenDigest, Outgoing, Period, Rendered

Outgo = Callable[..., Outgoing]


@pytest.fixture
def outgoing() -> Outgo:
    """Makes a delivery; `day` counts from 6 May 2025."""

    def make(
        day: int = 0,
        *,
        subject: str = "India–Japan defence, Tue 6 May: ministers met in New Delhi",
        recipient: str = "analyst@example.org",
        schedule: str = "morning",
        text: str = "Ministers met.\n日印防衛相、会談\n",
    ) -> Outgoing:
        made = datetime(2025, 5, 6, 2, tzinfo=UTC) + timedelta(days=day)
        digest = FrozenDigest(
            schedule=schedule,
            period=Period(schedule, date(2025, 5, 6) + timedelta(days=day), made),
            made_at=made,
            rendered=Rendered(
                subject, f"<!doctype html><p lang='hi'>राजनाथ सिंह {day}</p>\n", text, f"# Digest {day}\n"
            ),
            message_id=f"<morning.{made:%Y%m%d}.020000@monitor.example.org>",
            members=frozenset({1}),
            facts=frozenset({"story:1"}),
        )
        return Outgoing(1, "files", recipient, 1, digest)

    return make
