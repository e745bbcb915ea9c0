"""Changes of what is deployed, on PostgreSQL, where transactions really run beside each other."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from crash_cluster import Server
from sqlalchemy import Connection, insert, select

from runtime.modes.refund import GRAPH, Office, signed
from sopc.errors import UsageError
from sopc_runtime.core.event import Started
from sopc_runtime.core.mode import Mode
from sopc_runtime.deployment.deploy import deploy
from sopc_runtime.modes.change import tell_people
from sopc_runtime.modes.promotion import demote, promote
from sopc_runtime.modes.settings import ModeSettings
from sopc_runtime.modes.watch import watch
from sopc_runtime.store.database import postgres_engine, prepare
from sopc_runtime.store.run_start import begin, version
from sopc_runtime.store.tables import agreements, journal, procedures

OTHER = GRAPH.replace("id: refunds\ntitle", "id: returns\ntitle", 1)


@pytest.fixture
def office(server: Server, request: pytest.FixtureRequest) -> Iterator[Office]:
    engine = postgres_engine(server.database(request.node.name[5:50]))
    prepare(engine)
    yield Office(engine)
    engine.dispose()


class Beside(threading.Thread):
    """Something done in a transaction of its own, beside that of the test."""

    def __init__(self, office: Office, act: Callable[[Connection], object]) -> None:
        super().__init__(daemon=True)
        self._office, self._act = office, act
        self.error: Exception | None = None
        self.start()
        # If it does not wait for the test's transaction, it is over by then.
        self.join(0.5)

    def run(self) -> None:
        try:
            with self._office.engine.begin() as connection:
                self._act(connection)
        except Exception as error:  # noqa: BLE001 # whatever it is, the test looks at it
            self.error = error

    def ended(self) -> Exception | None:
        self.join(10)
        assert not self.is_alive()
        return self.error


def differ(office: Office) -> None:
    """Let people have done something else in everything that is deployed."""
    with office.engine.begin() as connection:
        for name, graph in connection.execute(select(procedures.c.name, procedures.c.graph)).all():
            rows = [
                {"name": name, "graph": graph, "step": "pay-back", "key": str(number)}
                | {"at": office.now, "agreed": False, "source": "assist"}
                for number in range(20)
            ]
            connection.execute(insert(agreements), rows)


def deployed(office: Office) -> dict[str, str]:
    with office.engine.begin() as connection:
        found = connection.execute(select(procedures.c.name, procedures.c.mode))
        return {row.name: row.mode for row in found}


def test_a_deployment_beside_the_watch_waits_for_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One begins with a procedure that the other ends with, and both write into the journal."""
    office.deploy(signed(GRAPH), mode=Mode.AUTONOMOUS)
    office.deploy(signed(OTHER), mode=Mode.AUTONOMOUS)
    differ(office)
    beside: list[Beside] = []

    def again(connection: Connection) -> None:
        deploy(connection, signed(OTHER), by="Ops", now=office.now)

    def told(*given: Any, **more: Any) -> None:
        tell_people(*given, **more)
        if not beside:
            beside.append(Beside(office, again))

    monkeypatch.setattr("sopc_runtime.modes.watch.tell_people", told)
    with office.engine.begin() as connection:
        done = watch(connection, ModeSettings(), office.now)
    assert beside[0].ended() is None
    assert [each.name for each in done] == ["refunds", "returns"]
    assert deployed(office) == {"refunds": "assist", "returns": "assist"}


def test_a_version_that_is_deployed_meanwhile_is_not_promoted_unsigned(office: Office) -> None:
    """What was measured and signed is another one."""
    office.deploy(signed(GRAPH))

    def promoted(connection: Connection) -> None:
        settings, now = ModeSettings(), office.now
        name, by = "refunds", "Lena Brandt"
        promote(connection, name, by=by, now=now, settings=settings, despite="it is urgent")

    with office.engine.begin() as connection:
        deploy(connection, GRAPH.replace("it is small", "it is tiny"), by="Ops", now=office.now)
        beside = Beside(office, promoted)
    error = beside.ended()
    assert isinstance(error, UsageError)
    assert str(error) == "nobody has signed the deployed version of `refunds`"
    assert deployed(office) == {"refunds": "shadow"}


def test_two_that_watch_demote_once(office: Office) -> None:
    """The second finds what the first has left."""
    office.deploy(signed(GRAPH), mode=Mode.AUTONOMOUS)
    differ(office)
    office.pass_time(minutes=1)

    def watched(connection: Connection) -> None:
        watch(connection, ModeSettings(), office.now)

    with office.engine.begin() as connection:
        watched(connection)
        office.pass_time(minutes=1)
        beside = Beside(office, watched)
    assert beside.ended() is None
    with office.engine.begin() as connection:
        found = select(journal.c.seq).where(journal.c.kind == "demoted")
        assert len(connection.execute(found).all()) == 1
    assert deployed(office) == {"refunds": "assist"}


def test_a_run_that_starts_beside_a_demotion_is_demoted_too(office: Office) -> None:
    """The demotion waits until the run is to be seen."""
    office.deploy(signed(GRAPH), mode=Mode.AUTONOMOUS)
    with office.engine.begin() as connection:
        taken = version(connection, "refunds")
        demoting = Beside(
            office,
            lambda beside: demote(
                beside, "refunds", by="Lena Brandt", now=office.now, reason="no", to=Mode.SHADOW
            ),
        )
        assert demoting.is_alive()
        values = {"ticket": "t", "amount": 5}
        started = Started(at=office.now, run="r", mode=taken.mode, values=values)
        begin(connection, name="refunds", run="r", started=started)
    assert demoting.ended() is None
    office.work()
    assert office.acted == []
