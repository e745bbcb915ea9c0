"""CEL expressions: checked against the graph's types, and evaluated.

With `expression_syntax`, which gives the tree, the only module that knows the CEL library. Money is
an integer count of minor units, an enum is a string, a date is midnight in UTC, an object is a map.
A value that is not required is `null` where there is none, so `fee == null ? 0 : fee` is a way to
do without; whatever else asks for it then has no value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import isodate

from sopc.errors import WorkError
from sopc.graph.data import DataField, DataType
from sopc.graph.expression_problem import ExpressionProblem, problems_in

_NULLABLE = {
    DataType.STRING: "google.protobuf.StringValue",
    DataType.ENUM: "google.protobuf.StringValue",
    DataType.INTEGER: "google.protobuf.Int64Value",
    DataType.MONEY: "google.protobuf.Int64Value",
    DataType.NUMBER: "google.protobuf.DoubleValue",
    DataType.BOOLEAN: "google.protobuf.BoolValue",
}
"""CEL's types of values that may be null, as far as it has them."""

_MOMENTS = frozenset({DataType.DATE, DataType.TIMESTAMP, DataType.DURATION})

Fields = Mapping[str, DataField | DataType]
"""What an expression may name, with its types."""

_Signature = tuple[tuple[str, DataType, DataType | None, bool], ...]
"""Name, type, type of the elements, and whether there may be no value, of each name."""


class EvaluationError(WorkError):
    """An expression that gives no value for these values (division by zero, a key that is missing).

    Attributes:
        missing: The name without a value that it asked for, if that is why.
    """

    def __init__(self, message: str, *, missing: str | None = None) -> None:
        super().__init__(message)
        self.missing = missing


@dataclass(frozen=True)
class _Compiled:
    """A compiled expression, or the reasons why there is none."""

    expression: Any
    problems: tuple[ExpressionProblem, ...] = ()


def check_expression(
    cel: str, fields: Fields, *, gives: DataType | None = None
) -> list[ExpressionProblem]:
    """Check an expression's syntax, names and types; an empty list means that it is right.

    `gives` is the type that its value must have, for example `DataType.BOOLEAN` of a condition.
    """
    compiled = _compiled(cel, _signature(fields))
    if compiled.problems or gives is None:
        return list(compiled.problems)
    wanted, given = _cel_type(gives, None), compiled.expression.return_type()
    if wanted.is_assignable_from(given) or given.name() == "DYN":
        return []
    if gives in _NULLABLE and given.name() == f"{wanted.name().lower()}_wrapper":
        return []
    names = wanted.name().lower(), given.name().lower()
    return [ExpressionProblem(f"expected a value of type `{names[0]}`, found `{names[1]}`", 1, 1)]


def evaluate(cel: str, values: Mapping[str, Any], fields: Fields) -> Any:
    """Give an expression's value as a plain Python value.

    Dates, times and durations may be given as ISO 8601 words, as they stand in JSON.

    Raises:
        EvaluationError: The expression is wrong, a value does not have its field's type, or
            there is no value for these values.
    """
    compiled = _compiled(cel, _signature(fields))
    if compiled.problems:
        first = compiled.problems[0]
        where = f"line {first.line}, column {first.column}"
        raise EvaluationError(f"`{cel}` is no expression: {first.message} ({where})")
    data: dict[str, Any] = {}
    absent = []
    nullable = False
    for name, field in fields.items():
        nullable |= _is_optional(field)
        value = values.get(name)
        if value is not None:
            data[name] = _cel_value(value, field, name)
        elif _is_optional(field):
            data[name] = None
            absent.append(name)
    try:
        running = _running(cel, _signature(fields), tuple(absent)) if nullable else None
        result = (running or compiled.expression).eval(data=data)
    except RuntimeError as error:
        raise EvaluationError(f"`{cel}` gives no value: {_reason(str(error))}") from None
    if result.type().name() == "ERROR":
        reason = str(result.value())
        missing = next((name for name in fields if f'with name "{name}"' in reason), None)
        if missing is None and "null_type" in reason:
            missing = next(iter(absent), None)
        if missing:
            raise EvaluationError(f"`{cel}` needs `{missing}`, which has no value", missing=missing)
        raise EvaluationError(f"`{cel}` gives no value: {_reason(reason)}")
    return result.plain_value()


def _reason(text: str) -> str:
    words = text.removesuffix("]").rpartition(" [")[0] if text.endswith("]") else text
    code, colon, reason = words.partition(": ")
    reason = reason if colon and code.isupper() else words
    return reason[:1].lower() + reason[1:]


def _signature(fields: Fields) -> _Signature:
    return tuple(
        (name, field, None, False)
        if isinstance(field, DataType)
        else (name, field.type, field.items if field.type is DataType.LIST else None, optional)
        for name, field in sorted(fields.items(), key=lambda each: each[0])
        for optional in (_is_optional(field),)
    )


def _is_optional(field: DataField | DataType) -> bool:
    return isinstance(field, DataField) and not field.required


@lru_cache(maxsize=256)
def _environment(signature: _Signature) -> Any:
    return _new_environment(
        {
            name: _nullable(kind, items) if optional else _cel_type(kind, items)
            for name, kind, items, optional in signature
        }
    )


def _nullable(kind: DataType, items: DataType | None) -> Any:
    from cel_expr_python import cel

    if kind in _NULLABLE:
        return cel.Type(_NULLABLE[kind])
    return _cel_type(kind, items) if kind in _MOMENTS else cel.Type.DYN


@lru_cache(maxsize=4096)
def _running(text: str, signature: _Signature, absent: tuple[str, ...]) -> Any:
    """Give a checked expression as it takes `null` for some names.

    The library takes plain values of none of the types that can be null, and moments of those
    alone; so what is checked and what runs are two.
    """
    from cel_expr_python import cel

    return _new_environment(
        {
            name: cel.Type.DYN
            if optional and (name in absent or kind not in _MOMENTS)
            else _cel_type(kind, items)
            for name, kind, items, optional in signature
        }
    ).compile(text)


def _new_environment(variables: dict[str, Any]) -> Any:
    from cel_expr_python import cel
    from cel_expr_python.ext import ext_math

    return cel.NewEnv(variables=variables, extensions=[ext_math.ExtMath()])


@lru_cache(maxsize=4096)
def _compiled(text: str, signature: _Signature) -> _Compiled:
    try:
        return _Compiled(_environment(signature).compile(text))
    except RuntimeError as error:
        names = [name for name, _, _, _ in signature]
        return _Compiled(None, tuple(problems_in(str(error), text, names)))


def _cel_type(kind: DataType, items: DataType | None) -> Any:
    from cel_expr_python import cel

    if kind is DataType.LIST:
        return cel.Type.List(_cel_type(items, None) if items else cel.Type.DYN)
    if kind is DataType.OBJECT:
        return cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
    return {
        DataType.STRING: cel.Type.STRING,
        DataType.ENUM: cel.Type.STRING,
        DataType.INTEGER: cel.Type.INT,
        DataType.MONEY: cel.Type.INT,
        DataType.NUMBER: cel.Type.DOUBLE,
        DataType.BOOLEAN: cel.Type.BOOL,
        DataType.DATE: cel.Type.TIMESTAMP,
        DataType.TIMESTAMP: cel.Type.TIMESTAMP,
        DataType.DURATION: cel.Type.DURATION,
    }[kind]


def _cel_value(value: Any, field: DataField | DataType, name: str) -> Any:
    """Give a value as the library takes it, which is strict about types and silent about zones."""
    kind = field if isinstance(field, DataType) else field.type
    try:
        if kind is DataType.LIST:
            items = None if isinstance(field, DataType) else field.items
            return [
                _cel_value(each, items, name) if items else each
                for each in _typed(value, list, tuple)
            ]
        if kind is DataType.OBJECT:
            return _object(_typed(value, dict), () if isinstance(field, DataType) else field.fields)
        return _scalar(value, kind)
    except (ValueError, TypeError, isodate.ISO8601Error):
        raise EvaluationError(f"`{name}` is no {kind}: {value!r}") from None


def _object(value: dict[str, Any], fields: tuple[DataField, ...]) -> dict[str, Any]:
    types = {field.name: field for field in fields}
    return {
        key: _inside(
            _cel_value(each, types[key], key) if key in types and each is not None else each
        )
        for key, each in value.items()
    }


def _inside(value: Any) -> Any:
    """Give a value as it can stand in a map: there the library takes what JSON has alone.

    Times and durations become what `timestamp(...)` and `duration(...)` read.
    """
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds():f}s"
    if isinstance(value, list):
        return [_inside(each) for each in value]
    return value


def _scalar(value: Any, kind: DataType) -> Any:
    if kind in {DataType.STRING, DataType.ENUM}:
        return _typed(value, str)
    if kind is DataType.BOOLEAN:
        return _typed(value, bool)
    if kind in {DataType.INTEGER, DataType.MONEY}:
        return _typed(value, int)
    if kind is DataType.NUMBER:
        return float(_typed(value, int, float))
    if kind is DataType.DURATION:
        return _typed(isodate.parse_duration(value) if isinstance(value, str) else value, timedelta)
    return _moment(value, kind)


def _moment(value: Any, kind: DataType) -> datetime:
    if kind is DataType.DATE and isinstance(value, str):
        value = date.fromisoformat(value)
    if kind is DataType.DATE and not isinstance(value, datetime):
        value = _typed(value, date)
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    moment: datetime = (
        datetime.fromisoformat(value) if isinstance(value, str) else _typed(value, datetime)
    )
    if moment.tzinfo is None:
        raise ValueError("without a time zone")
    return moment


def _typed(value: Any, *types: type) -> Any:
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        raise TypeError
    return value
