"""What happens around the procedures: orders come in, people decide, parcels arrive."""

import json
import random
from dataclasses import dataclass, field

from soak_systems import Clock, Moody
from sqlalchemy import Engine, select

from sopc.organization import Organization
from sopc_runtime.core.event import Started
from sopc_runtime.core.mode import Mode
from sopc_runtime.people.deciding import Decision, decide
from sopc_runtime.people.refusal import RefusalError
from sopc_runtime.store.database import reading
from sopc_runtime.store.run_start import begin
from sopc_runtime.store.tables import awaited, runs, tasks
from sopc_runtime.triggers.delivery import Delivery, Status
from sopc_runtime.triggers.intake import receive

_AT_ONCE = 20
_SLOW = 7
"""Every so many tasks wait until their ladder was climbed."""


@dataclass(slots=True)
class Outside:
    """The world around; what it does is drawn by chance, the same for the same seed.

    Attributes:
        sent: The events that were sent and taken for good, by what became of them.
        again: How many were sent a second time.
        refunds: How many refunds were asked for.
        decided: How many tasks were decided.
        refused: How many decisions came too late.
    """

    engine: Engine
    clock: Clock
    organization: Organization
    systems: dict[str, Moody]
    chance: random.Random
    sent: dict[str, int] = field(default_factory=dict)
    again: int = 0
    repeated: int = 0
    refunds: int = 0
    decided: int = 0
    refused: int = 0
    number: int = 0

    def order(self) -> None:
        """Let an order come in; some come twice, and some are no orders."""
        self.number += 1
        drawn = self.chance.random()
        payload: dict[str, object] = {
            "order": f"o{self.number}",
            "amount": self.chance.randrange(100, 60_000),
        }
        if drawn < 0.02:  # noqa: PLR2004 # some are bad
            payload["amount"] = "a lot"
        event = "parcel sent" if self.number % 20 == 0 else "order placed"
        self._send(f"{self.number}", event, payload)
        if drawn > 0.95:  # noqa: PLR2004 # some come again
            self.again += 1
            self._send(f"{self.number}", event, payload)

    def refund(self) -> None:
        """Ask for a refund."""
        self.refunds += 1
        run = f"refund-{self.refunds}"
        values = {"order": f"r{self.refunds}", "amount": 100, "lines": [1, 2, 3]}
        started = Started(at=self.clock.now(), run=run, mode=Mode.AUTONOMOUS, values=values)
        with self.engine.begin() as connection:
            begin(connection, name="refunds/refunds", run=run, started=started)

    def arrive(self) -> None:
        """Let the parcels arrive that are waited for."""
        query = select(runs.c.id, runs.c.state).join(awaited, awaited.c.run == runs.c.id)
        with reading(self.engine).connect() as connection:
            found = connection.execute(query.limit(_AT_ONCE)).all()
        for row in found:
            order = json.loads(row.state)["values"]["order"]
            # A run that was slow to take it still waits, and is told once more.
            self.again += self._send(f"{order}:arrived", "parcel arrived", {"arrived": order})

    def decide(self, *, all_now: bool = False) -> None:
        """Decide some of the open tasks."""
        query = select(tasks.c.number, tasks.c.kind, tasks.c.run, tasks.c.step, tasks.c.roles)
        with reading(self.engine).connect() as connection:
            found = connection.execute(
                query.where(tasks.c.status == "open").order_by(tasks.c.number).limit(200)
            ).all()
        for row in found:
            patient = row.number % _SLOW == 0 and "manager" not in row.roles
            if patient and row.kind == "approval" and not all_now:
                continue
            by = "Omar Reyes" if "manager" in row.roles else "Lena Brandt"
            taken = Decision(choice=self._choice(row), by=by, reason="as it should be")
            try:
                with self.engine.begin() as connection:
                    decide(connection, row.number, taken, self.organization, self.clock.now())
            except RefusalError:
                self.refused += 1
            else:
                self.decided += 1

    def _choice(self, row: object) -> str:
        kind, run, step = row.kind, row.run, row.step  # type: ignore[attr-defined]
        if kind == "doubt":
            did = self.systems["mailer"].done.any_begins(f"{run}/{step}/")
            return "happened" if did else "not-happened"
        usual = {"approval": "approve", "trouble": "retry", "work": "done"}
        if kind == "approval" and self.chance.random() < 0.1:  # noqa: PLR2004 # some are rejected
            return "reject"
        return usual.get(kind, "done")

    def _send(self, key: str, event: str, payload: dict[str, object]) -> bool:
        """Let an event come in; true if it was known already."""
        delivery = Delivery(source="webhook", key=key, payload=payload, system="shop", event=event)
        with self.engine.begin() as connection:
            outcome = receive(connection, delivery, self.clock.now())
        if outcome.repeated:
            self.repeated += 1
            return True
        name = f"{event}: {Status(outcome.status).value}"
        self.sent[name] = self.sent.get(name, 0) + 1
        return False
