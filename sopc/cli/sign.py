"""`sopc sign`: vouch for a graph as it is."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sopc.cli import output
from sopc.cli.user import PERSON_VARIABLE, named
from sopc.errors import UsageError


def sign(
    named: Annotated[
        Path, typer.Argument(help="A graph file, or the prose it was made from.", metavar="GRAPH")
    ],
    *,
    by: Annotated[
        str,
        typer.Option(
            help="Who signs: a whole name.", metavar="NAME", envvar=PERSON_VARIABLE, callback=named
        ),
    ],
    role: Annotated[
        str | None, typer.Option(help="As what; a role that the person holds.", metavar="ROLE")
    ] = None,
    note: Annotated[str | None, typer.Option(help="Anything to add.", metavar="TEXT")] = None,
    despite_errors: Annotated[
        str | None,
        typer.Option(help="Why it is signed although it has errors.", metavar="REASON"),
    ] = None,
    organization: Annotated[
        Path | None,
        typer.Option(help="The organization file; otherwise the nearest `organization.yaml`."),
    ] = None,
) -> None:
    """Sign a step graph as it is.

    The sign-off stands in the graph file, with the hash of what was signed: once the graph says
    something else it counts no more. A stale graph is not signed, nor one with errors.
    """
    from sopc.cli.naming import graph_of
    from sopc.graph.file import graph_hash, load_graph, save_graph
    from sopc.organization import find_organization, load_organization
    from sopc_runtime.deployment.signature import counting, known_person, signed

    path = graph_of(named)
    graph = load_graph(path).graph
    place = organization or find_organization(path.parent)
    known = load_organization(place) if place is not None else None
    now = datetime.now(UTC).replace(microsecond=0)
    person = known_person(known, by, now, role=role)
    note = _accepted(path, organization, despite_errors, note)
    digest = graph_hash(graph)
    if any(each.by == person and each.role == role for each in counting(graph, known)):
        output.note(f"`{path}` is signed by {person} already, as it is ({digest[:12]})")
        return
    save_graph(signed(graph, by=person, at=now, role=role, note=note), path)
    output.note(f"{person} signed `{path}` as it is ({digest[:12]})")


def _accepted(
    path: Path, organization: Path | None, despite: str | None, note: str | None
) -> str | None:
    """Refuse a graph that is stale or has errors; give the note, with the errors it is in spite of.

    Errors that the graph suppresses or the baseline holds were accepted before.
    """
    told = errors_of(path, organization)
    if _is_stale(path):
        raise UsageError(
            f"`{path}` is stale: its prose has changed since", hint="compile it again, and read it"
        )
    if told is None:
        if despite is not None:
            output.warn("there are no errors, so `--despite-errors` says nothing")
        return note
    if not (despite or "").strip():
        hint = f"`sopc check {path}` shows them; `--despite-errors REASON` signs it anyway"
        raise UsageError(f"`{path}` has {told}", hint=hint)
    said = f"despite {told}: {despite}"
    return f"{note}; {said}" if note else said


def errors_of(path: Path, organization: Path | None) -> str | None:
    """Say how many errors `sopc check` finds in a graph, and of which rules; None without any."""
    from sopc.checking import CheckOptions, check_files
    from sopc.diagnostics import Severity

    report = check_files([path], CheckOptions(organization=organization))
    errors = [each for each in report.entries() if each.unread or each.severity is Severity.ERROR]
    if not errors:
        return None
    codes = list(dict.fromkeys(each.code for each in errors))
    return f"{len(errors)} error{'' if len(errors) == 1 else 's'} ({', '.join(codes)})"


def _is_stale(path: Path) -> bool:
    """Tell whether the prose differs from what the graph was made from, suppressed or not."""
    import hashlib

    from sopc.graph.file import load_graph

    source = load_graph(path).graph.source
    if source is None:
        return False
    try:
        content = (path.parent / source.path).read_bytes()
    except OSError:
        # Production hosts hold the graph alone; `sopc check` says that it cannot be compared.
        return False
    return hashlib.sha256(content).hexdigest() != source.sha256
