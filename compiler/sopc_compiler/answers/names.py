"""The roles and systems of a graph by name, and new ones that answers bring in."""

from typing import TypeVar

from sopc.graph import AnswerCitation, Procedure, RoleUse, StepGraph, SystemUse
from sopc.graph.slug import slug

_Use = TypeVar("_Use", RoleUse, SystemUse)


class Names:
    """Finds a role or system by its name or id, or adds it."""

    def __init__(self, graph: StepGraph) -> None:
        self.roles = list(graph.roles)
        self.systems = list(graph.systems)

    def role(self, words: str, cite: AnswerCitation) -> str:
        """Return the id of a role, which is added if the graph has none of that name."""
        return _id(words, self.roles, RoleUse, cite)

    def system(self, words: str, cite: AnswerCitation) -> str:
        """Return the id of a system, which is added if the graph has none of that name."""
        return _id(words, self.systems, SystemUse, cite)


def used_names(procedures: tuple[Procedure, ...]) -> tuple[set[str], set[str]]:
    """Return the ids of the roles and of the systems that procedures refer to."""
    roles: set[str | None] = set()
    systems: set[str | None] = set()
    for procedure in procedures:
        for rung in procedure.escalation:
            roles.add(rung.to)
            systems.add(rung.via)
        for node in (*procedure.triggers, *procedure.steps):
            roles |= {getattr(node, "role", None), getattr(node, "by", None)}
            systems |= {
                getattr(node, "system", None),
                getattr(getattr(node, "event", None), "system", None),
            }
        for step in procedure.steps:
            roles |= {rung.to for rung in step.escalation}
            roles |= {guardrail.ask for guardrail in step.guardrails}
            systems |= {rung.via for rung in step.escalation}
    return {role for role in roles if role}, {system for system in systems if system}


def _id(words: str, uses: list[_Use], kind: type[_Use], cite: AnswerCitation) -> str:
    wanted = _folded(words)
    for use in uses:
        if wanted in {use.id, _folded(use.name)}:
            return use.id
    made = slug(words, {use.id for use in uses})
    uses.append(kind(id=made, name=words, cite=cite))
    return made


def _folded(name: str) -> str:
    return " ".join(name.casefold().split()).removeprefix("the ")
