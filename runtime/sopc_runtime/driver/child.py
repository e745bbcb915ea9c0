"""Runs that runs call: how they begin, and how their callers learn of their end."""

import logging
from datetime import datetime
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection

from sopc_runtime.core.decision import StartChild
from sopc_runtime.core.event import ChildEnded, Started
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program
from sopc_runtime.store.mailbox import post
from sopc_runtime.store.run_start import Version, begin, versions

log = logging.getLogger("sopc.worker")

_CAUTION = (Mode.SHADOW, Mode.ASSIST, Mode.AUTONOMOUS)
_ENDINGS = (".sop.yaml", ".sop.yml", ".yaml", ".yml", ".md", ".txt", ".html", ".docx", ".pdf")


def start_child(
    connection: Connection,
    parent: Any,
    program: Program,
    wanted: StartChild,
    *,
    mode: Mode,
    at: datetime,
) -> str:
    """Begin the run that another one calls; gives the run that has mail because of it.

    A procedure of the same file runs under the same version. The child acts no further than its
    caller, nor than it is promoted to itself. Where nothing is deployed that fits, the caller is
    told that the child failed.
    """
    deployed = versions(connection)
    under = _version(deployed, parent, program, wanted)
    if under is None:
        log.error(
            "run `%s` calls `%s`, which is not deployed", parent.id, wanted.file or wanted.procedure
        )
        ended = ChildEnded(at=at, child=wanted.child, status="failed")
        post(connection, parent.id, ended, key=f"ended:{wanted.child}")
        return str(parent.id)
    own = next((each.mode for each in deployed if each.name == under.name), mode)
    started = Started(
        at=at,
        run=wanted.child,
        mode=min(mode, own, key=_CAUTION.index),
        values=wanted.values,
        parent=parent.id,
    )
    begin(
        connection,
        name=under.name,
        run=wanted.child,
        started=started,
        under=under,
        cause=f"run:{parent.id}",
    )
    return wanted.child


def _version(
    deployed: list[Version], parent: Any, program: Program, wanted: StartChild
) -> Version | None:
    if wanted.file is None:
        known = {each.id for each in program.graph.procedures}
        procedure = wanted.procedure or program.procedure.id
        if procedure not in known:
            return None
        graph = program.graph.id
        return Version(
            name=graph if len(known) == 1 else f"{graph}/{procedure}",
            graph=parent.graph,
            organization=parent.organization,
            procedure=procedure,
            mode=Mode(parent.mode),
        )
    stem = _stem(wanted.file)
    fitting = [each for each in deployed if each.name.split("/")[0] == stem]
    if wanted.procedure is not None:
        fitting = [each for each in fitting if each.procedure == wanted.procedure]
    return fitting[0] if len(fitting) == 1 else None


def _stem(file: str) -> str:
    name = PurePath(file).name
    return next((name.removesuffix(each) for each in _ENDINGS if name.endswith(each)), name)
