"""Digests as files in a folder: dated ones, the latest under a fixed name, and an index page."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

from monitor.domain.digest import FrozenDigest, Outgoing, PublishedDigest, SendFailed, SendResult, Sent
from monitor.errors import InputError

LISTING = "digests.json"
"""The channel's own memory: what the index page lists. The leading dot below hides what only the channel reads."""

LOCK = ".digests.lock"

IndexPage = Callable[[Sequence[PublishedDigest]], str]
"""Renders the index page, newest digest first. Raises InputError when its template is wrong."""


class FileChannel:
    """Writes each digest as HTML, text and Markdown into `folder`, which it makes when missing.

    Every file appears whole or not at all, and a digest sent again writes the same bytes. `index` renders the index
    page. `latest.*` is the digest made last, over all schedules that write here.
    """

    def __init__(self, folder: Path, index: IndexPage) -> None:
        self._folder = folder
        self._index = index

    @property
    def recipients(self) -> tuple[str, ...]:
        """The folder is the one recipient."""
        return (str(self._folder),)

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Write the digest's files, then the listing, the index and `latest.*`.

        A full disk, a missing right or a broken template of the index may be cured, so no failure here is permanent.
        """
        try:
            page = await asyncio.to_thread(self._publish, outgoing.digest)
        except (OSError, ValueError, InputError) as error:
            return SendFailed(f"could not write to {self._folder}: {error}", permanent=False)
        return Sent(str(page))

    def _publish(self, digest: FrozenDigest) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        with _locked(self._folder / LOCK):
            published = _published(digest)
            self._write_forms(published.stem, digest)
            listing = self._listing_with(published)
            write_atomically(self._folder / LISTING, _as_json(listing))
            write_atomically(self._folder / "index.html", self._index(listing).encode())
            if listing[0] == published:
                self._write_forms("latest", digest)
        return self._folder / f"{published.stem}.html"

    def _write_forms(self, stem: str, digest: FrozenDigest) -> None:
        forms = digest.rendered
        for ending, text in (("html", forms.html), ("txt", forms.text), ("md", forms.markdown)):
            write_atomically(self._folder / f"{stem}.{ending}", text.encode())

    def _listing_with(self, published: PublishedDigest) -> list[PublishedDigest]:
        """All digests in the folder and this one, newest first."""
        others = [one for one in _read_listing(self._folder / LISTING) if one.stem != published.stem]
        return sorted([published, *others], key=lambda one: (one.made_at, one.stem), reverse=True)


def safe_stem(schedule: str, day: date) -> str:
    """A file name for a schedule's digest of `day`: letters, digits, dots and dashes, whatever the schedule is called.

    A name that had to be changed carries a hash of the original, so that no two schedules share a file.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", schedule.lower()).strip("-")[:60]
    if plain != schedule:
        plain = f"{plain}-{hashlib.sha256(schedule.encode()).hexdigest()[:8]}".strip("-")
    return f"{plain}-{day.isoformat()}"


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path` by `content` so that a crash at any point leaves the old file or the new one, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o644)  # mkstemp makes it private; web servers must read it
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename in `folder` last: the entry is data of the folder, not of the file."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the folder's lock, against other threads as well as other processes."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _published(digest: FrozenDigest) -> PublishedDigest:
    day = digest.period.local_date
    return PublishedDigest(digest.rendered.subject, day, digest.made_at, safe_stem(digest.schedule, day))


def _as_json(listing: Sequence[PublishedDigest]) -> bytes:
    rows = [asdict(one) | {"day": one.day.isoformat(), "made_at": one.made_at.isoformat()} for one in listing]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


def _read_listing(path: Path) -> list[PublishedDigest]:
    """The digests listed so far; none when there is no listing yet."""
    try:
        return [_from_row(row) for row in json.loads(path.read_bytes())]
    except FileNotFoundError:
        return []
    except (ValueError, LookupError, TypeError) as error:
        raise ValueError(f"{path.name} is damaged; delete it, and the next digest starts a new list") from error


def _from_row(row: dict[str, str]) -> PublishedDigest:
    day, made_at = date.fromisoformat(row["day"]), datetime.fromisoformat(row["made_at"])
    return PublishedDigest(row["subject"], day, made_at, row["stem"])
