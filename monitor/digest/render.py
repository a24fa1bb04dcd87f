"""Renders a digest in its forms, and charts: Jinja2's and css-inline's only home."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from traceback import extract_tb

from css_inline import CSSInliner, InlineError
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor.digest.charts import YearChart
from monitor.digest.forms import Shaper, markdown, markdown_link, plain, reshaped, wrapped, xml_line
from monitor.digest.watch import watch_lines
from monitor.digest.words import clock_words, counted, day_words, short_day
from monitor.domain.digest import DigestModel, PublishedDigest, Rendered
from monitor.errors import InputError
from monitor.text.shown import header_line, one_line

TITLED_SOURCES = 6
"""Sources shown with their titles; those after them by publisher only."""

ADVICE = "correct your template, or remove it to use the one that comes with us."


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
        return Rendered(
            subject=header_line(self._filled("subject.txt.j2", model, one_line, str)),
            html=self._inlined("digest.html.j2", self._filled("digest.html.j2", model, one_line, str)),
            text=self._filled("digest.txt.j2", model, plain, str),
            markdown=self._filled("digest.md.j2", model, markdown, markdown_link),
        )

    def render_index(self, digests: Sequence[PublishedDigest]) -> str:
        """The index page of a folder of digests, in the order given. Raises InputError when its template is wrong."""
        shown = reshaped(tuple(digests), one_line, str)
        return self._inlined("index.html.j2", _page(self._html, "index.html.j2", digests=shown))

    def render_year(self, chart: YearChart) -> str:
        """The chart as SVG. Raises InputError when its template is wrong."""
        return _page(self._html, "year.svg.j2", chart=reshaped(chart, xml_line, str))

    def _filled(self, name: str, model: DigestModel, text: Shaper, address: Shaper) -> str:
        environment = self._html if name.endswith(".html.j2") else self._text
        return _page(
            environment,
            name,
            digest=reshaped(model, text, address),
            watch=reshaped(watch_lines(model), text, address),
            made=clock_words(model.made_at, model.zone),
            titled_sources=TITLED_SOURCES,
        )

    def _inlined(self, name: str, page: str) -> str:
        """The page with its style on its elements."""
        try:
            return self._inliner.inline(page)
        except InlineError as error:
            raise InputError(f"{name}: {error}; {ADVICE}") from error


def _page(environment: ImmutableSandboxedEnvironment, name: str, **values: object) -> str:
    """The template filled. Raises InputError for whatever goes wrong in it: its expressions may raise anything."""
    try:
        return environment.get_template(f"digest/{name}").render(values)
    except Exception as error:
        raise InputError(_complaint(name, error)) from error


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


def _complaint(name: str, error: Exception) -> str:
    """Which template, which line, and what is wrong; Jinja2 writes template and line into the traceback."""
    frame = next((f for f in reversed(extract_tb(error.__traceback__)) if f.filename.endswith(".j2")), None)
    where = f"{Path(frame.filename).name}, line {frame.lineno}" if frame else name
    if isinstance(error, TemplateSyntaxError):
        where = f"{error.name}, line {error.lineno}"
    what = error.message if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"
    return f"{where}: {what}; {ADVICE}"
