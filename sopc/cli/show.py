"""`sopc show`: a graph for reading, in the terminal or as a chart."""

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopc.cli import output
from sopc.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sopc.graph import ProseCitation, StepGraph

_LINE_END = re.compile(r"\r\n|\r|\n")


class Shape(StrEnum):
    """What a graph can be shown as."""

    TREE = "tree"
    MERMAID = "mermaid"
    PROSE = "prose"


def show(
    graph: Annotated[Path, typer.Argument(help="A graph file, `NAME.sop.yaml`.", metavar="GRAPH")],
    *,
    shape: Annotated[
        Shape,
        typer.Option("--as", help="A tree, a Mermaid flowchart, or the prose by line numbers."),
    ] = Shape.TREE,
    procedure: Annotated[
        str | None, typer.Option(help="Only this procedure, by its id.", metavar="ID")
    ] = None,
) -> None:
    """Show a step graph: what starts it, every step with its bounds, and the prose behind it.

    `--as prose` prints the text that citations count their lines in, which for docx and PDF is
    nowhere else to be seen.
    """
    from sopc.graph.file import load_graph

    loaded = load_graph(graph).graph
    ids = [one.id for one in loaded.procedures]
    if procedure is not None and procedure not in ids:
        raise UsageError(
            f"`{graph}` has no procedure `{procedure}`",
            hint="it has " + ", ".join(f"`{one}`" for one in ids),
        )
    if shape is Shape.MERMAID:
        from sopc.render.mermaid import mermaid

        output.result(mermaid(loaded, procedure=procedure))
    elif shape is Shape.PROSE:
        output.result(_numbered(_prose(loaded, graph)))
    else:
        from sopc.render.tree import graph_tree

        tree = graph_tree(loaded, sentence=_sentences(loaded, graph), procedure=procedure)
        output.console().print(tree)


def _prose(graph: "StepGraph", path: Path) -> str:
    """Give the text that the graph's citations count in.

    Raises:
        UsageError: it is away, newer than the graph, or there is no reader for it.
    """
    from sopc.cli.checked import prose_text
    from sopc.diagnostics import read_prose

    source = graph.source
    if source is None:
        raise UsageError(f"`{path}` names no prose", hint="only compiled graphs have a source")
    prose = read_prose(source, path.parent, lambda one: prose_text(path.parent / one.path, one))
    if prose.text is None:
        raise UsageError(
            f"the prose `{prose.path}` "
            + (prose.problem or f"has changed since `{path}` was made"),
            hint=f"`sopc compile {prose.path}` compiles it again" if prose.sha256 else None,
        )
    return prose.text


def _numbered(text: str) -> str:
    from sopc.diagnostics.printable import printable

    lines = [printable(line.expandtabs(4)) for line in _LINE_END.split(text)]
    width = len(str(len(lines)))
    return "\n".join(f"{number:{width}} | {line}" for number, line in enumerate(lines, start=1))


def _sentences(graph: "StepGraph", path: Path) -> "Callable[[ProseCitation], str]":
    """Give the passage around a citation, or its quote where the prose is away or newer."""
    try:
        text = _prose(graph, path)
    except UsageError:
        return lambda cite: cite.quote
    starts = [0, *(end.end() for end in _LINE_END.finditer(text))]

    def place(line: int, column: int) -> int:
        return starts[line - 1] + column - 1 if line <= len(starts) else len(text)

    passages = [
        (at, at + one.length) for one in graph.passages for at in [place(one.line, one.column)]
    ]

    def sentence(cite: "ProseCitation") -> str:
        at = place(cite.line, cite.column)
        return next((text[start:end] for start, end in passages if start <= at < end), cite.quote)

    return sentence
