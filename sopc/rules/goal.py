"""Where a step says that the flow goes."""

from collections.abc import Iterator
from dataclasses import dataclass

from sopc.graph import ApprovalStep, DecisionStep, Step
from sopc.rules.rule import GraphPath


@dataclass(frozen=True, slots=True)
class Goal:
    """An id that the flow goes to, its place within the step, and whether it must be a step."""

    id: str
    path: GraphPath
    backwards: bool = False


def goals(step: Step) -> Iterator[Goal]:
    """Give every id that a step leads to, in the order of the file."""
    if isinstance(step, DecisionStep):
        for index, branch in enumerate(step.branches):
            yield from _goals(branch.then, ("branches", index, "then"))
        yield from _goals(step.otherwise, ("otherwise",))
    if isinstance(step, ApprovalStep):
        yield from _goals(step.on_reject, ("on_reject",))
    if step.loop is not None:
        yield Goal(step.loop.back_to, ("loop", "back_to"), backwards=True)
    yield from _goals(step.next, ("next",))


def _goals(value: str | tuple[str, ...] | None, path: GraphPath) -> Iterator[Goal]:
    if isinstance(value, str):
        yield Goal(value, path)
    elif value is not None:
        for index, each in enumerate(value):
            yield Goal(each, (*path, index))
