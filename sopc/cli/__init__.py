"""The command line: one file a verb, imported when it is called."""


def main() -> None:
    """Run `sopc` with the process's arguments, and exit with its status."""
    from sopc.cli.app import app
    from sopc.cli.group import run

    run(app)
