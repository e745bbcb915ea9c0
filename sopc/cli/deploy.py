"""`sopc deploy` and `sopc procedures`: what new runs start under."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopc.cli import output
from sopc.cli.database import Data, open_existing
from sopc.cli.user import PERSON_VARIABLE, named

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sopc_runtime.deployment.deploy import Deployed
    from sopc_runtime.deployment.version import DeployedVersion
    from sopc_runtime.modes.agreement import Measured


class ModeName(StrEnum):
    """How far a procedure acts."""

    SHADOW = "shadow"
    ASSIST = "assist"
    AUTONOMOUS = "autonomous"


def deploy(
    graphs: Annotated[list[Path], typer.Argument(help="Graph files.", metavar="GRAPH...")],
    *,
    mode: Annotated[
        ModeName | None,
        typer.Option(
            help="How far new runs act; by default a new procedure is in shadow, and one that is "
            "deployed already keeps its mode if the new version is signed."
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="Who deploys; otherwise git's or the system's user.",
            metavar="NAME",
            envvar=PERSON_VARIABLE,
            callback=named,
        ),
    ] = None,
    organization: Annotated[
        Path | None,
        typer.Option(help="The organization file; otherwise the nearest `organization.yaml`."),
    ] = None,
    data: Data = None,
) -> None:
    """Deploy step graphs: new runs start under them.

    Each procedure is deployed as `GRAPH`, or as `GRAPH/PROCEDURE` where a graph has several. Runs
    that are under way go on under the version that they began with.
    """
    from sopc.cli.naming import graph_of
    from sopc.cli.sign import errors_of
    from sopc.cli.user import user_name
    from sopc_runtime.core.mode import Mode
    from sopc_runtime.deployment.deploy import deploy_file
    from sopc_runtime.deployment.version import counted_runs
    from sopc_runtime.store.database import open_database

    paths = [graph_of(each) for each in graphs]
    wanted = Mode(mode.value) if mode is not None else None
    with open_database(data).begin() as connection:
        before = counted_runs(connection)
        done = [
            deploy_file(
                connection,
                path,
                by=by or user_name() or "unknown",
                now=datetime.now(UTC),
                mode=wanted,
                organization=organization,
            )
            for path in paths
        ]
    for path, each in zip(paths, done, strict=True):
        # Who signed it was told of its errors.
        unsigned = not all(procedure.signers for procedure in each.procedures)
        if unsigned and (errors := errors_of(path, organization)):
            hint = f"its runs may go wrong in shadow too; `sopc check {path}` shows them"
            output.warn(f"`{path}` has {errors}", hint=hint)
        for procedure in each.procedures:
            output.result(_told(procedure))
            _warned(procedure)
            under_way = before.get(procedure.name, {}).get("running", 0)
            if procedure.changed and under_way:
                output.note(
                    f"{under_way} run{'' if under_way == 1 else 's'} under way: what they began "
                    f"with holds for them; `sopc runs migrate --all {procedure.name}` moves them"
                )
        for name in each.withdrawn:
            output.warn(f"`{name}` is withdrawn: the graph has no such procedure any more")


def _told(done: "Deployed") -> str:
    signed = f"signed by {', '.join(done.signers)}" if done.signers else "unsigned"
    what = "deployed" if done.changed else "as it was"
    return f"{done.name}: {what}, {done.mode}, {signed} ({done.graph[:12]})"


def _warned(done: "Deployed") -> None:
    from sopc_runtime.core.mode import Mode

    if done.back and done.signers:
        steps = ", ".join(f"`{each}`" for each in done.bound)
        output.warn(
            f"`{done.name}` is back in shadow, because systems do now what people did: {steps}",
            hint="compare what they would do, and promote it",
        )
    elif done.back:
        output.warn(
            f"`{done.name}` is back in shadow, because nobody has signed this version",
            hint="sign it, deploy it again, and promote it",
        )
    elif not done.signers:
        output.note(f"`{done.name}` is unsigned, so it may run in shadow only")
    elif done.mode is not Mode.SHADOW and done.mode is not done.before:
        output.warn(
            f"`{done.name}` acts in mode `{done.mode}` by order, not by measured agreement",
            hint="`sopc promote` goes by what was compared",
        )


def procedures(
    *,
    json_: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
    data: Data = None,
) -> None:
    """List what is deployed: modes, signatures, runs and agreement."""
    from sopc_runtime.deployment.version import counted_runs, deployed_versions
    from sopc_runtime.modes.agreement import measure
    from sopc_runtime.modes.change import counted_from
    from sopc_runtime.modes.pause import ALL, paused_ones
    from sopc_runtime.people.current import time_zone
    from sopc_runtime.store.database import reading

    with reading(open_existing(data)).begin() as connection:
        versions = deployed_versions(connection)
        zone = time_zone(connection)
        counts = counted_runs(connection)
        paused = {each.name: each for each in paused_ones(connection)}
        measured = {
            each.name: measure(
                connection,
                name=each.name,
                program=each.program,
                since=counted_from(connection, each.name),
            )
            for each in versions
        }
    if json_:
        rows = [
            {
                "name": each.name,
                "mode": each.mode.value,
                "since": each.since.isoformat(),
                "graph": each.row.graph,
                "path": each.row.path,
                "signed_by": list(each.signers),
                "paused": each.name in paused or ALL in paused,
                "runs": counts.get(each.name, {}),
                "agreement": measured[each.name].as_json(),
            }
            for each in versions
        ]
        output.result(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    if not versions:
        output.note("nothing is deployed; `sopc deploy GRAPH` does it")
    for each in versions:
        held = paused.get(each.name) or paused.get(ALL)
        output.result(_listed(each, counts.get(each.name, {}), measured[each.name], zone))
        if held is not None:
            output.result(f"  paused by {held.by} since {_day(held.at, zone)}: {held.reason}")


def _listed(
    version: "DeployedVersion", counts: dict[str, int], measured: "Measured", zone: "ZoneInfo"
) -> str:
    signed = f"signed by {', '.join(version.signers)}" if version.signers else "unsigned"
    total = sum(counts.values())
    runs = f"{total} run{'' if total == 1 else 's'}"
    if counts.get("running"):
        runs += f", {counts['running']} under way"
    count = measured.all
    agreement = (
        f"{count.agreed} of {count.total} acts agree, at least {count.interval.lower:.1%}"
        if count.total
        else "nothing compared"
    )
    return (
        f"{version.name}: {version.mode} since {_day(version.since, zone)}, {signed} "
        f"({version.row.graph[:12]})\n  {runs}; {agreement}"
    )


def _day(at: datetime, zone: "ZoneInfo") -> str:
    from sopc_runtime.people.current import in_zone

    return in_zone(at, zone)
