"""Telemetry tells what runs do to the standard SDK, without values."""

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from sqlalchemy import Engine, insert

from runtime.journal.journaled_runs import (
    NOON,
    PROGRAM,
    SENSITIVE,
    a_database,
    a_run,
    drafts_of,
    events,
    written,
)
from sopc.errors import UsageError
from sopc.graph import Failure
from sopc_runtime.core.decision import Call, DeadlineMissed, Escalate, Finish, StepBegun, StepFailed
from sopc_runtime.core.event import CallFailed, TimerFired
from sopc_runtime.journal.entry import draft_decision, draft_event
from sopc_runtime.journal.telemetry import Telemetry, telemetry
from sopc_runtime.store.tables import tasks


class Watched:
    """Telemetry whose spans and figures stay in memory."""

    def __init__(self, engine: Engine) -> None:
        self.spans = InMemorySpanExporter()
        self.reader = InMemoryMetricReader()
        self.telemetry = Telemetry(
            engine,
            span_processors=[SimpleSpanProcessor(self.spans)],
            metric_readers=[self.reader],
        )

    def finished(self) -> list[ReadableSpan]:
        return list(self.spans.get_finished_spans())

    def figures(self) -> dict[str, list[tuple[dict[str, Any], Any]]]:
        data = self.reader.get_metrics_data()
        assert data is not None
        return {
            metric.name: [
                (dict(point.attributes), getattr(point, "value", getattr(point, "sum", None)))
                for point in metric.data.data_points
            ]
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return a_database(tmp_path)


def told(engine: Engine, run: str, *, restarts: bool = False) -> list[ReadableSpan]:
    """Write a run's journal and tell telemetry of it, if asked a new one for every transaction."""
    a_run(engine, run)
    watched, spans = Watched(engine), []
    for event, decisions in events(run):
        drafts = drafts_of(event, decisions)
        written(engine, run, *drafts)
        watched.telemetry.observe(run, "welcome", drafts)
        if restarts:
            spans += watched.finished()
            watched = Watched(engine)
    return spans + watched.finished()


def test_a_run_is_a_trace_with_a_span_for_each_step_and_call(engine: Engine) -> None:
    """A call's span stands in its step's, and that in the run's, with the journal's instants."""
    call, step, root = told(engine, "r1")
    assert [each.name for each in (call, step, root)] == ["mailer.send", "greet/0", "welcome"]
    assert len({each.context.trace_id for each in (call, step, root)}) == 1
    assert (root.parent, step.parent.span_id) == (None, root.context.span_id)
    assert call.parent.span_id == step.context.span_id
    noon = int(NOON.timestamp()) * 10**9
    minute = 60 * 10**9
    assert (call.start_time, call.end_time) == (noon + minute, noon + 2 * minute)
    assert (root.start_time, root.end_time) == (noon, noon + 2 * minute)
    assert root.attributes["sopc.status"] == "done"
    assert call.attributes["sopc.outcome"] == "succeeded"


def test_a_restart_in_between_changes_no_span(tmp_path: Path) -> None:
    """Beginnings are read from the journal, and ids come from the run's."""
    whole = told(a_database(tmp_path / "one"), "r1")
    parts = told(a_database(tmp_path / "other"), "r1", restarts=True)
    assert [each.to_json() for each in parts] == [each.to_json() for each in whole]
    [*_, other] = told(a_database(tmp_path / "third"), "r2")
    assert other.context.trace_id != whole[0].context.trace_id


def test_no_value_stands_in_spans_or_figures(engine: Engine) -> None:
    """Neither sensitive ones nor others."""
    a_run(engine, "r1")
    watched = Watched(engine)
    for event, decisions in events("r1"):
        watched.telemetry.observe("r1", "welcome", drafts_of(event, decisions))
    text = "".join(each.to_json() for each in watched.finished()) + str(watched.figures())
    assert "mailer" in text
    for value in (*SENSITIVE, "gold", "Lisbon", "thank you", "Pay to"):
        assert value not in text


def test_what_happens_is_counted(engine: Engine) -> None:
    """Runs, steps, calls with their durations, escalations and deadlines, by procedure."""
    watched = Watched(engine)
    own = {"sopc.procedure": "welcome"}
    for event, decisions in events("r1"):
        watched.telemetry.observe("r1", "welcome", drafts_of(event, decisions))
    at = NOON + timedelta(hours=1)
    decisions = [
        DeadlineMissed(step="greet", says="within an hour", due=at),
        Escalate(step="greet", ladder="step", rung=0, says="", why=""),
        Escalate(step="greet", ladder="step", rung=1, says="", why="", quiet=True),
    ]
    watched.telemetry.observe("r1", "welcome", drafts_of(TimerFired(at=at, timer="d"), decisions))
    figures = watched.figures()
    called = own | {"sopc.system": "mailer", "sopc.outcome": "succeeded"}
    assert figures["sopc.runs.started"] == [(own | {"sopc.mode": "autonomous"}, 1)]
    assert figures["sopc.runs.ended"] == [(own | {"sopc.status": "done"}, 1)]
    assert figures["sopc.steps"] == [(own | {"sopc.step": "greet", "sopc.outcome": "done"}, 1)]
    assert figures["sopc.calls"] == [(called, 1)]
    assert figures["sopc.calls.duration"] == [(called, 60.0)]
    assert figures["sopc.escalations"] == [(own | {"sopc.ladder": "step"}, 1)]
    assert figures["sopc.deadlines.missed"] == [(own, 1)]


def test_what_waits_is_counted_in_the_database(engine: Engine) -> None:
    """So that it is right after a restart, and the same in every process."""
    watched = Watched(engine)
    assert watched.figures() == {"sopc.tasks.open": [({}, 0)], "sopc.queue.length": [({}, 0)]}
    row = {"run": "r1", "kind": "work", "name": "n", "step": "s", "roles": [], "content": ""}
    with engine.begin() as connection:
        for task, status in (("t1", "open"), ("t2", "open"), ("t3", "decided")):
            connection.execute(
                insert(tasks).values(task=task, status=status, digest="", opened=NOON, **row)
            )
        connection.exec_driver_sql("INSERT INTO mail (run, key, event) VALUES ('r1', 'k', '{}')")
    assert watched.figures() == {"sopc.tasks.open": [({}, 2)], "sopc.queue.length": [({}, 1)]}


def test_failures_are_errors_by_their_kind(engine: Engine) -> None:
    """Each attempt of a step has a span of its own; messages stay in the journal."""
    watched = Watched(engine)
    call = Call(id="c1", step="greet", system="mailer", operation="send", key="k")
    failed = CallFailed(at=NOON, call="c1", failure=Failure.REFUSED, message="no")
    decisions = [
        StepFailed(step="greet", failure=Failure.REFUSED, message="no"),
        StepBegun(step="greet", attempt=2),
    ]
    begun = [draft_decision(each, PROGRAM, at=NOON) for each in (StepBegun(step="greet"), call)]
    watched.telemetry.observe("r1", "welcome", begun)
    watched.telemetry.observe("r1", "welcome", drafts_of(failed, decisions))
    later = TimerFired(at=NOON + timedelta(hours=1), timer="retry")
    again = [
        StepFailed(step="greet", failure=Failure.REFUSED, message="no"),
        Finish(status="failed", why="no"),
    ]
    watched.telemetry.observe("r1", "welcome", drafts_of(later, again))
    spans = watched.finished()
    assert [each.name for each in spans] == ["mailer.send", "greet", "greet", "welcome"]
    assert {each.status.status_code for each in spans} == {StatusCode.ERROR}
    assert {each.status.description for each in spans} == {None}
    assert [each.attributes.get("sopc.failure") for each in spans] == ["refused"] * 3 + [None]


def test_what_began_before_the_journal_can_tell_is_left_out(engine: Engine) -> None:
    """An outcome of a call that nobody knows makes no span, and no error."""
    watched = Watched(engine)
    failed = CallFailed(at=NOON, call="nope", failure=Failure.REFUSED, message="no")
    watched.telemetry.observe("r1", "welcome", [draft_event(failed, PROGRAM)])
    assert watched.finished() == []


def test_it_is_off_unless_the_standard_variables_ask_for_it(engine: Engine) -> None:
    """No endpoint and no exporter, `none`, and the SDK's own switch."""
    endpoint = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}
    none = {"OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none"}
    assert telemetry(engine, {}) is None
    assert telemetry(engine, endpoint | none) is None
    assert telemetry(engine, endpoint | {"OTEL_SDK_DISABLED": "true"}) is None


def test_an_exporter_that_is_not_installed_is_wrong_usage(engine: Engine) -> None:
    """The hint names the extra that has one."""
    with pytest.raises(UsageError, match="the traces exporter `zipkin` is not installed") as raised:
        telemetry(engine, {"OTEL_TRACES_EXPORTER": "zipkin"})
    assert "sopc[telemetry]" in str(raised.value.hint)


@pytest.fixture
def collector() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Take what is sent to a real endpoint on this machine, by path."""
    taken: dict[str, bytes] = {}

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken[self.path] = taken.get(self.path, b"") + body
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", taken
    server.shutdown()
    thread.join()
    server.server_close()


def test_traces_and_metrics_reach_an_endpoint(
    engine: Engine,
    collector: tuple[str, dict[str, bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Over OTLP and HTTP, with nothing but the endpoint set."""
    url, taken = collector
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    made = telemetry(engine)
    assert made is not None
    for event, decisions in events("r1"):
        made.observe("r1", "welcome", drafts_of(event, decisions))
    made.close()
    assert taken.keys() == {"/v1/traces", "/v1/metrics"}
    assert b"mailer.send" in taken["/v1/traces"]
    assert b"sopc.runs.ended" in taken["/v1/metrics"]
    assert b"sopc" in taken["/v1/traces"]
