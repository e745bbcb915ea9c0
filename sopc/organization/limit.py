"""What holds where a step says nothing itself: escalation by default, and limits."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from sopc.graph.base import Slug, Words
from sopc.graph.duration import Duration
from sopc.organization.record import OrganizationRecord


class Escalation(OrganizationRecord):
    """Whom a step turns to that says nothing itself: the role, after how long, and by which way."""

    to: Slug
    """the id of the role"""

    after: Duration | None = None
    """after how long, as `1 business day` or `PT4H`"""

    via: Slug | None = None
    """the id of the system through which"""


class Limit(OrganizationRecord):
    """A limit on what may happen without a person: in words, as CEL, or as an amount of money."""

    id: Slug
    """tells it from other limits"""

    says: Words
    """the limit in words"""

    cel: Words | None = None
    """a CEL expression that is true within the limit"""

    most: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    """the largest amount within the limit, in minor units (cents)"""

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    """the currency of `most`, ISO 4217"""

    systems: tuple[Slug, ...] = ()
    """the ids of the systems that it is for; left out, all"""

    operations: tuple[Words, ...] = ()
    """the operations of these systems that it is for; left out, all"""

    @model_validator(mode="after")
    def _money_has_a_currency(self) -> "Limit":
        if self.most is not None and self.currency is None:
            raise ValueError(f"limit `{self.id}` has a `most` and needs its `currency`, as `USD`")
        if self.currency is not None and self.most is None:
            raise ValueError(f"limit `{self.id}` has a `currency` and needs the amount, `most`")
        return self

    def concerns(self, system: str) -> bool:
        """Tell whether it is for a system, by its id."""
        return not self.systems or system in self.systems

    def covers(self, system: str, operation: str) -> bool:
        """Tell whether it is for an operation of a system, by the system's id."""
        return self.concerns(system) and (not self.operations or operation in self.operations)
