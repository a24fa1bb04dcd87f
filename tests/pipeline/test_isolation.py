"""What hostile feeds cost honest ones, with real servers, children and SQLite: benchmarks/hostile.py in brief."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.support.isolation import delays

LEAST_RISE = 1.0
"""Seconds. The issue allows so much, or a tenth; a machine that has other work as well is given the delay once more."""


@pytest.mark.slow
def test_twenty_hostile_feeds_hardly_delay_fifty_honest_ones(tmp_path: Path) -> None:
    for name in ("alone", "beside"):
        (tmp_path / name).mkdir()
    alone = asyncio.run(delays(tmp_path / "alone", hostile=False))
    beside = asyncio.run(delays(tmp_path / "beside", hostile=True))
    rises = [with_them - without for without, with_them in zip(alone, beside, strict=True)]
    for without, rise in zip(alone, rises, strict=True):
        assert rise <= max(LEAST_RISE, without), (alone, beside)
