"""`sopc rules`: all rules of `sopc check`."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from sopc.cli import output


class Format(StrEnum):
    """How the list is written."""

    TEXT = "text"
    JSON = "json"


def rules(
    selectors: Annotated[
        list[str] | None,
        typer.Argument(help="Codes, names, beginnings of codes; all if left out.", metavar="RULE"),
    ] = None,
    *,
    format_: Annotated[
        Format, typer.Option("--format", help="How the list is written.")
    ] = Format.TEXT,
) -> None:
    """List the rules of `sopc check`; `sopc explain` says more about one."""
    from sopc.rules import chosen

    listed = chosen(selectors or ())
    if format_ is Format.JSON:
        entries = [
            {
                "code": rule.code,
                "name": rule.name,
                "severity": rule.severity.value,
                "confidence": rule.confidence.value,
                "summary": rule.explanation.summary,
            }
            for rule in listed
        ]
        output.result(json.dumps(entries, indent=2))
        return
    rows = [(rule.code, rule.name, rule.severity.value) for rule in listed]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row, rule in zip(rows, listed, strict=True):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        output.result("  ".join((*cells, rule.explanation.summary)))
