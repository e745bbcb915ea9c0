"""Telling that two steps are the same act, by their titles."""

import re

from sopc.graph import Step, StepGraph
from sopc.organization.name import folded

_ARTICLES = frozenset({"the", "a", "an"})
_WHERE = r" (?:in|on|via|through|with|using) "


class ActKeys:
    """Gives titles without articles, the ending of the verb, and the system where they end in it.

    "Sends the invoice in Xero" and "Send the invoice", done in Xero, are the same act.
    """

    def __init__(self, graph: StepGraph) -> None:
        self._called = {system.id: folded(system.name) for system in graph.systems}

    def key(self, step: Step) -> tuple[str, str | None]:
        """Give what the keys of two steps share if they are the same act."""
        system: str | None = getattr(step, "system", None)
        title = folded(step.title)
        if system is not None:
            called = re.escape(self._called.get(system, system))
            title = re.sub(f"{_WHERE}(?:the )?{called}$", "", title)
        verb, _, rest = title.partition(" ")
        kept = (word for word in rest.split() if word not in _ARTICLES)
        return " ".join((_base(verb), *kept)), system


def _base(verb: str) -> str:
    """Give the stem that "send" and "sends", "fix" and "fixes" share."""
    return re.sub(r"e?s$", "", verb) if not verb.endswith("ss") else verb
