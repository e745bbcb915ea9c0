"""Hypothesis strategies for small graphs that run: every construct, in any combination."""

import random
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from sopc.graph import Failure, StepGraph
from sopc.organization import Organization
from sopc_runtime.core.decision import Call
from sopc_runtime.core.task import Task
from sopc_runtime.simulation.habit import choice_values, sample_outputs
from sopc_runtime.simulation.memory import MemoryRun
from sopc_runtime.simulation.sample import Sampler
from sopc_runtime.simulation.world import Answer, Outcome

ORGANIZATION = Organization.model_validate(
    {
        "name": "Tidewater",
        "time_zone": "America/Chicago",
        "business_hours": {},
        "holidays": {"country": "US"},
        "escalation": {"to": "boss", "after": "PT4H"},
        "roles": [{"id": "clerk", "name": "clerk"}, {"id": "boss", "name": "boss"}],
        "systems": [
            {
                "id": "crm",
                "name": "CRM",
                "binding": {"connector": "http"},
                "operations": [
                    {"name": "look_up", "effect": "read"},
                    {"name": "update", "effect": "write", "idempotent": True},
                    {"name": "pay", "effect": "pay"},
                ],
            },
            {"id": "paper", "name": "Paper"},
        ],
        "limits": [{"id": "pay", "says": "small amounts", "cel": "a < 5"}],
    }
)

_CONDITIONS = (
    "a > 1",
    "b == 'x'",
    "a + 1 < 3",
    "c",
    "size(l) > 0",
    "missing_value > 3",
    "1 / a > 0",
)
_DURATIONS = ("PT0S", "PT1H", "P1D", "P1M", "1 business day", "3 business hours")
_POINTS = (
    "17:00",
    "end of business day",
    "friday",
    "day 31 of the month",
    "whenever",
    "2026-12-31",
)

_conditions = st.one_of(
    st.sampled_from(_CONDITIONS).map(lambda cel: {"says": cel, "cel": cel}),
    st.just({"says": "in a person's words"}),
)
_durations = st.sampled_from(_DURATIONS)
_maybe = st.booleans


def _optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


_whens = st.lists(_conditions, max_size=1)
_deadlines = st.one_of(
    st.builds(lambda d, w: {"says": d, "within": d, "when": w}, _durations, _whens),
    st.builds(lambda p: {"says": p, "by": p}, st.sampled_from(_POINTS)),
    st.builds(lambda d: {"says": d, "within": d, "of": "the kickoff"}, _durations),
)
_delays = st.one_of(
    st.builds(lambda d, w: {"says": d, "wait": d, "when": w}, _durations, _whens),
    st.builds(lambda p: {"says": p, "until": p}, st.sampled_from(_POINTS)),
    st.builds(lambda d: {"says": d, "wait": d, "of": "the kickoff"}, _durations),
    st.just({"says": "in a while", "vague": True}),
)
_rungs = st.builds(
    lambda a, to, on, when: {"says": "tell", "after": a, "to": to, "on": on, "when": when},
    st.none() | _durations,
    st.none() | st.just("boss"),
    st.lists(st.sampled_from([str(each) for each in Failure]), max_size=1),
    _whens,
)
_retries = st.builds(
    lambda t, d, b: {"says": "again", "times": t, "delay": d, "backoff": b},
    st.none() | st.integers(1, 3),
    st.none() | _durations,
    st.sampled_from([1.0, 2.0]),
)
_cadences = st.builds(
    lambda e, u: {"says": "often", "every": e, "until": u},
    st.sampled_from(["PT1H", "P1D"]),
    st.none() | _conditions,
)


@st.composite
def _steps(draw: st.DrawFn, ids: list[str], number: int, called: str | None) -> dict[str, Any]:
    kinds = ["action", "action", "action", "human_task", "approval", "decision", "compute", "wait"]
    kind = draw(st.sampled_from([*kinds, *(["call"] if called else [])]))
    later = [*ids[number + 1 :], "end"]
    targets = st.one_of(
        st.sampled_from(later), st.lists(st.sampled_from(later), min_size=1, max_size=3)
    )
    step: dict[str, Any] = {"id": ids[number], "kind": kind, "title": f"Step {number}"}
    step |= draw(
        _optional(
            role=st.sampled_from(["clerk", "boss"]),
            when=_whens,
            deadlines=st.lists(_deadlines, max_size=1),
            delays=st.lists(_delays, max_size=1),
            escalation=st.lists(_rungs, max_size=2),
            retry=_retries,
            cadences=st.lists(_cadences, max_size=1),
            join=st.sampled_from(["all", "any"]),
            next=targets,
            tier=st.sampled_from([1, 2, 3]).map(lambda n: {"level": n, "reason": "so"}),
        )
    )
    if number and draw(_maybe()):
        key = draw(st.sampled_from(["loop", "handles"]))
        back = draw(st.sampled_from(ids[:number]))
        bound = draw(st.integers(1, 2))
        until = draw(st.none() | _conditions)
        step[key] = (
            back if key == "handles" else {"back_to": back, "at_most": bound, "until": until}
        )
    if kind not in {"decision", "call", "wait"} and draw(st.integers(0, 4)) == 0:
        step["for_each"] = {"items": "l", "name": "item"}
    output = [{"name": draw(st.sampled_from(["a", "d"])), "type": "integer"}]
    match kind:
        case "action":
            step["system"] = draw(st.sampled_from(["crm", "crm", "crm", "paper"]))
            step["operation"] = draw(
                st.sampled_from(["look_up", "update", "update", "pay", "unknown"])
            )
            step["inputs"] = [{"name": "amount", "cel": draw(st.sampled_from(["a", "a", "d"]))}]
            step["outputs"] = output
        case "human_task":
            step["outputs"] = draw(st.sampled_from([output, []]))
        case "approval":
            step |= draw(_optional(on_reject=targets, may_edit=_maybe()))
            step["inputs"] = [{"name": "a", "cel": "a"}]
        case "decision":
            branches = st.builds(lambda w, t: {"when": w, "then": t}, _conditions, targets)
            step["branches"] = draw(st.lists(branches, min_size=1, max_size=3))
            step |= draw(_optional(otherwise=targets))
        case "compute":
            cel = draw(st.sampled_from(["a + 1", "a * 2", "1 / (a - a)", "size(l)"]))
            step["values"] = [{"name": "a", "type": "integer", "cel": cel}]
        case "wait":
            event = {"kind": "event", "id": "e", "says": "it comes", "system": "crm"}
            step |= draw(
                _optional(duration=_durations, until=st.sampled_from(_POINTS), event=st.just(event))
            )
        case _:
            step["procedure"] = called
            step["outputs"] = draw(st.sampled_from([output, []]))
    return step


@st.composite
def _procedures(draw: st.DrawFn, name: str, called: str | None) -> dict[str, Any]:
    ids = [f"s{number}" for number in range(draw(st.integers(1, 6)))]
    procedure: dict[str, Any] = {
        "id": name,
        "title": name,
        "steps": [draw(_steps(ids, number, called)) for number in range(len(ids))],
    }
    return procedure | draw(
        _optional(
            deadlines=st.lists(_deadlines, max_size=1), escalation=st.lists(_rungs, max_size=1)
        )
    )


@st.composite
def small_graphs(draw: st.DrawFn) -> StepGraph:
    """Give a graph of two procedures, the first of which may call the second."""
    fields = [
        {"name": "a", "type": "integer"},
        {"name": "b", "type": "string"},
        {"name": "c", "type": "boolean"},
        {"name": "l", "type": "list", "items": "integer"},
    ]
    graph = {
        "id": "small",
        "title": "Small",
        "inputs": fields,
        "procedures": [draw(_procedures("first", "second")), draw(_procedures("second", None))],
    }
    return StepGraph.model_validate(graph)


class Chance:
    """A world that does anything, by a seed: answers, failures, doubts, silence."""

    def __init__(self, now: datetime, seed: int) -> None:
        self._drawn = random.Random(seed)  # noqa: S311 # repeatable
        self._sampler = Sampler(now, drawn=self._drawn)

    def outcome(self, run: MemoryRun, call: Call, now: datetime) -> Outcome | None:
        del now
        after = timedelta(seconds=self._drawn.choice([0, 1, 7200]))
        match self._drawn.randint(0, 9):
            case 0:
                return None
            case 1:
                return Outcome(after=after, in_doubt=True)
            case 2 | 3:
                return Outcome(after=after, failure=self._drawn.choice(list(Failure)))
            case 4:
                return Outcome(after=after, values={})
            case _:
                values = sample_outputs(self._sampler, run, call.step.partition("/")[0])
                return Outcome(after=after, values=values)

    def answer(
        self, run: MemoryRun, task: Task, now: datetime, *, widened_to: str | None = None
    ) -> Answer | None:
        del run, widened_to
        if self._drawn.random() < 0.05:
            return None
        choice = self._drawn.choice(task.choices)
        after = timedelta(minutes=self._drawn.choice([0, 30, 3000]))
        values = choice_values(self._sampler, task, choice, now + after)
        if task.editable and self._drawn.random() < 0.3:
            values = {**values, task.editable[0]: self._drawn.randint(0, 9)}
        return Answer(choice=choice.id, by="somebody", after=after, values=values)
