"""What an editor gets that can more than the least."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types

from language_server.conftest import PROSE, Desk, graph_of
from language_server.editor import Editor


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[Desk]:
    """An editor that counts in bytes, watches the disk and minds versions."""
    own = folder / "able"
    own.mkdir()
    editor = Editor(folder, [types.PositionEncodingKind.Utf8, types.PositionEncodingKind.Utf16])
    yield Desk(editor, own)
    assert editor.quit() == 0


def test_it_counts_watches_and_minds_versions(desk: Desk) -> None:
    """4 bytes for an emoji, 3 for each of 退款; a file that another program changed; an edit of
    the version that is open.
    """
    graph, prose = desk.pair()
    desk.editor.open(graph)
    [found] = desk.editor.codes(prose, "SOP302")
    assert desk.editor.server.capabilities.position_encoding == types.PositionEncodingKind.Utf8
    assert found.range == types.Range(types.Position(2, 67), types.Position(2, 75))
    desk.editor.change(graph, graph.read_text("utf-8") + "\n")
    [found] = desk.editor.codes(graph, "SOP302")
    [accept] = desk.editor.actions(graph, found.range)
    assert accept.edit is not None
    [change] = accept.edit.document_changes or []
    assert isinstance(change, types.TextDocumentEdit)
    assert (change.text_document.uri, change.text_document.version) == (graph.as_uri(), 1)
    assert desk.editor.watched == [types.WORKSPACE_DID_CHANGE_WATCHED_FILES]
    changed = PROSE.replace("promptly", "promptly, today")
    prose.write_text(changed, "utf-8")
    desk.editor.change_on_disk(prose)
    desk.editor.told(prose, lambda told: not told)
    desk.editor.change(graph, graph_of(changed))
    desk.editor.codes(prose, "SOP302")
