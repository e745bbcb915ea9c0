"""What is done with files and folders: each wholly or not at all."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sopc.graph import Failure
from sopc_runtime.connectors import given
from sopc_runtime.connectors.connector import ConnectorError
from sopc_runtime.connectors.folder import Folder

_LARGEST_READ = 1_000_000
_MOST_NAMES = 10_000
_PART = ".sopc-part-"
"""What names of unfinished things begin with; they are in no list."""


@dataclass(frozen=True, kw_only=True)
class FileWork:
    """One thing to do; paths are as the request has them."""

    operation: str
    folder: Folder
    path: str
    source: str | None = None
    content: str | None = None

    def shown(self) -> dict[str, Any]:
        """Give it as JSON; paths that lead outside are refused."""
        shown = {"operation": self.operation, "path": self.path}
        _ = self.target
        if self.source is not None:
            _ = self.taken
            shown["source"] = self.source
        if self.content is not None:
            shown["content"] = self.content
        return shown

    @property
    def target(self) -> Path:
        """Where it is done."""
        if self.operation == "list_folder" and self.path.strip("/") in {"", "."}:
            return self.folder.top
        return self.folder.within(self.path)

    @property
    def taken(self) -> Path:
        """What is taken."""
        return self.folder.within(self.source or "")

    @property
    def bytes(self) -> bytes:
        """The content as it stands in the file."""
        return (self.content or "").encode()


def create_folder(work: FileWork) -> dict[str, Any]:
    """Make a folder, and those above it."""
    target = work.target
    if target.exists() and not target.is_dir():
        given.refuse(f"`{work.path}` is a file")
    target.mkdir(parents=True, exist_ok=True)
    return {"path": work.path}


def copy_folder(work: FileWork) -> dict[str, Any]:
    """Copy a folder beside its place, and then put it there at once."""
    source = work.folder.existing(work.source or "")
    target = work.target
    if not source.is_dir():
        given.refuse(f"`{work.source}` is no folder")
    if target.is_relative_to(source):
        given.refuse(f"`{work.path}` is within `{work.source}`")
    _nothing_at(target, work.path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=_PART, dir=target.parent) as unfinished:
        copied = Path(unfinished) / target.name
        shutil.copytree(source, copied, symlinks=True)
        _rename(copied, target, work.path)
    return {"path": work.path}


def write_file(work: FileWork) -> dict[str, Any]:
    """Write a file beside its place, and then put it there at once."""
    target = work.target
    if target.is_dir():
        given.refuse(f"`{work.path}` is a folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(prefix=_PART, dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(work.bytes)
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        Path(unfinished).chmod(mode)
        Path(unfinished).replace(target)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    return {"path": work.path}


def append_line(work: FileWork) -> dict[str, Any]:
    """Add a line in one go, so that lines of several runs do not mix."""
    target = work.target
    if target.exists() and not target.is_file():
        # Writing to a pipe would wait until somebody reads.
        given.refuse(f"`{work.path}` is no file")
    target.parent.mkdir(parents=True, exist_ok=True)
    line = " ".join((work.content or "").splitlines()).encode() + b"\n"
    handle = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        written = os.write(handle, line)
        try:
            os.fsync(handle)
        except OSError:
            written = 0
        if written < len(line):
            raise ConnectorError(
                Failure.UNAVAILABLE,
                f"`{work.path}`: it may be that a part of the line was written, or all of it",
                certain=False,
            )
    finally:
        os.close(handle)
    return {"path": work.path}


def read_file(work: FileWork) -> dict[str, Any]:
    """Read a text."""
    file = work.folder.existing(work.path)
    if not file.is_file():
        given.refuse(f"`{work.path}` is no file")
    with file.open("rb") as opened:
        content = opened.read(_LARGEST_READ + 1)
    if len(content) > _LARGEST_READ:
        given.refuse(f"`{work.path}` is larger than {_LARGEST_READ:,} bytes")
    try:
        return {"content": content.decode()}
    except UnicodeDecodeError:
        raise ConnectorError(Failure.MISSING_DATA, f"`{work.path}` is no text in UTF-8") from None


def list_folder(work: FileWork) -> dict[str, Any]:
    """List names in their order; those of folders end in `/`."""
    if not work.target.exists():
        raise ConnectorError(Failure.NOT_FOUND, f"there is no `{work.path}`")
    if not work.target.is_dir():
        given.refuse(f"`{work.path}` is no folder")
    names = []
    for entry in work.target.iterdir():
        if not entry.name.startswith(_PART):
            names.append(f"{entry.name}/" if entry.is_dir() else entry.name)
        if len(names) > _MOST_NAMES:
            given.refuse(f"`{work.path}` has more than {_MOST_NAMES:,} entries")
    return {"names": sorted(names)}


def move(work: FileWork) -> dict[str, Any]:
    """Move what nothing stands in the way of."""
    source = work.folder.existing(work.source or "")
    target = work.target
    if target.is_relative_to(source):
        given.refuse(f"`{work.path}` is within `{work.source}`")
    _nothing_at(target, work.path)
    target.parent.mkdir(parents=True, exist_ok=True)
    _rename(source, target, work.path)
    return {"path": work.path}


def delete(work: FileWork) -> dict[str, Any]:
    """Delete a file, or a folder with nothing in it."""
    target = work.target
    if target.is_dir():
        target.rmdir()
    else:
        target.unlink(missing_ok=True)
    return {"path": work.path}


def _nothing_at(target: Path, path: str) -> None:
    if os.path.lexists(target):
        given.refuse(f"there already is a `{path}`")


def _rename(source: Path, target: Path, path: str) -> None:
    """Give a thing its place, unless somebody took it meanwhile."""
    if source.is_dir():
        # The system itself refuses to rename a folder over one that holds something.
        source.rename(target)
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        given.refuse(f"there already is a `{path}`")
    except OSError:
        # Some shares know no second names for files.
        _nothing_at(target, path)
        source.rename(target)
    else:
        source.unlink()


@contextmanager
def failures(path: str) -> Iterator[None]:
    """Tell what the system says as failures that graphs know."""
    try:
        yield
    except FileNotFoundError:
        raise ConnectorError(Failure.NOT_FOUND, f"there is no `{path}`") from None
    except (OSError, shutil.Error) as error:
        full = isinstance(error, OSError) and error.errno in {
            errno.ENOSPC,
            errno.EDQUOT,
            errno.EIO,
            errno.ESTALE,
            errno.EBUSY,
        }
        kind = Failure.UNAVAILABLE if full else Failure.REFUSED
        said = getattr(error, "strerror", None) or "not everything could be copied"
        raise ConnectorError(kind, f"`{path[:200]}`: {said.lower()}") from None
