"""`sopc schema`: the JSON Schemas of the files that people write or review."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sopc.cli import output


class Kind(StrEnum):
    """The files that have a schema."""

    GRAPH = "graph"
    ORGANIZATION = "organization"
    ANSWERS = "answers"
    SCENARIO = "scenario"


def schema(
    kind: Annotated[Kind, typer.Argument(help="Whose schema.")] = Kind.GRAPH,
    *,
    to: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file to write instead of stdout.")
    ] = None,
) -> None:
    """Print the JSON Schema of a file, for editors and other programs.

    With `# yaml-language-server: $schema=FILE` as its first line, a file is checked and completed
    while it is written.
    """
    text = json.dumps(_schema(kind), indent=2, ensure_ascii=False)
    if to is None:
        output.result(text)
        return
    to.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    output.note(f"wrote `{to}`")


def _schema(kind: Kind) -> dict[str, Any]:
    if kind is Kind.GRAPH:
        from sopc.graph.schema import graph_schema

        return graph_schema()
    if kind is Kind.ORGANIZATION:
        from sopc.organization import organization_schema

        return organization_schema()
    if kind is Kind.SCENARIO:
        from sopc_runtime.simulation.scenario import scenario_schema

        return scenario_schema()
    from sopc_compiler.answers.schema import answers_schema

    return answers_schema()
