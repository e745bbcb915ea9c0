"""`sopc ask`: the open questions of a graph, answered in the terminal."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopc.cli import output

if TYPE_CHECKING:
    from sopc.cli.source_text import SourceText
    from sopc.graph import Question, StepGraph


class Format(StrEnum):
    """How `--list` writes questions."""

    TEXT = "text"
    JSON = "json"


def ask(
    named: Annotated[
        Path, typer.Argument(help="A graph file, or the prose it was made from.", metavar="NAME")
    ],
    *,
    list_: Annotated[
        bool, typer.Option("--list", help="Print the open questions and ask nothing.")
    ] = False,
    format_: Annotated[Format, typer.Option("--format", help="For `--list`.")] = Format.TEXT,
    by: Annotated[
        str | None, typer.Option(help="Who answers; otherwise git's or the system's user name.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="The answers file; otherwise the one beside the prose.")
    ] = None,
    compile_: Annotated[
        bool, typer.Option("--compile", help="Compile again at the end, from the cache.")
    ] = False,
) -> None:
    """Answer the questions that the prose leaves open.

    Each answer is written to the answers file at once; the next `sopc compile` puts it into the
    graph. Enter skips a question, `-` accepts that the answer is unstated, `?` explains, `q` stops.
    """
    from sopc.cli.naming import graph_of
    from sopc.cli.source_text import source_or_quotes
    from sopc.graph.file import load_graph
    from sopc_compiler.answers import load_answers

    path = graph_of(named)
    graph = load_graph(path).graph
    prose = _prose(graph, path)
    target = answers or _answers_path(path, prose)
    given = load_answers(target).entries
    keys = {(entry.passage, entry.field) for entry in given}
    questions = [one for one in graph.questions if (one.passage, one.field) not in keys]
    if list_:
        _print(questions, prose or path, format_)
        return
    if not questions:
        output.note(f"no open questions in `{path}`")
    else:
        source = source_or_quotes(graph, path)
        count = _walk(questions, source, target, {entry.id for entry in given}, by)
        output.note(f"{count} of {len(questions)} answered" + (f" in `{target}`" if count else ""))
    if compile_ and prose is not None:
        from sopc.cli.compile import compile_prose

        compile_prose([str(prose)], to=path, answers=target, offline=True)
    elif prose is not None and (given or questions):
        output.note(f"`sopc compile {prose}` puts the answers into the graph")


def _prose(graph: "StepGraph", path: Path) -> Path | None:
    prose = path.parent / graph.source.path if graph.source else None
    return prose if prose is not None and prose.is_file() else None


def _answers_path(path: Path, prose: Path | None) -> Path:
    from sopc.cli.naming import answers_beside

    return answers_beside(prose or path)


def _print(questions: "list[Question]", where: Path, format_: Format) -> None:
    from sopc.diagnostics.printable import printable

    if format_ is Format.JSON:
        data = [one.model_dump(mode="json", exclude_none=True) for one in questions]
        output.result(json.dumps(data, indent=2, ensure_ascii=False))
        return
    for question in questions:
        line = getattr(question.cite, "line", None)
        place = f"{where}:{line}" if line else str(where)
        output.result(f"{place}: {printable(question.asks)} [{question.field}]")


def _walk(
    questions: "list[Question]",
    source: "SourceText",
    target: Path,
    taken: set[str],
    by: str | None,
) -> int:
    from datetime import UTC, datetime

    from sopc.cli.interview import Dialogue, interview
    from sopc.cli.user import user_name
    from sopc_compiler.answers import save_answer

    dialogue = Dialogue(
        read=_read,
        say=lambda line: typer.echo(line, err=True),
        save=lambda answer: save_answer(answer, target),
        now=lambda: datetime.now(UTC).replace(microsecond=0),
        by=by or user_name(),
    )
    try:
        return interview(questions, source, taken, dialogue)
    except KeyboardInterrupt:
        typer.echo(f"\nstopped; what was answered is in `{target}`", err=True)
        raise typer.Exit(130) from None


def _read() -> str | None:
    sys.stderr.write("> ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        sys.stderr.write("\n")
        return None
    return line
