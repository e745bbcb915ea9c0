"""Flags that say how strictly, and on which day, something is judged."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer


class FailOn(StrEnum):
    """The least severity that makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


AsOf = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        help="The day that people and systems are judged on; otherwise today.",
        metavar="DATE",
    ),
]
"""`--as-of DATE`."""
