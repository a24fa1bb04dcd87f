"""Kinds of values that several settings share."""

import re
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator

from monitor.schedule.periods import check_cron

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"(\d{1,6})\s*([smhd])")
_ADDRESS = re.compile(r"[^\s@<>,;\x00-\x1f\x7f]+@[^\s@<>,;\x00-\x1f\x7f]+")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def _duration(value: object) -> object:
    """A duration as users write it: "90s", "30m", "2h", "1d", or a number of seconds."""
    if isinstance(value, str) and (match := _DURATION.fullmatch(value.strip())):
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    if isinstance(value, timedelta):
        return value
    try:
        return timedelta(seconds=value)  # type: ignore[arg-type]  # what is no number is told below
    except (OverflowError, TypeError, ValueError) as error:
        raise ValueError("not a duration") from error


def _listed(value: object) -> object:
    """A variable holds a list as words with commas between them."""
    if isinstance(value, str):
        return [word.strip() for word in value.split(",") if word.strip()]
    return value


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("not a mail address")
    return value


def _cron(value: str) -> str:
    check_cron(value)
    return value


def _zone(value: str) -> str:
    """An IANA name. ZoneInfo raises ValueError for a path, KeyError or OSError for what else is no zone."""
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError("not a time zone") from error
    return value


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError("not a name")
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Address = Annotated[str, AfterValidator(_address)]
Addresses = Annotated[tuple[Address, ...], BeforeValidator(_listed)]
Cron = Annotated[str, AfterValidator(_cron)]
Zone = Annotated[str, AfterValidator(_zone)]
Name = Annotated[str, AfterValidator(_name)]
"""The name of a schedule or channel: it becomes part of file names, variables and Message-IDs."""
