"""Where the runtime's commands find their database."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopc.cli import output
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="The folder of the database; otherwise `SOPC_DATABASE_URL`, or the user's own.",
        metavar="FOLDER",
        envvar="SOPC_DATA",
        file_okay=False,
    ),
]


def open_existing(data: Path | None) -> "Engine":
    """Open the database for a command that has nothing to do in a new one.

    Raises:
        UsageError: There is none where it is looked for: a folder is misspelt, or was left out.
        WorkError: The database cannot be reached.
    """
    from platformdirs import user_data_path

    from sopc_runtime.store.database import FILE_NAME, URL_VARIABLE, open_database

    if data is not None or not os.environ.get(URL_VARIABLE):
        folder = data or user_data_path("sopc")
        if not (folder / FILE_NAME).exists():
            raise UsageError(
                f"there is no database in `{folder}`",
                hint="`--data FOLDER`, or `SOPC_DATA`, says where it is; `sopc deploy` makes one",
            )
    return open_database(data)


def tell_if_idle(engine: "Engine") -> None:
    """Say so where no process carries runs out, since nothing follows from anything then."""
    from sopc_runtime.deployment.running import is_carried_out

    if not is_carried_out(engine):
        output.note("no process carries runs out now; `sopc serve` does, and goes on from here")
