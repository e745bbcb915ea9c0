"""Roles and the people who hold them."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from sopc.graph.base import GraphRecord, Slug, Words

Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]


class Holder(GraphRecord):
    """A person who holds a role, from and to a day, both included; open where none is given."""

    name: Words
    email: Email | None = None
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _days_in_order(self) -> "Holder":
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"`{self.name}` holds the role `to` a day before `from`")
        return self

    def holds(self, day: date) -> bool:
        """Tell whether the person holds the role on a day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class Role(GraphRecord):
    """A role by its id, its name, and the other names that prose calls it."""

    id: Slug
    name: Words
    aliases: tuple[Words, ...] = ()
    holders: tuple[Holder, ...] = ()
