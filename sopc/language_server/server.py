"""The language server itself: what an editor asks for, over stdin and stdout."""

import contextlib
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from sopc import __version__
from sopc.errors import UsageError
from sopc.language_server.action import FIX_ALL, actions
from sopc.language_server.definition import definitions
from sopc.language_server.desk import Desk
from sopc.language_server.document import Document, path_of
from sopc.language_server.hover import hover
from sopc.language_server.session import DELAY, Session
from sopc.language_server.symbol import symbols

_WATCHED = ("**/*.sop.yaml", "**/*.md", "**/*.txt", "**/organization.yaml", "**/sopc.toml")


class Server(LanguageServer):
    """Serves one editor; `delay` is that of its session."""

    def __init__(self, delay: float = DELAY) -> None:
        # Whole texts, because pygls counts more line ends than editors do (U+2028, form feeds).
        sync = types.TextDocumentSyncKind.Full
        super().__init__("sopc", __version__, text_document_sync_kind=sync)
        self.session = Session(self._publish, self._fail, Path.cwd(), delay)
        self._complaints: dict[Path, str] = {}

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Write a failure into the editor's log; nobody who edits can do anything about it."""
        del source
        self._log(f"internal error: {error}")

    async def desks(self, uri: str) -> list[Desk]:
        """Give what is known of an open file as it is now."""
        path = path_of(uri)
        if path is None:
            return []
        return [Desk(seen, path) for seen in await self.session.seen(path)]

    def rewrite(self, path: Path, edits: list[types.TextEdit]) -> types.WorkspaceEdit:
        """Give a change of a file, of the version that is open where the editor minds that."""
        uri = self.session.documents.uri(path)
        workspace = self.client_capabilities.workspace
        can = workspace.workspace_edit if workspace else None
        if not (can and can.document_changes):
            return types.WorkspaceEdit(changes={uri: edits})
        document = self.session.documents.at(path)
        version = document.version if document else None
        named = types.OptionalVersionedTextDocumentIdentifier(uri, version=version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(named, [*edits])])

    def _publish(self, uri: str, diagnostics: list[types.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics))

    def _fail(self, path: Path, error: Exception) -> None:
        message = f"{path.name} could not be checked: {error}"
        if not isinstance(error, UsageError):
            self._log(message)
        elif self._complaints.get(path) != message:
            # Somebody has to mend the settings, and need not be told so with every letter.
            self._complaints[path] = message
            told = types.ShowMessageParams(types.MessageType.Error, message)
            self.window_show_message(told)

    def _log(self, message: str) -> None:
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, message))


def serve(delay: float = DELAY) -> None:
    """Serve the editor that started this program, until it says so or goes away."""
    server = made(delay)
    # pygls closes what it writes to; and nothing else may write in between.
    stdout = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with contextlib.redirect_stdout(sys.stderr):
        server.start_io(sys.stdin.buffer, stdout)
    server.session.close()


def made(delay: float = DELAY) -> Server:
    """Make a server that knows all requests."""
    server = Server(delay)
    _follow_documents(server)
    _follow_disk(server)
    _answer(server)
    return server


def _follow_documents(server: Server) -> None:
    session = server.session

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        _changed(item.uri, item.text, item.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        if params.content_changes:
            item = params.text_document
            _changed(item.uri, params.content_changes[-1].text, item.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            session.closed(path)

    def _changed(uri: str, text: str, version: int) -> None:
        path = path_of(uri)
        if path is not None:
            session.changed(Document(uri, path, text, version))


def _follow_disk(server: Server) -> None:
    session = server.session

    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        session.encoding = server.server_capabilities.position_encoding or session.encoding
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            registration = types.Registration("files", method, options)
            server.client_register_capability(types.RegistrationParams([registration]))

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(_: types.DidSaveTextDocumentParams) -> None:
        session.look_again()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def changed_on_disk(_: types.DidChangeWatchedFilesParams) -> None:
        session.look_again()


def _answer(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def on_hover(params: types.HoverParams) -> types.Hover | None:
        parts = [hover(desk, params.position) for desk in await _desks(params)]
        text = "\n\n---\n\n".join(dict.fromkeys(part for part in parts if part))
        markdown = types.MarkupContent(types.MarkupKind.Markdown, text)
        return types.Hover(markdown) if text else None

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def on_definition(params: types.DefinitionParams) -> list[types.Location]:
        uri = server.session.documents.uri
        desks = await _desks(params)
        return [place for desk in desks for place in definitions(desk, params.position, uri)]

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL]),
    )
    async def on_code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        only = params.context.only
        offered = [
            partial(actions, desk, params.range, server.rewrite, only=only)
            for desk in await _desks(params)
        ]
        return await server.session.run(lambda: [each for offer in offered for each in offer()])

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def on_symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        return list(_symbols(await _desks(params)))

    async def _desks(params: Any) -> list[Desk]:
        return await server.desks(params.text_document.uri)


def _symbols(desks: list[Desk]) -> Iterator[types.DocumentSymbol]:
    for desk in desks:
        positions = desk.positions()
        if desk.is_graph and desk.view.loaded is not None and positions is not None:
            yield from symbols(desk.view.loaded, positions)
