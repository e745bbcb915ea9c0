"""Trying the bindings of an organization file: whether each system answers, and what it can do."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sopc.errors import SopcError
from sopc.organization import Operation, Organization, System
from sopc_runtime.connectors.connector import ConnectorError
from sopc_runtime.connectors.registry import connector

_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What came of trying a binding.

    Attributes:
        found: What its check found, in a few words; empty if it failed.
        operations: What the system says that it can do; nothing if it does not tell.
        failure: Why it failed; None if it did not.
        hint: What would help.
    """

    system: System
    found: str = ""
    operations: tuple[Operation, ...] = ()
    failure: str | None = None
    hint: str | None = None

    @property
    def not_in_file(self) -> tuple[str, ...]:
        """The operations that the system has, and the organization file does not list."""
        return tuple(
            each.name for each in self.operations if self.system.operation(each.name) is None
        )

    @property
    def not_in_system(self) -> tuple[str, ...]:
        """The operations that the organization file lists, and the system does not have.

        One with a `request` says itself how it is asked for, and a system that tells nothing of
        its operations may have any.
        """
        known = {each.name for each in self.operations}
        if not known:
            return ()
        return tuple(
            each.name
            for each in self.system.operations
            if each.name not in known and each.request is None
        )


def connections(
    systems: Iterable[System], organization: Organization, root: Path
) -> list[Connection]:
    """Try the bindings of systems, several at once; in their order.

    Changes nothing. `root` is the folder of the organization file.
    """
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return list(threads.map(lambda system: _tried(system, organization, root), systems))


def _tried(system: System, organization: Organization, root: Path) -> Connection:
    try:
        way = connector(system, organization, root)
        try:
            return Connection(system=system, found=way.check(), operations=way.operations())
        finally:
            way.close()
    except ConnectorError as error:
        # The kind says more than the words where these are a system's own.
        failure = f"{error.failure}: {error}"
        return Connection(system=system, failure=failure, hint=error.hint)
    except SopcError as error:
        return Connection(system=system, failure=str(error), hint=error.hint)
