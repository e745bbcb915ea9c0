"""The ways that notifications go: by mail, to the webhook, and through a bound system."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path

from sopc.graph import Failure
from sopc.organization import Operation, Organization, System
from sopc_runtime.connectors.connector import Connector, ConnectorError, Request
from sopc_runtime.connectors.registry import connector
from sopc_runtime.connectors.secret import revealed
from sopc_runtime.connectors.smtp_session import SmtpSession
from sopc_runtime.people.notification import Notification
from sopc_runtime.people.notify_settings import MailSettings, WebhookSettings

_TEXTS = ("text", "body", "message", "content")
_TITLES = ("subject", "title")
_RECIPIENTS = ("to", "recipient", "recipients", "channel")
_HTTP_DONE = range(200, 300)


def message_id(key: str) -> str:
    """Give the id of a notification: the same each time it is sent."""
    return f"msg_{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def send_mail(
    settings: MailSettings, told: Notification, to: str, *, key: str, now: datetime
) -> None:
    """Send a mail to one person.

    Raises:
        ConnectorError: It was not taken, or nobody can tell.
    """
    sender = parseaddr(settings.sender)[1]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = settings.sender
    mail["To"] = to
    mail["Subject"] = told.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id(f'{key}:{to}')}@{sender.rpartition('@')[2] or 'sopc'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(told.text, cte="quoted-printable")
    session = SmtpSession(settings.host, settings.at, settings.security, settings.timeout)
    try:
        if settings.user is not None and settings.password is not None:
            session.log_in(revealed(settings.user), settings.password.reveal())
        session.send(sender, [to], mail.as_bytes())
    finally:
        session.close()


def call_webhook(settings: WebhookSettings, told: Notification, *, key: str, now: datetime) -> None:
    """Tell the webhook, signed with HMAC-SHA256 as Standard Webhooks has it.

    Raises:
        ConnectorError: It did not answer that it took it.
    """
    import httpx2

    event = {"type": told.type, "timestamp": now.isoformat(), "data": told.data}
    body = json.dumps(event, ensure_ascii=False).encode()
    ident, stamp = message_id(key), str(int(now.timestamp()))
    signed = hmac.new(settings.key(), f"{ident}.{stamp}.".encode() + body, hashlib.sha256)
    headers = {
        "content-type": "application/json",
        "webhook-id": ident,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(signed.digest()).decode()}",
    }
    try:
        # What environment variables say of proxies would lead loopback addresses astray.
        with httpx2.Client(timeout=settings.timeout, trust_env=False) as client:
            answer = client.post(settings.url, content=body, headers=headers)
    except httpx2.HTTPError as error:
        reason = str(error).lower() or type(error).__name__
        raise ConnectorError(
            Failure.UNAVAILABLE, f"the webhook cannot be reached: {reason}", certain=False
        ) from None
    if answer.status_code not in _HTTP_DONE:
        raise ConnectorError(
            Failure.REFUSED, f"the webhook answers with status {answer.status_code}"
        )


def send_through(
    system: System, organization: Organization, root: Path, told: Notification, *, key: str
) -> bool:
    """Send a notification through a bound system, if its connector can send texts.

    Returns:
        Whether it can; False sent nothing.

    Raises:
        ConnectorError: It was not sent, or nobody can tell.
        UsageError: The binding's settings are wrong.
    """
    if system.binding is None:
        return False
    way: Connector = connector(system, organization, root)
    try:
        for operation in system.operations or way.operations():
            inputs = _inputs(operation, system, told.addresses, told)
            if inputs is not None:
                way.perform(
                    Request(
                        operation=operation.name,
                        inputs=inputs,
                        key=message_id(key),
                        effect=operation.effect,
                        repeatable=operation.idempotent,
                    )
                )
                return True
    finally:
        way.close()
    return False


def _inputs(
    operation: Operation, system: System, addresses: Sequence[str], told: Notification
) -> dict[str, str] | None:
    """Give the inputs of an operation that can tell people; None for one that cannot."""
    names = operation.input_names
    if operation.effect not in {"notify", "send"} or not set(names).intersection(_TEXTS):
        return None
    recipient = system.name if system.kind == "channel" else ", ".join(addresses)
    given = {
        **dict.fromkeys(_TEXTS, told.text),
        **dict.fromkeys(_TITLES, told.subject),
        **(dict.fromkeys(_RECIPIENTS, recipient) if recipient else {}),
    }
    if not given.keys() >= set(operation.required_inputs):
        return None
    # One text is enough where an operation takes several.
    text = next(name for name in _TEXTS if name in names)
    return {name: given[name] for name in names if name in given and name not in _TEXTS} | {
        text: told.text
    }
