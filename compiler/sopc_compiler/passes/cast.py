"""The cast: who and what the steps speak of, one id a name, known names first."""

import re
from collections.abc import Iterable

from sopc.graph import RoleUse, SystemUse
from sopc.graph.slug import slug
from sopc.organization import Organization
from sopc_compiler.fact import Facts, NameFact, Span
from sopc_compiler.language.role_name import names_somebody
from sopc_compiler.passes.cite import Citer
from sopc_compiler.passes.name import folded, name_key

_ARTICLES = re.compile(
    r"^(?:the|a|an|your|our|their|its|his|her|this|that|both|all|each)\s+", re.IGNORECASE
)
_LONGEST = 4
_PRONOUN = re.compile(
    r"^(?:you|we|they|he|she|it|i|your|their|everyone|anyone|someone|whoever|owner|nobody)\b.{0,4}$",
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
        if not words or _PRONOUN.match(words) or name_key(words) in self._system_ids:
            return None
        key = name_key(words)
        known = self._role_ids.get(key) or _within(key, self._role_ids)
        known = known or _same_end(words, self._roles.values())
        if known is not None:
            return known
        parts = words.split()
        named = len(parts) <= _LONGEST and names_somebody(parts) and parts[0].lower() != "member"
        return self._add_role(NameFact(span, words)) if named else None

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


def _same_end(words: str, names: Iterable[RoleUse]) -> str | None:
    """Find the role whose name ends as the words do: "new incident leads", an incident lead."""
    wanted = folded(words)[-2:]
    found = [role.id for role in names if len(wanted) > 1 and folded(role.name)[-2:] == wanted]
    return found[0] if found else None
