"""`sopc run`: start a deployed procedure by hand, or once for each row of a file."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sopc.cli import output
from sopc.cli.database import Data
from sopc.cli.user import PERSON_VARIABLE, named
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from sopc_runtime.serve.foreground import Standing
    from sopc_runtime.triggers.request import Request

WAITS = 4
"""The exit code where a run waits for a person, an event or a time."""


def run(
    name: Annotated[
        str,
        typer.Argument(help="A deployed procedure, or a graph file to deploy.", metavar="NAME"),
    ],
    *,
    input_: Annotated[
        Path | None,
        typer.Option("--input", help="A JSON file with what it is given.", metavar="FILE"),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="One value; wins over `--input`.", metavar="NAME=VALUE"),
    ] = None,
    inputs: Annotated[
        Path | None,
        typer.Option(help="A `.csv` or `.jsonl` file: one run for each row.", metavar="FILE"),
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(help="Where the rows' results go, `.csv` or `.jsonl`.", metavar="FILE"),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(help="The column that names a row; otherwise all it says.", metavar="COLUMN"),
    ] = None,
    batch: Annotated[
        str | None,
        typer.Option(
            help="Names the batch: the same goes on where it stopped; otherwise the file's name.",
            metavar="NAME",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(help="Who starts it.", metavar="NAME", envvar=PERSON_VARIABLE, callback=named),
    ] = None,
    trigger: Annotated[
        str | None,
        typer.Option(help="The trigger that this stands for, by its id.", metavar="ID"),
    ] = None,
    id_: Annotated[
        str | None,
        typer.Option("--id", help="The run's id; one that there is goes on.", metavar="RUN"),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait until it ends, for people and times too.")
    ] = False,
    organization: Annotated[
        Path | None,
        typer.Option(help="The organization file; otherwise those beside what is deployed."),
    ] = None,
    data: Data = None,
) -> None:
    """Start a procedure, and carry it out unless `sopc serve` does.

    Exit codes: 0 done, 1 it failed, 2 wrong values, 4 it waits for a person, an event or a time.
    """
    from sopc_runtime.store.database import open_database
    from sopc_runtime.triggers.request import request

    if inputs is None and (results is not None or key is not None or batch is not None):
        raise UsageError("`--results`, `--key` and `--batch` go with `--inputs`")
    if inputs is not None and (input_ is not None or set_ or id_ is not None):
        raise UsageError(
            "`--inputs` excludes `--input`, `--set` and `--id`", hint="the rows hold the values"
        )
    if inputs is not None and results is None:
        raise UsageError("`--inputs` needs `--results`", hint="name the file for what comes out")
    engine = open_database(data)
    try:
        name = _deployed(engine, name, by, organization)
        with engine.begin() as connection:
            asked = request(connection, name, trigger=trigger, by=by, now=datetime.now(UTC))
        if inputs is not None and results is not None:
            from sopc.cli.batch_run import run_batch

            code = run_batch(
                engine,
                asked,
                inputs,
                results,
                key=key,
                batch=batch or inputs.stem,
                by=by,
                organization=organization,
            )
        else:
            values = _values(asked, input_, set_ or [])
            code = _one(engine, asked, values, run=id_, by=by, organization=organization, wait=wait)
    finally:
        engine.dispose()
    if code:
        raise typer.Exit(code)


def _deployed(engine: "Engine", name: str, by: str | None, organization: Path | None) -> str:
    """Give the name of a procedure; a graph file is deployed first, where it is not as it is."""
    if not name.endswith(".sop.yaml"):
        return name
    from sopc.cli.naming import graph_of
    from sopc.cli.user import user_name
    from sopc.graph.file import graph_hash, load_graph
    from sopc_runtime.deployment.deploy import deploy_file, procedure_name
    from sopc_runtime.store.run_start import versions

    path = graph_of(Path(name))
    graph = load_graph(path).graph
    names = [procedure_name(graph, each.id) for each in graph.procedures]
    if len(names) > 1:
        listed = ", ".join(f"`{each}`" for each in names)
        raise UsageError(
            f"`{path}` holds several procedures: {listed}",
            hint="`sopc deploy` deploys them; then run one by its name",
        )
    with engine.begin() as connection:
        known = {each.name: each.graph for each in versions(connection)}
        if known.get(names[0]) != graph_hash(graph):
            done = deploy_file(
                connection,
                path,
                by=by or user_name() or "somebody",
                now=datetime.now(UTC),
                organization=organization,
            )
            output.note(f"deployed `{names[0]}` in {done.procedures[0].mode} mode")
    return names[0]


def _values(asked: "Request", file: Path | None, settings: list[str]) -> dict[str, Any]:
    """Give what the run begins with.

    Raises:
        UsageError: A value is missing, wrong or not asked for; all of them are named.
    """
    from sopc_runtime.triggers.reading import read_json

    given: dict[str, Any] = {}
    if file is not None:
        try:
            content = file.read_bytes()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"cannot read `{file}`: {reason}") from None
        value, problem = read_json(content)
        if problem is None and not isinstance(value, dict):
            problem = "it is no object"
        if problem is not None:
            raise UsageError(f"`{file}`: {problem}")
        given = value
    words: dict[str, str] = {}
    for setting in settings:
        name, sign, text = setting.partition("=")
        if not sign or not name:
            raise UsageError(f"`--set {setting}` is not written as `--set NAME=VALUE`")
        words[name] = text
    told = asked.unknown({**given, **words})
    # Words are read as their types; what they leave out, the file has to bring as its type.
    read, _ = asked.read(words, textual=True)
    values, problems = asked.read({**given, **words, **read})
    if told or problems:
        fields = ", ".join(
            f"`{each.name}` ({each.type}{'' if each.required else ', may be left out'})"
            for each in asked.fields
        )
        raise UsageError(
            "; ".join([*told, *problems]), hint=f"it takes {fields}" if fields else "it takes none"
        )
    return values


def _one(
    engine: "Engine",
    asked: "Request",
    values: dict[str, Any],
    *,
    run: str | None,
    by: str | None,
    organization: Path | None,
    wait: bool,
) -> int:
    from secrets import token_hex

    from sopc_runtime.deployment.running import run_row
    from sopc_runtime.serve.foreground import executing, wait_until_quiet, waits_for

    own = run or f"{asked.version.name}-{token_hex(6)}"
    with engine.begin() as connection:
        new = asked.start(connection, run=own, values=values, by=by, now=datetime.now(UTC))
        if not new and (other := run_row(connection, own).name) != asked.version.name:
            raise UsageError(
                f"run `{own}` is one of `{other}`", hint="`--id` takes another, or leave it out"
            )
    output.note(f"run `{own}` {'began' if new else 'was there already, and goes on'}")
    with executing(engine, organization) as worker:
        if worker is None and not wait:
            output.result(f"{own}: started")
            if _is_paused(engine, asked.version.name):
                output.warn(
                    f"`{asked.version.name}` is paused, so it goes no further now",
                    hint="`sopc procedures` says by whom and why",
                )
            output.note("another process carries it out; `sopc runs show` tells how it stands")
            return 0
        standing = wait_until_quiet(engine, own, ended=wait)
        if standing.status == "running":
            output.result(f"{own}: waiting")
            for each in waits_for(engine, own):
                output.note(f"waits for {each}")
            if worker is not None:
                output.note("`sopc serve` goes on with it when that has come")
            return WAITS
    _tell(asked, standing)
    return 0 if standing.status == "done" else 1


def _is_paused(engine: "Engine", name: str) -> bool:
    from sopc_runtime.modes.pause import ALL, paused_ones
    from sopc_runtime.store.database import reading

    with reading(engine).connect() as connection:
        return any(each.name in {name, ALL} for each in paused_ones(connection))


def _tell(asked: "Request", standing: "Standing") -> None:
    from sopc.diagnostics.printable import printable

    output.result(f"{standing.run}: {standing.status}")
    for name, value in shown(asked, standing).items():
        output.result(printable(f"{name} = {json.dumps(value, ensure_ascii=False)}"))
    if standing.status != "done" and standing.why:
        output.failure(standing.why, hint=f"`sopc runs show {standing.run}` shows its steps")


def shown(asked: "Request", standing: "Standing") -> dict[str, Any]:
    """Give what a run worked out: the values that it was not given, without sensitive ones."""
    given = {each.name for each in asked.fields}
    return {
        name: "***" if name in asked.program.sensitive else value
        for name, value in standing.values.items()
        if name not in given
    }
