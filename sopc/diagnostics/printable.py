"""Text of files and people made safe for a terminal."""

_PICTURES = 0x2400

# Control characters, and the marks that turn the reading direction, could hide or forge what a
# reader sees; they are shown as what they are.
_SHOWN = (
    {code: _PICTURES + code for code in range(0x20)}
    | {0x7F: 0x2421}
    | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
    | dict.fromkeys([0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD)
    | dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
)


def printable(text: str) -> str:
    """Replace what is no visible character by a picture of it, one for one."""
    return text if text.isascii() and text.isprintable() else text.translate(_SHOWN)
