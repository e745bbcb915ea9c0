"""The root command: quick, quiet about its insides, and one line per failure."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Annotated, Any

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner

from sopc.cli import group, output
from sopc.cli.app import app
from sopc.cli.group import Verb, VerbGroup
from sopc.errors import UsageError, WorkError

HEAVY = ("openai", "networkx", "rich.markdown", "cel_expr_python", "pydantic", "sopc.graph")
TESTED = "tested"


def _app(function: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """Make an app with one verb, `do`, that runs the function."""
    monkeypatch.setattr(group, "import_module", lambda _: SimpleNamespace(run=function))

    class Verbs(VerbGroup):
        verbs = {"do": Verb("Do it.", TESTED, "run"), "other": Verb("Else.", TESTED, "run")}  # noqa: RUF012

    made = typer.Typer(cls=Verbs, name="sopc", rich_markup_mode=None, add_completion=False)
    made.callback()(lambda: None)
    return made


def test_help_imports_nothing_heavy() -> None:
    """`sopc --help` leaves models, graphs and clients alone, which keeps it under 300 ms."""
    script = (
        "import sys; sys.argv = ['sopc', '--help']\n"
        "from sopc.cli import main\n"
        "try: main()\n"
        f"except SystemExit: print([n for n in {HEAVY} if n in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
    assert "Compile prose into step graphs." in done.stdout


def test_version_is_printed() -> None:
    """`--version` names the program and its version on stdout."""
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout.split()[0]) == (0, "sopc")


def test_without_a_verb_the_help_stands_on_stderr() -> None:
    """Calling nothing is wrong usage, and says what can be called."""
    done = CliRunner().invoke(app, [])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Commands:" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "stderr"),
    [
        (["comple"], "error: `comple` is no command\nhelp: `sopc compile` is the nearest one\n"),
        (
            ["--collor", "never"],
            (
                "error: no such option: --collor (Possible options: --color)\n"
                "help: `sopc --help` shows its options\n"
            ),
        ),
    ],
)
def test_wrong_usage_is_an_error_and_a_help_line(arguments: list[str], stderr: str) -> None:
    """A mistyped verb or flag exits with 2 and names the nearest thing."""
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, done.stderr) == (2, stderr)


@pytest.mark.parametrize(
    ("error", "status", "stderr"),
    [
        (UsageError("no such thing", hint="take another"), 2, "error: no such thing\nhelp: take"),
        (WorkError("the network is away"), 3, "error: the network is away\n"),
        (ModuleNotFoundError("no", name="openai"), 2, "error: `openai` is not installed\nhelp: `p"),
        (FileNotFoundError(2, "No such file", "a.md"), 3, "error: `a.md`: no such file\n"),
        (ValueError("odd"), 3, "error: internal error: ValueError: odd\nhelp: the same command"),
    ],
)
def test_failures_end_as_one_line(
    error: Exception, status: int, stderr: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a verb raises ends as an `error:` line with the status of its kind."""

    def fail() -> None:
        raise error

    done = CliRunner().invoke(_app(fail, monkeypatch), ["do"])
    assert done.exit_code == status
    assert done.stderr.startswith(stderr)
    assert "Traceback" not in done.stderr


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--debug` works after the verb too, and prints where it happened."""

    def fail() -> None:
        raise ValueError("odd")

    done = CliRunner().invoke(_app(fail, monkeypatch), ["do", "--debug"])
    assert "Traceback" in done.stderr


def test_an_interrupt_says_that_answers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C exits with 130 and one line."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    done = CliRunner().invoke(_app(interrupt, monkeypatch), ["do"])
    assert done.exit_code == 130
    assert done.stderr == "interrupted; what the model had answered is cached\n"


def test_flags_are_taken_on_either_side_of_the_verb(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--quiet` before the verb and `--color` after it both count."""
    seen: list[output.Manner] = []
    made = _app(lambda: seen.append(output.manner()), monkeypatch)
    CliRunner().invoke(made, ["--quiet", "do", "--color", "always"])
    assert seen == [output.Manner(color=output.Color.ALWAYS, quiet=True)]


def test_flags_are_taken_after_a_nested_verb(monkeypatch: pytest.MonkeyPatch) -> None:
    """They count wherever they stand, and a flag that the verb has itself stays the verb's."""
    seen: list[object] = []
    nested = typer.Typer()
    nested.callback()(lambda: None)

    @nested.command()
    def leaf(*, quietly: Annotated[bool, typer.Option("--quiet", "-q")] = False) -> None:
        seen.append((quietly, output.manner()))

    made = _app(nested, monkeypatch)
    done = CliRunner().invoke(made, ["do", "--color", "always", "leaf", "--quiet", "--debug"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert seen == [(True, output.Manner(color=output.Color.ALWAYS, debug=True))]


def test_every_verb_takes_the_shared_flags_and_has_a_help_page() -> None:
    """All verbs, nested ones too: they can be imported, and know each flag and no other."""
    verbs = list(_verbs(typer.main.get_command(app), ()))
    assert {("compile",), ("org",), ("org", "init"), ("model", "status")} <= set(verbs)
    for verb in verbs:
        done = CliRunner().invoke(app, [*verb, "--help"])
        assert done.exit_code == 0, verb
        assert f"Usage: sopc {' '.join(verb)} " in done.stdout
        assert "--color" in done.stdout, verb
        given = ["--quiet", "--debug", "--color", "never", "--no-such-flag"]
        done = CliRunner().invoke(app, [*verb, *given])
        told = done.stderr.partition("\n")[0]
        assert (done.exit_code, told) == (2, "error: no such option: --no-such-flag"), verb


def _verbs(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give the words of every verb within a command, groups of verbs among them."""
    if isinstance(command, TyperGroup):
        context = typer.Context(command)
        for name in command.list_commands(context):
            yield (*path, name)
            yield from _verbs(command.get_command(context, name), (*path, name))
