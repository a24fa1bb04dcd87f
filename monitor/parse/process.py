"""One of the parser's child processes as its parent has it: started, asked, watched, killed."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import IO

from monitor.domain.feed import Failure, Fetched, ParseFailed
from monitor.logs import get_logger
from monitor.parse.wire import (
    ANSWER_LIMIT,
    MALFORMED,
    OVERRUN,
    READY,
    Answer,
    Task,
    pack_request,
    read_frame,
    unpack_answer,
    write_frame,
)

START_SECONDS = 60.0
"""A child that is not ready by then (0.2 s is usual) never will be."""

NOT_STARTED = ParseFailed(
    Failure.PARSER, "The parser could not be started on this machine: see that it has memory and processes to spare."
)

INHERITED = frozenset({"PATH", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT"})
"""Variables, beside LC_*, that a child is given: what an interpreter may need to start, and never a secret."""

log = get_logger("parse")


class NotStartedError(Exception):
    """A child ended before it was ready."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a body: no result means that the child ended over it, or with `overrun` that time ran out."""

    result: Answer | None
    overrun: bool
    seconds: float


class Child:
    """One child process, started when first needed and again after every death. Used by one thread at a time."""

    def __init__(self, memory_bytes: int, niceness: int = 0) -> None:
        self._memory_bytes = memory_bytes
        self._niceness = niceness
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def parse(self, fetched: Fetched, seconds: float, task: Task = Task.FEED, patience: float | None = None) -> Attempt:
        """Have the body parsed within `seconds` of wall time, not counting the start of a child.

        The child itself gives up after `patience`, None: after as many seconds, and is killed when it does not.
        """
        try:
            process = self._started()
        except (NotStartedError, OSError) as error:
            log.warning("parser.not_started", reason=str(error))
            return Attempt(NOT_STARTED, overrun=False, seconds=math.inf)
        started = monotonic()
        with _watchdog(process, seconds) as struck:
            answer = _exchange(process, fetched, seconds if patience is None else patience, task)
        result = None if answer is None or answer == OVERRUN else unpack_answer(answer)
        if answer is None or result is MALFORMED or struck.is_set():
            self.end()
        overrun = answer == OVERRUN or (answer is None and struck.is_set())
        return Attempt(result, overrun, monotonic() - started)

    def close(self) -> None:
        """Kill the process, whatever it does, and start no other; callable from any thread."""
        self._closed = True
        if (process := self._process) is not None:
            process.kill()

    def end(self) -> None:
        """Kill the process and collect what is left of it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.end()
        self._process = process = _spawn(self._memory_bytes)
        _be_nice(process, self._niceness)
        with _watchdog(process, 0 if self._closed else START_SECONDS):
            ready = read_frame(_pipe(process.stdout), len(READY))
        if ready != READY:
            self.end()
            raise NotStartedError("the parser's child process ended before it was ready")
        return process


@contextmanager
def _watchdog(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """Kill the process unless the block ends within `seconds`; the event tells whether that happened."""
    struck = threading.Event()

    def strike() -> None:
        struck.set()
        process.kill()

    timer = threading.Timer(seconds, strike)
    timer.start()
    try:
        yield struck
    finally:
        timer.cancel()
        timer.join()


def _spawn(memory_bytes: int) -> subprocess.Popen[bytes]:
    """Start a child with this interpreter and its search path.

    Its own process group keeps Ctrl-C away from it. It stays in our session: Linux shares processors out between
    sessions first (sched_autogroup), so that in one of its own niceness would mean nothing to us.
    """
    code = "import sys; sys.path[:] = sys.argv[2:]; from monitor.parse.child import serve; serve(int(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(memory_bytes), *sys.path]
    return subprocess.Popen(  # noqa: S603 - our own code
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        process_group=0,
        env=child_environment(os.environ),
    )


def _be_nice(process: subprocess.Popen[bytes], niceness: int) -> None:
    """Let others go first, where the system knows such a thing; a process that has ended meanwhile needs it no more."""
    if niceness and hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, niceness)


def child_environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Those of our variables that a child is given: a hostile body may take it over and read them."""
    return {name: value for name, value in ours.items() if name in INHERITED or name.startswith("LC_")}


def _exchange(process: subprocess.Popen[bytes], fetched: Fetched, seconds: float, task: Task) -> bytes | None:
    """One request and its answer; None when the child ended over it."""
    try:
        for payload in pack_request(fetched, seconds, task):
            write_frame(_pipe(process.stdin), payload)
        return read_frame(_pipe(process.stdout), ANSWER_LIMIT)
    except OSError:
        return None


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("the child was started without pipes")
    return stream
