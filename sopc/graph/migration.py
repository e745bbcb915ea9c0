"""Reading files that an earlier release wrote.

Each step of the chain takes a file's plain values in one format and gives them in the next.
A saved file of every format stays in the tests and must always load.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sopc.graph.procedure import FORMAT

Migration = Callable[[dict[str, Any]], dict[str, Any]]

MIGRATIONS: Mapping[int, Migration] = MappingProxyType({})
"""By the format that they take: `{1: to_format_2}` once there is a format 2."""


class FormatError(ValueError):
    """The file's `format` is none that this release can read.

    Attributes:
        hint: The change that would help.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def migrate(
    data: dict[str, Any],
    *,
    migrations: Mapping[int, Migration] = MIGRATIONS,
    current: int = FORMAT,
) -> dict[str, Any]:
    """Give a file's plain values in the current format.

    Raises:
        FormatError: There is no `format`, or there is no way from it to the current one.
    """
    version = data.get("format")
    if version is None:
        raise FormatError("`format` is missing", f"start the file with `format: {current}`")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise FormatError(
            f"expected `format` to be a whole number, found {version!r}",
            f"this release writes `format: {current}`",
        )
    if version > current:
        raise FormatError(
            f"the file has format {version}, and this release of sopc reads up to {current}",
            f"upgrade sopc to {_maker(data)}: `pip install --upgrade sopc`",
        )
    for number in range(version, current):
        if number not in migrations:
            raise FormatError(
                f"this release of sopc cannot read format {number} any more",
                "compile the prose again",
            )
        data = {**migrations[number](data), "format": number + 1}
    return data


def _maker(data: dict[str, Any]) -> str:
    made = data.get("made")
    release = made.get("sopc") if isinstance(made, dict) else None
    return f"{release} or newer, which wrote it" if release else "the release that wrote it"
