"""What an answer that is no success means, as a kind of failure."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from sopc.graph import Failure
from sopc_runtime.connectors.connector import ConnectorError

_SHORT = 200
_NEVER_DONE = frozenset({408, 429, 501, 505})
"""Answers of servers that did not begin with the request."""


class AnsweredError(ConnectorError):
    """The system answered, and not with success.

    Attributes:
        status: The answer's status.
        after: Seconds after which it may be asked again, if it says so.
    """

    def __init__(
        self,
        failure: Failure,
        message: str,
        *,
        status: int,
        certain: bool,
        after: float | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(failure, message, certain=certain, hint=hint)
        self.status = status
        self.after = after


def answered(
    status: int, reason: str, content: bytes, *, what: str, retry_after: str | None, safe: bool
) -> AnsweredError:
    """Give the failure that an answer tells.

    Args:
        status: Its status, 300 or above.
        reason: The words beside the status.
        content: Its body.
        what: The system and the operation, for the message.
        retry_after: Its header of that name.
        safe: Whether the request changes nothing, or may be repeated.
    """
    failure = _failure(status)
    says = message_in(content) or reason
    after = _seconds(retry_after)
    certain = safe or status in _NEVER_DONE or status < 500 or (status == 503 and after is not None)  # noqa: PLR2004 # as HTTP counts
    return AnsweredError(
        failure,
        f"{what}: {status} {says}".rstrip(),
        status=status,
        certain=certain,
        after=after,
    )


def message_in(content: bytes) -> str:
    """Find what a body says of a failure, in one short line; empty if it says nothing."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    says = _said(body)
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in says).split())
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 3]}..."


def _failure(status: int) -> Failure:
    match status:
        case 404 | 410:
            return Failure.NOT_FOUND
        case 408 | 504:
            return Failure.TIMED_OUT
        case 429:
            return Failure.UNAVAILABLE
        case 501 | 505:
            return Failure.REFUSED
        case _:
            return Failure.UNAVAILABLE if status >= 500 else Failure.REFUSED  # noqa: PLR2004 # as HTTP counts


def _said(body: Any) -> str:
    """Read problem details (RFC 9457), and what others call a message."""
    if isinstance(body, str):
        return body
    if isinstance(body, list) and body:
        return _said(body[0])
    if not isinstance(body, dict):
        return ""
    found = (_said(body[name]) for name in ("detail", "message", "error", "errors") if name in body)
    first = next((text for text in found if text), "")
    title = body.get("title")
    if isinstance(title, str) and title and title != first:
        return f"{title}: {first}" if first else title
    return first


def _seconds(retry_after: str | None) -> float | None:
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (zoned - datetime.now(UTC)).total_seconds())
