"""The commented settings file that `monitor init` writes."""

from __future__ import annotations

from pathlib import Path

from monitor.errors import InputError

TEMPLATE = Path(__file__).with_name("monitor.toml")
"""Its active lines are the defaults; a test holds both together."""


def write_template(file: Path) -> bool:
    """Write the commented settings to `file` unless it exists; returns whether it was written. Raises InputError."""
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(TEMPLATE.read_text("utf-8"))
    except FileExistsError:
        return False
    except OSError as error:
        raise InputError(f"{file} cannot be written ({error.strerror}): choose another place with --config.") from error
    return True
