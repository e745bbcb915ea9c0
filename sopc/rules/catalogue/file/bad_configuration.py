"""The rule `bad-configuration`, SOP005."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph.problem import Problem
from sopc.rules.rule import file_rule
from sopc.rules.unread import FileKind, UnreadFile


@file_rule("SOP005", "bad-configuration", Severity.ERROR)
def bad_configuration(file: UnreadFile) -> Iterator[Problem]:
    """Settings or an organization file that cannot be read.

    ## What it does
    Reads the `[check]` table of `sopc.toml` and the `organization.yaml` that hold for a graph, and
    tells every key that they do not have and every value that cannot be. It cannot be ignored or
    suppressed.

    ## Why it matters
    A setting that is spelt wrong silently does nothing, and without the organization file no role
    and no system is known.

    ## Example
    ```toml
    [check]
    fail_on = "sometimes"
    ```

    ## Use instead
    ```toml
    [check]
    fail-on = "warning"
    ```

    ## Fix safety
    No fix is offered: what was meant is a guess.
    """
    if file.kind is not FileKind.GRAPH:
        yield from file.problems
