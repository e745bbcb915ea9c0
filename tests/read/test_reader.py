"""Files of any kind are read, or refused with what to change."""

import hashlib
import sys
from pathlib import Path

import pytest

from sopc.errors import UsageError
from sopc_compiler.read.reader import HTML, MARKDOWN, PDF, PLAIN, read_bytes, read_document


def test_formats_follow_the_extension(tmp_path: Path) -> None:
    """The extension names the format, and the hash is of the bytes as they are."""
    for name, media_type in [
        ("a.md", MARKDOWN),
        ("a.MARKDOWN", MARKDOWN),
        ("a.txt", PLAIN),
        ("a.htm", HTML),
        ("README", MARKDOWN),
    ]:
        file = tmp_path / name
        file.write_bytes(b"\xef\xbb\xbfCall Ann.\r\n")
        found = read_document(file)
        assert (found.media_type, found.text) == (media_type, "Call Ann.\r\n")
        assert found.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
        assert found.passages[0].starts[0] == 0


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Zoë".encode(), "Zoë"),
        ("Zoë".encode("utf-8-sig"), "Zoë"),
        ("Zoë".encode("utf-16"), "Zoë"),
        (b"\xfe\xff" + "Zoë".encode("utf-16-be"), "Zoë"),
        ("Zoë pays £5, “now”".encode("cp1252"), "Zoë pays £5, “now”"),
    ],
)
def test_encodings_are_told_from_the_bytes(data: bytes, text: str) -> None:
    """UTF-8, UTF-16 with its mark, and what old Windows programs saved."""
    assert read_bytes(data, name="x").text == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "`x` is empty"),
        (b"\xef\xbb\xbf", "`x` is empty"),
        (b" \n\t\xc2\xa0\r\n", "`x` contains only blanks"),
        (b"<!-- nothing -->", "`x` has no text to read"),
        (b"a\x00b", "`x` is a binary file, not text"),
        (b"\x89PNG\r\n\x1a\n\xff\x02", "`x` is a binary file, not text"),
        ("call Ann".encode("utf-16-le"), "`x` is a binary file, not text"),
        ("Закажите билет".encode("cp1251"), "`x` is not in UTF-8 and its encoding is unclear"),
    ],
)
def test_what_is_no_prose_is_refused(data: bytes, message: str) -> None:
    """Nothing to read, or nothing that reads as text, is one line that names the file."""
    with pytest.raises(UsageError) as error:
        read_bytes(data, name="x")
    assert str(error.value) == message
    assert error.value.hint


def test_formats_without_a_name_are_sniffed() -> None:
    """What comes through a pipe tells its format itself."""
    assert read_bytes(b"\n<!DOCTYPE html><p>a", name="-").media_type == HTML
    assert read_bytes(b"# a", name="-").media_type == MARKDOWN
    with pytest.raises(UsageError, match="not a readable PDF"):
        read_bytes(b"%PDF-1.7", name="-")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, a folder and a too large file say so, and what to change."""
    with pytest.raises(UsageError, match=r"there is no file `.*gone\.md`"):
        read_document(tmp_path / "gone.md")
    with pytest.raises(UsageError, match="is a folder") as error:
        read_document(tmp_path)
    assert error.value.hint == "name a file in it"
    large = tmp_path / "large.md"
    large.write_text("x" * 1001)
    with pytest.raises(UsageError, match="larger than 1,000 bytes") as error:
        read_document(large, limit_bytes=1000)
    assert "--max-bytes" in (error.value.hint or "")
    assert read_document(large, limit_bytes=1001).passages


def test_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the optional libraries, the message says how to install them."""
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    monkeypatch.delitem(sys.modules, "sopc_compiler.read.pdf", raising=False)
    with pytest.raises(UsageError, match="needs the library `pypdfium2`") as error:
        read_bytes(b"%PDF-1.7", name="x", media_type=PDF)
    assert error.value.hint == "run `pip install 'sopc[documents]'`"
