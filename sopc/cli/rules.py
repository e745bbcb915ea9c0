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
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("code", "name", "severity", "confidence", "finds"):
        table.add_column(heading, no_wrap=heading != "finds")
    for rule in listed:
        row = (rule.code, rule.name, rule.severity.value, rule.confidence.value)
        table.add_row(*row, rule.explanation.summary)
    output.console().print(table)
