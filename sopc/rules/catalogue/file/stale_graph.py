"""The rule `stale-graph`, SOP001."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule


@rule("SOP001", "stale-graph", Severity.ERROR)
def stale_graph(context: CheckContext) -> Iterator[Flaw]:
    """The prose has changed since the graph was compiled from it.

    ## What it does
    Compares the SHA-256 of the prose file with the one that the graph was compiled from.

    ## Why it matters
    The prose is the source. A graph of yesterday's prose runs yesterday's procedure, while people
    read today's; its citations point at the wrong places.

    ## Example
    ```yaml
    source:
      path: refunds.md          # edited after the last compile
      sha256: 9f86d081884c7d65...
    ```

    ## Use instead
    ```sh
    sopc compile refunds.md
    ```
    Passages that did not change cost nothing, and answers that were given are applied again.

    ## Fix safety
    No fix is offered here: compiling again mends it, and is safe for answers. Sign-offs hold for
    the old graph only and are asked for again.
    """
    source, prose = context.graph.source, context.prose
    if source is None or prose is None or prose.sha256 in {None, source.sha256}:
        return
    yield Flaw(
        at=("source", "sha256"),
        message=f"`{source.path}` has changed since this graph was compiled from it",
        about="source.sha256",
        label="the hash of the prose as it was",
        help=f"run `sopc compile {prose.path}`; only what changed is asked about again",
    )
