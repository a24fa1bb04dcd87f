"""The main job from feeds to digests: the demo, run once, and what a reader would find."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import settings
from monitor.application import Application
from monitor.bootstrap import wire
from monitor.demo.newsroom import load_archive, load_dispatches
from monitor.demo.run import CLOSES, run
from monitor.domain.judgement import Decision
from monitor.errors import InputError

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The folder of one demo, and what it told on its way."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    lines: list[str] = []
    assert asyncio.run(run(folder, lines.append)) == folder / "index.html"
    return folder, lines


@pytest.fixture
def out(told: tuple[Path, list[str]]) -> Path:
    return told[0]


@pytest.fixture
def application(out: Path) -> Iterator[Application]:
    application = wire(settings.load(out / "demo.toml", variables=False), lambda: CLOSES)
    with application.database:
        yield application


def digest(out: Path, day: int, form: str = "txt") -> str:
    return (out / f"daily-2025-05-{day:02}.{form}").read_text(encoding="utf-8")


def story(text: str, headline: str) -> str:
    """The part of a text digest from a headline to the end of its section."""
    _, found, rest = text.partition(headline)
    assert found, text
    return headline + rest.partition("\n\n")[0]


def test_the_first_evening_announces_the_meeting(out: Path) -> None:
    meeting = story(digest(out, 4), "Rajnath Singh and Gen Nakatani to meet in New Delhi")
    assert "announced · Mon 5 May 2025" in meeting
    for outlet in ("LatestLY", "आकाशवाणी समाचार", "NewsX", "सम्राट 24"):
        assert outlet in meeting


def test_the_second_evening_tells_its_outcome_under_one_story(out: Path) -> None:
    meeting = story(digest(out, 5), "Rajnath Singh and Gen Nakatani met in New Delhi")
    assert "concluded · Mon 5 May 2025" in meeting
    for outlet in ("朝日新聞", "Jiji via Nippon.com", "एसवीएनएस मीडिया", "Devdiscourse", "FNNプライムオンライン"):
        assert outlet in meeting
    assert "Minister of Defence, India" in meeting


def test_nothing_is_told_twice(out: Path) -> None:
    first, second = digest(out, 4), digest(out, 5)
    assert "to meet in New Delhi" not in second
    links = {line.strip() for line in first.splitlines() if "https://" in line}
    assert links
    assert not links & {line.strip() for line in second.splitlines()}


def test_every_link_is_the_reports_own(out: Path) -> None:
    known = {dispatch.url for dispatches in load_dispatches().values() for dispatch in dispatches}
    for day in (4, 5):
        links = [line.strip() for line in digest(out, day).splitlines() if line.strip().startswith("http")]
        assert links
        assert set(links) <= known


def test_the_broken_feed_is_named(out: Path) -> None:
    assert "Example Wire" in digest(out, 5)
    assert "23 of 24 feeds current" in digest(out, 5)


def test_every_form_and_an_index_lie_in_the_folder(out: Path) -> None:
    for day in (4, 5):
        for form in ("html", "md", "txt"):
            assert "Gen Nakatani" in digest(out, day, form)
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "daily-2025-05-04.html" in index
    assert "daily-2025-05-05.html" in index
    assert [row["stem"] for row in json.loads((out / "digests.json").read_text(encoding="utf-8"))]


def test_all_that_was_served_is_stored_and_judged(application: Application) -> None:
    counts = application.queries.counts()
    served = sum(len(dispatches) for dispatches in load_dispatches().values())
    assert counts.items == served + len(load_archive())
    assert counts.archive == len(load_archive())
    assert counts.pending == 0
    assert sum(counts.decisions.values()) == counts.items
    assert counts.decisions[Decision.ACCEPT] >= len(load_archive())


def test_most_polls_find_nothing_new(told: tuple[Path, list[str]]) -> None:
    rounds = [match for line in told[1] if (match := re.search(r"(\d+) feeds polled, (\d+) unchanged", line))]
    assert len(rounds) == 12
    assert sum(int(found[2]) for found in rounds) > sum(int(found[1]) for found in rounds) / 2


async def test_another_round_tells_nothing_more(application: Application) -> None:
    async with application.running():
        followed = await application.follow_pending()
        reported = await application.report_due()
    assert followed.counts() == {"accepted": 0, "review": 0, "rejected": 0, "stories": 0}
    assert reported == {"digests": 0, "sent": 0, "failed": 0}


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(InputError, match="name another folder with --out"):
        asyncio.run(run(blocked, print))
