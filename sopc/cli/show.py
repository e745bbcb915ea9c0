"""`sopc show`: a graph for reading, in the terminal or as a chart."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sopc.cli import output
from sopc.errors import UsageError


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
        from sopc.cli.source_text import source_text

        output.result(source_text(loaded, graph).numbered())
    else:
        from sopc.cli.source_text import source_or_quotes
        from sopc.render.tree import graph_tree

        sentence = source_or_quotes(loaded, graph).sentence
        tree = graph_tree(loaded, sentence=sentence, procedure=procedure)
        output.console().print(tree)
