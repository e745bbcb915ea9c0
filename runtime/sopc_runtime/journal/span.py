"""Spans: one for each run, step and call, with ids that are the same after a restart."""

import hashlib
from threading import local

from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)
from opentelemetry.util.types import AttributeValue

from sopc_runtime.journal.begun import Beginnings, nanoseconds
from sopc_runtime.journal.entry import Draft


class DerivedIds(IdGenerator):
    """Gives the ids that were set for the next span of a thread."""

    def __init__(self) -> None:
        self._next = local()
        self._random = RandomIdGenerator()

    def set(self, trace: int, span: int) -> None:
        """Say what the next span of this thread is called."""
        self._next.trace, self._next.span = trace, span

    def generate_span_id(self) -> int:
        """Give the span's id."""
        return getattr(self._next, "span", None) or self._random.generate_span_id()

    def generate_trace_id(self) -> int:
        """Give the trace's id."""
        return getattr(self._next, "trace", None) or self._random.generate_trace_id()

    def is_trace_id_random(self) -> bool:
        """Tell samplers that ids are spread evenly, as hashes are."""
        return True


class Spans:
    """Makes finished spans from what ended and how it began.

    `provider` must have been made with `ids` as its generator.
    """

    def __init__(self, provider: TracerProvider, ids: DerivedIds, begun: Beginnings) -> None:
        self._tracer = provider.get_tracer("sopc")
        self._sampler = provider.sampler
        self._ids = ids
        self._begun = begun

    def run(self, run: str, name: str, end: Draft) -> None:
        """Make the span of a run that has ended."""
        begun = self._begun.of_run(run) or end
        self._make(
            name,
            Context(),
            (run, _root(run)),
            (begun, end),
            {
                "sopc.run": run,
                "sopc.procedure": name,
                "sopc.graph": end.graph,
                "sopc.status": end.data.get("status"),
            },
            failed=end.data.get("status") == "failed",
        )

    def step(self, run: str, name: str, end: Draft, outcome: str) -> None:
        """Make the span of a step that is done, failed, or skipped after it had begun."""
        begun = self._begun.of_step(run, end.step or "")
        if begun is None:
            return
        self._make(
            str(end.step),
            self._within(run, name, _root(run)),
            (run, _of_step(run, begun)),
            (begun, end),
            {
                "sopc.run": run,
                "sopc.procedure": name,
                "sopc.step": end.step,
                "sopc.outcome": outcome,
                "sopc.failure": end.data.get("failure"),
            },
            failed=outcome == "failed",
        )

    def call(self, run: str, name: str, begun: Draft, end: Draft, outcome: str) -> None:
        """Make the span of a call that is over."""
        step = self._begun.of_step(run, begun.step or "")
        parent = _root(run) if step is None else _of_step(run, step)
        system, operation = begun.data.get("system"), begun.data.get("operation")
        self._make(
            f"{system}.{operation}",
            self._within(run, name, parent),
            (run, _id(f"call:{run}:{begun.data.get('id')}", 8)),
            (begun, end),
            {
                "sopc.run": run,
                "sopc.procedure": name,
                "sopc.step": begun.step,
                "sopc.system": str(system),
                "sopc.operation": str(operation),
                "sopc.outcome": outcome,
                "sopc.failure": end.data.get("failure"),
            },
            failed=outcome != "succeeded",
        )

    def _make(
        self,
        name: str,
        context: Context,
        ids: tuple[str, int],
        times: tuple[Draft, Draft],
        attributes: dict[str, AttributeValue | None],
        *,
        failed: bool,
    ) -> None:
        (run, span_id), (begun, end) = ids, times
        self._ids.set(_trace(run), span_id)
        span = self._tracer.start_span(
            name,
            context,
            attributes={key: each for key, each in attributes.items() if each is not None},
            start_time=nanoseconds(begun.at),
        )
        if failed:
            # The message of a failure may hold values.
            span.set_status(Status(StatusCode.ERROR))
        span.end(nanoseconds(end.at))

    def _within(self, run: str, name: str, parent: int) -> Context:
        """Give the context of a span that may be made later, sampled as its run will be."""
        decision = self._sampler.should_sample(Context(), _trace(run), name).decision
        is_sampled = decision is Decision.RECORD_AND_SAMPLE
        flags = TraceFlags(TraceFlags.SAMPLED if is_sampled else TraceFlags.DEFAULT)
        own = SpanContext(_trace(run), parent, is_remote=False, trace_flags=flags)
        return set_span_in_context(NonRecordingSpan(own), Context())


def _trace(run: str) -> int:
    return _id(f"trace:{run}", 16)


def _root(run: str) -> int:
    return _id(f"run:{run}", 8)


def _of_step(run: str, begun: Draft) -> int:
    return _id(f"step:{run}:{begun.step}:{nanoseconds(begun.at)}", 8)


def _id(text: str, size: int) -> int:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    # Zero is no id.
    return int.from_bytes(digest[:size]) or 1
