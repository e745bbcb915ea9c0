"""The rule `retired-system`, SOP210."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.organization import System
from sopc.rules.context import CheckContext
from sopc.rules.naming.listing import systems
from sopc.rules.rule import Flaw, Repair, rule


@rule("SOP210", "retired-system", Severity.ERROR)
def retired_system(context: CheckContext) -> Iterator[Flaw]:
    """A system that is out of use.

    ## What it does
    Finds systems of the graph that are retired by the organization file, and names the one that
    took their place.

    ## Why it matters
    What is to be done in a system that was switched off cannot be done, and what arrives there
    starts nothing.

    ## Example
    ```yaml
    # organization.yaml: {id: freshdesk, name: Freshdesk, to: 2026-01-31, replaced_by: zendesk}
    systems:
      - id: freshdesk
        name: Freshdesk
    ```

    ## Use instead
    ```yaml
    systems:
      - id: zendesk
        name: Zendesk
    ```
    Change the prose as well, or the next compile brings the old name back.

    ## Fix safety
    The fix writes the successor wherever the old system is used. It is unsafe: not everything is
    done in the new system as it was in the old one.
    """
    listing = systems(context)
    organization = context.organization
    for index, entry in enumerate(listing.entries):
        system = listing.known(entry)
        if organization is None or not isinstance(system, System):
            continue
        if not system.retired(context.today):
            continue
        after = organization.successor(system, context.today)
        yield Flaw(
            at=listing.place(index, "name"),
            message=f"system `{entry.name}` is out of use"
            + (f" since its last day, {system.last}" if system.last else ""),
            about=f"systems.{entry.id}.name",
            help=f"write `{after.name}`, which took its place"
            if after
            else "name the system that this is done in now",
            cite=entry.cite,
            says="first named here",
            repair=Repair(f"write `{after.name}`", listing.changed_to(index, after))
            if after
            else None,
        )
