"""Every failure as an `error:` line, a `help:` line and an exit status."""

import re
import traceback
from typing import Any

import typer

from sopc.cli import output
from sopc.errors import SopcError, UsageError, WorkError

INTERRUPTED = 130

# typer carries click inside, privately; the base of its usage errors is reachable only so.
_BadUsage: Any = typer.BadParameter.__bases__[0]

_EXTRAS = {
    "docx": "documents",
    "jinja2": "compile",
    "lemminflect": "compile",
    "lsprotocol": "editor",
    "markdown_it": "compile",
    "mdit_py_plugins": "compile",
    "openai": "compile",
    "platformdirs": "compile",
    "pygls": "editor",
    "pypdfium2": "documents",
    "rapidfuzz": "compile",
    "textblob": "compile",
    "watchfiles": "editor",
    "xllamacpp": "local",
}


def report(error: Exception, *, about: str | None = None) -> int:
    """Tell a failure on stderr; `about` names the file that was worked on.

    Returns:
        The exit status of its kind.
    """
    if output.manner().debug:
        traceback.print_exception(error)
    if isinstance(error, typer.Abort):
        return INTERRUPTED
    failed = _as_told(error)
    told = str(failed) if about is None or about in str(failed) else f"{about}: {failed}"
    output.failure(told, hint=failed.hint)
    return failed.exit_code


def _as_told(error: Exception) -> SopcError:
    if isinstance(error, SopcError):
        return error
    if isinstance(error, _BadUsage):
        return _usage(error)
    if isinstance(error, ModuleNotFoundError) and (error.name or "") in _EXTRAS:
        extra = _EXTRAS[error.name or ""]
        return UsageError(
            f"`{error.name}` is not installed", hint=f"`pip install 'sopc[{extra}]'` brings it"
        )
    if isinstance(error, OSError) and error.filename is not None:
        return WorkError(f"`{error.filename}`: {(error.strerror or str(error)).lower()}")
    told = _of_database(error)
    if told is not None:
        return told
    debug = "the same command with `--debug` shows the traceback"
    return WorkError(
        f"internal error: {type(error).__name__}: {error}",
        hint=None if output.manner().debug else debug,
    )


def _of_database(error: Exception) -> SopcError | None:
    if isinstance(error, OverflowError) and "SQLite" in str(error):
        return UsageError("a number is larger than any that a database holds")
    # Importing the library for its exceptions would take longer than most commands.
    if not type(error).__module__.startswith("sqlalchemy."):
        return None
    # Its own words go on with the statement.
    told = str(getattr(error, "orig", None) or error).strip().splitlines() or ["it is gone"]
    return WorkError(
        f"the database cannot be used: {told[0]}",
        hint="check that it is there, is no other program's, and that none holds it",
    )


def _usage(error: Any) -> UsageError:
    context = getattr(error, "ctx", None)
    text = str(error.format_message()).strip().removesuffix(".")
    path = context.command_path if context else "sopc"
    if type(error).__name__ == "NoArgsIsHelpError":
        # The library's message is the whole help page.
        text = f"`{path}` needs a command"
    text = text.replace("Value error, ", "")
    text = re.sub(r"does not match the formats? '%Y-%m-%d'$", "is no day as `2026-01-31`", text)
    instant = "is no time as `2026-01-31` or `2026-01-31T09:00:00`"
    text = re.sub(r"does not match the formats? '%Y-%m-%d', .*", instant, text)
    text, variable = _without_variable(text)
    hint = f"`{path} --help` shows its options"
    if variable is not None:
        hint = f"`{variable}` says it for all commands; {hint}"
    return UsageError(text[:1].lower() + text[1:], hint=hint)


def _without_variable(text: str) -> tuple[str, str | None]:
    """Take the environment variable out that the library tells in brackets."""
    found = re.search(r" \(env var: '(\w+)'\)", text)
    if found is None:
        return text, None
    return text.replace(found[0], ""), found[1]
