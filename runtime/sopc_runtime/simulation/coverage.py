"""How much of a procedure was seen at work: steps, both ways of conditions, branches, ladders."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from sopc.graph import ApprovalStep, DecisionStep
from sopc.graph.step import Next
from sopc_runtime.core.decision import (
    BranchTaken,
    Decision,
    Escalate,
    OpenTask,
    StepBegun,
    StepFailed,
    StepSkipped,
)
from sopc_runtime.core.event import Event, TaskDecided
from sopc_runtime.core.program import Program
from sopc_runtime.core.task import Task, TaskKind
from sopc_runtime.simulation.memory import MemoryRun


class Sort(StrEnum):
    """What is counted."""

    STEP = "steps"
    CONDITION = "conditions"
    BRANCH = "branches"
    RUNG = "ladders"
    HANDLER = "handlers"
    REJECTION = "rejections"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a scenario may show; `words` name it for people."""

    sort: Sort
    words: str


def items_of(program: Program) -> list[Item]:
    """Give all that scenarios of a procedure may show, in the order of the file."""
    items = []
    for step in program.procedure.steps:
        items.append(Item(Sort.STEP, step.id))
        if step.handles is not None:
            items.append(_handler(step.id, step.handles))
        elif step.when:
            items += [_condition(step.id, holds=True), _condition(step.id, holds=False)]
        if isinstance(step, DecisionStep):
            items += [_branch(step.id, each.then, each.when.says) for each in step.branches]
            if step.otherwise is not None:
                items.append(_branch(step.id, step.otherwise, "otherwise"))
        if isinstance(step, ApprovalStep):
            items.append(_rejection(step.id))
        items += [_rung(step.id, "step", number) for number in range(len(step.escalation))]
    ladder = range(len(program.procedure.escalation))
    return items + [_rung("", "procedure", number) for number in ladder]


@dataclass(slots=True)
class Coverage:
    """What was seen of procedures: by `GRAPH/PROCEDURE`, each item and whether it was seen."""

    seen: dict[str, dict[Item, bool]] = field(default_factory=lambda: defaultdict(dict))

    def expect(self, program: Program) -> None:
        """Count a procedure, whether or not anything of it is seen."""
        known = self.seen[_name(program)]
        for item in items_of(program):
            known.setdefault(item, False)

    def add(self, runs: Iterable[MemoryRun]) -> None:
        """Count what runs show."""
        for run in runs:
            self.expect(run.program)
            known = self.seen[_name(run.program)]
            for item in shown_by(run):
                if item in known:
                    known[item] = True

    def counts(self, name: str, sort: Sort) -> tuple[int, int]:
        """Give how many items of a sort were seen, and how many there are."""
        found = [seen for item, seen in self.seen[name].items() if item.sort is sort]
        return sum(found), len(found)

    def missing(self, name: str) -> list[Item]:
        """Give what was not seen of a procedure."""
        return [item for item, seen in self.seen[name].items() if not seen]

    @property
    def percent(self) -> float:
        """How much of everything was seen, from 0 to 100; 100 where there is nothing."""
        found = [seen for items in self.seen.values() for seen in items.values()]
        return 100 * sum(found) / len(found) if found else 100.0


def shown_by(run: MemoryRun) -> set[Item]:
    """Give what a run shows."""
    items: set[Item] = set()
    tasks: dict[str, Task] = {}
    for taken in run.history:
        event = taken.event
        task = tasks.get(event.task) if isinstance(event, TaskDecided) else None
        if task is not None and task.kind is TaskKind.APPROVAL and _rejects(event):
            items.add(_rejection(task.step.partition("/")[0]))
        for decision in taken.decisions:
            if isinstance(decision, OpenTask):
                tasks[decision.task.id] = decision.task
            elif not _gives_up(decision, task):
                items |= _shown_by(decision, run.program)
    return items


def _rejects(event: Event) -> bool:
    return isinstance(event, TaskDecided) and event.choice == "reject"


def _gives_up(decision: Decision, task: Task | None) -> bool:
    """Tell whether people go on without a step that failed: that says nothing of its conditions."""
    if task is None or task.kind is not TaskKind.TROUBLE:
        return False
    return isinstance(decision, StepSkipped) and decision.step == task.step


def _shown_by(decision: Decision, program: Program) -> set[Item]:
    step = getattr(decision, "step", "").partition("/")[0]
    match decision:
        case StepBegun():
            items = {Item(Sort.STEP, step)}
            if program.steps[step].for_each is None or decision.step != step:
                # Whether it applies is looked at for each element.
                items.add(_condition(step, holds=True))
            handles = program.steps[step].handles
            return items | ({_handler(step, handles)} if handles is not None else set())
        case StepFailed():
            return {Item(Sort.STEP, step)}
        case StepSkipped():
            return {_condition(step, holds=False)}
        case BranchTaken():
            return {_branch(step, decision.to, decision.because)}
        case Escalate():
            ladder = decision.ladder
            return {_rung(step if ladder == "step" else "", ladder, decision.rung)}
    return set()


def _name(program: Program) -> str:
    graph = program.graph
    return graph.id if len(graph.procedures) == 1 else f"{graph.id}/{program.procedure.id}"


def _handler(step: str, handles: str) -> Item:
    return Item(Sort.HANDLER, f"{step} (deals with {handles})")


def _condition(step: str, *, holds: bool) -> Item:
    return Item(Sort.CONDITION, f"{step} ({'applies' if holds else 'does not apply'})")


def _branch(step: str, then: Next, says: str) -> Item:
    to = then if isinstance(then, str) else ", ".join(then)
    return Item(Sort.BRANCH, f"{step} -> {to} ({says})")


def _rejection(step: str) -> Item:
    return Item(Sort.REJECTION, f"{step} (rejected)")


def _rung(step: str, ladder: str, number: int) -> Item:
    return Item(Sort.RUNG, f"{step or ladder}, rung {number + 1}")
