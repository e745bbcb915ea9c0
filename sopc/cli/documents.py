"""The prose that `sopc compile` is to read: the files named, and those in the folders named."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sopc.cli.naming import ANSWERS, GRAPH
from sopc.errors import UsageError

ENDINGS = frozenset({".md", ".markdown", ".txt", ".html", ".htm", ".docx", ".pdf"})
"""Files of folders with these endings are taken as prose."""

ABOUT_THE_FOLDER = frozenset(
    {
        "authors",
        "changelog",
        "changes",
        "code_of_conduct",
        "contributing",
        "copying",
        "license",
        "notice",
        "readme",
        "security",
    }
)
"""Names, without their ending, of files that tell about a folder rather than how work is done."""


def documents(paths: Sequence[Path]) -> list[Path]:
    """Give the files to compile, each once: those named in their order, those of a folder by name.

    Of folders, hidden files and folders, Office's lock files and files about the folder itself
    are left out; a file that is named is taken whatever it is called.

    Raises:
        UsageError: a path is not there or is a file of sopc's, or a folder holds no prose.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(_inside(path))
            if not inside:
                raise UsageError(
                    f"folder `{path}` holds no prose",
                    hint="files end in " + ", ".join(f"`{ending}`" for ending in sorted(ENDINGS)),
                )
        else:
            inside = [_named(path)]
        for file in inside:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _inside(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "~$")) for part in parts)
        about = path.stem.casefold() in ABOUT_THE_FOLDER
        if path.suffix.lower() in ENDINGS and not hidden and not about and path.is_file():
            yield path


def _named(path: Path) -> Path:
    if not path.exists():
        raise UsageError(f"there is no file or folder `{path}`", hint="check the path")
    if path.name.endswith((GRAPH, ANSWERS)):
        raise UsageError(
            f"`{path}` is no prose but made from it", hint="name the prose, as `sops/welcome.md`"
        )
    return path
