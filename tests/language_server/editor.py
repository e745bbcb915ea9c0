"""An editor, as far as a language server can tell: it starts `sopc lsp` and talks to it."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from sopc.language_server.position import Positions

PATIENCE = 30.0
"""Seconds to wait for what must come, on a machine that has much else to do."""

T = TypeVar("T")


class _Client(LanguageClient):
    """Remembers how its server ended."""

    ended: int | None = None

    async def server_exit(self, server: asyncio.subprocess.Process) -> None:
        """Take the exit code."""
        self.ended = server.returncode


class Editor:
    """Opens files, changes them, and remembers what it was told.

    With `encodings` it is one that can all that the server makes use of, otherwise a plain one.
    """

    def __init__(self, folder: Path, encodings: list[types.PositionEncodingKind] | None) -> None:
        self._told: dict[str, list[types.Diagnostic]] = {}
        self._news = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._version = 0
        self.logged: list[str] = []
        self.watched: list[str] = []
        self._messages: list[str] = []
        self.server = self._run(self._start(folder, encodings))

    def open(self, path: Path, text: str | None = None) -> None:
        """Open a file, with the text on the disk or another one."""
        content = path.read_bytes().decode() if text is None else text
        item = types.TextDocumentItem(path.as_uri(), types.LanguageKind.Yaml, 0, content)
        self._do(lambda: self._client.text_document_did_open(types.DidOpenTextDocumentParams(item)))

    def change(self, path: Path, text: str) -> None:
        """Give an open file another text, without saving it."""
        self._version += 1
        name = types.VersionedTextDocumentIdentifier(version=self._version, uri=path.as_uri())
        whole = types.TextDocumentContentChangeWholeDocument(text)
        params = types.DidChangeTextDocumentParams(name, [whole])
        self._do(lambda: self._client.text_document_did_change(params))

    def save(self, path: Path) -> None:
        """Tell that a file was saved."""
        params = types.DidSaveTextDocumentParams(_name(path))
        self._do(lambda: self._client.text_document_did_save(params))

    def change_on_disk(self, path: Path) -> None:
        """Tell that another program has changed a file."""
        event = types.FileEvent(path.as_uri(), types.FileChangeType.Changed)
        params = types.DidChangeWatchedFilesParams([event])
        self._do(lambda: self._client.workspace_did_change_watched_files(params))

    def close(self, path: Path) -> None:
        """Close a file."""
        params = types.DidCloseTextDocumentParams(_name(path))
        self._do(lambda: self._client.text_document_did_close(params))

    def told(
        self, path: Path, when: Callable[[list[types.Diagnostic]], bool]
    ) -> list[types.Diagnostic]:
        """Wait until a file's diagnostics are as wanted, and give them."""
        uri = path.as_uri()
        with self._news:
            came = self._news.wait_for(
                lambda: uri in self._told and when(self._told[uri]), timeout=PATIENCE
            )
            assert came, f"{path.name}: {self._told.get(uri)}, {self.logged}"
            return self._told[uri]

    def messages(self, about: Path) -> list[str]:
        """Wait until people were told something about a file, and give it."""
        with self._news:
            assert self._news.wait_for(lambda: any(map(self._is(about), self._messages)), PATIENCE)
            return [each for each in self._messages if self._is(about)(each)]

    @staticmethod
    def _is(about: Path) -> Callable[[str], bool]:
        return lambda message: message.startswith(about.name)

    def codes(self, path: Path, *wanted: str) -> list[types.Diagnostic]:
        """Wait until a file has diagnostics of just these codes, in this order."""
        return self.told(path, lambda told: [each.code for each in told] == list(wanted))

    def hover(self, path: Path, at: types.Position) -> str:
        """Give what is shown at a place, "" for nothing."""
        params = types.HoverParams(_name(path), at)
        found = self._run(self._client.text_document_hover_async(params))
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    def definitions(self, path: Path, at: types.Position) -> list[types.Location]:
        """Give where a place leads."""
        params = types.DefinitionParams(_name(path), at)
        found = self._run(self._client.text_document_definition_async(params))
        assert isinstance(found, list)
        return [each for each in found if isinstance(each, types.Location)]

    def actions(self, path: Path, within: types.Range, *only: str) -> list[types.CodeAction]:
        """Give what can be done in a range."""
        context = types.CodeActionContext([], only=[*only] or None)
        params = types.CodeActionParams(_name(path), within, context)
        found = self._run(self._client.text_document_code_action_async(params))
        return [each for each in found or [] if isinstance(each, types.CodeAction)]

    def symbols(self, path: Path) -> list[types.DocumentSymbol]:
        """Give a file's outline."""
        params = types.DocumentSymbolParams(_name(path))
        found = self._run(self._client.text_document_document_symbol_async(params))
        return [each for each in found or [] if isinstance(each, types.DocumentSymbol)]

    def quit(self) -> int:
        """Shut the server down, and give its exit code."""
        code = self._run(self._quit())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        return code

    async def _start(
        self, folder: Path, encodings: list[types.PositionEncodingKind] | None
    ) -> types.InitializeResult:
        client = self._client = _Client("tests", "1")

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            with self._news:
                self._told[params.uri] = list(params.diagnostics)
                self._news.notify_all()

        @client.feature(types.WINDOW_SHOW_MESSAGE)
        def shown(params: types.ShowMessageParams) -> None:
            with self._news:
                self._messages.append(params.message)
                self._news.notify_all()

        @client.feature(types.WINDOW_LOG_MESSAGE)
        def logged(params: types.LogMessageParams) -> None:
            self.logged.append(params.message)

        # The plain editor waits less for each change, so that many tests are quick.
        quick = ["-c", "from sopc.language_server import serve; serve(delay=0.02)"]
        command = [sys.executable, *(["-m", "sopc", "lsp"] if encodings else quick)]
        await client.start_io(*command, cwd=folder, env={**os.environ, "PYTHONWARNINGS": ""})
        capabilities = _able(encodings) if encodings else types.ClientCapabilities()

        @client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def registered(params: types.RegistrationParams) -> None:
            self.watched += [each.method for each in params.registrations]

        params = types.InitializeParams(capabilities, process_id=os.getpid(), root_uri=None)
        result = await client.initialize_async(params)
        client.initialized(types.InitializedParams())
        return result

    async def _quit(self) -> int:
        await self._client.shutdown_async(None)
        self._client.exit(None)
        await self._client.stop()
        assert self._client.ended is not None
        return self._client.ended

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE)

    def _do(self, action: Callable[[], None]) -> None:
        async def done() -> None:
            action()

        self._run(done())


def _able(encodings: list[types.PositionEncodingKind]) -> types.ClientCapabilities:
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=encodings),
        workspace=types.WorkspaceClientCapabilities(
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(
                dynamic_registration=True
            ),
        ),
    )


def changed(text: str, edits: list[types.TextEdit]) -> str:
    """Apply edits as an editor that counts in UTF-16 does."""
    positions = Positions(text, types.PositionEncodingKind.Utf16)
    places = [
        (positions.offset(each.range.start), positions.offset(each.range.end), each.new_text)
        for each in edits
    ]
    for start, end, new in sorted(places, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def edits_of(action: types.CodeAction, path: Path) -> list[types.TextEdit]:
    """Give what an action changes in a file; it must change nothing else."""
    assert action.edit is not None
    assert action.edit.changes is not None
    assert set(action.edit.changes) == {path.as_uri()}
    return list(action.edit.changes[path.as_uri()])


def spots(text: str, words: str) -> types.Range:
    """Give the range of words, counted in UTF-16."""
    start = text.index(words)
    return Positions(text, types.PositionEncodingKind.Utf16).span(start, start + len(words))


def _name(path: Path) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(path.as_uri())
