"""Operations: what a system can do, as rules and connectors need to know it."""

from typing import Annotated, Literal

from pydantic import Discriminator, Tag

from sopc.graph.base import Name, Words
from sopc.graph.data import DataField
from sopc.organization.http_request import HttpRequest
from sopc.organization.record import OrganizationRecord

Effect = Literal["read", "write", "notify", "send", "pay", "delete", "access"]

_LASTING: frozenset[Effect] = frozenset({"send", "pay", "delete", "access"})

# The tags are in words that are no field's name, so that an error's place can be told apart.
_PLAIN, _TYPED = "a plain name", "a typed input"


def _shape(value: object) -> str:
    return _PLAIN if isinstance(value, str) else _TYPED


Input = Annotated[
    Annotated[Name, Tag(_PLAIN)] | Annotated[DataField, Tag(_TYPED)], Discriminator(_shape)
]
"""An input by its name alone, or with its type."""


class Operation(OrganizationRecord):
    """Something that a system can do, as its connector calls it, and the inputs that it takes."""

    name: Words
    """what the connector calls it, as the name of a tool"""

    description: Words | None = None
    """what it does, for people"""

    inputs: tuple[Input, ...] = ()
    """what it takes: names alone, or records with a type as in graphs"""

    outputs: tuple[DataField, ...] = ()
    """what it gives back"""

    effect: Effect | None = None
    """what it does to the world: `read` nothing, `write` what can be written again, `notify` people
    inside, `send` something outside, `pay`, `delete`, or change who has `access`"""

    idempotent: bool = False
    """true if doing it twice with one key is doing it once, so that it may simply be repeated"""

    request: HttpRequest | None = None
    """how it is asked for, for connector `http` without an OpenAPI document"""

    statement: Words | None = None
    """the SQL that does it, for connector `sql`, with inputs as `:name`"""

    @property
    def irreversible(self) -> bool | None:
        """Whether it cannot be taken back; None where the file does not say what it does."""
        return None if self.effect is None else self.effect in _LASTING

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of all inputs, in the order of the file."""
        return tuple(each if isinstance(each, str) else each.name for each in self.inputs)

    @property
    def required_inputs(self) -> tuple[str, ...]:
        """The names of the inputs that every call has to give."""
        return tuple(
            each.name for each in self.inputs if isinstance(each, DataField) and each.required
        )

    def input(self, name: str) -> DataField | None:
        """Give an input with its type; None where there is none, or only its name is known."""
        typed = (each for each in self.inputs if isinstance(each, DataField))
        return next((each for each in typed if each.name == name), None)

    def output(self, name: str) -> DataField | None:
        """Give an output by its name, if there is one."""
        return next((each for each in self.outputs if each.name == name), None)
