"""The world that a scenario describes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sopc_runtime.core.decision import Call
from sopc_runtime.core.moment import later
from sopc_runtime.core.task import Task
from sopc_runtime.core.value import problems_with
from sopc_runtime.simulation.habit import (
    choice_values,
    first_choice,
    holder,
    sample_outputs,
)
from sopc_runtime.simulation.memory import MemoryRun
from sopc_runtime.simulation.sample import Sampler
from sopc_runtime.simulation.scenario import Given, PersonGiven, SystemGiven
from sopc_runtime.simulation.world import Answer, Outcome


@dataclass(slots=True)
class ScenarioWorld:
    """Answers as a scenario says: systems at once, people not at all unless it does.

    Attributes:
        problems: What the scenario wants and is not possible, as a choice that there is not.
        used: How often each entry was used, by its list and its number in it.
    """

    given: Given
    sampler: Sampler
    problems: list[str] = field(default_factory=list)
    used: dict[tuple[str, int], int] = field(default_factory=dict)
    _answering: dict[tuple[str, str], int] = field(default_factory=dict)

    def outcome(self, run: MemoryRun, call: Call, now: datetime) -> Outcome | None:
        """Answer a call by the first entry that is for it."""
        step = call.step.partition("/")[0]
        for number, entry in enumerate(self.given.systems):
            if not _is_for_call(entry, call):
                continue
            turn = self._turn("systems", number)
            reply = entry.in_turn[min(turn, len(entry.in_turn) - 1)] if entry.in_turn else entry
            if reply.silent:
                return None
            values = reply.gives
            if values is None:
                values = sample_outputs(self.sampler, run, step)
            return Outcome(
                after=_length(run, reply.after or entry.after, now),
                values=values,
                failure=reply.fails,
                in_doubt=reply.in_doubt,
                message=reply.says or "as the scenario says",
            )
        return Outcome(values=sample_outputs(self.sampler, run, step))

    def answer(
        self, run: MemoryRun, task: Task, now: datetime, *, widened_to: str | None = None
    ) -> Answer | None:
        """Decide a task by the first entry that is for it."""
        for number, entry in enumerate(self.given.people):
            if not _is_for_task(entry, task):
                continue
            if widened_to is not None and self._answering.get((run.id, task.id)) == number:
                # Who was asked before is going to answer, or never will.
                return None
            self._answering[run.id, task.id] = number
            return self._answer(number, entry, run, task, now)
        return None

    def _answer(
        self, number: int, entry: PersonGiven, run: MemoryRun, task: Task, now: datetime
    ) -> Answer | None:
        turn = self._turn("people", number)
        reply = entry.in_turn[min(turn, len(entry.in_turn) - 1)] if entry.in_turn else entry
        if reply.silent:
            return None
        choice = first_choice(task)
        if reply.chooses is not None:
            offered = {each.id: each for each in task.choices}
            if reply.chooses not in offered:
                known = ", ".join(f"`{each}`" for each in offered)
                self.problems.append(
                    f"`{task.step}` cannot be decided by `{reply.chooses}`; it offers {known}"
                )
                return None
            choice = offered[reply.chooses]
        after = _length(run, reply.after or entry.after, now)
        values = reply.gives
        if values is None:
            values = choice_values(self.sampler, task, choice, now + after)
        problems = problems_with(values, task.fields) if choice.gives else []
        self.problems += [f"`{task.step}` cannot be decided so: {each}" for each in problems]
        role = entry.role or (task.roles[0] if task.roles else None)
        return Answer(
            choice=choice.id,
            by=reply.by or entry.by or holder(run.program.organization, role, now),
            after=after,
            values=values,
            reason=reply.because,
        )

    def _turn(self, kind: str, number: int) -> int:
        before = self.used.get((kind, number), 0)
        self.used[kind, number] = before + 1
        return before

    @property
    def unused(self) -> list[str]:
        """The entries that nothing was asked of, as places in the scenario."""
        lists = {"systems": self.given.systems, "people": self.given.people}
        return [
            f"given.{kind}[{number}]"
            for kind, entries in lists.items()
            for number in range(len(entries))
            if (kind, number) not in self.used
        ]


def _is_for_call(entry: SystemGiven, call: Call) -> bool:
    return (
        _is_step(entry.step, call.step)
        and entry.system in {None, call.system}
        and entry.operation in {None, call.operation}
    )


def _is_for_task(entry: PersonGiven, task: Task) -> bool:
    return (
        _is_step(entry.step, task.step)
        and (entry.role is None or entry.role in task.roles)
        and entry.kind in {None, task.kind}
    )


def _is_step(wanted: str | None, path: str) -> bool:
    return wanted is None or wanted in {path, path.partition("/")[0]}


def _length(run: MemoryRun, duration: str | None, now: datetime) -> timedelta:
    return later(run.program, now, duration) - now if duration is not None else timedelta()
