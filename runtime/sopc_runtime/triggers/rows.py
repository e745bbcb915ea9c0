"""Rows of a batch: each is read, typed and validated by itself, and named so that it is one run."""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sopc.errors import UsageError
from sopc_runtime.core.event import Values
from sopc_runtime.triggers.delivery import key_of
from sopc_runtime.triggers.reading import read_json
from sopc_runtime.triggers.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row.

    Attributes:
        line: Where it stands in the file, from 1.
        given: What the file says.
        key: Names it: the value of the key's column, or a hash of what it says.
        values: What the run begins with.
        problems: What is wrong with it; then no run starts.
    """

    line: int
    given: dict[str, Any]
    key: str = ""
    values: Values
    problems: tuple[str, ...] = ()


def rows(path: Path, request: Request, *, key: str | None = None) -> list[Row]:
    """Read the rows of a `.csv` or `.jsonl` file.

    Raises:
        UsageError: The file cannot be read, is neither, or two rows have one key.
    """
    form = {".csv": _csv, ".jsonl": _json_lines, ".ndjson": _json_lines}.get(path.suffix.lower())
    if form is None:
        raise UsageError(f"`{path}` is neither `.csv` nor `.jsonl`", hint="name it as what it is")
    try:
        # csv reads line ends within quotes itself.
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = list(form(file, request))
    except UnicodeDecodeError:
        raise UsageError(f"`{path}` is not UTF-8") from None
    except csv.Error as error:
        raise UsageError(f"`{path}` is no CSV: {error}") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot read `{path}`: {reason}") from None
    return _named(found, path, key)


def _csv(file: Any, request: Request) -> Iterator[Row]:
    reader = csv.reader(file, strict=True)
    columns = next(reader, [])
    twice = [name for name, count in Counter(columns).items() if count > 1]
    if twice:
        raise UsageError(f"column `{twice[0]}` stands twice")
    line = reader.line_num
    for cells in reader:
        line, own = reader.line_num, line + 1
        if not cells:
            continue
        given = dict(zip(columns, cells, strict=False))
        if len(cells) != len(columns):
            problem = f"it has {len(cells)} values for {len(columns)} columns"
            yield Row(line=own, given=given, values={}, problems=(problem,))
            continue
        yield _read(own, given, request, textual=True)


def _json_lines(file: Any, request: Request) -> Iterator[Row]:
    for number, text in enumerate(file, start=1):
        if not text.strip():
            continue
        value, problem = read_json(text)
        if problem is None and not isinstance(value, dict):
            problem = "it is no object"
        if problem is not None:
            yield Row(line=number, given={}, values={}, problems=(problem,))
        else:
            yield _read(number, value, request, textual=False)


def _read(line: int, given: dict[str, Any], request: Request, *, textual: bool) -> Row:
    values, problems = request.read(given, textual=textual)
    return Row(line=line, given=given, values=values, problems=tuple(problems))


def _named(found: list[Row], path: Path, column: str | None) -> list[Row]:
    """Name each row; equal rows without a key are told apart by their number."""
    seen: Counter[str] = Counter()
    named = []
    for row in found:
        if column is None:
            text = json.dumps(row.given, sort_keys=True)
            own = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            seen[own] += 1
            key = own if seen[own] == 1 else f"{own}-{seen[own]}"
            named.append(replace(row, key=key))
            continue
        value = row.given.get(column)
        own = "" if value is None else str(value).strip()
        if not own:
            problems = (*row.problems, f"`{column}`, which names the row, is missing")
            named.append(replace(row, problems=problems))
            continue
        seen[own] += 1
        if seen[own] > 1:
            raise UsageError(
                f"`{path}`:{row.line}: another row has `{own}` as its `{column}` already",
                hint="each row needs a key of its own",
            )
        named.append(replace(row, key=key_of(own)))
    return named
