"""The ways to systems: the organization files of all that is deployed, as they stand now."""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from sopc.errors import UsageError
from sopc.organization import Organization, System, load_organization
from sopc_runtime.connectors.connector import Connector, Request
from sopc_runtime.connectors.guarded import Guarded
from sopc_runtime.connectors.registry import connector
from sopc_runtime.people.current import current_organization, organization_folder
from sopc_runtime.store.database import reading
from sopc_runtime.store.run_start import versions

log = logging.getLogger("sopc.serve")


@dataclass(slots=True)
class Ways:
    """Gives a worker the organization of now, and makes its connectors.

    Without a file that is given, it is the files beside what is deployed; where they bind one
    system in two ways, the first procedure's by name holds, and that is logged.

    Attributes:
        engine: The database.
        file: The organization file for all, if one is given.
    """

    engine: Engine
    file: Path | None = None
    _roots: dict[str, Path] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _asked: dict[str, tuple[System, Connector]] = field(default_factory=dict)

    def load(self) -> Organization | None:
        """Give the organization file of now.

        Raises:
            SopcError: One of the files has mistakes, or cannot be read.
        """
        if self.file is not None:
            own = load_organization(self.file)
            self._roots = {each.id: self.file.parent for each in own.systems}
            return own
        found: list[Organization] = []
        systems: dict[str, System] = {}
        roots: dict[str, Path] = {}
        with reading(self.engine).connect() as connection:
            for version in versions(connection):
                organization = current_organization(connection, version.name)
                if organization is None or organization in found:
                    continue
                found.append(organization)
                root = organization_folder(connection, version.name)
                for system in organization.systems:
                    known = systems.setdefault(system.id, system)
                    roots.setdefault(system.id, root)
                    if known.binding != system.binding and system.id not in self._told:
                        self._told.add(system.id)
                        log.warning("system `%s` is bound in two ways; the first holds", system.id)
        self._roots = roots
        if not found:
            return None
        return found[0].model_copy(update={"systems": tuple(systems.values())})

    def make(self, system: System, organization: Organization) -> Connector:
        """Make the connector of a system, guarded against what no run could take from it.

        Raises:
            UsageError: It is not bound, or its binding is wrong.
        """
        root = self._roots.get(system.id, Path.cwd())
        return Guarded(connector(system, organization, root), system.id)

    def ask(self, name: str, operation: str, inputs: dict[str, Any]) -> dict[str, Any]:
        """Call an operation that only reads, for a poll.

        Raises:
            SopcError: It is not said to only read, or the system refuses or cannot be reached.
        """
        organization = self.load()
        system = organization.system(name) if organization else None
        if organization is None or system is None:
            raise UsageError(f"the organization file does not know system `{name}`")
        known = system.operation(operation)
        if known is None or known.effect != "read":
            raise UsageError(
                f"operation `{operation}` of `{system.name}` is not said to only read",
                hint="write `effect: read` beside it in the organization file",
            )
        made = self._asked.get(system.id)
        if made is None or made[0] != system:
            if made is not None:
                made[1].close()
            made = self._asked[system.id] = system, self.make(system, organization)
        request = Request(operation=operation, inputs=inputs, effect="read", repeatable=True)
        return made[1].perform(request).values

    def close(self) -> None:
        """Let go of the connections of polls."""
        for _, each in self._asked.values():
            each.close()
        self._asked.clear()
