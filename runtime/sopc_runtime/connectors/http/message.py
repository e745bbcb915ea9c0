"""Templates in requests: their text, or their name, as an input of an operation."""

from dataclasses import replace

from sopc.graph import Failure
from sopc_runtime.connectors.connector import ConnectorError, Request
from sopc_runtime.connectors.http.endpoint import Endpoint
from sopc_runtime.connectors.template import Templates

TEXT_INPUTS = ("body", "text", "message", "content")
"""What the input that takes a template's text is called; the first that an operation has."""


def with_template(request: Request, endpoint: Endpoint, templates: Templates) -> Request:
    """Give a request whose inputs hold what its template says, where they do not say it.

    A text whose file stands beside the organization file is filled in; of any other template, the
    system gets the name, by its input `template`.

    Raises:
        ConnectorError: The operation has no input for it, or the text cannot be filled in.
    """
    if request.template is None:
        return request
    names = tuple(part.name for part in endpoint.parts)
    if not templates.has_text(request.template):
        if "template" not in names:
            raise _no_place(request, endpoint)
        return replace(request, inputs={"template": request.template, **request.inputs})
    message = templates.message(request.template, {**request.values, **request.inputs})
    into = next((name for name in TEXT_INPUTS if name in names), None)
    if into is None and endpoint.more is None:
        raise _no_place(request, endpoint)
    headers = {name.replace("-", "_"): text for name, text in message.headers.items()}
    given = {name: text for name, text in headers.items() if name in names}
    given[into or TEXT_INPUTS[0]] = message.body
    own = {name: value for name, value in request.inputs.items() if value is not None}
    return replace(request, inputs={**request.inputs, **given, **own})


def _no_place(request: Request, endpoint: Endpoint) -> ConnectorError:
    names = ", ".join(f"`{name}`" for name in TEXT_INPUTS)
    return ConnectorError(
        Failure.MISSING_DATA,
        f"operation `{endpoint.operation.name}` has no input for template `{request.template}`",
        hint=f"inputs that take the text of one: {names}; its name: `template`",
    )
