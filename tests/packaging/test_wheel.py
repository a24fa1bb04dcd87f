"""The wheel, installed where neither the checkout nor a network is, runs the whole demo."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
DEMO_SECONDS = 120  # a hung demo must fail; a slow one on a busy machine must not

pytestmark = pytest.mark.xdist_group("wheel")  # one worker builds, and builds once


@dataclass(frozen=True)
class Installation:
    """An environment that holds the wheel; `elsewhere` is a directory that has nothing to do with the project."""

    prefix: Path
    elsewhere: Path

    def run(self, command: str, *arguments: str | Path) -> str:
        """Run a command of the environment as a stranger would and return what it printed; fail with all it said."""
        done = subprocess.run(
            [self.prefix / "bin" / command, *arguments],
            cwd=self.elsewhere,
            env=clean_environment(self.elsewhere),
            capture_output=True,
            text=True,
            timeout=DEMO_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout.strip()


def clean_environment(home: Path) -> dict[str, str]:
    """Return what little a program may expect: no PYTHONPATH, no MONITOR_ settings, no coverage hooks."""
    return {"PATH": os.defpath, "HOME": str(home), "LANG": "C.UTF-8"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel made from the source archive, which proves that the archive holds all that a build needs."""
    out = tmp_path_factory.mktemp("dist")
    build: list[str | Path] = [sys.executable, "-m", "build", "--no-isolation", "--outdir", out, CHECKOUT]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The wheel in an environment of its own that borrows its dependencies from the one that runs the tests.

    A path file adds a directory without reading the path files in it, so the editable checkout stays out of sight.
    """
    prefix = tmp_path_factory.mktemp("environment")
    venv.create(prefix, with_pip=False, symlinks=True)
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", prefix / "bin" / "python"]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", wheel], check=True)
    own = sysconfig.get_path("purelib", "venv", vars={"base": str(prefix)})
    Path(own, "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return Installation(prefix, tmp_path_factory.mktemp("elsewhere"))


def test_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    sources = {"monitor": "monitor", "alembic": "monitor/_alembic", "templates": "monitor/_templates"}
    expected = {
        (target / path.relative_to(CHECKOUT / source)).as_posix()
        for source, target in ((source, Path(target)) for source, target in sources.items())
        for path in (CHECKOUT / source).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("monitor/")}
    assert packed == expected


def test_installed_package_is_the_one_that_runs(installation: Installation) -> None:
    where = installation.run("python", "-c", "import monitor; print(monitor.__file__)")
    assert Path(where).is_relative_to(installation.prefix)


def test_version_of_distribution_and_package_agree(installation: Installation) -> None:
    script = "import importlib.metadata as m, monitor; print(m.version('india-japan-monitor') == monitor.__version__)"
    assert installation.run("python", "-c", script) == "True"


def test_demo_runs_from_the_wheel_alone(installation: Installation, tmp_path: Path) -> None:
    installation.run("monitor", "demo", "--out", tmp_path / "out")
    assert (tmp_path / "out" / "index.html").stat().st_size > 0
