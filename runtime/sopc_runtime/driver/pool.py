"""The connectors of a worker: one for each system, by the organization file as it stands now."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sopc.errors import SopcError, UsageError
from sopc.organization import Organization, System
from sopc_runtime.connectors.connector import Connector
from sopc_runtime.connectors.settings import Settings, common_settings

log = logging.getLogger("sopc.worker")

_LOOK_AGAIN = 2.0

Loader = Callable[[], Organization | None]
"""Gives the organization file of now."""

Maker = Callable[[System, Organization], Connector]
"""Makes the connector of a system that is bound."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The way to a system.

    Attributes:
        connector: What speaks to it.
        system: Its entry of the organization file.
        settings: What every connector is told.
    """

    connector: Connector
    system: System
    settings: Settings


class Pool:
    """Makes connectors when they are first needed, and anew when their systems changed.

    A connector that was replaced is closed when the worker stops, since calls may still use it.
    """

    def __init__(self, load: Loader, make: Maker) -> None:
        self._load = load
        self._make = make
        self._lock = threading.Lock()
        self._looked = 0.0
        self._organization: Organization | None = None
        self._reached: dict[str, Reach] = {}
        self._replaced: list[Connector] = []

    def reach(self, system: str) -> Reach:
        """Give the way to a system.

        Raises:
            UsageError: It is not bound, or its binding is wrong.
        """
        with self._lock:
            organization = self._current()
            found = organization.system(system) if organization else None
            if organization is None or found is None:
                raise UsageError(f"the organization file does not know system `{system}`")
            known = self._reached.get(system)
            # One organization file is mostly asked again and again, and comparing takes long.
            if known is not None and (known.system is found or known.system == found):
                return known
            reach = Reach(self._make(found, organization), found, common_settings(found))
            if known is not None:
                self._replaced.append(known.connector)
            self._reached[system] = reach
            return reach

    def limited(self) -> dict[str, Settings]:
        """Give the systems that may only be asked so often, or by so many at once."""
        # Without the lock: signs of life must not wait for a connector that takes long to make.
        organization = self._current()
        found: dict[str, Settings] = {}
        for system in organization.systems if organization else ():
            try:
                settings = common_settings(system)
            except UsageError:
                # Whoever calls the system is told.
                continue
            if settings.max_concurrent is not None or settings.per_minute is not None:
                found[system.id] = settings
        return found

    def close(self) -> None:
        """Let go of all connectors."""
        with self._lock:
            closing = [*self._replaced, *(each.connector for each in self._reached.values())]
            self._replaced, self._reached = [], {}
        for connector in closing:
            try:
                connector.close()
            except Exception:
                log.exception("a connector could not be closed")

    def _current(self) -> Organization | None:
        if not self._looked or time.monotonic() - self._looked > _LOOK_AGAIN:
            try:
                self._organization = self._load()
            except SopcError as error:
                log.error("the organization file cannot be used: %s", error)  # noqa: TRY400
            self._looked = time.monotonic()
        return self._organization
