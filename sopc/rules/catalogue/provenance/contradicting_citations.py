"""The rule `contradicting-citations`, SOP706."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sopc.diagnostics import Confidence, Severity
from sopc.graph import Citation, Deadline, DecisionStep, ProseCitation, Step
from sopc.rules.acts.act_key import ActKeys
from sopc.rules.context import CheckContext, StepPlace
from sopc.rules.rule import Flaw, GraphPath, rule
from sopc.rules.timing.due import Due, due

_BOUND = re.compile(r"\s*([a-z_][a-z0-9_.]*)\s*(<=|>=|<|>|==)\s*(-?\d+(?:\.\d+)?)\s*")


@dataclass(frozen=True, slots=True)
class _Statement:
    """One value of a fact, what it is of, and where it is said.

    Attributes:
        of: What has to be alike for two statements to be about one fact.
        value: What has to be alike for them to agree.
    """

    at: StepPlace
    path: GraphPath
    field: str
    of: tuple[object, ...]
    value: object
    says: str
    cite: Citation | None


@rule("SOP706", "contradicting-citations", Severity.WARNING, Confidence.MEDIUM)
def contradicting_citations(context: CheckContext) -> Iterator[Flaw]:
    """Two sentences that say different things about the same act.

    ## What it does
    Finds two deadlines of one step, or of steps of one procedure with the same title, that count
    from the same moment, hold in all cases, are cited in different lines and have different values;
    and steps with the same title that are done above, or below, different values of the same thing.
    Time of the clock is not compared with business time, nor hours with days of it, nor steps in
    procedures with decisions, because those may be of different cases.

    ## Why it matters
    The prose was changed in one place and not in the other, and people keep to whichever they read.
    A program would keep to both, without anybody having decided so.

    ## Example
    ```yaml
    deadlines:
      - says: within 2 days
        within: P2D
        cite: {line: 5, column: 20, length: 13, quote: within 2 days}
      - says: within 5 days
        within: P5D
        cite: {line: 31, column: 8, length: 13, quote: within 5 days}
    ```

    ## Use instead
    Say it once in the prose; or say in which case each of them holds:
    ```yaml
    deadlines:
      - says: within 2 days
        within: P2D
        when:
          - says: if the order is over 1,000 USD
            cel: amount > 100000
    ```

    ## Fix safety
    No fix is offered: which of them holds is for the people who own the procedure.
    """
    keys = ActKeys(context.graph)
    branching = {each.id for each, _ in context.procedures() if any(map(_branches, each.steps))}
    alike: dict[tuple[object, ...], list[_Statement]] = defaultdict(list)
    for at in context.steps:
        if at.step.handles is None:
            within = at.step.id if at.procedure.id in branching else keys.key(at.step)
            for statement in _statements(at):
                alike[(at.procedure.id, within, *statement.of)].append(statement)
    for statements in alike.values():
        for first, second in pairwise(statements):
            if first.value != second.value and _elsewhere(first, second):
                yield _flaw(first, second)


def _branches(step: Step) -> bool:
    return isinstance(step, DecisionStep) or getattr(step, "on_reject", None) is not None


def _statements(at: StepPlace) -> Iterator[_Statement]:
    if not at.step.when:
        for index, deadline in enumerate(at.step.deadlines):
            found = None if deadline.when or deadline.vague else due(deadline)
            if found is not None:
                yield _deadline(at, index, deadline, found)
    if len(at.step.when) == 1:
        (condition,) = at.step.when
        bound = _BOUND.fullmatch(condition.cel or "")
        if bound is not None:
            of, path = ("when", bound[1], bound[2]), (*at.path, "when", 0, "says")
            value = float(bound[3])
            yield _Statement(at, path, "when", of, value, condition.says, condition.cite)


def _deadline(at: StepPlace, index: int, deadline: Deadline, found: Due) -> _Statement:
    path = (*at.path, "deadlines", index, "says")
    of = ("deadline", *found.of)
    return _Statement(at, path, "deadlines", of, found.value, deadline.says, deadline.cite)


def _elsewhere(first: _Statement, second: _Statement) -> bool:
    """Tell whether two statements are cited in different lines; uncited ones prove nothing."""
    places = {_place(first.cite), _place(second.cite)}
    return None not in places and len(places) > 1


def _place(cite: Citation | None) -> object:
    return cite.line if isinstance(cite, ProseCitation) else cite


def _flaw(first: _Statement, second: _Statement) -> Flaw:
    step = second.at.step
    where = "" if first.at.step is step else f" of step `{first.at.step.id}`, which is the same act"
    return Flaw(
        at=second.path,
        message=f"step `{step.id}` is done `{second.says}`, and elsewhere `{first.says}`",
        about=second.at.about(second.field),
        key=" / ".join(sorted((first.says, second.says))),
        help="say in the prose which of them holds, or in which case each of them does",
        notes=(_said(first),),
        related=((first.path, f"differs from this{where}"),),
        cite=second.cite,
        says="one sentence says this",
        step=step.id,
    )


def _said(statement: _Statement) -> str:
    cite = statement.cite
    if isinstance(cite, ProseCitation):
        return f"line {cite.line} of the prose says `{cite.quote}`"
    return f"the answer `{cite.answer}` says `{statement.says}`" if cite else ""
