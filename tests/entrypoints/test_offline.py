from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.entrypoints.cli.articles import BadLine, Line, parse_line, parse_time, parse_written
from monitor.entrypoints.cli.explain import article_of, looks_like_headline

if TYPE_CHECKING:
    from tests.entrypoints.conftest import Cli, Command

NOW = datetime(2025, 5, 4, tzinfo=UTC)
TALKS = {
    "id": "talks",
    "title": "Rajnath Singh to hold talks with Gen Nakatani in New Delhi on 5 May",
    "summary": "The defence ministers of India and Japan will discuss defence cooperation in the Indian capital.",
    "published": "2025-05-04T06:00:00Z",
    "url": "https://one.example/talks",
    "outlet": "One",
    "lang": "en",
}
SAME_TALKS = {
    "id": "same",
    "title": "Japan's defence minister Gen Nakatani meets Rajnath Singh in New Delhi on May 5",
    "summary": "India and Japan will talk about defence ties when the two defence ministers meet.",
    "published": "2025-05-04T09:00:00Z",
}
CUP = {"id": 7, "title": "Local side wins the cup", "summary": "A late goal decided it.", "published": "2025-05-04"}


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_classify_keeps_the_contract(cli: Cli, folder: Path) -> None:
    source = write(folder / "in.jsonl", TALKS, CUP, SAME_TALKS)
    result = cli("classify", str(source), "-o", "out.jsonl")
    assert (result.exit_code, result.output) == (0, "")
    talks, cup, same = read(folder / "out.jsonl")
    assert list(talks) == [
        "id",
        "relevant",
        "decision",
        "score",
        "strength",
        "lang",
        "entities",
        "event",
        "story",
        "receipt",
    ]
    assert (talks["id"], talks["relevant"], talks["decision"], talks["strength"]) == ("talks", True, "accept", "core")
    assert {"rajnath-singh", "gen-nakatani"} <= set(talks["entities"])
    assert talks["event"] == {
        "type": "meeting",
        "status": "planned",
        "start": "2025-05-05",
        "end": "2025-05-05",
        "place": "New Delhi",
        "participants": ["rajnath-singh", "gen-nakatani"],
    }
    assert talks["receipt"]["reasons"]
    assert (cup["id"], cup["relevant"], cup["decision"], cup["event"], cup["story"]) == (7, False, "reject", None, None)
    assert talks["story"] == same["story"] == 1


def test_ids_addresses_and_outlets_sway_nothing_and_may_repeat(cli: Cli, folder: Path) -> None:
    disguise = {"url": "https://cricket.example/cup", "outlet": "Cricket Daily", "id": "x"}
    write(folder / "plain.jsonl", TALKS, SAME_TALKS, CUP)
    write(folder / "disguised.jsonl", *(row | disguise for row in (TALKS, SAME_TALKS, CUP)))
    for name in ("plain", "disguised"):
        assert cli("classify", f"{name}.jsonl", "-o", f"{name}.out").exit_code == 0
    plain, disguised = read(folder / "plain.out"), read(folder / "disguised.out")
    assert [row["id"] for row in disguised] == ["x", "x", "x"]
    assert [row | {"id": ""} for row in plain] == [row | {"id": ""} for row in disguised]


def test_bad_lines_are_named_and_the_others_are_not_lost(cli: Cli, folder: Path) -> None:
    source = write(folder / "in.jsonl", TALKS, "{", "", '{"title": "no id"}', '{"id": 1}', CUP)
    result = cli("classify", str(source))
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["talks", 7]
    assert result.stderr == (
        f"monitor: 3 of the lines of {source} were left out: line 2 is not JSON in UTF-8; "
        "line 4 is no object with an id; line 5 has neither title nor summary.\n"
    )


def test_an_empty_file_gives_an_empty_file(cli: Cli, folder: Path) -> None:
    assert cli("classify", str(write(folder / "in.jsonl")), "-o", "out.jsonl").exit_code == 0
    assert read(folder / "out.jsonl") == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("nowhere.jsonl",),
            "monitor: nowhere.jsonl cannot be read (No such file or directory): name a readable file.",
        ),
        (("in.jsonl", "-o", "no/out"), "monitor: no/out cannot be written (No such file or directory): choose another"),
    ],
)
def test_files_that_cannot_be_used_are_told_in_one_sentence(
    cli: Cli, folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    write(folder / "in.jsonl", CUP)
    result = cli("classify", *arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith(told)
    assert result.stderr.count("\n") == 1


def test_group_groups_any_subject(cli: Cli, folder: Path) -> None:
    flood = {"title": "Flood in the valley of the Ahr after heavy rain", "summary": "Rivers rose within hours."}
    again = {"title": "Heavy rain: flood in the Ahr valley", "summary": "Rivers rose within hours after the rain."}
    rows = (flood | {"id": 1, "published": "2025-05-04"}, CUP, again | {"id": 2, "published": "2025-05-04T03:00Z"})
    result = cli("group", str(write(folder / "in.jsonl", *rows)))
    assert result.exit_code == 0
    first, cup, second = (json.loads(line) for line in result.stdout.splitlines())
    assert list(first) == ["id", "story", "articles", "why"]
    assert [row["id"] for row in (first, cup, second)] == [1, 7, 2]
    assert first["story"] == second["story"] == 1
    assert (first["articles"], cup["story"], cup["articles"]) == (2, 2, 1)
    assert first["why"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
rows = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("id", "title", "summary", "published", "lang", "url"), json_values)
)


@given(st.binary(max_size=60) | (rows | json_values).map(lambda value: json.dumps(value).encode()))
def test_any_line_is_a_good_or_a_bad_one(content: bytes) -> None:
    line = parse_line(3, content, NOW)
    assert isinstance(line, Line | BadLine)
    if isinstance(line, Line):
        (line.article.title + line.article.summary).encode()


def test_a_line_without_a_date_counts_as_seen_now() -> None:
    line = parse_line(1, b'{"id": 1, "title": "Words"}', NOW)
    assert isinstance(line, Line)
    assert (line.article.published, line.article.first_seen) == (None, NOW)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2025-05-04", "2025-05-04T00:00:00+00:00"),
        ("2025-05-04T09:30:00+05:30", "2025-05-04T04:00:00+00:00"),
        ("2025-05-04T04:00:00", "2025-05-04T04:00:00+00:00"),
        ("0001-01-01T00:00:00+05:30", None),
        ("tomorrow", None),
        (20250504, None),
    ],
)
def test_times_become_utc(text: object, time: str | None) -> None:
    assert parse_time(text) == (None if time is None else datetime.fromisoformat(time))


ARTICLE = """
News Desk

4 May 2025
Share

Rajnath Singh to hold talks with Japan's Gen Nakatani in New Delhi on 5 May

The defence ministers of India and Japan will discuss defence cooperation in the Indian capital.
"""


def test_explain_gives_a_text_its_fields(cli: Cli, folder: Path) -> None:
    (folder / "article.txt").write_text(ARTICLE)
    result = cli("explain", "--file", "article.txt", "--published", "2025-05-04", "--json")
    assert result.exit_code == 0
    shape = json.loads(result.stdout)
    assert shape["title"] == "Rajnath Singh to hold talks with Japan's Gen Nakatani in New Delhi on 5 May"
    assert (shape["decision"], shape["strength"]) == ("accept", "core")
    people = {entity["name"]: entity["office"] for entity in shape["entities"] if entity["kind"] == "person"}
    assert set(people) == {"Rajnath Singh", "Gen Nakatani"}
    assert all(people.values())
    assert (shape["event"]["type"], shape["event"]["status"]) == ("meeting", "planned")
    assert (shape["event"]["start"], shape["event"]["place"]) == ("2025-05-05", "New Delhi")
    assert set(shape["event"]["participants"]) == {"rajnath-singh", "gen-nakatani"}
    assert shape["receipt"]["reasons"][0]["spans"]
    assert (shape["event"]["stage"], shape["event"]["steps"]) == ("announced", [])
    slots = {slot["slot"]: slot for slot in shape["event"]["slots"]}
    assert slots["start"]["span"]["surface"] == "5 May"
    assert 0 < slots["start"]["confidence"] <= 1


def test_explain_tells_people_the_same(cli: Cli, folder: Path) -> None:
    (folder / "article.txt").write_text(ARTICLE.replace("cooperation", "cooperation\x1b[2J"))
    result = cli("explain", "--file", "article.txt", "--published", "2025-05-04")
    assert result.exit_code == 0
    assert "accept, core" in result.stdout
    assert "meeting, planned, 2025-05-05, New Delhi" in result.stdout
    assert "Gen Nakatani, Minister of Defense" in result.stdout
    assert "start: “5 May”" in result.stdout
    assert "\x1b" not in result.stdout


def test_a_given_title_leaves_the_text_whole() -> None:
    article = article_of(ARTICLE, "A title", NOW)
    assert (article.title, article.summary) == ("A title", ARTICLE.strip())


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("News Desk", False),
        ("Ministers of two countries meet in the capital", True),
        ("They met on Monday, and the talks took two hours.", False),
        ("日印防衛相会談、共同訓練の拡大で一致", True),
        ("両大臣は会談し、共同訓練の拡大で一致した。", False),
        ("x" * 300, False),
    ],
)
def test_what_looks_like_a_headline(line: str, *, headline: bool) -> None:
    assert looks_like_headline(line) is headline


@given(st.text(max_size=200))
def test_any_text_is_an_article(text: str) -> None:
    article = article_of(text, None, NOW)
    assert "\n" not in article.title


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain",),
        ("explain", "12", "--file", "x"),
        ("explain", "12", "--title", "x"),
        ("explain", "--file", "x"),
        ("explain", "--file", "x", "--published", "soon"),
        ("classify",),
        ("clasify", "x"),
        ("poll", "--all", "--feed", "1"),
        ("--nonsense",),
    ],
)
def test_wrong_usage_ends_with_two(cli: Cli, folder: Path, arguments: tuple[str, ...]) -> None:
    (folder / "x").write_text("text")
    result = cli(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_entities_are_listed_shown_and_checked(cli: Cli) -> None:
    listed = json.loads(cli("entities", "list", "--kind", "exercise", "--json").stdout)
    assert {entity["kind"] for entity in listed} == {"exercise"}
    shown = json.loads(cli("entities", "show", "gen-nakatani", "--json").stdout)
    assert shown["name"] == "Gen Nakatani"
    assert shown["offices"]
    assert "gen-nakatani" in cli("entities", "show", "gen-nakatani").stdout
    checked = json.loads(cli("entities", "check", "--json").stdout)
    assert checked["entities"] > len(listed) > 0
    missing = cli("entities", "show", "nobody")
    assert (missing.exit_code, missing.stderr) == (
        1,
        "monitor: There is no entity 'nobody': `monitor entities list` shows their ids.\n",
    )


def test_a_wrong_setting_ends_every_command_in_one_sentence(cli: Cli, folder: Path) -> None:
    (folder / "monitor.toml").write_text("[http]\nmax_body_mb = 0")
    result = cli("entities", "check")
    assert result.exit_code == 1
    assert result.stderr == (
        "monitor: In monitor.toml, http.max_body_mb is 0: it must be a whole number from 1 to 100.\n"
    )


def test_the_real_command_line(command: Command, folder: Path) -> None:
    """As a program: version, a table as JSON, a sentence and an exit code for an error."""
    version = command("--version")
    assert (version.returncode, version.stdout.split()[0], version.stderr) == (0, "monitor", "")
    failed = command("explain", "--file", "nowhere", "--published", "2025-05-04")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr == "monitor: nowhere cannot be read (No such file or directory): name a readable file.\n"
    source = write(folder / "in.jsonl", TALKS)
    classified = command("classify", str(source))
    assert (classified.returncode, classified.stderr) == (0, "")
    assert json.loads(classified.stdout)["relevant"] is True


def test_help_loads_nothing_heavy(command: Command) -> None:
    """What makes --help quick: no database, network or validation library is imported before a command runs."""
    heavy = ("aiohttp", "alembic", "apscheduler", "feedparser", "jinja2", "pydantic", "sqlalchemy", "structlog")
    code = f"import sys, monitor.entrypoints.cli; print([name for name in {heavy} if name in sys.modules])"
    root = Path(__file__).parents[2]
    shown = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
    assert "classify" in command("--help").stdout


@pytest.mark.parametrize(
    ("written", "offset", "day"),
    [
        ("2025-05-06T07:00:00+09:00", 540, "2025-05-06"),
        ("2025-05-06T02:00:00Z", None, "2025-05-06"),
        ("2025-05-04", 0, "2025-05-04"),
    ],
)
def test_published_is_taken_with_its_offset(written: str, offset: int | None, day: str) -> None:
    line = parse_line(1, json.dumps({"id": 1, "title": "Talks", "summary": "", "published": written}).encode(), NOW)
    assert isinstance(line, Line)
    assert line.article.offset == offset
    assert line.article.day.isoformat() == day
    found = parse_written(written)
    assert found is not None
    assert found[1] == offset
