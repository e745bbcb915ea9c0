"""The connector `mcp` itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from mcp import Client, MCPError
from mcp.server import MCPServer
from mcp_types import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    REQUEST_TIMEOUT,
)
from pydantic import ValidationError

from sopc.errors import UsageError
from sopc.graph import Failure
from sopc.organization import Operation, Organization, System
from sopc_runtime.connectors.connector import CannotLookUpError, ConnectorError, Reply, Request
from sopc_runtime.connectors.mcp import transport
from sopc_runtime.connectors.mcp.binding import McpSettings
from sopc_runtime.connectors.mcp.session import LostError, Session
from sopc_runtime.connectors.mcp.tool import KnownTool, texts_of, values_of
from sopc_runtime.connectors.secret import masked, masked_values
from sopc_runtime.connectors.settings import settings_of
from sopc_runtime.connectors.template import Templates
from sopc_runtime.core.value import problems_with

_KEY_INPUT = "idempotency_key"
_TEXT_INPUTS = ("body", "text", "message", "content")
_SAYS_NO = frozenset({INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, transport.NO_WAY_IN})
_NOT_DONE = frozenset({transport.UNREACHABLE, transport.BUSY})


class McpConnector:
    """The tools of one server, through one session that is kept warm."""

    def __init__(
        self,
        system: System,
        organization: Organization,
        root: Path,
        *,
        server: MCPServer | None = None,
    ) -> None:
        """Connect to nothing yet; `server`, in this process, is what tests give."""
        self._system = system
        self._settings = settings_of(system, McpSettings)
        self._templates = Templates(organization, root)
        self._root = root
        self._last_words: transport.LastWords | None = None
        opens: Callable[[], Client] = (lambda: Client(server)) if server else self._client
        self._session = Session(opens, watched=server is None)
        self._known: dict[str, KnownTool] = {}

    def check(self) -> str:
        """Connect, and list the tools."""
        with self._failures(reads=True):
            tools = self._session.tools(self._settings.within(30), fresh=True)
        return f"MCP server with {len(tools)} tools"

    def operations(self) -> tuple[Operation, ...]:
        """Give the tools."""
        with self._failures(reads=True):
            tools = self._session.tools(self._settings.within(30), fresh=True)
        try:
            return tuple(KnownTool(tool).operation for tool in tools.values())
        except (UsageError, ValidationError) as error:
            message = f"tools of system `{self._system.name}` cannot be read: {error}"
            raise ConnectorError(Failure.REFUSED, message) from None

    def render(self, request: Request) -> dict[str, Any]:
        """Give the tool and what it is called with."""
        inputs = self._inputs(request)
        stated = self._stated(request)
        _needs(stated.required_inputs if stated else (), inputs, request)
        if request.template is not None and not self._templates.has_text(request.template):
            inputs.setdefault("template", request.template)
        rendered = {"tool": request.operation, "arguments": inputs}
        return dict(masked_values(rendered, self._settings.secrets))

    def perform(self, request: Request) -> Reply:
        """Call the tool."""
        inputs = self._inputs(request)
        stated = self._stated(request)
        _needs(stated.required_inputs if stated else (), inputs, request)
        timeout = self._settings.within(request.timeout)
        with self._failures(reads=True):
            known = self._tool(request, timeout)
        # What the organization file says of a tool stands above the tool's own hints.
        reads = known.reads if request.effect is None else request.effect == "read"
        if _KEY_INPUT in known.names and request.key:
            inputs.setdefault(_KEY_INPUT, request.key)
        if request.template is not None:
            self._name_template(request.template, known, inputs)
        _needs(known.required, inputs, request)
        with self._failures(reads=reads):
            result = self._session.call(
                known.tool.name, known.arguments(inputs), key=request.key, timeout=timeout
            )
        if result.is_error:
            says = texts_of(result) or "it says no more"
            raise self._error(Failure.REFUSED, f"tool `{known.tool.name}` failed: {says[:500]}")
        outputs = stated.outputs if stated else ()
        values = masked_values(values_of(result, outputs), self._settings.secrets)
        problems = problems_with(values, outputs)
        if problems:
            raise self._error(
                Failure.MISSING_DATA,
                f"in the result of tool `{known.tool.name}`, {', '.join(problems)}",
                certain=reads,
            )
        return Reply(values=values)

    def look_up(self, request: Request) -> Reply | None:  # noqa: ARG002 # the protocol's
        """MCP has no record of calls."""
        raise CannotLookUpError("an MCP server cannot be asked what came of a call")

    def close(self) -> None:
        """End the session, and the server if it was started here."""
        self._session.close()
        if self._last_words is not None:
            self._last_words.close()

    def _client(self) -> Client:
        if self._settings.url is not None:
            return Client(transport.url(self._settings))
        if self._last_words is not None:
            self._last_words.close()
        self._last_words = transport.LastWords()
        return Client(transport.command(self._settings, self._root, self._last_words))

    def _stated(self, request: Request) -> Operation | None:
        if request.operation is None:
            raise ConnectorError(Failure.MISSING_DATA, "the step names no tool")
        return self._system.operation(request.operation)

    def _inputs(self, request: Request) -> dict[str, Any]:
        """Give the inputs, with the text of a template where they have one."""
        inputs = {name: value for name, value in request.inputs.items() if value is not None}
        if request.template is None or not self._templates.has_text(request.template):
            return inputs
        message = self._templates.message(request.template, {**request.values, **inputs})
        stated = self._stated(request)
        names = stated.input_names if stated else ()
        for header, text in message.headers.items():
            name = header.replace("-", "_")
            if name in names or name == "subject":
                inputs.setdefault(name, text)
        into = next((name for name in _TEXT_INPUTS if name in names), _TEXT_INPUTS[0])
        inputs.setdefault(into, message.body)
        return inputs

    def _name_template(self, template: str, known: KnownTool, inputs: dict[str, Any]) -> None:
        """Give the name of a template that the system itself keeps."""
        if self._templates.has_text(template):
            return
        if "template" not in known.names:
            message = f"tool `{known.tool.name}` has no input for template `{template}`"
            hint = "say in the organization file where the template's text is, as its `file`"
            raise ConnectorError(Failure.MISSING_DATA, message, hint=hint)
        inputs.setdefault("template", template)

    def _tool(self, request: Request, timeout: float) -> KnownTool:
        name = request.operation or ""
        tools = self._session.tools(timeout)
        if name not in tools:
            tools = self._session.tools(timeout, fresh=True)
        if name not in tools:
            near = get_close_matches(name, tools, n=1)
            hint = f"the nearest that it has is `{near[0]}`" if near else None
            message = f"system `{self._system.name}` has no tool `{name}`"
            raise ConnectorError(Failure.REFUSED, message, hint=hint)
        tool = tools[name]
        known = self._known.get(name)
        if known is None or known.tool is not tool:
            known = self._known[name] = KnownTool(tool)
        return known

    @contextmanager
    def _failures(self, *, reads: bool) -> Iterator[None]:
        where = f"system `{self._system.name}`"
        try:
            yield
        except MCPError as error:
            raise self._told(error, where, reads=reads) from None
        except TimeoutError:
            message = f"{where} does not answer in time"
            raise self._error(Failure.TIMED_OUT, message, certain=reads) from None
        except LostError as error:
            message = f"{where} went away{self._why()}"
            certain = error.certain or reads
            raise self._error(Failure.UNAVAILABLE, message, certain=certain) from None
        except OSError as error:
            message = f"{where} cannot be started: {(error.strerror or str(error)).lower()}"
            raise self._error(Failure.UNAVAILABLE, message) from None
        except (RuntimeError, ValidationError) as error:
            # So does the client tell that a result does not fit the tool's own schema.
            says = str(error).splitlines()[0]
            message = f"{where} gives a result that cannot be used: {says}"
            raise self._error(Failure.MISSING_DATA, message, certain=reads) from None

    def _told(self, error: MCPError, where: str, *, reads: bool) -> ConnectorError:
        message = f"{where}: {error.message}"
        if error.code == REQUEST_TIMEOUT:
            return self._error(Failure.TIMED_OUT, f"{where} does not answer in time", certain=reads)
        if error.code in _SAYS_NO:
            return self._error(Failure.REFUSED, message)
        certain = reads or error.code in _NOT_DONE
        return self._error(Failure.UNAVAILABLE, message + self._why(), certain=certain)

    def _why(self) -> str:
        told = self._last_words.told() if self._last_words is not None else None
        return f"; it last wrote `{told}`" if told else ""

    def _error(self, failure: Failure, message: str, *, certain: bool = True) -> ConnectorError:
        return ConnectorError(failure, masked(message, self._settings.secrets), certain=certain)


def _needs(names: tuple[str, ...], inputs: dict[str, Any], request: Request) -> None:
    absent = [f"`{name}`" for name in names if inputs.get(name) is None]
    if absent:
        raise ConnectorError(
            Failure.MISSING_DATA, f"operation `{request.operation}` needs {', '.join(absent)}"
        )
