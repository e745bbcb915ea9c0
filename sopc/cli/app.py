"""The verbs of `sopc`, in the order in which people meet them."""

from typing import Annotated

import typer

from sopc import __version__
from sopc.cli import output
from sopc.cli.group import Verb, VerbGroup


class _Verbs(VerbGroup):
    verbs = {  # noqa: RUF012 # never changed
        "init": Verb("Start a folder with an example to compile.", "sopc.cli.init", "init"),
        "compile": Verb("Compile prose into step graphs.", "sopc.cli.compile", "compile_prose"),
        "check": Verb("Check step graphs, without a model.", "sopc.cli.check", "check"),
        "rules": Verb("List the rules of `sopc check`.", "sopc.cli.rules", "rules"),
        "explain": Verb("Explain a rule of `sopc check`.", "sopc.cli.explain", "explain"),
        "show": Verb("Show a step graph as a tree or a chart.", "sopc.cli.show", "show"),
        "ask": Verb("Answer the questions that the prose leaves.", "sopc.cli.ask", "ask"),
        "org": Verb("Look after the organization file.", "sopc.cli.org", "app"),
        "simulate": Verb(
            "Play a procedure through on a virtual clock.", "sopc.cli.simulate", "simulate"
        ),
        "test": Verb("Run scenarios of procedures.", "sopc.cli.test", "run_tests"),
        "schema": Verb("Print the JSON Schema of a file.", "sopc.cli.schema", "schema"),
        "lsp": Verb("Show findings in an editor (a language server).", "sopc.cli.lsp", "lsp"),
        "model": Verb("Look after the model on this machine.", "sopc.cli.model", "app"),
        "sign": Verb("Sign a step graph as it is.", "sopc.cli.sign", "sign"),
        "deploy": Verb(
            "Deploy step graphs: new runs start under them.", "sopc.cli.deploy", "deploy"
        ),
        "procedures": Verb("List what is deployed.", "sopc.cli.deploy", "procedures"),
        "run": Verb("Start a procedure by hand, or for each row of a file.", "sopc.cli.run", "run"),
        "serve": Verb("Take events in and carry runs out.", "sopc.cli.serve", "serve"),
        "deliveries": Verb("List, show and resend what came in.", "sopc.cli.deliveries", "app"),
        "promote": Verb("Let a procedure act further.", "sopc.cli.promote", "promote"),
        "demote": Verb("Let a procedure act less.", "sopc.cli.promote", "demote"),
        "agreement": Verb(
            "Compare what procedures would do with what people do.", "sopc.cli.agreement", "app"
        ),
        "pause": Verb("Stop a procedure, or all of them, at once.", "sopc.cli.pause", "pause"),
        "resume": Verb("Let what was paused go on.", "sopc.cli.pause", "resume"),
        "runs": Verb("List, show, cancel and move runs.", "sopc.cli.runs", "app"),
        "replay": Verb(
            "Replay a run's journal, decision by decision.", "sopc.cli.replay", "replay"
        ),
        "inbox": Verb("List what waits for people, or show one task.", "sopc.cli.inbox", "inbox"),
        "approve": Verb("Approve what a task shows.", "sopc.cli.decide", "approve"),
        "reject": Verb("Reject what a task shows, with a reason.", "sopc.cli.decide", "reject"),
        "done": Verb("Say that a task was done by hand.", "sopc.cli.decide", "done"),
        "answer": Verb("Answer what a task asks.", "sopc.cli.decide", "answer"),
        "delegate": Verb("Give a task to somebody else.", "sopc.cli.decide", "delegate"),
        "journal": Verb("Read, verify and erase what runs did.", "sopc.cli.journal", "app"),
    }


app = typer.Typer(
    cls=_Verbs,
    name="sopc",
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:  # noqa: FBT001 # typer calls it so
    if value:
        output.result(f"sopc {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """Compile plain-English procedures into step graphs that people review and sign.

    Results go to stdout, everything else to stderr. Exit codes: 0 fine, 1 findings, 2 wrong usage,
    3 could not do its work, 4 paused for a person, 130 interrupted.
    """
    del version
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)
