"""The rule `unreadable-source`, SOP002."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP002", "unreadable-source", Severity.NOTE)
def unreadable_source(context: CheckContext) -> Iterator[Flaw]:
    """The prose behind the graph cannot be read.

    ## What it does
    Looks for the prose at the path that the graph names, relative to the graph file.

    ## Why it matters
    Without the prose nobody can see whether the graph still says what it says: staleness and quotes
    stay unchecked, and findings are shown without the sentence behind them.

    ## Example
    ```yaml
    source:
      path: refunds.md          # moved to another folder
    ```

    ## Use instead
    Keep the prose where the graph says it is, or compile it where it is now.

    ## Fix safety
    No fix is offered. Changing `path` by hand is safe: the SHA-256 beside it tells whether it is
    the same prose.
    """
    source, prose = context.graph.source, context.prose
    if source is None or prose is None or not prose.problem:
        return
    yield Flaw(
        at=("source", "path"),
        message=f"`{source.path}` cannot be read: {prose.problem}",
        about="source.path",
        help="put the prose there, or compile it where it is",
        notes=("quotes were not compared with the prose",),
    )
