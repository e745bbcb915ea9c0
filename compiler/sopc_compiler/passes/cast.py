"""The cast: who and what the steps speak of, one id a name, known names first."""

import re

from sopc.graph import RoleUse, SystemUse
from sopc.graph.slug import slug
from sopc.organization import Organization
from sopc_compiler.fact import Facts, NameFact, Span
from sopc_compiler.language.role_name import names_somebody
from sopc_compiler.passes.cite import Citer
from sopc_compiler.passes.name import name_key

_ARTICLES = re.compile(
    r"^(?:the|a|an|your|our|their|its|his|her|this|that|both|all|each)\s+", re.IGNORECASE
)
_PRONOUN = re.compile(
    r"^(?:you|we|they|he|she|it|i|your|their|everyone|anyone|someone|whoever)\b.{0,4}$",
    re.IGNORECASE,
)


class Cast:
    """Gives the id of a role or system named at some place, and lists all that were used."""

    def __init__(self, facts: Facts, citer: Citer, organization: Organization | None) -> None:
        self._citer = citer
        self._organization = organization
        self._roles: dict[str, RoleUse] = {}
        self._systems: dict[str, SystemUse] = {}
        self._role_ids: dict[frozenset[str], str] = {}
        self._system_ids: dict[frozenset[str], str] = {}
        for fact in facts.roles:
            self._add_role(fact)
        for fact in facts.systems:
            self._add_system(fact)

    @property
    def roles(self) -> tuple[RoleUse, ...]:
        """All roles, in the order of their first mention."""
        return tuple(self._roles.values())

    @property
    def systems(self) -> tuple[SystemUse, ...]:
        """All systems, in the order of their first mention."""
        return tuple(self._systems.values())

    def role(self, span: Span | None) -> str | None:
        """Give the id of the role named at a place; None for pronouns and for what is no role."""
        if span is None:
            return None
        words = _ARTICLES.sub("", self._citer.words(span))
        if not words or _PRONOUN.match(words):
            return None
        key = name_key(words)
        known = self._role_ids.get(key) or _within(key, self._role_ids)
        if known is not None:
            return known
        return self._add_role(NameFact(span, words)) if names_somebody(words.split()) else None

    def system(self, span: Span | None) -> str | None:
        """Give the id of the system named at a place."""
        if span is None:
            return None
        words = _ARTICLES.sub("", self._citer.words(span))
        key = name_key(words)
        known = self._system_ids.get(key) or _within(key, self._system_ids)
        return known or self._add_system(NameFact(span, words))

    def _add_role(self, fact: NameFact) -> str:
        entry = self._organization.role(fact.name) if self._organization else None
        chosen = entry.id if entry else slug(fact.name)
        self._role_ids[name_key(fact.name)] = chosen
        name = entry.name if entry else fact.name
        self._roles.setdefault(
            chosen, RoleUse(id=chosen, name=name, cite=self._citer.cite(fact.span))
        )
        return chosen

    def _add_system(self, fact: NameFact) -> str:
        entry = self._organization.system(fact.name) if self._organization else None
        chosen = entry.id if entry else slug(fact.name)
        self._system_ids[name_key(fact.name)] = chosen
        name = entry.name if entry else fact.name
        self._systems.setdefault(
            chosen, SystemUse(id=chosen, name=name, cite=self._citer.cite(fact.span))
        )
        return chosen


def _within(key: frozenset[str], known: dict[frozenset[str], str]) -> str | None:
    """Find the longest known name whose words all stand in a longer mention, or the reverse."""
    found = [other for other in known if other and (other <= key or key <= other)]
    return known[max(found, key=len)] if found else None
