"""What leaves the house in a message: no sensitive values, only that they are there."""

import json
from typing import TYPE_CHECKING, Any

from sopc.graph.expression_tree import names_in
from sopc_runtime.core.program import Program
from sopc_runtime.journal.redaction import redaction
from sopc_runtime.journal.seal import Seal

if TYPE_CHECKING:
    from sopc.graph import Argument


class Discretion:
    """Knows the sensitive values of a run, by their names and wherever else they occur."""

    def __init__(self, program: Program, state: str, *shown: Any) -> None:
        self._program = program
        self._names = redaction(program).names
        self._seal = Seal(salt="")
        values = json.loads(state).get("values", {}) if state else {}
        for each in (values, *shown):
            self._seal.learn(each, self._names)

    def text(self, words: str) -> str:
        """Give a text with marks where sensitive values stood."""
        return self._seal.text(words)

    def hidden(self, step: str, inputs: dict[str, Any]) -> tuple[str, ...]:
        """Give the names of the inputs of a step that hold sensitive values."""
        known = self._program.steps.get(step.split("/", maxsplit=1)[0])
        given: tuple[Argument, ...] = getattr(known, "inputs", ())
        tainted = {
            each.name
            for each in given
            if each.cel is not None and names_in(each.cel) & self._names.keys()
        }
        return tuple(name for name in inputs if name in tainted or name in self._names)
