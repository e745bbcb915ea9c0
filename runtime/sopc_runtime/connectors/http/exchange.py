"""Exchanges: one request and its answer, within a time, a size and a host."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx2
import tenacity

from sopc.graph import Failure
from sopc_runtime.connectors.connector import ConnectorError
from sopc_runtime.connectors.http.failure import AnsweredError, answered

LARGEST = 10_000_000
"""The most bytes that an answer may have."""

ATTEMPTS = 3
"""How often a request is sent that may be repeated, within its time."""

_REDIRECTS = 5
_FAILS = 300
_AGAIN = frozenset({Failure.UNAVAILABLE})
_STATUS_AGAIN = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What is sent with everything in it, secrets too; never shown.

    Attributes:
        what: The system and the operation, for messages.
        timeout: Seconds for the whole exchange, further attempts included.
        reads: Whether it changes nothing.
        repeatable: Whether doing it twice is doing it once.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    content: bytes | None
    what: str
    timeout: float
    reads: bool
    repeatable: bool = False

    def __repr__(self) -> str:
        return f"Sent({self.what})"

    @property
    def safe(self) -> bool:
        """Whether sending it again does no harm."""
        return self.reads or self.repeatable


def exchange(client: httpx2.Client, sent: Sent, *, masked: Callable[[str], str]) -> bytes:
    """Send a request, again where that is safe, and give the body of the answer.

    Raises:
        ConnectorError: There was no answer, or it told a failure; masked.
    """
    deadline = time.monotonic() + sent.timeout
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(lambda error: sent.safe and _worth_another(error)),
        stop=tenacity.stop_after_attempt(ATTEMPTS) | tenacity.stop_before_delay(sent.timeout),
        wait=_wait,
        reraise=True,
    )
    try:
        return retrying(_once, client, sent, deadline)
    except AnsweredError as error:
        raise AnsweredError(
            error.failure,
            masked(str(error)),
            status=error.status,
            certain=error.certain,
            after=error.after,
            hint=error.hint and masked(error.hint),
        ) from None
    except ConnectorError as error:
        raise ConnectorError(
            error.failure, masked(str(error)), certain=error.certain, hint=error.hint
        ) from None


def _worth_another(error: BaseException) -> bool:
    if isinstance(error, AnsweredError):
        return error.status in _STATUS_AGAIN
    return isinstance(error, ConnectorError) and error.failure in _AGAIN


_BACKOFF = tenacity.wait_random_exponential(multiplier=0.2, max=5)


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    after = error.after if isinstance(error, AnsweredError) else None
    return _BACKOFF(state) if after is None else after


def _once(client: httpx2.Client, sent: Sent, deadline: float) -> bytes:
    try:
        request = client.build_request(
            sent.method, sent.url, headers=list(sent.headers), content=sent.content
        )
        for _ in range(_REDIRECTS):
            response = _send(client, request, deadline)
            try:
                following = response.next_request
                if following is None:
                    return _body(response, sent, deadline)
                _follow(response, request, following, sent)
            finally:
                response.close()
            request = following
    # What these errors say may hold the headers, so only those of connections are quoted.
    except (httpx2.ConnectTimeout, httpx2.PoolTimeout):
        raise ConnectorError(Failure.TIMED_OUT, f"{sent.what}: no connection in time") from None
    except httpx2.TimeoutException:
        raise _late(sent) from None
    except httpx2.ConnectError as error:
        reason = str(error) or "no connection"
        raise ConnectorError(Failure.UNAVAILABLE, f"{sent.what}: {reason}") from None
    except (httpx2.ProxyError, httpx2.LocalProtocolError, httpx2.UnsupportedProtocol):
        raise ConnectorError(
            Failure.UNAVAILABLE, f"{sent.what}: the request could not be sent"
        ) from None
    except httpx2.TransportError:
        raise ConnectorError(
            Failure.UNAVAILABLE, f"{sent.what}: the connection broke", certain=sent.safe
        ) from None
    except httpx2.DecodingError:
        raise _unusable(sent, "the answer is not encoded as it says") from None
    except httpx2.InvalidURL:
        raise ConnectorError(Failure.REFUSED, f"{sent.what}: its URL cannot be sent to") from None
    raise ConnectorError(Failure.REFUSED, f"{sent.what}: it redirects over and over")


def _send(client: httpx2.Client, request: httpx2.Request, deadline: float) -> httpx2.Response:
    left = max(deadline - time.monotonic(), 0.001)
    request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), left)
    return client.send(request, stream=True)


def _body(response: httpx2.Response, sent: Sent, deadline: float) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > LARGEST:
            raise _unusable(sent, f"the answer is larger than {LARGEST:,} bytes")
        # A server that sends a little again and again never meets the time for reading.
        if time.monotonic() > deadline:
            raise _late(sent)
    if response.status_code >= _FAILS:
        raise answered(
            response.status_code,
            response.reason_phrase,
            bytes(content),
            what=sent.what,
            retry_after=response.headers.get("retry-after"),
            safe=sent.safe,
        )
    return bytes(content)


def _follow(
    response: httpx2.Response, request: httpx2.Request, following: httpx2.Request, sent: Sent
) -> None:
    """Refuse a redirect to another host, and one that would make another request of it."""
    here, there = ((each.url.scheme, each.url.host, each.url.port) for each in (request, following))
    if here == there and (sent.reads or following.method == request.method):
        return
    where = f"{following.url.scheme}://{following.url.netloc.decode()}"
    raise AnsweredError(
        Failure.REFUSED,
        f"{sent.what}: {response.status_code}, a redirect to `{where}` that is not followed",
        status=response.status_code,
        certain=sent.safe or following.method == request.method,
        hint="set `url` to where the system is now",
    )


def _late(sent: Sent) -> ConnectorError:
    return ConnectorError(
        Failure.TIMED_OUT,
        f"{sent.what}: no answer within {sent.timeout:g} s",
        certain=sent.safe,
    )


def _unusable(sent: Sent, why: str) -> ConnectorError:
    # It was carried out, so doing it again with another key could do it twice.
    return ConnectorError(Failure.MISSING_DATA, f"{sent.what}: {why}", certain=sent.reads)
