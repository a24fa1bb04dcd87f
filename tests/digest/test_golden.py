"""Whole digests in every form, with a fixed clock.

`python -m pytest tests/digest --update-golden` writes the files anew; read the difference before you commit it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monitor.digest.render import Renderer
from monitor.resources import templates

if TYPE_CHECKING:
    from tests.digest.conftest import Day

DAYS = ("meeting_day", "eve", "quiet_day", "bad_day")


@pytest.mark.parametrize("day", DAYS, indirect=True)
def test_digest_is_as_golden(day: Day, golden: Path, request: pytest.FixtureRequest, *, update_golden: bool) -> None:
    rendered = Renderer(templates()).render(day.model)
    name = request.node.callspec.params["day"]
    forms = {"html": rendered.html, "txt": rendered.text, "md": rendered.markdown, "subject": rendered.subject + "\n"}
    for ending, text in forms.items():
        file = golden / f"{name}.{ending}"
        if update_golden:
            file.write_bytes(text.encode())
        assert text == file.read_bytes().decode(), f"{file.name} differs"
