"""Which connectors there are, by the name that bindings use."""

import logging
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from sopc.errors import SopcError, UsageError
from sopc.organization import Organization, System
from sopc_runtime.connectors.connector import Connector

log = logging.getLogger("sopc.connectors")

GROUP = "sopc.connectors"
"""The entry point group in which packages, sopc among them, offer connectors."""


class ConnectorFactory(Protocol):
    """Makes the connector of a system from its binding; refuses settings that are wrong."""

    def __call__(self, system: System, organization: Organization, root: Path) -> Connector:
        """Make it; connects to nothing yet.

        Args:
            system: What is bound.
            organization: Where it stands, with the templates.
            root: The folder of the organization file, which paths in it are relative to.

        Raises:
            UsageError: The binding's settings are incomplete or wrong.
        """


def connector(system: System, organization: Organization, root: Path) -> Connector:
    """Make the connector that a system is bound by; `root` is the organization file's folder.

    Raises:
        UsageError: The system is not bound, its connector is not known, or settings are wrong.
    """
    if system.binding is None:
        raise UsageError(f"system `{system.name}` has no binding")
    name = system.binding.connector
    offered = {each.name: each for each in entry_points(group=GROUP)}
    if name not in offered:
        raise UsageError(
            f"system `{system.name}` is bound by connector `{name}`, which is not installed",
            hint=f"installed: {', '.join(sorted(offered))}",
        )
    try:
        factory: ConnectorFactory = offered[name].load()
        return factory(system, organization, root)
    except SopcError:
        raise
    except Exception as error:
        # Of what others raise, nobody knows whether it quotes secrets.
        log.debug("connector `%s` cannot be made", name, exc_info=True)
        raise UsageError(
            f"connector `{name}` of system `{system.name}` cannot be made: {type(error).__name__}",
            hint="its package is broken, or does not fit this version of sopc",
        ) from None
