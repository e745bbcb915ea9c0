"""Systems: what the organization works with, and how each is reached."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from sopc.graph.base import Slug, Words
from sopc.organization.operation import Operation
from sopc.organization.record import Day, OrganizationRecord

Setting = str | int | float | bool
SettingName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
SystemKind = Literal["application", "form", "inbox", "channel", "document", "other"]


def _inside(path: str) -> str:
    parts = path.split("/")
    if "\\" in path or path.startswith("/") or ".." in parts or ":" in parts[0]:
        raise ValueError(f"`{path}` is no file within this folder; write it as `templates/a.txt`")
    return path


TemplateFile = Annotated[Words, AfterValidator(_inside)]
"""The path of a file in the folder of the organization file or below it."""


class Binding(OrganizationRecord):
    """How a system is reached: the connector, and what that needs to know.

    Secrets stand in `settings` by reference only, as `env:XERO_TOKEN`.
    """

    connector: Words
    """the way there, as `mcp`, `http` or `smtp`"""

    settings: dict[SettingName, Setting] = Field(default_factory=dict)
    """what the connector needs to know; secrets by reference only, as `env:XERO_TOKEN`"""


class System(OrganizationRecord):
    """A tool, form, inbox or channel by its id, its name, and the other names of it.

    A system without a binding is worked in by people.
    """

    id: Slug
    """what graphs call it"""

    name: Words
    """what prose calls it"""

    aliases: tuple[Words, ...] = ()
    """what else prose calls it"""

    kind: SystemKind = "application"
    """what sort of thing it is"""

    status: Literal["active", "retired"] = "active"
    """`retired` if it is out of use and the day is not known; with `to`, the day decides"""

    first: Day | None = Field(default=None, alias="from")
    """the first day of its use; left out, since ever"""

    last: Day | None = Field(default=None, alias="to")
    """the last day of its use; left out, until further notice"""

    replaced_by: Slug | None = None
    """the id of the system that took the place of a retired one"""

    binding: Binding | None = None
    """how it is reached; left out, people work in it"""

    operations: tuple[Operation, ...] = ()
    """what it can do; left out, that is not known"""

    @model_validator(mode="after")
    def _days_in_order(self) -> "System":
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"`{self.name}` is in use `to` a day before `from`")
        return self

    def retired(self, day: date) -> bool:
        """Tell whether its use had ended on a day; by `status` only where there is no `to`."""
        return self.last < day if self.last is not None else self.status == "retired"

    def in_use(self, day: date) -> bool:
        """Tell whether it is in use on a day: no longer to come, and not retired."""
        return (self.first is None or self.first <= day) and not self.retired(day)

    def operation(self, name: str) -> Operation | None:
        """Give an operation by its exact name, as the connector calls it."""
        return next((each for each in self.operations if each.name == name), None)


class Template(OrganizationRecord):
    """A named text or document that steps send or fill in, and the system that keeps it."""

    name: Words
    """what prose calls it"""

    aliases: tuple[Words, ...] = ()
    """what else prose calls it"""

    system: Slug | None = None
    """the id of the system that keeps it"""

    file: TemplateFile | None = None
    """the file with its text, relative to this one, as `templates/welcome.txt`"""
