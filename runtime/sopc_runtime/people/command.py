"""The exact command that takes a choice, as it is shown beside a task and sent with it."""

from collections.abc import Sequence

from sopc.graph import DataField
from sopc_runtime.core.task import Choice, TaskKind
from sopc_runtime.people.editing import needs_reason
from sopc_runtime.people.value_text import example

BY_HAND = ("done", "by-hand")
"""The choices that `sopc done` stands for."""


def command(
    number: int,
    choice: str,
    kind: TaskKind,
    fields: Sequence[DataField] = (),
    choices: Sequence[Choice] = (),
) -> str:
    """Give the command for one of a task's choices, with places for what it asks for."""
    gives = any(each.gives for each in choices if each.id == choice)
    if choice in {"approve", "reject"}:
        words = f"sopc {choice} {number}"
    elif choice in BY_HAND:
        words = f"sopc done {number}"
    elif kind is TaskKind.QUESTION and gives and len(fields) == 1:
        return f"sopc answer {number} '{example(fields[0])}'"
    else:
        words = f"sopc answer {number} {choice}"
    if gives:
        words += "".join(
            f" --set {each.name}={_quoted(example(each))}" for each in fields if each.required
        )
    return words + (" --reason WHY" if needs_reason(choice) else "")


def _quoted(text: str) -> str:
    return text if text.replace(".", "").replace("-", "").isalnum() else f"'{text}'"
