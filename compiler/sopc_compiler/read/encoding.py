"""Turns a file's bytes into text, or says why they are none."""

import codecs

from sopc.errors import UsageError

_MOST_FOREIGN = 0.3
_SAVE = "save it as UTF-8 text"


def decoded(data: bytes, *, name: str) -> str:
    """Decode UTF-8, UTF-16 with its mark, or else Windows-1252 if it is plainly text.

    Raises:
        UsageError: the bytes are binary, or text whose encoding cannot be told.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = _western(data, name=name)
    if "\0" in text:
        raise UsageError(f"`{name}` is a binary file, not text", hint=_SAVE)
    return text


def _western(data: bytes, *, name: str) -> str:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise UsageError(f"`{name}` is a binary file, not text", hint=_SAVE) from None
    foreign = sum(not char.isascii() for char in text)
    if any(char < " " and not char.isspace() for char in text):
        raise UsageError(f"`{name}` is a binary file, not text", hint=_SAVE)
    if foreign > _MOST_FOREIGN * len(text):
        raise UsageError(f"`{name}` is not in UTF-8 and its encoding is unclear", hint=_SAVE)
    return text
