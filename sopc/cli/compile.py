"""`sopc compile`: prose in, step graphs out."""

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sopc.cli import output

if TYPE_CHECKING:
    from sopc.cli.batch import Batch
    from sopc.cli.job import Job
    from sopc_compiler.compilation import Compilation
    from sopc_compiler.read.document import Document


class Structured(StrEnum):
    """How the form of the model's answers is asked for."""

    AUTO = "auto"
    SCHEMA = "schema"
    JSON = "json"
    PROMPT = "prompt"


def compile_prose(
    inputs: Annotated[
        list[str],
        typer.Argument(help="Files or folders of prose, or `-` for stdin.", metavar="PATH"),
    ],
    *,
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A graph file, or a folder for the graphs."),
    ] = None,
    stdout: Annotated[
        bool, typer.Option("--stdout", help="Print the graph and write no file.")
    ] = False,
    name: Annotated[
        str, typer.Option(help="What stdin is called, as a file name.", metavar="FILE")
    ] = "stdin.md",
    organization: Annotated[
        Path | None,
        typer.Option(help="The organization file; otherwise the nearest `organization.yaml`."),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(help="The answers file; otherwise `NAME.answers.yaml` beside the prose."),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no model; use what is cached.")
    ] = False,
    cache_dir: Annotated[
        Path | None, typer.Option(help="Where the model's replies are kept.")
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="An OpenAI-compatible endpoint, as `https://HOST/v1`.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="The endpoint's model.")] = None,
    api_key_env: Annotated[
        str | None, typer.Option(help="The environment variable that holds the endpoint's key.")
    ] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds one request may take.")] = None,
    concurrency: Annotated[int | None, typer.Option(help="Requests at a time.")] = None,
    token_budget: Annotated[
        int | None, typer.Option(help="The most tokens that this call may use.")
    ] = None,
    structured: Annotated[
        Structured | None, typer.Option(help="How the form of answers is asked for.")
    ] = None,
    max_bytes: Annotated[int, typer.Option(help="Refuse larger documents.", min=1)] = 5_000_000,
) -> None:
    """Compile prose into step graphs, `NAME.sop.yaml` beside each document.

    Of folders, every file that ends in .md, .markdown, .txt, .html, .htm, .docx or .pdf is taken,
    but hidden ones and those about the folder itself (README, CHANGELOG, LICENSE, ...). Stdin goes
    to stdout unless `-o` says where.

    Unchanged prose asks nothing of the model and leaves the graph as it is; sign-offs, comments and
    answers are kept.
    """
    from sopc.cli.job import jobs

    planned = jobs(inputs, to=to, stdout=stdout, name=name, answers=answers)
    flags = {
        "base_url": base_url,
        "model": model,
        "api_key_env": api_key_env,
        "timeout": timeout,
        "concurrency": concurrency,
        "token_budget": token_budget,
        "structured": structured.value if structured else None,
    }
    batch = _run(planned, flags, organization, cache_dir, max_bytes, offline=offline)
    _point_on(batch.made)
    if batch.worst:
        raise typer.Exit(batch.worst)


def _run(
    planned: "list[Job]",
    flags: dict[str, Any],
    organization: Path | None,
    cache_dir: Path | None,
    max_bytes: int,
    *,
    offline: bool,
) -> "Batch":
    from sopc.cli.batch import Batch
    from sopc.cli.record import RecordingCompiler
    from sopc_compiler.llm import Gateway, ReplyCache, progress_reporter, resolve_settings
    from sopc_compiler.llm.folders import cache_folder

    settings = resolve_settings(flags, folder=_common_folder(planned))
    folder = cache_dir or cache_folder()
    model = settings.model_dump(mode="json", include={"model", "structured", "temperature", "seed"})
    model["endpoint"] = settings.endpoint
    with (
        progress_reporter(quiet=output.manner().quiet) as on_progress,
        Gateway(
            settings,
            cache=ReplyCache(folder / "replies"),
            offline=offline,
            on_progress=on_progress,
        ) as gateway,
    ):

        def compiler(document: "Document", **given: Any) -> "Compilation":
            from sopc_compiler.compilation import compile_document

            return compile_document(document, gateway=gateway, **given)

        recording = RecordingCompiler(compiler, folder / "graphs", model)
        batch = Batch(recording, lambda: gateway.stats, organization, max_bytes)
        batch.run(planned)
    return batch


def _common_folder(planned: "list[Job]") -> Path:
    """Give the folder from which `sopc.toml` is looked for."""
    folders = {str(job.prose.parent.resolve()) for job in planned if job.prose}
    return Path(os.path.commonpath(folders)) if folders else Path.cwd()


def _point_on(made: list[Path]) -> None:
    if made:
        folder = os.path.commonpath([path.parent for path in made]) or "."
        shown = made[0] if len(made) == 1 else Path(folder)
        output.note(f"next: `sopc check {shown.as_posix()}`")
