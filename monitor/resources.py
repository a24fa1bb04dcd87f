"""Where the files live that travel with the program: in the wheel inside the package, in a checkout beside it."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def migrations() -> Path:
    """The folder of the Alembic history."""
    return _installed_or_checkout("alembic")


def templates() -> Path:
    """The folder of the digest templates."""
    return _installed_or_checkout("templates")


def _installed_or_checkout(name: str) -> Path:
    installed = _PACKAGE / f"_{name}"
    return installed if installed.is_dir() else _PACKAGE.parent / name
