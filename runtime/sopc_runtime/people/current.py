"""The organization file as it is now: who holds roles changes, while runs keep their version."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from sopc.errors import SopcError, UsageError
from sopc.organization import Organization, find_organization, load_organization
from sopc_runtime.store.documents import program
from sopc_runtime.store.run_start import version
from sopc_runtime.store.tables import procedures, runs


def current_organization(connection: Connection, name: str) -> Organization | None:
    """Give the organization file that holds for a deployed procedure now.

    That is the one beside or above the graph file that it was deployed from, if that is still
    there; else the one that it was deployed with. Of a procedure that was withdrawn it is the one
    that its latest run goes by, so that its open tasks are not anybody's. None where there is none.

    Raises:
        GraphFileError: The file is no valid organization file.
    """
    path = _path(connection, name)
    if path is not None:
        return _loaded(path)
    try:
        return version(connection, name).program(connection).organization
    except UsageError:
        return _of_latest_run(connection, name)


def organization_folder(connection: Connection, name: str) -> Path:
    """Give the folder that paths in a procedure's organization file are relative to."""
    path = _path(connection, name)
    return path.parent if path is not None else Path.cwd()


def organizations(connection: Connection) -> list[Organization]:
    """Give the organization files that hold for deployed procedures now, each once."""
    names = connection.execute(select(procedures.c.name).order_by(procedures.c.name)).scalars()
    found = (current_organization(connection, name) for name in names.all())
    return list({id(each): each for each in found if each is not None}.values())


def time_zone(connection: Connection, name: str | None = None) -> ZoneInfo:
    """Give the zone that people read times in: that of a procedure's organization.

    Without a name it is the one that all deployed procedures share. UTC where there is none, or
    where the file cannot be read: a time is no reason to fail.
    """
    try:
        found = [current_organization(connection, name)] if name else organizations(connection)
    except SopcError:
        return ZoneInfo("UTC")
    zones = {each.time_zone for each in found if each is not None and each.time_zone}
    return ZoneInfo(zones.pop() if len(zones) == 1 else "UTC")


def in_zone(at: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """Write an instant for people, as `2026-03-02 09:00 CST`."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M{':%S' if seconds else ''} %Z}"


def _path(connection: Connection, name: str) -> Path | None:
    row = connection.execute(
        select(procedures.c.path).where(procedures.c.name == name)
    ).one_or_none()
    if row is None or row.path is None or not Path(row.path).parent.is_dir():
        return None
    return find_organization(Path(row.path).parent)


def _of_latest_run(connection: Connection, name: str) -> Organization | None:
    latest = (
        select(runs.c.graph, runs.c.organization, runs.c.procedure)
        .where(runs.c.name == name)
        .order_by(runs.c.started.desc())
        .limit(1)
    )
    row = connection.execute(latest).one_or_none()
    return program(connection, *row).organization if row is not None else None


def _loaded(path: Path) -> Organization:
    stat = path.stat()
    key = stat.st_mtime_ns, stat.st_size
    known = _FILES.get(path)
    if known is None or known[0] != key:
        known = _FILES[path] = key, load_organization(path)
    return known[1]


_FILES: dict[Path, tuple[tuple[int, int], Organization]] = {}
