"""A guard around a connector: whatever it gives back can be kept, or is a failure that is told.

Without it, an answer that no database can hold would stop its run: it could neither be taken nor
be passed over.
"""

import math
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_jsonable_python

from sopc.graph import Failure
from sopc.organization import Operation
from sopc_runtime.connectors.connector import Connector, ConnectorError, Reply, Request

DEEPEST = 64
LARGEST = 10_000_000
"""The most characters and values that an answer may have."""

_MOST_BITS = 1024
_READS = frozenset({"read"})


class _UnfitError(Exception):
    """An answer cannot be kept; the message says why, and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A connector whose replies are plain JSON of bounded depth and size.

    Texts lose half characters; names that are no texts become texts, and numbers too large for
    any system the infinity that they would be elsewhere.
    """

    inner: Connector
    system: str

    def check(self) -> str:
        """Test the way there."""
        return self.inner.check()

    def operations(self) -> tuple[Operation, ...]:
        """Give what the system can do."""
        return self.inner.operations()

    def render(self, request: Request) -> dict[str, Any]:
        """Give what would be sent.

        Raises:
            ConnectorError: It could not be sent, or not be shown.
        """
        return self._values(self.inner.render(request), certain=True)

    def perform(self, request: Request) -> Reply:
        """Do it.

        Raises:
            ConnectorError: It was not done, or what came back cannot be kept.
        """
        # It was carried out, so only what reads certainly did nothing.
        return self._reply(self.inner.perform(request), certain=request.effect in _READS)

    def look_up(self, request: Request) -> Reply | None:
        """Find what came of an earlier request.

        Raises:
            ConnectorError: It cannot be reached, or what came back cannot be kept.
        """
        found = self.inner.look_up(request)
        return None if found is None else self._reply(found, certain=False)

    def close(self) -> None:
        """Let go of what is held."""
        self.inner.close()

    def _reply(self, reply: Any, *, certain: bool) -> Reply:
        values = reply.values if isinstance(reply, Reply) else None
        return Reply(values=self._values(values, certain=certain))

    def _values(self, values: Any, *, certain: bool) -> dict[str, Any]:
        try:
            made = _by_name(values)
        except _UnfitError as error:
            why = str(error)
        except Exception as error:  # noqa: BLE001 # values of other packages may do anything
            why = f"it holds a value that cannot be read ({type(error).__name__})"
        else:
            return made
        raise ConnectorError(
            Failure.MISSING_DATA,
            f"what `{self.system}` gave back cannot be kept: {why}",
            certain=certain,
        )


def _by_name(values: Any) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise _UnfitError("it holds no values by name")
    made: dict[str, Any] = _plain(values, [LARGEST], 0)
    return made


def _plain(value: Any, left: list[int], depth: int) -> Any:
    """Give a value as JSON has it; `left` counts down what may still come."""
    if depth > DEEPEST:
        raise _UnfitError(f"it is nested more than {DEEPEST} deep")
    left[0] -= len(value) + 1 if isinstance(value, str) else 1
    if left[0] < 0:
        raise _UnfitError(f"it is larger than {LARGEST:,} characters")
    if isinstance(value, dict):
        return {_name(key, left): _plain(each, left, depth + 1) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, left, depth + 1) for each in value]
    if value is None or isinstance(value, bool | int | float | str):
        return _scalar(value)
    # Dates, decimals, models and the like, of one level of which is made what JSON has.
    return _plain(to_jsonable_python(value, fallback=str), left, depth + 1)


def _scalar(value: str | float | None) -> str | float | None:
    if isinstance(value, str):
        # Half a character can be written in JSON, and in nothing else.
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return math.inf if value > 0 else -math.inf
    return value


def _name(key: Any, left: list[int]) -> str:
    return str(_plain(key if isinstance(key, str) else str(key), left, 0))
