from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from monitor.classify.judge import Judge
from monitor.domain.event import Coding
from monitor.domain.item import Article
from monitor.events.code import Coder
from monitor.watchlists.loader import load
from tests.support.material import material

Code = Callable[..., Coding]


@pytest.fixture(scope="session")
def code() -> Code:
    """Codes a title, a summary and a day with the real watchlist and the real judge."""
    watchlist = load("india_japan")
    judge, coder = Judge(watchlist), Coder(watchlist)

    def run(title: str, summary: str = "", day: str = "2025-05-04") -> Coding:
        published = datetime.combine(date.fromisoformat(day), time(9), tzinfo=UTC)
        article = Article(title, summary, None, published, published)
        return coder.code(article, judge.judge(article))

    return run


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of test material; skips the test where it is absent."""
    return material(".")
