"""How much of a procedure was seen at work: steps, both ways of conditions, branches, ladders."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from sopc.graph import ApprovalStep, DecisionStep
from sopc.graph.step import Next
from sopc_runtime.core.decision import (
    BranchTaken,
    Escalate,
    OpenTask,
    StepBegun,
    StepFailed,
    StepSkipped,
)
from sopc_runtime.core.event import TaskDecided
from sopc_runtime.core.program import Program
from sopc_runtime.core.task import TaskKind
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
    approvals: dict[str, str] = {}
    steps = run.program.steps
    for taken in run.history:
        event = taken.event
        if isinstance(event, TaskDecided) and event.choice == "reject":
            step = approvals.get(event.task)
            items |= {_rejection(step)} if step is not None else set()
        for decision in taken.decisions:
            step = getattr(decision, "step", "").partition("/")[0]
            match decision:
                case StepBegun():
                    items |= {Item(Sort.STEP, step), _condition(step, holds=True)}
                    handles = steps[step].handles
                    items |= {_handler(step, handles)} if handles is not None else set()
                case StepFailed():
                    items.add(Item(Sort.STEP, step))
                case StepSkipped():
                    items.add(_condition(step, holds=False))
                case BranchTaken():
                    items.add(_branch(step, decision.to, decision.because))
                case Escalate():
                    ladder = decision.ladder
                    items.add(_rung(step if ladder == "step" else "", ladder, decision.rung))
                case OpenTask(task=task) if task.kind is TaskKind.APPROVAL:
                    approvals[task.id] = task.step.partition("/")[0]
                case _:
                    pass
    return items


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
