"""Erasing takes the content of runs that have ended, and no proof of what happened."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from runtime.journal.journaled_runs import (
    EMAIL,
    NOON,
    PROGRAM,
    SENSITIVE,
    a_database,
    a_run,
    an_end,
    an_ended_run,
    drafts_of,
    entries,
    events,
    vault_rows,
    written,
)
from sopc.errors import UsageError, WorkError
from sopc_runtime.core.decision import DECISION, Call
from sopc_runtime.core.event import EventArrived
from sopc_runtime.core.state import STATE
from sopc_runtime.journal.canonical import canonical, digest_of, hash_of
from sopc_runtime.journal.chain import INSTANCE
from sopc_runtime.journal.entry import draft_event
from sopc_runtime.journal.retention import Erasure, erase
from sopc_runtime.journal.timeline import timeline
from sopc_runtime.journal.vault import unsealed
from sopc_runtime.journal.verify import verify
from sopc_runtime.store.tables import calls, deliveries, outbox, runs

LATER = NOON + timedelta(days=30)


def erased(engine: Engine, *, run: str | None = None, before: datetime | None = None) -> Erasure:
    return erase(engine, by="Grace Okafor", now=lambda: LATER, run=run, before=before)


def test_an_erased_run_leaves_no_value_in_the_database_and_verifies(tmp_path: Path) -> None:
    """Neither in any table nor in the file's bytes; counts tell of it."""
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    head = verify(engine).head
    assert erased(engine, run="r1") == Erasure(runs=1, entries=9)
    found = verify(engine, head=head)
    assert (found.breaks, found.erased, found.runs) == ([], 9, 1)
    engine.dispose()
    held = (tmp_path / "sopc.db").read_bytes().lower()
    assert not [each for each in SENSITIVE if each.lower().encode() in held]
    assert b"lisbon" not in held
    assert b"greet/0" in held


def test_what_happened_when_and_by_whom_stays(tmp_path: Path) -> None:
    """The timeline still tells it; the instance's chain tells who erased it."""
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    before = [(each.at, each.kind, each.actor, each.hash) for each in entries(engine, "r1")]
    erased(engine, run="r1")
    after = [(each.at, each.kind, each.actor, each.hash) for each in entries(engine, "r1")]
    assert before == after
    with engine.connect() as connection:
        assert "5  -  task decided (erased) [Rui]" in list(timeline(connection, "r1"))[5]
    [*_, last] = entries(engine, INSTANCE)
    assert (last.kind, last.step, last.actor, last.at) == ("erased", "r1", "Grace Okafor", LATER)
    assert json.loads(last.data)["entries"] == 9


def test_what_modes_are_judged_by_stays(tmp_path: Path) -> None:
    """Which steps called which system, and which notifications there were."""
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    erased(engine, run="r1")
    with engine.connect() as connection:
        [request] = connection.execute(select(calls.c.request)).scalars()
        [content] = connection.execute(select(outbox.c.content)).scalars()
    asked = DECISION.validate_json(request)
    assert asked == Call(id="c1", step="greet/0", system="mailer", operation="send", key="k")
    assert json.loads(content) == {"run": "r1", "why": ""}


def test_an_erased_run_can_still_be_told_something(tmp_path: Path) -> None:
    """Its state says that it has ended; what comes later stands in its chain, and is erased too."""
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    erased(engine, run="r1")
    with engine.connect() as connection:
        [state] = connection.execute(select(runs.c.state)).scalars()
    assert STATE.validate_json(state) == an_end("r1", values={})
    late = EventArrived(at=LATER, system="mailer", event="bounced", values={"email": EMAIL})
    written(engine, "r1", draft_event(late, PROGRAM))
    found = verify(engine)
    assert (found.breaks, found.erased) == ([], 9)
    assert erased(engine, run="r1") == Erasure(runs=1, entries=1)
    found = verify(engine)
    assert (found.breaks, found.erased) == ([], 10)


def test_only_what_ended_before_is_erased(tmp_path: Path) -> None:
    """Neither what ended later nor what still goes on; a second time there is nothing to do."""
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    a_run(engine, "r2")
    written(engine, "r2", *drafts_of(*events("r2")[0]))
    assert erased(engine, before=NOON) == Erasure(runs=0, entries=0)
    assert erased(engine, before=LATER) == Erasure(runs=1, entries=9)
    assert erased(engine, before=LATER) == Erasure(runs=0, entries=0)
    assert vault_rows(engine, "r2")
    assert not vault_rows(engine, "r1")
    assert not verify(engine).breaks


def test_a_run_that_goes_on_is_not_erased(tmp_path: Path) -> None:
    """Nothing of it is touched."""
    engine = a_database(tmp_path)
    a_run(engine, "r1")
    written(engine, "r1", *drafts_of(*events("r1")[0]))
    with pytest.raises(UsageError, match="run `r1` has not ended"):
        erased(engine, run="r1")
    with pytest.raises(UsageError, match="there is no run `r9`"):
        erased(engine, run="r9")
    assert all(each.data for each in entries(engine, "r1"))


def test_data_that_is_gone_without_a_record_is_found(tmp_path: Path) -> None:
    """Erasing by hand leaves the chain's hashes whole, but nobody is named for it."""
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE journal SET data=NULL, salt=NULL WHERE run='r1' AND seq=3"
        )
    [found] = verify(engine).breaks
    assert found.says == "the data of entry 3 is gone, and no erasure is recorded"
    erased(engine, run="r1")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE journal SET data=NULL, salt=NULL WHERE run='*' AND seq=3"
        )
    assert "the data of entry 3 is gone" in {each.says for each in verify(engine).breaks}


def test_sealed_values_of_an_erased_run_cannot_be_had(tmp_path: Path) -> None:
    """A replay is told so instead of going on with nothing."""
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    data = json.loads(entries(engine, "r1")[0].data)
    with engine.connect() as connection:
        assert unsealed(connection, "r1", data)["values"]["email"] == EMAIL
    erased(engine, run="r1")
    with (
        engine.connect() as connection,
        pytest.raises(WorkError, match="sensitive values of run `r1` are not kept any more"),
    ):
        unsealed(connection, "r1", data)


def test_the_export_before_an_erasure_still_proves_the_chain(tmp_path: Path) -> None:
    """From the file alone, with the hashes that the database kept."""
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    path = tmp_path / "kept.jsonl"
    with path.open("w", encoding="utf-8") as file:
        erase(engine, by="Rui", now=lambda: LATER, run="r1", export=file)
    lines = [json.loads(each) for each in path.read_text(encoding="utf-8").splitlines()]
    previous = ""
    for line, entry in zip(lines, entries(engine, "r1"), strict=True):
        assert digest_of(line["salt"], canonical(line["data"])) == line["digest"]
        line["at"] = datetime.fromisoformat(line["at"])
        previous = hash_of(previous, line)
        assert previous == line["hash"] == entry.hash
        assert entry.data is None
    assert lines[0]["at"] == NOON.astimezone(UTC)


def test_nothing_is_erased_that_could_not_be_exported(tmp_path: Path) -> None:
    """A full disk stops it before the first run that it could not write."""
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    file = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115 # closing it fails too
    with pytest.raises(WorkError, match="cannot write the export of run `r1`: no space left"):
        erase(engine, by="Rui", now=lambda: LATER, run="r1", export=file)
    with suppress(OSError):
        file.close()
    assert verify(engine).erased == 0


def test_old_deliveries_that_no_run_came_of_are_erased_by_age(tmp_path: Path) -> None:
    """Their content and the problems that quote it; not those of later, or of runs that go on."""
    engine = a_database(tmp_path)
    a_run(engine, "goes-on")
    old, late = NOON, LATER
    came = [("a", old, [], f"`to` is no integer: {EMAIL}"), ("b", late, [], None)]
    came += [("c", old, ["goes-on"], None), ("d", old, [], None)]
    with engine.begin() as connection:
        for key, at, started, problem in came:
            row = {"key": key, "received": at, "runs": started, "problem": problem}
            connection.execute(
                insert(deliveries).values(source="webhook", payload=EMAIL, status="refused", **row)
            )
    assert erased(engine, before=LATER) == Erasure(runs=0, entries=0, deliveries=2)
    assert erased(engine, before=LATER) == Erasure(runs=0, entries=0, deliveries=0)
    with engine.connect() as connection:
        rows = connection.execute(select(deliveries).order_by(deliveries.c.key)).all()
    assert [each.payload for each in rows] == ["", EMAIL, EMAIL, ""]
    assert [each.problem for each in rows] == ["its content was erased", None, None, None]
    [entry] = entries(engine, INSTANCE)
    assert (entry.kind, entry.actor) == ("deliveries-erased", "Grace Okafor")
    assert json.loads(entry.data)["deliveries"] == 2
    assert not verify(engine).breaks
