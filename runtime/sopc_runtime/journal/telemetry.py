"""OpenTelemetry: traces and metrics of runs, where the standard variables ask for them."""

import os
from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points
from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from sqlalchemy import Engine

from sopc.errors import UsageError
from sopc_runtime.journal.begun import CALL, STEP_BEGUN, Beginnings
from sopc_runtime.journal.entry import DECISION_MARK, EVENT_MARK, Draft
from sopc_runtime.journal.measure import Measures
from sopc_runtime.journal.span import DerivedIds, Spans

_STARTED = f"{EVENT_MARK}started"
_CALLS = f"{EVENT_MARK}call-"
_STEPS = f"{DECISION_MARK}step-"


class Telemetry:
    """Tells traces and metrics what was written to the journal; used from several threads."""

    def __init__(
        self,
        engine: Engine,
        *,
        span_processors: Iterable[SpanProcessor] = (),
        metric_readers: Iterable[MetricReader] = (),
    ) -> None:
        resource = _resource()
        ids = DerivedIds()
        self._traces = TracerProvider(resource=resource, id_generator=ids, shutdown_on_exit=False)
        for processor in span_processors:
            self._traces.add_span_processor(processor)
        self._metrics = MeterProvider(
            metric_readers=tuple(metric_readers), resource=resource, shutdown_on_exit=False
        )
        self._begun = Beginnings(engine)
        self._spans = Spans(self._traces, ids, self._begun)
        self._measures = Measures(self._metrics, engine)

    def observe(self, run: str, name: str, drafts: Iterable[Draft]) -> None:
        """Tell what was added to a run's chain, after it was committed.

        Args:
            run: The run's id.
            name: The deployed procedure.
            drafts: What was added, in its order.
        """
        for draft in drafts:
            if draft.kind.startswith(EVENT_MARK):
                self._event(run, name, draft)
            elif draft.kind.startswith(DECISION_MARK):
                self._decision(run, name, draft)

    def close(self) -> None:
        """Send what is not sent yet, and stop."""
        self._traces.shutdown()
        self._metrics.shutdown()

    def _event(self, run: str, name: str, draft: Draft) -> None:
        if draft.kind == _STARTED:
            self._begun.remember(run, "run", "", draft)
            mode = str(draft.data.get("mode"))
            self._measures.runs_started.add(1, {"sopc.procedure": name, "sopc.mode": mode})
        elif draft.kind.startswith(_CALLS):
            self._call_over(run, name, draft)

    def _call_over(self, run: str, name: str, draft: Draft) -> None:
        begun = self._begun.of_call(run, str(draft.data.get("call")))
        if begun is None:
            return
        outcome = draft.kind.removeprefix(_CALLS)
        attributes = {
            "sopc.procedure": name,
            "sopc.system": str(begun.data.get("system")),
            "sopc.outcome": outcome,
        }
        if draft.data.get("failure"):
            attributes["sopc.failure"] = str(draft.data["failure"])
        self._measures.calls.add(1, attributes)
        seconds = max((draft.at - begun.at).total_seconds(), 0.0)
        self._measures.durations.record(seconds, attributes)
        self._spans.call(run, name, begun, draft, outcome)

    def _decision(self, run: str, name: str, draft: Draft) -> None:
        kind = draft.kind.removeprefix(DECISION_MARK)
        own = {"sopc.procedure": name}
        if draft.kind == STEP_BEGUN:
            self._begun.remember(run, "step", draft.step or "", draft)
        elif draft.kind == CALL:
            self._begun.remember(run, "call", str(draft.data.get("id")), draft)
        elif draft.kind.startswith(_STEPS):
            outcome = draft.kind.removeprefix(_STEPS)
            step = (draft.step or "").partition("/")[0]
            self._measures.steps.add(1, {**own, "sopc.step": step, "sopc.outcome": outcome})
            self._spans.step(run, name, draft, outcome)
        elif kind == "escalate":
            if not draft.data.get("quiet"):
                self._measures.escalations.add(1, own | _ladder(draft.data))
        elif kind == "deadline-missed":
            self._measures.deadlines.add(1, own)
        elif kind == "finish":
            status = str(draft.data.get("status"))
            self._measures.runs_ended.add(1, {**own, "sopc.status": status})
            self._spans.run(run, name, draft)


def _resource() -> Resource:
    """Give what the environment says of this service, by the name `sopc` unless it has one."""
    stated = Resource.create()
    if str(stated.attributes[SERVICE_NAME]).startswith("unknown_service"):
        return stated.merge(Resource({SERVICE_NAME: "sopc"}))
    return stated


def _ladder(data: Mapping[str, Any]) -> dict[str, str]:
    return {"sopc.ladder": str(data.get("ladder"))}


def telemetry(engine: Engine, environ: Mapping[str, str] = os.environ) -> Telemetry | None:
    """Give the telemetry that the standard `OTEL_*` variables ask for; None if they ask for none.

    An endpoint (`OTEL_EXPORTER_OTLP_ENDPOINT`) or an exporter (`OTEL_TRACES_EXPORTER`,
    `OTEL_METRICS_EXPORTER`) asks for it. Exporters are those of installed packages.

    Raises:
        UsageError: An exporter is asked for that is not installed.
    """
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return None
    traces, metrics = _asked(environ, "TRACES"), _asked(environ, "METRICS")
    if not traces and not metrics:
        return None
    processors = [BatchSpanProcessor(_made("traces", each, environ)) for each in traces]
    readers: list[MetricReader] = []
    for each in metrics:
        made = _made("metrics", each, environ)
        # Some are asked for their figures, and others send them.
        is_reader = isinstance(made, MetricReader)
        readers.append(made if is_reader else PeriodicExportingMetricReader(made))
    return Telemetry(engine, span_processors=processors, metric_readers=readers)


def _asked(environ: Mapping[str, str], signal: str) -> list[str]:
    endpoints = "OTEL_EXPORTER_OTLP_ENDPOINT", f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"
    default = "otlp" if any(environ.get(each) for each in endpoints) else "none"
    named = (environ.get(f"OTEL_{signal}_EXPORTER") or default).split(",")
    return [each.strip() for each in named if each.strip() not in {"", "none"}]


def _made(signal: str, name: str, environ: Mapping[str, str]) -> Any:
    if name == "otlp":
        asked = (
            environ.get(f"OTEL_EXPORTER_OTLP_{signal.upper()}_PROTOCOL")
            or environ.get("OTEL_EXPORTER_OTLP_PROTOCOL")
            or "http/protobuf"
        )
        name = "otlp_proto_grpc" if asked == "grpc" else "otlp_proto_http"
    offered = {each.name: each for each in entry_points(group=f"opentelemetry_{signal}_exporter")}
    if name not in offered:
        raise UsageError(
            f"the {signal} exporter `{name}` is not installed",
            hint="`pip install 'sopc[telemetry]'` installs the one for OTLP over HTTP",
        )
    return offered[name].load()()
