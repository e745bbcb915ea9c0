"""`sopc serve`: one process that takes events in and carries runs out."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopc.cli import output
from sopc.cli.database import Data
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from sopc_runtime.serve.service import ServeSettings


def serve(
    *,
    host: Annotated[
        str, typer.Option(help="The address to listen on; this machine alone by default.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="The port; 0 takes a free one.", min=0, max=65535)
    ] = 8321,
    settings: Annotated[
        Path | None,
        typer.Option(help="The settings; otherwise the nearest `sopc.toml`.", metavar="FILE"),
    ] = None,
    organization: Annotated[
        Path | None,
        typer.Option(help="The organization file; otherwise those beside what is deployed."),
    ] = None,
    data: Data = None,
) -> None:
    """Serve webhooks, schedules, sources and notifications, and carry runs out.

    SIGTERM and Ctrl-C end it within seconds, with nothing lost. `/healthz` tells that it lives,
    `/readyz` that it can do its work.
    """
    from sopc_runtime.serve.service import Service
    from sopc_runtime.store.database import open_database

    logging.basicConfig(
        level=logging.WARNING if output.manner().quiet else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    # Whoever sends no HTTP may do so as often as they like.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    for noisy in ("dbos", "alembic", "sqlalchemy", "httpx", "httpx2"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    chosen = _settings(settings, organization)
    engine = open_database(data)
    try:
        _overview(engine, chosen)
        service = Service(engine, chosen)
        service.run(host, port, ready=_tell)
    finally:
        engine.dispose()
    output.note("stopped; what was under way goes on at the next start")


def _overview(engine: "Engine", chosen: "ServeSettings") -> None:
    """Say what nothing will come of: nothing deployed, and sources that nobody listens to."""
    from sopc_runtime.store.database import reading
    from sopc_runtime.store.run_start import versions
    from sopc_runtime.triggers.unheard import unheard

    own = chosen.triggers
    systems = [
        each.system
        for each in (*own.webhook, *own.folder, *own.mailbox, *own.poll)
        if each.system is not None and each.procedure is None
    ]
    with reading(engine).connect() as connection:
        if not versions(connection):
            output.warn("nothing is deployed", hint="`sopc deploy GRAPH` does it; no need to stop")
            return
        for each in unheard(connection, systems):
            output.warn(
                f"no deployed procedure starts by an event of `{each}`, or waits for one",
                hint="graphs name it in `system`; `sopc deliveries` lists what came in for nobody",
            )


def _tell(host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    output.note(f"serving on http://{shown}:{port}; Ctrl-C ends it")


def _settings(file: Path | None, organization: Path | None) -> "ServeSettings":
    """Read all tables before anything is begun.

    Raises:
        UsageError: A table is not as it has to be, or a secret that it names is not set.
    """
    import os

    from sopc.organization import load_organization
    from sopc.settings import find_settings
    from sopc_runtime.modes.settings import load_mode_settings
    from sopc_runtime.people.notify_settings import load_notify_settings
    from sopc_runtime.serve.service import ServeSettings
    from sopc_runtime.triggers.settings import TriggerSettings
    from sopc_runtime.triggers.settings_file import load_trigger_settings

    path = file or find_settings(Path())
    triggers = load_trigger_settings(path) if path is not None else TriggerSettings()
    secrets = [secret for each in triggers.webhook for secret in each.secret]
    secrets += [each.password for each in triggers.mailbox]
    unset = sorted({each.variable for each in secrets if not os.environ.get(each.variable)})
    if unset:
        named = ", ".join(f"`{each}`" for each in unset)
        raise UsageError(f"not set: {named}", hint=f"`{path}` names it as the place of a secret")
    if organization is not None:
        load_organization(organization)
    folder = path.parent if path is not None else Path.cwd()
    return ServeSettings(
        folder=folder,
        triggers=triggers,
        notify=load_notify_settings(path or folder),
        modes=load_mode_settings(path or folder),
        organization=organization,
    )
