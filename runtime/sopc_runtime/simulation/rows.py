"""Rows of inputs for runs: CSV files, whose cells are words, and files of JSON lines."""

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sopc.errors import UsageError
from sopc.graph import DataField, DataType
from sopc_runtime.core.event import Values

_TRUE, _FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


def read_rows(path: Path, fields: Iterable[DataField]) -> list[Values]:
    """Read the rows of a `.csv`, `.jsonl` or `.json` file as values of fields.

    Cells of CSV become what their field's type says; empty ones are left out.

    Raises:
        UsageError: It cannot be read, or a row is none.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot read `{path}`: {reason}") from None
    except UnicodeDecodeError:
        raise UsageError(f"`{path}` is not UTF-8") from None
    if path.suffix.casefold() == ".csv":
        try:
            return _csv(text, path, {each.name: each for each in fields})
        except csv.Error as error:
            raise UsageError(f"`{path}` is no CSV: {error}") from None
    return _json(text, path)


def _csv(text: str, path: Path, fields: dict[str, DataField]) -> list[Values]:
    rows = []
    reader = csv.DictReader(io.StringIO(text, newline=""))
    for number, row in enumerate(reader, start=1):
        if None in row or None in row.values():
            raise UsageError(f"`{path}`, row {number}: it has not as many cells as the head")
        values: Values = {}
        for name, cell in row.items():
            if cell:
                try:
                    values[name] = _typed(cell, fields.get(name))
                except ValueError:
                    kind = fields[name].type
                    message = f"`{path}`, row {number}: `{name}` is no {kind}: `{cell}`"
                    raise UsageError(message) from None
        rows.append(values)
    return rows


def _typed(cell: str, field: DataField | None) -> Any:
    match field.type if field is not None else DataType.STRING:
        case DataType.INTEGER | DataType.MONEY:
            return int(cell)
        case DataType.NUMBER:
            return float(cell)
        case DataType.BOOLEAN:
            word = cell.casefold().strip()
            if word not in _TRUE | _FALSE:
                raise ValueError(cell)
            return word in _TRUE
        case DataType.LIST | DataType.OBJECT:
            return json.loads(cell)
        case _:
            return cell


def _json(text: str, path: Path) -> list[Values]:
    try:
        if path.suffix.casefold() == ".json":
            found = json.loads(text)
            rows = found if isinstance(found, list) else [found]
        else:
            # Not `splitlines`: JSON's strings may hold other characters that end lines.
            rows = [json.loads(line) for line in text.split("\n") if line.strip()]
    except ValueError as error:
        raise UsageError(f"`{path}` is no JSON: {error}") from None
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise UsageError(f"`{path}`, row {number}: it is no object with values by name")
    return rows
