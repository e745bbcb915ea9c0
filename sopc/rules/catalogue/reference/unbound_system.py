"""The rule `unbound-system`, SOP211."""

from collections import Counter
from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import ActionStep, EventTrigger
from sopc.organization import System
from sopc.rules.context import CheckContext
from sopc.rules.naming.listing import systems
from sopc.rules.rule import Flaw, rule


@rule("SOP211", "unbound-system", Severity.NOTE)
def unbound_system(context: CheckContext) -> Iterator[Flaw]:
    """A system that no program reaches yet.

    ## What it does
    Finds systems in which actions are done or events happen and which the organization file lists
    without a `binding`, as soon as it has one for any system. Every system is told once.

    ## Why it matters
    Nothing goes wrong: while a system is not bound, its actions are a person's tracked tasks, and a
    person starts what its events would start. It is worth knowing which systems those are.

    ## Example
    ```yaml
    # organization.yaml
    systems:
      - {id: stripe, name: Stripe}
    ```

    ## Use instead
    ```yaml
    systems:
      - id: stripe
        name: Stripe
        binding: {connector: mcp, settings: {token: "env:STRIPE_TOKEN"}}
    ```

    ## Fix safety
    No fix is offered: the binding stands in the organization file, and only its people know it.
    """
    organization = context.organization
    if organization is None or not any(system.binding for system in organization.systems):
        return
    actions = Counter(
        at.step.system for at in context.steps if isinstance(at.step, ActionStep) and at.step.system
    )
    events = Counter(
        place.trigger.system
        for place in context.triggers
        if isinstance(place.trigger, EventTrigger) and place.trigger.system
    )
    listing = systems(context)
    for index, entry in enumerate(listing.entries):
        system = listing.known(entry)
        if not isinstance(system, System) or system.binding or system.retired(context.today):
            continue
        effects = []
        if actions[entry.id]:
            effects.append(f"{_counted(actions[entry.id], 'action')} will be done by people")
        if events[entry.id]:
            effects.append(f"{_counted(events[entry.id], 'event')} will be told by people")
        if effects:
            yield Flaw(
                at=listing.place(index, "name"),
                message=f"system `{entry.name}` is not bound: " + ", ".join(effects),
                about=f"systems.{entry.id}.binding",
                help=f"give `{system.name}` a `binding` in the organization file",
                cite=entry.cite,
                says="first named here",
            )


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
