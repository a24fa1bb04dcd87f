"""`evaluate`, `entities check` and the age of the role book, as their users see them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.entrypoints.conftest import Cli

TALKS = {
    "id": "talks",
    "title": "Rajnath Singh to hold talks with Gen Nakatani in New Delhi on 5 May",
    "summary": "The defence ministers of India and Japan will discuss defence cooperation in the Indian capital.",
    "published": "2025-05-04T06:00:00Z",
    "lang": "en",
    "relevant": True,
    "strength": "core",
    "entities": ["rajnath-singh", "gen-nakatani", "jimex"],
    "event": {"type": "exercise", "status": "planned", "start": "2025-05-05", "place": "New Delhi"},
    "story": "talks",
}
TRAP = TALKS | {"id": "trap", "relevant": False, "why": "trap", "event": None, "story": None}
CUP = TRAP | {"id": "cup", "why": "background", "title": "Local side wins the cup", "summary": "A late goal."}


def write(path: Path, *rows: object) -> str:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), "utf-8")
    return str(path)


def test_figures_with_counts_and_intervals(cli: Cli, folder: Path) -> None:
    files = write(folder / "a.jsonl", TALKS, ""), write(folder / "b.jsonl", TRAP, CUP)
    result = cli("evaluate", *files, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["items"] == 3
    relevance = found["relevance"]
    assert [relevance[name] for name in ("tp", "fp", "fn", "tn")] == [1, 1, 0, 1]
    assert relevance["precision"] == {"hits": 1, "of": 2, "share": 0.5, "interval": [0.0945, 0.9055]}
    assert relevance["f1"] == 0.6667
    assert found["languages"] == {"en": relevance}
    assert found["core_recall"]["share"] == 1.0
    assert found["categories"]["trap"]["accepted"]["hits"] == 1
    assert found["hard_accepted"]["of"] == 1
    assert found["entities"]["fn"] == 1
    assert (found["events"]["type"]["hits"], found["events"]["start"]["hits"]) == (0, 1)
    assert found["stories"] == {"precision": 0.5, "recall": 1.0, "f1": 0.6667}
    assert "errors" not in found


def test_errors_are_listed_when_asked_for(cli: Cli, folder: Path) -> None:
    file = write(folder / "gold.jsonl", TALKS, TRAP, CUP)
    talks, trap = json.loads(cli("evaluate", file, "--errors", "--json").stdout)["errors"]
    assert (talks["id"], talks["missed_entities"], talks["wrong_slots"]) == ("talks", ["jimex"], ["type"])
    assert (trap["id"], trap["decision"], trap["category"]) == ("trap", "accept", "trap")
    plain = cli("evaluate", file).stdout
    assert "0.500 (0.095 to 0.905), 1 of 2" in plain
    assert "BCubed: precision 0.500" in plain
    assert "-jimex" not in plain
    assert "-jimex, type" in cli("evaluate", file, "--errors").stdout


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{", "line 2, is not JSON in UTF-8"),
        ("[]", "line 2, is no object"),
        (TALKS | {"id": "b", "relevant": "yes"}, "line 2: Item 'b': `relevant` must be true or false"),
        (TALKS, "'talks' stands twice"),
    ],
)
def test_a_label_that_cannot_be_used_is_one_sentence(cli: Cli, folder: Path, row: object, told: str) -> None:
    result = cli("evaluate", write(folder / "gold.jsonl", TALKS, row))
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert told in result.stderr


def test_a_file_that_is_not_there_is_told(cli: Cli) -> None:
    assert "cannot be read" in cli("evaluate", "nowhere.jsonl").stderr


@pytest.fixture
def own(folder: Path) -> Path:
    """A user's own watchlist folder, named in the settings."""
    own = folder / "own"
    own.mkdir()
    (folder / "monitor.toml").write_text('[watchlist]\nfolder = "own"\n')
    return own


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("people.toml", "[a-person]\nside = 'nowhere'\n", "people.toml"),
        ("people.toml", "[a-person\n", "people.toml"),
        ("feeds.toml", "[[feed]]\nurl = 'x'\n", "feeds.toml"),
        ("peple.toml", "", "peple.toml in"),
    ],
)
def test_check_finds_what_is_wrong_in_ones_own_folder(cli: Cli, own: Path, name: str, content: str, told: str) -> None:
    (own / name).write_text(content)
    result = cli("entities", "check")
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr


def test_check_counts_ones_own_entities_in(cli: Cli, own: Path) -> None:
    before = json.loads(cli("entities", "check", "--json").stdout)
    (own / "people.toml").write_text('[a-person]\nname = "A Person"\nside = "india"\nen = ["A Person of Note"]\n')
    after = json.loads(cli("entities", "check", "--json").stdout)
    assert after["entities"] == before["entities"] + 1
    assert after["feeds"] == 82


def test_check_misses_a_folder_that_is_not_there(cli: Cli, own: Path) -> None:
    own.rmdir()
    assert "There is no folder" in cli("entities", "check").stderr


def test_status_warns_of_an_old_role_book(cli: Cli, watch: Path) -> None:
    own = watch.parent / "own"
    own.mkdir()
    watch.write_text(watch.read_text() + '[watchlist]\nfolder = "own"\n')
    for days, stale in ((180, False), (200, True)):
        checked = date.today() - timedelta(days=days)  # noqa: DTZ011, a day off does not matter
        (own / "watchlist.toml").write_text(f"roles_checked = {checked}\n")
        result = cli("status")
        assert result.exit_code == 0
        assert f"checked on {checked}" in result.stdout
        assert ("offices of the watchlist were not checked" in result.stderr) is stale
        assert json.loads(cli("status", "--json").stdout)["offices_stale"] is stale
