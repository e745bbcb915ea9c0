"""The rule `unknown-format`, SOP004."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph.problem import Problem
from sopc.rules.rule import file_rule
from sopc.rules.unread import FileKind, UnreadFile


@file_rule("SOP004", "unknown-format", Severity.ERROR)
def unknown_format(file: UnreadFile) -> Iterator[Problem]:
    """A graph file of a format that this release does not read.

    ## What it does
    Looks at `format`, the version of the file format: it is there, it is a whole number, and this
    release knows it or knows the way from it to its own. It cannot be ignored or suppressed.

    ## Why it matters
    A newer format may say things that an older program would overlook, so nothing of the file is
    read.

    ## Example
    ```yaml
    format: 99
    id: refunds
    ```

    ## Use instead
    ```yaml
    format: 1
    id: refunds
    ```
    Or upgrade sopc to the release that wrote the file.

    ## Fix safety
    No fix is offered: another number does not make another file.
    """
    if file.kind is FileKind.GRAPH and file.unknown_format:
        yield from file.problems
