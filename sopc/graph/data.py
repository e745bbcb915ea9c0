"""Typed data: what triggers bring, steps take and give, and expressions read."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field as PydanticField
from pydantic import StringConstraints, model_validator

from sopc.graph.base import Cel, GraphRecord, Name, Words
from sopc.graph.citation import Citation


class DataType(StrEnum):
    """The types of values. Money is integer minor units (cents), because CEL has no decimals."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    MONEY = "money"
    DATE = "date"
    TIMESTAMP = "timestamp"
    DURATION = "duration"
    ENUM = "enum"
    LIST = "list"
    OBJECT = "object"


class DataField(GraphRecord):
    """A named, typed value.

    `currency` (ISO 4217) goes with money, `values` with an enumeration, `items` with a list
    (its element type), `fields` with an object. What is `sensitive` is a secret or tells of a
    person, and is not to stand in a journal in clear.
    """

    name: Name
    type: DataType
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    values: tuple[str, ...] = ()
    items: DataType | None = None
    fields: tuple["DataField", ...] = ()
    required: bool = True
    sensitive: bool = False
    description: Words | None = None
    cite: Citation | None = None

    @model_validator(mode="after")
    def _parts_fit_the_type(self) -> "DataField":
        if self.type is DataType.MONEY and self.currency is None:
            raise ValueError(f"`{self.name}` is money and needs a `currency`, for example `USD`")
        if self.type is not DataType.MONEY and self.currency is not None:
            raise ValueError(f"`{self.name}` has a `currency` but its type is `{self.type}`")
        if self.type is DataType.ENUM and not self.values:
            raise ValueError(f"`{self.name}` is an enum and needs its `values`")
        if self.type is DataType.LIST and self.items is None:
            raise ValueError(f"`{self.name}` is a list and needs the type of its `items`")
        return self


class Argument(GraphRecord):
    """What a step hands to its operation: a literal `value`, or a `cel` expression."""

    name: Name
    value: str | int | float | bool | None = None
    cel: Cel | None = None
    cite: Citation | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "Argument":
        if (self.value is None) == (self.cel is None):
            raise ValueError(f"argument `{self.name}` needs either `value` or `cel`")
        return self


class ComputedValue(GraphRecord):
    """A value that a compute step works out."""

    name: Name
    type: DataType
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    cel: Cel
    cite: Citation | None = PydanticField(default=None)
