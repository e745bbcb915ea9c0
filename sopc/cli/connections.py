"""What `sopc org` tells of systems that it has tried to reach."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sopc.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sopc.organization import Organization, System
    from sopc_runtime.connectors.connection import Connection


def tried(
    organization: "Organization", path: Path, day: date, *, only: "System | None" = None
) -> "list[Connection]":
    """Try the bindings of the systems in use on a day, or the one of `only`."""
    from sopc_runtime.connectors.connection import connections

    bound = [each for each in organization.systems if each.binding is not None and each.in_use(day)]
    return connections([only] if only else bound, organization, path.absolute().parent)


def chosen(organization: "Organization", name: str) -> "System":
    """Find the system that a user names.

    Raises:
        UsageError: There is none, or it is not bound.
    """
    system = organization.system(name)
    if system is None:
        near = organization.nearest_system(name)
        known = ", ".join(f"`{each.id}`" for each in organization.systems)
        hint = f"there is `{near}`" if near else f"systems: {known}" if known else None
        raise UsageError(f"the organization file has no system `{name}`", hint=hint)
    if system.binding is None:
        raise UsageError(
            f"system `{system.name}` has no binding", hint="`binding` says how it is reached"
        )
    return system


def told(connections: "Iterable[Connection]") -> "Iterator[str]":
    """Give the lines that say what came of it."""
    yield "connections:"
    number = 0
    for number, each in enumerate(connections, 1):  # noqa: B007 # counts them
        binding = each.system.binding
        way = binding.connector if binding else ""
        if each.failure is not None:
            yield f"  {each.system.name} ({way}): failed: {each.failure}"
            if each.hint:
                yield f"    help: {each.hint}"
            continue
        yield f"  {each.system.name} ({way}): {each.found}"
        if each.not_in_file:
            yield f"    not in the file: {_names(each.not_in_file)}"
        if each.not_in_system:
            yield f"    not in the system: {_names(each.not_in_system)}"
    if not number:
        yield "  none: no system that is in use has a binding"


def as_yaml(organization: "Organization", connections: "Iterable[Connection]") -> str:
    """Give the operations found as a part of an organization file."""
    from sopc.graph.canonical import as_yaml as written

    systems = [
        {
            "id": each.system.id,
            "name": each.system.name,
            "operations": [
                operation.model_dump(mode="json", by_alias=True, exclude_defaults=True)
                for operation in each.operations
            ],
        }
        for each in connections
        if each.operations
    ]
    return written({"name": organization.name, "systems": systems})


def _names(names: "Iterable[str]") -> str:
    return ", ".join(f"`{name}`" for name in names)
