"""The text that the citations of a graph count in."""

from contextlib import suppress
from pathlib import Path

from sopc.errors import SopcError
from sopc.graph import Source


def prose_text(path: Path, source: Source) -> str | None:
    """Give the text that citations of a source count in; None where no reader for it is here."""
    if source.media_type.startswith("text/"):
        with suppress(UnicodeDecodeError):
            return path.read_bytes().decode("utf-8-sig")
    try:
        from sopc_compiler.read.reader import read_document

        return read_document(path).text
    except (ImportError, SopcError):
        return None
