"""Moving runs to the version that is deployed, or to another that is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from sopc.errors import UsageError
from sopc_runtime.core.event import ModeChanged, Moved
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import STATE
from sopc_runtime.deployment.migration import left_as_set, obstacles
from sopc_runtime.deployment.obstacle import Obstacle
from sopc_runtime.deployment.running import open_calls, run_row, waiting_mail
from sopc_runtime.deployment.signature import counting
from sopc_runtime.store.documents import program
from sopc_runtime.store.mailbox import post
from sopc_runtime.store.run_start import Version, version


@dataclass(frozen=True, slots=True)
class Move:
    """What there is to say of moving one run.

    Attributes:
        run: The run's id.
        before: The hash that it went by.
        reasons: Why it cannot be moved; nothing if it can.
        remarks: What stays as it was although the new version says otherwise.
        already: Whether it goes by that version as it is.
    """

    run: str
    before: str
    reasons: tuple[Obstacle, ...] = ()
    remarks: tuple[str, ...] = ()
    already: bool = False

    @property
    def possible(self) -> bool:
        """Whether it can be moved."""
        return not self.reasons and not self.already


def move(
    connection: Connection, run: str, to: Version, *, by: str, now: datetime, dry: bool = False
) -> Move:
    """Move a run, or with `dry` only say whether it could be; a worker goes on with it.

    It has to be at rest: with events that it has not taken, or with a call under way, nobody knows
    yet where it stands.

    Raises:
        UsageError: There is no such run, it has ended, or it is of another procedure.
    """
    row = run_row(connection, run, lock=True)
    if row.status != "running":
        raise UsageError(f"run `{run}` has ended already: {row.status}")
    if row.name != to.name:
        raise UsageError(f"run `{run}` is one of `{row.name}`, not of `{to.name}`")
    if (row.graph, row.organization) == (to.graph, to.organization):
        return Move(run, row.graph, already=True)
    busy = [
        Obstacle(each.partition("/")[0], "operation", "its system is at it; try again afterwards")
        for each in open_calls(connection, run)
    ]
    waiting = waiting_mail(connection, run)
    if waiting or not row.state:
        events = "an event waits" if waiting == 1 else f"{waiting} events wait"
        says = f"{events} to be taken; try again when a worker has done so"
        busy.append(Obstacle("", "mail", says))
    if busy:
        return Move(run, row.graph, tuple(busy))
    state = STATE.validate_json(row.state)
    old = program(connection, row.graph, row.organization, row.procedure)
    new = to.program(connection)
    found = tuple(obstacles(old, new, state))
    remarks = list(left_as_set(old, new, state))
    mode = _mode_under(connection, to, new, Mode(row.mode))
    if mode is not Mode(row.mode):
        remarks.append(f"it goes on in mode `{mode}`: this version may act no further")
    done = Move(run, row.graph, found, tuple(remarks))
    if done.possible and not dry:
        if mode is not Mode(row.mode):
            less = ModeChanged(at=now, mode=mode, by=by, reason="it is moved to another version")
            post(connection, run, less, key=f"mode:{now.isoformat()}", cause=f"moved:{by}")
        # The worker that takes it pins the run to the new version, in the same transaction.
        event = Moved(at=now, graph=to.graph, organization=to.organization, by=by)
        post(connection, run, event, key=f"moved:{now.isoformat()}", cause=f"moved:{by}")
    return done


def _mode_under(connection: Connection, to: Version, new: Program, mode: Mode) -> Mode:
    """Give how far a run may act under a version: no further than new runs of it, and unsigned not.

    Otherwise a run would act alone by a version that nobody has signed or promoted.
    """
    deployed = version(connection, to.name)
    if to.graph == deployed.graph:
        most = deployed.mode
    elif counting(new.graph, new.organization):
        most = mode
    else:
        most = Mode.SHADOW
    order = list(Mode)
    return min(mode, most, key=order.index)
