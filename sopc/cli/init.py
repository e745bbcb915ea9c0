"""`sopc init`: a folder to start in."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from sopc.cli import output
from sopc.errors import UsageError

STARTER = {
    "sopc.toml": Path("sopc.toml"),
    "organization.yaml": Path("organization.yaml"),
    "example.md": Path("sops/example.md"),
}
"""The files of `sopc/cli/starter`, and where in the folder they go."""


def init(
    folder: Annotated[
        Path, typer.Argument(help="The folder; it is made if it is not there.")
    ] = Path(),
) -> None:
    """Start a folder: settings, an organization file, and a procedure to compile.

    Nothing that is there already is changed.
    """
    starter = files("sopc.cli") / "starter"
    for name, place in STARTER.items():
        target = folder / place
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("x", encoding="utf-8", newline="\n") as file:
                file.write((starter / name).read_text(encoding="utf-8"))
        except FileExistsError:
            if not target.is_file():
                raise UsageError(f"`{target}` is in the way", hint="name another folder") from None
            output.note(f"kept    {target.as_posix()}")
        except NotADirectoryError:
            raise UsageError(f"`{folder}` is no folder", hint="name another one") from None
        else:
            output.note(f"created {target.as_posix()}")
    output.note(f"next: `sopc compile {(folder / 'sops').as_posix()}`")
