"""Decisions: an "if" whose other case is spelled out becomes one step with two ways on."""

from collections.abc import Sequence

from sopc.graph import END, Branch, Condition, DecisionStep, Step
from sopc.graph.slug import slug

_OTHERWISE = ("otherwise", "if not")


def with_decisions(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Put a decision before each step done "if …" that one done "otherwise" follows."""
    built: list[Step] = []
    taken = {step.id for step in steps} | {END}
    index = 0
    while index < len(steps):
        step = steps[index]
        other = steps[index + 1] if index + 1 < len(steps) else None
        otherwise = None if other is None else _otherwise(other)
        if other is None or otherwise is None or not step.when or step.next is not None:
            built.append(step)
            index += 1
            continue
        chosen = slug(f"decide {step.when[0].says}", taken)
        taken.add(chosen)
        after = steps[index + 2].id if index + 2 < len(steps) else END
        built += _pair(chosen, step, other, otherwise, after)
        index += 2
    return tuple(built)


def _otherwise(step: Step) -> Condition | None:
    return next((c for c in step.when if c.says.lower().startswith(_OTHERWISE)), None)


def _pair(
    chosen: str, step: Step, other: Step, otherwise: Condition, after: str
) -> tuple[Step, Step, Step]:
    case = step.when[0]
    citations = {}
    if case.cite is not None:
        citations["title"] = case.cite
    if otherwise.cite is not None:
        citations["otherwise"] = otherwise.cite
    decision = DecisionStep(
        id=chosen,
        title=case.says,
        branches=(Branch(when=case, then=step.id),),
        otherwise=other.id,
        citations=citations,
    )
    rest = tuple(c for c in other.when if c is not otherwise)
    return (
        decision,
        step.model_copy(update={"when": step.when[1:], "next": after}),
        other.model_copy(update={"when": rest}),
    )
