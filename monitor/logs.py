"""Structured logging to stderr, and structlog's home: facts with fields, under stable event names.

An event is named `subject.what_happened` ("refresh.finished", "feed.failed"); scripts may rely on the names.
"""

from __future__ import annotations

import logging
import re
import sys
import unicodedata
from collections.abc import Mapping
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["console", "json"]
Logger = structlog.typing.FilteringBoundLogger

HIDDEN = "…"
_SECRET_KEY = re.compile(r"password|secret|token|authorization|cookie", re.IGNORECASE)
_USER_INFO = re.compile(r"(?<=://)[^/\s@]+@")
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls (ESC among them), format characters (text direction), lone surrogates, line and paragraph ends."""
_JOINERS = "\u200c\u200d"
"""Devanagari and emoji need them, and they steer nothing."""


def get_logger(name: str) -> Logger:
    """The logger of one room; it may be bound at import, as nothing is read before the first line."""
    logger: Logger = structlog.get_logger(room=name)
    return logger


def configure(level: Level, style: Format) -> None:
    """Send every line of this level and above to stderr: coloured for people, or one JSON object each for machines.

    Other libraries' lines come along from warnings up.
    """
    chain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    ending: list[Processor] = [conceal, escape, *_renderer(style)]
    structlog.configure(
        processors=[*chain, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=chain, processors=[_strip, *ending]))
    others = logging.ERROR if level == "error" else logging.WARNING
    logging.basicConfig(level=others, handlers=[handler], force=True)


def conceal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide what fields with tell-tale names hold, and user and password inside addresses."""
    return {key: HIDDEN if _SECRET_KEY.search(key) else _concealed(value) for key, value in event.items()}


def escape(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Write out characters that could steer a terminal or forge a line: what feeds say ends up in logs."""
    traceback = event.pop("exception", None)
    escaped = {key: _escaped(value) for key, value in event.items()}
    if traceback is not None:
        escaped["exception"] = "\n".join(map(_escaped, traceback.split("\n")))
    return escaped


def _renderer(style: Format) -> list[Processor]:
    if style == "json":
        return [structlog.processors.JSONRenderer(ensure_ascii=False)]
    # Plain tracebacks: the pretty ones show local variables, and those hold secrets.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]


def _strip(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    return dict(structlog.stdlib.ProcessorFormatter.remove_processors_meta(logger, method, event))


def _concealed(value: object) -> object:
    match value:
        case str():
            return _USER_INFO.sub(f"{HIDDEN}@", value)
        case Mapping():
            return {k: HIDDEN if _SECRET_KEY.search(str(k)) else _concealed(v) for k, v in value.items()}
        case BaseException():
            return _concealed(str(value))
        case _:
            return value


def _escaped(value: Any) -> Any:  # noqa: ANN401, fields hold anything, and a text stays a text
    match value:
        case str():
            return "".join(_visible(char) for char in value)
        case Mapping():
            return {_escaped(k): _escaped(v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_escaped(one) for one in value]
        case _:
            return value


def _visible(char: str) -> str:
    if unicodedata.category(char) not in _UNSAFE or char in _JOINERS:
        return char
    return f"\\u{ord(char):04x}"
