"""Reads a file or a text of any format that sopc knows into a document."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from sopc.errors import UsageError
from sopc_compiler.read.document import Document
from sopc_compiler.read.encoding import decoded
from sopc_compiler.read.markdown import segment_markdown
from sopc_compiler.read.outline import Outline
from sopc_compiler.read.plain import segment_plain

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
_SEGMENTERS: dict[str, Callable[[str, Outline], dict[str, str]]] = {
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
        UsageError: it is empty, binary or broken.
    """
    text = decoded(data, name=name)
    return _segmented(text, name=name, media_type=media_type or MARKDOWN, data=data)


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
    return _segmented(text, name=name, media_type=media_type, data=data)


def _segmented(text: str, *, name: str, media_type: str, data: bytes) -> Document:
    if not text.strip():
        what = "contains only blanks" if text else "is empty"
        raise UsageError(f"`{name}` {what}", hint="write the procedure's prose into it")
    outline = Outline()
    metadata = _SEGMENTERS[media_type](text, outline)
    return Document(
        name=name,
        media_type=media_type,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        passages=outline.passages(),
        metadata=metadata,
    )
