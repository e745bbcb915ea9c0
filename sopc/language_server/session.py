"""One editor's session: which files are looked at, when, and what the editor is told of them."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lsprotocol.types import Diagnostic, PositionEncodingKind

from sopc.language_server.diagnostic import Diagnostics, Shown
from sopc.language_server.document import (
    Document,
    Documents,
    Kind,
    graph_beside,
    identity,
    kind_of,
)
from sopc.language_server.position import Positions
from sopc.language_server.view import View, look

DELAY = 0.2
"""So many seconds that typing is not disturbed."""

_PATIENCE = 10.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """A view, what the editor is told about it, and the positions of its texts."""

    view: View
    shown: tuple[Shown, ...]
    positions: Mapping[Path, Positions]


class Session:
    """Looks at files a moment after they change, one at a time, beside the editor's requests.

    Args:
        publish: Tells the editor all diagnostics of a file, by its URI.
        fail: Tells the editor that a file could not be looked at.
        folder: Where the server was started; paths below it are shown relative to it.
        delay: Seconds without a change before a file is looked at.

    Attributes:
        documents: The open files.
        encoding: What the editor counts characters in.
    """

    def __init__(
        self,
        publish: Callable[[str, list[Diagnostic]], None],
        fail: Callable[[Path, Exception], None],
        folder: Path,
        delay: float = DELAY,
    ) -> None:
        self.documents = Documents()
        self.encoding: PositionEncodingKind | str = PositionEncodingKind.Utf16
        self._publish = publish
        self._fail = fail
        self._folder = folder
        self._delay = delay
        self._seen: dict[Path, Seen] = {}
        self._looks: dict[Path, asyncio.Task[None]] = {}
        self._told: dict[str, list[Diagnostic]] = {}
        # One at a time: looks share the processor with the editor.
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sopc-look")

    def changed(self, document: Document) -> None:
        """Take a file that was opened or changed."""
        self.documents.put(document)
        self._look_at_what_shows(document.path)

    def closed(self, path: Path) -> None:
        """Take a file that was closed; what it was looked at for is told no longer."""
        self.documents.drop(path)
        wanted = self._wanted()
        for target in [each for each in self._seen if each not in wanted]:
            del self._seen[target]
        for target in [each for each in self._looks if each not in wanted]:
            self._looks.pop(target).cancel()
        self._look_at_what_shows(path)
        self._tell()

    def look_again(self) -> None:
        """Look at everything once more: something has changed on the disk."""
        for target in self._wanted():
            self._look(target)

    async def seen(self, path: Path) -> list[Seen]:
        """Give what is known of an open file as it is now, by all views that show it.

        Waits for looks that are on their way, but not for long.
        """
        give_up = asyncio.get_running_loop().time() + _PATIENCE
        while looks := [task for task in self._looks.values() if not task.done()]:
            left = give_up - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await asyncio.wait(looks, timeout=left)
        wanted = identity(path)
        return [
            seen
            for seen in self._seen.values()
            if any(identity(each) == wanted for each in seen.view.texts) and self._fresh(seen.view)
        ]

    async def run(self, work: Callable[[], T]) -> T:
        """Do what may take long where looks are taken, one after the other."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def close(self) -> None:
        """End the session; nothing is looked at any more."""
        for task in self._looks.values():
            task.cancel()
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _fresh(self, view: View) -> bool:
        """Tell whether a view shows all its files as they are in the editor now."""
        held = ((path, self.documents.at(path)) for path in view.texts)
        return all(view.shows(path, document.text) for path, document in held if document)

    def _wanted(self) -> dict[Path, None]:
        """Give the files to look at: those that are open, and graphs beside open prose."""
        wanted: dict[Path, None] = {}
        for document in self.documents:
            if document.kind is not Kind.PROSE:
                wanted[document.path] = None
        for document in self.documents:
            beside = graph_beside(document.path)
            # An open graph is known by the path that the editor gave it.
            if document.kind is Kind.PROSE and self.documents.at(beside) is None:
                wanted[beside] = None
        return wanted

    def _look_at_what_shows(self, path: Path) -> None:
        """Look at all that a file matters to."""
        kind = kind_of(path)
        for target in self._wanted():
            known = self._seen.get(target)
            mine = identity(target) in {identity(path), identity(graph_beside(path))}
            prose = known.view.prose if known else None
            cites = kind is Kind.PROSE and prose is not None and identity(prose) == identity(path)
            rules_it = kind in {Kind.ORGANIZATION, Kind.SETTINGS} and kind_of(target) is Kind.GRAPH
            if mine or cites or rules_it or (known is None and target not in self._looks):
                self._look(target)

    def _look(self, target: Path) -> None:
        running = self._looks.pop(target, None)
        if running:
            running.cancel()
        self._looks[target] = asyncio.get_running_loop().create_task(self._looked(target))

    async def _looked(self, target: Path) -> None:
        await asyncio.sleep(self._delay)
        texts = self.documents.texts()
        loop = asyncio.get_running_loop()
        try:
            seen = await loop.run_in_executor(self._worker, self._see, target, dict(texts))
        except Exception as error:  # noqa: BLE001 # a file that trips a rule must not end the session
            self._seen.pop(target, None)
            self._tell()
            self._fail(target, error)
            return
        self._seen[target] = seen
        self._tell()

    def _see(self, target: Path, texts: dict[Path, str]) -> Seen:
        view = look(target, texts, self._folder)
        told = Diagnostics(view, self._folder, self.encoding, self.documents.uri)
        return Seen(view, tuple(told.shown()), told.positions)

    def _tell(self) -> None:
        """Tell the editor what is new about each file, and of which there is nothing any more."""
        found: dict[str, dict[object, Diagnostic]] = {}
        for document in self.documents:
            if document.kind is Kind.PROSE or document.path in self._seen:
                found[document.uri] = {}
        uris: dict[Path, str] = {}
        for each in self._all():
            if each.path not in uris:
                uris[each.path] = self.documents.uri(each.path)
            # A mistake of settings is found again by each graph that they hold for.
            of_file = found.setdefault(uris[each.path], {})
            of_file.setdefault(_said(each.diagnostic), each.diagnostic)
        telling = {uri: [*of_file.values()] for uri, of_file in found.items()}
        for uri in self._told.keys() - telling.keys():
            if self._told[uri]:
                self._publish(uri, [])
        for uri, diagnostics in telling.items():
            if self._told.get(uri) != diagnostics:
                self._publish(uri, diagnostics)
        self._told = telling

    def _all(self) -> Iterator[Shown]:
        for seen in self._seen.values():
            yield from seen.shown


def _said(diagnostic: Diagnostic) -> object:
    start = diagnostic.range.start
    return start.line, start.character, diagnostic.code, diagnostic.message
