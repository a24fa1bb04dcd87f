"""The parser's child process: reads bodies, answers with entries, until its parent is gone."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import IO

from monitor.domain.feed import Failure, Fetched, ParseFailed
from monitor.parse.document import parse_document
from monitor.parse.opml import read_opml
from monitor.parse.page import read_page
from monitor.parse.wire import READY, Answer, Task, pack_answer, read_frame, unpack_request, write_frame

try:
    import resource
except ImportError:  # Windows has no such limits; the parent's wall limit holds there as well
    resource = None  # type: ignore[assignment]  # mypy knows only the module


def serve(memory_bytes: int) -> None:
    """Answer requests on standard input and output until the input ends, as it does when the parent dies.

    A signal to the group, as from Ctrl-C, is the parent's to act on.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    requests, answers = _channels()
    _limit_memory(memory_bytes)
    write_frame(answers, READY)
    with suppress(BrokenPipeError):
        while (about := read_frame(requests)) is not None and (body := read_frame(requests)) is not None:
            fetched, cpu_seconds, task = unpack_request(about, body)
            _limit_cpu(cpu_seconds)
            write_frame(answers, pack_answer(_answer(fetched, task)))


def _answer(fetched: Fetched, task: Task) -> Answer:
    if task is Task.FEED:
        return parse_document(fetched)
    try:
        return read_page(fetched) if task is Task.PAGE else read_opml(fetched)
    except MemoryError:
        return ParseFailed(Failure.PARSER, "Reading it needs more memory than one document may use.")


def _channels() -> tuple[IO[bytes], IO[bytes]]:
    """Requests and answers, with the standard streams put out of the way of whatever a library may print."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return sys.stdin.buffer, answers


def _limit_memory(size: int) -> None:
    """Let allocations fail beyond `size` bytes of address space; some systems cannot."""
    if resource is not None:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _limit_cpu(seconds: int) -> None:
    """End this process when it uses `seconds` more than so far: the backstop for a parent that is stopped or dead."""
    if resource is not None:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        with suppress(ValueError, OSError):
            hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
            resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + 1 + seconds, hard))
