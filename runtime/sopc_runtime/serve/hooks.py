"""The web side of webhooks: bounds first, then proof, then the intake; answers after the commit."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sopc.errors import SopcError
from sopc_runtime.triggers.authentic import ForgedError, prove
from sopc_runtime.triggers.delivery import Delivery, Outcome, Status
from sopc_runtime.triggers.forged import Forgeries
from sopc_runtime.triggers.intake import receive
from sopc_runtime.triggers.settings import WebhookSettings
from sopc_runtime.triggers.webhook import delivered

log = logging.getLogger("sopc.serve")

_SECONDS_TO_SEND = 30.0
_LONGEST_EVENT = 200


class Hooks:
    """Takes events that systems post to `/hooks/SYSTEM` and `/hooks/SYSTEM/EVENT`.

    Args:
        engine: The database.
        webhooks: What is set for each system.
        now: The clock, in UTC.
        told: Called when something was started or handed on, so that a worker looks at once.
    """

    def __init__(
        self,
        engine: Engine,
        webhooks: tuple[WebhookSettings, ...],
        *,
        now: Callable[[], datetime],
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._engine = engine
        self._webhooks = {each.system: each for each in webhooks}
        self._now = now
        self._told = told
        self.forgeries = Forgeries(engine)

    @property
    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/hooks/{system}", self._post, methods=["POST"]),
            Route("/hooks/{system}/{event}", self._post, methods=["POST"]),
        ]

    async def _post(self, request: Request) -> Response:
        settings = self._webhooks.get(request.path_params["system"])
        if settings is None:
            return _error(404, "no webhook is set up for this system")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind and kind != "application/json" and not kind.endswith("+json"):
            return _error(415, "the content type has to be `application/json`")
        event = request.path_params.get("event")
        if event is not None and len(event) > _LONGEST_EVENT:
            return _error(404, "no event has so long a name")
        body = await _body(request, settings.most_bytes)
        if isinstance(body, Response):
            return body
        return await run_in_threadpool(self._taken, settings, request.headers, body, event)

    def _taken(
        self,
        settings: WebhookSettings,
        headers: Mapping[str, str],
        body: bytes,
        event: str | None,
    ) -> Response:
        now = self._now()
        try:
            try:
                proof = prove(settings, headers, body, now)
            except ForgedError as error:
                self._count(settings.system, str(error), now)
                return _error(401, str(error))
            delivery = delivered(settings, proof=proof, headers=headers, body=body, event=event)
            outcome = self._received(delivery, now)
        except (DBAPIError, NoConnectionError) as error:
            # The sender keeps the event, and sends it again.
            log.warning("a webhook was not taken in: %s", _first_line(error))
            return _error(503, "the database cannot be reached", {"Retry-After": "30"})
        except SopcError as error:
            log.error("webhook `%s`: %s", settings.system, error)  # noqa: TRY400 # said in full
            return _error(503, "this webhook cannot be checked now", {"Retry-After": "300"})
        if outcome.runs and not outcome.repeated:
            self._told()
        return _answer(delivery, outcome)

    def _count(self, system: str, why: str, now: datetime) -> None:
        try:
            self.forgeries.add(system, why, now)
        except (DBAPIError, NoConnectionError) as error:
            # Nobody is to send a forged request again; it stays counted, and is written later.
            log.warning("a forged request is not written yet: %s", _first_line(error))

    def _received(self, delivery: Delivery, now: datetime) -> Outcome:
        with self._engine.begin() as connection:
            return receive(connection, delivery, now)


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


async def _body(request: Request, most: int) -> bytes | Response:
    """Read the body, or give the answer where it is too large, too slow or cut off."""
    too_large = _error(413, f"the body is larger than {most:,} bytes")
    told = request.headers.get("content-length", "")
    if told.isdecimal() and (len(told) > len(str(most)) or int(told) > most):
        return too_large
    parts = bytearray()
    try:
        async with asyncio.timeout(_SECONDS_TO_SEND):
            async for part in request.stream():
                parts += part
                if len(parts) > most:
                    return too_large
    except TimeoutError:
        return _error(408, "the body took too long")
    except ClientDisconnect:
        return _error(400, "the body is not whole")
    return bytes(parts)


def _answer(delivery: Delivery, outcome: Outcome) -> Response:
    content: dict[str, Any] = {
        "delivery": outcome.number,
        "status": outcome.status.value,
        "runs": list(outcome.runs),
    }
    if outcome.problems:
        content["problems"] = list(outcome.problems)
    if outcome.repeated:
        return JSONResponse(content, 200)
    if outcome.status is Status.REFUSED:
        return JSONResponse(content, 400 if delivery.problem else 422)
    return JSONResponse(content, 202)


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": message}, status, headers=headers)
