"""The command line: one file a verb, imported when it is called."""

import gc


def main() -> None:
    """Run `sopc` with the process's arguments, and exit with its status."""
    # Models and patterns built at import are no garbage; looking for it takes a tenth of the time.
    gc.set_threshold(50_000)

    from sopc.cli.app import app
    from sopc.cli.group import run

    run(app)
