"""Reading the prose behind a graph."""

import hashlib
from pathlib import Path

from sopc.diagnostics import read_prose
from sopc.graph import Source

TEXT = "Send the email.\n"
SHA = hashlib.sha256(TEXT.encode()).hexdigest()


def test_unchanged_prose_has_its_text(tmp_path: Path) -> None:
    """The text comes from the reader that the caller gives."""
    (tmp_path / "a.md").write_text(TEXT)
    prose = read_prose(Source(path="a.md", sha256=SHA), tmp_path, lambda source: source.path)
    assert (prose.sha256, prose.text, prose.problem) == (SHA, "a.md", "")


def test_changed_prose_has_no_text(tmp_path: Path) -> None:
    """Citations of the old prose must not be looked up in the new one."""
    (tmp_path / "a.md").write_text("Something else.\n")
    prose = read_prose(Source(path="a.md", sha256=SHA), tmp_path, lambda _: "never")
    assert prose.sha256 not in {None, SHA}
    assert (prose.text, prose.problem) == (None, "")


def test_prose_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    """A missing file, a folder, and a format without a reader are told apart."""
    (tmp_path / "a.docx").write_text(TEXT)
    (tmp_path / "folder").mkdir()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    sources = [
        Source(path="b.md", sha256=SHA),
        Source(path="folder", sha256=SHA),
        Source(path="a.docx", sha256=SHA, media_type=kind),
        Source(path="a\0b", sha256=SHA),
    ]
    problems = [read_prose(source, tmp_path, lambda _: None).problem for source in sources]
    assert problems[:2] == ["there is no such file"] * 2
    assert problems[2] == f"no reader for `{kind}` is installed"
    assert problems[3]
