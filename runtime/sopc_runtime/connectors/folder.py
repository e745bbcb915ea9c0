"""Folders that requests cannot leave: paths in them, and names that come from data."""

import re
from pathlib import Path

from sopc.graph import Failure
from sopc_runtime.connectors.connector import ConnectorError

_LONGEST_NAME = 200
# Signs that a name cannot have on one system or another.
_UNSAFE = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


class Folder:
    """A folder, and what is in it or below; nothing else can be named through it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def top(self) -> Path:
        """The folder itself, with all links followed.

        Raises:
            ConnectorError: It is not there.
        """
        if not self._path.is_dir():
            raise ConnectorError(Failure.UNAVAILABLE, f"folder `{self._path}` is not there")
        return self._path.resolve()

    def within(self, path: str) -> Path:
        """Give where a path leads, which need not exist; its last part may be no link.

        Raises:
            ConnectorError: It leads outside, or could never be a path.
        """
        top = self.top
        parts = path.strip("/").split("/") if not path.startswith("/") else [""]
        for part in parts:
            _check(part, path)
        try:
            parent = top.joinpath(*parts[:-1]).resolve()
        except RuntimeError:
            raise ConnectorError(Failure.REFUSED, f"`{path}` leads round in a circle") from None
        if not parent.is_relative_to(top) or (parent / parts[-1]).is_symlink():
            raise ConnectorError(Failure.REFUSED, f"`{path}` leads outside of the folder")
        return parent / parts[-1]

    def existing(self, path: str) -> Path:
        """Give where a path leads, to something that is there.

        Raises:
            ConnectorError: It leads outside, or nothing is there.
        """
        found = self.within(path)
        if not found.exists():
            raise ConnectorError(Failure.NOT_FOUND, f"there is no `{path}`")
        return found


def file_name(words: str) -> str:
    """Make a name of a file out of data, whose signs of paths and of control become `-`.

    Raises:
        ConnectorError: Nothing is left of it.
    """
    name = "".join(sign if sign.isprintable() else "-" for sign in words)
    name = _UNSAFE.sub("-", name).strip(" .")[:_LONGEST_NAME].strip(" .")
    if not name.strip("-") or _RESERVED.fullmatch(name):
        raise ConnectorError(Failure.MISSING_DATA, f"no file can be named after `{words[:80]}`")
    return name


def _check(part: str, path: str) -> None:
    if part in {"", ".", ".."} or not part.isprintable() or "\\" in part:
        raise ConnectorError(Failure.REFUSED, f"`{path[:200]}` is no path within the folder")
    if len(part.encode()) > 255:  # noqa: PLR2004 # what file systems take
        raise ConnectorError(Failure.REFUSED, f"a name in `{path[:80]}` is too long")
