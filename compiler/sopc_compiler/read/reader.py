"""Reads a file or a text of any format that sopc knows into a document."""

import codecs
import hashlib
from collections.abc import Callable
from pathlib import Path

from sopc.errors import UsageError
from sopc_compiler.read.document import Document
from sopc_compiler.read.encoding import decoded
from sopc_compiler.read.html import segment_html
from sopc_compiler.read.markdown import segment_markdown
from sopc_compiler.read.outline import Outline
from sopc_compiler.read.plain import segment_plain
from sopc_compiler.read.trace import Trace

MARKDOWN = "text/markdown"
PLAIN = "text/plain"
HTML = "text/html"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"

_MEDIA_TYPES = {
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".txt": PLAIN,
    ".html": HTML,
    ".htm": HTML,
    ".docx": DOCX,
    ".pdf": PDF,
}
_START = 1000  # bytes that tell the format

_TEXT: dict[str, Callable[[Trace, Outline], dict[str, str]]] = {
    HTML: segment_html,
    MARKDOWN: segment_markdown,
    PLAIN: segment_plain,
}


def read_document(path: Path, *, limit_bytes: int = 5_000_000) -> Document:
    """Read a file, in the format that its extension names.

    Raises:
        UsageError: it is missing, empty, too large, unreadable, binary or broken.
    """
    name = str(path)
    try:
        if path.is_dir():
            raise UsageError(f"`{name}` is a folder", hint="name a file in it")
        with path.open("rb") as file:
            data = file.read(limit_bytes + 1)
    except FileNotFoundError:
        raise UsageError(f"there is no file `{name}`", hint="check the path") from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise UsageError(f"`{name}` cannot be read: {reason}") from None
    if len(data) > limit_bytes:
        raise UsageError(
            f"`{name}` is larger than {limit_bytes:,} bytes",
            hint="split it, or raise the limit with `--max-bytes`",
        )
    return read_bytes(data, name=name, media_type=_MEDIA_TYPES.get(path.suffix.lower()))


def read_bytes(data: bytes, *, name: str, media_type: str | None = None) -> Document:
    """Read what came from a file or from stdin.

    Args:
        data: The bytes as they came.
        name: What messages call it.
        media_type: The format; None to tell it from the bytes, Markdown if nothing speaks for
            another one.

    Raises:
        UsageError: it is empty, binary, locked or broken, or a library that reads it is missing.
    """
    media_type = media_type or _sniffed(data)
    if media_type not in {DOCX, PDF} or not data:
        text = decoded(data, name=name)
        return _document(text, data, name=name, media_type=media_type)
    outline = Outline()
    try:
        if media_type == DOCX:
            from sopc_compiler.read.docx import segment_docx as segment
        else:
            from sopc_compiler.read.pdf import segment_pdf as segment
    except ImportError as error:
        raise UsageError(
            f"reading `{name}` needs the library `{error.name}`, which is not installed",
            hint="run `pip install 'sopc[documents]'`",
        ) from None
    text, metadata = segment(data, name, outline)
    return _filled(text, data, outline, metadata, name=name, media_type=media_type)


def read_text(text: str, *, name: str, media_type: str = MARKDOWN) -> Document:
    """Read prose that is at hand as text.

    Args:
        text: The prose.
        name: What messages call it.
        media_type: "text/markdown", "text/plain" or "text/html".

    Raises:
        UsageError: there is nothing to read in it.
    """
    data = text.encode("utf-8", "surrogatepass")
    return _document(text, data, name=name, media_type=media_type)


def _sniffed(data: bytes) -> str:
    start = data[:_START].lstrip(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith(b"%pdf-"):
        return PDF
    if start.startswith(b"pk\x03\x04") and b"word/" in data:
        return DOCX
    return HTML if start.startswith((b"<!doctype html", b"<html")) else MARKDOWN


def _document(text: str, data: bytes, *, name: str, media_type: str) -> Document:
    outline = Outline()
    metadata = _TEXT[media_type](Trace.verbatim(text), outline)
    return _filled(text, data, outline, metadata, name=name, media_type=media_type)


def _filled(
    text: str,
    data: bytes,
    outline: Outline,
    metadata: dict[str, str],
    *,
    name: str,
    media_type: str,
) -> Document:
    """Make the document, unless there is nothing in it."""
    passages = outline.passages()
    if not passages:
        what = "has no text to read" if text.strip() else "contains only blanks"
        raise UsageError(
            f"`{name}` {what if text else 'is empty'}", hint="write the procedure's prose into it"
        )
    return Document(
        name=name,
        media_type=media_type,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        passages=passages,
        metadata=metadata,
    )
