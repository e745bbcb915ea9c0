"""How an operation is asked for over HTTP, where no OpenAPI document of the system says so."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from sopc.graph.base import Name, Words
from sopc.organization.record import OrganizationRecord

UrlPath = Annotated[str, StringConstraints(pattern=r"^(?:/[^?#\s]*)?$", max_length=1000)]
"""A path below a system's `url`, as `/contacts/{contact}`; empty for the `url` itself."""

JsonPlace = Annotated[
    str, StringConstraints(pattern=r"^(?:(?:/(?:[^~/]|~[01])*)*|[^~/]+)$", max_length=300)
]
"""A key, as `firstName`, or a JSON pointer (RFC 6901), as `/properties/firstname`."""


class HttpRequest(OrganizationRecord):
    """The method and path of an operation, and where its inputs and outputs stand."""

    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    """the method; `POST` unless said"""

    path: UrlPath = ""
    """the path below the binding's `url`, with inputs in braces, as `/contacts/{contact}`"""

    query: tuple[Name, ...] = ()
    """the inputs that go into the query; with `GET`, `HEAD` and `DELETE`, all that are not in the
    path"""

    body: Name | None = None
    """the input that is the whole JSON body; left out, the inputs that are left are its keys"""

    names: dict[Name, JsonPlace] = Field(default_factory=dict)
    """what the system calls an input, where that is not its name: a key, or a JSON pointer into
    the body"""

    results: dict[Name, JsonPlace] = Field(default_factory=dict)
    """where an output stands in the JSON of the answer, where that is not the key of its name: a
    key, or a JSON pointer"""

    decimal: tuple[Name, ...] = ()
    """the inputs and outputs of money that the system writes as `12.50`, not in minor units"""

    idempotency_header: Words | None = None
    """the header that carries the idempotency key, where it is not the binding's"""

    look_up: Words | None = None
    """the operation that is asked, by an input `key`, whether an earlier request happened"""
