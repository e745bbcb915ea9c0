"""URIs of editors lead to files, or to nothing."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopc.language_server.document import path_of, unsaved

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=20)


@pytest.mark.skipif(os.name == "nt", reason="its names hold fewer characters")
@given(NAMES.filter(lambda name: name not in {".", ".."}))
def test_a_path_comes_back_from_its_uri(name: str) -> None:
    """Whatever stands in its name: `;`, `#`, `%`, blanks, emoji."""
    path = Path("/a folder") / name
    assert path_of(path.as_uri()) == path


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "file:",
        "file:///",
        "file:///a%00b.sop.yaml",
        "untitled:Untitled-1.sop.yaml",
        "git:/a/refunds.sop.yaml?ref",
        "https://example.org/refunds.sop.yaml",
        "file://[/refunds.sop.yaml",
        "refunds.sop.yaml",
    ],
)
def test_what_is_no_file_is_left_alone(uri: str) -> None:
    """Unsaved buffers, other schemes, and what is no URI at all."""
    assert path_of(uri) is None


@given(st.text())
def test_any_text_is_a_file_or_is_not(uri: str) -> None:
    """It never fails."""
    found = path_of("file://" + uri)
    assert found is None or found.is_absolute()


def test_only_what_differs_from_the_disk_is_unsaved(tmp_path: Path) -> None:
    """Line ends and a byte order mark make no difference; a file that is gone does."""
    same, other, gone = tmp_path / "same", tmp_path / "other", tmp_path / "gone"
    same.write_bytes("\ufeffone\r\ntwo\r\n".encode())
    other.write_bytes(b"one\n")
    texts = {same: "one\ntwo\n", other: "two\n", gone: "one\n"}
    assert unsaved(texts) == {other: "two\n", gone: "one\n"}
