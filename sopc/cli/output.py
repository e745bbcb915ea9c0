"""How the command line speaks: results on stdout, everything else on stderr."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TextIO

import typer

from sopc.errors import WorkError

if TYPE_CHECKING:
    from rich.console import Console


class Color(StrEnum):
    """When to colour: `auto` on a terminal unless `NO_COLOR` is set."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass
class Manner:
    """What the flags that every verb has were set to."""

    color: Color = Color.AUTO
    quiet: bool = False
    debug: bool = False


_manner: ContextVar[Manner] = ContextVar("manner")


def manner() -> Manner:
    """Return the flags of this call; they may be changed in place."""
    found = _manner.get(None)
    return reset() if found is None else found


def reset() -> Manner:
    """Start a call with every flag at its default."""
    fresh = Manner()
    _manner.set(fresh)
    return fresh


def colored(stream: TextIO | None = None) -> bool:
    """Tell whether to write colours to a stream (stdout unless another is given)."""
    chosen = manner().color
    if chosen is not Color.AUTO:
        return chosen is Color.ALWAYS
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    written = stream or sys.stdout
    return written is not None and written.isatty()


def result(text: str) -> None:
    """Write what the user asked for, to stdout, ending with exactly one line break.

    Raises:
        WorkError: It cannot be written.
    """
    with _told():
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def flush() -> None:
    """Write to stdout what is still held back.

    Raises:
        WorkError: It cannot be written.
    """
    if sys.stdout is not None:
        with _told():
            sys.stdout.flush()


@contextmanager
def _told() -> Iterator[None]:
    """Tell that stdout cannot be written to; a reader that has gone is nobody's failure."""
    if sys.stdout is None:
        raise WorkError("cannot write to stdout: it is closed")
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is held back would fail again when the program ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        reason = (error.strerror or str(error)).lower()
        raise WorkError(f"cannot write to stdout: {reason}") from None


def note(text: str) -> None:
    """Write a line on stderr that `--quiet` leaves out."""
    if not manner().quiet:
        typer.echo(_safe(text), err=True)


def warn(text: str, *, hint: str | None = None) -> None:
    """Write a warning, and what would help, on stderr; `--quiet` does not hide it."""
    _labelled("warning", text, typer.colors.YELLOW)
    if hint:
        _labelled("help", hint, typer.colors.CYAN)


def failure(text: str, *, hint: str | None = None) -> None:
    """Write an `error:` line and, where there is a hint, a `help:` line on stderr."""
    _labelled("error", text, typer.colors.RED)
    if hint:
        _labelled("help", hint, typer.colors.CYAN)


def console(*, stderr: bool = False) -> "Console":
    """Return a rich console that follows `--color`."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    color = colored(stream)
    return Console(
        file=stream,
        force_terminal=color or None,
        no_color=not color,
        highlight=False,
        emoji=False,
        markup=False,
    )


def _labelled(label: str, text: str, color: str) -> None:
    shown = typer.style(label, fg=color, bold=True) if colored(sys.stderr) else label
    typer.echo(f"{shown}: {_safe(text)}", err=True, color=colored(sys.stderr))


def _safe(text: str) -> str:
    """Show what is no visible character, which words of files may hold, as what it is."""
    if text.isprintable():
        return text
    from sopc.diagnostics.printable import printable

    return "\n".join(printable(line) for line in text.split("\n"))
