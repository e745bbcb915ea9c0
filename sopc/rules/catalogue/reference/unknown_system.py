"""The rule `unknown-system`, SOP202."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.context import CheckContext
from sopc.rules.naming.listing import systems
from sopc.rules.naming.unknown_name import unknown_names, unlisted_ids
from sopc.rules.rule import Flaw, rule


@rule("SOP202", "unknown-system", Severity.ERROR)
def unknown_system(context: CheckContext) -> Iterator[Flaw]:
    """A system that nobody knows.

    ## What it does
    Finds ids that are not in the graph's list of systems and, where there is an organization file
    that lists systems, systems of the graph that it knows by no id, name or alias.

    ## Why it matters
    A step in a system that does not exist cannot be bound, and mostly is a slip of the pen, an old
    name or an invention.

    ## Example
    ```yaml
    systems:
      - id: hubsport
        name: Hubsport
    ```

    ## Use instead
    ```yaml
    systems:
      - id: hubspot
        name: HubSpot
    ```
    Or, if the system is right and new, add it to `organization.yaml`.

    ## Fix safety
    The fix writes the nearest known system, wherever the unknown one is used. It is unsafe, because
    the nearest name is a guess.
    """
    listing = systems(context)
    yield from unlisted_ids(listing)
    yield from unknown_names(listing)
