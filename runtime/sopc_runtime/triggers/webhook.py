"""What an authentic webhook's request becomes: a delivery."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sopc_runtime.triggers.authentic import Proof
from sopc_runtime.triggers.delivery import Delivery
from sopc_runtime.triggers.reading import read_json
from sopc_runtime.triggers.settings import Scheme, WebhookSettings, at_pointer


@dataclass(frozen=True, slots=True)
class _Places:
    event_header: str | None = None
    event: str | None = None
    id: str | None = None
    occurred: str | None = None
    payload: str | None = None


# Where the senders that have a scheme of their own put things.
_USUAL: dict[Scheme, _Places] = {
    "stripe": _Places(event="/type", id="/id", occurred="/created", payload="/data/object"),
    "github": _Places(event_header="X-GitHub-Event"),
    "standard-webhooks": _Places(event="/type", occurred="/timestamp", payload="/data"),
}


def delivered(
    settings: WebhookSettings,
    *,
    proof: Proof,
    headers: Mapping[str, str],
    body: bytes,
    event: str | None = None,
) -> Delivery:
    """Give the delivery of a request; one that cannot be read holds the problem.

    The event is what the address names, else what the settings say, else what the request tells.
    Its id is what is signed: from the scheme or the body. Without one, a request with the very
    same bytes is the same event.
    """
    usual = _USUAL.get(settings.scheme, _Places())
    value, problem = read_json(body)
    own = _text(at_pointer(value, settings.id_pointer or usual.id))
    if own is None and settings.id_header is not None:
        own = headers.get(settings.id_header)
    key = own or proof.id or hashlib.sha256(proof.signed).hexdigest()
    told = _text(at_pointer(value, settings.event_pointer or usual.event))
    event_header = settings.event_header or usual.event_header
    if event_header is not None:
        told = headers.get(event_header) or told
    if problem is None and settings.id_pointer is not None and own is None:
        problem = f"there is no id at `{settings.id_pointer}`"
    payload = value
    pointer = settings.payload_pointer or usual.payload
    if pointer is not None:
        inner = at_pointer(value, pointer)
        if inner is None and settings.payload_pointer is not None and problem is None:
            problem = f"there is no payload at `{pointer}`"
        payload = value if inner is None else inner
    return Delivery(
        source="webhook",
        key=f"{settings.system}:{key}",
        payload=payload,
        text=body.decode("utf-8", "replace") if problem else None,
        system=settings.system,
        event=event or settings.event or told,
        name=settings.procedure,
        occurred=_instant(at_pointer(value, settings.occurred_pointer or usual.occurred)),
        problem=problem,
    )


def _text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value) or None


def _instant(value: Any) -> datetime | None:
    try:
        if isinstance(value, str):
            read = datetime.fromisoformat(value)
            return read.astimezone(UTC) if read.tzinfo is not None else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None
