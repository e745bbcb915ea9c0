"""Who may decide a task on a day: holders of its roles, and whom it was delegated to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from sopc.organization import Holder, Organization, Person
from sopc.organization.name import folded
from sopc_runtime.core.task import TaskKind
from sopc_runtime.people.refusal import NotAllowedError

SECOND_PAIR_OF_EYES = frozenset({TaskKind.APPROVAL, TaskKind.ACT})
"""What the person who started the run leaves to others, where there are others."""


def day_of(organization: Organization | None, now: datetime) -> date:
    """Give the day that an instant is on where the organization is; in UTC if that is unknown."""
    zone = organization.time_zone if organization else None
    return now.astimezone(ZoneInfo(zone) if zone else UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who may decide one task.

    Where nobody holds any of its roles on the day (they are outside the organization, unfilled,
    or not said), anybody who gives a name may; so may anybody without an organization file.
    Whoever has left may decide nothing.

    Attributes:
        organization: The file as it is now; None where there is none.
        roles: The ids of the task's roles.
        assignee: Who it was delegated to.
        requester: Who started the run.
    """

    organization: Organization | None
    day: date
    kind: TaskKind
    roles: tuple[str, ...]
    assignee: str | None = None
    requester: str | None = None

    def holders(self) -> tuple[Holder, ...]:
        """Give the people who hold one of the roles on the day, each once."""
        if self.organization is None:
            return ()
        found: dict[str, Holder] = {}
        for role in self.roles:
            for holder in self.organization.holders(role, self.day):
                found.setdefault(folded(holder.name), holder)
        return tuple(found.values())

    @property
    def anybody(self) -> bool:
        """Whether everybody who gives a name may decide."""
        return not self.holders()

    def allows(self, name: str) -> bool:
        """Tell whether a person may decide."""
        try:
            self.check(name)
        except NotAllowedError:
            return False
        return True

    def check(self, name: str) -> str:
        """Give the name of a person who may decide, as the organization file writes it.

        Raises:
            NotAllowedError: The person may not.
        """
        holders = self.holders()
        person = self.find(name, must_be_known=bool(holders))
        if person is None:
            return name
        if not holders:
            return person.name
        is_assignee = self.assignee is not None and _same(person, self.assignee, self.organization)
        if not is_assignee and not any(_is(person, each) for each in holders):
            raise NotAllowedError(f"{person.name} may not decide it", hint=self.says())
        others = [each.name for each in holders if not _is(person, each)]
        if self.barred is not None and _same(person, self.barred, self.organization):
            raise NotAllowedError(
                f"{person.name} started the run, and somebody else has to decide its approvals",
                hint=f"they may: {', '.join(others)}",
            )
        return person.name

    @property
    def barred(self) -> str | None:
        """Who holds a role and may not decide all the same: whoever started the run, if others may.

        None where nobody is.
        """
        if self.kind not in SECOND_PAIR_OF_EYES or self.requester is None:
            return None
        own = folded(self.requester)
        person = self.organization.person(self.requester) if self.organization else None
        name = folded(person.name) if person else own
        others = [each for each in self.holders() if folded(each.name) != name]
        return (person.name if person else self.requester) if others else None

    def find(self, name: str, *, must_be_known: bool = True) -> Person | None:
        """Find a person who has not left; None where the organization file does not know them.

        Raises:
            NotAllowedError: The person has left, or has to be known and is not.
        """
        if self.organization is None:
            return None
        person = self.organization.person(name)
        if person is None:
            if not must_be_known:
                return None
            near = nearest_person(self.organization, name)
            raise NotAllowedError(
                f"the organization file knows nobody called `{name}`",
                hint=f"did you mean `{near}`" if near else self.says(),
            )
        if person.left(self.day):
            raise NotAllowedError(f"{person.name} left on {person.last_day}", hint=self.says())
        return person

    def says(self) -> str:
        """Say who may decide, in words."""
        if self.organization is None:
            return "anybody who gives a name may decide: there is no organization file"
        holders = self.holders()
        if holders:
            named = list(dict.fromkeys(each.name for each in holders))
            if self.assignee is not None and self.assignee not in named:
                named.insert(0, self.assignee)
            left = [each for each in named if each != self.barred]
            why = f" ({self.barred} started the run)" if left != named else ""
            return f"they may decide: {', '.join(left)}{why}"
        named = [f"`{role}`" for role in self.roles]
        why = f"nobody is known to hold {' or '.join(named)}" if named else "no role is named"
        return f"anybody who gives a name may decide: {why}"


def nearest_person(organization: Organization, name: str) -> str | None:
    """Give the name that looks most like a name; None if none does."""
    known = {
        folded(holder.name): holder.name for role in organization.roles for holder in role.holders
    }
    wanted = folded(name)
    near = get_close_matches(wanted, known, n=1)
    # A first name alone is far from the whole, and still says who is meant.
    near = near or [each for each in known if wanted and wanted in each.split()]
    return known[near[0]] if near else None


def _is(person: Person, holder: Holder) -> bool:
    return any(tenure.holder == holder for tenure in person.tenures) or folded(holder.name) in {
        folded(tenure.holder.name) for tenure in person.tenures
    }


def _same(person: Person, name: str, organization: Organization | None) -> bool:
    other = organization.person(name) if organization else None
    return folded(other.name if other else name) == folded(person.name)
