"""Writing chains: what entries hold, what leads to what, and what the instance is told."""

import json
from pathlib import Path

import pytest

from runtime.journal.journaled_runs import (
    EMAIL,
    NOON,
    PROGRAM,
    SENSITIVE,
    a_database,
    a_run,
    an_ended_run,
    drafts_of,
    entries,
    events,
    vault_rows,
    written,
)
from sopc.errors import WorkError
from sopc.graph import Failure
from sopc_runtime.core.event import CallFailed, Cancelled
from sopc_runtime.journal.chain import INSTANCE, append
from sopc_runtime.journal.entry import Draft, decision_of, draft_event, event_of
from sopc_runtime.journal.export import exported
from sopc_runtime.journal.vault import unsealed
from sopc_runtime.journal.verify import verify


def test_entries_tell_instant_step_actor_graph_and_cause(tmp_path: Path) -> None:
    """A decision is caused by the event before it; a person's event is that person's."""
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    told = [
        (each.seq, each.kind, each.step, each.actor, each.cause) for each in entries(engine, "r1")
    ]
    assert told == [
        (1, "event:started", None, "Ana Pires", None),
        (2, "decision:step-begun", "greet/0", "sopc", 1),
        (3, "decision:open-task", "greet", "sopc", 1),
        (4, "decision:set-timer", None, "sopc", 1),
        (5, "event:task-decided", None, "Rui", None),
        (6, "decision:call", "greet/0", "sopc", 5),
        (7, "event:call-succeeded", None, "sopc", None),
        (8, "decision:step-done", "greet/0", "sopc", 7),
        (9, "decision:finish", None, "sopc", 7),
    ]
    assert {each.graph for each in entries(engine, "r1")} == {PROGRAM.graph_hash}
    assert entries(engine, "r1")[0].at == NOON


def test_the_instance_is_told_of_starts_and_ends(tmp_path: Path) -> None:
    """The chain `*` holds the first and the last hash of each run."""
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    a_run(engine, "r2")
    written(engine, "r2", *drafts_of(*events("r2")[0]))
    told = [(each.kind, each.step, json.loads(each.data)) for each in entries(engine, INSTANCE)]
    first, last = entries(engine, "r1")[0], entries(engine, "r1")[-1]
    assert told[:2] == [
        ("run-started", "r1", {"seq": 1, "hash": first.hash}),
        ("run-ended", "r1", {"seq": 9, "hash": last.hash, "status": "done"}),
    ]
    assert [each[:2] for each in told[2:]] == [("run-started", "r2")]


def test_events_and_decisions_come_back_from_the_journal(tmp_path: Path) -> None:
    """Unsealed, every entry gives the event or decision that it was made from."""
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    back = []
    with engine.connect() as connection:
        for each in entries(engine, "r1"):
            data = unsealed(connection, "r1", json.loads(each.data))
            is_event = each.kind.startswith("event:")
            back.append(
                event_of(each.kind, each.at, data) if is_event else decision_of(each.kind, data)
            )
    assert back == [one for event, decisions in events("r1") for one in (event, *decisions)]


def test_sensitive_values_stand_in_no_row_of_the_journal_and_in_no_export(tmp_path: Path) -> None:
    """By name, nested, in lists, within texts and keys, in any case, later under other names."""
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    with engine.connect() as connection:
        lines = "".join(exported(connection))
        raw = "\n".join(
            str(tuple(row)) for row in connection.exec_driver_sql("SELECT * FROM journal")
        )
    for value in SENSITIVE:
        assert value.lower() not in lines.lower()
        assert value.lower() not in raw.lower()
    assert "gold" in raw
    assert "Lisbon" in raw
    assert '"shown":"Pay to ' in raw
    assert any(EMAIL in row.value for row in vault_rows(engine, "r1"))


def test_short_values_are_sealed_where_they_are_named_only(tmp_path: Path) -> None:
    """Two digits of a phone number do not hide every number with them."""
    engine = a_database(tmp_path)
    an_ended_run(engine, "r1")
    data = json.loads(entries(engine, "r1")[0].data)
    assert data["values"]["guests"][1]["phone"].keys() == {"sealed"}
    assert json.loads(entries(engine, "r1")[3].data)["due"] == "2026-03-02T12:02:00Z"


def test_a_sensitive_value_hides_an_actor_of_the_same_name(tmp_path: Path) -> None:
    """Clear columns cannot hold references, so the name is only marked there."""
    engine = a_database(tmp_path)
    a_run(engine, "r1")
    written(engine, "r1", *drafts_of(*events("r1")[0]))
    written(engine, "r1", draft_event(Cancelled(at=NOON, by=EMAIL), PROGRAM))
    [*_, last] = entries(engine, "r1")
    assert last.actor == "‹sealed›"
    with engine.connect() as connection:
        assert unsealed(connection, "r1", json.loads(last.data))["by"] == EMAIL


def test_a_secret_of_a_binding_is_blotted_out_for_good(tmp_path: Path) -> None:
    """The variable that a binding names stands neither in the journal nor in the vault."""
    engine = a_database(tmp_path)
    a_run(engine, "r1")
    failed = CallFailed(
        at=NOON, call="c", failure=Failure.REFUSED, message="key s3cret-pass is bad"
    )
    written(engine, "r1", draft_event(failed, PROGRAM), environ={"MAILER_PASSWORD": "s3cret-pass"})
    [entry] = entries(engine, "r1")
    assert json.loads(entry.data)["message"] == "key ‹secret› is bad"
    assert not vault_rows(engine, "r1")


def test_a_run_that_is_not_there_has_no_journal(tmp_path: Path) -> None:
    """Nothing is written for it."""
    engine = a_database(tmp_path)
    with pytest.raises(WorkError, match="there is no run `nope`"):
        written(engine, "nope", Draft(at=NOON, kind="event:started"))


def test_what_is_rolled_back_was_never_written(tmp_path: Path) -> None:
    """The chains go on from what was committed."""
    engine = a_database(tmp_path)
    a_run(engine, "r1")
    with engine.connect() as connection:
        append(connection, "r1", drafts_of(*events("r1")[0]))
        connection.rollback()
    assert written(engine, "r1", *drafts_of(*events("r1")[0])) == 1
    assert written(engine, "r1", *drafts_of(*events("r1")[1])) == 5
    assert not verify(engine).breaks


def test_entries_of_the_instance_need_no_run(tmp_path: Path) -> None:
    """A promotion or a pause stands in the chain `*`, after what is there."""
    engine = a_database(tmp_path)
    written(engine, INSTANCE, Draft(at=NOON, kind="paused", step="welcome", actor="Rui"))
    assert written(engine, INSTANCE, Draft(at=NOON, kind="resumed", step="welcome")) == 2
    assert not verify(engine).breaks
