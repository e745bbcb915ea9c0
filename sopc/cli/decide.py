"""`sopc approve`, `reject`, `done`, `answer` and `delegate`: deciding tasks of the inbox."""

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from sopc.cli import output
from sopc.cli.database import Data, open_existing, tell_if_idle
from sopc.cli.user import PERSON_VARIABLE
from sopc.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from sopc.graph import DataField
    from sopc_runtime.people.entry import Entry

Number = Annotated[int, typer.Argument(help="The task's number in the inbox.", metavar="NUMBER")]
By = Annotated[
    str | None,
    typer.Option(help="Who decides: a whole name.", metavar="NAME", envvar=PERSON_VARIABLE),
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", help="A value, or a change; may be repeated.", metavar="NAME=VALUE"),
]
Reason = Annotated[str | None, typer.Option(help="Why.", metavar="WHY")]
Digest = Annotated[
    str | None,
    typer.Option(help="The digest of what was shown; refused if it has changed.", metavar="HASH"),
]


def approve(
    number: Number,
    *,
    by: By = None,
    sets: Sets = None,
    reason: Reason = None,
    digest: Digest = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Show what is approved, and do not ask again.")
    ] = False,
    data: Data = None,
) -> None:
    """Approve a task: exactly the act that is shown, or with changes within its limits.

    What is approved is shown first; on a terminal you are asked whether that is it.
    """
    from sopc.cli.inbox_text import whole
    from sopc.diagnostics.printable import printable
    from sopc_runtime.people.value_text import written

    engine, entry = _entry(number, data)
    _must_offer(entry, "approve")
    values = _values(entry, sets, (*entry.editable, *entry.fields))
    if entry.status == "open":
        _must_be_permitted(engine, entry, by)
        typer.echo("\n".join(whole(entry, datetime.now(UTC))), err=True)
        known = {each.name: each for each in (*entry.editable, *entry.fields)}
        for name, value in values.items():
            typer.echo(f"  you set {name}: {printable(written(known[name], value))}", err=True)
        if digest is None and not yes and sys.stdin.isatty():
            typer.confirm("approve exactly this?", abort=True, err=True)
    _decide(engine, entry, "approve", by=by, values=values, reason=reason, digest=digest)


def reject(
    number: Number,
    *,
    by: By = None,
    reason: Reason = None,
    digest: Digest = None,
    data: Data = None,
) -> None:
    """Reject what a task asks to approve, and say why."""
    engine, entry = _entry(number, data)
    _must_offer(entry, "reject")
    _decide(engine, entry, "reject", by=by, values={}, reason=reason, digest=digest)


def done(
    number: Number,
    *,
    sets: Sets = None,
    by: By = None,
    reason: Reason = None,
    digest: Digest = None,
    data: Data = None,
) -> None:
    """Say that a task was done by hand, with the values that it asks for."""
    from sopc_runtime.people.command import BY_HAND

    engine, entry = _entry(number, data)
    choice = next((each.id for each in entry.choices if each.id in BY_HAND), "done")
    _must_offer(entry, choice)
    values = _values(entry, sets, entry.fields)
    _decide(engine, entry, choice, by=by, values=values, reason=reason, digest=digest)


def answer(
    number: Number,
    choice: Annotated[
        str, typer.Argument(help="One of its choices, or the value that it asks for.")
    ],
    *,
    sets: Sets = None,
    by: By = None,
    reason: Reason = None,
    digest: Digest = None,
    data: Data = None,
) -> None:
    """Answer what a task asks, with one of its choices or with a value."""
    engine, entry = _entry(number, data)
    picked, values = _picked(entry, choice)
    if picked in {"approve", "reject"}:
        raise UsageError(
            f"task {number} is an approval", hint=f"decide it with `sopc {picked} {number}`"
        )
    values |= _values(entry, sets, entry.fields)
    _decide(engine, entry, picked, by=by, values=values, reason=reason, digest=digest)


def delegate(
    number: Number,
    *,
    to: Annotated[str, typer.Option(help="Who is to decide it.", metavar="NAME")],
    by: By = None,
    reason: Reason = None,
    data: Data = None,
) -> None:
    """Give a task to somebody else, who may decide it then."""
    from sopc_runtime.people.current import current_organization
    from sopc_runtime.people.deciding import delegate as hand_over

    engine, entry = _entry(number, data)
    person = _person(by)
    with engine.begin() as connection:
        handed = hand_over(
            connection,
            number,
            to=to,
            by=person,
            organization=current_organization(connection, entry.name),
            now=datetime.now(UTC),
            reason=reason,
        )
    output.result(f"task {number}, “{handed.title}”, is now for {handed.to} (by {handed.by})")


def _entry(number: int, data: "Path | None") -> "tuple[Engine, Entry]":
    from sopc_runtime.people.inbox import entry
    from sopc_runtime.store.database import reading

    engine = open_existing(data)
    with reading(engine).connect() as connection:
        return engine, entry(connection, number, at=datetime.now(UTC))


def _must_be_permitted(engine: "Engine", entry: "Entry", by: str | None) -> None:
    """Refuse whoever may not decide before anything is shown."""
    from sopc_runtime.people.current import current_organization
    from sopc_runtime.people.deciding import permitted
    from sopc_runtime.store.database import reading

    person = _person(by)
    with reading(engine).connect() as connection:
        organization = current_organization(connection, entry.name)
        permitted(connection, entry.number, person, organization, datetime.now(UTC))


def _person(by: str | None) -> str:
    name = (by if by is not None else os.environ.get(PERSON_VARIABLE, "")).strip()
    if not name:
        raise UsageError(
            "it is not said who decides", hint=f"add `--by NAME`, or set `{PERSON_VARIABLE}`"
        )
    return name


def _must_offer(entry: "Entry", choice: str) -> None:
    """Refuse the wrong command for a task, and name the right ones."""
    from sopc.cli.inbox_text import command_for, with_article

    if entry.status != "open" or any(each.id == choice for each in entry.choices):
        # What is not open any more is refused by whoever decides, with who and when.
        return
    kinds = {"work": "work to do", "doubt": "a doubt", "trouble": "a failed step"}
    kind = kinds.get(entry.kind.value, with_article(entry.kind.value))
    right = " or ".join(f"`{command_for(entry, each.id)}`" for each in entry.choices[:2])
    raise UsageError(f"task {entry.number} is {kind}", hint=f"decide it with {right}")


def _picked(entry: "Entry", text: str) -> tuple[str, dict[str, Any]]:
    """Find the choice that a person means: by id, number of a branch, words, or by a value."""
    from sopc_runtime.people.value_text import parsed

    wanted = text.strip().casefold()
    short = {"y": "yes", "n": "no"}.get(wanted, wanted)
    for choice in entry.choices:
        if short in {choice.id, choice.id.removeprefix("branch-"), choice.says.casefold()}:
            return choice.id, {}
    giving = [each for each in entry.choices if each.gives]
    if entry.kind == "question" and len(giving) == 1 and len(entry.fields) == 1:
        [field] = entry.fields
        return giving[0].id, {field.name: parsed(field, text, zone=_zone(entry))}
    offered = ", ".join(f"`{each.id}` ({each.says})" for each in entry.choices)
    raise UsageError(f"task {entry.number} has no choice `{text}`", hint=f"choose {offered}")


def _values(
    entry: "Entry", sets: list[str] | None, fields: "tuple[DataField, ...]"
) -> dict[str, Any]:
    from sopc_runtime.people.value_text import parsed

    known = {each.name: each for each in fields}
    values: dict[str, Any] = {}
    for each in sets or ():
        name, mark, text = each.partition("=")
        name = name.strip()
        if not mark:
            raise UsageError(f"`--set {each}` has no value", hint="write it as `NAME=VALUE`")
        if name not in known:
            listed = ", ".join(f"`{one}`" for one in known)
            raise UsageError(
                f"task {entry.number} takes no value `{name}`",
                hint=f"it takes {listed}" if listed else "it takes no values",
            )
        if name in values:
            raise UsageError(f"`{name}` is set twice", hint="give it once")
        values[name] = parsed(known[name], text, zone=_zone(entry))
    return values


def _zone(entry: "Entry") -> ZoneInfo:
    return ZoneInfo(entry.zone or "UTC")


def _decide(
    engine: "Engine",
    entry: "Entry",
    choice: str,
    *,
    by: str | None,
    values: dict[str, Any],
    reason: str | None,
    digest: str | None,
) -> None:
    from pydantic import ValidationError

    from sopc_runtime.people.current import current_organization
    from sopc_runtime.people.deciding import Decision, decide

    try:
        decision = Decision(
            choice=choice,
            by=_person(by),
            values=values,
            reason=reason,
            digest=digest or entry.digest,
        )
    except ValidationError as error:
        [first, *_] = error.errors(include_url=False)
        says = str(first["msg"]).removeprefix("Value error, ")
        raise UsageError(f"`--{first['loc'][0]}`: {says[:1].lower()}{says[1:]}") from None
    with engine.begin() as connection:
        organization = current_organization(connection, entry.name)
        outcome = decide(connection, entry.number, decision, organization, datetime.now(UTC))
    again = ", as before" if outcome.repeated else ""
    output.result(
        f"task {outcome.number}, “{outcome.title}”: {outcome.choice} by {outcome.by}{again}; "
        f"{outcome.says}"
    )
    tell_if_idle(engine)
