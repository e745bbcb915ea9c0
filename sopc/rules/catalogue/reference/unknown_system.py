"""The rule `unknown-system`, SOP202."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.context import CheckContext
from sopc.rules.nearest import meant
from sopc.rules.rule import Flaw, rule
from sopc.rules.use import system_uses


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
    No fix is offered: the nearest known name is a guess.
    """
    known = {system.id for system in context.graph.systems}
    for use in system_uses(context):
        if use.id not in known:
            yield Flaw(
                at=use.path,
                message=f"system `{use.id}` is not among the graph's systems",
                about=use.about,
                key=use.id,
                help=meant(use.id, known, kind="system"),
                cite=use.cite,
                step=use.step,
            )
    organization = context.organization
    if organization is None or not organization.systems:
        return
    for index, system in enumerate(context.graph.systems):
        if any(
            organization.system(name) or organization.template(name)
            for name in (system.name, system.id)
        ):
            continue
        near = organization.nearest_system(system.name)
        yield Flaw(
            at=("systems", index, "name"),
            message=f"`{organization.name}` has no system `{system.name}`",
            about=f"systems.{system.id}.name",
            help=f"write `{near}`, or add the system to the organization file"
            if near
            else "add the system to the organization file",
            cite=system.cite,
            says="first named here",
        )
