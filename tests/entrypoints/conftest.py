"""A directory with its own settings, a small web server with feeds on loopback, and ways to run the command line."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import structlog
from typer.testing import CliRunner, Result
from typing_extensions import override

from monitor import bootstrap
from monitor.application import Rules
from monitor.classify.judge import Judge
from monitor.domain.watchlist import Watchlist
from monitor.entrypoints.cli import app
from monitor.events.code import Coder
from monitor.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _own_logs() -> Iterator[None]:
    """Commands set logging up for the streams of their run; what was there before comes back."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of the test, without the settings of whoever runs it."""
    for name in [name for name in os.environ if name.upper().startswith("MONITOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session", autouse=True)
def _rules_read_once() -> Iterator[None]:
    """What comes with the program is read and built once for all tests: it is most of what a command costs, and pure.

    A user's own folder of watchlist files is read each time.
    """
    load_rules, load_watchlist = bootstrap.load_rules, bootstrap.load_watchlist
    built: dict[str, Rules] = {}

    def rules(settings: Settings) -> Rules:
        if settings.watchlist.folder is not None:
            return load_rules(settings)
        name = bootstrap.watchlist_name(settings)
        if name not in built:
            found = load_watchlist(settings)
            built[name] = Rules(found, Judge(found), Coder(found))
        return built[name]

    def watchlist(settings: Settings) -> Watchlist:
        own = settings.watchlist.folder is not None
        return load_watchlist(settings) if own else rules(settings).watchlist

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "load_rules", rules)
        patch.setattr(bootstrap, "load_watchlist", watchlist)
        yield


Cli = Callable[..., Result]


@pytest.fixture
def cli() -> Cli:
    """Runs the command line in this process."""

    def run(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, arguments, input=stdin)

    return run


Command = Callable[..., "subprocess.CompletedProcess[str]"]


def environment() -> dict[str, str]:
    """This checkout first on the path, whatever is installed."""
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}


@pytest.fixture
def command() -> Command:
    """Runs the command line as its users do: `python -m monitor …`."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "monitor", *arguments],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@dataclass
class Outlet:
    """What the little web server serves: paths with their documents, and the paths it was asked for."""

    MEETING: ClassVar = (
        "Rajnath Singh to meet Japanese defence minister Gen Nakatani in New Delhi",
        "The defence ministers of India and Japan hold bilateral talks on defence cooperation in New Delhi tomorrow.",
    )
    CUP: ClassVar = ("Local side wins the cup", "A late goal decided the match on Saturday.")

    address: str = ""
    documents: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)

    def serve(self, path: str, *items: tuple[str, str], at: datetime | None = None) -> str:
        """Serve an RSS document of these titles and summaries; returns its address."""
        date = format_datetime(at or datetime.now(UTC))
        entries = "".join(
            f"<item><guid>{title}</guid><link>{self.address}/{number}</link><title>{title}</title>"
            f"<description>{summary}</description><pubDate>{date}</pubDate></item>"
            for number, (title, summary) in enumerate(items)
        )
        self.documents[path] = f'<rss version="2.0"><channel><title>Outlet</title>{entries}</channel></rss>'
        return f"{self.address}{path}"


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    """A real server on loopback; the path /slow answers only once the test lets it."""
    served = Outlet()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            if self.path == "/slow":
                served.hold.wait(30)
            body = served.documents.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    served.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield served
    served.hold.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def watch(folder: Path, cli: Cli) -> Path:
    """A fresh watch: settings that allow loopback without pauses, and an empty database. Returns the settings file."""
    file = folder / "monitor.toml"
    file.write_text('[http]\nallowed_hosts = ["127.0.0.1"]\nper_host_seconds = 0\n')
    assert cli("init", "--no-feeds").exit_code == 0
    return file
