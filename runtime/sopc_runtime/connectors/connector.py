"""What every connector does, and how it tells what went wrong."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from sopc.errors import SopcError
from sopc.graph import Failure
from sopc.organization import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a system is asked to do.

    Attributes:
        operation: As the organization file names it; None where the connector has only one.
        inputs: Values by name, as JSON has them.
        template: The named text that is sent or filled in.
        values: All values of the run, for templates.
        key: The idempotency key.
        timeout: Seconds after which the answer is no longer waited for.
        effect: What the organization file says that it does to the world.
        repeatable: Whether doing it twice with one key is doing it once.
    """

    operation: str | None
    inputs: dict[str, Any] = field(default_factory=dict)
    template: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    timeout: float = 60.0
    effect: str | None = None
    repeatable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a system gave back: values by name, as JSON has them."""

    values: dict[str, Any] = field(default_factory=dict)


class ConnectorError(SopcError):
    """A system did not do what it was asked, or nobody can tell.

    Attributes:
        failure: The graph's kind of failure.
        certain: Whether it certainly did not happen; otherwise it may have.
    """

    def __init__(
        self, failure: Failure, message: str, *, certain: bool = True, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.failure = failure
        self.certain = certain


class CannotLookUpError(SopcError):
    """The system cannot be asked whether an earlier request happened."""


class Connector(Protocol):
    """The way to one system. Used from several threads at once; messages never hold secrets."""

    def check(self) -> str:
        """Test the way there, changing nothing; say in a few words what was found.

        Raises:
            ConnectorError: It cannot be reached, or refuses.
        """

    def operations(self) -> tuple[Operation, ...]:
        """Give what the system can do, as far as it tells.

        Raises:
            ConnectorError: It cannot be reached, or refuses.
        """

    def render(self, request: Request) -> dict[str, Any]:
        """Give what would be sent, in full and without secrets; sends nothing, asks nobody.

        Raises:
            ConnectorError: It could not be sent: an input is missing or wrong.
        """

    def perform(self, request: Request) -> Reply:
        """Do it.

        Raises:
            ConnectorError: It was not done, or nobody can tell.
        """

    def look_up(self, request: Request) -> Reply | None:
        """Find what came of an earlier request by its key; None if it did not happen.

        Raises:
            CannotLookUpError: The system keeps no such record.
            ConnectorError: It cannot be reached.
        """

    def close(self) -> None:
        """Let go of connections and processes."""
