"""The file channel: whole files or none, the same bytes again, and an index of all."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.deliver.file import LISTING, LOCK, FileChannel, safe_stem, write_atomically
from monitor.domain.digest import PublishedDigest, SendFailed, Sent

if TYPE_CHECKING:
    from tests.deliver.conftest import Outgo


def index(digests: Sequence[PublishedDigest]) -> str:
    return "\n".join(f"{digest.stem} {digest.subject}" for digest in digests)


@pytest.fixture
def channel(tmp_path: Path) -> FileChannel:
    return FileChannel(tmp_path / "out" / "digests", index)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out" / "digests"


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


async def test_writes_three_forms_latest_and_index(channel: FileChannel, folder: Path, outgoing: Outgo) -> None:
    sent = outgoing()
    result = await channel.send(sent)
    assert result == Sent(str(folder / "morning-2025-05-06.html"))
    written = content(folder)
    forms = sent.digest.rendered
    for ending, form in (("html", forms.html), ("txt", forms.text), ("md", forms.markdown)):
        assert written[f"morning-2025-05-06.{ending}"] == written[f"latest.{ending}"] == form.encode()
    assert written["index.html"].decode() == f"morning-2025-05-06 {forms.subject}"
    assert channel.recipients == (str(folder),)


async def test_sending_again_changes_no_byte(channel: FileChannel, folder: Path, outgoing: Outgo) -> None:
    await channel.send(outgoing(0))
    await channel.send(outgoing(1))
    before = content(folder)
    assert isinstance(await channel.send(outgoing(0)), Sent)
    assert content(folder) == before


async def test_older_digest_sent_late_is_listed_in_its_place_and_is_not_latest(
    channel: FileChannel, folder: Path, outgoing: Outgo
) -> None:
    for day in (2, 0, 1):
        await channel.send(outgoing(day))
    assert (folder / "latest.md").read_text() == "# Digest 2\n"
    assert [line.split()[0][-2:] for line in (folder / "index.html").read_text().splitlines()] == ["08", "07", "06"]


async def test_new_channel_over_an_old_folder_keeps_its_list(
    channel: FileChannel, folder: Path, outgoing: Outgo
) -> None:
    await channel.send(outgoing(0))
    await FileChannel(folder, index).send(outgoing(1))
    assert [row["day"] for row in json.loads((folder / LISTING).read_text())] == ["2025-05-07", "2025-05-06"]


async def test_files_may_be_read_by_a_web_server(channel: FileChannel, folder: Path, outgoing: Outgo) -> None:
    await channel.send(outgoing())
    assert stat.S_IMODE((folder / "index.html").stat().st_mode) == 0o644


@pytest.mark.parametrize("call", ["fsync", "rename"])
async def test_failing_disk_leaves_the_old_files_and_says_so(
    channel: FileChannel, folder: Path, outgoing: Outgo, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    await channel.send(outgoing(0))
    before = content(folder)
    broken_after(monkeypatch, call, 0)
    result = await channel.send(outgoing(1))
    assert isinstance(result, SendFailed)
    assert not result.permanent
    assert "No space left" in result.reason
    monkeypatch.undo()
    assert content(folder) == before
    assert hidden(folder) == [LOCK]


@pytest.mark.parametrize("call", ["fsync", "rename"])
async def test_every_failure_on_the_way_leaves_whole_files_and_a_retry_completes(
    tmp_path: Path, outgoing: Outgo, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    whole = FileChannel(tmp_path / "whole", index)
    for day in (0, 1):
        await whole.send(outgoing(day))
    expected = content(tmp_path / "whole")
    failures = 0
    for nth in range(30):
        folder = tmp_path / f"{call}{nth}"
        channel = FileChannel(folder, index)
        await channel.send(outgoing(0))
        old = content(folder)
        broken_after(monkeypatch, call, nth)
        result = await channel.send(outgoing(1))
        monkeypatch.undo()
        assert all(data in (old.get(name), expected[name]) for name, data in content(folder).items())
        failures += isinstance(result, SendFailed)
        assert isinstance(await channel.send(outgoing(1)), Sent)
        assert content(folder) == expected
    assert 8 <= failures < 30


def broken_after(monkeypatch: pytest.MonkeyPatch, call: str, calls: int) -> None:
    """Let `calls` calls through, then fail every one as a full disk does."""
    left = calls
    real_fsync, real_replace = os.fsync, Path.replace

    def spend() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(28, "No space left on device")

    def fsync(handle: int) -> None:
        spend()
        real_fsync(handle)

    def replace(self: Path, target: Path) -> Path:
        spend()
        return real_replace(self, target)

    if call == "fsync":
        monkeypatch.setattr(os, "fsync", fsync)
    else:
        monkeypatch.setattr(Path, "replace", replace)


async def test_folder_that_cannot_be_made_is_a_failure_that_may_pass(tmp_path: Path, outgoing: Outgo) -> None:
    (tmp_path / "file").write_text("in the way")
    result = await FileChannel(tmp_path / "file" / "digests", index).send(outgoing())
    assert isinstance(result, SendFailed)
    assert not result.permanent


@pytest.mark.parametrize("damage", ["{", '{"a": 1}', '[{"subject": "x"}]', "[1]"])
async def test_damaged_listing_is_named(channel: FileChannel, folder: Path, outgoing: Outgo, damage: str) -> None:
    await channel.send(outgoing(0))
    (folder / LISTING).write_text(damage)
    result = await channel.send(outgoing(1))
    assert isinstance(result, SendFailed)
    assert "digests.json is damaged; delete it" in result.reason


def test_writers_at_once_lose_no_line_of_the_listing(folder: Path, outgoing: Outgo) -> None:
    channels = [FileChannel(folder, index) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda pair: pair[1]._publish(outgoing(pair[0]).digest), enumerate(channels)))
    assert len(json.loads((folder / LISTING).read_text())) == 8


def test_reader_sees_the_old_file_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_atomically(path, b"old")
    with path.open("rb") as reader:
        write_atomically(path, b"new and longer")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new and longer"
    assert list(tmp_path.iterdir()) == [path]


@given(st.text(max_size=80), st.text(max_size=80))
def test_stems_are_safe_names_and_differ_where_schedules_do(one: str, other: str) -> None:
    day = date(2025, 5, 6)
    stem = safe_stem(one, day)
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(stem) < 100
    assert (stem == safe_stem(other, day)) is (one == other)


@pytest.mark.parametrize("name", ["../../etc/passwd", "con/../x", ".", "", "morning/evening", "latest"])
def test_no_schedule_name_leaves_the_folder(name: str) -> None:
    stem = safe_stem(name, date(2025, 5, 6))
    assert Path(stem).name == stem
    assert stem.endswith("-2025-05-06")
