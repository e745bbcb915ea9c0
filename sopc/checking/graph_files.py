"""Which graph files paths stand for."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sopc.errors import UsageError

ENDING = ".sop.yaml"


def graph_files(paths: Sequence[Path]) -> list[Path]:
    """Give the graph files that paths stand for, each once, sorted.

    Raises:
        UsageError: A path does not exist, or a folder holds no graph file.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise UsageError(
                f"there is no file or folder `{path}`",
                hint=f"graph files are called `NAME{ENDING}`; `sopc compile` writes them",
            )
        files = list(_inside(path)) if path.is_dir() else [_graph(path)]
        if not files:
            raise UsageError(
                f"folder `{path}` holds no `*{ENDING}`",
                hint="`sopc compile` writes them",
            )
        found |= {file.as_posix(): file for file in files}
    return [found[shown] for shown in sorted(found)]


def _graph(path: Path) -> Path:
    """Give the graph that a file is meant by: itself, or for prose the graph beside it.

    Raises:
        UsageError: It is a pipe or a device, which could be waited for without end.
    """
    if not path.is_file():
        raise UsageError(
            f"`{path}` is neither a file nor a folder",
            hint=f"graph files are called `NAME{ENDING}`",
        )
    beside = path.with_name(path.stem + ENDING)
    return beside if not path.name.endswith(ENDING) and beside.is_file() else path


def _inside(folder: Path) -> Iterator[Path]:
    for path in folder.rglob(f"*{ENDING}"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path
