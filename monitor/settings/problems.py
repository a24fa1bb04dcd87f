"""What is wrong with the settings, a sentence each: the key, what was found (never a secret), and what is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from monitor.settings.model import EmailChannel, FileChannel, ScheduleSettings, Settings

CHANNEL_KINDS: Mapping[str, type[BaseModel]] = {"file": FileChannel, "email": EmailChannel}
BY_NAME = ("schedules", "channels")
"""Sections whose tables users name."""

LONGEST_SHOWN = 60


def sentences(error: ValidationError) -> list[str]:
    """One sentence per wrong key, in the order of the model."""
    by_key: dict[str, str] = {}
    for detail in error.errors(include_url=False, include_context=False):
        keys, section = _place(detail["loc"])
        key = ".".join(keys)
        by_key.setdefault(key, f"{key} {_what(detail, keys, section)}.")
    return list(by_key.values())


def _place(location: Sequence[str | int]) -> tuple[list[str], type[BaseModel] | None]:
    """The keys as a user writes them, and the section that the last of them belongs to (None: it is itself a table)."""
    keys = [part for part in location if isinstance(part, str) and part != "[key]"]
    head, depth = keys[0], len(keys)
    if head == "channels" and depth > 2:  # noqa: PLR2004, pydantic puts the kind between name and key
        section = CHANNEL_KINDS[keys.pop(2)]
        return keys, section if depth > 3 else None  # noqa: PLR2004
    if head == "schedules":
        return keys, ScheduleSettings if depth > 2 else None  # noqa: PLR2004
    if depth == 1:
        return keys, Settings if head not in Settings.model_fields else None
    annotation = Settings.model_fields[head].annotation
    return keys, annotation if isinstance(annotation, type) else None


def _what(detail: ErrorDetails, keys: Sequence[str], section: type[BaseModel] | None) -> str:
    kind, found = detail["type"], detail["input"]
    if kind == "extra_forbidden" and section is not None:
        return f"is no setting: {_nearest(keys, section)}"
    if kind in {"union_tag_not_found", "union_tag_invalid"}:
        known = " or ".join(f'"{name}"' for name in CHANNEL_KINDS)
        return f"needs a kind: it must be {known}"
    if "[key]" in detail["loc"]:
        return "is no usable name: it must be up to 40 lower-case letters, digits, _ and -, a letter or digit first"
    if section is None:
        told = detail["msg"].removeprefix("Value error, ")
        return told if kind == "value_error" else f"is {_shape(found)}: it must be a table of settings"
    field = section.model_fields[keys[-1]]
    if kind == "missing":
        return f"is missing: it must be {field.description}"
    return f"is {_hidden(field) or _shown(found)}: it must be {field.description}{_reason(detail)}"


def _nearest(keys: Sequence[str], section: type[BaseModel]) -> str:
    *above, key = keys
    near = get_close_matches(key, section.model_fields, n=1)
    if near:
        return f"perhaps {'.'.join((*above, near[0]))} is meant"
    return f"here are known {', '.join(section.model_fields)}"


def _hidden(field: FieldInfo) -> str:
    return "not right (what it holds is kept secret)" if "SecretStr" in str(field.annotation) else ""


def _reason(detail: ErrorDetails) -> str:
    """What our own checks found, where that says more than the description; "" otherwise."""
    told = detail["msg"].removeprefix("Value error, ")
    return f" ({told})" if detail["type"] == "value_error" and not told.startswith("not a") else ""


def _shown(found: object) -> str:
    match found:
        case timedelta():
            return f'"{found.total_seconds():g}s"'
        case bool():
            return str(found).lower()
        case str():
            return repr(found if len(found) <= LONGEST_SHOWN else f"{found[:LONGEST_SHOWN]}…")
        case int() | float():
            return str(found)
        case _:
            return _shape(found)


def _shape(found: object) -> str:
    """What kind of thing it is, for values that are long or may hold a secret."""
    match found:
        case Mapping():
            return "a table"
        case list() | tuple():
            return "a list" if found else "an empty list"
        case str():
            return "a text"
        case _:
            return "a single value"
