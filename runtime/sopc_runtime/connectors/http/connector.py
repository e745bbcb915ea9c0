"""The connector `http` itself."""

import threading
from dataclasses import replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2

from sopc.errors import UsageError
from sopc.graph import Failure
from sopc.organization import Operation, Organization, System
from sopc_runtime.connectors.connector import CannotLookUpError, ConnectorError, Reply, Request
from sopc_runtime.connectors.http.answer import AbsentOutputError, outputs
from sopc_runtime.connectors.http.binding import HttpSettings
from sopc_runtime.connectors.http.endpoint import Endpoint, endpoint_of, stated
from sopc_runtime.connectors.http.exchange import LARGEST, Sent, exchange
from sopc_runtime.connectors.http.failure import AnsweredError
from sopc_runtime.connectors.http.message import with_template
from sopc_runtime.connectors.http.openapi import endpoints
from sopc_runtime.connectors.http.outgoing import Outgoing, key_of, outgoing
from sopc_runtime.connectors.secret import masked, masked_values
from sopc_runtime.connectors.settings import settings_of
from sopc_runtime.connectors.template import Templates

_PATIENCE = 60.0
_NO_WAY_IN = frozenset({401, 403, 407})
_CLIENT_ERRS = 400
_SERVER_FAILS = 500


class HttpConnector:
    """The way to a system that speaks JSON over HTTP.

    Its operations are those of its OpenAPI document, and those with a `request` in the
    organization file.
    """

    def __init__(
        self,
        system: System,
        organization: Organization,
        root: Path,
    ) -> None:
        self._templates = Templates(organization, root)
        self._root = root
        self._system = system
        self._settings = settings_of(system, HttpSettings)
        self._named = {
            each.name: endpoint_of(each, each.request, system)
            for each in system.operations
            if each.request is not None
        }
        bare = [each.name for each in system.operations if each.request is None]
        if bare and self._settings.openapi is None:
            raise UsageError(
                f"operation `{bare[0]}` of system `{system.name}` has no `request`",
                hint="say its method and path, or set `openapi` to the system's document",
            )
        self._check_look_ups()
        self._described: dict[str, Endpoint] | None = None
        self._reading = threading.Lock()
        self._client = httpx2.Client(
            headers={"User-Agent": f"sopc/{version('sopc')}"},
            # A session of one run must not speak for another.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )

    def __repr__(self) -> str:
        return f"HttpConnector({self._system.id})"

    def check(self) -> str:
        """Get the `check` path, or the URL itself; any answer but a refusal will do."""
        found = f"{len(self._documented())} operations" if self._settings.openapi else ""
        target = Outgoing(method="GET", target=self._settings.check or "")
        try:
            self._exchange(target, self._system.name, _PATIENCE, reads=True)
        except AnsweredError as error:
            strict = self._settings.check is not None
            elsewhere = error.status < _CLIENT_ERRS
            if strict or elsewhere or error.status in _NO_WAY_IN or error.status >= _SERVER_FAILS:
                raise
        return ", ".join(filter(None, ("answers", found)))

    def operations(self) -> tuple[Operation, ...]:
        """Give the operations of the OpenAPI document; none without one."""
        return tuple(each.operation for each in self._documented().values())

    def render(self, request: Request) -> dict[str, Any]:
        """Give method, URL, headers and body, with the names of secrets in their places."""
        endpoint = self._endpoint(request.operation)
        request = with_template(request, endpoint, self._templates)
        sends = outgoing(endpoint, request, self._settings.idempotency_header)
        url = self._settings.url
        shown: dict[str, Any] = {
            "method": sends.method,
            "url": sends.url(url) if isinstance(url, str) else _below(str(url), sends),
        }
        headers = {**self._settings.shown_credentials(), **dict(sends.headers)}
        if headers:
            shown["headers"] = headers
        if sends.has_body:
            shown["body"] = sends.body
        return self._masked_values(shown)

    def perform(self, request: Request) -> Reply:
        """Send it, and give the outputs that the answer holds."""
        endpoint = self._endpoint(request.operation)
        request = with_template(request, endpoint, self._templates)
        sends = outgoing(endpoint, request, self._settings.idempotency_header)
        what = f"`{endpoint.operation.name}` of `{self._system.name}`"
        content = self._exchange(
            sends,
            what,
            request.timeout,
            reads=request.effect == "read" or endpoint.reads,
            repeatable=request.repeatable,
        )
        try:
            values = outputs(endpoint, content, what=what)
        except ConnectorError as error:
            told = self._masked(str(error))
            raise type(error)(error.failure, told, certain=error.certain) from None
        return Reply(values=self._masked_values(values))

    def look_up(self, request: Request) -> Reply | None:
        """Ask the operation that `look_up` names, by `key` and the inputs that it shares."""
        earlier = self._endpoint(request.operation)
        name = earlier.look_up or self._settings.look_up
        if name is None:
            raise CannotLookUpError(f"`{self._system.name}` keeps no record of earlier requests")
        endpoint = self._endpoint(name)
        known = {part.name for part in endpoint.parts}
        inputs = {name: value for name, value in request.inputs.items() if name in known}
        asked = replace(
            request,
            operation=name,
            inputs={**inputs, "key": key_of(request)},
            template=None,
            effect="read",
            repeatable=True,
        )
        try:
            found = self.perform(asked)
        except AbsentOutputError:
            return None
        except ConnectorError as error:
            if error.failure is Failure.NOT_FOUND:
                return None
            raise
        # A search that finds nothing answers with a list of nothing.
        is_empty = found.values and all(each in ([], {}, "") for each in found.values.values())
        return None if is_empty else found

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def _endpoint(self, name: str | None) -> Endpoint:
        if name is not None and name in self._named:
            return self._named[name]
        described = self._documented()
        if name is None and len(self._named | described) == 1:
            return next(iter((self._named | described).values()))
        if name is None or name not in described:
            known = ", ".join(f"`{each}`" for each in sorted(self._named | described))
            raise ConnectorError(
                Failure.REFUSED,
                f"`{self._system.name}` has no operation `{name}`"
                if name
                else f"it is not said which operation of `{self._system.name}` is asked for",
                hint=f"its operations: {known}",
            )
        endpoint = described[name]
        operation = self._system.operation(name)
        return endpoint if operation is None else stated(endpoint, operation)

    def _documented(self) -> dict[str, Endpoint]:
        with self._reading:
            if self._described is None:
                self._described = self._read_document()
            return self._described

    def _read_document(self) -> dict[str, Endpoint]:
        where = self._settings.openapi
        if where is None:
            return {}
        remote = urlsplit(where).scheme in {"http", "https"}
        content = self._fetched(where) if remote else _read(self._root / where)
        try:
            return endpoints(content, where)
        except UsageError as error:
            raise ConnectorError(Failure.REFUSED, str(error), hint=error.hint) from None

    def _fetched(self, url: str) -> bytes:
        # Who asks is told to the system itself only, not to whoever keeps its description.
        own = urlsplit(urljoin(self._settings.base(), "/"))[:2] == urlsplit(url)[:2]
        sent = Sent(
            method="GET",
            url=url,
            headers=tuple(self._settings.credentials().items()) if own else (),
            content=None,
            what=f"OpenAPI document of `{self._system.name}`",
            timeout=self._settings.within(_PATIENCE),
            reads=True,
        )
        return exchange(self._client, sent, masked=self._masked)

    def _exchange(
        self, sends: Outgoing, what: str, timeout: float, *, reads: bool, repeatable: bool = False
    ) -> bytes:
        content = sends.content()
        headers = [("Accept", "application/json"), *self._settings.credentials().items()]
        if content is not None:
            headers.append(("Content-Type", "application/json"))
        sent = Sent(
            method=sends.method,
            url=sends.url(self._settings.base()),
            headers=(*headers, *sends.headers),
            content=content,
            what=what,
            timeout=self._settings.within(timeout),
            reads=reads,
            repeatable=repeatable,
        )
        return exchange(self._client, sent, masked=self._masked)

    def _masked(self, text: str) -> str:
        return masked(text, self._settings.secrets, also=self._settings.encoded())

    def _masked_values(self, values: dict[str, Any]) -> dict[str, Any]:
        encoded = self._settings.encoded()
        found: dict[str, Any] = masked_values(values, self._settings.secrets, also=encoded)
        return found

    def _check_look_ups(self) -> None:
        names = [self._settings.look_up, *(each.look_up for each in self._named.values())]
        for name in names:
            if name is None or (name not in self._named and self._settings.openapi):
                continue
            found = self._named.get(name)
            if found is None:
                raise UsageError(f"`look_up` of system `{self._system.name}` names no `{name}`")
            if not found.reads:
                raise UsageError(
                    f"`look_up` of system `{self._system.name}` names `{name}`, which is no read",
                    hint="its method is to be `GET`, or its `effect` to be `read`",
                )


def _below(url: str, sends: Outgoing) -> str:
    """Give a URL of which only the variable's name is to be shown."""
    return url + sends.url("")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"cannot read OpenAPI document `{path}`: {reason}"
        raise ConnectorError(Failure.UNAVAILABLE, message) from None
    if len(content) > LARGEST:
        message = f"OpenAPI document `{path}` is larger than {LARGEST:,} bytes"
        raise ConnectorError(Failure.REFUSED, message)
    return content
