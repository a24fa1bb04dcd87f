from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.digest import SendFailed, SendResult, Sent
from monitor.schedule.retries import RETRY_LADDER, next_attempt

NOW = datetime(2025, 5, 4, 12, 0, tzinfo=UTC)


def test_the_ladder_of_a_delivery() -> None:
    refused = SendFailed("451 try later", permanent=False)
    attempts = [NOW]
    while (again := next_attempt(len(attempts), refused, attempts[-1])) is not None:
        attempts.append(again)
    assert len(attempts) == 14
    assert attempts[-1] - NOW == timedelta(hours=72, minutes=-9)
    assert list(RETRY_LADDER) == sorted(RETRY_LADDER)


@pytest.mark.parametrize("result", [Sent("250 ok"), SendFailed("550 no such user", permanent=True)])
def test_what_is_sent_or_refused_for_good_is_not_tried_again(result: SendResult) -> None:
    assert next_attempt(1, result, NOW) is None
