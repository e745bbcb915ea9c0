"""E-mail addresses, as people write them, read strictly."""

from email.headerregistry import Address, HeaderRegistry
from typing import Any

from sopc.graph import Failure
from sopc_runtime.connectors.connector import ConnectorError

_READ = HeaderRegistry()


def addresses(text: str, where: str) -> tuple[Address, ...]:
    """Read addresses separated by commas: `Ada Lovelace <ada@x.example>, bob@y.example`.

    Raises:
        ConnectorError: One of them is no address; `where` says which input it stands in.
    """
    if not text.isprintable():
        raise ConnectorError(
            Failure.REFUSED, f"`{where}` holds line ends or other signs of control"
        )
    try:
        read: Any = _READ("to", text)
        found = tuple(_ascii(each) for each in read.addresses)
    except (UnicodeError, ValueError, IndexError):
        found = ()
    if not found or read.defects or not all(each.domain for each in found):
        raise ConnectorError(
            Failure.MISSING_DATA,
            f"`{where}` holds no e-mail address: `{text[:80]}`",
            hint="write it as `ada@company.example` or `Ada Lovelace <ada@company.example>`",
        )
    return found


def _ascii(address: Address) -> Address:
    """Give an address with its domain as mail servers know it."""
    domain = address.domain
    if not domain.isascii():
        domain = domain.encode("idna").decode()
    return Address(address.display_name, address.username, domain)
