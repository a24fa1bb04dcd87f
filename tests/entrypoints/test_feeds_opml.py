"""`feeds import` and `feeds export`: lists of other readers, honest and hostile, and back again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.entrypoints.conftest import Cli

LIST = """<opml version="2.0"><body>
<outline text="Plain" xmlUrl="https://a.example/rss" language="hi" htmlUrl="https://a.example/"/>
<outline text="Asia"><outline text="Japan">
<outline text="MOD" xmlUrl="https://b.example/rss"/>
</outline></outline>
</body></opml>"""


def shown(cli: Cli, *arguments: str) -> Any:  # noqa: ANN401, whatever JSON holds
    result = cli(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def file(watch: Path) -> Path:
    path = watch.parent / "list.opml"
    path.write_text(LIST)
    return path


def test_a_list_is_imported_with_its_categories(cli: Cli, file: Path) -> None:
    result = cli("feeds", "import", str(file))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "Added 2 of 2 feeds; 0 were there already, 0 changed their category.\n"
    plain, ministry = shown(cli, "feeds", "list")
    assert (plain["title"], plain["site"], plain["language"], plain["category"]) == (
        "Plain", "https://a.example/", "hi", None,
    )  # fmt: skip
    assert (ministry["title"], ministry["category"]) == ("MOD", "Asia/Japan")
    assert "Asia/Japan" in cli("feeds", "list").stdout
    assert "Asia/Japan" in cli("feeds", "show", "MOD").stdout


def test_an_export_imported_elsewhere_is_exported_to_the_letter(cli: Cli, file: Path, tmp_path: Path) -> None:
    cli("feeds", "import", str(file))
    cli("feeds", "add", "https://c.example/?a=1&b=2", "--title", 'A "title" <b>&amp;</b>', "--category", " X / Y/ ")
    first = tmp_path / "first.opml"
    assert cli("feeds", "export", "-o", str(first)).exit_code == 0
    for row in shown(cli, "feeds", "list"):
        cli("feeds", "remove", str(row["id"]), "--yes")
    assert shown(cli, "feeds", "import", str(first))["added"] == 3
    assert cli("feeds", "export").stdout == first.read_text()
    assert [row["category"] for row in shown(cli, "feeds", "list")] == [None, "Asia/Japan", "X/Y"]


def test_what_is_there_stays_but_for_a_category_the_file_gives(cli: Cli, file: Path) -> None:
    cli("feeds", "add", "https://b.example/rss", "--title", "My name")
    assert shown(cli, "feeds", "import", str(file)) == {
        "added": 1, "there": 1, "recategorised": 1, "left_out": [], "beyond_limit": 0, "alike": [],
    }  # fmt: skip
    older, _ = shown(cli, "feeds", "list")
    assert (older["title"], older["category"]) == ("My name", "Asia/Japan")
    assert shown(cli, "feeds", "import", str(file))["recategorised"] == 0


def test_a_removed_feed_comes_back_with_a_list(cli: Cli, file: Path) -> None:
    cli("feeds", "import", str(file))
    cli("feeds", "remove", "MOD", "--yes")
    assert shown(cli, "feeds", "import", str(file))["added"] == 1
    assert len(shown(cli, "feeds", "list")) == 2


def test_each_line_that_cannot_be_polled_is_named(cli: Cli, file: Path) -> None:
    addresses = (
        "ftp://x.example/f",
        "https://me:pw@x.example/f",
        "https://x.example/" + "a" * 3000,
        "x y",
        "feed://y.example/f",
    )
    file.write_text(
        "<opml>\n" + "\n".join(f"<outline xmlUrl='{url}'/>" for url in (*addresses, addresses[-1])) + "</opml>"
    )
    result = cli("feeds", "import", str(file))
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert [line.split(": ", 2)[1] for line in lines] == [f"{file}, line {number}" for number in (2, 3, 4, 5)]
    assert "pw" not in result.stderr
    assert all(len(line) < 500 for line in lines)
    assert [row["url"] for row in shown(cli, "feeds", "list")] == ["http://y.example/f"]
    again = cli("feeds", "import", str(file), "--json")
    assert (again.exit_code, [note["line"] for note in json.loads(again.stdout)["left_out"]]) == (1, [2, 3, 4, 5])


def test_many_bad_lines_are_counted(cli: Cli, file: Path) -> None:
    file.write_text("<opml>" + "<outline xmlUrl='ftp://x.example/f'/>\n" * 30 + "</opml>")
    result = cli("feeds", "import", str(file))
    assert result.stderr.count("\n") == 21
    assert "10 more lines" in result.stderr


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "cannot be imported. It is no OPML file."),
        (b"\0\0\0", "cannot be imported. It is no OPML file."),
        (b"<html><p>no", "cannot be imported. It is no OPML file."),
        (b"<opml><outline", "cannot be imported. It is broken at line 1"),
        (b"<!DOCTYPE o [<!ENTITY a 'b'>]><opml/>", "cannot be imported. It declares entities"),
        (b"<opml>" + b"<outline>" * 100_000, "cannot be imported. It is broken at line 1"),
        (b"<opml/>", "names no feeds"),
        (b" " * 10_000_001, "has more than 10,000,000 bytes"),
    ],
    ids=range(8),
)
def test_a_hostile_file_is_one_sentence(cli: Cli, file: Path, content: bytes, why: str) -> None:
    file.write_bytes(content)
    result = cli("feeds", "import", str(file))
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith(f"monitor: {file} {why}")
    assert shown(cli, "feeds", "list") == []


def test_files_that_cannot_be_read_or_written_are_named(cli: Cli, file: Path) -> None:
    missing = file.parent / "missing" / "x.opml"
    assert f"{missing} cannot be read" in cli("feeds", "import", str(missing)).stderr
    assert f"{missing} cannot be written" in cli("feeds", "export", "-o", str(missing)).stderr


def test_a_feed_that_is_likely_there_already_is_hinted_at(cli: Cli, file: Path) -> None:
    cli("feeds", "add", "http://www.a.example/rss/", "--title", "Older")
    result = cli("feeds", "import", str(file))
    assert result.exit_code == 0
    assert result.stderr == (
        "monitor: https://a.example/rss looks like Older (http://www.a.example/rss/): `monitor feeds check` tells "
        "whether they are one.\n"
    )
    assert "looks like Older" in cli("feeds", "add", "https://a.example/rss/").stderr
    assert cli("feeds", "add", "https://a.example/other").stderr == ""
