"""Hypothesis strategies for whole graphs, made from the model's own types.

A field that is added to the model is generated here without a change.
"""

import types
from datetime import date, timedelta, timezone
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from annotated_types import Ge, MinLen
from hypothesis import strategies as st
from pydantic import AfterValidator, AwareDatetime, BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from sopc.graph import Argument, ComputedValue, DataField, DataType, Procedure, StepGraph

AMBIGUOUS = (
    "yes", "No", "on", "OFF", "y", "null", "~", "true", "09:00", "1:30:00", "1e3", "1_000", "1,000",
    "012", "0o17", "0x1F", "0b11", "+1", "-1", ".5", "5.", "-.inf", ".NaN", "2026-01-31",
    "2026-01-31T09:00:00Z", "=", "=x", "*a", "&a", "!x", "!!str x", "- x", "-", "? x", ":", "a: b",
    "a:", "a #b", "#b", "{a}", "[a]", "a, b", "'", '"', "it's", 'say "x"', "\\", "%x", "@x", "`x`",
    "|", ">", "<<", "---", "...", "--- a", "a\nb", "a\n\nb", "a\n b", "#a\n#b", "- a\n- b", "a\t b",
    "a\u2028b", "a\x85b", "a\ufeffb", "a\x00b", "\u202eabc", "😀", "naïve 文字 עברית", "a" * 2000,
    "x " * 700 + "x",
)  # fmt: skip
"""Words that YAML could take for something else."""

words = st.one_of(
    st.sampled_from(AMBIGUOUS),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip),
)
durations = st.sampled_from(
    ["PT4H", "P2D", "P1M", "P1Y2M3DT4H", "1 business day", "36 business hours"]
)
moments = st.datetimes(
    timezones=st.integers(-720, 720).map(lambda m: timezone(timedelta(minutes=m)))
)
_UNIQUE = {"roles", "systems", "procedures", "questions", "steps", "triggers"}


def _constraints(metadata: tuple[Any, ...]) -> list[Any]:
    """Give what stands in `Annotated`, with the constraints that hide in a `Field(...)`."""
    return [
        constraint
        for each in metadata
        for constraint in (each.metadata if isinstance(each, FieldInfo) else [each])
    ]


def _values(annotation: Any, metadata: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _values(arguments[0], (*_constraints(arguments[1:]), *metadata))
    if origin in {Union, types.UnionType}:
        members = (member for member in arguments if member is not type(None))
        return st.one_of([_values(member, ()) for member in members])
    if origin is tuple:
        least = max((each.min_length for each in metadata if isinstance(each, MinLen)), default=0)
        return st.lists(_values(arguments[0], ()), min_size=least, max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(_values(arguments[0], ()), _values(arguments[1], ()), max_size=3)
    if origin is Literal:
        return st.sampled_from(arguments)
    return _single(annotation, metadata)


def _single(annotation: Any, metadata: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return records(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(list(annotation))
    least = next((cast("int", each.ge) for each in metadata if isinstance(each, Ge)), None)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        bool: st.booleans(),
        int: st.integers(-(2**63) if least is None else least, 2**63 - 1),
        float: st.floats(least, allow_nan=False, allow_infinity=False),
        AwareDatetime: moments,
        date: st.dates(),
    }
    if annotation is not str:
        return simple[annotation]
    if any(isinstance(each, AfterValidator) for each in metadata):
        return durations
    pattern = next((each.pattern for each in metadata if isinstance(each, StringConstraints)), None)
    return (
        st.from_regex(pattern, fullmatch=True).filter(lambda t: len(t) <= 80) if pattern else words
    )


def _field(name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    metadata = tuple(field.metadata)
    values = _values(field.annotation, metadata)
    if name not in _UNIQUE:
        return values
    least = max((each.min_length for each in metadata if isinstance(each, MinLen)), default=0)
    element = get_args(field.annotation)[0]
    ids = st.lists(
        _values(element, ()).filter(lambda each: each.id != "end"),
        min_size=least,
        max_size=4,
        unique_by=lambda each: each.id,
    )
    return ids.map(tuple)


@cache
def _fields(record: type[BaseModel]) -> dict[str, st.SearchStrategy[Any]]:
    return {name: _field(name, field) for name, field in record.model_fields.items()}


@st.composite
def _plain_records(draw: st.DrawFn, record: type[BaseModel]) -> BaseModel:
    fields, strategies = record.model_fields, _fields(record)
    required = [name for name, field in fields.items() if field.is_required()]
    optional = [name for name in fields if name not in required]
    size = 12 if record in {StepGraph, Procedure} else 4
    chosen = draw(st.sets(st.sampled_from(optional), max_size=size)) if optional else set()
    if record in {StepGraph, Procedure}:
        chosen |= {name for name in _UNIQUE if name in fields}
    names = [name for name in fields if name in required or name in chosen]
    return record(**{name: draw(strategies[name]) for name in names})


@st.composite
def data_fields(draw: st.DrawFn, depth: int = 2) -> DataField:
    kind = draw(st.sampled_from(DataType))
    nested = depth > 0 and kind is DataType.OBJECT
    return DataField(
        name=draw(st.from_regex(r"[a-z_][a-z0-9_]{0,10}", fullmatch=True)),
        type=kind,
        currency=draw(st.sampled_from(["USD", "EUR"])) if kind is DataType.MONEY else None,
        values=tuple(draw(st.lists(words, min_size=1, max_size=3)))
        if kind is DataType.ENUM
        else (),
        items=draw(st.sampled_from(DataType)) if kind is DataType.LIST else None,
        fields=tuple(draw(st.lists(data_fields(depth - 1), max_size=2))) if nested else (),
        required=draw(st.booleans()),
        description=draw(st.none() | words),
    )


@st.composite
def arguments(draw: st.DrawFn) -> Argument:
    name = draw(st.from_regex(r"[a-z_][a-z0-9_]{0,10}", fullmatch=True))
    if draw(st.booleans()):
        return Argument(name=name, cel=draw(words))
    number = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    return Argument(name=name, value=draw(words | number | st.booleans()))


@cache
def records(record: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Give any instances of a record of the graph."""
    if record is DataField:
        return data_fields()
    if record is Argument:
        return arguments()
    if record is ComputedValue:
        return st.builds(
            ComputedValue,
            name=st.just("total"),
            type=st.sampled_from(DataType),
            cel=words,
        )
    return st.deferred(lambda: _plain_records(record))


graphs: st.SearchStrategy[StepGraph] = records(StepGraph)
"""Any graphs: every kind of step and trigger, any words."""
