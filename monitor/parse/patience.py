"""A limit on how long one thing may take within this process, for what runs in a parser's child."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

AGAIN_SECONDS = 0.02
"""An alarm that goes off where errors are swallowed (in a destructor, say) goes off once more after this time."""


class OverrunError(BaseException):
    """The time is up. No `Exception`, so that nothing on its way out takes it for an ordinary failure."""


class Deadline:
    """A moment `seconds` from now, in wall time."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds until then, 0 at least."""
        return max(0.0, self._end - monotonic())


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise `OverrunError` within the block after `seconds`. For the main thread; a second one inside is an error.

    Works between steps of Python and within regular expressions, not within a single call of C or Rust code. Where the
    system has no such alarm, the block has no limit of its own.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return

    def strike(*_: object) -> None:
        raise OverrunError

    before = signal.signal(signal.SIGALRM, strike)
    try:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), AGAIN_SECONDS)
        yield
    finally:
        while True:  # an alarm between these lines must not leave the timer running
            try:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, before)
                break
            except OverrunError:
                continue
