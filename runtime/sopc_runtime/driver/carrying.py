"""Carrying out calls: asking a system, waiting so long and no longer, and judging what came."""

import json
import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic_core import to_jsonable_python

from sopc.errors import SopcError
from sopc.graph import Failure
from sopc_runtime.connectors.connector import CannotLookUpError, ConnectorError, Reply, Request
from sopc_runtime.core.decision import Call
from sopc_runtime.core.event import CallFailed, CallInDoubt, CallSucceeded, Event
from sopc_runtime.driver.hands import Hands
from sopc_runtime.driver.pool import Pool, Reach

log = logging.getLogger("sopc.worker")

_DEFAULT_TIMEOUT = 60.0
_LOOK_UPS = 3
_KEEPS_KEY = frozenset({Failure.TIMED_OUT, Failure.UNAVAILABLE})
_PLAIN = frozenset({str, int, bool, type(None)})
# The transaction that takes an event sets its instant.
_UNSET = datetime(1970, 1, 1, tzinfo=UTC)

T = TypeVar("T")


class AbandonedError(Exception):
    """The worker stops and does not wait for an answer; the call stays begun."""


class LateError(AbandonedError):
    """Others may have taken the call over by now, so the system was not asked."""


@dataclass(slots=True)
class _Answer:
    # Held until there is one: an Event takes several times as long, at each call.
    pending: threading.Lock = field(default_factory=threading.Lock)
    result: Any = None
    error: Exception | None = None


@dataclass(slots=True)
class Carrier:
    """Carries out calls through connectors, each in a thread that can be left behind.

    Attributes:
        grace: Seconds beyond its timeout after which a connector is taken to hang.
        between: Seconds between attempts to look an earlier request up.
        abandoning: When set, answers are not waited for any more.
        hands: The threads that ask.
        hung: How many threads were left behind in connectors that did not come back.
    """

    pool: Pool
    grace: float = 5.0
    between: float = 1.0
    abandoning: threading.Event = field(default_factory=threading.Event)
    hands: Hands = field(default_factory=Hands)
    hung: int = 0

    def perform(self, call: Call, *, until: float = math.inf) -> Event:
        """Ask the system, and give what came of it.

        Args:
            call: What is asked.
            until: When it is too late to ask, by the monotonic clock.

        Raises:
            AbandonedError: The worker stops.
            LateError: It was too late, and the system was not asked.
        """
        try:
            reach = self.pool.reach(call.system)
        except SopcError as error:
            return _failed(call, Failure.UNAVAILABLE, str(error))
        request = _request(call, reach)
        if call.dry:
            return self._render(call, reach, request)
        try:
            reply = self._ask(reach, request, lambda: _in_time(reach, request, until))
        except ConnectorError as error:
            if error.certain:
                return _failed(call, error.failure, str(error))
            if call.reads or call.repeatable:
                failure = error.failure if error.failure in _KEEPS_KEY else Failure.UNAVAILABLE
                return _failed(call, failure, str(error))
            return self._looked_up(call, reach, request) or _doubted(call, str(error))
        return _succeeded(call, reply)

    def recover(self, call: Call, *, until: float = math.inf) -> Event:
        """Give what came of a call that somebody began, and of which nothing more is known.

        It is done again where that does no harm, or where the system says that it did not happen.

        Args:
            call: What was asked.
            until: When it is too late to ask again, by the monotonic clock.

        Raises:
            AbandonedError: The worker stops, or it was too late.
        """
        if call.dry or call.reads or call.repeatable:
            return self.perform(call, until=until)
        try:
            reach = self.pool.reach(call.system)
        except SopcError as error:
            return _doubted(call, f"it was begun, and its system cannot be asked: {error}")
        request = _request(call, reach)
        problem = ""
        for attempt in range(_LOOK_UPS):
            if attempt and self.abandoning.wait(self.between):
                raise AbandonedError
            try:
                found = self._ask(reach, request, lambda: reach.connector.look_up(request))
            except CannotLookUpError as error:
                problem = str(error)
                break
            except ConnectorError as error:
                problem = str(error)
            else:
                if found is not None:
                    return _succeeded(call, found)
                return self.perform(call, until=until)
        return _doubted(call, f"the program stopped while it was done, and {problem}")

    def _render(self, call: Call, reach: Reach, request: Request) -> Event:
        try:
            rendered = self._ask(reach, request, lambda: reach.connector.render(request))
        except ConnectorError as error:
            return _failed(call, error.failure, str(error))
        return CallSucceeded(at=_UNSET, call=call.id, rendered=_json(rendered))

    def _looked_up(self, call: Call, reach: Reach, request: Request) -> Event | None:
        try:
            found = self._ask(reach, request, lambda: reach.connector.look_up(request))
        except (CannotLookUpError, ConnectorError):
            return None
        # That nothing is found may mean that it is still on its way.
        return None if found is None else _succeeded(call, found)

    def _ask(self, reach: Reach, request: Request, work: Callable[[], T]) -> T:
        answer = _Answer()
        answer.pending.acquire()

        def run() -> None:
            try:
                answer.result = work()
            except Exception as error:  # noqa: BLE001 # told to whoever waits
                answer.error = error

        self.hands.lend(run, answer.pending.release)
        self._wait(answer, reach, request)
        if answer.error is None:
            result: T = answer.result
            return result
        if isinstance(answer.error, ConnectorError | CannotLookUpError | LateError):
            raise answer.error
        log.error("connector of system `%s` broke", reach.system.id, exc_info=answer.error)
        broke = f"the connector of `{reach.system.id}` broke: {type(answer.error).__name__}"
        raise ConnectorError(Failure.UNAVAILABLE, broke, certain=False)

    def _wait(self, answer: _Answer, reach: Reach, request: Request) -> None:
        until = time.monotonic() + request.timeout + self.grace
        while not answer.pending.acquire(timeout=min(0.25, max(until - time.monotonic(), 0.001))):
            if self.abandoning.is_set():
                raise AbandonedError
            if time.monotonic() >= until:
                self.hung += 1
                log.error(
                    "system `%s` did not answer within %g seconds, and its connector hangs",
                    reach.system.id,
                    request.timeout,
                )
                raise ConnectorError(
                    Failure.TIMED_OUT,
                    f"`{reach.system.id}` did not answer within {request.timeout:g} seconds",
                    certain=False,
                )


def _in_time(reach: Reach, request: Request, until: float) -> Reply:
    # The process may have been frozen since its call was last looked at.
    if time.monotonic() >= until:
        raise LateError
    return reach.connector.perform(request)


def _request(call: Call, reach: Reach) -> Request:
    operation = reach.system.operation(call.operation)
    effect = operation.effect if operation else None
    return Request(
        operation=call.operation,
        # Its own, or a connector that changes them would change the run's state.
        inputs=_json(call.inputs),
        template=call.template,
        values=_json(call.values),
        key=call.key,
        timeout=reach.settings.timeout or _DEFAULT_TIMEOUT,
        effect="read" if call.reads else effect,
        repeatable=call.repeatable,
    )


def not_asked(call: Call) -> Event:
    """Give what comes of a call that its run was demoted before."""
    says = f"`{call.system}` was not asked, because the run only shadows by now"
    return _failed(call, Failure.UNAVAILABLE, says)


def _succeeded(call: Call, reply: Reply) -> Event:
    return CallSucceeded(at=_UNSET, call=call.id, values=_json(reply.values))


def _failed(call: Call, failure: Failure, message: str) -> Event:
    return CallFailed(at=_UNSET, call=call.id, failure=failure, message=message)


def _doubted(call: Call, message: str) -> Event:
    return CallInDoubt(at=_UNSET, call=call.id, message=message)


def _json(values: dict[str, Any]) -> dict[str, Any]:
    """Give values as JSON has them; what JSON cannot hold becomes text, and fails by its type."""
    if all(type(each) in _PLAIN for each in values.values()):
        return dict(values)
    text = json.dumps(to_jsonable_python(values, fallback=str))
    # The journal and the run's state would have null for a number that is none.
    plain: dict[str, Any] = json.loads(text, parse_constant=str)
    return plain
