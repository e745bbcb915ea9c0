"""Mails: what is sent, put together from inputs and templates."""

import mimetypes
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sopc.graph import Failure
from sopc_runtime.connectors import given
from sopc_runtime.connectors.address import addresses
from sopc_runtime.connectors.connector import ConnectorError, Request
from sopc_runtime.connectors.folder import Folder
from sopc_runtime.connectors.template import Templates

INPUTS = ("to", "cc", "bcc", "reply_to", "subject", "body", "html", "attachments")
"""What a mail is made of; what a template gives, need not be given."""

_LARGEST = 20_000_000
_POLICY = SMTP.clone(cte_type="7bit")


class Mail:
    """A mail that can be sent, with the same identity however often it is put together.

    Attributes:
        message_id: Made from the key, by which servers and people can tell repeats.
        sender: Whom it is from.
        recipients: The addresses of all that get it.
    """

    def __init__(
        self, request: Request, *, sender: Address, templates: Templates, folder: Folder | None
    ) -> None:
        given.known_inputs(request, INPUTS)
        inputs = _with_template(request, templates)
        self.sender = sender
        self._people = {
            header: tuple(
                address
                for line in given.texts(inputs, header)
                for address in addresses(line, header)
            )
            for header in ("to", "cc", "bcc", "reply_to")
        }
        if not self._people["to"]:
            given.missing("to")
        everyone = (*self._people["to"], *self._people["cc"], *self._people["bcc"])
        self.recipients = tuple(dict.fromkeys(each.addr_spec for each in everyone))
        self.subject = given.text(inputs, "subject")
        if not self.subject.isprintable():
            given.refuse("`subject` holds line ends or other signs of control")
        self.body = given.optional_text(inputs, "body")
        self.html = given.optional_text(inputs, "html")
        if not self.body and not self.html:
            given.missing("body")
        self._attached = tuple(
            _attached(name, folder) for name in given.texts(inputs, "attachments")
        )
        self.message_id = f"<{self._identity(request)}@{sender.domain}>"

    def _identity(self, request: Request) -> str:
        told = request.key or repr((self.recipients, self.subject, self.body, self.html))
        return f"sopc.{sha256(told.encode()).hexdigest()[:32]}"

    def shown(self) -> dict[str, Any]:
        """Give everything that is sent, as JSON has it; of attachments, name, kind and size."""
        people = {
            header: [str(each) for each in found] for header, found in self._people.items() if found
        }
        texts = {"subject": self.subject, "body": self.body, "html": self.html}
        attached = [
            {"name": file.name, "type": kind, "bytes": file.stat().st_size}
            for file, kind in self._attached
        ]
        return {
            "from": str(self.sender),
            **people,
            **{name: value for name, value in texts.items() if value},
            **({"attachments": attached} if attached else {}),
            "message_id": self.message_id,
        }

    def written(self, at: datetime) -> bytes:
        """Write it as it goes over the wire, in ASCII; `at` is when it is sent."""
        message = EmailMessage(policy=_POLICY)
        message["From"] = self.sender
        message["To"] = self._people["to"]
        if self._people["cc"]:
            message["Cc"] = self._people["cc"]
        if self._people["reply_to"]:
            message["Reply-To"] = self._people["reply_to"]
        message["Subject"] = self.subject
        message["Date"] = format_datetime(at)
        message["Message-ID"] = self.message_id
        # Answers of vacation programs would come back to somebody who is no person.
        message["Auto-Submitted"] = "auto-generated"
        if self.body:
            message.set_content(self.body)
            if self.html:
                message.add_alternative(self.html, subtype="html")
        else:
            message.set_content(self.html or "", subtype="html")
        for file, kind in self._attached:
            main, _, sub = kind.partition("/")
            content = file.read_bytes()
            message.add_attachment(content, maintype=main, subtype=sub, filename=file.name)
        return message.as_bytes()


def _with_template(request: Request, templates: Templates) -> Request:
    """Give a request with what its template says; what the step itself says, goes before it."""
    if request.template is None:
        return request
    filled = templates.message(request.template, {**request.values, **request.inputs})
    says: dict[str, Any] = {
        header.replace("-", "_"): text for header, text in filled.headers.items()
    }
    says["html" if filled.html else "body"] = filled.body
    own = {name: value for name, value in request.inputs.items() if value is not None}
    return Request(
        operation=request.operation, inputs={**says, **own}, key=request.key, values=request.values
    )


def _attached(name: str, folder: Folder | None) -> tuple[Path, str]:
    if folder is None:
        raise ConnectorError(
            Failure.REFUSED,
            "files cannot be attached",
            hint="say in setting `attachments` which folder they may come from",
        )
    file = folder.existing(name)
    if not file.is_file():
        given.refuse(f"`{name}` is no file")
    if file.stat().st_size > _LARGEST:
        given.refuse(f"file `{name}` is larger than {_LARGEST:,} bytes")
    kind, encoding = mimetypes.guess_type(file.name)
    return file, "application/octet-stream" if kind is None or encoding else kind
