"""The rule `invalid-file`, SOP003."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph.problem import Problem
from sopc.rules.rule import file_rule
from sopc.rules.unread import FileKind, UnreadFile


@file_rule("SOP003", "invalid-file", Severity.ERROR)
def invalid_file(file: UnreadFile) -> Iterator[Problem]:
    """A graph file that cannot be read as a graph.

    ## What it does
    Reads the file as YAML, and every value as what the format says it is: keys that the format
    does not know, values of another type, ids that stand twice, a key that is missing. All
    mistakes of the file are told, each with its place. It cannot be ignored or suppressed.

    ## Why it matters
    No other rule can look at the file, and nothing can run it. That nothing else is found in it
    says nothing.

    ## Example
    ```yaml
    format: 1
    id: refunds
    titel: Refunds
    ```

    ## Use instead
    ```yaml
    format: 1
    id: refunds
    title: Refunds
    ```
    `sopc schema` prints the JSON Schema, by which editors check the file while it is written.

    ## Fix safety
    No fix is offered: what was meant is a guess.
    """
    if file.kind is FileKind.GRAPH and not file.unknown_format:
        yield from file.problems
