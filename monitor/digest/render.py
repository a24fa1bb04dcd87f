"""Renders a digest in its forms: Jinja2's and css-inline's only home."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from traceback import extract_tb

from css_inline import CSSInliner
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor.digest.forms import Shaper, markdown, markdown_link, plain, reshaped, wrapped
from monitor.digest.watch import watch_lines
from monitor.digest.words import clock_words, counted, day_words, short_day
from monitor.domain.digest import DigestModel, PublishedDigest, Rendered
from monitor.errors import InputError
from monitor.text.shown import header_line, one_line

TITLED_SOURCES = 6
"""Sources shown with their titles; those after them by publisher only."""

REVIEW_SHOWN = 12
"""Items under review shown by title; the rest are counted."""


class Renderer:
    """Fills the templates below `templates`; a file of the same name below `overrides` takes the place of one.

    Templates are sandboxed, since users may write their own, and get each form's strings already fit for it.
    """

    def __init__(self, templates: Path, overrides: Path | None = None) -> None:
        folders = [folder for folder in (overrides, templates) if folder is not None]
        loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])
        self._html = _environment(loader, escape=True)
        self._text = _environment(loader, escape=False)
        self._inliner = CSSInliner(load_remote_stylesheets=False, minify_css=True)

    def render(self, model: DigestModel) -> Rendered:
        """All forms of one digest. Raises InputError when a template is wrong: it names the file and the line."""
        try:
            return Rendered(
                subject=header_line(self._filled("subject.txt.j2", model, one_line, str)),
                html=self._inliner.inline(self._filled("digest.html.j2", model, one_line, str)),
                text=self._filled("digest.txt.j2", model, plain, str),
                markdown=self._filled("digest.md.j2", model, markdown, markdown_link),
            )
        except TemplateError as error:
            raise InputError(_complaint(error)) from error

    def render_index(self, digests: Sequence[PublishedDigest]) -> str:
        """The index page of a folder of digests, in the order given."""
        shown = reshaped(tuple(digests), one_line, str)
        try:
            page = self._html.get_template("digest/index.html.j2").render(digests=shown)
        except TemplateError as error:
            raise InputError(_complaint(error)) from error
        return self._inliner.inline(page)

    def _filled(self, name: str, model: DigestModel, text: Shaper, address: Shaper) -> str:
        environment = self._html if name.endswith(".html.j2") else self._text
        return environment.get_template(f"digest/{name}").render(
            digest=reshaped(model, text, address),
            watch=reshaped(watch_lines(model), text, address),
            made=clock_words(model.made_at, model.zone),
            titled_sources=TITLED_SOURCES,
            review_shown=REVIEW_SHOWN,
        )


def _environment(loader: BaseLoader, *, escape: bool) -> ImmutableSandboxedEnvironment:
    """`select_autoescape` knows no `.html.j2`, so what escapes is decided here, per environment and for good."""
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"day": day_words, "short_day": short_day, "wrapped": wrapped}
    environment.globals |= {"counted": counted}
    return environment


def _complaint(error: TemplateError) -> str:
    """Which template, which line, and what is wrong; Jinja2 writes template and line into the traceback."""
    frame = next((f for f in reversed(extract_tb(error.__traceback__)) if f.filename.endswith(".j2")), None)
    where = f"{Path(frame.filename).name}, line {frame.lineno}" if frame else "a digest template"
    if isinstance(error, TemplateSyntaxError):
        where = f"{error.name}, line {error.lineno}"
    return f"{where}: {error.message}; correct your template, or remove it to use the one that comes with us."
