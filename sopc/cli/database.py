"""Where the runtime's commands find their database."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="The folder of the database; by default `SOPC_DATABASE_URL`, else the user's own.",
        metavar="FOLDER",
        file_okay=False,
    ),
]
