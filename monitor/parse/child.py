"""The parser's child process: reads bodies, answers with entries, until its parent is gone."""

from __future__ import annotations

import math
import os
import signal
import sys
from contextlib import suppress
from typing import IO

from monitor.domain.feed import Failure, Fetched, ParseFailed
from monitor.parse.opml import read_opml
from monitor.parse.page import read_page
from monitor.parse.salvage import parse_within
from monitor.parse.wire import OVERRUN, READY, Answer, Task, pack_answer, read_frame, unpack_request, write_frame

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
            fetched, seconds, task = unpack_request(about, body)
            _limit_cpu(math.ceil(seconds))
            answer = _answer(fetched, seconds, task)
            write_frame(answers, OVERRUN if answer is None else pack_answer(answer))


def _answer(fetched: Fetched, seconds: float, task: Task) -> Answer | None:
    """What was asked for; None when it takes longer than the time allowed."""
    if task in {Task.FEED, Task.PATIENT_FEED}:
        return parse_within(fetched, seconds, patient=task is Task.PATIENT_FEED)
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
