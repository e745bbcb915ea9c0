"""On PostgreSQL, several processes take events in at once: each event starts one run."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from crash_cluster import Server
from sqlalchemy import select

from runtime.triggers.deployed import NOW, REFUND, deploy, graph
from sopc_runtime.store.database import postgres_engine, prepare
from sopc_runtime.store.tables import deliveries, runs
from sopc_runtime.triggers.delivery import Delivery, Outcome
from sopc_runtime.triggers.forged import Forgeries
from sopc_runtime.triggers.intake import receive
from sopc_runtime.triggers.schedule import Schedules

CLOCK = "kind: schedule, id: t, says: every minute, cron: 0-59 9 * * *, time_zone: UTC"


def test_what_comes_to_several_processes_at_once_is_taken_in_once(server: Server) -> None:
    """Events, ticks and the count of forged requests alike; text that no database takes too."""
    engine = postgres_engine(server.database("triggers"))
    prepare(engine)
    with engine.begin() as connection:
        deploy(connection, "refunds", graph("refunds", REFUND))
        deploy(connection, "clock", graph("clock", CLOCK))
    clocks = [Schedules(engine) for _ in range(4)]
    clocks[0].tick(NOW)
    together = Barrier(4)

    def work(number: int) -> list[Outcome]:
        outcomes = []
        for event in range(10):
            together.wait(timeout=30)
            with engine.begin() as connection:
                payload = {"ticket": event, "amount": 5, "more": "\x00"}
                told = Delivery(
                    source="webhook", key=f"e{event}", system="zendesk", payload=payload
                )
                outcomes.append(receive(connection, told, NOW))
            clocks[number].tick(NOW + timedelta(minutes=event + 1))
        forgeries = Forgeries(engine)
        forgeries.add("zendesk", "the token is wrong", NOW)
        forgeries.write()
        return outcomes

    with ThreadPoolExecutor(4) as pool:
        found = [each for outcomes in pool.map(work, range(4)) for each in outcomes]
    with engine.connect() as connection:
        names = list(connection.execute(select(runs.c.name)).scalars())
        forged = connection.execute(
            select(deliveries.c.problem).where(deliveries.c.key.startswith("forged:"))
        ).scalar_one()
    engine.dispose()
    assert (names.count("refunds"), names.count("clock")) == (10, 10)
    assert sum(not each.repeated for each in found) == 10
    assert len({each.runs for each in found}) == 10
    assert forged.startswith("4 requests were not authentic")
