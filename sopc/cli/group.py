"""The group of all verbs: each is imported when it is called, and failures end as one line."""

import os
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from sopc.cli import failure, output
from sopc.errors import UsageError

READER_GONE = 141
"""128 + SIGPIPE, as other programs end when `| head` has seen enough."""


@dataclass(frozen=True)
class Verb:
    """A command: its line in `sopc --help`, and where its function or Typer app is."""

    help: str
    module: str
    attribute: str


class VerbGroup(TyperGroup):
    """Shows all verbs and imports only the one that is called.

    `verbs` is set by the subclass, by name, in the order of the help page.
    """

    verbs: dict[str, Verb]

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.params += _shared()

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the verbs' names."""
        del ctx
        return list(self.verbs)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import a verb; the flags of every call are added to those of its own."""
        del ctx
        verb = self.verbs.get(cmd_name)
        if verb is None:
            near = get_close_matches(cmd_name, self.verbs, n=1)
            raise UsageError(
                f"`{cmd_name}` is no command",
                hint=f"`sopc {near[0]}` is the nearest one"
                if near
                else "the commands are " + ", ".join(f"`{name}`" for name in self.verbs),
            )
        target = getattr(import_module(verb.module), verb.attribute)
        if not isinstance(target, typer.Typer):
            target = _alone(target, cmd_name)
        command = typer.main.get_command(target)
        command.name = cmd_name
        _take_shared_flags(command)
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the verbs without importing one."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.help) for name, verb in self.verbs.items()])

    def invoke(self, ctx: Any) -> Any:
        """Call the verb; Ctrl-C and a reader of stdout that has gone end it."""
        try:
            value = super().invoke(ctx)
            output.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(READER_GONE) from None
        except KeyboardInterrupt:
            typer.echo("interrupted; what the model had answered is cached", err=True)
            raise typer.Exit(failure.INTERRUPTED) from None
        return value

    def main(self, *, standalone_mode: bool = True, **settings: Any) -> Any:  # type: ignore[override]
        """Run, and turn whatever goes wrong into one `error:` line and an exit status."""
        if not standalone_mode:
            return super().main(standalone_mode=False, **settings)
        output.reset()
        try:
            status = super().main(standalone_mode=False, **settings)
        except Exception as error:  # noqa: BLE001 # the last line of defence: no traceback
            status = failure.report(error)
        sys.exit(status if isinstance(status, int) else 0)


def run(app: typer.Typer) -> None:
    """Run an app whose root is a `VerbGroup`, as the installed `sopc` does."""
    typer.main.get_command(app).main(prog_name="sopc")


def _alone(function: Any, name: str) -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command(name)(function)
    return app


def _shared() -> list[Any]:
    command = typer.main.get_command(_alone(shared_flags, "shared"))
    assert isinstance(command, TyperCommand)  # noqa: S101 # one function gives a command
    return command.params


def _take_shared_flags(command: Any) -> None:
    """Add the flags of every call to a command and those within it, where not taken already."""
    own = {name for parameter in command.params for name in parameter.opts}
    command.params += [one for one in _shared() if not own.intersection(one.opts)]
    if isinstance(command, TyperGroup):
        for nested in command.commands.values():
            _take_shared_flags(nested)


def _set_debug(value: bool) -> None:  # noqa: FBT001 # typer calls it so
    output.manner().debug |= value


def _set_quiet(value: bool) -> None:  # noqa: FBT001 # typer calls it so
    output.manner().quiet |= value


def _set_color(value: output.Color | None) -> None:
    if value is not None:
        output.manner().color = value


def shared_flags(
    *,
    color: Annotated[
        output.Color | None,
        typer.Option(help="When to colour.", callback=_set_color, expose_value=False),
    ] = None,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet",
            "-q",
            help="Leave out summaries and progress.",
            callback=_set_quiet,
            expose_value=False,
        ),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option("--debug", help="Show tracebacks.", callback=_set_debug, expose_value=False),
    ] = False,
) -> None:
    """Hold the flags that stand before or after every verb."""
