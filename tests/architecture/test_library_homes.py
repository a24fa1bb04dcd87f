"""Each third-party library has one home, so that replacing it, or bounding what it may do, touches one place."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import monitor

PACKAGE = Path(monitor.__file__).parent

# Library → the rooms or modules that import it; nothing else does. Two homes where two sides of it are needed.
HOMES = {
    "aiohttp": ("monitor.fetch", "monitor.demo"),  # asks; serves the newsroom
    "ahocorasick_rs": ("monitor.text.automaton",),
    "aiosmtplib": ("monitor.deliver.email",),
    "alembic": ("monitor.store",),
    "apscheduler": ("monitor.entrypoints.daemon",),
    "cronsim": ("monitor.schedule.periods",),
    "charset_normalizer": ("monitor.parse.encoding",),
    "css_inline": ("monitor.digest.render",),
    "feedparser": ("monitor.parse.feed",),
    "icalendar": ("monitor.deliver.calendar",),
    "jinja2": ("monitor.digest.render",),
    "nh3": ("monitor.parse.clean",),
    "pydantic": ("monitor.settings",),
    "pydantic_core": ("monitor.settings",),
    "pydantic_settings": ("monitor.settings",),
    "rich": ("monitor.entrypoints",),
    "sqlalchemy": ("monitor.store",),
    "structlog": ("monitor.logs",),
    "typer": ("monitor.entrypoints",),
    "yarl": ("monitor.fetch",),  # aiohttp's addresses; only they are sent exactly as they were given
}

# What newer Pythons have in their standard library; at home everywhere, as that is.
BACKPORTS = {"typing_extensions"}


def imported_names(tree: ast.AST) -> Iterator[str]:
    """Yield every absolute name a module imports: anywhere in it, for types only, or by a literal import_module()."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(name), level=0):
                yield name
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name


def libraries_in(source: str) -> set[str]:
    """Return the top-level names of the third-party libraries a module imports."""
    roots = {name.partition(".")[0] for name in imported_names(ast.parse(source))}
    return roots - sys.stdlib_module_names - BACKPORTS - {"monitor"}


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def lives_in(module: str, home: str) -> bool:
    return module == home or module.startswith(f"{home}.")


def imports_of_package() -> set[tuple[str, str]]:
    """Return (module, library) for every third-party import of the package."""
    return {
        (module_name(path), library)
        for path in PACKAGE.rglob("*.py")
        for library in libraries_in(path.read_text(encoding="utf-8"))
    }


def test_no_library_is_imported_outside_its_home() -> None:
    strays = {
        f"{module} imports {library}"
        for module, library in imports_of_package()
        if not any(lives_in(module, home) for home in HOMES.get(library, ()))
    }
    assert strays == set()


@pytest.mark.parametrize(("library", "home"), [(library, home) for library, homes in HOMES.items() for home in homes])
def test_every_home_is_lived_in(library: str, home: str) -> None:
    assert any(lives_in(module, home) for module, found in imports_of_package() if found == library)


@pytest.mark.parametrize(
    "source",
    [
        "import nh3",
        "import nh3.sub as clean",
        "from nh3 import clean",
        "from nh3.sub import clean",
        "def late():\n    import nh3",
        "if TYPE_CHECKING:\n    from nh3 import clean",
        "import_module('nh3')",
        "importlib.import_module('nh3.sub')",
        "__import__('nh3')",
    ],
)
def test_every_way_to_import_is_seen(source: str) -> None:
    assert libraries_in(source) == {"nh3"}


@pytest.mark.parametrize("source", ["import os.path", "from monitor import errors", "from . import nh3", "nh3 = 1"])
def test_own_modules_and_the_standard_library_are_at_home_everywhere(source: str) -> None:
    assert libraries_in(source) == set()
