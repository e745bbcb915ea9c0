"""`sopc inbox`: what waits for people, and one task with its whole context."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from sopc.cli import output
from sopc.cli.database import Data, open_existing
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection


def inbox(
    number: Annotated[
        int | None, typer.Argument(help="Show this task whole.", metavar="NUMBER")
    ] = None,
    *,
    mine: Annotated[
        str | None,
        typer.Option(
            help="Only what this person may decide, by whole name or address.", metavar="NAME"
        ),
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="Only tasks of this role.", metavar="ROLE")
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--procedure", help="Only tasks of this deployed procedure.", metavar="NAME"),
    ] = None,
    json_: Annotated[
        bool, typer.Option("--json", help="Print everything about the tasks as JSON.")
    ] = False,
    data: Data = None,
) -> None:
    """List what waits for people, most urgent first, or show one task."""
    from pydantic import TypeAdapter

    from sopc.cli.inbox_text import lines_of, whole
    from sopc_runtime.people.entry import Entry
    from sopc_runtime.people.inbox import entry
    from sopc_runtime.people.inbox import inbox as open_tasks
    from sopc_runtime.store.database import reading
    from sopc_runtime.store.run_start import version

    if number is not None and (mine or role or name):
        raise UsageError("a NUMBER names one task; leave `--mine`, `--role`, `--procedure` out")
    at = datetime.now(UTC)
    with reading(open_existing(data)).connect() as connection:
        if number is not None:
            one = entry(connection, number, at=at)
            output.result(one.model_dump_json(indent=2) if json_ else "\n".join(whole(one, at)))
            return
        if mine is not None:
            _must_be_known(connection, mine)
        if role is not None:
            _must_be_a_role(connection, role)
        if name is not None:
            version(connection, name)
        found = open_tasks(connection, person=mine, role=role, name=name, at=at)
    if json_:
        output.result(TypeAdapter(list[Entry]).dump_json(found, indent=2).decode())
    elif found:
        output.result("\n".join(lines_of(found, at)))
        output.note(f"`sopc inbox {found[0].number}` shows the first of them whole")
    else:
        output.note("nothing waits" + (f" for {mine or role}" if mine or role else ""))


def _must_be_a_role(connection: "Connection", role: str) -> None:
    """Refuse a role that neither an organization file knows nor an open task names."""
    from sqlalchemy import select

    from sopc.organization.name import folded
    from sopc_runtime.people.current import organizations
    from sopc_runtime.store.tables import tasks

    files = organizations(connection)
    if any(each.role(role) for each in files):
        return
    named = connection.execute(select(tasks.c.roles).where(tasks.c.status == "open")).scalars()
    if files and folded(role) not in {folded(each) for roles in named for each in roles}:
        near = next((found for each in files if (found := each.nearest_role(role))), None)
        hint = f"did you mean `{near}`" if near else "`sopc org check` lists the roles"
        raise UsageError(f"there is no role `{role}` in the organization file", hint=hint)


def _must_be_known(connection: "Connection", name: str) -> None:
    """Refuse a name that no organization file knows, if there is any that names people."""
    from sopc_runtime.people.authority import nearest_person
    from sopc_runtime.people.current import organizations

    files = [each for each in organizations(connection) if any(r.holders for r in each.roles)]
    if files and not any(each.person(name) for each in files):
        near = next((found for each in files if (found := nearest_person(each, name))), None)
        raise UsageError(
            f"the organization file knows nobody called `{name}`",
            hint=f"did you mean `{near}`" if near else "write the whole name, or the address",
        )
