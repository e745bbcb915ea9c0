"""The same on PostgreSQL, where transactions really run beside each other."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from crash_cluster import Server

from runtime.people.office import NOW, ORGANIZATION, Office
from sopc.organization import loads_organization
from sopc_runtime.people.deciding import Decision, Outcome, decide
from sopc_runtime.people.inbox import entry, inbox
from sopc_runtime.people.notify import send_waiting
from sopc_runtime.people.notify_settings import NotifySettings
from sopc_runtime.people.refusal import ClosedTaskError
from sopc_runtime.store.database import postgres_engine, prepare

TIDEWATER = loads_organization(ORGANIZATION)


@pytest.fixture
def office(server: Server, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    engine = postgres_engine(server.database(request.node.name[5:50]))
    prepare(engine)
    yield Office(tmp_path, engine=engine)
    engine.dispose()


def test_a_decision_that_waits_for_another_is_told_of_it(office: Office) -> None:
    """Both have read the task as open before either writes; the second waits, and is refused."""
    office.run()
    refused: list[ClosedTaskError] = []
    with office.engine.begin() as first:
        won = decide(first, 1, Decision(choice="approve", by="Lena Brandt"), TIDEWATER, NOW)

        def second() -> None:
            decision = Decision(choice="reject", by="Kofi Mensah", reason="no")
            with office.engine.begin() as connection:
                try:
                    decide(connection, 1, decision, TIDEWATER, NOW)
                except ClosedTaskError as error:
                    refused.append(error)

        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
    thread.join(5)
    assert isinstance(won, Outcome)
    [lost] = refused
    assert (lost.by, lost.choice) == ("Lena Brandt", "approve")
    assert [each.choice for each in office.mail_of("r1")] == ["approve"]
    with office.engine.connect() as connection:
        assert inbox(connection, at=NOW) == []
        assert entry(connection, 1, at=NOW).status == "decided"
    office.notify("task", "task:r1:t1", '{"run": "r1", "task": "t1", "number": 1}')
    settings = NotifySettings.model_validate({"mail": {"host": "127.0.0.1", "from": "a@b.example"}})
    assert [send_waiting(office.engine, settings, lambda: NOW) for _ in range(2)] == [1, 0]
