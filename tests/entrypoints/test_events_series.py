"""Series and ladders at the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.entrypoints.conftest import Cli


def shown(cli: Cli, *arguments: str) -> Any:  # noqa: ANN401, whatever JSON holds
    result = cli("events", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_series_are_known_from_the_first_day_on(cli: Cli, watch: Path) -> None:
    by_id = {one["id"]: one for one in shown(cli, "series")}
    assert by_id["jimex"]["editions"][0]["start"].startswith("2012")
    assert all(one["source"] for one in by_id["jimex"]["editions"])
    assert 300 < by_id["dharma-guardian"]["usual_days"] < 430
    printed = cli("events", "series").stdout
    assert "Dharma Guardian" in printed
    assert "usually every" in printed


def test_what_is_overdue_is_told_with_the_month_it_was_expected(cli: Cli, watch: Path) -> None:
    overdue = [one for one in shown(cli, "series") if one["overdue"]]
    assert overdue, "the built-in history ends before today"
    printed = " ".join(cli("events", "series").stdout.split())
    assert printed.count("overdue, expected about ") == len(overdue)
    assert all(f"overdue, expected about {one['expected'][:7]}" in printed for one in overdue)


def test_one_series_in_full(cli: Cli, watch: Path) -> None:
    (series,) = shown(cli, "series", "india-japan-defence-ministerial")
    assert "Vientiane" in [one["place"] for one in series["editions"]]
    assert "Vientiane" in cli("events", "series", "india-japan-defence-ministerial").stdout


def test_ladders_are_known_from_the_first_day_on(cli: Cli, watch: Path) -> None:
    (pact,) = shown(cli, "ladder", "acsa-rpss")
    assert (pact["step"], pact["contradicting"]) == ("first use", [])
    assert [rung["step"] for rung in pact["steps"]] == ["talks", "signed", "in force", "first use"]
    assert "in force" in cli("events", "ladder").stdout
    assert "No report contradicts it." in cli("events", "ladder", "acsa-rpss").stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("series", "nothing"), "There is no entity 'nothing'"),
        (("series", "rajnath-singh"), "Rajnath Singh has no edition yet"),
        (("ladder", "jimex"), "JIMEX has reached no step yet"),
    ],
)
def test_what_has_none_is_one_sentence(cli: Cli, watch: Path, arguments: tuple[str, ...], complaint: str) -> None:
    result = cli("events", *arguments)
    assert result.exit_code == 1
    assert complaint in result.stderr
