"""Watched folders: a file that has come to rest is an event."""

import csv
import hashlib
import io
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from sopc.errors import WorkError
from sopc_runtime.triggers.delivery import Delivery, Outcome, Status, storable
from sopc_runtime.triggers.intake import receive
from sopc_runtime.triggers.reading import read_json
from sopc_runtime.triggers.settings import FolderSettings

_PARTIAL = (".part", ".partial", ".tmp", ".crdownload", ".filepart", "~")
_CHUNK = 1 << 20


@dataclass(slots=True)
class Folder:
    """A folder that is looked at again and again.

    Attributes:
        settings: What is set for it.
        base: The folder that `settings.path` is relative to.
        engine: The database.
        now: The clock, in UTC.
    """

    settings: FolderSettings
    base: Path
    engine: Engine
    now: Callable[[], datetime]
    _seen: dict[str, tuple[int, int, datetime]] = field(default_factory=dict)
    _taken: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The folder."""
        return self.base / self.settings.path

    def look(self) -> list[Outcome]:
        """Take in the files that have not changed for a while, in the order of their names.

        Links are not followed, and hidden and half-written files are left alone.

        Raises:
            WorkError: The folder cannot be read, or a file that was taken in cannot be moved; the
                others are taken in all the same.
        """
        try:
            entries = sorted(os.scandir(self.path), key=lambda entry: entry.name)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise WorkError(f"cannot look into folder `{self.path}`: {reason}") from None
        outcomes = []
        failed: WorkError | None = None
        found: dict[str, tuple[int, int, datetime]] = {}
        for entry in entries:
            if not self._is_meant(entry):
                continue
            try:
                about = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            form = _form(about)
            if self._taken.get(entry.name) == form:
                continue
            known = self._seen.get(entry.name)
            since = known[2] if known is not None and known[:2] == form else self.now()
            found[entry.name] = (*form, since)
            if self.now() - since >= self.settings.settle:
                try:
                    outcome = self._take(Path(entry.path), form)
                except WorkError as error:
                    failed = failed or error
                    continue
                if outcome is not None:
                    outcomes.append(outcome)
        self._seen = found
        if failed is not None:
            raise failed
        return outcomes

    def _is_meant(self, entry: "os.DirEntry[str]") -> bool:
        name = entry.name
        if name.startswith(".") or name.lower().endswith(_PARTIAL):
            return False
        return fnmatch(name, self.settings.pattern) and entry.is_file(follow_symlinks=False)

    def _take(self, path: Path, form: tuple[int, int]) -> Outcome | None:
        try:
            delivery = delivered(path, self.settings, form[0])
            if _form(path.lstat()) != form:
                # It was written to while it was read: not at rest, whatever it seemed.
                return None
        except OSError:
            # It went away, or cannot be read yet; the next look sees.
            return None
        with self.engine.begin() as connection:
            outcome = receive(connection, delivery, self.now())
        if self.settings.done is None or self.settings.done == "keep":
            self._taken[path.name] = form
            return outcome
        refused = outcome.status is Status.REFUSED
        folder = self.path / (self.settings.refused if refused else self.settings.done)
        try:
            # What has come in its place meanwhile is another event, and not moved unread.
            if _form(path.lstat()) == form:
                _move(path, folder)
        except OSError as error:
            if path.exists():
                reason = (error.strerror or str(error)).lower()
                raise WorkError(f"cannot move `{path}` to `{folder}`: {reason}") from None
        return outcome


def _form(about: os.stat_result) -> tuple[int, int]:
    return about.st_size, about.st_mtime_ns


def delivered(path: Path, settings: FolderSettings, size: int) -> Delivery:
    """Give the delivery of a file.

    Raises:
        OSError: It cannot be read.
    """
    digest = hashlib.sha256()
    content = bytearray()
    wanted = settings.parse != "none" and size <= settings.most_bytes
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            digest.update(part)
            if wanted:
                content += part
    name = storable(path.name)
    payload: dict[str, Any] = {
        "name": name,
        "path": storable(str(path.resolve())),
        "size": size,
        "sha256": digest.hexdigest(),
    }
    delivery = Delivery(
        source="folder",
        key=f"{digest.hexdigest()}:{name}",
        payload=payload,
        system=settings.system,
        event=settings.event,
        name=settings.procedure,
        occurred=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        textual=True,
    )
    if settings.parse == "none":
        return delivery
    if not wanted:
        return replace(delivery, problem=f"it is larger than {settings.most_bytes:,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return replace(delivery, problem="it is not UTF-8")
    return replace(delivery, **_parsed(text, payload, settings))


def _parsed(text: str, payload: dict[str, Any], settings: FolderSettings) -> dict[str, Any]:
    if settings.parse == "text":
        return {"payload": {**payload, "text": text}}
    if settings.parse == "csv":
        rows, problem = read_rows(text)
        return {"payload": {**payload, "rows": rows}, "problem": problem}
    value, problem = read_json(text)
    if problem is not None:
        return {"problem": problem, "text": text}
    if not isinstance(value, dict):
        return {"payload": {**payload, "content": value}, "textual": False}
    # The file's own facts win: nobody can claim another name by what a file holds.
    return {"payload": {**value, **payload}, "textual": False}


def read_rows(text: str) -> tuple[list[dict[str, str]], str | None]:
    """Read CSV whose first line names the columns.

    Returns:
        The rows, and what is wrong if something is.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows = []
    try:
        counts = Counter(reader.fieldnames or ())
        twice = next((name for name, count in counts.items() if count > 1), None)
        if twice is not None:
            return [], f"column `{twice}` stands twice"
        for row in reader:
            if None in row or None in row.values():
                return [], f"line {reader.line_num} has not as many values as there are columns"
            rows.append(dict(row))
    except csv.Error as error:
        return [], f"it is no CSV: {error} (line {reader.line_num})"
    return rows, None


def _move(path: Path, folder: Path) -> None:
    """Move a file out of the way, over none that is there already."""
    folder.mkdir(parents=True, exist_ok=True)
    target, number = folder / path.name, 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    path.replace(target)
