"""What comes with a decision: values that are asked for, and changes to what is approved."""

import json
from collections.abc import Mapping
from typing import Any

from sopc.graph import ActionStep, ApprovalStep, DataField, DataType
from sopc_runtime.core.program import Program
from sopc_runtime.core.task import Choice, Task
from sopc_runtime.core.value import problems_with
from sopc_runtime.people.refusal import UnfitDecisionError
from sopc_runtime.people.value_text import example

_NEEDS_REASON = frozenset({"reject", "cannot", "skip", "stop", "different"})


def editable_fields(task: Task, program: Program) -> tuple[DataField, ...]:
    """Give the inputs that an approver may change, with their types.

    Of others than `input_fields` knows, it is whatever type they have as they are shown.
    """
    inputs = task.shown.get("inputs") or {}
    known = {each.name: each for each in input_fields(task, program)}
    return tuple(
        known[name].model_copy(update={"required": False})
        if name in known
        else _as_shown(name, inputs.get(name))
        for name in task.editable
    )


def input_fields(task: Task, program: Program) -> tuple[DataField, ...]:
    """Give the inputs that are shown and have a type: by the operation, or the value they are."""
    inputs = task.shown.get("inputs") or {}
    step = program.steps.get(task.step.split("/", maxsplit=1)[0])
    operation = program.operation(step) if isinstance(step, ActionStep) else None
    known: dict[str, DataField] = {}
    if operation is not None:
        known = {each: found for each in inputs if (found := operation.input(each)) is not None}
    if isinstance(step, ActionStep | ApprovalStep):
        for each in step.inputs:
            if each.cel in program.fields:
                known.setdefault(each.name, program.fields[each.cel])
    return tuple(known[name].model_copy(update={"name": name}) for name in inputs if name in known)


def value_fields(task: Task, program: Program) -> tuple[DataField, ...]:
    """Give the types of the run's values that are shown."""
    values = task.shown.get("values") or {}
    return tuple(program.fields[name] for name in values if name in program.fields)


def chosen(task: Task, choice: str) -> Choice:
    """Find one of a task's choices by its id.

    Raises:
        UnfitDecisionError: It offers no such choice.
    """
    found = next((each for each in task.choices if each.id == choice), None)
    if found is None:
        offered = ", ".join(f"`{each.id}`" for each in task.choices)
        raise UnfitDecisionError(f"the task has no choice `{choice}`", hint=f"choose {offered}")
    return found


def needs_reason(choice: str) -> bool:
    """Tell whether a choice has to say why."""
    return choice in _NEEDS_REASON


def checked(
    task: Task, choice: Choice, values: Mapping[str, Any], editable: tuple[DataField, ...]
) -> dict[str, Any]:
    """Give the values of a decision, if they fit what the task asks for with this choice.

    Raises:
        UnfitDecisionError: One is missing, not asked for, or of another type.
    """
    given = {name: value for name, value in values.items() if value is not None}
    fields = {each.name: each for each in (editable if choice.id == "approve" else ())}
    fields |= {each.name: each for each in (task.fields if choice.gives else ())}
    strange = [name for name in given if name not in fields]
    if strange:
        known = ", ".join(f"`{name}`" for name in fields)
        raise UnfitDecisionError(
            f"`{choice.id}` takes no value `{strange[0]}`",
            hint=f"it takes {known}" if known else "it takes no values",
        )
    problems = problems_with(given, fields.values())
    if problems:
        needed = [each for each in task.fields if choice.gives and each.required]
        asked = " ".join(f"--set {each.name}={example(each)}" for each in needed)
        hint = f"as `{asked}`" if asked else "give each with its name and value"
        raise UnfitDecisionError("; ".join(problems), hint=hint)
    try:
        json.dumps(given, allow_nan=False, ensure_ascii=False).encode()
    except ValueError:
        raise UnfitDecisionError("the values cannot be written as JSON") from None
    return given


def _as_shown(name: str, value: Any) -> DataField:
    def field(kind: DataType, **more: Any) -> DataField:
        # Names of inputs that only a connector knows may be no names of values.
        return DataField.model_construct(name=name, type=kind, required=False, **more)

    if isinstance(value, bool):
        return field(DataType.BOOLEAN)
    if isinstance(value, int | float):
        return field(DataType.NUMBER if isinstance(value, float) else DataType.INTEGER)
    if isinstance(value, dict):
        return field(DataType.OBJECT)
    if isinstance(value, list):
        inner = _as_shown(name, value[0]).type if value else DataType.STRING
        return field(DataType.LIST, items=inner)
    return field(DataType.STRING)
