"""Test material that is too large, or not ours, to live in the repository: captured feeds, headlines, an article.

It is looked for in the folder that TEST_MATERIAL names, else in `shared` beside the checkout.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("TEST_MATERIAL") or Path(__file__).parents[3] / "shared")


def material(name: str) -> Path:
    """The file or folder of that name; skips the test where it is absent."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not here; set TEST_MATERIAL to the folder that holds it")
    return path
