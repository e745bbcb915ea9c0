"""Templates: the named texts of an organization, filled in with the values of a run."""

import re
from dataclasses import dataclass, field
from email.parser import HeaderParser
from email.policy import compat32
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Template as Compiled
from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError

from sopc.graph import Failure
from sopc.organization import Organization
from sopc_runtime.connectors.connector import ConnectorError
from sopc_runtime.connectors.template_language import TemplateLanguage, filled_in

HEADERS = ("subject", "to", "cc", "bcc", "reply-to")
"""The headers that a template of a message may have."""

_STARTS_WITH_HEADER = re.compile(rf"(?:{'|'.join(HEADERS)})[ \t]*:", re.IGNORECASE)
_LARGEST_FILE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A filled in text.

    Attributes:
        body: The text.
        html: Whether it is HTML.
        headers: What its file says above it, by the header's name in lower case.
    """

    body: str
    html: bool = False
    headers: dict[str, str] = field(default_factory=dict)


class Templates:
    """The templates of an organization file, in the files beside it.

    A file is Jinja. Those whose name has `.html` in it escape what they are filled in with. The
    file of a message may begin with headers (`Subject: Welcome, {{ client }}`) and an empty line.
    """

    def __init__(self, organization: Organization, root: Path) -> None:
        self._organization = organization
        self._root = root

    def document(self, name: str, values: dict[str, Any]) -> str:
        """Fill in a whole file.

        Raises:
            ConnectorError: There is no such template, it is wrong, or a value is missing.
        """
        file = self._file(name)
        return self._filled(name, _source(name, file), _is_html(file), values)

    def message(self, name: str, values: dict[str, Any]) -> Message:
        """Fill in a message: its headers and its text.

        Raises:
            ConnectorError: There is no such template, it is wrong, a value is missing, or a
                value would break out of a header.
        """
        file = self._file(name)
        headers, body = _parts(_source(name, file))
        html = _is_html(file)
        filled = {}
        for header, text in headers.items():
            value = self._filled(name, text, False, values).strip()
            if any(not sign.isprintable() for sign in value):
                raise ConnectorError(
                    Failure.REFUSED,
                    f"a value would break out of header `{header}` of template `{name}`",
                )
            filled[header] = value
        return Message(body=self._filled(name, body, html, values), html=html, headers=filled)

    def has_text(self, name: str) -> bool:
        """Tell whether the organization file says where a template's text is."""
        known = self._organization.template(name)
        return known is not None and known.file is not None

    def _file(self, name: str) -> Path:
        known = self._organization.template(name)
        if known is None:
            near = [each.name for each in self._organization.templates if each.file is not None]
            raise ConnectorError(
                Failure.MISSING_DATA,
                f"the organization file lists no template `{name}`",
                hint=f"it has {', '.join(f'`{each}`' for each in near)}" if near else None,
            )
        if known.file is None:
            raise ConnectorError(
                Failure.MISSING_DATA,
                f"template `{name}` has no `file`",
                hint="say in the organization file where its text is",
            )
        return self._root / known.file

    def _filled(self, name: str, text: str, html: bool, values: dict[str, Any]) -> str:  # noqa: FBT001
        try:
            return filled_in(
                _compiled(self._root, text, html, self._organization.time_zone), values
            )
        except UndefinedError as error:
            message = f"template `{name}`: {error.message}"
            raise ConnectorError(Failure.MISSING_DATA, message) from None
        except TemplateSyntaxError as error:
            message = f"template `{name}`, line {error.lineno}: {_lower(error.message)}"
            raise ConnectorError(Failure.REFUSED, message) from None
        except (
            TemplateError,
            ArithmeticError,
            AttributeError,
            LookupError,
            RecursionError,
            TypeError,
            ValueError,
        ) as error:
            message = f"template `{name}`: {_lower(str(error))}"
            raise ConnectorError(Failure.REFUSED, message) from None


@lru_cache(maxsize=256)
def _compiled(root: Path, text: str, html: bool, zone: str | None) -> Compiled:  # noqa: FBT001
    return _language(root, html, zone).from_string(text)


@lru_cache(maxsize=64)
def _language(root: Path, html: bool, zone: str | None) -> TemplateLanguage:  # noqa: FBT001
    return TemplateLanguage(root, html=html, zone=zone)


def _source(name: str, file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as opened:
            text = opened.read(_LARGEST_FILE + 1)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConnectorError(
            Failure.NOT_FOUND, f"file `{file.name}` of template `{name}`: {_lower(str(reason))}"
        ) from None
    if len(text) > _LARGEST_FILE:
        raise ConnectorError(Failure.REFUSED, f"template `{name}` is too large")
    return text


def _parts(text: str) -> tuple[dict[str, str], str]:
    """Take the headers off a message; a text that begins with none of them has none."""
    if not _STARTS_WITH_HEADER.match(text):
        return {}, text
    parsed = HeaderParser(policy=compat32).parsestr(text)
    headers = {name.lower(): " ".join(str(value).split()) for name, value in parsed.items()}
    return headers, str(parsed.get_payload())


def _is_html(file: Path) -> bool:
    return ".html" in (suffix.lower() for suffix in file.suffixes)


def _lower(text: str | None) -> str:
    text = text or "unknown"
    return (text[:1].lower() + text[1:]).rstrip(".")
