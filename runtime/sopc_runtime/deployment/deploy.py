"""Deploying: what new runs of a procedure start under from now on."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from sopc.errors import UsageError
from sopc.graph import StepGraph
from sopc.graph.document import with_plain_line_ends
from sopc.graph.file import graph_hash, load_graph, loads_graph
from sopc.organization import Organization, find_organization, loads_organization, read_organization
from sopc.organization.review import review
from sopc_runtime.core.mode import Mode
from sopc_runtime.deployment.signature import counting, day_of, signers
from sopc_runtime.deployment.version import hold_deployed
from sopc_runtime.journal.chain import INSTANCE, append
from sopc_runtime.journal.entry import Draft
from sopc_runtime.store.documents import keep, program
from sopc_runtime.store.tables import documents, procedures

DEPLOYED = "deployed"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What became of one procedure.

    Attributes:
        mode: How far new runs act from now on.
        before: How far they did until now; None if it was not deployed.
        changed: Whether new runs start under another graph or organization file than until now.
        signers: Whose sign-offs of this version count.
        back: Whether it is back in shadow, because nobody signed the new version or a step acts now
            that people did until now.
        bound: Those steps.
    """

    name: str
    graph: str
    organization: str
    procedure: str
    mode: Mode
    before: Mode | None
    changed: bool
    signers: tuple[str, ...]
    back: bool = False
    bound: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deployment:
    """What one deployment did.

    Attributes:
        procedures: In the order of the graph.
        withdrawn: Names that the graph had and has no more: no new run starts under them.
    """

    procedures: tuple[Deployed, ...]
    withdrawn: tuple[str, ...] = ()


def procedure_name(graph: StepGraph, procedure: str) -> str:
    """Give the name that a procedure of a graph is deployed under."""
    return graph.id if len(graph.procedures) == 1 else f"{graph.id}/{procedure}"


def deploy_file(
    connection: Connection,
    path: Path,
    *,
    by: str,
    now: datetime,
    mode: Mode | None = None,
    organization: Path | None = None,
) -> Deployment:
    """Deploy a graph file with the organization file that holds for it: one given, or the nearest.

    Raises:
        GraphFileError: One of the files has mistakes.
        UsageError: One cannot be read, or `deploy` refuses it.
    """
    loaded = load_graph(path)
    place = organization or find_organization(path.parent)
    text = read_organization(place).text if place is not None else None
    return deploy(
        connection,
        loaded.text,
        organization=text,
        path=path.resolve(),
        by=by,
        now=now,
        mode=mode,
    )


def deploy(
    connection: Connection,
    graph: str,
    *,
    by: str,
    now: datetime,
    organization: str | None = None,
    path: Path | None = None,
    mode: Mode | None = None,
) -> Deployment:
    """Keep a graph and its organization file, and start new runs of its procedures under them.

    Runs that are under way go on under what they began with, in their mode.

    Args:
        connection: The transaction.
        graph: The graph file's text.
        by: Who deploys it.
        now: The instant.
        organization: The organization file's text.
        path: Where the graph file is.
        mode: How far new runs act. By default a new procedure is in shadow, and one that is
            deployed already keeps its mode if the new version is signed, and no system does what
            people did until now.

    Raises:
        GraphFileError: One of the texts has mistakes.
        UsageError: The mode needs a sign-off, or the organization file shows a secret.
    """
    text = with_plain_line_ends(graph)
    loaded = loads_graph(text, str(path or "<text>")).graph
    own_text = with_plain_line_ends(organization) if organization is not None else None
    own = loads_organization(own_text, "organization.yaml") if own_text is not None else None
    _refuse_secrets(own, now)
    people = signers(counting(loaded, own))
    if mode not in {None, Mode.SHADOW} and not people:
        raise UsageError(
            f"nobody has signed graph `{loaded.id}` as it is, so it may run in shadow only",
            hint=f"`sopc sign {path or loaded.id} --by NAME` signs it",
        )
    digest = graph_hash(loaded)
    hold_deployed(connection)
    _keep_graph(connection, text, digest, loaded)
    org = hashlib.sha256(own_text.encode()).hexdigest() if own_text is not None else ""
    if own_text is not None:
        keep(connection, kind="organization", text=own_text, digest=org)
    done = tuple(
        _deployed(
            connection,
            name=procedure_name(loaded, each.id),
            versions=(digest, org),
            procedure=each.id,
            path=path,
            mode=mode,
            signers=people,
            now=now,
        )
        for each in loaded.procedures
    )
    gone = _withdraw(connection, loaded, {each.name for each in done})
    drafts = [_draft(each, path, by, now) for each in done]
    drafts += [Draft(at=now, kind=WITHDRAWN, step=name, actor=by, graph=digest) for name in gone]
    append(connection, INSTANCE, drafts)
    return Deployment(done, gone)


def _refuse_secrets(organization: Organization | None, now: datetime) -> None:
    if organization is None:
        return
    shown = [each for each in review(organization, day_of(organization, now)) if each.hidden]
    if shown:
        raise UsageError(f"organization file: {shown[0].message}", hint=shown[0].help)


def _keep_graph(connection: Connection, text: str, digest: str, graph: StepGraph) -> None:
    """Keep the graph; sign-offs that came after it was first kept are added to what is kept."""
    keep(connection, kind="graph", text=text, digest=digest)
    where = documents.c.hash == digest
    kept = connection.execute(select(documents.c.text).where(where)).scalar_one()
    if kept != text and len(graph.signoffs) >= len(loads_graph(kept).graph.signoffs):
        connection.execute(update(documents).where(where).values(text=text))


def _deployed(
    connection: Connection,
    *,
    name: str,
    versions: tuple[str, str],
    procedure: str,
    path: Path | None,
    mode: Mode | None,
    signers: tuple[str, ...],
    now: datetime,
) -> Deployed:
    where = procedures.c.name == name
    old = connection.execute(select(procedures).where(where)).one_or_none()
    before = Mode(old.mode) if old is not None else None
    bound = _newly_bound(connection, old, versions, procedure)
    kept = mode is None and before not in {None, Mode.SHADOW}
    back = kept and (not signers or bool(bound))
    taken = mode or (Mode.SHADOW if back else before) or Mode.SHADOW
    row = {
        "name": name,
        "graph": versions[0],
        "organization": versions[1],
        "procedure": procedure,
        "path": str(path) if path is not None else None,
        "mode": taken.value,
        "mode_since": old.mode_since if old is not None and taken is before else now,
        "deployed_at": now,
    }
    changed = old is None or (old.graph, old.organization) != versions
    if old is None:
        connection.execute(insert(procedures).values(row))
    else:
        connection.execute(update(procedures).where(where).values(row))
    return Deployed(
        name=name,
        graph=versions[0],
        organization=versions[1],
        procedure=procedure,
        mode=taken,
        before=before,
        changed=changed,
        signers=signers,
        back=back,
        bound=bound if back else (),
    )


def _newly_bound(
    connection: Connection, old: Row[Any] | None, versions: tuple[str, str], procedure: str
) -> tuple[str, ...]:
    """Give the steps that a system does now and people did: nobody has compared those."""
    if old is None or (old.graph, old.organization) == versions:
        return ()
    before = program(connection, old.graph, old.organization, old.procedure)
    after = program(connection, *versions, procedure)
    return tuple(
        step.id
        for step in after.procedure.steps
        if (operation := after.operation(step)) is not None
        and operation.effect != "read"
        and step.id in before.steps
        and before.operation(before.steps[step.id]) is None
    )


def _withdraw(connection: Connection, graph: StepGraph, kept: set[str]) -> tuple[str, ...]:
    """Take out what the graph once had: one procedure that is several now, or one less."""
    name = procedures.c.name
    own = or_(name == graph.id, name.startswith(f"{graph.id}/", autoescape=True))
    found = connection.execute(select(name).where(own, name.not_in(kept)).order_by(name))
    gone = tuple(found.scalars())
    if gone:
        connection.execute(delete(procedures).where(name.in_(gone)))
    return gone


def _draft(done: Deployed, path: Path | None, by: str, now: datetime) -> Draft:
    data = {
        "organization": done.organization,
        "procedure": done.procedure,
        "mode": done.mode.value,
        "mode_before": done.before.value if done.before else None,
        "signed_by": list(done.signers),
        "path": str(path) if path is not None else None,
    }
    return Draft(at=now, kind=DEPLOYED, step=done.name, actor=by, graph=done.graph, data=data)
