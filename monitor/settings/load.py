"""Finding and reading the settings."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict

from monitor.errors import SettingsError
from monitor.settings.model import Settings
from monitor.settings.problems import sentences

FILE_NAME = "monitor.toml"
PREFIX = "MONITOR_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"


def find(named: Path | None) -> Path | None:
    """The settings file: the named one, that of MONITOR_CONFIG, ./monitor.toml, or that of the user's settings folder.

    None: there is none, so only variables and defaults count. Raises SettingsError when a named file does not exist.
    """
    if named is None and (variable := os.environ.get(CONFIG_VARIABLE)):
        named = Path(variable)
    if named is not None:
        if not named.is_file():
            raise SettingsError(f"There is no settings file {named}: write one with `monitor --config {named} init`.")
        return named
    home = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
    places = (Path(FILE_NAME), home / "monitor" / FILE_NAME)
    return next((place for place in places if place.is_file()), None)


def load(file: Path | None, *, variables: bool = True) -> Settings:
    """The settings of `file` (None: no file), outweighed by the variables unless these are not to count.

    Raises SettingsError with a sentence per problem.
    """

    class Located(Settings):
        model_config = SettingsConfigDict(toml_file=file)
        reads_variables = variables

    source = "the settings" if file is None else str(file)
    try:
        settings = Located()
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{source} is not valid TOML: {error}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{source} cannot be read: make it a readable UTF-8 file.") from error
    except ValidationError as error:
        raise _wrong(source, sentences(error)) from None  # the cause would show what secrets hold
    stray = _stray_variables() if variables else ()
    if problems := [*stray, *_stray_channels(settings)]:
        raise _wrong(source, problems)
    return settings


def _wrong(source: str, problems: Iterable[str]) -> SettingsError:
    return SettingsError("\n".join(f"In {source}, {problem}" for problem in problems))


def _stray_variables() -> Iterator[str]:
    """Variables that look like settings and are none: pydantic-settings passes over what names no section."""
    sections = tuple(Settings.model_fields)
    for variable in sorted(os.environ):
        section, nested, key = variable.upper().removeprefix(PREFIX).lower().partition("__")
        if not variable.upper().startswith(PREFIX) or variable.upper() == CONFIG_VARIABLE:
            continue
        if not (nested and key):
            yield f"the variable {variable} is no setting: section and key are parted by two underscores."
        elif section not in sections:
            yield f"the variable {variable} names no section: use one of {', '.join(sections)}."


def _stray_channels(settings: Settings) -> Iterator[str]:
    for name, schedule in settings.schedules.items():
        for channel in schedule.channels:
            if channel not in settings.channels:
                known = ", ".join(settings.channels) or "none is set"
                yield f"schedules.{name}.channels names {channel!r}, which is no channel: name one that is ({known})."
