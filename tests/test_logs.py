from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator

import pytest
import structlog

from monitor.logs import configure, get_logger

ESCAPE = "\x1b[31mred\x1b[0m"


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_a_line_for_machines_holds_the_event_its_fields_and_where_it_comes_from(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure("info", "json")
    get_logger("monitor.fetch").info("feed.failed", feed=7, reason="timed out")
    (line,) = lines(capsys)
    assert line.pop("timestamp")
    assert line == {"event": "feed.failed", "level": "info", "room": "monitor.fetch", "feed": 7, "reason": "timed out"}


def test_a_line_for_people_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "console")
    get_logger("monitor.fetch").warning("feed.failed", title="one\ntwo")
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert re.search(r"warning.*feed\.failed.*title=one\\u000atwo", told)


def test_lines_below_the_level_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure("warning", "json")
    log = get_logger("x")
    log.info("quiet")
    log.error("loud")
    assert [line["event"] for line in lines(capsys)] == ["loud"]


@pytest.mark.parametrize("style", ["console", "json"])
@pytest.mark.parametrize("text", [ESCAPE, "a\rb", "a\x9bb", "a\u202eb", "a\u2028b", "a\x00b"])
def test_what_could_steer_a_terminal_is_written_out(capsys: pytest.CaptureFixture[str], style: str, text: str) -> None:
    configure("info", "json" if style == "json" else "console")
    get_logger("x").info("item.new", title=text, tags=[text], more={text: text}, error=ValueError(text))
    logging.getLogger("library").warning("%s", text)
    get_logger("x").error("run.failed", exc_info=ValueError(text))
    told = capsys.readouterr().err
    assert not set(told) & set("\x1b\r\x9b\u202e\u2028\x00")
    assert "\\u" in told


def test_joiners_of_real_words_stay(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "json")
    get_logger("x").info("item.new", title="क्\u200dष")
    assert lines(capsys)[0]["title"] == "क्\u200dष"


@pytest.mark.parametrize("style", ["console", "json"])
def test_secrets_are_hidden(capsys: pytest.CaptureFixture[str], style: str) -> None:
    configure("info", "json" if style == "json" else "console")
    log = get_logger("x")
    log.info(
        "mail.sent",
        password="hunter2",
        headers={"Authorization": "hunter2", "X": "https://me:hunter2@host/x"},
        url="postgresql://me:hunter2@host/db",
        error=RuntimeError("no answer from https://me:hunter2@host/"),
    )
    logging.getLogger("library").error("no answer from https://me:hunter2@host/")
    log.error("run.failed", exc_info=RuntimeError("no answer from https://me:hunter2@host/"))
    told = capsys.readouterr().err
    assert "hunter2" not in told
    assert "host" in told


def test_other_libraries_are_heard_from_warnings_up(capsys: pytest.CaptureFixture[str]) -> None:
    configure("debug", "json")
    logging.getLogger("apscheduler").info("quiet")
    logging.getLogger("apscheduler").warning("loud")
    assert [line["event"] for line in lines(capsys)] == ["loud"]
