"""Whether a webhook's request is from whom it says: signatures over the very bytes, and tokens."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sopc_runtime.triggers.settings import WebhookSettings

_PREFIX = "whsec_"


class ForgedError(Exception):
    """A request that does not prove itself; the message says how, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of an authentic request.

    Attributes:
        signed: The bytes that were signed: what makes it the same request when it comes again.
        id: The event's id, where the scheme signs one.
    """

    signed: bytes
    id: str | None = None


def prove(
    settings: WebhookSettings, headers: Mapping[str, str], body: bytes, now: datetime
) -> Proof:
    """Check that a request is authentic and recent.

    `headers` are found by any case. Comparing takes the same time whatever is wrong.

    Raises:
        ForgedError: It is not, or the timestamp that it is signed with is too old or to come.
        ConnectorError: A secret's variable is not set.
    """
    match settings.scheme:
        case "token":
            return _token(settings, headers, body)
        case "github":
            signature = _header(headers, "X-Hub-Signature-256").removeprefix("sha256=")
            _compare(settings, body, [signature])
            return Proof(body)
        case "stripe":
            return _stripe(settings, headers, body, now)
        case "standard-webhooks":
            return _standard(settings, headers, body, now)
        case _:
            return _hmac(settings, headers, body, now)


def _token(settings: WebhookSettings, headers: Mapping[str, str], body: bytes) -> Proof:
    given = _header(headers, settings.signature_header or "Authorization")
    scheme, blank, rest = given.partition(" ")
    token = rest.strip() if blank and scheme.lower() == "bearer" else given
    # Hashed, because the time that comparing takes tells the length of the secret.
    wanted = [hashlib.sha256(each.reveal().encode()).digest() for each in settings.secret]
    found = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
    if not any([hmac.compare_digest(found, each) for each in wanted]):  # noqa: C419 # all of them
        raise ForgedError("the token is wrong")
    return Proof(body)


def _hmac(
    settings: WebhookSettings, headers: Mapping[str, str], body: bytes, now: datetime
) -> Proof:
    signature = _header(headers, settings.signature_header or "X-Signature")
    signed = body
    if settings.timestamp_header is not None:
        timestamp = _header(headers, settings.timestamp_header)
        _check_age(settings, timestamp, now)
        signed = timestamp.encode() + b"." + body
    _compare(settings, signed, [signature.removeprefix("sha256=")])
    return Proof(signed)


def _stripe(
    settings: WebhookSettings, headers: Mapping[str, str], body: bytes, now: datetime
) -> Proof:
    pairs = [
        part.strip().partition("=") for part in _header(headers, "Stripe-Signature").split(",")
    ]
    timestamp = next((value for name, _, value in pairs if name == "t"), "")
    _check_age(settings, timestamp, now)
    signed = timestamp.encode() + b"." + body
    _compare(settings, signed, [value for name, _, value in pairs if name == "v1"])
    return Proof(signed)


def _standard(
    settings: WebhookSettings, headers: Mapping[str, str], body: bytes, now: datetime
) -> Proof:
    """Check a request as https://www.standardwebhooks.com specifies."""
    event = _header(headers, "webhook-id")
    timestamp = _header(headers, "webhook-timestamp")
    _check_age(settings, timestamp, now)
    signed = f"{event}.{timestamp}.".encode() + body
    given = _header(headers, "webhook-signature").split()
    found = [each.partition(",")[2] for each in given if each.startswith("v1,")]
    wanted = [
        base64.b64encode(hmac.digest(_standard_key(each.reveal()), signed, "sha256")).decode()
        for each in settings.secret
    ]
    if not _any_equal(found, wanted):
        raise ForgedError("the signature is wrong")
    return Proof(signed, event)


def _standard_key(secret: str) -> bytes:
    try:
        # Nothing but the prefix would be a key that everybody has.
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True) or secret.encode()
    except binascii.Error:
        return secret.encode()


def _compare(settings: WebhookSettings, signed: bytes, found: list[str]) -> None:
    wanted = [
        hmac.digest(each.reveal().encode(), signed, "sha256").hex() for each in settings.secret
    ]
    if not _any_equal([each.lower() for each in found], wanted):
        raise ForgedError("the signature is wrong")


def _any_equal(found: list[str], wanted: list[str]) -> bool:
    # As many as a sender needs while its secret is replaced; more would be work for nothing.
    pairs = [(one, other) for one in found[:10] for other in wanted]
    same = [hmac.compare_digest(one.encode(), other.encode()) for one, other in pairs]
    return any(same)


def _check_age(settings: WebhookSettings, timestamp: str, now: datetime) -> None:
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):  # noqa: PLR2004
        raise ForgedError("the timestamp is no number of seconds")
    if abs(now.timestamp() - int(timestamp)) > settings.tolerance.total_seconds():
        raise ForgedError("the timestamp is too old, or to come")


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if not value:
        raise ForgedError(f"header `{name}` is missing")
    return value
