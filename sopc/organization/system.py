"""Systems: what the organization works with, and how each is reached."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from sopc.graph.base import GraphRecord, Name, Slug, Words

Setting = str | int | float | bool
SettingName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]


class Operation(GraphRecord):
    """Something that a system can do, as its connector calls it, and the inputs that it takes."""

    name: Words
    inputs: tuple[Name, ...] = ()


class Binding(GraphRecord):
    """How a system is reached: the connector, and what that needs to know.

    Secrets stand in `settings` by reference only, as `env:XERO_TOKEN`.
    """

    connector: Words
    settings: dict[SettingName, Setting] = Field(default_factory=dict)


class System(GraphRecord):
    """A tool, form, inbox or channel by its id, its name, and the other names of it.

    A system without a binding is worked in by people. `replaced_by` is the id of the system
    that took the place of a retired one.
    """

    id: Slug
    name: Words
    aliases: tuple[Words, ...] = ()
    kind: Literal["application", "form", "inbox", "channel", "document", "other"] = "application"
    status: Literal["active", "retired"] = "active"
    replaced_by: Slug | None = None
    binding: Binding | None = None
    operations: tuple[Operation, ...] = ()


class Template(GraphRecord):
    """A named text or document that steps send or fill in, and the system that keeps it."""

    name: Words
    aliases: tuple[Words, ...] = ()
    system: Slug | None = None
