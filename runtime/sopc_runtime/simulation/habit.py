"""A world of habits: people answer after a while, systems answer with samples."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from sopc.graph import DataField, DataType, Failure
from sopc.graph.output import outputs_of
from sopc.organization import Organization
from sopc_runtime.core.asking import MOMENT
from sopc_runtime.core.decision import Call
from sopc_runtime.core.event import Values
from sopc_runtime.core.task import Choice, Task, TaskKind
from sopc_runtime.simulation.memory import MemoryRun
from sopc_runtime.simulation.sample import Sampler
from sopc_runtime.simulation.world import Answer, Outcome

_HOUR, _SECOND = timedelta(hours=1), timedelta(seconds=1)


@dataclass(slots=True)
class Habits:
    """A world in which people take the first choice, and systems do what they are asked.

    Where a step is in trouble, they do it by hand: trying again for ever would be no end.

    Attributes:
        people_after: How long people take.
        systems_after: How long systems take.
        silent: The roles that never answer.
        failing: How each call of a step fails, by the step's id.
    """

    sampler: Sampler
    people_after: timedelta = _HOUR
    systems_after: timedelta = _SECOND
    silent: frozenset[str] = frozenset()
    failing: dict[str, Failure] = field(default_factory=dict)

    def outcome(self, run: MemoryRun, call: Call, now: datetime) -> Outcome | None:
        """Succeed with samples, unless the step is to fail."""
        del now
        step = call.step.partition("/")[0]
        failure = self.failing.get(step)
        if failure is not None:
            return Outcome(
                after=self.systems_after, failure=failure, message=f"it fails as asked: {failure}"
            )
        return Outcome(after=self.systems_after, values=sample_outputs(self.sampler, run, step))

    def answer(
        self, run: MemoryRun, task: Task, now: datetime, *, widened_to: str | None = None
    ) -> Answer | None:
        """Take the first choice, in the name of the first role that is not silent."""
        if widened_to is not None:
            # Somebody else was asked before, and is going to answer.
            before = [each for each in task.roles if each != widened_to]
            if any(each not in self.silent for each in before):
                return None
        asked = [each for each in task.roles if each not in self.silent]
        if task.roles and not asked:
            return None
        role = asked[0] if asked else None
        choice = first_choice(task)
        return Answer(
            choice=choice.id,
            by=holder(run.program.organization, role, now),
            after=self.people_after,
            values=choice_values(self.sampler, task, choice, now + self.people_after),
        )


def sample_outputs(sampler: Sampler, run: MemoryRun, step: str) -> Values:
    """Give sample values for what a step has to bring."""
    outputs = outputs_of(run.program.steps[step])
    return sampler.values(each for each in outputs if isinstance(each, DataField))


def first_choice(task: Task) -> Choice:
    """Give the choice that people take who are not said to take another."""
    wanted = "done" if task.kind is TaskKind.TROUBLE else task.choices[0].id
    return next(each for each in task.choices if each.id == wanted)


def choice_values(sampler: Sampler, task: Task, choice: Choice, then: datetime) -> Values:
    """Give sample values for what a choice has to bring; a moment that is asked for is `then`."""
    if not choice.gives:
        return {}
    told = {each.name: each for each in task.fields}
    if told.keys() == {MOMENT} and told[MOMENT].type is DataType.TIMESTAMP:
        return {MOMENT: then.isoformat()}
    return sampler.values(task.fields)


def holder(organization: Organization | None, role: str | None, now: datetime) -> str:
    """Give who holds a role at an instant; the role's id where nobody is known to."""
    if role is None:
        return "somebody"
    held = organization.holders(role, now.date()) if organization is not None else ()
    return next(chain((each.name for each in held), (role,)))
