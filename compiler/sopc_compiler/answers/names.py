"""The roles and systems of a graph by name, and new ones that answers bring in."""

from typing import TypeVar

from sopc.graph import AnswerCitation, Procedure, RoleUse, StepGraph, SystemUse
from sopc.graph.slug import slug
from sopc.organization import Organization, Role, System

_Use = TypeVar("_Use", RoleUse, SystemUse)


class Names:
    """Finds a role or system by its name or id, or adds it as the organization calls it."""

    def __init__(self, graph: StepGraph, organization: Organization | None) -> None:
        self._organization = organization
        self.roles = list(graph.roles)
        self.systems = list(graph.systems)

    def role(self, words: str, cite: AnswerCitation) -> str:
        """Return the id of a role, which is added if the graph has none of that name."""
        known = self._organization.role(words) if self._organization else None
        return _id(words, known, self.roles, RoleUse, cite)

    def system(self, words: str, cite: AnswerCitation) -> str:
        """Return the id of a system, which is added if the graph has none of that name."""
        known = self._organization.system(words) if self._organization else None
        return _id(words, known, self.systems, SystemUse, cite)


def used_names(procedures: tuple[Procedure, ...]) -> tuple[set[str], set[str]]:
    """Return the ids of the roles and of the systems that procedures refer to."""
    roles: set[str | None] = set()
    systems: set[str | None] = set()
    for procedure in procedures:
        for node in (*procedure.triggers, *procedure.steps):
            roles |= {getattr(node, "role", None), getattr(node, "by", None)}
            systems |= {
                getattr(node, "system", None),
                getattr(getattr(node, "event", None), "system", None),
            }
        for bounded in (procedure, *procedure.steps):
            for rung in bounded.escalation:
                roles |= {rung.to, rung.by}
                systems.add(rung.via)
        for step in procedure.steps:
            roles |= {guardrail.ask for guardrail in step.guardrails}
    return {role for role in roles if role}, {system for system in systems if system}


def _id(
    words: str,
    known: Role | System | None,
    uses: list[_Use],
    kind: type[_Use],
    cite: AnswerCitation,
) -> str:
    wanted = _folded(words)
    for use in uses:
        if wanted in {use.id, _folded(use.name)} or (known and use.id == known.id):
            return use.id
    taken = {use.id for use in uses}
    made = kind(
        id=known.id if known else slug(words, taken), name=known.name if known else words, cite=cite
    )
    uses.append(made)
    return made.id


def _folded(name: str) -> str:
    return " ".join(name.casefold().split()).removeprefix("the ")
